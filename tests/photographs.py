"""Pictures for tests, drawn by code, and browsers' uploads of them."""

from __future__ import annotations

import io
import secrets
import tempfile

from PIL import Image

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.photos import PhotoView
from rxconnect.services.messages import drafts
from rxconnect.services.photos import uploads


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
