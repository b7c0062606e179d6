"""Whatever is done to a letter, in whatever order: only legal moves happen, credits add up, and nothing waits unseen."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import RxConnectError
from rxconnect.domain.messages import MESSAGE_MOVES, MessageStatus, Reason
from rxconnect.domain.review import Outcome, Ruling
from rxconnect.models import Appeal, Decision, Message, MessageEvent, QueueEntry
from rxconnect.services.messages import expiries, withdrawals
from rxconnect.services.money import ledger
from rxconnect.services.paper import batches, replies
from rxconnect.services.review import appeals, claims, decisions, review, shelves
from tests.services.review.desks import later
from tests.services.scheduling.running import run_job

APPROVE, REJECT = Ruling(Outcome.APPROVED), Ruling(Outcome.REJECTED, Reason.CODED)


class Letter:
    """A letter, and everything that anybody may try with it."""

    def __init__(self, writer, colleague):
        self.writer, self.staff = writer, (writer.reviewer, colleague)
        self.id = writer.send().id

    def acts(self):
        """Each act by its name. The number says which of the two reviewers acts."""
        family, found = self.writer.family, {}
        for number, who in enumerate(self.staff):
            found |= {
                f"claim {number}": partial(db.write, claims.take, who, self.id),
                f"release {number}": partial(db.write, claims.release, who, self.id),
                f"approve {number}": partial(db.write, decisions.decide, who, self.id, [APPROVE]),
                f"reject {number}": partial(db.write, decisions.decide, who, self.id, [REJECT]),
                f"undo {number}": partial(self.undo, who),
                f"uphold {number}": partial(db.write, appeals.decide, who, self.id, Outcome.UPHELD),
                f"overturn {number}": partial(db.write, appeals.decide, who, self.id, Outcome.OVERTURNED),
                f"escalate {number}": partial(db.write, shelves.escalate, who, self.id, "Look."),
                f"deliver {number}": partial(db.write, review.deliver, who, self.id),
                f"open {number}": partial(db.write, review.open_message, who, self.id),
                f"reply {number}": partial(db.write, replies.enter, who, self.id, subject="Hi", body="Hi"),
            }
        return found | {
            "commit": partial(run_job, decisions.commit_due),
            "withdraw": partial(db.write, withdrawals.withdraw, family, self.id),
            "withdraw for a moment": self.withdraw_for_a_moment,
            "appeal": partial(db.write, appeals.appeal, family, self.id, "It is a recipe."),
            "expire": self.expire,
            "print": self.print,
        }

    def undo(self, who):
        with db.reading() as session:
            newest = session.exec(
                select(Decision.id).where(Decision.by_account_id == who.account_id).order_by(col(Decision.id).desc())
            ).first()
        db.write(decisions.undo, who, newest or 0)

    def withdraw_for_a_moment(self):
        db.write(withdrawals.withdraw, self.writer.family, self.id)
        db.write(withdrawals.undo, self.writer.family, self.id)

    def expire(self):
        with later(31 * 86_400):
            run_job(expiries.expire_due)

    def print(self):
        who = self.staff[0]
        db.write(batches.confirm, who, db.write(batches.create, who, self.writer.facility_id))


def check(letter):
    """What must hold of a letter at any time."""
    with db.reading() as session:
        message = session.get_one(Message, letter.id)
        status = MessageStatus(message.status)
        path = session.exec(
            select(MessageEvent.status).where(MessageEvent.message_id == letter.id).order_by(col(MessageEvent.id))
        ).all()
        entry = session.get(QueueEntry, letter.id)
        appeal = session.exec(select(Appeal).where(Appeal.message_id == letter.id)).one_or_none()
        pending = session.exec(
            select(Decision).where(Decision.message_id == letter.id, Decision.state == "pending")
        ).all()
    assert all(MessageStatus(after) in MESSAGE_MOVES[MessageStatus(before)] for before, after in pairwise(path))
    assert path[-1] == status
    waits = status is MessageStatus.IN_REVIEW or (appeal is not None and appeal.status == "waiting")
    assert (entry is not None) == waits
    assert len(pending) == (entry is not None and entry.is_decided)
    assert not (entry and entry.is_decided and entry.claimed_by)
    deciders = {one.by_account_id for one in pending if one.appeal_id}
    with db.reading() as session:
        before = set(
            session.exec(
                select(MessageEvent.by_account_id).where(
                    MessageEvent.message_id == letter.id, MessageEvent.status == "rejected"
                )
            )
        )
    assert not deciders & before
    assert db.read(ledger.check_ledger).differences == []


def names():
    return [
        f"{what} {number}"
        for what in (
            "claim",
            "release",
            "approve",
            "reject",
            "undo",
            "uphold",
            "overturn",
            "escalate",
            "deliver",
            "open",
            "reply",
        )
        for number in (0, 1)
    ] + ["commit", "commit", "commit", "withdraw", "withdraw for a moment", "appeal", "expire", "print"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tried=st.lists(st.sampled_from(names()), min_size=3, max_size=14))
def test_every_order_of_acts_leaves_a_letter_whole(pair, actor, tried):
    writer = pair()
    letter = Letter(writer, actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id))
    began = clock.now()
    for turn, name in enumerate(tried, start=1):
        # Eleven seconds pass before each act, so that "commit" finds what was decided before it.
        with clock.at(began + turn * timedelta(seconds=11)):
            with suppress(RxConnectError):
                letter.acts()[name]()
            check(letter)
