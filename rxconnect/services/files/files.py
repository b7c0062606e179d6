"""Opens the files that operators import: CSV, JSON, workbooks, and each of them packed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.conversion import Converted, converted
from rxconnect.services.files.csv_files import CsvFile, TableFile, UnnamedTableFile, first_rows
from rxconnect.services.files.json_files import SCRIPT, JsonFile
from rxconnect.services.files.kinds import HEAD, Kind, is_sql, is_web_page, is_xml, kind_of
from rxconnect.services.files.labels import has_records, repeat_labels
from rxconnect.services.files.layouts import LOOKED_AT
from rxconnect.services.files.notes import Notes
from rxconnect.services.files.rows import ImportFile
from rxconnect.services.files.text import as_utf_8, open_bytes
from rxconnect.services.files.unnamed_layouts import fixed_layout_of

# A list in a zip file in another one is unpacked, but nothing deeper.
_MOST_LAYERS = 2
_LONGEST_SCRIPT = 1_000  # bytes before the document in it
_JSON_ARRAY = re.compile(rb"\[\s*[\[{\]]")
_CONVERTED = (Kind.JSON, Kind.HTML, Kind.XML, Kind.SQL, Kind.FIXED, Kind.RECORDS, Kind.LABELLED)
# Such as a person has, and no header.
_NUMBER = re.compile(rb"\d{3,}")
_JSON_LINES = (".jsonl", ".ndjson")


@contextmanager
def open_import_file(path: Path) -> Iterator[ImportFile]:
    """Open a file, whatever its name says: `kinds.Kind`, or CSV or JSON lines.

    Raises `BadFile` when it is something else, is damaged, or has no rows.
    """
    with ExitStack() as stack:
        raw, notes = stack.enter_context(open_bytes(path)), Notes()
        found = _unpacked(stack, path.name, raw)
        notes.tell(found.notes)
        if found.form == "bytes":
            text = stack.enter_context(as_utf_8(path.name, found.file, notes))
            found = Converted(text, _form_of_text(path.name, text), notes)
        for kind in _CONVERTED:
            if found.form == kind:
                found = _converted_text(stack, path.name, found, kind)
        kinds: dict[str, type[CsvFile | JsonFile]] = {
            "csv": TableFile,
            "rows": UnnamedTableFile,
            "jsonl": JsonFile,
            "text": CsvFile,
        }
        notes.tell(found.notes)
        yield kinds[found.form](path.name, found.file, notes)


def _converted_text(stack: ExitStack, name: str, text: Converted, kind: Kind) -> Converted:
    """The rows of a text; the text itself if it turns out to be of another kind."""
    rows = stack.enter_context(converted(name, text.file, kind))
    return rows if rows.form != "text" else text._replace(form="text")


def _unpacked(stack: ExitStack, name: str, raw: BinaryIO) -> Converted:
    """The file's rows, if it is a workbook, or its bytes, if they are text."""
    found, notes = Converted(raw, "bytes", Notes()), Notes()
    for _ in range(_MOST_LAYERS + 1):
        kind = kind_of(name, found.file)
        if kind is Kind.TEXT:
            return found._replace(notes=notes)
        found = stack.enter_context(converted(name, found.file, kind))
        notes.tell(found.notes)
        if found.form != "bytes":
            return found._replace(notes=notes)
    raise BadFile("{name} is packed several times; unpack it and import what was in it.", name=name)


def _form_of_text(name: str, text: BinaryIO) -> str:
    """`jsonl`, a kind that has to be converted, or `text` for anything else, which must be CSV then."""
    whole = os.pread(text.fileno(), HEAD, 0).removeprefix(b"\xef\xbb\xbf")
    beginning = whole.lstrip()
    if _JSON_ARRAY.match(beginning) or SCRIPT.match(beginning[:_LONGEST_SCRIPT].decode(errors="replace")):
        return Kind.JSON
    kinds = ((Kind.HTML, is_web_page), (Kind.XML, is_xml), (Kind.SQL, is_sql))
    if found := next((kind for kind, is_kind in kinds if is_kind(beginning[:LOOKED_AT])), None):
        return found
    if not beginning.startswith(b"{"):
        return _form_of_lines(name, whole[:LOOKED_AT])
    line, _, rest = beginning.partition(b"\n")
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        # The second line of JSON lines is another object, even if the first one is damaged.
        goes_on = line.rstrip().endswith((b"{", b"[", b",", b":"))
        is_document = bool(rest.strip()) and (goes_on or not rest.lstrip().startswith(b"{"))
        return Kind.JSON if is_document or len(line) == HEAD else "jsonl"
    holds_list = isinstance(first, dict) and (any(map(_is_list_of_rows, first.values())) or _stands_by_column(first))
    is_alone = not rest.strip() and not name.casefold().endswith(_JSON_LINES)
    return Kind.JSON if holds_list and is_alone else "jsonl"


def _form_of_lines(name: str, beginning: bytes) -> str:
    if has_records(beginning.decode(errors="replace").split("\n")):
        return Kind.RECORDS
    if fixed_layout_of(beginning):
        return Kind.FIXED
    if b"\n" not in beginning.strip() and len(_NUMBER.findall(beginning)) > 1:
        raise BadFile(
            "{name} has no line breaks, so nobody can tell where a person ends. Export the list again as a spreadsheet, or as "
            "CSV with a line for each person.",
            name=name,
        )
    return Kind.LABELLED if repeat_labels(first_rows(beginning)) else "text"


def _is_list_of_rows(value: object) -> bool:
    if isinstance(value, dict):
        return any(_is_list_of_rows(inner) for inner in value.values())
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict | list)


def _stands_by_column(document: dict) -> bool:
    """Whether an object may have one list a column, or one object a column or row, all alike."""
    shapes = {
        tuple(value) if isinstance(value, dict) else len(value)
        for value in document.values()
        if isinstance(value, dict | list)
    }
    return len(document) > 1 and len(shapes) == 1 and len({*map(type, document.values())}) == 1
