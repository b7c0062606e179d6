"""Runs such a program: it gets a file as its input, a nameless scratch file as its output, and none of the settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

_NICENESS = 10
_ROOT = Path(__file__).parents[3]


class Ended(NamedTuple):
    """How a program ended: its verdict, None if it wrote none, and whether its time was over."""

    verdict: dict[str, Any] | None
    is_out_of_time: bool


def run(module: str, *arguments: str, source: BinaryIO, scratch: BinaryIO, seconds: float) -> Ended:
    """Run `python -m module` with `source` as its input and `scratch` as its output, for at most so many seconds.

    Its verdict is its last line of errors, as JSON (`limits.tell`). Afterwards `scratch` is at its beginning.
    """
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    # It gets no settings of ours, such as the database's password.
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        stdin=source,
        stdout=scratch,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=_ROOT,
    ) as program:
        _let_others_go_first(program.pid)
        try:
            _output, errors = program.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            program.kill()
            return Ended(None, is_out_of_time=True)
        except BaseException:
            # It must not outlive whoever waits for it.
            program.kill()
            raise
    # The other process has moved the position, of which this object knows nothing.
    os.lseek(scratch.fileno(), 0, os.SEEK_SET)
    return Ended(_verdict(errors), is_out_of_time=-program.returncode in _OUT_OF_TIME)


def _let_others_go_first(pid: int) -> None:
    """Give way to people who wait for a page, from the start: a program's imports take a fifth of its time."""
    with suppress(OSError, AttributeError):  # it has ended already; not on Windows
        os.setpriority(os.PRIO_PROCESS, pid, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def _verdict(output: bytes) -> dict[str, Any] | None:
    """The last line that the process wrote, if that is a verdict."""
    try:
        verdict = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        return None
    return verdict if isinstance(verdict, dict) else None


_OUT_OF_TIME = (24, 9)  # SIGXCPU, and SIGKILL if that is not enough
