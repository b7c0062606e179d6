"""The installation's own key for pushes, which browsers are subscribed to. `rxconnect push keys` makes it.

It is the setting `PUSH_KEY`, or else the file `push-key` in the data directory: 32 bytes as base64url. Another key makes every
subscription useless, so it is never replaced by itself.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec

from rxconnect import world
from rxconnect.config import settings
from rxconnect.services.push.encryption import public_bytes, to_bytes, to_text

_FILE = "push-key"


def private_key() -> ec.EllipticCurvePrivateKey | None:
    """The key of the installation; None if none was made. Demo sessions have none: nothing of theirs leaves the house."""
    if not world.current().is_own:
        return None
    text = settings().push_key or _kept()
    return ec.derive_private_key(int.from_bytes(to_bytes(text), "big"), ec.SECP256R1()) if text else None


def public_key() -> str:
    """The public half, as browsers want it; "" if there is no key."""
    key = private_key()
    return to_text(public_bytes(key)) if key else ""


def make() -> bool:
    """Make a key and keep it in the data directory. False if there was one already."""
    if private_key() is not None:
        return False
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Two commands at once must not leave half of each: the second finds the file.
    try:
        file = os.open(settings().data_dir / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(file, "w") as written:
        written.write(to_text(number.to_bytes(32, "big")))
    return True


def secret() -> str:
    """The private key as text, for the setting `PUSH_KEY` of other machines; "" if there is none."""
    return settings().push_key or _kept()


def _kept() -> str:
    file = settings().data_dir / _FILE
    return file.read_text().strip() if file.exists() else ""
