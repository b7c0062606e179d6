"""`python -m tests.bench [part …]`: measures the real app and prints a report. Without a part, all.

`search` takes `--people N` (default 200,000; the targets are for 2,000,000, which takes about half an hour) and
`--seed`. It is not a test: a busy machine makes every number worse, and the command does not fail for that.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    desk,
    desk_live,
    events,
    facilities,
    files,
    following,
    live,
    loads,
    money,
    pages,
    phone,
    replies_live,
    reports,
    screening,
    servers,
    sides,
    worlds,
)
from tests.bench.report import Report, circumstances
from tests.bench.search import measure

# Parts that measure a running server, in order.
SERVED = {"pages": pages.look, "phone": phone.look, "loads": loads.work, "memory": loads.keep}
# Parts that need a folder, and parts that need nothing.
WITH_FOLDER = {
    "events": events.answer,
    "live": live.follow,
    "following": following.follow,
    "desk-live": desk_live.follow,
    "replies-live": replies_live.follow,
    "sides": sides.follow,
    "facilities": facilities.find,
}
ALONE = {
    "files": files.read,
    "worlds": worlds.keep,
    "money": money.send,
    "desk": desk.work,
    "screening": screening.screen,
    "reports": reports.count,
}
SEARCH = "search"


def main(wanted: set[str], people: int, seed: int) -> None:
    """Measure the wanted parts, and print the circumstances first."""
    print(circumstances(), flush=True)
    report = Report()
    if parts := [name for name in SERVED if name in wanted]:
        _serve(parts, report)
    for name in wanted & WITH_FOLDER.keys():
        _announce(name)
        with tempfile.TemporaryDirectory() as folder:
            WITH_FOLDER[name](Path(folder) / "data", report)
    for name in wanted & ALONE.keys():
        _announce(name)
        ALONE[name](report)
    if SEARCH in wanted:
        _announce(SEARCH)
        measure.measure(report, people, seed)
    print(report)


def _serve(parts: list[str], report: Report) -> None:
    """Measure each part on a freshly started server, and measure the start, too."""
    starts = []
    with tempfile.TemporaryDirectory() as folder, servers.used(data := Path(folder) / "data"):
        report.rows += servers.prepare(data)
        for name in parts:
            _announce(name)
            with servers.running(data) as server:
                starts.append(server.seconds)
                SERVED[name](server, report)
        report.rows += [servers.first_start(Path(folder) / "empty"), servers.later_starts(starts)]


def _announce(name: str) -> None:
    print(f"Measuring {name}…", file=sys.stderr, flush=True)


if __name__ == "__main__":
    everything = [*SERVED, *WITH_FOLDER, *ALONE, SEARCH]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the real app.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(everything)}; else all of them")
    parser.add_argument("--people", type=int, default=measure.PEOPLE, help="how many people `search` invents")
    parser.add_argument("--seed", type=int, default=1, help="what `search` invents people and queries from")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(everything):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    main(set(chosen.parts or everything), chosen.people, chosen.seed)
