"""Many concurrent writers on one wallet: processes with several threads that send letters, like a server's workers.

`python -m tests.soak.writers ACCOUNT_ID THREADS DRAFT_ID…` is one of the processes; the settings are in the environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from sqlmodel import Session, func, select

from rxconnect import db
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.terms import VERSION
from rxconnect.models import Draft, Message
from rxconnect.services.money import ledger, wallets
from rxconnect.services.screening import submissions
from tests.services.conftest import give_credits
from tests.soak.worlds import World

PROCESSES, THREADS, SENDS = 4, 4, 2_000
# Long enough for the slowest machine to import the services.
_READY_SECONDS = 120.0


@dataclass
class Count:
    """The milliseconds of each send, the sends a second, and the violations."""

    sends: list[float] = field(default_factory=list)
    a_second: float = 0.0
    violations: list[str] = field(default_factory=list)


def soak(world: World, sends: int = SENDS, *, processes: int = PROCESSES, threads: int = THREADS) -> Count:
    """Send so many letters of one credit each, from a wallet with exactly enough credits."""
    family, contact_id = world.family()
    give_credits(family, world.place, sends)
    drafts = db.write(prepare, family, contact_id, sends)
    count = _all_at_once(family, drafts, processes, threads)
    with db.reading() as session:
        left = wallets.balance(session, family.account_id, world.place)
        sent = session.exec(select(func.count()).where(Message.account_id == family.account_id)).one()
        count.violations += ledger.check_ledger(session).differences
    if (left, sent) != (0, sends):
        count.violations.append(f"{sends} letters of one credit were sent: {sent} are there, and {left} credits left.")
    return count


def prepare(session: Session, family: Actor, contact_id: int, number: int) -> list[int]:
    """Create drafts that are ready to send. Returns their ids."""
    drafts = [
        Draft(account_id=family.account_id, contact_id=contact_id, subject=f"Hello {one}", body="We miss you.")
        for one in range(number)
    ]
    session.add_all(drafts)
    session.flush()
    return [draft.id for draft in drafts if draft.id]


def _all_at_once(family: Actor, drafts: list[int], processes: int, threads: int) -> Count:
    """Let every process send its share, all starting at the same moment."""
    running = []
    for number in range(processes):
        share = [str(draft) for draft in drafts[number::processes]]
        command = [sys.executable, "-m", __name__, str(family.account_id), str(threads), *share]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        running.append(subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.getcwd()}, **pipes))  # type: ignore[call-overload]
    for process in running:
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    began = time.perf_counter()
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    count = Count()
    for process in running:
        told, complaint = process.communicate(timeout=_READY_SECONDS + len(drafts))
        if process.returncode:
            count.violations.append(f"A process of writers died: {complaint}")
            continue
        answer = json.loads(told)
        count.sends += answer["sends"]
        count.violations += answer["errors"]
    count.a_second = len(count.sends) / (time.perf_counter() - began)
    return count


def _send(family: Actor, draft_id: int) -> tuple[float, str]:
    """Send one letter. Returns the milliseconds, and the error or ""."""
    began = time.perf_counter()
    try:
        db.write(submissions.send, family, draft_id, accepted_terms=VERSION)
    except Exception as error:
        return 0.0, f"Draft {draft_id}: {error!r}"
    return (time.perf_counter() - began) * 1000, ""


def _work(account_id: int, threads: int, drafts: list[int]) -> None:
    family = Actor(account_id, "Ada Young", "ada@example.org", ActorKind.FAMILY)
    db.is_responding()
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(partial(_send, family), drafts))
    print(
        json.dumps({"sends": [ms for ms, error in done if not error], "errors": [error for _, error in done if error]})
    )


if __name__ == "__main__":
    _work(int(sys.argv[1]), int(sys.argv[2]), [int(draft) for draft in sys.argv[3:]])
