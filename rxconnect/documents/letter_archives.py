"""A conversation as an archive: each letter as a text, its photos, and a manifest for programs with the hash of each file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rxconnect.domain.errors import NotFound
from rxconnect.domain.letter_exports import ExportedLetter
from rxconnect.domain.photos import Size
from rxconnect.i18n import _
from rxconnect.services.photos import storage

# The earliest time that an archive can hold.
_FIRST_YEAR = 1980


class _Pipe:
    """A file for `zipfile` that hands on what was written since. It cannot be read or rewound."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: the parts are handed on after each file."""

    def close(self) -> None:
        """Nothing to do."""

    def take(self) -> bytes:
        """What was written since the last call."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def letter_archive(letters: Iterable[ExportedLetter]) -> Iterator[bytes]:
    """The parts of the archive, one file after the other, so that a long one needs little memory.

    A photo whose file is gone has none in the manifest. Raises `Unavailable` when the photos cannot be read now.
    """
    pipe, listed = _Pipe(), list[dict[str, Any]]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, letter in enumerate(letters, start=1):
            at = datetime.fromisoformat(letter.message.at_iso)
            text = _as_text(letter).encode()
            listed.append(_described(letter) | _add(archive, f"letters/{place:04}.txt", text, at))
            yield pipe.take()
            photos = listed[-1]["photos"] = []
            for number, photo in enumerate(letter.photos, start=1):
                found = {"caption": photo.caption, "file": None}
                try:
                    content = storage.read(photo.store, Size.FULL)
                except NotFound:
                    photos.append(found)
                    continue
                photos.append(found | _add(archive, f"photos/{place:04}-{number}.jpg", content, at))
                yield pipe.take()
        manifest = json.dumps({"letters": listed}, ensure_ascii=False, indent=1)
        archive.writestr(_entry("manifest.json", datetime(_FIRST_YEAR, 1, 1)), manifest)  # noqa: DTZ001 - no real time
    yield pipe.take()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> dict[str, str]:
    archive.writestr(_entry(name, at), content, None if name.endswith(".txt") else zipfile.ZIP_STORED)
    return {"file": name, "sha256": hashlib.sha256(content).hexdigest()}


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, max(at.timetuple()[:6], (_FIRST_YEAR, 1, 1, 0, 0, 0)))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _as_text(letter: ExportedLetter) -> str:
    """The letter as somebody reads it, with line breaks that every program knows."""
    message = letter.message
    head = [
        _("From {sender} to {recipient}").format(sender=message.from_name, recipient=message.to_name),
        message.at,
        *([message.subject] if message.subject else []),
        *([f"{message.status_label} · {message.cost}"] if message.status_label else []),
    ]
    return "\r\n".join(["\r\n".join(head), "", message.body.replace("\n", "\r\n"), ""])


def _described(letter: ExportedLetter) -> dict[str, Any]:
    """The letter for a program. Its names are not translated."""
    message = letter.message
    return {
        "id": message.id,
        "direction": message.direction,
        "from": message.from_name,
        "to": message.to_name,
        "sent_at": message.at_iso,
        "subject": message.subject,
        "status": message.status,
        "credits": message.cost_credits,
        "is_privileged": message.is_privileged,
    }
