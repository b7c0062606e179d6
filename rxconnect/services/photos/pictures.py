"""Makes pictures of an uploaded file, in a process of its own (`decoder`)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import BinaryIO

from rxconnect.domain.errors import PhotoRefused, Unavailable
from rxconnect.domain.photos import PhotoProblem, Size
from rxconnect.services.processes import confined

_DECODER = "rxconnect.services.photos.decoder"
# Seconds. The process has a limit on its own computing time as well; a busy machine may make it wait.
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Pictures:
    """The JPEGs of a photo by size. `width` and `height` are those of the view."""

    files: dict[Size, bytes]
    width: int
    height: int


def make_pictures(file: BinaryIO) -> Pictures:
    """Make the pictures of an uploaded file. Raises `PhotoRefused`, and `Unavailable` when the disk is full."""
    with tempfile.TemporaryFile() as scratch:
        ended = confined.run(_DECODER, source=file, scratch=scratch, seconds=_PATIENCE)
        if ended.verdict is None:
            raise PhotoRefused(PhotoProblem.TOO_HARD if ended.is_out_of_time else PhotoProblem.DAMAGED)
        if full := ended.verdict.get("full"):
            raise Unavailable(f"a photo cannot be prepared: {full}")
        if refused := ended.verdict.get("refused"):
            raise PhotoRefused(PhotoProblem(refused))
        made = {
            Size(size): (scratch.read(length), width, height)
            for size, length, width, height in ended.verdict["pictures"]
        }
    _content, width, height = made[Size.VIEW]
    return Pictures({size: content for size, (content, _width, _height) in made.items()}, width, height)
