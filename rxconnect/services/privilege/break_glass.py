"""Break-glass: one administrator asks to read one privileged letter, and another administrator of the facility agrees.

The asker may then read this letter for `OPEN_FOR`. Auditors and administrators are told when somebody asks and when the letter
is opened, and the lawyer when it is opened. Each look at the letter is recorded. A request is about a letter at one facility:
when the letter follows its person to another one, nobody can answer the request or read the letter by it any more. Neither can
they when the asker is no administrator there any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import PERMISSIONS, Actor, Permission, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import AnotherAdministratorNeeded, Invalid, NotFound
from rxconnect.domain.messages import writer_and_recipient
from rxconnect.domain.privilege import (
    ASKED_FOR,
    OPEN_FOR,
    REASON_MAX,
    REASON_MIN,
    GlassState,
    GlassView,
    OpenedLetter,
    glass_label,
)
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import ViewKind
from rxconnect.domain.text import one_line
from rxconnect.models import Account, BreakGlass, Contact, Facility, Inmate, Invitation, Message, StaffPost
from rxconnect.services.audit.recording import record
from rxconnect.services.photos import serving
from rxconnect.services.privilege import facts, glass_emails
from rxconnect.services.review import desk

_SHOWN = 50


def ask(session: Session, actor: Actor, message_id: int, reason: str) -> int:
    """Ask to open one privileged letter. Returns the request's id.

    Raises `NotFound`, `NotAllowed`, `PasswordNeeded`, and `Invalid` (reason).
    """
    here = facts.is_privileged_at(actor.must(Permission.BREAK_GLASS))
    facility_id = session.exec(select(Message.facility_id).where(Message.id == message_id, here)).one_or_none()
    if facility_id is None:
        raise NotFound("message")
    reason = one_line(reason)
    if len(reason) < REASON_MIN:
        raise Invalid(reason=Problem.OPENING_REASON_TOO_SHORT())
    if len(reason) > REASON_MAX:
        raise Invalid(reason=Problem.TOO_LONG(most=REASON_MAX, length=len(reason)))
    request = BreakGlass(
        message_id=message_id,
        facility_id=facility_id,
        asked_by_account_id=actor.account_id,
        reason=reason,
        state=GlassState.ASKED,
    )
    session.add(request)
    session.flush()
    _record(session, actor, request, AuditKind.GLASS_ASKED)
    glass_emails.tell_staff_of_asking(session, request)
    return request.id or 0


def agree(session: Session, actor: Actor, request_id: int) -> None:
    """Agree, so that the asker may read the letter for a while. Auditors, administrators and the lawyer are told.

    Raises `AnotherAdministratorNeeded` for the asker, and for an administrator whom the asker has invited to the facility or
    who has invited the asker: one person may hold both accounts. Raises `NotFound`, `NotAllowed` and `PasswordNeeded`.
    """
    request = _to_answer(session, actor, request_id)
    asker_id = request.asked_by_account_id
    if asker_id == actor.account_id or _has_invited(session, request.facility_id, asker_id, actor.account_id):
        raise AnotherAdministratorNeeded
    request.open_until = clock.now() + OPEN_FOR
    _answer(session, actor, request, GlassState.AGREED, AuditKind.GLASS_AGREED)
    glass_emails.tell_staff_of_opening(session, request)
    glass_emails.tell_lawyer(session, request)


def decline(session: Session, actor: Actor, request_id: int) -> None:
    """Decline. The asker may do so too, to take the request back. Raises as `agree`."""
    request = _to_answer(session, actor, request_id)
    _answer(session, actor, request, GlassState.DECLINED, AuditKind.GLASS_DECLINED)


def read(session: Session, actor: Actor, request_id: int) -> OpenedLetter:
    """The letter, for the asker alone and while it is open. Each call is recorded, and counted for the lawyer.

    Its photos are named alone: their files are given, and recorded, one by one (`glass_photos`).

    Raises `NotFound`, `NotAllowed` and `PasswordNeeded`.
    """
    columns: Any = (BreakGlass, Message, Inmate, Account.name, Facility.time_zone)
    row = session.exec(
        select(*columns)
        .join(Message, col(Message.id) == BreakGlass.message_id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Account, col(Account.id) == Message.account_id)
        .join(Facility, col(Facility.id) == BreakGlass.facility_id)
        .where(BreakGlass.id == request_id, BreakGlass.asked_by_account_id == actor.account_id)
        .where(BreakGlass.state == GlassState.AGREED, col(BreakGlass.open_until) > clock.now())
        .where(facts.is_privileged_at(actor.must(Permission.BREAK_GLASS)), _is_still_there())
    ).one_or_none()
    if row is None:
        raise NotFound("opening")
    request, message, person, family, zone = row
    writer, recipient = writer_and_recipient(message.direction, family, person.full_name)
    assert request.open_until is not None
    desk.record_views(session, actor, [(request.facility_id, request.message_id, ViewKind.GLASS)])
    return OpenedLetter(
        message_id=request.message_id,
        sender=writer,
        recipient=recipient,
        subject=message.subject,
        body=message.body,
        sent=dates.day_and_time(message.created_at, zone),
        until=dates.day_and_time(request.open_until, zone),
        photos=serving.undecided(session, request.message_id),
    )


def requests(session: Session, actor: Actor) -> list[GlassView]:
    """The newest requests at the actor's facilities, for administrators and auditors. Raises `NotAllowed`."""
    asker, answerer = aliased(Account), aliased(Account)
    holds = and_(_is_still_there(), _asker_may_read())
    columns: Any = (BreakGlass, Message.created_at, Facility, asker.name, answerer.name, holds)
    rows = session.exec(
        select(*columns)
        .join(Message, col(Message.id) == BreakGlass.message_id)
        .join(Facility, col(Facility.id) == BreakGlass.facility_id)
        .join(asker, col(asker.id) == BreakGlass.asked_by_account_id)
        .join(answerer, col(answerer.id) == BreakGlass.answered_by_account_id, isouter=True)
        .where(col(BreakGlass.facility_id).in_(facts.facilities(actor)))
        .order_by(col(BreakGlass.id).desc())
        .limit(_SHOWN)
    )
    return [_glass_view(actor, *row) for row in rows]


def _glass_view(
    actor: Actor,
    request: BreakGlass,
    sent: datetime,
    facility: Facility,
    asked_by: str,
    answered_by: str | None,
    holds: bool,
) -> GlassView:
    zone, state, now = facility.time_zone, GlassState(request.state), clock.now()
    has_lapsed = state is GlassState.ASKED and (now >= request.asked_at + ASKED_FOR or not holds)
    is_closed = request.open_until is not None and (now >= request.open_until or not holds)
    may = request.facility_id in actor.facilities(Permission.BREAK_GLASS)
    return GlassView(
        id=request.id or 0,
        message_id=request.message_id,
        facility=facility.name,
        sent=dates.day_and_time(sent, zone),
        asked_by=asked_by,
        asked=dates.day_and_time(request.asked_at, zone),
        reason=request.reason,
        state=state,
        state_label=glass_label(state, is_over=has_lapsed or is_closed),
        answered_by=answered_by or "",
        can_answer=may and state is GlassState.ASKED and not has_lapsed,
        can_read=(
            may and state is GlassState.AGREED and not is_closed and request.asked_by_account_id == actor.account_id
        ),
        open_until=dates.day_and_time(request.open_until, zone) if request.open_until else "",
    )


def _to_answer(session: Session, actor: Actor, request_id: int) -> BreakGlass:
    here = col(BreakGlass.facility_id).in_(actor.must(Permission.BREAK_GLASS))
    waiting = (
        BreakGlass.id == request_id,
        BreakGlass.state == GlassState.ASKED,
        col(BreakGlass.asked_at) > clock.now() - ASKED_FOR,
    )
    is_there = exists().where(col(Message.id) == col(BreakGlass.message_id), _is_still_there())
    asked = select(BreakGlass).where(here, is_there, _asker_may_read(), *waiting)
    request = session.exec(asked.with_for_update()).one_or_none()
    if request is None:
        raise NotFound("opening")
    return request


def _is_still_there() -> ColumnElement[bool]:
    """The condition for a letter that has not left the facility where somebody asked to open it."""
    return col(Message.facility_id) == col(BreakGlass.facility_id)


def _asker_may_read() -> ColumnElement[bool]:
    """The condition for a request whose asker still may open letters there: they may have got another role since, or none."""
    return exists().where(
        col(StaffPost.account_id) == col(BreakGlass.asked_by_account_id),
        col(StaffPost.facility_id) == col(BreakGlass.facility_id),
        col(StaffPost.role).in_([role for role in Role if Permission.BREAK_GLASS in PERMISSIONS[role]]),
        col(StaffPost.suspended_at).is_(None),
    )


def _has_invited(session: Session, facility_id: int, one_id: int, other_id: int) -> bool:
    """Whether one of two accounts joined the facility's staff by an invitation of the other."""
    invited = select(Invitation.id).join(Account, col(Account.email) == Invitation.email)
    accepted = (Invitation.facility_id == facility_id, col(Invitation.accepted_at).is_not(None))
    either = or_(
        and_(col(Invitation.invited_by) == one_id, col(Account.id) == other_id),
        and_(col(Invitation.invited_by) == other_id, col(Account.id) == one_id),
    )
    return session.exec(invited.where(*accepted, either)).first() is not None


def _answer(session: Session, actor: Actor, request: BreakGlass, state: GlassState, kind: AuditKind) -> None:
    request.state, request.answered_by_account_id, request.answered_at = state, actor.account_id, clock.now()
    _record(session, actor, request, kind)


def _record(session: Session, actor: Actor, request: BreakGlass, kind: AuditKind) -> None:
    # Without the reason, which a person has typed: the chain holds no words.
    record(
        session,
        actor,
        request.facility_id,
        kind,
        message_id=request.message_id,
        subject=f"opening {request.id}",
    )
    desk.changed(session, request.facility_id)
