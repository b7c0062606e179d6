"""Facts: checks of what has happened in a world since a session started, by the name in a step's `done`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.lawyers import LawyerState
from rxconnect.domain.messages import Direction, ItemKind, Lane, MessageStatus
from rxconnect.domain.photos import PhotoState
from rxconnect.domain.review import DecisionState, Outcome, ViewKind
from rxconnect.domain.screening import RuleEvent
from rxconnect.models import (
    Appeal,
    AuditRow,
    BreakGlass,
    Card,
    Contact,
    Decision,
    DecisionItem,
    Draft,
    InmateMove,
    Item,
    Lawyer,
    Location,
    Message,
    MessageEvent,
    Photo,
    PrintBatch,
    Purchase,
    Receipt,
    Refund,
    ScreeningEvent,
    SecondReading,
    StaffView,
    Transfer,
    WarmUp,
)
from rxconnect.services.accounts import throttle


@dataclass(frozen=True, slots=True)
class Cast:
    """The ids of the accounts that a session's seats act as: the family, the staff, and the person at the kiosk."""

    family: int
    staff: frozenset[int]
    inside: int


# Takes the people of the session and a time on the world's clock. True if it has happened since then.
Fact = Callable[[Session, Cast, datetime], bool]
_Condition = ColumnElement[bool] | bool

# A decision can be undone for some seconds. Whoever made it goes on at once, so a step at the desk does not wait for that.
_STANDS = (DecisionState.PENDING, DecisionState.COMMITTED)


def _row_exists(model: Any, when: Any, *conditions: _Condition) -> Fact:
    """A fact that is true if the family has a row of this model that meets the conditions."""

    def fact(session: Session, cast: Cast, since: datetime) -> bool:
        return _found(session, model, model.account_id == cast.family, col(when) >= since, *conditions)

    return fact


def _staff_row_exists(model: Any, by: Any, when: Any, *conditions: _Condition) -> Fact:
    """A fact that is true if the session's staff have made a row of this model that meets the conditions."""

    def fact(session: Session, cast: Cast, since: datetime) -> bool:
        return _found(session, model, col(by).in_(cast.staff), col(when) >= since, *conditions)

    return fact


def _row_about_a_letter_exists(model: Any, when: Any, *conditions: _Condition) -> Fact:
    """A fact that is true if a row of this model about a letter of the family meets the conditions."""

    def fact(session: Session, cast: Cast, since: datetime) -> bool:
        theirs = (col(Message.id) == col(model.message_id), col(Message.account_id) == cast.family)
        return _found(session, model, exists().where(*theirs), col(when) >= since, *conditions)

    return fact


def _found(session: Session, model: Any, *conditions: Any) -> bool:
    return session.exec(select(model).where(*conditions).limit(1)).first() is not None


def _audited(kind: AuditKind, *conditions: _Condition) -> Fact:
    """A fact that is true if the audit has such an act of the session's staff."""
    return _staff_row_exists(AuditRow, AuditRow.account_id, AuditRow.at, col(AuditRow.kind) == kind, *conditions)


def _decided_at_the_desk(outcome: Outcome) -> Fact:
    """A fact that is true if the session's staff have decided any letter so, and have not undone it."""
    is_so = (Decision.outcome == outcome, col(Decision.state).in_(_STANDS))
    return _staff_row_exists(Decision, Decision.by_account_id, Decision.made_at, *is_so)


def _part_decided(kind: ItemKind, outcome: Outcome) -> Fact:
    """A fact that is true if a decision about such a part of a letter of the family has taken effect."""
    part = exists().where(
        col(DecisionItem.decision_id) == col(Decision.id),
        col(DecisionItem.outcome) == outcome,
        col(Item.id) == col(DecisionItem.item_id),
        col(Item.kind) == kind,
    )
    return _row_about_a_letter_exists(Decision, Decision.committed_at, Decision.state == DecisionState.COMMITTED, part)


def _reached(status: MessageStatus, *conditions: _Condition) -> Fact:
    """A fact that is true if a letter to or from the family has reached this status."""
    return _row_about_a_letter_exists(MessageEvent, MessageEvent.at, MessageEvent.status == status, *conditions)


def _is(**columns: object) -> ColumnElement[bool]:
    """The condition that the message of an event has these columns."""
    same = (col(getattr(Message, name)) == value for name, value in columns.items())
    return exists().where(col(Message.id) == col(MessageEvent.message_id), *same)


def _has_searched(session: Session, cast: Cast, since: datetime) -> bool:
    return throttle.has_tried(session, "inmate search", str(cast.family), since)


def _has_moved(session: Session, cast: Cast, since: datetime) -> bool:
    """Whether one of the family's contacts has moved to another facility."""
    theirs = (col(Contact.inmate_id) == col(InmateMove.inmate_id), col(Contact.account_id) == cast.family)
    return _found(session, InmateMove, exists().where(*theirs), col(InmateMove.moved_at) >= since)


def _was_opened_inside(session: Session, cast: Cast, since: datetime) -> bool:
    """Whether the person at the kiosk has opened a letter of the family."""
    return _reached(MessageStatus.OPENED, col(MessageEvent.by_account_id) == cast.inside)(session, cast, since)


def _has_replied(session: Session, cast: Cast, since: datetime) -> bool:
    """Whether the person at the kiosk has sent the family a reply."""
    is_theirs = (Message.account_id == cast.family, Message.writer_account_id == cast.inside)
    return _found(session, Message, *is_theirs, col(Message.created_at) >= since)


_SENT = (Message, Message.created_at, col(Message.direction) == Direction.OUTGOING)
_HANDED_OVER = (PrintBatch, PrintBatch.confirmed_by_account_id, PrintBatch.confirmed_at)
_FOLLOWED = exists().where(col(Message.id) == col(MessageEvent.message_id), col(Message.paid_facility_id).is_not(None))
_OF_ESCALATED = exists().where(
    col(AuditRow.kind) == AuditKind.ESCALATED, col(AuditRow.message_id) == col(Decision.message_id)
)

FACTS: dict[str, Fact] = {
    # The family
    "location added": _row_exists(Location, Location.created_at),
    "search made": _has_searched,
    "contact added": _row_exists(Contact, Contact.created_at, col(Contact.removed_at).is_(None)),
    "purchase begun": _row_exists(Purchase, Purchase.created_at),
    "card chosen": _row_exists(Purchase, Purchase.created_at, col(Purchase.card_last_four) != ""),
    "credits bought": _row_exists(Purchase, Purchase.paid_at),
    "card stored": _row_exists(Card, Card.created_at, col(Card.removed_at).is_(None)),
    "receipt issued": _row_exists(Receipt, Receipt.issued_at),
    "draft written": _row_exists(Draft, Draft.updated_at, col(Draft.body) != ""),
    "photo uploaded": _row_exists(Photo, Photo.created_at, col(Photo.state) != PhotoState.UPLOADING),
    "message sent": _row_exists(*_SENT),
    "privileged letter sent": _row_exists(*_SENT, Message.lane == Lane.PRIVILEGED),
    "appeal made": _row_exists(Appeal, Appeal.made_at),
    "refund asked": _row_exists(Refund, Refund.created_at, col(Refund.by_account_id).is_(None)),
    # What becomes of the family's letters
    "letter approved": _part_decided(ItemKind.TEXT, Outcome.APPROVED),
    "letter rejected": _part_decided(ItemKind.TEXT, Outcome.REJECTED),
    "photo let through": _part_decided(ItemKind.PHOTO, Outcome.APPROVED),
    "photo withheld": _part_decided(ItemKind.PHOTO, Outcome.REJECTED),
    "appeal decided": _row_exists(Appeal, Appeal.decided_at),
    "reply delivered": _reached(MessageStatus.DELIVERED, _is(direction=Direction.INCOMING)),
    # The person in custody
    "letter opened on the kiosk": _was_opened_inside,
    "reply sent from the kiosk": _has_replied,
    "paper asked for on the kiosk": _row_exists(Message, Message.print_asked_at),
    # Somebody moves
    "person moved": _has_moved,
    "letter followed": _reached(MessageStatus.SCREENING, _FOLLOWED),
    "letter returned": _reached(MessageStatus.UNDELIVERABLE),
    "credits moved": _row_exists(Transfer, Transfer.created_at),
    # The staff, with any family's letters
    "letter opened at the desk": _staff_row_exists(
        StaffView, StaffView.account_id, StaffView.at, StaffView.kind == ViewKind.OPENED
    ),
    "approved at the desk": _decided_at_the_desk(Outcome.APPROVED),
    "rejected at the desk": _decided_at_the_desk(Outcome.REJECTED),
    "set aside at the desk": _audited(AuditKind.SET_ASIDE),
    "escalated at the desk": _audited(AuditKind.ESCALATED),
    "escalated letter decided": _staff_row_exists(
        Decision,
        Decision.by_account_id,
        Decision.made_at,
        Decision.by_role == Role.ADMINISTRATOR,
        col(Decision.state).in_(_STANDS),
        _OF_ESCALATED,
    ),
    "letters handed over": _staff_row_exists(*_HANDED_OVER, PrintBatch.lane == Lane.ORDINARY),
    "sealed letters handed over": _staff_row_exists(*_HANDED_OVER, PrintBatch.lane == Lane.PRIVILEGED),
    "rule switched on": _staff_row_exists(
        ScreeningEvent, ScreeningEvent.account_id, ScreeningEvent.at, ScreeningEvent.event == RuleEvent.ON
    ),
    "lawyer verified": _row_exists(Lawyer, Lawyer.decided_at, Lawyer.state == LawyerState.VERIFIED),
    "opening asked": _row_about_a_letter_exists(BreakGlass, BreakGlass.asked_at),
    "warm-up answered": _audited(AuditKind.WARM_UP_ANSWERED),
    "warm-up ended": _staff_row_exists(WarmUp, WarmUp.account_id, WarmUp.ended_at, col(WarmUp.is_skipped).is_(False)),
    "second reading given": _staff_row_exists(SecondReading, SecondReading.read_by, SecondReading.read_at),
    "disagreement judged": _staff_row_exists(SecondReading, SecondReading.judged_by, SecondReading.judged_at),
    "audit searched": _audited(AuditKind.AUDIT_SHOWN, col(AuditRow.details) != "", AuditRow.role == Role.AUDITOR),
    "refund given by staff": _row_exists(Refund, Refund.created_at, col(Refund.by_account_id).is_not(None)),
}
