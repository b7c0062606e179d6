"""A letter that is open at the desk, with everything that a reviewer needs beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.desk import BesideView, DeskLetter, ItemView
from rxconnect.domain.languages import language_name
from rxconnect.domain.messages import Direction, ItemKind, MessageStatus, Reason
from rxconnect.domain.own_texts import missing_languages, own_texts
from rxconnect.domain.photos import label_of
from rxconnect.domain.review import DecisionState, HoldReason, Queue, Shelf, ViewKind
from rxconnect.i18n import _
from rxconnect.models import Account, Appeal, Contact, Decision, Facility, Inmate, Item, Message, QueueEntry
from rxconnect.services.audit.recording import record
from rxconnect.services.directory import contact_reviews
from rxconnect.services.messages.appeal_views import appeal_view
from rxconnect.services.photos import serving
from rxconnect.services.review import claims, decision_views, desk, histories, shelves
from rxconnect.services.review.queue import due_text, has_decided
from rxconnect.services.screening import hits

# How many letters of the thread are shown beside the open one.
BESIDE = 6


@dataclass(frozen=True, slots=True)
class _Parts:
    """A letter with its sender, person and facility, and its entry in the queue."""

    message: Message
    sender: Account
    person: Inmate
    facility: Facility
    entry: QueueEntry | None


def block_pair(session: Session, actor: Actor, message_id: int, reason: str) -> None:
    """Block further letters from the sender of a letter to its person. Raises as `contact_reviews.block` does."""
    message = desk.letter(session, actor, message_id)
    contact = session.get_one(Contact, message.contact_id)
    contact_reviews.block(session, actor, contact.account_id, contact.inmate_id, message.facility_id, reason)


def open_letter(session: Session, actor: Actor, message_id: int) -> DeskLetter:
    """Open a letter: claim it if it waits and is free, and record that the actor saw it and those beside it.

    Another reviewer's letter, or one that is decided, opens too, but cannot be decided. Raises `NotFound`.
    """
    message = desk.letter(session, actor, message_id)
    claims.try_take(session, actor, message_id)
    beside = [(one.facility_id, one.id or 0, ViewKind.BESIDE) for one in _beside(session, actor, message)]
    desk.record_views(session, actor, [(message.facility_id, message_id, ViewKind.OPENED), *beside])
    session.flush()
    return reload(session, actor, message_id)


def close_letter(session: Session, actor: Actor, message_id: int) -> None:
    """Release the actor's claim of a letter, and record that it was closed. Does nothing about one that is out of reach."""
    claims.release(session, actor, message_id)
    reachable = select(Message.facility_id).where(Message.id == message_id, desk.is_letter(actor))
    if (facility_id := session.exec(reachable).first()) is not None:
        record(session, actor, facility_id, AuditKind.LETTER_CLOSED, message_id=message_id)


def reload(session: Session, actor: Actor, message_id: int) -> DeskLetter:
    """An open letter as it is now. Raises `NotFound`."""
    parts = _parts(session, actor, message_id)
    why_not = _why_not(session, actor, parts)
    return _view(session, actor, parts, why_not)


def reload_with_new_beside(session: Session, actor: Actor, message_id: int, shown: Collection[int]) -> DeskLetter:
    """As `reload`, and record that the actor saw the letters beside it that were not `shown` before. Raises `NotFound`."""
    message = desk.letter(session, actor, message_id)
    new = [one for one in _beside(session, actor, message) if one.id not in shown]
    desk.record_views(session, actor, [(one.facility_id, one.id or 0, ViewKind.BESIDE) for one in new])
    session.flush()
    return reload(session, actor, message_id)


def _parts(session: Session, actor: Actor, message_id: int) -> _Parts:
    message = desk.letter(session, actor, message_id)
    contact = session.get_one(Contact, message.contact_id)
    entry = desk.entry_of(session, actor, message_id)
    if entry:
        session.refresh(entry)
    return _Parts(
        message,
        session.get_one(Account, message.account_id),
        session.get_one(Inmate, contact.inmate_id),
        session.get_one(Facility, message.facility_id),
        entry,
    )


def _beside(session: Session, actor: Actor, message: Message) -> list[Message]:
    """The newest other messages of the thread that the actor may see, the oldest first."""
    # The thread is read first, along its own index: a database would else walk all letters of the facility.
    thread = select(Message.id).where(Message.contact_id == message.contact_id, Message.id != message.id)
    newest_first = (col(Message.created_at).desc(), col(Message.id).desc())
    newest = session.exec(thread.order_by(*newest_first).limit(10 * BESIDE)).all()
    seen = select(Message).where(desk.is_letter(actor), col(Message.id).in_(newest))
    return list(reversed(session.exec(seen.order_by(*newest_first).limit(BESIDE)).all()))


def _why_not(session: Session, actor: Actor, parts: _Parts) -> str:
    """Why the actor may not decide the letter now; "" if they may."""
    entry = parts.entry
    if entry is None or entry.is_decided:
        return _("This letter is decided, or does not wait any more.")
    if entry.queue == Queue.APPEALS and _has_decided(session, actor, entry.message_id):
        return _("You have decided this letter before, so somebody else must decide its appeal.")
    if entry.is_escalated and not session.exec(_entry(entry).where(desk.may_decide(actor))).first():
        return _("It was escalated: an administrator decides it.")
    if not session.exec(_entry(entry).where(claims.is_mine(actor))).first():
        return _("Somebody else has it open now.") if _claimed_by(session, entry) else _("Open it again to decide it.")
    return ""


def _entry(entry: QueueEntry) -> Any:
    return select(QueueEntry.message_id).where(QueueEntry.message_id == entry.message_id)


def _has_decided(session: Session, actor: Actor, message_id: int) -> bool:
    return (
        session.exec(select(Message.id).where(Message.id == message_id, has_decided(actor, col(Message.id)))).first()
        is not None
    )


def _claimed_by(session: Session, entry: QueueEntry | None) -> str:
    """The name of who has the letter open; "" if nobody."""
    if entry is None or entry.claimed_by is None or entry.claimed_until is None or entry.claimed_until <= clock.now():
        return ""
    return session.get_one(Account, entry.claimed_by).name


def _view(session: Session, actor: Actor, parts: _Parts, why_not: str) -> DeskLetter:
    message, facility, entry = parts.message, parts.facility, parts.entry
    assert message.id is not None
    assert facility.id is not None
    now, zone = clock.now(), facility.time_zone
    families, persons = _appeals(session, message)
    made = select(Decision).where(Decision.message_id == message.id, Decision.state != DecisionState.UNDONE)
    claimed_by = _claimed_by(session, entry)
    found_by, subject_pieces, body_pieces = hits.in_letter(session, message)
    return DeskLetter(
        message_id=message.id,
        facility_id=facility.id,
        facility=facility.name,
        queue=entry.queue if entry else "",
        shelf=_shelf(entry),
        is_reply=message.direction == Direction.INCOMING,
        sender=parts.sender.name,
        person=parts.person.full_name,
        number=parts.person.number,
        housing=parts.person.housing,
        subject=message.subject,
        body=message.body,
        written_in=message.language,
        subject_pieces=subject_pieces,
        pieces=body_pieces,
        found_by=found_by,
        sent=dates.day_and_time(message.created_at, zone),
        due=due_text(entry.due_at - now) if entry else "",
        is_overdue=bool(entry and entry.due_at <= now),
        held_for=HoldReason(entry.held_for).label if entry and entry.held_for else "",
        language=language_name(message.language),
        status_label=MessageStatus(message.status).label,
        items=_items(session, message),
        photos=serving.of_messages(session, [message.id]).get(message.id, []),
        beside=[_beside_view(other, zone) for other in _beside(session, actor, message)],
        sender_history=histories.of_sender(session, parts.sender, facility.id),
        person_history=histories.of_person(session, parts.person, facility.id),
        rules=own_texts(facility, facility.rules),
        untranslated=_untranslated(facility, parts.sender),
        notes=shelves.notes(session, actor, message.id),
        decisions=decision_views.views(session, actor, session.exec(made.order_by(col(Decision.id))).all()),
        appeal=appeal_view(families, zone) if families else None,
        protest=appeal_view(persons, zone) if persons else None,
        claimed_by=claimed_by,
        may_decide=not why_not,
        why_not=why_not,
    )


def _untranslated(facility: Facility, family: Account) -> str:
    texts = [*facility.rules, *facility.reason_texts.values()]
    lacking = missing_languages(facility, [family.language] if family.language else [], texts)
    if not lacking:
        return ""
    return _(
        "This family reads {language}. Some of the facility's own texts are not there in it yet: an administrator can add "
        "them under Settings. This is no reason against a letter."
    ).format(language=lacking)


def _appeals(session: Session, message: Message) -> tuple[Appeal | None, Appeal | None]:
    """The appeal of the family about a message, and the protest of the person in custody."""
    found = session.exec(select(Appeal).where(Appeal.message_id == message.id).order_by(col(Appeal.id))).all()
    families = next((one for one in found if one.account_id == message.account_id), None)
    return families, next((one for one in found if one is not families), None)


def _shelf(entry: QueueEntry | None) -> str:
    if entry is None:
        return ""
    if entry.is_escalated:
        return Shelf.ESCALATED
    return Shelf.SET_ASIDE if entry.set_aside_until and entry.set_aside_until > clock.now() else Shelf.WAITING


def _items(session: Session, message: Message) -> list[ItemView]:
    parts = select(Item).where(Item.message_id == message.id, Item.kind != ItemKind.REPLY)
    items = session.exec(parts.order_by(col(Item.id))).all()
    photos = [item.id for item in items if item.kind == ItemKind.PHOTO]
    return [
        ItemView(
            id=item.id or 0,
            kind=item.kind,
            label=label_of(photos.index(item.id) + 1, "") if item.id in photos else ItemKind(item.kind).label,
            status_label=MessageStatus(item.status).label,
            reason_label=Reason(item.reason).label if item.reason else "",
            is_open=item.status == MessageStatus.IN_REVIEW,
        )
        for item in items
    ]


def _beside_view(message: Message, zone: str) -> BesideView:
    is_outgoing = message.direction == Direction.OUTGOING
    return BesideView(
        message_id=message.id or 0,
        is_from_family=is_outgoing,
        subject=message.subject,
        body=message.body,
        written_in=message.language,
        at=dates.day_and_time(message.created_at, zone),
        # A reply on paper has no status of its own.
        status_label=MessageStatus(message.status).label if is_outgoing or message.writer_account_id else "",
    )
