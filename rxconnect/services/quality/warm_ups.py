"""Warm-ups: a short run of invented letters before a shift. They are no decisions, and are never mixed with real letters."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sqlalchemy import exists
from sqlmodel import Session, col, select

from rxconnect.domain import clock, warm_ups
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.warm_ups import SHIFT, WarmUpLetter
from rxconnect.models import Facility, WarmUp
from rxconnect.services.audit.recording import record, record_at

LETTERS_FILE = Path(__file__).parent / "warm_up_letters.toml"


def is_offered(session: Session, actor: Actor) -> bool:
    """Whether a facility of this reviewer has warm-ups, and they have neither ended nor skipped one in this shift."""
    places = _places(session, actor)
    lately = exists().where(col(WarmUp.account_id) == actor.account_id, col(WarmUp.ended_at) > clock.now() - SHIFT)
    return bool(places) and not session.exec(select(lately)).one()


def show(session: Session, actor: Actor) -> None:
    """Record that the page was shown. Raises `NotAllowed` where no facility of this reviewer has warm-ups."""
    record_at(session, actor, _required_places(session, actor), AuditKind.WARM_UP_SHOWN)


def begin(session: Session, actor: Actor) -> list[WarmUpLetter]:
    """Begin a warm-up. Returns its letters with their answers, which no browser is sent. Raises `NotAllowed`."""
    place = _required_places(session, actor)[0]
    record(session, actor, place, AuditKind.WARM_UP_BEGUN)
    letters = warm_ups.parse(LETTERS_FILE.read_text(encoding="utf-8"))
    return warm_ups.choose(letters, Random(f"{actor.account_id} {clock.now()}"))  # noqa: S311 - which letters come is no secret


def answer(session: Session, actor: Actor, place: int, *, is_right: bool) -> None:
    """Record the answer to the letter at this place of the warm-up, counted from 1. Raises `NotAllowed`."""
    at = _required_places(session, actor)[0]
    record(session, actor, at, AuditKind.WARM_UP_ANSWERED, letter=place, right=is_right)


def end(session: Session, actor: Actor, letters: int, correct: int) -> None:
    """Keep that a warm-up has ended. Raises `NotAllowed`."""
    place = _required_places(session, actor)[0]
    session.add(WarmUp(account_id=actor.account_id, facility_id=place, letters=letters, correct=correct))
    record(session, actor, place, AuditKind.WARM_UP_ENDED, letters=letters, right=correct)


def skip(session: Session, actor: Actor) -> None:
    """Keep that the warm-up of this shift was skipped, which everybody may. Raises `NotAllowed`."""
    place = _required_places(session, actor)[0]
    session.add(WarmUp(account_id=actor.account_id, facility_id=place, is_skipped=True))
    record(session, actor, place, AuditKind.WARM_UP_SKIPPED)


def _required_places(session: Session, actor: Actor) -> list[int]:
    places = _places(session, actor)
    if not places:
        raise NotAllowed
    return places


def _places(session: Session, actor: Actor) -> list[int]:
    """The ids of the facilities where the actor reviews, and a shift may begin with a warm-up."""
    reviewed = actor.facilities(Permission.REVIEW_MESSAGES)
    has = select(Facility.id).where(col(Facility.id).in_(reviewed), col(Facility.has_warm_up))
    return [one for one in session.exec(has.order_by(col(Facility.id))) if one is not None]
