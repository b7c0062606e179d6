"""A push service of our own on this machine: it checks our token, and a browser's half decrypts what came.

Both halves are made of other code than ours: `py_vapid` verifies, and `http_ece` decrypts. No real push service is ever reached.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import ssl
from ipaddress import ip_address
from pathlib import Path

import http_ece
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from py_vapid import Vapid02

from rxconnect.services.push.push_services import PushServices


def to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    """A browser's half of a subscription."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"sixteen bytes ok"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.keys = {"p256dh": to_text(point), "auth": to_text(self.auth)}

    def read(self, body: bytes) -> dict[str, str]:
        """What the service worker would show."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


class Receiver:
    """A push service over https. `answers` gives the status of each path; 201 for others."""

    def __init__(self, folder: Path):
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, int] = {}
        self.folder, self.port = folder, 0

    async def __aenter__(self) -> Receiver:
        certificate, key = _certificate(self.folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._trusted = ssl.create_default_context(cafile=certificate)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def services(self) -> PushServices:
        """The table of hosts with this receiver in it."""
        return PushServices(hosts=("localhost",), ports=(self.port,), may_be_private=True, trusted=self._trusted)

    def browser(self, path: str = "/push/1") -> Browser:
        """A browser that is subscribed here."""
        return Browser(f"https://localhost:{self.port}{path}")

    def verifies(self, headers: dict[str, str]) -> bool:
        """Whether `py_vapid` takes our token for signed, for this service, and still valid."""
        return Vapid02.verify(auth=headers["authorization"])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = head[0].split(" ")[1]
        self.posts.append((path, headers, body))
        status = self.answers.get(path, 201)
        more = f"Location: https://localhost:{self.port}/elsewhere\r\n" if 300 <= status < 400 else ""
        writer.write(f"HTTP/1.1 {status} X\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


def _certificate(folder: Path) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(encoding))
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return str(folder / "certificate.pem"), str(folder / "key.pem")
