"""Pictures for tests, drawn by code, and browsers' uploads of them."""

from __future__ import annotations

import base64
import io
import secrets
import tempfile

from PIL import Image

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.photos import PhotoView
from rxconnect.services.messages import drafts
from rxconnect.services.photos import uploads

# A picture of 64 × 48 as HEIC, with a place in its EXIF: "Quillfeather Lane 7". Pillow cannot write one.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAAAAAERA"
    "AAIAAQAAAAAB4gABAAAAAAAAADIAAgAAAAACFAABAAAAAAAAAIYAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQAC"
    "AABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAA"
    "AAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaA"
    "AAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAA"
    "AAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAwG1kYXQAAAAuKAGvWPkU52HcH16yoHwy8cw1P/NPwjad7a2plPiv/vAh7iN2"
    "CaEbWK9/HyjRwAAAAAZFeGlmAABNTQAqAAAACAADAQ4AAgAAABQAAAAyARIAAwAAAAEABgAAiCUABAAAAAEAAABGAAAAAFF1aWxsZmVhdGhlciBMYW5l"
    "IDcAAAIAAQACAAAAAk4AAAAAAgAFAAAAAwAAAGQAAAAAAAAALgAAAAEAAAADAAAAAQAAADQAAAAB"
)


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is bright and whose upper half is red, so that one sees how it was turned."""
    drawn = Image.new("RGB", (width, height), (40, 60, 90))
    drawn.paste((230, 60, 60), (0, 0, width, height // 2))
    drawn.paste((255, 200, 200), (0, 0, width // 2, height // 2))
    return drawn.convert(mode)


def encoded(form: str = "JPEG", drawn: Image.Image | None = None, **options: object) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    (drawn or picture()).save(file, form, **options)
    return file.getvalue()


def add_photo(writer: Actor, draft_id: int, content: bytes | None = None, *, key: str = "") -> PhotoView:
    """Upload a picture for a draft, as the route does."""
    content = encoded() if content is None else content
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return uploads.upload(writer, draft_id, key or secrets.token_hex(16), file, size=len(content))


def draft_with_photos(writer: Actor, contact_id: int, count: int, body: str = "We miss you.") -> int:
    """A draft that can be sent, with photos."""
    draft_id = db.write(drafts.get_or_create_empty, writer, contact_id)
    db.write(drafts.save, writer, draft_id, subject="Pictures", body=body)
    for _ in range(count):
        add_photo(writer, draft_id)
    return draft_id
