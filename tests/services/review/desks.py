"""Working at a desk, for tests: claim, decide, and let the time to undo pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome, Ruling
from rxconnect.models import Decision, Email
from rxconnect.services.review import claims, decisions
from tests.services.scheduling.running import run_job

APPROVE = Ruling(Outcome.APPROVED)
REJECT = Ruling(Outcome.REJECTED, Reason.CODED, "The third line.")


def claim(reviewer, message_id):
    db.write(claims.take, reviewer, message_id)


def decide(reviewer, message_id, *rulings):
    """Claim a letter and decide it. The decision is pending."""
    claim(reviewer, message_id)
    return db.write(decisions.decide, reviewer, message_id, rulings or [APPROVE])


def later(seconds=11):
    """Set the clock this much ahead, inside a block."""
    return clock.at(clock.now() + timedelta(seconds=seconds))


def commit(seconds=11):
    """Let the job commit what is due after so many seconds. Returns how many."""
    with later(seconds):
        return run_job(decisions.commit_due)


def states():
    """The state of each decision, in order."""
    with db.reading() as session:
        return list(session.exec(select(Decision.state).order_by(col(Decision.id))))


def subjects():
    """The subject of each email, in order."""
    with db.reading() as session:
        return list(session.exec(select(Email.subject).order_by(col(Email.id))))


def signed_in(actor, sign_in_id):
    return replace(actor, sign_in_id=sign_in_id)
