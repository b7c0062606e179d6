"""Talks to push services: only to known hosts, over https, at public addresses, and without following redirects.

A browser names the address that we post to. Without these checks, anybody could make us post to a machine of our own network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

import httpx

from rxconnect.domain.push import PUSH_HOSTS

# Seconds. A service that does not answer in time is tried again later.
_PATIENCE = 10.0
_GONE = (404, 410)
_LATER = 429


class Answer(Enum):
    """What a push service said."""

    TAKEN = auto()
    GONE = auto()
    LATER = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class PushServices:
    """The push services that we post to. Tests post to a receiver on this machine, with a certificate of its own."""

    hosts: tuple[str, ...] = PUSH_HOSTS
    ports: tuple[int, ...] = (443,)
    may_be_private: bool = False
    trusted: ssl.SSLContext | None = None

    def knows(self, endpoint: str) -> bool:
        """Whether an address belongs to a known push service. `*.` in the table stands for any number of names."""
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError:
            return False
        is_plain = parts.username is None and parts.password is None and not parts.fragment and endpoint.isascii()
        is_known = any(host.endswith(known[1:]) if known.startswith("*.") else host == known for known in self.hosts)
        return parts.scheme == "https" and is_plain and is_known and port in self.ports

    async def post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post a push. The connection goes to the very address that was checked."""
        if not self.knows(endpoint):
            return Answer.GONE
        url = httpx.URL(endpoint)
        try:
            address = await self._address(url.host, url.port or 443)
            async with httpx.AsyncClient(
                verify=self.trusted or True, follow_redirects=False, trust_env=False, timeout=_PATIENCE
            ) as client:
                request = client.build_request(
                    "POST",
                    url.copy_with(host=address),
                    content=body,
                    headers=headers | {"Host": url.netloc.decode()},
                    # The certificate must be that of the name, although we connect to a number.
                    extensions={"sni_hostname": url.host},
                )
                # The answer's body is never read.
                response = await client.send(request, stream=True)
                await response.aclose()
        except (httpx.TransportError, OSError):
            return Answer.LATER
        return _answer(response.status_code)

    async def _address(self, host: str, port: int) -> str:
        """The first address of a host. Raises `OSError` when one of its addresses is not public."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not self.may_be_private and not all(ipaddress.ip_address(one).is_global for one in addresses):
            raise OSError(f"{host} is not at a public address")
        return addresses[0]


def _answer(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer.TAKEN
    if status in _GONE:
        return Answer.GONE
    return Answer.LATER if status == _LATER or status >= 500 else Answer.REFUSED


KNOWN = PushServices()
