"""`python -m tests.bench [pages] [loads] [memory]`: measure the real app and print a report. Without a word, all of it.

It is no test: a busy machine makes every number worse, and nothing here can fail for that.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench import loads, pages, servers
from tests.bench.report import Report, circumstances

PARTS = {"pages": pages.look, "loads": loads.work, "memory": loads.keep}


def main(wanted: set[str]) -> None:
    """Each part gets a server that has just started, which also measures starting it."""
    print(circumstances(), flush=True)
    report, starts = Report(), []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        report.rows += servers.prepare(data)
        for name, measure in PARTS.items():
            if not wanted or name in wanted:
                print(f"Measuring {name}…", file=sys.stderr, flush=True)
                with servers.running(data) as server:
                    starts.append(server.seconds)
                    measure(server, report)
        report.rows += [servers.first_start(Path(folder) / "empty"), servers.later_starts(starts)]
    print(report)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
