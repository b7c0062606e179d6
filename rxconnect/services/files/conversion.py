"""Converts files that are not plain text in a process of its own, which has little memory and none of our secrets.

Workbooks, archives and JSON documents are read by large libraries from bytes that anybody may have written. The process
(`readers.converter`) writes plain rows into a nameless scratch file, and its verdict as one line of JSON. Whatever it does, the
rest of an import only sees a file of rows, or a sentence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.kinds import SAVE_AS_CSV, Kind

_ROOT = Path(__file__).parents[3]
# Seconds. The process has a limit on its own computing time as well (`readers.converter`).
_PATIENCE = 900


class Converted(NamedTuple):
    """A scratch file. `form` is `csv` or `jsonl` for rows, and `bytes` for what was inside an archive."""

    file: BinaryIO
    form: str
    notes: list[str]


@contextmanager
def converted(name: str, file: BinaryIO, kind: Kind) -> Iterator[Converted]:
    """Convert a file. Raises `BadFile` with the reason when that is impossible."""
    with tempfile.TemporaryFile() as scratch:
        verdict = _run(name, file, kind, scratch)
        if refused := verdict.get("refused"):
            raise BadFile(refused)
        # The other process has moved the position, of which this object knows nothing.
        os.lseek(scratch.fileno(), 0, os.SEEK_SET)
        yield Converted(scratch, verdict["form"], verdict["notes"])


def _run(name: str, file: BinaryIO, kind: Kind, scratch: BinaryIO) -> dict:
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    command = [sys.executable, "-W", "ignore", "-m", "rxconnect.services.readers.converter", kind.value, name]
    # It gets no settings of ours, such as the database's password.
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            command,
            stdin=file,
            stdout=scratch,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=_ROOT,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadFile(f"{name} took too long to read, so nothing was changed; {SAVE_AS_CSV}") from None
    return _verdict(ended.stderr) or {"refused": _why_without_verdict(name, ended.returncode)}


def _verdict(output: bytes) -> dict | None:
    """The last line that the process wrote, if that is a verdict."""
    try:
        verdict = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        return None
    return verdict if isinstance(verdict, dict) else None


def _why_without_verdict(name: str, code: int) -> str:
    why = "took too long to read" if -code in _OUT_OF_TIME else "cannot be read, perhaps because it is damaged"
    return f"{name} {why}, so nothing was changed; {SAVE_AS_CSV}"


_OUT_OF_TIME = (24, 9)  # SIGXCPU, and SIGKILL if that is not enough
