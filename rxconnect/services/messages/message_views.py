"""Read models of messages for a family: sender, recipient, cost, and the timeline of events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates, privilege
from rxconnect.domain.accounts import ActorKind, Role
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import (
    MESSAGE_MOVES,
    Direction,
    EventView,
    ItemKind,
    Lane,
    MessageStatus,
    MessageView,
    Reason,
    credits_summary,
)
from rxconnect.domain.money import credits
from rxconnect.domain.own_texts import OwnText, reason_text
from rxconnect.domain.photos import PhotoView, label_of
from rxconnect.domain.text import snippet
from rxconnect.i18n import _
from rxconnect.models import Account, Appeal, Contact, Facility, Inmate, Item, Message, MessageEvent
from rxconnect.services.messages import review_times
from rxconnect.services.messages.appeal_views import appeal_ends, appeal_events, appeal_view
from rxconnect.services.photos import serving

# The statuses of a message that is delivered without trouble, in order.
_COURSE = (
    MessageStatus.SUBMITTED,
    MessageStatus.SCREENING,
    MessageStatus.IN_REVIEW,
    MessageStatus.APPROVED,
    MessageStatus.DELIVERED,
    MessageStatus.OPENED,
)
_BEFORE_APPEAL = (
    MessageStatus.SUBMITTED,
    MessageStatus.WITHDRAWN,
    MessageStatus.IN_REVIEW,
    MessageStatus.REJECTED,
)
_DECISIONS = (MessageStatus.APPROVED, MessageStatus.REJECTED)
_ARRIVED = [status for status in MessageStatus if status.has_arrived]

# Built once, since building them takes longer than running them.
_NEWEST = (
    select(Message, Inmate, Facility, Account, Contact)  # type: ignore[call-overload]
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
# The family's own: that of the person in custody is not shown to it.
_APPEALS = (
    select(Appeal)
    .join(Message, (col(Message.id) == Appeal.message_id) & (col(Message.account_id) == Appeal.account_id))
    .where(col(Appeal.message_id).in_(bindparam("message_ids", expanding=True)))
)
_ITEMS = select(Item).where(col(Item.message_id).in_(bindparam("message_ids", expanding=True))).order_by(col(Item.id))


@dataclass(frozen=True, slots=True)
class _Story:
    """A message with its items and events."""

    message: Message
    items: list[Item]
    events: list[MessageEvent]
    appeal: Appeal | None
    facility: Facility
    # How long letters usually wait here, for one that waits.
    usual_time: str
    photos: list[PhotoView]

    @property
    def zone(self) -> str:
        """The time zone of the facility."""
        return self.facility.time_zone

    @property
    def reply_credit(self) -> Item | None:
        """The credit for the answer, if its sender paid for it."""
        return next((item for item in self.items if item.kind == ItemKind.REPLY), None)

    @property
    def reason(self) -> Reason | None:
        """The reason why the whole message was rejected, if it was."""
        if self.message.status != MessageStatus.REJECTED:
            return None
        return next((Reason(item.reason) for item in self.items if item.reason), None)

    @property
    def rule(self) -> OwnText:
        """The text of the reason why it was rejected, as it was at the decision; empty if it was not."""
        found = (reason_text(self.facility, item.rule_text, Reason(item.reason)) for item in self.items if item.reason)
        return next(found, OwnText("", ""))

    @property
    def appeal_ends(self) -> datetime | None:
        """The time until which it can be appealed; None if nothing of it is rejected, or a part is undecided."""
        return appeal_ends(self.message, self.items, self.events)

    @property
    def can_appeal(self) -> bool:
        """Whether its family can appeal now."""
        return self.appeal is None and self.appeal_ends is not None and clock.now() <= self.appeal_ends

    def timeline(self) -> list[EventView]:
        """The past events, followed by the steps that are still to come."""
        if self.message.direction == Direction.INCOMING:
            return [EventView(_("Arrived"), dates.day_and_time(self.message.created_at, self.zone), "", is_done=True)]
        events = [event for event in self.events if event.status != MessageStatus.OPENED or self.facility.shows_opened]
        told = [(event.at, self._label(event), self._explanation(event)) for event in events]
        if self.appeal:
            told += appeal_events(self.appeal)
        told.sort(key=lambda line: line[0])
        done = [EventView(label, dates.day_and_time(at, self.zone), note, is_done=True) for at, label, note in told]
        now = self.message.status
        course = _COURSE if self.facility.shows_opened else _COURSE[:-1]
        ahead = course[course.index(MessageStatus(now)) + 1 :] if now in course else ()
        return done + [EventView(status.label, "", "", is_done=False) for status in ahead]

    def _label(self, event: MessageEvent) -> str:
        label = _status_label(event.status, self.message.lane, is_over=event.status != self.message.status)
        item = self._item_of(event)
        if item and item.kind == ItemKind.REPLY:
            is_used = event.status == MessageStatus.DELIVERED
            return _("The answer came") if is_used else _("No answer came")
        return _("{item}: {label}").format(item=self._name_of(item), label=label) if item else label

    def _name_of(self, item: Item) -> str:
        """`Photo 2`, if there are several."""
        alike = [other.id for other in self.items if other.kind == item.kind]
        if len(alike) == 1:
            return ItemKind(item.kind).label
        return label_of(alike.index(item.id) + 1, "")

    def _explanation(self, event: MessageEvent) -> str:
        """One or two sentences for a line of the timeline, which also say what happened to the credits."""
        status, paid = MessageStatus(event.status), credits(self._credits_of(event))
        item = self._item_of(event)
        if item and item.kind == ItemKind.REPLY:
            return _reply_credit_event(status, paid)
        match status:
            case MessageStatus.SUBMITTED:
                told = _("{credits} set aside.").format(credits=paid)
            case MessageStatus.IN_REVIEW if event.by_role == ActorKind.FAMILY:
                told = _("You undid the withdrawal. {credits} set aside again.").format(credits=paid)
            case MessageStatus.IN_REVIEW if self.message.expires_at:
                ends = dates.day_and_year(self.message.expires_at, self.zone)
                ending = _("If nobody decides by {day}, it ends and its credits come back to you.").format(day=ends)
                usual = self.usual_time if self.message.status == MessageStatus.IN_REVIEW else ""
                told = " ".join(filter(None, (status.explanation, usual, ending)))
            case MessageStatus.APPROVED if self.message.lane == Lane.PRIVILEGED:
                told = privilege.accepted_explanation(on_kiosk=self.message.on_kiosk_at is not None)
            case MessageStatus.DELIVERED:
                where = _("It can be read on a kiosk.") if self.message.on_kiosk_at else _("It was handed over.")
                spent = (
                    _("{credits} spent.").format(credits=paid) if self._credits_of(event) else _("It cost you nothing.")
                )
                told = f"{where} {spent}"
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
                told = status.explanation if status == self.message.status else status.past_explanation
        return told

    def _credits_of(self, event: MessageEvent) -> int:
        """The number of credits that an event concerns."""
        # Credits that an appeal waived were set aside and came back before, also each time that it was withdrawn.
        is_before_appeal = event.status in _BEFORE_APPEAL
        return sum(item.credits + (item.waived_credits if is_before_appeal else 0) for item in self._items_of(event))

    def _items_of(self, event: MessageEvent) -> list[Item]:
        """The items that an event concerns: its own, or for the whole message all items without their own event."""
        if item := self._item_of(event):
            return [item]
        if event.status == MessageStatus.SUBMITTED:
            return self.items
        apart = {other.item_id for other in self.events if other.status == event.status}
        return [item for item in self.items if _has_reached(item, event.status) and item.id not in apart]

    def _item_of(self, event: MessageEvent) -> Item | None:
        return next((item for item in self.items if item.id == event.item_id), None)


def newest_messages(session: Session, *where: Any, limit: int) -> list[MessageView]:
    """The newest `limit` messages that meet every condition, in chronological order.

    Runs three queries, one more if a message was rejected or has photos, and one for each facility where a message waits.
    """
    rows = session.exec(_NEWEST.where(*where).limit(limit)).all()
    ids = {"message_ids": [row[0].id for row in rows]}
    events: dict[int | None, list[MessageEvent]] = defaultdict(list)
    for event in session.exec(_EVENTS, params=ids):
        events[event.message_id].append(event)
    items: dict[int | None, list[Item]] = defaultdict(list)
    for item in session.exec(_ITEMS, params=ids):
        items[item.message_id].append(item)
    rejected = [message_id for message_id, those in items.items() if any(item.reason for item in those)]
    appeals = (
        {one.message_id: one for one in session.exec(_APPEALS, params={"message_ids": rejected})} if rejected else {}
    )
    waiting = {row[0].facility_id for row in rows if row[0].status == MessageStatus.IN_REVIEW}
    usual_times = {facility_id: review_times.usual_time(session, facility_id) for facility_id in waiting}
    with_photos = [message_id for message_id, those in items.items() if any(map(_is_photo, those)) and message_id]
    unseen = {message.id or 0 for message, _inmate, facility, _account, _contact in rows if not facility.shows_opened}
    photos = serving.of_messages(session, with_photos, opened_unseen=unseen) if with_photos else {}
    return [
        _view(
            _Story(
                message,
                items[message.id],
                events[message.id],
                appeals.get(message.id or 0),
                facility,
                usual_times.get(message.facility_id, ""),
                photos.get(message.id or 0, []),
            ),
            inmate,
            facility,
            account,
            contact,
        )
        for message, inmate, facility, account, contact in reversed(rows)
    ]


def is_for_family() -> ColumnElement[bool]:
    """The condition for what its family sees: its own letters, and the replies that were delivered."""
    return or_(col(Message.direction) == Direction.OUTGOING, col(Message.status).in_(_ARRIVED))


def status_label(message: Message, facility: Facility) -> str:
    """The status of a family's message in a few words."""
    return _status_label(_told_status(message.status, facility), message.lane)


def _told_status(status: str, facility: Facility) -> str:
    """The status as the family is told it: that a letter was opened shows only where the facility allows it."""
    return MessageStatus.DELIVERED if status == MessageStatus.OPENED and not facility.shows_opened else status


def _status_label(status: str, lane: str, *, is_over: bool = False) -> str:
    if (status, lane) == (MessageStatus.APPROVED, Lane.PRIVILEGED):
        return privilege.accepted_label()
    return MessageStatus(status).past_label if is_over else MessageStatus(status).label


def _view(story: _Story, inmate: Inmate, facility: Facility, account: Account, contact: Contact) -> MessageView:
    message = story.message
    assert message.id is not None
    is_outgoing = message.direction == Direction.OUTGOING
    status, reason = MessageStatus(_told_status(message.status, facility)), story.reason
    decision = next((event for event in story.events if event.status in _DECISIONS and not event.item_id), None)
    family, person = account.name, inmate.full_name
    return MessageView(
        id=message.id,
        contact_id=message.contact_id,
        contact=person,
        from_name=family if is_outgoing else person,
        to_name=person if is_outgoing else family,
        direction=message.direction,
        title=message.subject or _title_without_subject(person, is_outgoing=is_outgoing),
        subject=message.subject,
        body=message.body,
        written_in=message.language,
        at=dates.day_and_time(message.created_at, facility.time_zone),
        at_iso=message.created_at.isoformat(),
        date=dates.iso_day(message.created_at, facility.time_zone),
        status=status,
        status_label=status_label(message, facility) if is_outgoing else "",
        status_tone=status.tone if is_outgoing else "",
        cost=credits_summary((MessageStatus(item.status), item.credits) for item in story.items) if is_outgoing else "",
        cost_credits=message.cost_credits,
        reason_label=reason.label if reason else "",
        reason_rule=story.rule.text if reason else "",
        reason_rule_language=story.rule.language if reason else "",
        reason_note=decision.note if decision else "",
        # Empty when the last items ended without a decision.
        reviewed_by=Role(decision.by_role).label if decision and decision.by_role else "",
        can_withdraw=is_outgoing and MessageStatus.WITHDRAWN in MESSAGE_MOVES[status],
        is_unread=not is_outgoing and message.read_at is None,
        timeline=story.timeline(),
        can_appeal=story.can_appeal,
        appeal_until=dates.day_and_year(story.appeal_ends, story.zone)
        if story.can_appeal and story.appeal_ends
        else "",
        appeal=appeal_view(story.appeal, story.zone) if story.appeal else None,
        can_write_again=is_outgoing and status.returns_credits,
        can_reply=not is_outgoing and _is_reachable(contact, inmate, facility),
        is_privileged=message.lane == Lane.PRIVILEGED,
        reply_credit=_reply_credit_note(story) if is_outgoing else "",
        photos=story.photos,
        gist=snippet(message.body),
        day=dates.day_heading(message.created_at, facility.time_zone),
    )


def _is_reachable(contact: Contact, inmate: Inmate, facility: Facility) -> bool:
    return contact.removed_at is None and inmate.custody == Custody.HELD and facility.opening == Opening.OPEN


def _title_without_subject(person: str, *, is_outgoing: bool) -> str:
    told = _("Letter to {name}") if is_outgoing else _("Letter from {name}")
    return told.format(name=person)


def _reply_credit_note(story: _Story) -> str:
    """The state of the credit for the answer in a sentence; "" if its sender did not pay for one."""
    item = story.reply_credit
    if item is None:
        return ""
    status = MessageStatus(item.status)
    if status.returns_credits:
        return (
            _("No answer came, so the credit for it came back to you.")
            if item.valid_until
            else _("The credit for the answer came back to you with the letter’s.")
        )
    if status is MessageStatus.DELIVERED:
        return (
            _("You paid for an answer, and it has come.")
            if item.credits
            else _("An answer has come. It cost you nothing.")
        )
    if not item.credits:
        return _("The answer is free: the decision about this letter was overturned.")
    if item.valid_until is None:
        return _("You pay for the answer too: {credits} set aside with the letter.").format(
            credits=credits(item.credits)
        )
    day = dates.day_and_year(item.valid_until, story.zone)
    return _("You have paid for the answer. If none comes by {day}, the credit comes back to you.").format(day=day)


def _reply_credit_event(status: MessageStatus, paid: str) -> str:
    """What happened to the credit for the answer, after the letter was delivered."""
    if status is MessageStatus.DELIVERED:
        return _("The answer came. {credits} spent.").format(credits=paid)
    return _("No answer came. {credits} returned.").format(credits=paid)


def _is_photo(item: Item) -> bool:
    return item.kind == ItemKind.PHOTO


def _has_reached(item: Item, status: str) -> bool:
    """Whether an item has reached a status of its message. A delivered one may be opened or answered by now."""
    if status == MessageStatus.REJECTED:
        return item.reason != ""
    if status == MessageStatus.DELIVERED:
        return MessageStatus(item.status).has_arrived
    if status in (MessageStatus.WITHDRAWN, MessageStatus.IN_REVIEW) and item.holds > 1:
        # It was withdrawn, and waited again.
        return True
    return item.status == status


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]
