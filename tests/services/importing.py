"""Run as a program: imports a file of rosters, a few facilities at a time, in a process that a test may kill."""

from __future__ import annotations

import sys
from pathlib import Path

from rxconnect.services.imports import imports

if __name__ == "__main__":
    imports._AT_ONCE = 1_000
    with imports.open_rosters(Path(sys.argv[1])) as roster:
        imports.import_rosters(roster)
