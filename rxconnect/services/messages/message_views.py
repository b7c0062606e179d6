"""Messages as a family reads them: who wrote to whom, what it cost, and the timeline of what happened to it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Role
from rxconnect.domain.dates import stamp
from rxconnect.domain.messages import MESSAGE_MOVES, Direction, EventView, MessageStatus, MessageView, Reason
from rxconnect.domain.money import credits
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Facility, Inmate, Message, MessageEvent

# What a message goes through when nothing stops it.
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


def newest(session: Session, *where: Any, limit: int) -> list[MessageView]:
    """The newest messages that meet every condition, oldest of them first, in two queries however many there are."""
    rows = session.exec(_NEWEST.where(*where).limit(limit)).all()
    events = _events(session, [row[0].id for row in rows])
    return [_view(m, inmate, facility, account, events[m.id]) for m, inmate, facility, account in reversed(rows)]


def _events(session: Session, message_ids: list[int | None]) -> dict[int | None, list[MessageEvent]]:
    """The events of each message, in order."""
    events: dict[int | None, list[MessageEvent]] = defaultdict(list)
    for event in session.exec(_EVENTS, params={"message_ids": message_ids}):
        events[event.message_id].append(event)
    return events


def _view(
    message: Message, inmate: Inmate, facility: Facility, account: Account, events: list[MessageEvent]
) -> MessageView:
    assert message.id is not None
    is_outgoing = message.direction == Direction.OUTGOING
    status, reason = MessageStatus(message.status), Reason(message.reason) if message.reason else None
    decision = next((event for event in events if event.status in _DECISIONS), None)
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
        at=stamp(message.created_at, facility.time_zone),
        at_iso=message.created_at.isoformat(),
        status=status,
        status_label=status.label if is_outgoing else "",
        status_tone=status.tone if is_outgoing else "",
        status_explanation=status.explanation if is_outgoing else "",
        cost=f"{credits(message.cost_credits)} {status.credits_are}" if is_outgoing else "",
        cost_credits=message.cost_credits,
        reason_label=reason.label if reason else "",
        reason_rule=reason.rule if reason else "",
        reason_note=decision.note if decision else "",
        reviewed_by=Role(decision.by_role).label if decision else "",
        can_withdraw=is_outgoing and MessageStatus.WITHDRAWN in MESSAGE_MOVES[status],
        is_unread=not is_outgoing and message.read_at is None,
        timeline=_timeline(message, events, facility.time_zone),
    )


def _timeline(message: Message, events: list[MessageEvent], zone: str) -> list[EventView]:
    """What happened so far, then what is still to come."""
    if message.direction == Direction.INCOMING:
        return [EventView(_("Arrived"), stamp(message.created_at, zone), "", is_done=True)]
    done = [
        EventView(
            MessageStatus(event.status).label, stamp(event.at, zone), _what_happened(message, event), is_done=True
        )
        for event in events
    ]
    ahead = _COURSE[_COURSE.index(MessageStatus(message.status)) + 1 :] if message.status in _COURSE else ()
    return done + [EventView(status.label, "", "", is_done=False) for status in ahead]


def _what_happened(message: Message, event: MessageEvent) -> str:
    """One sentence or two for a line of the timeline, with what it meant for the credits."""
    status, paid = MessageStatus(event.status), credits(message.cost_credits)
    if status is MessageStatus.SUBMITTED:
        return _("{credits} set aside.").format(credits=paid)
    if status is MessageStatus.REJECTED:
        return _("{role}: {reason}. {credits} returned.").format(
            role=Role(event.by_role).label, reason=_in_a_sentence(Reason(message.reason).label), credits=paid
        )
    if status.returns_credits:
        return _("{credits} returned.").format(credits=paid)
    if status.spends_credits:
        return _("It can be read now. {credits} spent.").format(credits=paid)
    return status.explanation


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]
