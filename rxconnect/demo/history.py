"""Replays the demonstration's past year: actions in order of time, each carried out by the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from rxconnect.demo import pictures
from rxconnect.demo.letters import Fate, Letter
from rxconnect.domain import clock, terms
from rxconnect.domain.accounts import Actor
from rxconnect.domain.messages import Direction
from rxconnect.domain.review import ViewKind
from rxconnect.models import Message
from rxconnect.services.messages import drafts, messages, withdrawals
from rxconnect.services.money import cards, processor
from rxconnect.services.paper import replies
from rxconnect.services.purchases import checkout, purchases
from rxconnect.services.review import desk, review
from rxconnect.services.screening import submissions

_CVV, _ZIP_CODE = "123", "98902"


@dataclass(frozen=True)
class Moment:
    """An action, and when it happened."""

    at: datetime
    do: Callable[[], object]


@dataclass(frozen=True)
class Correspondence:
    """A family, the person they write to, and the reviewer. `zone` is the facility's time zone."""

    session: Session
    family: Actor
    contact_id: int
    inmate_id: int
    reviewer: Actor
    zone: str


class _Waits(NamedTuple):
    """When a message was decided, handed on and opened."""

    decided: datetime
    delivered: datetime
    opened: datetime


def moments_of(between: Correspondence, letter: Letter, now: datetime, random: Random) -> list[Moment]:
    """The moments of one message, from written to opened."""
    at = _first_moment_of(letter, now, between.zone)
    if letter.direction is Direction.INCOMING:
        return _moments_of_received(between, letter, at)
    return _moments_of_sent(between, letter, at, _random_waits(at, now, random))


def read_at_desk(between: Correspondence, message_id: int) -> None:
    """Record that the reviewer has read a letter. Nobody decides one unread."""
    facility_id = between.session.get_one(Message, message_id).facility_id
    desk.record_views(between.session, between.reviewer, [(facility_id, message_id, ViewKind.OPENED)])


def _moments_of_received(between: Correspondence, letter: Letter, at: datetime) -> list[Moment]:
    session, family = between.session, between.family
    arrived: list[int] = []

    def arrive() -> None:
        whom = (between.inmate_id, family.account_id)
        arrived.append(
            replies.deliver_reply(session, between.reviewer, *whom, subject=letter.subject, body=letter.body)
        )

    moments = [Moment(at, arrive)]
    if letter.is_read:
        moments.append(Moment(at + timedelta(hours=2), lambda: messages.mark_read(session, family, *arrived)))
    return moments


def _moments_of_sent(between: Correspondence, letter: Letter, at: datetime, waits: _Waits) -> list[Moment]:
    session, family, reviewer = between.session, between.family, between.reviewer
    sent: list[int] = []

    def send() -> None:
        draft_id = drafts.get_or_create_empty(session, family, between.contact_id)
        drafts.save(session, family, draft_id, subject=letter.subject, body=letter.body)
        pictures.add_to_draft(session, family, draft_id, letter.photos)
        sent.append(submissions.send(session, family, draft_id, accepted_terms=terms.VERSION))
        if letter.fate is Fate.IN_REVIEW:
            # This message never expires, so a demonstration of any age still shows one in review.
            session.get_one(Message, *sent).expires_at = None

    def approve() -> None:
        read_at_desk(between, *sent)
        review.approve(session, reviewer, *sent)

    match letter.fate:
        case Fate.OPENED:
            after = [
                Moment(waits.decided, approve),
                Moment(waits.delivered, lambda: review.deliver(session, reviewer, *sent)),
                Moment(waits.opened, lambda: review.open_message(session, reviewer, *sent)),
            ]
        case Fate.REJECTED:
            assert letter.reason is not None
            reason = letter.reason

            def reject() -> None:
                read_at_desk(between, *sent)
                review.reject(session, reviewer, sent[0], reason, letter.note)

            after = [Moment(waits.decided, reject)]
        case Fate.WITHDRAWN:
            after = [Moment(at + timedelta(minutes=9), lambda: withdrawals.withdraw(session, family, *sent))]
        case Fate.IN_REVIEW:
            after = []
    return [Moment(at, send), *after]


def _first_moment_of(letter: Letter, now: datetime, zone: str) -> datetime:
    """When a letter was sent, or a reply delivered."""
    if letter.minutes_ago:
        return now - timedelta(minutes=letter.minutes_ago)
    hour, minute = letter.time.split(":")
    local = now.astimezone(ZoneInfo(zone)) - timedelta(days=letter.days)
    return local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


def _random_waits(at: datetime, now: datetime, random: Random) -> _Waits:
    """Typical waiting times, shortened so that they end before `now`."""
    longest = (now - at) / 3
    decided = at + min(timedelta(hours=min(random.lognormvariate(1.6, 0.55), 20)), longest)
    opened = decided + min(timedelta(hours=random.uniform(0.5, 9)), longest)
    return _Waits(decided, decided + min(timedelta(minutes=4), longest / 2), opened)


def buy_credits(session: Session, buyer: Actor, facility_id: int, credits: int, number: str) -> None:
    """Buy credits with a published test card. The first purchase stores the card."""
    purchase = purchases.begin_or_change(session, buyer, facility_id=facility_id, credits=credits)
    stored = [card for card in cards.my_cards(session, buyer) if number.endswith(card.last_four)]
    if stored:
        checkout.use_stored_card(buyer, purchase.id, stored[0].id, processor.sandbox().tokenize_cvv(_CVV))
    else:
        expiry = f"08/{(clock.now().year + 3) % 100:02}"
        token, _ = processor.sandbox().tokenize(number, expiry, _CVV, _ZIP_CODE)
        checkout.use_new_card(buyer, purchase.id, token, save=True)
    checkout.submit(buyer, purchase.id)
