"""Recognises what a file is by its first bytes. Names are no help: many a report called `.xls` is a web page."""

from __future__ import annotations

import codecs
import os
import re
from enum import StrEnum
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import N_, _, join_with_or

HEAD = 1024**2  # bytes
SAVE_AS_CSV = Sentence("save the sheet as CSV (UTF-8) and import that.")


class Kind(StrEnum):
    """What a file is. All but text is converted in a process of its own (`conversion`)."""

    TEXT = "text"
    GZIP = "gzip"
    # An archive, or a workbook of today, which is an archive of XML.
    ZIP = "zip"
    # A workbook of before 2007.
    OLE = "ole"
    # One JSON document, not one object a line.
    JSON = "json"
    HTML = "html"
    XML = "xml"
    # A dump of a database.
    SQL = "sql"
    # Text whose columns stand at fixed places.
    FIXED = "fixed"
    # Lines of labels and values, a block a person.
    RECORDS = "records"
    # Rows that repeat the labels of their cells.
    LABELLED = "labelled"


# What people are told that we read; none of archives, in which any of it may be.
_IN_WORDS = {
    Kind.OLE: N_("a spreadsheet"),
    Kind.TEXT: "CSV",
    Kind.JSON: "JSON",
    Kind.XML: "XML",
    Kind.SQL: "SQL",
    Kind.HTML: N_("a web page with a table"),
    Kind.FIXED: N_("text in columns"),
    Kind.RECORDS: N_("text with a label before each value"),
    Kind.LABELLED: N_("text with a label before each value"),
    Kind.ZIP: "",
    Kind.GZIP: "",
}


_TOLD = [*dict.fromkeys(filter(None, _IN_WORDS.values()))]
# For the help of commands, which is English.
KINDS = ", ".join(_TOLD)


def kinds_in_words() -> str:
    """What we read, for people who choose a file."""
    return join_with_or([*map(_, _TOLD)])


_BINARY = ((b"PK\x03\x04", Kind.ZIP), (b"PK\x05\x06", Kind.ZIP), (b"\x1f\x8b", Kind.GZIP))
_OLE = b"\xd0\xcf\x11\xe0"
# Workbooks from before 1997 are a bare stream of records.
_OLD_WORKBOOK = re.compile(rb"\x09[\x00\x02\x04\x08]\x04\x00|\x09\x08\x08\x00")
_OTHER_KINDS = (
    (rb"%PDF", N_("{name} is a PDF, not a table; ask for the list as CSV.")),
    (
        rb"BZh[1-9]|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd",
        N_("{name} is packed in a way that we do not read; use gzip or an ordinary zip."),
    ),
    (
        rb"SQLite format 3\x00|\x00\x01\x00\x00Standard (Jet|ACE)",
        N_("{name} is a database, not a table; export the list as CSV."),
    ),
    (rb"PAR1|Obj\x01", N_("{name} is a table of another program; export the list as CSV.")),
    (rb"\{\\rtf", N_("{name} is a text document, not a table; ask for the list as CSV.")),
    (rb"MIME-Version:", N_("{name} is a web page with all its parts, not a table; open it, {save}")),
)


_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?!-->).{0,2000}?-->\s*)?<(?:!DOCTYPE html|(?:html|head|meta|title|style|body|div|center|font|"
    rb"form|table|tr|p|h\d)\b)",
    re.IGNORECASE | re.DOTALL,
)


def is_web_page(beginning: bytes) -> bool:
    """Whether a text is HTML."""
    return _WEB_PAGE.match(beginning) is not None


_STATEMENT = re.compile(
    rb"^\s*(?:INSERT\s+(?:IGNORE\s+)?(?:INTO\s+)?[\[`\"\w][^\n;]*?(?:\(|\bVALUES\b)|COPY\s+[\w.\"]+\s*\([^)]*\)\s+FROM\s+stdin|"
    rb"CREATE\s+TABLE\s+[^\n(,;|\t]*\()",
    re.IGNORECASE | re.MULTILINE,
)


def is_sql(beginning: bytes) -> bool:
    """Whether a text has statements that fill the tables of a database."""
    return _STATEMENT.search(beginning) is not None


def is_xml(beginning: bytes) -> bool:
    """Whether a text is XML."""
    return re.match(rb"\s*<(?:\?xml\s|!--|!DOCTYPE\s|[A-Za-z][\w.-]*[\s>:/])", beginning) is not None


def kind_of(name: str, file: BinaryIO) -> Kind:
    """The kind of a file. Raises `BadFile` for well-known kinds that hold no table."""
    head = os.pread(file.fileno(), HEAD, 0)
    for beginning, kind in _BINARY:
        if head.startswith(beginning):
            return kind
    if head.startswith(_OLE) or _OLD_WORKBOOK.match(head):
        return Kind.OLE
    plain = head.removeprefix(codecs.BOM_UTF8)
    if is_web_page(plain):
        return Kind.TEXT
    for pattern, reason in _OTHER_KINDS:
        if re.match(pattern, plain, re.IGNORECASE):
            raise BadFile(reason, name=name, save=SAVE_AS_CSV)
    return Kind.TEXT
