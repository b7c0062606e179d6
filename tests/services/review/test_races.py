"""At the desk several things happen at once. Of each pair exactly one wins, on both databases, however often it is tried."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlmodel import col, func, select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.errors import RxConnectError
from rxconnect.models import Decision, Message, QueueEntry
from rxconnect.services.messages import withdrawals
from rxconnect.services.money import ledger
from rxconnect.services.review import claims, commits, decisions, queue
from tests.services.review.desks import APPROVE, REJECT, decide, later

TIMES = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=TIMES)


def at_once(pool, *acts):
    """Run the acts at the same moment. Returns for each what it returned, or the name of its refusal."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except RxConnectError as error:
            return type(error).__name__

    return list(pool.map(run, acts))


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def committed(decision_id):
    with later():
        return db.write(commits.commit, decision_id)


def test_a_withdrawal_and_a_commit_at_once_end_a_letter_once(writer):
    ends = Counter()
    with ThreadPoolExecutor(2) as pool:
        for number in range(TIMES):
            message_id = writer.send().id
            made = decide(writer.reviewer, message_id, REJECT if number % 2 else APPROVE)
            withdrawn, was_committed = at_once(
                pool, partial(db.write, withdrawals.withdraw, writer.family, message_id), partial(committed, made.id)
            )
            # The job would commit it a second later, if the row was locked.
            if withdrawn == "IllegalMove":
                assert was_committed is True
            else:
                assert was_committed is False
                assert committed(made.id) is False
            ends[writer.message(message_id).status] += 1
    assert ends["withdrawn"] + ends["rejected"] + ends["approved"] == TIMES
    assert is_sound()
    with db.reading() as session:
        states = Counter(session.exec(select(Decision.state)))
        waiting = session.exec(select(func.count()).select_from(QueueEntry)).one()
    assert (states["overtaken"], states["committed"], waiting) == (ends["withdrawn"], TIMES - ends["withdrawn"], 0)


def test_an_undo_and_a_commit_at_once_end_a_decision_once(writer):
    with ThreadPoolExecutor(2) as pool:
        for _ in range(TIMES // 4):
            message_id = writer.send().id
            made = decide(writer.reviewer, message_id)
            undone, was_committed = at_once(
                pool, partial(db.write, decisions.undo, writer.reviewer, made.id), partial(committed, made.id)
            )
            assert (undone, was_committed) in [(message_id, False), ("TooLate", True)]
    assert is_sound()


def test_two_reviewers_never_hold_or_decide_one_letter(writer, actor):
    colleagues = [actor(role=Role.REVIEWER, facility_id=writer.facility_id) for _ in range(4)]
    ids = [writer.send().id for _ in range(40)]

    def work(reviewer):
        done = []
        while (message_id := db.write(queue.claim_next, reviewer, DeskFilter())) is not None:
            db.write(decisions.decide, reviewer, message_id, [APPROVE])
            done.append(message_id)
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [message_id for those in pool.map(work, colleagues) for message_id in those]
    assert sorted(done) == ids


def test_two_commits_at_once_commit_once(writer):
    with ThreadPoolExecutor(3) as pool:
        for _ in range(20):
            made = decide(writer.reviewer, writer.send().id, REJECT)
            assert at_once(pool, *[partial(committed, made.id)] * 3).count(True) <= 1
            committed(made.id)
    with db.reading() as session:
        assert set(session.exec(select(Message.status))) == {"rejected"}
    assert (writer.credits(), is_sound()) == ((TIMES, 0), True)


def test_a_claim_at_once_is_one_persons(writer, actor):
    colleagues = [actor(role=Role.REVIEWER, facility_id=writer.facility_id) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            message_id = writer.send().id
            took = at_once(pool, *[partial(db.write, claims.try_take, one, message_id) for one in colleagues])
            assert took.count(True) == 1
            with db.reading() as session:
                holder = session.exec(
                    select(QueueEntry.claimed_by).where(col(QueueEntry.message_id) == message_id)
                ).one()
            assert holder == colleagues[took.index(True)].account_id
