"""Choices: when an account is told of each kind of notices, and below how many credits a wallet counts as low."""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from rxconnect import db
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.notices import (
    LOW_CREDITS_LEVEL,
    LOW_CREDITS_LEVELS,
    OPTIONAL,
    LevelView,
    NoticeKind,
    NoticesView,
    Pace,
    next_digest,
)
from rxconnect.models import Account, DigestLine, Facility, LedgerAccount, Location, LowCreditsLevel, NoticeChoice
from rxconnect.models.sorting import by_name
from rxconnect.services.notices import dead_addresses
from rxconnect.services.push import push_keys, subscriptions


def my_choices(session: Session, actor: Actor) -> NoticesView:
    """Everything on the actor's page of notices."""
    account = session.get_one(Account, actor.account_id)
    chosen = session.exec(select(NoticeChoice).where(NoticeChoice.account_id == actor.account_id))
    zone = time_zone(session, actor.account_id)
    return NoticesView(
        paces={kind.value: kind.default.value for kind in OPTIONAL} | {row.kind: row.pace for row in chosen},
        levels=_levels(session, actor),
        digest_at=dates.time_of_day(next_digest(clock.now(), zone), zone),
        address=account.email,
        is_confirmed=account.email_verified_at is not None,
        comes_back=dead_addresses.is_dead(session, account.email),
        push_key=push_keys.public_key(),
        is_pushed=subscriptions.is_subscribed(session, actor),
    )


def choose(session: Session, actor: Actor, kind: NoticeKind, pace: Pace) -> None:
    """Choose when the actor is told of a kind. Raises `NotFound` for a kind that is always sent."""
    if not kind.is_optional:
        raise NotFound("page")
    _store(session, actor.account_id, kind, pace)


def switch_off(session: Session, account_id: int, kinds: list[NoticeKind]) -> None:
    """Switch off notices of these kinds for an account whose token was verified (`unsubscribing`)."""
    for kind in kinds:
        _store(session, account_id, kind, Pace.OFF)


def choose_level(session: Session, actor: Actor, facility_id: int, level: int) -> None:
    """Choose below how many credits the actor's wallet counts as low; 0 for never. Raises `NotFound`."""
    if level not in LOW_CREDITS_LEVELS or facility_id not in {one.facility_id for one in _levels(session, actor)}:
        raise NotFound("facility")
    row = LowCreditsLevel(account_id=actor.account_id, facility_id=facility_id, level=level)
    if not db.add_once(session, row):
        session.get_one(LowCreditsLevel, (actor.account_id, facility_id)).level = level


def pace_of(session: Session, account_id: int, kind: NoticeKind) -> Pace:
    """When an account is told of this kind."""
    chosen = session.get(NoticeChoice, (account_id, kind)) if kind.is_optional else None
    return Pace(chosen.pace) if chosen else kind.default


def kinds_at(session: Session, account_id: int, pace: Pace) -> list[NoticeKind]:
    """The optional kinds of which an account is told at this pace."""
    return [kind for kind in OPTIONAL if pace_of(session, account_id, kind) is pace]


def level_of(session: Session, account_id: int, facility_id: int) -> int:
    """Below how many credits an account's wallet counts as low; 0 for never."""
    chosen = session.get(LowCreditsLevel, (account_id, facility_id))
    return LOW_CREDITS_LEVEL if chosen is None else chosen.level


def time_zone(session: Session, account_id: int) -> str:
    """The time zone of an account's daily email: that of its first location, else that of a new facility."""
    first = (
        select(Facility.time_zone)
        .join(Location, col(Location.facility_id) == col(Facility.id))
        .where(Location.account_id == account_id)
        .order_by(col(Location.id))
    )
    return session.exec(first).first() or Facility.model_fields["time_zone"].default


def _store(session: Session, account_id: int, kind: NoticeKind, pace: Pace) -> None:
    """Keep a choice. Who switches a kind off does not hear of it in the next daily email either."""
    if pace is Pace.OFF:
        session.exec(delete(DigestLine).where(col(DigestLine.account_id) == account_id, col(DigestLine.kind) == kind))
    row = session.get(NoticeChoice, (account_id, kind))
    if row is not None:
        row.pace = pace
    elif not db.add_once(session, NoticeChoice(account_id=account_id, kind=kind, pace=pace)):
        session.get_one(NoticeChoice, (account_id, kind)).pace = pace


def _levels(session: Session, actor: Actor) -> list[LevelView]:
    wallets = session.exec(
        select(Facility, LedgerAccount.balance)
        .join(LedgerAccount, col(LedgerAccount.facility_id) == col(Facility.id))
        .where(LedgerAccount.owner_id == actor.account_id, LedgerAccount.kind == AccountKind.WALLET)
        .order_by(by_name(Facility.name))
    )
    return [
        LevelView(place.id or 0, place.name, credits, str(level_of(session, actor.account_id, place.id or 0)))
        for place, credits in wallets
    ]
