"""Opens the files that operators import: CSV or JSON lines."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.csv_files import CsvFile
from rxconnect.services.files.json_files import JsonFile
from rxconnect.services.files.rows import ImportFile
from rxconnect.services.files.text import open_text

_HEAD = 1024**2  # bytes
_JSON_ARRAY = re.compile(rb"\[\s*[\[{\]]")


@contextmanager
def open_import_file(path: Path) -> Iterator[ImportFile]:
    """Open a CSV or JSON-lines file.

    Raises `BadFile` when it is neither, or has no rows.
    """
    with open_text(path) as (text, notes):
        beginning = os.pread(text.fileno(), _HEAD, 0).removeprefix(codecs.BOM_UTF8).lstrip()
        if _JSON_ARRAY.match(beginning):
            raise BadFile(f"{path.name} is one JSON array, but each object has to stand on a line of its own.")
        yield (JsonFile if beginning.startswith(b"{") else CsvFile)(path.name, text, notes)
