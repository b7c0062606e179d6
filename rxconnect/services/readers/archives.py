"""Runs in the process of `converter`: unpacks gzip and zip files, and hands workbooks to their readers."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.kinds import SAVE_AS_CSV
from rxconnect.services.files.notes import Notes
from rxconnect.services.readers import ods, xlsx

_CHUNK = 1024**2
_SHOWN = 5
# Text shrinks to a tenth, and sheets of equal rows to a hundredth. A bomb shrinks to a thousandth.
_LARGEST, _HARMLESS, _MOST_RATIO = 2 * 1024**3, 32 * 1024**2, 250  # bytes, bytes, times
_BESIDES = ("__macosx", "thumbs.db", "desktop.ini")
# Kinds of files that explain a table beside them.
_TEXTS = frozenset([".txt", ".md", ".rtf", ".pdf", ".doc", ".docx", ".htm", ".html"])


class Unpacked:
    """A compressed stream that raises `BadFile` when it becomes unlikely large."""

    def __init__(self, name: str, stream: IO[bytes] | gzip.GzipFile, packed: int):
        self._name, self._stream, self._packed, self._size = name, stream, max(packed, 1), 0

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes, at most a megabyte."""
        chunk = self._stream.read(min(size, _CHUNK) if size > 0 else _CHUNK)
        self._size += len(chunk)
        if self._size > _LARGEST or (self._size > _HARMLESS and self._size > _MOST_RATIO * self._packed):
            raise BadFile(
                "{name} is far larger when it is unpacked than a table is, so nothing was changed.", name=self._name
            )
        return chunk


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Unpack the one file that is inside, or read the workbook."""
    if source.read(2) == b"\x1f\x8b":
        size = source.seek(0, 2)
        source.seek(0)
        try:
            _copy(Unpacked(name, gzip.GzipFile(fileobj=source), size), scratch)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise BadFile("{name} is cut off or damaged, so nothing was changed; get it again.", name=name) from None
        return "bytes"
    try:
        with zipfile.ZipFile(source) as archive:
            return _convert_zip(name, archive, scratch, notes)
    except (zipfile.BadZipFile, EOFError, zlib.error):
        raise BadFile("{name} is cut off or damaged, so nothing was changed; get it again.", name=name) from None
    except NotImplementedError:
        raise BadFile(
            "{name} is packed in a way that we do not read; use gzip or an ordinary zip.", name=name
        ) from None


def _convert_zip(name: str, archive: zipfile.ZipFile, scratch: BinaryIO, notes: Notes) -> str:
    inside = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}

    def unpacked(member: str) -> Unpacked | None:
        entry = inside.get(member)
        return Unpacked(name, archive.open(entry), entry.compress_size) if entry else None

    for reader in (xlsx, ods):
        if reader.is_workbook(inside.keys()):
            _refuse_encrypted(name, inside.values())
            reader.convert(name, unpacked, scratch, notes)
            return "csv"
    if "xl/workbook.bin" in inside:
        raise BadFile("{name} is a workbook in Excel's binary form; {save}", name=name, save=SAVE_AS_CSV)
    if {"[Content_Types].xml", "Index/Document.iwa"} & inside.keys():
        raise BadFile("{name} is a document of another kind; {save}", name=name, save=SAVE_AS_CSV)
    return _unpack_only_member(name, inside, unpacked, scratch, notes)


def _unpack_only_member(
    name: str,
    inside: dict[str, zipfile.ZipInfo],
    unpacked: Callable[[str], Unpacked | None],
    scratch: BinaryIO,
    notes: Notes,
) -> str:
    wanted = [member for member in inside if not _is_besides(member)]
    texts = [member for member in wanted if PurePosixPath(member).suffix.casefold() in _TEXTS]
    if len(wanted) == len(texts) + 1 > 1:
        notes.append(Sentence("Passed over in the archive: {texts}.", texts=[text[:60] for text in texts[:_SHOWN]]))
        wanted = [member for member in wanted if member not in texts]
    if not wanted:
        raise BadFile("{name} is an empty archive.", name=name)
    if len(wanted) > 1:
        raise BadFile(
            "{name} holds {files} files; unpack it and import the one with the list.", name=name, files=len(wanted)
        )
    _refuse_encrypted(name, [inside[wanted[0]]])
    stream = unpacked(wanted[0])
    assert stream is not None
    _copy(stream, scratch)
    return "bytes"


def _is_besides(member: str) -> bool:
    """Whether it is one of the files that systems put beside what was packed."""
    return any(part.casefold() in _BESIDES or part.startswith(".") for part in member.split("/"))


def _refuse_encrypted(name: str, entries: Iterable[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile("{name} is protected by a password; save it without one.", name=name)


def _copy(stream: Unpacked, scratch: BinaryIO) -> None:
    while chunk := stream.read():
        scratch.write(chunk)
