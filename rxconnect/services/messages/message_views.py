"""Read models of messages for a family: sender, recipient, cost, and the timeline of events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Role
from rxconnect.domain.messages import (
    MESSAGE_MOVES,
    Direction,
    EventView,
    ItemKind,
    MessageStatus,
    MessageView,
    Reason,
    credits_summary,
)
from rxconnect.domain.money import credits
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Facility, Inmate, Item, Message, MessageEvent

# The statuses of a message that is delivered without trouble, in order.
_COURSE = (
    MessageStatus.SUBMITTED,
    MessageStatus.IN_REVIEW,
    MessageStatus.APPROVED,
    MessageStatus.DELIVERED,
    MessageStatus.OPENED,
)
_DECISIONS = (MessageStatus.APPROVED, MessageStatus.REJECTED)

# Built once, since building them takes longer than running them.
_NEWEST = (
    select(Message, Inmate, Facility, Account)
    .join(Contact, col(Contact.id) == Message.contact_id)
    .join(Inmate, col(Inmate.id) == Contact.inmate_id)
    .join(Facility, col(Facility.id) == Message.facility_id)
    .join(Account, col(Account.id) == Message.account_id)
    .order_by(col(Message.created_at).desc(), col(Message.id).desc())
)
_EVENTS = (
    select(MessageEvent)
    .where(col(MessageEvent.message_id).in_(bindparam("message_ids", expanding=True)))
    .order_by(col(MessageEvent.id))
)
_ITEMS = select(Item).where(col(Item.message_id).in_(bindparam("message_ids", expanding=True))).order_by(col(Item.id))


@dataclass(frozen=True, slots=True)
class _Story:
    """A message with its items and events."""

    message: Message
    items: list[Item]
    events: list[MessageEvent]
    zone: str

    @property
    def reason(self) -> Reason | None:
        """The reason why the whole message was rejected, if it was."""
        if self.message.status != MessageStatus.REJECTED:
            return None
        return next((Reason(item.reason) for item in self.items if item.reason), None)

    def timeline(self) -> list[EventView]:
        """The past events, followed by the steps that are still to come."""
        if self.message.direction == Direction.INCOMING:
            return [EventView(_("Arrived"), dates.day_and_time(self.message.created_at, self.zone), "", is_done=True)]
        done = [
            EventView(
                self._label(event), dates.day_and_time(event.at, self.zone), self._explanation(event), is_done=True
            )
            for event in self.events
        ]
        now = self.message.status
        ahead = _COURSE[_COURSE.index(MessageStatus(now)) + 1 :] if now in _COURSE else ()
        return done + [EventView(status.label, "", "", is_done=False) for status in ahead]

    def _label(self, event: MessageEvent) -> str:
        label = MessageStatus(event.status).label
        item = self._item_of(event)
        return _("{item}: {label}").format(item=ItemKind(item.kind).label, label=label) if item else label

    def _explanation(self, event: MessageEvent) -> str:
        """One or two sentences for a line of the timeline, which also say what happened to the credits."""
        status, paid = MessageStatus(event.status), credits(self._credits_of(event))
        match status:
            case MessageStatus.SUBMITTED:
                told = _("{credits} set aside.").format(credits=paid)
            case MessageStatus.IN_REVIEW if self.message.expires_at:
                ends = dates.day_and_year(self.message.expires_at, self.zone)
                ending = _("If nobody decides by {day}, it ends and its credits come back to you.").format(day=ends)
                told = f"{status.explanation} {ending}"
            case MessageStatus.DELIVERED:
                told = _("It can be read now. {credits} spent.").format(credits=paid)
            case MessageStatus.REJECTED:
                reason = next((item.reason for item in self._items_of(event) if item.reason), "")
                told = _("{role}: {reason}. {credits} returned.").format(
                    role=Role(event.by_role).label,
                    reason=_in_a_sentence(Reason(reason).label) if reason else "",
                    credits=paid,
                )
            case MessageStatus.EXPIRED:
                told = _("Nobody decided in time. {credits} returned.").format(credits=paid)
            case MessageStatus.WITHDRAWN | MessageStatus.UNDELIVERABLE:
                told = _("{credits} returned.").format(credits=paid)
            case _other:
                told = status.explanation
        return told

    def _credits_of(self, event: MessageEvent) -> int:
        """The number of credits that an event concerns."""
        return sum(item.credits for item in self._items_of(event))

    def _items_of(self, event: MessageEvent) -> list[Item]:
        """The items that an event concerns: its own, or for the whole message all items without their own event."""
        if item := self._item_of(event):
            return [item]
        if event.status == MessageStatus.SUBMITTED:
            return self.items
        apart = {other.item_id for other in self.events if other.status == event.status}
        # A delivered item may be opened by now.
        reached = {event.status, MessageStatus.OPENED} if event.status == MessageStatus.DELIVERED else {event.status}
        return [item for item in self.items if item.status in reached and item.id not in apart]

    def _item_of(self, event: MessageEvent) -> Item | None:
        return next((item for item in self.items if item.id == event.item_id), None)


def newest_messages(session: Session, *where: Any, limit: int) -> list[MessageView]:
    """The newest `limit` messages that meet every condition, in chronological order. Always runs three queries."""
    rows = session.exec(_NEWEST.where(*where).limit(limit)).all()
    ids = {"message_ids": [row[0].id for row in rows]}
    events: dict[int | None, list[MessageEvent]] = defaultdict(list)
    for event in session.exec(_EVENTS, params=ids):
        events[event.message_id].append(event)
    items: dict[int | None, list[Item]] = defaultdict(list)
    for item in session.exec(_ITEMS, params=ids):
        items[item.message_id].append(item)
    return [
        _view(_Story(message, items[message.id], events[message.id], facility.time_zone), inmate, facility, account)
        for message, inmate, facility, account in reversed(rows)
    ]


def _view(story: _Story, inmate: Inmate, facility: Facility, account: Account) -> MessageView:
    message = story.message
    assert message.id is not None
    is_outgoing = message.direction == Direction.OUTGOING
    status, reason = MessageStatus(message.status), story.reason
    decision = next((event for event in story.events if event.status in _DECISIONS and not event.item_id), None)
    family, person = account.name, inmate.full_name
    return MessageView(
        id=message.id,
        contact_id=message.contact_id,
        contact=person,
        from_name=family if is_outgoing else person,
        to_name=person if is_outgoing else family,
        direction=message.direction,
        subject=message.subject,
        body=message.body,
        at=dates.day_and_time(message.created_at, facility.time_zone),
        at_iso=message.created_at.isoformat(),
        status=status,
        status_label=status.label if is_outgoing else "",
        status_tone=status.tone if is_outgoing else "",
        status_explanation=status.explanation if is_outgoing else "",
        cost=credits_summary((MessageStatus(item.status), item.credits) for item in story.items) if is_outgoing else "",
        cost_credits=message.cost_credits,
        reason_label=reason.label if reason else "",
        reason_rule=reason.rule if reason else "",
        reason_note=decision.note if decision else "",
        # Empty when the last items ended without a decision.
        reviewed_by=Role(decision.by_role).label if decision and decision.by_role else "",
        can_withdraw=is_outgoing and MessageStatus.WITHDRAWN in MESSAGE_MOVES[status],
        is_unread=not is_outgoing and message.read_at is None,
        timeline=story.timeline(),
    )


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]
