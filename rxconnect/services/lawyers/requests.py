"""Requests: a family asks a facility to verify it as a lawyer, and sees what became of that."""

from __future__ import annotations

import re
from typing import Any

from sqlmodel import Session, col, select

from rxconnect import live
from rxconnect.db import add_once
from rxconnect.domain import clock, states
from rxconnect.domain.accounts import NAME_MAX, Actor, Permission
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.lawyers import BAR_NUMBER_MAX, LawyerState, LawyerView
from rxconnect.domain.problems import Problem, fields_with_problems
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Account, Facility, Lawyer, Location
from rxconnect.services.lawyers.lawyer_views import view

_BAR_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]*")
_SHOWN = 50


def ask(session: Session, actor: Actor, facility_id: int, *, name: str, bar_number: str, bar_state: str) -> None:
    """Ask a facility, one of the actor's locations, to verify the actor as a lawyer. Asking again corrects the request.

    Raises `NotAllowed`, `NotFound`, and `Invalid` (form, lawyer_name, bar_number, bar_state).
    """
    if not actor.may(Permission.WRITE_MESSAGES):
        raise NotAllowed
    mine = select(Location.facility_id).where(
        Location.account_id == actor.account_id, Location.facility_id == facility_id
    )
    if session.exec(mine).first() is None:
        raise NotFound("location")
    name, bar_number, code = one_line(name), one_line(bar_number), states.code_of(bar_state)
    if problems := _problems(actor, name, bar_number, code):
        raise Invalid(**problems)
    add_once(
        session,
        Lawyer(
            account_id=actor.account_id,
            facility_id=facility_id,
            name=name,
            bar_number=bar_number,
            bar_state=code,
            state=LawyerState.WAITING,
        ),
    )
    waiting = select(Lawyer).where(
        Lawyer.account_id == actor.account_id, Lawyer.facility_id == facility_id, Lawyer.state == LawyerState.WAITING
    )
    request = session.exec(waiting.with_for_update()).one()
    request.name, request.bar_number, request.bar_state, request.asked_at = name, bar_number, code, clock.now()
    live.publish(session, Topic(Subject.DESK, facility_id))


def mine(session: Session, actor: Actor) -> list[LawyerView]:
    """The actor's requests and verifications, the newest first."""
    query: Any = (
        select(Lawyer, Account, Facility)
        .join(Account, col(Account.id) == Lawyer.account_id)
        .join(Facility, col(Facility.id) == Lawyer.facility_id)
        .where(Lawyer.account_id == actor.account_id)
        .order_by(col(Lawyer.id).desc())
        .limit(_SHOWN)
    )
    return [view(*row) for row in session.exec(query)]


def _problems(actor: Actor, name: str, bar_number: str, code: str) -> dict[str, Any]:
    has_number = len(bar_number) <= BAR_NUMBER_MAX and _BAR_NUMBER.fullmatch(bar_number)
    too_long = Problem.TOO_LONG(most=NAME_MAX, length=len(name)) if len(name) > NAME_MAX else None
    return fields_with_problems(
        form=None if actor.email_verified else Problem.EMAIL_NOT_CONFIRMED(),
        lawyer_name=too_long if name else Problem.NAME_MISSING(),
        bar_number=None if has_number else Problem.BAR_NUMBER_UNREADABLE(most=BAR_NUMBER_MAX),
        bar_state=None if code else Problem.BAR_STATE_MISSING(),
    )
