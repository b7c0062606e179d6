"""A passkey without a browser: it makes credentials and signs challenges as an authenticator does (WebAuthn, ES256)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _VERIFIED, _WITH_CREDENTIAL = 0x01, 0x04, 0x40


class Authenticator:
    """One passkey for one site. Its `count` stays at 0, as that of most real ones does."""

    def __init__(self, origin: str = "http://localhost:8000", site: str = "localhost", *, verifies: bool = True):
        self.id = secrets.token_bytes(16)
        self.count = 0
        self._origin, self._site = origin, hashlib.sha256(site.encode()).digest()
        self._flags = _PRESENT | (_VERIFIED if verifies else 0)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        """What a browser answers to registration options, as JSON."""
        client = self._client_data("webauthn.create", options)
        point = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(_WITH_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": text(client), "attestationObject": text(attestation)})

    def sign(self, options: str) -> str:
        """What a browser answers to request options, as JSON."""
        client = self._client_data("webauthn.get", options)
        data = self._data()
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        return self._answer(parts)

    def _client_data(self, kind: str, options: str) -> bytes:
        given = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self._origin}
        return json.dumps(given).encode()

    def _data(self, more: int = 0) -> bytes:
        return self._site + bytes([self._flags | more]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})


def text(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
