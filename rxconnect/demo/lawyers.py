"""The lawyers of the demonstration: one who is verified, with a privileged thread, and one whose request waits. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from rxconnect.demo.history import Correspondence, Moment
from rxconnect.domain import clock, terms
from rxconnect.domain.accounts import Actor
from rxconnect.services.lawyers import requests, reviews
from rxconnect.services.messages import drafts
from rxconnect.services.paper import replies
from rxconnect.services.privilege import sealed
from rxconnect.services.screening import submissions

_BAR = {"bar_number": "WSBA 48213", "bar_state": "WA"}
_OTHER_BAR = {"bar_number": "20-1187", "bar_state": "OR"}
_FIRST = (
    "The hearing in May",
    "Tomás, the hearing is set for the 14th. Before then I need the names of everyone who was at the shop that evening.\n\n"
    "Write me what you remember, in your own order. Nobody at the facility reads this.\n\nLena",
)
_ANSWER = (
    "Re: The hearing in May",
    "There were four of us. I would rather tell you the names at your visit. The receipt is in my jacket at my sister's.",
)
_SECOND = (
    "Your sister has the receipt",
    "She found it, and the time on it helps us. I will bring a copy on Thursday.\n\nLena",
)
_WAITING = (
    "The offer of the prosecutor",
    "They have made an offer. Please do not answer anybody about it before we have talked.\n\nLena",
)


def lawyer_moments(
    between: Correspondence, administrator: Actor, facility_id: int, other: Actor, now: datetime
) -> Iterator[Moment]:
    """The moments of a verified lawyer's letters, and of the request of an `other` one."""
    session, lawyer = between.session, between.family

    def verify() -> None:
        requests.ask(session, lawyer, facility_id, name=lawyer.name, **_BAR)
        (asked,) = requests.mine(session, lawyer)
        last_day = (clock.now() + timedelta(days=400)).date().isoformat()
        reviews.verify(session, replace(administrator, password_at=clock.now()), asked.id, last_day, asked.version)

    def answer() -> None:
        subject, body = _ANSWER
        whom = (between.inmate_id, lawyer.account_id)
        replies.deliver_reply(session, administrator, *whom, subject=subject, body=body)

    def hand_over() -> None:
        fresh = replace(administrator, password_at=clock.now())
        batch_id = sealed.create(session, fresh, facility_id)
        sealed.for_print(session, fresh, batch_id)
        sealed.confirm(session, fresh, batch_id)

    yield Moment(now - timedelta(days=45), verify)
    for days, letter in ((40, _FIRST), (12, _SECOND)):
        yield Moment(now - timedelta(days=days), partial(_send, session, between, *letter))
        yield Moment(now - timedelta(days=days) + timedelta(hours=5), hand_over)
    yield Moment(now - timedelta(days=36), answer)
    yield Moment(now - timedelta(hours=3), partial(_send, session, between, *_WAITING))
    asks = {"name": other.name, **_OTHER_BAR}
    yield Moment(now - timedelta(days=2), partial(requests.ask, session, other, facility_id, **asks))


def _send(session: Session, between: Correspondence, subject: str, body: str) -> None:
    lawyer = between.family
    draft_id = drafts.get_or_create_empty(session, lawyer, between.contact_id)
    drafts.save(session, lawyer, draft_id, subject=subject, body=body)
    submissions.send(session, lawyer, draft_id, accepted_terms=terms.VERSION, must_be_privileged=True)
