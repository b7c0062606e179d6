"""Sealed batches: privileged letters are printed by an administrator, each behind a cover sheet, and handed over unread.

Paper needs hands, so this is the one place where a privileged letter leaves the database. Each PDF is recorded with every
letter in it, and the sender reads how often the letter was printed. A batch that was handed over cannot be printed again.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.messages import Lane, MessageStatus
from rxconnect.domain.print_batches import Handover, PrintBatchLine
from rxconnect.domain.privilege import SealedBatch, SealedLetter, SealedPage, SealedReady
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import ViewKind
from rxconnect.models import Account, Contact, Facility, Inmate, Message, PrintBatch, PrintPage
from rxconnect.models.sorting import by_name
from rxconnect.services.audit.recording import record
from rxconnect.services.paper import waiting
from rxconnect.services.paper.batch_lines import batch_lines
from rxconnect.services.paper.handovers import hand_over
from rxconnect.services.photos import serving
from rxconnect.services.privilege.facts import is_privileged_at
from rxconnect.services.review import desk

# Few enough to seal in one go.
LARGEST = 100
_PRINTED = [status for status in MessageStatus if status is MessageStatus.APPROVED or status.has_arrived]


def ready(session: Session, actor: Actor) -> list[SealedReady]:
    """How many privileged letters wait to be printed at each of the actor's facilities, where there are any."""
    places = select(Facility).where(col(Facility.id).in_(sealing_at(actor))).order_by(by_name(Facility.name))
    counted = [SealedReady(one.id or 0, one.name, len(_waiting(session, one.id or 0))) for one in session.exec(places)]
    return [one for one in counted if one.letters]


def create(session: Session, actor: Actor, facility_id: int) -> int:
    """Make a batch of the privileged letters that wait, at most `LARGEST`. Returns its id.

    Raises `NotFound`, `NotAllowed` and `PasswordNeeded`.
    """
    if facility_id not in actor.must(Permission.SEAL_LETTERS):
        raise NotFound("facility")
    # As for ordinary batches: the second of two presses waits here for the first.
    session.exec(select(Facility.id).where(Facility.id == facility_id).with_for_update()).one()
    letters = _waiting(session, facility_id)[:LARGEST]
    if not letters:
        raise NotFound("batch")
    batch = PrintBatch(facility_id=facility_id, lane=Lane.PRIVILEGED, made_by_account_id=actor.account_id)
    session.add(batch)
    session.flush()
    assert batch.id is not None
    session.add_all(PrintPage(batch_id=batch.id, message_id=one) for one in letters)
    session.flush()
    record(session, actor, facility_id, AuditKind.SEALED_MADE, subject=f"batch {batch.id}", letters=len(letters))
    desk.changed(session, facility_id)
    return batch.id


def my_batches(session: Session, actor: Actor) -> list[PrintBatchLine]:
    """The newest sealed batches of the actor's facilities, those to confirm first."""
    mine = col(PrintBatch.facility_id).in_(sealing_at(actor))
    return batch_lines(session, mine, col(PrintBatch.lane) == Lane.PRIVILEGED)


def get(session: Session, actor: Actor, batch_id: int) -> SealedBatch:
    """A batch on screen: the number and the time of each letter. Raises `NotFound`."""
    batch = _batch(session, actor, batch_id)
    facility = session.get_one(Facility, batch.facility_id)
    zone = facility.time_zone
    # As in `facts.letters`, no column with a word or a name is read.
    rows = session.exec(
        select(PrintPage.id, PrintPage.handover, Message.id, Message.created_at)
        .join(Message, col(Message.id) == PrintPage.message_id)
        .where(PrintPage.batch_id == batch_id)
        .order_by(col(PrintPage.id))
    )
    return SealedBatch(
        id=batch_id,
        facility=facility.name,
        made=dates.day_and_time(batch.made_at, zone),
        is_confirmed=batch.confirmed_at is not None,
        confirmed=dates.day_and_time(batch.confirmed_at, zone) if batch.confirmed_at else "",
        pages=[
            SealedPage(page_id or 0, message_id or 0, dates.day_and_time(at, zone), Handover(handover).label)
            for page_id, handover, message_id, at in rows
        ],
    )


def show(session: Session, actor: Actor, batch_id: int) -> SealedBatch:
    """As `get`, for somebody who opens the batch, which is recorded."""
    batch = _batch(session, actor, batch_id)
    record(session, actor, batch.facility_id, AuditKind.SEALED_SHOWN, subject=f"batch {batch_id}")
    return get(session, actor, batch_id)


def for_print(session: Session, actor: Actor, batch_id: int) -> list[SealedLetter]:
    """The letters of a batch as they are printed, sorted by housing unit. Records the PDF and every letter in it.

    Raises `NotFound`, also for a batch that was handed over, `NotAllowed` and `PasswordNeeded`.
    """
    actor.must(Permission.SEAL_LETTERS)
    batch = _batch(session, actor, batch_id)
    if batch.confirmed_at:
        raise NotFound("batch")
    zone = session.get_one(Facility, batch.facility_id).time_zone
    rows = session.exec(
        select(Message, Inmate, Account.name)
        .join(PrintPage, col(PrintPage.message_id) == Message.id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Account, col(Account.id) == Message.account_id)
        .where(PrintPage.batch_id == batch_id, PrintPage.handover == Handover.WAITING)
        # Those that wait to be handed over, or came to a kiosk first.
        .where(is_privileged_at((batch.facility_id,)), col(Message.status).in_(_PRINTED))
        .order_by(col(Inmate.housing), by_name(Inmate.last_name), col(Message.id))
    ).all()
    record(session, actor, batch.facility_id, AuditKind.SEALED_EXPORTED, subject=f"batch {batch_id}", letters=len(rows))
    desk.record_views(
        session, actor, [(batch.facility_id, message.id or 0, ViewKind.SEALED) for message, _person, _sender in rows]
    )
    photos = serving.to_print(session, [message.id or 0 for message, _person, _sender in rows])
    return [
        SealedLetter(
            message_id=message.id or 0,
            person=person.full_name,
            number=person.number,
            housing=person.housing,
            sender=sender,
            subject=message.subject,
            body=message.body,
            sent=dates.day_and_year(message.created_at, zone),
            photos=photos.get(message.id or 0, []),
        )
        for message, person, sender in rows
    ]


def confirm(session: Session, actor: Actor, batch_id: int, exceptions: Mapping[int, Handover] | None = None) -> None:
    """Confirm that a batch was handed over, except for these pages, as `paper.batches.confirm` does for ordinary ones.

    Raises `NotFound`, `NotAllowed`, `PasswordNeeded` and `Invalid`.
    """
    actor.must(Permission.SEAL_LETTERS)
    batch = _batch(session, actor, batch_id, lock=True)
    if batch.confirmed_at:
        return
    pages = session.exec(select(PrintPage).where(PrintPage.batch_id == batch_id).order_by(col(PrintPage.id))).all()
    exceptions = exceptions or {}
    if set(exceptions) - {page.id for page in pages} or Handover.WAITING in exceptions.values():
        raise Invalid(form=Problem.HANDOVER_UNKNOWN())
    batch.confirmed_at, batch.confirmed_by_account_id = clock.now(), actor.account_id
    # A letter that has followed its person since belongs to another facility's batch.
    for page in (one for one in pages if one.handover == Handover.WAITING):
        handover = exceptions.get(page.id or 0, Handover.HANDED_OVER)
        page.handover = handover if hand_over(session, actor, page.message_id or 0, handover) else Handover.MOVED
    record(
        session,
        actor,
        batch.facility_id,
        AuditKind.SEALED_CONFIRMED,
        subject=f"batch {batch_id}",
        pages=len(pages),
        exceptions={str(page_id): str(handover) for page_id, handover in exceptions.items()},
    )
    desk.changed(session, batch.facility_id)


def sealing_at(actor: Actor) -> tuple[int, ...]:
    """The facilities where the actor prints privileged letters. To look does not need a password that was just entered."""
    allowed = actor.facilities(Permission.SEAL_LETTERS)
    if not allowed:
        raise NotAllowed
    return allowed


def _waiting(session: Session, facility_id: int) -> list[int]:
    """The privileged letters of a facility that are to be printed, the oldest first."""
    to_print = select(Message.id).where(is_privileged_at((facility_id,)), waiting.letters())
    return [one for one in session.exec(to_print.order_by(col(Message.id))) if one is not None]


def _batch(session: Session, actor: Actor, batch_id: int, *, lock: bool = False) -> PrintBatch:
    mine = select(PrintBatch).where(
        PrintBatch.id == batch_id,
        PrintBatch.lane == Lane.PRIVILEGED,
        col(PrintBatch.facility_id).in_(sealing_at(actor)),
    )
    batch = session.exec(mine.with_for_update() if lock else mine).one_or_none()
    if batch is None:
        raise NotFound("batch")
    return batch
