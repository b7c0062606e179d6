"""What waits for paper: approved letters where people do not read on kiosks, and what a person asked to have on paper too.

Where people read on kiosks, an approved letter is delivered there and is not printed. If the kiosks are given up, letters
and notices that nobody has opened on them are printed, so that none is lost.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import Direction, ItemKind, MessageStatus
from rxconnect.domain.print_batches import Handover
from rxconnect.models import Contact, Facility, Inmate, Item, Message, Notice, PrintBatch, PrintPage

_READ = (MessageStatus.OPENED, MessageStatus.REPLIED)


def letters() -> ColumnElement[bool]:
    """The condition for a letter, of either lane, that is to be printed and is in no open batch."""
    is_in_batch = exists().where(
        col(PrintPage.message_id) == col(Message.id), col(PrintPage.handover) == Handover.WAITING
    )
    on_kiosks = exists().where(col(Facility.id) == col(Message.facility_id), col(Facility.reads_on_kiosks).is_(True))
    is_approved = and_(col(Message.status) == MessageStatus.APPROVED, ~on_kiosks)
    was_printed = exists().where(col(PrintPage.message_id) == col(Message.id))
    # The whole letter, or a part that was added after the rest was opened.
    is_unopened = exists().where(
        col(Item.message_id) == col(Message.id),
        col(Item.status) == MessageStatus.DELIVERED,
        col(Item.kind) != ItemKind.REPLY,
    )
    is_stranded = and_(
        col(Message.status).in_((MessageStatus.DELIVERED, *_READ)),
        col(Message.on_kiosk_at).is_not(None),
        is_unopened,
        ~on_kiosks,
        ~was_printed,
    )
    return and_(
        col(Message.direction) == Direction.OUTGOING, or_(is_approved, is_stranded, _is_asked_for()), ~is_in_batch
    )


def notices(facility_id: int | None) -> ColumnElement[bool]:
    """The condition for a notice of a facility that is to be printed, and was not."""
    on_kiosks = exists().where(col(Facility.id) == col(Notice.facility_id), col(Facility.reads_on_kiosks).is_(True))
    is_printed = exists().where(col(PrintPage.notice_id) == col(Notice.id))
    return and_(
        col(Notice.facility_id) == facility_id,
        col(Notice.cancelled_at).is_(None),
        col(Notice.read_at).is_(None),
        ~on_kiosks,
        ~is_printed,
    )


def _is_asked_for() -> ColumnElement[bool]:
    """The condition for a letter that its person asked for on paper, and that was not printed since.

    Nobody prints it where the person is not held any more: it could not be handed over.
    """
    is_here = exists().where(
        col(Contact.id) == col(Message.contact_id),
        col(Inmate.id) == col(Contact.inmate_id),
        col(Inmate.custody) == Custody.HELD,
        col(Inmate.facility_id) == col(Message.facility_id),
    )
    printed_since = exists().where(
        col(PrintPage.message_id) == col(Message.id),
        col(PrintBatch.id) == col(PrintPage.batch_id),
        col(PrintBatch.made_at) >= col(Message.print_asked_at),
    )
    return and_(col(Message.status).in_(_READ), col(Message.print_asked_at).is_not(None), is_here, ~printed_since)
