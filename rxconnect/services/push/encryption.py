"""Encrypts a push for one browser (RFC 8291, RFC 8188), and signs our requests to its push service (VAPID, RFC 8292).

`pywebpush` would do both, and brings aiohttp, requests and a package without a wheel (`docs/decisions/0067-*`). Tests compare
with it, and with the example of RFC 8291.
"""

from __future__ import annotations

import base64
import json
import secrets
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
# Bytes. Every push is padded to this size, so that its length says nothing to the push service.
PADDED_TO = 1024
_RECORD = 4096


def encrypt(
    plain: bytes,
    browser_key: bytes,
    auth: bytes,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
    padded_to: int = PADDED_TO,
) -> bytes:
    """The body of a push with the encoding `aes128gcm`. `browser_key` and `auth` are the subscription's keys.

    `key` and `salt` are made anew for each push; only the example of RFC 8291 gives them. Raises `ValueError` for a `browser_key`
    that is no point of the curve.
    """
    ours, salt = key or ec.generate_private_key(_CURVE), salt or secrets.token_bytes(16)
    public = public_bytes(ours)
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, browser_key))
    secret = _derive(shared, auth, b"WebPush: info\0" + browser_key + public, 32)
    content_key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    # The byte 2 ends the last record; zeros after it are padding.
    record = (plain + b"\x02").ljust(padded_to, b"\0")
    header = salt + struct.pack("!IB", _RECORD, len(public)) + public
    return header + AESGCM(content_key).encrypt(nonce, record, None)


def authorization(key: ec.EllipticCurvePrivateKey, claims: dict[str, str | int]) -> str:
    """The header `Authorization` of a request to a push service: our public key, and a token that we sign (ES256)."""
    header = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(to_text(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"vapid t={signed}.{to_text(signature)},k={to_text(public_bytes(key))}"


def is_point(browser_key: bytes) -> bool:
    """Whether these bytes are a point of the curve, as a browser's key must be."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, browser_key)
    except ValueError:
        return False
    return len(browser_key) == 65


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key as 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_text(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    """The bytes of base64url, with or without padding. Raises `ValueError`."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
