"""Print batches: letters and notices that wait for paper are printed together, and a confirmation delivers them.

Staff make a batch, print it as often as they like, and confirm it once it was handed over. Whatever could not be handed
over is named page by page, and its credits come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.messages import Lane
from rxconnect.domain.print_batches import Handover, PrintBatchLine, PrintBatchView, ReadyToPrint
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import ViewKind
from rxconnect.models import Account, Facility, Message, Notice, PrintBatch, PrintPage
from rxconnect.models.sorting import by_name
from rxconnect.services.audit.recording import Act, record_acts
from rxconnect.services.paper import waiting
from rxconnect.services.paper.batch_lines import batch_lines
from rxconnect.services.paper.handovers import hand_over
from rxconnect.services.paper.pages import batch_pages
from rxconnect.services.photos import serving
from rxconnect.services.review import desk

# Enough for a day of a large facility, and few enough to print in one go.
LARGEST = 500
# A PDF holds all of its photos in memory while it is made: about 60 MB.
MOST_PHOTOS = 300


def ready(session: Session, actor: Actor) -> list[ReadyToPrint]:
    """How many letters and notices wait to be printed at each of the actor's facilities."""
    facilities = select(Facility).where(col(Facility.id).in_(desk.facilities(actor))).order_by(by_name(Facility.name))
    return [
        ReadyToPrint(one.id, one.name, len(_letters(session, actor, one.id)), len(_notices(session, one.id)))
        for one in session.exec(facilities).all()
        if one.id is not None
    ]


def create(session: Session, actor: Actor, facility_id: int) -> int:
    """Make a batch of everything that waits to be printed, at most `LARGEST` pages and `MOST_PHOTOS` photos. Returns its id.

    Raises `NotFound` when nothing waits.
    """
    desk.facilities(actor, facility_id)
    # Two people who press at once make two batches of different letters: the second waits here for the first.
    session.exec(select(Facility.id).where(Facility.id == facility_id).with_for_update()).one()
    letters = _that_fit(session, _letters(session, actor, facility_id)[:LARGEST])
    notices = _notices(session, facility_id)[: LARGEST - len(letters)]
    if not letters and not notices:
        raise NotFound("batch")
    batch = PrintBatch(facility_id=facility_id, made_by_account_id=actor.account_id)
    session.add(batch)
    session.flush()
    assert batch.id is not None
    session.add_all(PrintPage(batch_id=batch.id, message_id=one) for one in letters)
    session.add_all(PrintPage(batch_id=batch.id, notice_id=one) for one in notices)
    session.flush()
    _record(session, actor, batch, AuditKind.BATCH_MADE, letters=len(letters), notices=len(notices))
    desk.changed(session, facility_id)
    return batch.id


def my_batches(session: Session, actor: Actor) -> list[PrintBatchLine]:
    """The newest batches of the actor's facilities, those to confirm first."""
    return batch_lines(session, _is_mine(actor))


def get(session: Session, actor: Actor, batch_id: int) -> PrintBatchView:
    """A batch with its pages, without the letters' text. Raises `NotFound`."""
    return _view(session, actor, _batch(session, actor, batch_id), for_print=False)


def show(session: Session, actor: Actor, batch_id: int) -> PrintBatchView:
    """As `get`, for somebody who opens the batch, which is recorded."""
    _record(session, actor, _batch(session, actor, batch_id), AuditKind.BATCH_SHOWN)
    return get(session, actor, batch_id)


def for_print(session: Session, actor: Actor, batch_id: int) -> PrintBatchView:
    """A batch with the letters' text, as it is printed. Records a view of each letter. Raises `NotFound`."""
    batch = _batch(session, actor, batch_id)
    view = _view(session, actor, batch, for_print=True)
    printed = [(batch.facility_id, page.message_id, ViewKind.PRINTED) for page in view.pages if page.message_id]
    _record(session, actor, batch, AuditKind.BATCH_EXPORTED, letters=len(printed))
    desk.record_views(session, actor, printed)
    return view


def confirm(session: Session, actor: Actor, batch_id: int, exceptions: Mapping[int, Handover] | None = None) -> None:
    """Confirm that a batch was handed over, except for these pages: `{page id: Handover}`.

    Its letters are delivered, and their credits spent. Those that could not be handed over are undeliverable, and their
    credits return. A letter that was read on a kiosk, and printed at its person's wish, stays as it is. So does one that
    ended meanwhile, as when its person left, and it counts as moved. A second confirmation changes nothing. Raises
    `NotFound`, and `Invalid` for a page of another batch.
    """
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
        if page.message_id and not hand_over(session, actor, page.message_id, handover):
            handover = Handover.MOVED
        page.handover = handover
    kept_back = {str(page_id): str(handover) for page_id, handover in exceptions.items()}
    _record(session, actor, batch, AuditKind.BATCH_CONFIRMED, pages=len(pages), exceptions=kept_back)
    desk.changed(session, batch.facility_id)


def _record(session: Session, actor: Actor, batch: PrintBatch, kind: AuditKind, **details: object) -> None:
    record_acts(session, actor, [Act(batch.facility_id, kind, subject=f"batch {batch.id}", details=details)])


def _letters(session: Session, actor: Actor, facility_id: int | None) -> list[int]:
    """The letters of a facility that are to be printed, the oldest first."""
    to_print = select(Message.id).where(desk.is_letter(actor, facility_id or 0), waiting.letters())
    return [one for one in session.exec(to_print.order_by(col(Message.id))) if one is not None]


def _that_fit(session: Session, letters: list[int]) -> list[int]:
    """The first of these letters, as far as their photos fit into one batch. The first one always does."""
    photos = serving.to_print(session, letters)
    so_far = accumulate(len(photos.get(one, [])) for one in letters)
    return [one for one, count in zip(letters, so_far, strict=True) if count <= MOST_PHOTOS]


def _notices(session: Session, facility_id: int | None) -> list[int]:
    """The notices of a facility that are to be printed, the oldest first."""
    to_print = select(Notice.id).where(waiting.notices(facility_id))
    return [one for one in session.exec(to_print.order_by(col(Notice.id))) if one is not None]


def _batch(session: Session, actor: Actor, batch_id: int, *, lock: bool = False) -> PrintBatch:
    mine = select(PrintBatch).where(PrintBatch.id == batch_id, _is_mine(actor))
    batch = session.exec(mine.with_for_update() if lock else mine).one_or_none()
    if batch is None:
        raise NotFound("batch")
    return batch


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    """The condition for an ordinary batch of the actor's facilities."""
    return and_(col(PrintBatch.facility_id).in_(desk.facilities(actor)), col(PrintBatch.lane) == Lane.ORDINARY)


def _view(session: Session, actor: Actor, batch: PrintBatch, *, for_print: bool) -> PrintBatchView:
    facility = session.get_one(Facility, batch.facility_id)
    zone = facility.time_zone
    return PrintBatchView(
        id=batch.id or 0,
        facility=facility.name,
        made=dates.day_and_time(batch.made_at, zone),
        made_by=session.get_one(Account, batch.made_by_account_id).name,
        is_confirmed=batch.confirmed_at is not None,
        confirmed=dates.day_and_time(batch.confirmed_at, zone) if batch.confirmed_at else "",
        pages=batch_pages(session, actor, batch, zone, for_print=for_print),
    )
