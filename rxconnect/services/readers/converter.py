"""Run as a program, by `conversion`: reads a file from its input and writes plain rows to its output, within limits.

Its last line of errors is the verdict: `{"form", "notes", "doubts", "sheets"}`, or `{"refused"}`. Its sentences are kept as facts.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from dataclasses import asdict
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.conversion import damaged
from rxconnect.services.files.kinds import SAVE_AS_CSV
from rxconnect.services.files.notes import Notes
from rxconnect.services.processes import limits

# Bytes of memory, of which the interpreter takes a quarter, and bytes of the scratch file.
_MEMORY, _SCRATCH = 160 * 1024**2, 2 * 1024**3
_SECONDS = 300
_READERS = {"xml": "xml_documents", "sql": "sql_dumps", "gzip": "archives", "zip": "archives", "ole": "xls", "json": "json_documents",
            "html": "web_pages", "fixed": "fixed_widths", "records": "records", "labelled": "labelled_rows"}  # fmt: skip


def main(kind: str, name: str) -> None:
    """Convert the input and print the verdict. Any fault of the input is a verdict, too."""
    limits.limit(memory=_MEMORY, seconds=_SECONDS, written=_SCRATCH)
    verdict = _refused(damaged(name))
    try:
        with open(0, "rb", closefd=False) as source, open(1, "wb", closefd=False) as scratch:
            verdict = _convert(kind, name, source, scratch)
    except BadFile as error:
        verdict = _refused(error)
    except MemoryError:
        verdict = _refused(
            BadFile(
                "{name} needs more memory than a table does, so nothing was changed; {save}",
                name=name,
                save=SAVE_AS_CSV,
            )
        )
    except OSError as error:
        if error.errno in (errno.EFBIG, errno.ENOSPC):
            verdict = _refused(
                BadFile("{name} is too large when it is unpacked; split it into smaller files.", name=name)
            )
    except Exception as error:  # the readers of damaged workbooks raise everything there is
        verdict["why"] = repr(error)  # for whoever runs this by hand
    limits.tell(verdict)


def _convert(kind: str, name: str, source: BinaryIO, scratch: BinaryIO) -> dict[str, object]:
    reader = importlib.import_module(f"rxconnect.services.readers.{_READERS[kind]}")
    notes = Notes()
    form = reader.convert(name, source, scratch, notes)
    return {
        "form": form,
        "notes": [*map(asdict, notes)],
        "doubts": [*map(asdict, notes.doubts)],
        "sheets": notes.sheets,
    }


def _refused(why: BadFile) -> dict[str, object]:
    return {"refused": asdict(why.reason)}


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stderr.flush()
    # A large heap takes long to be freed piece by piece.
    os._exit(0)
