"""Runs in the process of `converter`: reads XML piece by piece, and refuses the kinds of XML that are attacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn, Protocol
from xml.parsers import expat

from rxconnect.domain.errors import BadFile

_CHUNK = 256 * 1024
_LONGEST_TEXT = 512 * 1024  # characters
_LONGEST_TAG = 8 * 1024**2  # bytes


class Stream(Protocol):
    """Anything to read bytes from."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes."""
        ...


class _LocalNames(dict[str, str]):
    """The names of elements without their prefix, by the whole name. Hot: one look-up for each tag of a sheet."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(":")[2]
        if len(self) > 1_000:
            self.clear()
        return name.rpartition(":")[2]


LOCAL = _LocalNames()


class Text:
    """The text of the current element, which expat hands over in pieces. Raises `BadFile` when it is too long."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self.is_wanted = False

    def begin(self) -> None:
        """Forget the text so far. What follows is kept while `is_wanted`."""
        self._pieces.clear()
        self._size, self.is_wanted = 0, False

    def add(self, text: str) -> None:
        """Keep a piece."""
        if self.is_wanted:
            self._pieces.append(text)
            self._size += len(text)
            if self._size > _LONGEST_TEXT:
                raise BadFile("A cell is too long to be part of a table, so nothing was changed.")

    def take(self) -> str:
        """The whole text, which is forgotten."""
        if not self._pieces:
            return ""
        text = "".join(self._pieces)
        self.begin()
        return text


def parse(
    name: str,
    part: Stream,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
    *,
    encoding: str | None = None,
) -> Iterator[None]:
    """Call `start`, `end` (with the names as written; see `LOCAL`) and `text`. Yields after every piece, to hand on what was found.

    `encoding` is that of the bytes, whatever the document says. Raises `BadFile` for XML that is not well formed or declares entities.
    """
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = lambda *_given: _refuse_declarations(name)
    parser.EntityDeclHandler = lambda *_given: _refuse_declarations(name)
    try:
        read = 0
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            read += len(chunk)
            # Expat looks through an unfinished tag from its beginning with each piece.
            if read - max(parser.CurrentByteIndex, 0) > _LONGEST_TAG:
                raise BadFile("{name} has a tag or comment that is far too long, so nothing was changed.", name=name)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from None
        raise BadFile(
            "{name} is damaged (its XML breaks off or is wrong), so nothing was changed.", name=name
        ) from None
    yield


def _refuse_declarations(name: str) -> NoReturn:
    raise BadFile("{name} declares XML entities, which no spreadsheet does, so nothing was changed.", name=name)
