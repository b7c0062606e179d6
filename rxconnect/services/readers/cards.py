"""Runs in the process of `converter`: reads web pages with a card, a list of terms or a small table for each person."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TextIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.labels import pairs_in
from rxconnect.services.readers.records import HEADING, Event, Records
from rxconnect.services.shapes.headers import meaning_of

_CHUNK = 64 * 1024  # characters
_LONGEST_TAG, _LONGEST_TEXT, _LONGEST_LABEL = 1024**2, 32_767, 60  # characters
_MOST_CELLS = 1_000
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption"])
_INLINE_TEXT = "a abbr b big em font i img input mark small span strong sub sup time u wbr"
_INLINE = frozenset(_INLINE_TEXT.split())
_ENDS = frozenset(["dl", "table", "hr", "article", "section", "fieldset"])
_UNSEEN = frozenset(["script", "style", "select", "noscript", "title", "nav", "footer"])
_LABELS = frozenset(["dt", "label"])
_LABEL_CLASS = re.compile(r"(?:^|[\s_-])(?:label|lbl|key|term|field-?name|caption)(?:$|[\s_-])", re.IGNORECASE)


def write(name: str, text: TextIO, written: TextIO, notes: list[Sentence]) -> str:
    """Write the people of a page, one a line. "text" if there are none, and nothing is written."""
    page = _Page(Records(written, keeps_lines=False))
    while chunk := text.read(_CHUNK):
        page.feed(chunk)
        if len(page.rawdata) > _LONGEST_TAG:
            raise BadFile("{name} has a tag or comment that is far too long, so nothing was changed.", name=name)
    page.close()
    page.end_text()
    return page.records.finish(notes)


class _Page(HTMLParser):
    """Hands the labels and values of a page to `records`, in its order."""

    def __init__(self, records: Records):
        super().__init__()
        self.records = records
        self._pieces: list[str] = []
        self._size = self._unseen = self._begin_of_bold = 0
        # The element that makes its text a label or a heading, and the cells of the row that is open.
        self._label_in = self._heading_in = ""
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The beginning of an element."""
        if tag in _UNSEEN:
            self._unseen += 1
        classes = next((value or "" for key, value in attrs if key == "class"), "")
        is_label = tag in _LABELS or _LABEL_CLASS.search(classes) is not None
        if tag in ("b", "strong"):
            self._begin_of_bold = len(self._pieces)
        if tag in _INLINE and not is_label:
            return
        self.end_text()
        if tag in _ENDS:
            self._end_block()
        elif tag == "tr":
            self._end_row()
            self._cells = []
        if is_label:
            self._label_in = tag
        elif tag in _HEADINGS:
            self._heading_in = tag

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in ("b", "strong") and not self._label_in:
            bold = " ".join("".join(self._pieces[self._begin_of_bold :]).split())
            if bold and ":" not in bold and len(bold) <= _LONGEST_LABEL and meaning_of(bold):
                self._pieces.append(": ")
        if tag in _INLINE and tag != self._label_in:
            return
        self.end_text()
        if tag == "tr":
            self._end_row()
        elif tag in _ENDS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        if self._unseen:
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._size > _LONGEST_TEXT:
            raise BadFile("A text is too long to be part of a list, so nothing was changed.")

    def end_text(self) -> None:
        """Hand on the text so far."""
        text, self._pieces, self._size, self._begin_of_bold = " ".join("".join(self._pieces).split()), [], 0, 0
        is_label, is_heading, self._label_in, self._heading_in = self._label_in, self._heading_in, "", ""
        if not text:
            return
        if self._cells is not None and not is_label:
            if len(self._cells) >= _MOST_CELLS:
                raise BadFile("A row has more cells than a table that we know, so nothing was changed.")
            self._cells.append(text)
        elif is_label and not pairs_in(text):
            self._add(text.rstrip(": "), "")
        elif pairs := pairs_in(text):
            for label, value in pairs:
                self._add(label, value)
        elif is_heading:
            self._end_block()
            self._add(HEADING, text)
        else:
            self.records.add(Event(None, text, 0))

    def _end_row(self) -> None:
        """Hand on the cells of a row: a label and its value, or several pairs of them."""
        cells, self._cells = self._cells or [], None
        labels, values = cells[::2], cells[1::2]
        if len(cells) == 2 or (
            len(cells) % 2 == 0 and all(label.endswith(":") or meaning_of(label) for label in labels)
        ):
            for label, value in zip(labels, values, strict=True):
                self._add(label[:_LONGEST_LABEL].rstrip(": "), value)
            return
        for cell in cells:
            for label, value in pairs_in(cell):
                self._add(label, value)

    def _end_block(self) -> None:
        self._end_row()
        self.records.add(Event(None, "", 0, True))

    def _add(self, label: str, value: str) -> None:
        if label or value:
            self.records.add(Event(label, value, 0))
