"""Takes the last import of a facility back as a whole: the people are where and what they were before it.

Refunds and emails that went out meanwhile stay, and are listed. A person whom another facility's import changed since
stays as that import left them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.imports import UndoView
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.money import dollars
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.i18n import _, counted
from rxconnect.models import (
    Contact,
    Inmate,
    InmateAbsence,
    InmateMerge,
    InmateMove,
    Message,
    MessageEvent,
    Refund,
    RosterImport,
)
from rxconnect.search import directory
from rxconnect.services.custody import roster_absences
from rxconnect.services.custody.roster_changes import Update
from rxconnect.services.custody.roster_imports import Undo, unpack
from rxconnect.services.custody.roster_updates import stale_sheets, store_updates
from rxconnect.services.rosters.roster_people import Stored, batches_of, load_facilities_by_key, select_people, tied_ids


def undo_import(session: Session, facility_id: int) -> UndoView:
    """Take back the last import of a facility's roster.

    Raises `NotFound` when there is none, or when it was taken back already: an earlier one cannot be.
    """
    directory.lock_directory(session)
    last = session.exec(
        select(RosterImport)
        .where(RosterImport.facility_id == facility_id)
        .order_by(col(RosterImport.id).desc())
        .limit(1)
        .with_for_update()
    ).first()
    if last is None or last.undone_at:
        raise NotFound("import to take back")
    every = unpack(last.changes)
    removed, kept = _remove_new(session, last)
    updates, others = _updates(session, [one for one in every if not one.is_absorbed])
    _forget_moves(session, updates, last.at)
    store_updates(session, [*_out_of_the_way(kept, updates), *updates])
    _restore_absences(session, every, updates)
    restored = {before.id for before, _ in updates}
    _restore_absorbed(session, [one for one in every if one.is_absorbed])
    session.execute(delete(InmateMerge).where(col(InmateMerge.import_id) == last.id))
    session.flush()
    directory.write_sheets(session, stale_sheets(session, updates) | {facility_id} | {one.facility_id for one in every})
    last.undone_at, last.changes = clock.now(), b""
    stays = _what_stays(session, facility_id, restored, last.at)
    return UndoView(restored=len(restored), removed=removed, kept=[*_people_kept(len(kept), others), *stays])


def _updates(session: Session, every: Collection[Undo]) -> tuple[list[Update], int]:
    """The updates that restore people, and the number of those whom another import moved since."""
    wanted = {one.inmate_id: one for one in every}
    updates, others = [], 0
    for batch in batches_of(wanted):
        for now in select_people(session, col(Inmate.id).in_(batch)):
            one = wanted[now.id]
            if now.facility_id != one.facility_id:
                others += 1
                continue
            restored = now._replace(**one.columns)
            if one.absence is None or one.absence.released_at is None:
                # The job may have released a person since, whom this import found missing.
                was_held = "custody" not in one.columns and now.custody == Custody.RELEASED
                restored = restored._replace(custody=Custody.HELD.value) if was_held else restored
            updates.append(Update(now, restored))
    return updates, others


def _remove_new(session: Session, last: RosterImport) -> tuple[int, list[Stored]]:
    """Remove the people whom the import added. Who is somebody's contact by now stays, and is missing from the list."""
    here = col(Inmate.facility_id) == last.facility_id, col(Inmate.id) > last.newest_inmate_id
    added = list(select_people(session, *here))
    tied = tied_ids(session, [person.id for person in added])
    loose = [person for person in added if person.id not in tied]
    for batch in batches_of([person.id for person in loose]):
        session.execute(delete(InmateAbsence).where(col(InmateAbsence.inmate_id).in_(batch)))
    directory.remove_people(session, [person.named for person in loose])
    kept = [person for person in added if person.id in tied]
    days = next(
        one.release_after_days for one in load_facilities_by_key(session).values() if one.id == last.facility_id
    )
    roster_absences.add_absences(session, [person for person in kept if person.is_held], days)
    return len(loose), kept


def _out_of_the_way(kept: Collection[Stored], updates: Collection[Update]) -> list[Update]:
    """Newcomers who stay, but whose number belongs to a restored person again."""
    taken = {(after.facility_id, after.number_key) for _, after in updates}
    return [
        Update(person, person._replace(number_key=f"{person.number_key[:12]}~{person.id}"))
        for person in kept
        if (person.facility_id, person.number_key) in taken
    ]


def _restore_absences(session: Session, every: Collection[Undo], updates: Collection[Update]) -> None:
    """Restore the absences of before. Who counted as released meanwhile came back: their families are told."""
    restored = {now.id for now, _ in updates}
    returned = {now.id for now, after in updates if after.is_held and now.custody == Custody.RELEASED}
    roster_absences.end_absences(session, returned)
    roster_absences.restore_absences(
        session, {one.inmate_id: one.absence for one in every if one.inmate_id in restored - returned}
    )


def _forget_moves(session: Session, updates: Collection[Update], since: datetime) -> None:
    for now, restored in updates:
        if now.facility_id != restored.facility_id:
            session.execute(
                delete(InmateMove).where(
                    col(InmateMove.inmate_id) == now.id,
                    col(InmateMove.from_facility_id) == restored.facility_id,
                    col(InmateMove.moved_at) >= since,
                )
            )


def _restore_absorbed(session: Session, every: Collection[Undo]) -> None:
    rows = [{name: value for name, value in one.columns.items() if name != "id"} for one in every]
    directory.insert_people(session, rows)


def _people_kept(kept: int, others: int) -> list[str]:
    """Sentences about the people who are not as they were."""
    sentences = []
    if kept:
        sentences.append(
            counted(
                "{count} newcomer stayed, because families have them as contacts; they are missing from the list now.",
                "{count} newcomers stayed, because families have them as contacts; they are missing from the list now.",
                kept,
            )
        )
    if others:
        sentences.append(
            counted(
                "{count} person stayed where a later import of another facility put them.",
                "{count} people stayed where a later import of another facility put them.",
                others,
            )
        )
    return sentences


def _what_stays(session: Session, facility_id: int, inmate_ids: Collection[int], since: datetime) -> list[str]:
    """Sentences about the refunds and the returned letters that followed from the import. Each caused an email."""
    accounts: set[int] = set()
    returned = 0
    for batch in batches_of(inmate_ids):
        theirs = col(Contact.inmate_id).in_(batch)
        accounts.update(session.scalars(select(Contact.account_id).where(theirs)))
        letters = select(func.count()).select_from(MessageEvent).join(Message).join(Contact)
        letters = letters.where(theirs, MessageEvent.status == MessageStatus.UNDELIVERABLE, MessageEvent.at >= since)
        returned += session.scalar(letters.where(col(MessageEvent.item_id).is_(None))) or 0
    lines = []
    for batch in batches_of(sorted(accounts)):
        made = select(Refund).where(
            col(Refund.account_id).in_(batch),
            Refund.facility_id == facility_id,
            Refund.cause == Cause.RELEASED,
            Refund.created_at >= since,
        )
        lines += [
            _("A refund of {amount} stays ({status}; refund {number}), and so does its email.").format(
                amount=dollars(refund.cents), status=RefundStatus(refund.status).label, number=refund.id[:8]
            )
            for refund in session.exec(made.order_by(col(Refund.created_at)))
        ]
    if returned:
        lines.append(
            counted(
                "{count} letter came back to its family, with an email. The credits are in the wallet.",
                "{count} letters came back to their families, each with an email. The credits are in the wallets.",
                returned,
            )
        )
    return lines
