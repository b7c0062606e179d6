"""Converts files that are not plain text in a process of its own, which has little memory and none of our secrets.

Workbooks, archives and JSON documents are read by large libraries from bytes that anybody may have written. The process
(`readers.converter`) writes plain rows into a nameless scratch file, and its verdict as one line of JSON. Whatever it does, the
rest of an import only sees a file of rows, or a refusal.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.kinds import SAVE_AS_CSV, Kind
from rxconnect.services.files.notes import Notes
from rxconnect.services.processes import confined

_CONVERTER = "rxconnect.services.readers.converter"
# Seconds. The process has a limit on its own computing time as well (`readers.converter`).
_PATIENCE = 900


class Converted(NamedTuple):
    """A scratch file. `form` is `csv` or `jsonl` for rows, `rows` for those of CSV without a header, and `bytes` for what
    was inside an archive.
    """

    file: BinaryIO
    form: str
    notes: Notes


@contextmanager
def converted(name: str, file: BinaryIO, kind: Kind) -> Iterator[Converted]:
    """Convert a file. Raises `BadFile` with the reason when that is impossible."""
    with tempfile.TemporaryFile() as scratch:
        ended = confined.run(_CONVERTER, kind.value, name, source=file, scratch=scratch, seconds=_PATIENCE)
        verdict = ended.verdict
        if verdict is None and ended.is_out_of_time:
            raise BadFile("{name} took too long to read, so nothing was changed; {save}", name=name, save=SAVE_AS_CSV)
        if verdict is None:
            raise damaged(name)
        if refused := verdict.get("refused"):
            raise BadFile(Sentence.kept(refused))
        notes = Notes(Sentence.kept(verdict["notes"]), Sentence.kept(verdict["doubts"]), verdict["sheets"])
        yield Converted(scratch, verdict["form"], notes)


def damaged(name: str) -> BadFile:
    """The refusal of a file that ends its reader."""
    return BadFile(
        "{name} cannot be read, perhaps because it is damaged, so nothing was changed; {save}",
        name=name,
        save=SAVE_AS_CSV,
    )
