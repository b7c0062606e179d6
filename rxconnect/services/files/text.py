"""Opens an import file as text: checks that it is text, and converts it to UTF-8 from other encodings."""

from __future__ import annotations

import codecs
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rxconnect.domain.errors import BadFile

_LARGEST = 2 * 1024**3  # bytes; two million people take about 300 MB
_CHUNK = 1024**2
# Bytes that no text file contains, except in UTF-16.
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_UTF_8 = "The file is not UTF-8, so it was read as Windows-1252, as older spreadsheets write it. Check the accents."
_SAVE_AS_CSV = "save the sheet as CSV (UTF-8) and import that."
# The first bytes of well-known kinds of files, and the sentence about each.
_OTHER_KINDS = (
    (b"PK\x03\x04", f"is a workbook or an archive, not a text file; {_SAVE_AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", f"is a workbook, not a text file; {_SAVE_AS_CSV}"),
    (b"%PDF", "is a PDF, not a table; ask for the list as CSV."),
    (b"\x1f\x8b", "is compressed; unpack it and import what was in it."),
)


@contextmanager
def open_text(path: Path) -> Iterator[tuple[BinaryIO, list[str]]]:
    """Open the file as UTF-8, with or without a byte order mark, and with notes on how it was read. Raises `BadFile`.

    The whole file is checked first, a megabyte at a time, so that nothing is stored from a file that is not text.
    """
    with _open_bytes(path) as raw, _as_utf_8(path.name, raw) as opened:
        yield opened


@contextmanager
def _open_bytes(path: Path) -> Iterator[BinaryIO]:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BadFile(f"{path} is {'a folder' if stat.S_ISDIR(found.st_mode) else 'not a file'}.")
        if found.st_size > _LARGEST:
            raise BadFile(f"{path.name} is larger than {_LARGEST // 1024**3} GB; split it into smaller files.")
        file = path.open("rb")
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    with file:
        yield file


@contextmanager
def _as_utf_8(name: str, raw: BinaryIO) -> Iterator[tuple[BinaryIO, list[str]]]:
    """The file itself, or a nameless temporary copy in UTF-8 with our line ends, and notes."""
    encoding, notes = _encoding(name, raw)
    if encoding == "utf-8":
        yield raw, notes
        return
    with tempfile.TemporaryFile() as copy:
        os.lseek(raw.fileno(), 0, os.SEEK_SET)
        try:
            with open(os.dup(raw.fileno()), encoding=encoding, newline=None) as decoded:
                while some := decoded.read(_CHUNK):
                    copy.write(some.encode())
        except UnicodeError:
            raise BadFile(f"{name} is in an unknown encoding; {_SAVE_AS_CSV}") from None
        copy.flush()
        for chunk in _chunks(copy):
            _refuse_control_characters(name, chunk)
        yield copy, notes


def _encoding(name: str, raw: BinaryIO) -> tuple[str, list[str]]:
    """The file's encoding, "utf-8" when no conversion is needed, and a note when the encoding was guessed."""
    head = os.pread(raw.fileno(), _CHUNK, 0)
    for beginning, reason in _OTHER_KINDS:
        if head.startswith(beginning):
            raise BadFile(f"{name} {reason}")
    if head.startswith(_UTF_16):
        return "utf-16", []
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8 = True
    for chunk in _chunks(raw):
        _refuse_control_characters(name, chunk)
        try:
            decoder.decode(chunk if is_utf_8 else b"")
        except UnicodeDecodeError:
            is_utf_8 = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf_8 = False
    if not is_utf_8:
        return "cp1252", [_NOT_UTF_8]
    ends_lines_with_cr = b"\r" in head and b"\n" not in head
    return "utf-8-sig" if ends_lines_with_cr else "utf-8", []


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _refuse_control_characters(name: str, chunk: bytes) -> None:
    if len(chunk.translate(None, _CONTROL)) != len(chunk):
        raise BadFile(f"{name} is not a text file; {_SAVE_AS_CSV}")
