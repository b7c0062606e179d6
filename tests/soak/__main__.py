"""`python -m tests.soak [part …]`: try for minutes to lose money, and print a report. Without a part, all.

Each line is printed as soon as it is known, and all of them again as a table. The command fails if it found a
violation, and prints it. The tests do the same with smaller counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from unittest.mock import patch

from playwright.sync_api import sync_playwright

from tests.bench.report import circumstances, percentile, table
from tests.browser import launch_arguments
from tests.soak import (
    attacks,
    audit,
    breaking,
    browser_outages,
    canaries,
    demos,
    desk,
    faults,
    folder_kills,
    following,
    guesses,
    hostile_files,
    inputs,
    kills,
    outages,
    photos,
    repeats,
    restart,
    rooms,
    rosters,
    saving,
    sockets,
    stateful,
    typing,
    worlds,
    writers,
)
from tests.soak.canaries import large_installation, small_installation

# (the attempt, the requirement, the violations)
Line = tuple[str, str, list[str]]


def kills_on(kind: str, named: int | None) -> Iterator[Line]:
    """SIGKILL at named points and random moments."""
    with worlds.server(kind) as address:
        found = kills.soak(address, named=named, timed=200)
    tried = f"SIGKILL on {kind} at {found.named} named points and {found.timed} random moments"
    enough = [] if found.named >= 300 else [f"only {found.named} points were named"]
    yield tried, "0 lost, 0 charged twice, 0 credited twice, all books agree", found.violations + enough


def faults_of(times: int) -> Iterator[Line]:
    """Faults of the card processor."""
    tried = f"{len(faults.KINDS)} kinds of processor fault, {times} families each, buying and refunding"
    yield tried, "the buyer always sees the truth, and every check ends", faults.soak("", times=times)


def bad_input() -> Iterator[Line]:
    """Bad input to public routes."""
    with tempfile.TemporaryDirectory() as static:
        found = inputs.soak(Path(static), forms=500)
    tried = "500 bad inputs to the token routes, over 100 forged events and over 100 that came again"
    yield tried, "0 accepted, 0 errors 5xx", found


def machine() -> Iterator[Line]:
    """Random operations on money, in any order."""
    tried = f"buy, send, decide, withdraw, refund, transfer, dispute in any order, {stateful.RUNS:,} times 50 steps"
    yield tried, "every balance is what a plain model says, all books agree", stateful.soak()


def many_on(kind: str) -> Iterator[Line]:
    """Concurrent writers, and repeated presses and events."""
    with worlds.server(kind) as address:
        with worlds.database(address):
            done = writers.soak(worlds.build())
        slow = " and ".join(f"p{percent} {percentile(done.sends, percent):.0f} ms" for percent in (50, 95, 99))
        tried = f"16 writers in 4 processes on one wallet, {kind}: {slow}"
        yield tried, "exact balance, 0 lock errors", done.violations
        # In its own world, as the writers' credits were not bought and `books` only knows purchases.
        with worlds.database(address):
            repeated = repeats.soak(worlds.build(), 50, Random(1))
    yield f"every submit ×10, every webhook ×5, shuffled and late, {kind}", "1 charge, 1 journal, 1 receipt", repeated


def wrong_passwords(tries: int) -> Iterator[Line]:
    """Wrong passwords against a running server."""
    with tempfile.TemporaryDirectory() as folder, small_installation(Path(folder)) as installation:
        found = guesses.soak(installation.url, tries=tries)
    tried = f"{tries} wrong passwords and {tries} requests for a new one by somebody else"
    yield tried, "the owner gets in at once, on a known device and on a new one", found


def canaries_sold() -> Iterator[Line]:
    """Fifty purchases in a browser, half of them with a new card and half with a stored one, on two installations."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        for name, install in (("SQLite", small_installation), ("PostgreSQL and Redis", large_installation)):
            data = Path(folder) / name
            data.mkdir()
            with install(data) as installation:
                page = browser.new_context().new_page()
                seen = canaries.shop(page, installation.url, families=25)
                found = canaries.betrayed([*seen.places(), *canaries.in_the_browser(page), *installation.places()])
            looks = f"files, databases, backups, log, receipts, requests and {len(seen.frames)} frames of the socket"
            enough = [] if seen.told_processor() >= 26 else ["too few canaries reached the processor"]
            yield f"50 purchases with canary numbers, {name}: {looks}", "0 hits", found + enough
        browser.close()


def all_outages() -> Iterator[Line]:
    """Outages of the server's dependencies, as seen by the server, a browser, and a user who types a letter."""
    yield from outages.measure()
    with tempfile.TemporaryDirectory() as folder:
        yield from browser_outages.soak(Path(folder), times=5)
    for name in saving.OUTAGES:
        with tempfile.TemporaryDirectory() as folder:
            said, found = saving.soak(Path(folder), name, 20)
        tried = f"{name} for 20 s while a letter is typed: said {said} that it is not saved"
        yield tried, "Saved is true, and nothing is lost", found


def typed(times: int) -> Iterator[Line]:
    """A letter typed while its server dies and restarts."""
    for name, with_redis in (("in memory", False), ("with Redis", True)):
        for end, counts in (("kills", {"kills": times, "restarts": 0}), ("restarts", {"kills": 0, "restarts": times})):
            with tempfile.TemporaryDirectory() as folder:
                found = typing.soak(Path(folder), **counts, with_redis=with_redis)
            tried = f"{times} {end} under a letter typed at 8 keys a second, {name}"
            yield tried, "0 keys lost, 0 doubled, focus and caret stay", found


def attacked() -> Iterator[Line]:
    """Attacks on a running server by a client without an account."""
    with tempfile.TemporaryDirectory() as folder, small_installation(Path(folder)) as installation:
        target = attacks.Target(installation.url, Path(folder) / "server.log")
        for name, attack in attacks.ATTACKS.items():
            yield name, "others notice nothing, 0 let in, few lines of log", attacks.tally(attack(target))
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, RXCONNECT_WORKERS="3"),
        large_installation(Path(folder)) as installation,
    ):
        found = sockets.change_hands(installation.url, 1_000)
    yield (
        "a tab that changes hands 1,000 times, three workers and Redis",
        "0 told of somebody else",
        attacks.tally(found),
    )


def demo_sessions(events: int, guesses: int) -> Iterator[Line]:
    """The watchers of a demo session: they change nothing."""
    with tempfile.TemporaryDirectory() as folder:
        found = demos.soak(Path(folder), events=events, guesses=guesses)
    tried = f"{events:,} forged events of people who do not drive or were removed, and {guesses:,} guesses of a code"
    yield tried, "0 changes, nobody gets in", found


def hostile_rosters() -> Iterator[Line]:
    """Files that are meant to harm the import."""
    every = hostile_files.files()
    found, most, longest = rosters.in_a_world(every, hostile_files.LARGE)
    yield (
        f"{len(every)} hostile files, at most {most:.0f} MB in all processes and {longest:.0f} s each",
        f"≤ {rosters.MOST_MEMORY} MB, a sentence each, nothing changed",
        found,
    )
    with worlds.database(""), tempfile.TemporaryDirectory() as folder:
        kills, found = folder_kills.soak(Path(folder), every=1)
    yield f"SIGKILL at {kills} steps of taking a roster from a folder", "stored once, told once", found


def pictured() -> Iterator[Line]:
    """Hostile pictures, a phone's photo, and families who upload at once while workers are killed."""
    with tempfile.TemporaryDirectory() as folder:
        found = photos.hostile(Path(folder, "hostile"))
        tried = f"{found.tried} hostile pictures, {found.kept} of them kept as JPEG: worker + {found.memory:.0f} MB, decoder {found.decoder:.0f} MB"
        enough = [f"the worker's memory rose by {found.memory:.0f} MB"] if found.memory > photos.MOST_MEMORY else []
        yield tried, "0 stored unprocessed, 0 with metadata, a sentence each", found.violations + enough
        found = photos.phone(Path(folder, "phone"))
        tried = (
            f"a photo of 12 MP to its preview, {found.tried} times: at most {max(found.seconds):.2f} s; meanwhile a page takes "
            f"p95 {percentile(found.waits, 95):.0f} and at most {max(found.waits):.0f} ms, "
            f"before {percentile(found.idle, 95):.0f} and {max(found.idle):.0f} ms"
        )
        slow = [] if max(found.seconds) <= photos.MOST_SECONDS else ["a preview took longer than 1.5 s"]
        late = max(found.waits) - max(found.idle) > photos.MOST_WAIT
        yield tried, "≤ 1.5 s, nobody else waits 50 ms longer", found.violations + slow + ["others waited"] * late
        found = photos.crowd(Path(folder, "crowd"))
        tried = f"{found.tried} uploads by 50 families at once, workers killed 3 times: {found.kept} kept"
        yield tried, "0 lost, 0 orphaned files after the sweep, credits right", found.violations


def many_rooms(sessions: int, people: int, seconds: float) -> Iterator[Line]:
    """Many demo sessions at once, beside a production user."""
    with tempfile.TemporaryDirectory() as folder, small_installation(Path(folder)) as installation:
        target = attacks.Target(installation.url, Path(folder) / "server.log")
        yield from rooms.measure(target, sessions=sessions, people=people, seconds=seconds)


PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    # Every named point; on PostgreSQL, which is slower, about every third.
    "kills-sqlite": lambda: kills_on(worlds.SQLITE, None),
    "kills-postgresql": lambda: kills_on(worlds.POSTGRESQL, 300),
    "machine": machine,
    "many-sqlite": lambda: many_on(worlds.SQLITE),
    "many-postgresql": lambda: many_on(worlds.POSTGRESQL),
    "faults": lambda: faults_of(50),
    "inputs": bad_input,
    "guesses": lambda: wrong_passwords(200),
    "canaries": canaries_sold,
    "rosters": hostile_rosters,
    "photos": pictured,
    "restart": restart.measure,
    "outages": all_outages,
    "attacks": attacked,
    "typing": lambda: typed(100),
    "demos": lambda: demo_sessions(10_000, 2_000),
    "rooms": lambda: many_rooms(30, 5, 600),
    "following": lambda: following.measure(20),
    "breaking": lambda: breaking.measure(20),
    "audit": lambda: audit.measure(rows=1_000_000, places=1_000),
    "desk": lambda: desk.measure(reviewers=5, families=50, a_second=20, seconds=60, kills=2),
}


def main(parts: list[str]) -> bool:
    """Run these parts and print the report. Returns whether there was no violation."""
    print(circumstances(), flush=True)
    rows, untrue = [], []
    for part in parts:
        began = time.monotonic()
        for tried, must_be, found in PARTS[part]():
            verdict = f"**{len(found)} untrue**" if found else "met"
            took = f"{time.monotonic() - began:.0f} s"
            print(f"{part}, {took}: {tried}: {verdict}", *found, sep="\n  ", flush=True)
            rows.append((tried, must_be, took, verdict))
            untrue += found
            began = time.monotonic()
    print(table(("Tried", "Must be", "Took", "Verdict"), rows))
    for sentence in untrue:
        print(sentence)
    return not untrue


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Try to lose money.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; else all of them")
    chosen = parser.parse_args().parts
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    sys.exit(not main(chosen or list(PARTS)))
