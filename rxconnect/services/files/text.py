"""Opens an import file as text: checks that it is text, and converts it to UTF-8 from other encodings."""

from __future__ import annotations

import codecs
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import N_
from rxconnect.services.files import mojibake
from rxconnect.services.files.kinds import SAVE_AS_CSV

_LARGEST = 2 * 1024**3  # bytes; two million people take about 300 MB
_CHUNK = 1024**2
# Bytes that no text file contains, except in UTF-16.
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
# DOS ended a text with this byte, and some programs fill the last block with it. Nothing comes after it.
_END_MARK = b"\x1a"
_BLOCK = 4096
# The mark of another file that was put behind this one. If that one did not end its last line, the mark stands in the middle.
_MARK = "\ufeff"
_MARK_BEFORE_HEADER = re.compile(r"(?<=[^\n])\ufeff(?=[^\n0-9,;\t|]*[,;\t|][^\n0-9,;\t|]*[,;\t|])")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_UTF_8 = {
    "cp1252": N_(
        "The file is not UTF-8, so it was read as Windows-1252, as older spreadsheets write it. Check the accents."
    ),
    "cp850": N_("The file is not UTF-8, so it was read as programs for DOS wrote it. Check the accents."),
}
# Behind a letter, ü é É í ó ú ñ and Ñ of DOS, which are signs in Windows-1252; and what is a letter there.
_LETTER_OF_DOS = re.compile(rb"(?<=[A-Za-z])[\x81\x82\x90\xa1-\xa5]")
_LETTER_OF_WINDOWS = re.compile(rb"(?<=[A-Za-z])[\xc0-\xff]")


class _Encoding(NamedTuple):
    """How a file is encoded. UTF-8 that needs no conversion is read as it lies on the disk."""

    name: str
    needs_conversion: bool


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file of any kind. Raises `BadFile` when there is none, or it is too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BadFile(
                N_("{path} is a folder.") if stat.S_ISDIR(found.st_mode) else N_("{path} is not a file."),
                path=str(path),
            )
        if found.st_size > _LARGEST:
            raise BadFile(
                "{name} is larger than {most} GB; split it into smaller files.",
                name=path.name,
                most=_LARGEST // 1024**3,
            )
        file = path.open("rb")
    except OSError as error:
        raise BadFile("{path} cannot be read: {why}.", path=str(path), why=(error.strerror or "").lower()) from None
    with file:
        yield file


@contextmanager
def as_utf_8(name: str, raw: BinaryIO, notes: list[Sentence]) -> Iterator[BinaryIO]:
    """The file itself, or a nameless temporary copy in UTF-8 with our line ends. Adds `notes` on how it was read.

    The whole file is checked first, a megabyte at a time, so that nothing is stored from a file that is not text. Raises
    `BadFile`.
    """
    encoding = _encoding(name, raw)
    if not encoding.needs_conversion:
        yield raw
        return
    if told := _NOT_UTF_8.get(encoding.name):
        notes.append(Sentence(told))
    with tempfile.TemporaryFile() as copy:
        _convert(name, raw, encoding.name, copy, notes)
        if (end := _end_of_text(copy)) < os.fstat(copy.fileno()).st_size:
            copy.truncate(end)
            copy.seek(end)
            copy.write(b"\n")
            copy.flush()
        for chunk in _chunks(copy):
            _refuse_control_characters(name, chunk)
        yield copy


def _convert(name: str, raw: BinaryIO, encoding: str, copy: BinaryIO, notes: list[Sentence]) -> None:
    os.lseek(raw.fileno(), 0, os.SEEK_SET)
    misread: dict[str, str] = {}
    try:
        with open(os.dup(raw.fileno()), encoding=encoding, newline=None) as decoded:
            while some := decoded.read(_CHUNK):
                some += decoded.readline(_CHUNK)  # a misread letter must not fall between two pieces
                good = mojibake.repaired(some)
                if _MARK in some:
                    some = good = _MARK_BEFORE_HEADER.sub("\n", good).replace(_MARK, "")
                if good != some and len(misread) < 10:
                    misread |= mojibake.misread_words(some)
                copy.write(good.encode())
    except UnicodeError:
        raise BadFile("{name} is in an unknown encoding; {save}", name=name, save=SAVE_AS_CSV) from None
    copy.flush()
    if misread:
        notes.append(mojibake.note(misread))


def _encoding(name: str, raw: BinaryIO) -> _Encoding:
    head = os.pread(raw.fileno(), _CHUNK, 0)
    if utf_16 := _utf_16(head):
        return _Encoding(utf_16, True)
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8, is_suspect, of_dos, end = True, False, 0, _end_of_text(raw)
    for place, chunk in enumerate(_chunks(raw, end)):
        _refuse_control_characters(name, chunk)
        if not is_suspect and not chunk.isascii():
            has_mark_inside = codecs.BOM_UTF8 in (chunk[len(codecs.BOM_UTF8) :] if place == 0 else chunk)
            is_suspect = has_mark_inside or mojibake.SUSPECT.search(chunk) is not None
        try:
            decoder.decode(chunk if is_utf_8 else b"")
        except UnicodeDecodeError:
            is_utf_8 = False
        if not is_utf_8:
            of_dos += _LETTER_OF_DOS.subn(b"", chunk)[1] - _LETTER_OF_WINDOWS.subn(b"", chunk)[1]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf_8 = False
    if not is_utf_8:
        return _Encoding("cp850" if of_dos > 0 else "cp1252", True)
    ends_lines_with_cr = b"\r" in head and b"\n" not in head
    return _Encoding("utf-8-sig", ends_lines_with_cr or is_suspect or end < os.fstat(raw.fileno()).st_size)


def _utf_16(head: bytes) -> str:
    """The kind of UTF-16, with or without its mark; "" if it is none. Databases export it without a mark."""
    if head.startswith(_UTF_16):
        return "utf-16"
    sample = head[:2_000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[first::2].count(0) > len(sample) // 3 and 0 not in sample[1 - first :: 2]:
            return encoding
    return ""


def _end_of_text(file: BinaryIO) -> int:
    """The size of a file in bytes, without the end mark of DOS and what fills its block."""
    size = os.fstat(file.fileno()).st_size
    block = os.pread(file.fileno(), _BLOCK, max(0, size - _BLOCK))
    text = block.rstrip(b"\x1a\x00\r\n ")
    rest = block[len(text) :]
    return size - len(rest) + rest.index(_END_MARK) if _END_MARK in rest else size


def _chunks(file: BinaryIO, end: int = _LARGEST) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(min(_CHUNK, end - file.tell())):
        yield chunk


def _refuse_control_characters(name: str, chunk: bytes) -> None:
    if len(chunk.translate(None, _CONTROL)) != len(chunk):
        raise BadFile("{name} is not a text file; {save}", name=name, save=SAVE_AS_CSV)
