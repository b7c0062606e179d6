"""Notices at the kiosk: what was not delivered, and why; and the person's protest, once, in their own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inside import InsideNotice
from rxconnect.domain.messages import Direction, Reason
from rxconnect.domain.own_texts import OwnText, reason_text
from rxconnect.i18n import _
from rxconnect.models import Account, Appeal, DecisionItem, Facility, Item, Message, MessageEvent, Notice
from rxconnect.services.inside.people import person_id
from rxconnect.services.messages.appeal_views import appeal_ends, appeal_view
from rxconnect.services.review import appeals

_SHOWN = 100
_Row = TypeVar("_Row", MessageEvent, Item)


def mine(session: Session, actor: Actor) -> list[InsideNotice]:
    """The person's notices, the newest first."""
    return _views(session, actor)


def unread_count(session: Session, actor: Actor) -> int:
    """How many notices the person has not read."""
    unread = select(func.count()).where(
        col(Notice.inmate_id) == person_id(actor), col(Notice.cancelled_at).is_(None), col(Notice.read_at).is_(None)
    )
    return session.exec(unread).one()


def about(session: Session, actor: Actor, message_id: int) -> InsideNotice | None:
    """The newest notice about a message; None if there is none."""
    found = _views(session, actor, Notice.message_id == message_id)
    return found[0] if found else None


def read(session: Session, actor: Actor, notice_id: int) -> InsideNotice:
    """Open a notice, which then counts as read. Raises `NotFound`."""
    whose = Notice.id == notice_id, Notice.inmate_id == person_id(actor), col(Notice.cancelled_at).is_(None)
    notice = session.exec(select(Notice).where(*whose).with_for_update()).first()
    if notice is None:
        raise NotFound("notice")
    notice.read_at = notice.read_at or clock.now()
    session.flush()
    return _views(session, actor, Notice.id == notice_id)[0]


def protest(session: Session, actor: Actor, notice_id: int, text: str) -> InsideNotice:
    """Protest the decision of a notice, once, within ten days. Another reviewer decides. Raises as `appeals.protest` does."""
    whose = Notice.id == notice_id, Notice.inmate_id == person_id(actor), col(Notice.cancelled_at).is_(None)
    notice = session.exec(select(Notice).where(*whose)).first()
    if notice is None:
        raise NotFound("notice")
    appeals.protest(session, actor, notice.message_id, text)
    return _views(session, actor, Notice.id == notice_id)[0]


def _views(session: Session, actor: Actor, *where: Any) -> list[InsideNotice]:
    columns: Any = (Notice, Message, Account.name, Facility, Appeal)
    theirs = (col(Appeal.message_id) == Notice.message_id) & (col(Appeal.account_id) == actor.account_id)
    rows = session.exec(
        select(*columns)
        .join(Message, col(Message.id) == Notice.message_id)
        .join(Account, col(Account.id) == Message.account_id)
        .join(Facility, col(Facility.id) == Notice.facility_id)
        .join(Appeal, theirs, isouter=True)
        .where(Notice.inmate_id == person_id(actor), col(Notice.cancelled_at).is_(None), *where)
        .order_by(col(Notice.id).desc())
        .limit(_SHOWN)
    ).all()
    ids = {row[1].id for row in rows}
    events = _by_message(session.exec(select(MessageEvent).where(col(MessageEvent.message_id).in_(ids))))
    items = _by_message(session.exec(select(Item).where(col(Item.message_id).in_(ids))))
    remarks = _remarks(session, [row[0].decision_id for row in rows])
    return [
        _view(
            notice,
            message,
            name,
            facility,
            appeal,
            appeal_ends(message, items[message.id], events[message.id]),
            remarks,
        )
        for notice, message, name, facility, appeal in rows
    ]


def _by_message(rows: Iterable[_Row]) -> dict[int | None, list[_Row]]:
    found: dict[int | None, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.message_id].append(row)
    return found


def _remarks(session: Session, decision_ids: Collection[int]) -> dict[int, str]:
    """What reviewers added to these decisions, by decision."""
    added = select(DecisionItem).where(col(DecisionItem.decision_id).in_(decision_ids), DecisionItem.remark != "")
    rows = session.exec(added.order_by(col(DecisionItem.item_id).desc()))
    return {row.decision_id: row.remark for row in rows}


def _view(
    notice: Notice,
    message: Message,
    name: str,
    facility: Facility,
    appeal: Appeal | None,
    ends: datetime | None,
    remarks: dict[int, str],
) -> InsideNotice:
    is_mine, zone = message.direction == Direction.INCOMING, facility.time_zone
    can_protest = appeal is None and ends is not None and clock.now() <= ends
    reason = Reason(notice.reason) if notice.reason else None
    return InsideNotice(
        id=notice.id or 0,
        message_id=notice.message_id,
        name=name,
        is_mine=is_mine,
        what=what_happened(name, dates.day_and_year(message.created_at, zone), notice.is_partial, is_mine),
        at=dates.day_and_time(notice.created_at, zone),
        reason_label=reason.label if reason else "",
        rule=reason_text(facility, notice.rule_text, reason) if reason else OwnText("", ""),
        # What a reviewer adds about a letter is for its sender, and may quote it.
        remark=remarks.get(notice.decision_id, "") if is_mine else "",
        is_unread=notice.read_at is None,
        can_protest=can_protest,
        protest_until=dates.day_and_year(ends, zone) if can_protest and ends else "",
        protest=appeal_view(appeal, zone) if appeal else None,
    )


def what_happened(name: str, day: str, is_partial: bool, is_mine: bool) -> str:
    """What was not delivered, in a sentence without a word of it."""
    if is_mine:
        return _("Your reply to {sender} of {day} was not delivered.").format(sender=name, day=day)
    whole = _("A letter to you from {sender}, sent on {day}, was not delivered.")
    part = _("A part of a letter to you from {sender}, sent on {day}, was not delivered.")
    return (part if is_partial else whole).format(sender=name, day=day)
