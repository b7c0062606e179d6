"""Notices at the kiosk: what was not delivered, and why; and the person's protest, once, in their own words."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inside import InsideNotice
from rxconnect.domain.messages import Direction, Reason
from rxconnect.i18n import _
from rxconnect.models import Account, Appeal, DecisionItem, Facility, Item, Message, MessageEvent, Notice
from rxconnect.services.inside.people import person_id
from rxconnect.services.messages.appeal_views import appeal_ends, appeal_view
from rxconnect.services.review import appeals

_SHOWN = 100


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
    columns: Any = (Notice, Message, Account.name, Facility.time_zone, Appeal)
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
    return [_view(session, notice, message, name, zone, appeal) for notice, message, name, zone, appeal in rows]


def _view(
    session: Session, notice: Notice, message: Message, name: str, zone: str, appeal: Appeal | None
) -> InsideNotice:
    is_mine = message.direction == Direction.INCOMING
    events = session.exec(select(MessageEvent).where(MessageEvent.message_id == message.id)).all()
    items = session.exec(select(Item).where(Item.message_id == message.id)).all()
    ends = appeal_ends(message, items, events)
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
        rule=(notice.rule_text or reason.rule) if reason else "",
        # What a reviewer adds about a letter is for its sender, and may quote it.
        remark=_remark(session, notice) if is_mine else "",
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


def _remark(session: Session, notice: Notice) -> str:
    remarks = select(DecisionItem.remark).where(DecisionItem.decision_id == notice.decision_id)
    return next((remark for remark in session.exec(remarks) if remark), "")
