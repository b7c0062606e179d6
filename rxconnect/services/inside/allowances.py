"""Allowances: who pays for a reply. First the credit that its family has paid for, then the facility's free replies."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import Allowance, Period
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.domain.text import sort_key
from rxconnect.i18n import _, counted
from rxconnect.models import Account, Contact, Facility, Item, Message
from rxconnect.services.inside.people import Here, here
from rxconnect.services.messages import reply_credits

_ENDED = [status for status in MessageStatus if status.returns_credits]


def mine(session: Session, actor: Actor) -> Allowance:
    """The person's free replies of this period, and those that families have paid for."""
    return of_person(session, here(session, actor))


def of_person(session: Session, place: Here) -> Allowance:
    """As `mine`, of somebody who is known already."""
    left = free_left(session, place)
    prepaid = reply_credits.count(session, place.person.id or 0)
    query: Any = select(Contact.id, Account.name).join(Account, col(Account.id) == Contact.account_id)
    names = dict(session.exec(query.where(col(Contact.id).in_(prepaid))).all())
    return Allowance(
        free_left=left,
        free=_free_sentence(place.facility, left),
        prepaid_by=sorted(
            ((one, names[one], count) for one, count in prepaid.items()), key=lambda line: sort_key(line[1])
        ),
    )


def free_left(session: Session, place: Here) -> int:
    """How many free replies the person has left in this period. Replies that were not delivered do not count."""
    if not place.facility.free_replies:
        return 0
    begins = datetime.combine(_period(place.facility)[0], time(), ZoneInfo(place.zone))
    is_paid = exists().where(col(Item.answer_id) == col(Message.id))
    used = (
        select(func.count())
        .select_from(Message)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(
            Contact.inmate_id == place.person.id,
            Message.direction == Direction.INCOMING,
            col(Message.writer_account_id).is_not(None),
            col(Message.created_at) >= begins,
            col(Message.status).not_in(_ENDED),
            ~is_paid,
        )
    )
    return max(0, place.facility.free_replies - session.exec(used).one())


def who_pays(session: Session, place: Here, contact_id: int, name: str) -> str:
    """Who pays for a reply in a conversation, in a sentence; "" if nobody does now."""
    if reply_credits.count(session, place.person.id or 0).get(contact_id):
        return _("{name} has paid for your answer.").format(name=name)
    left = free_left(session, place)
    return _free_sentence(place.facility, left) if left else ""


def _free_sentence(facility: Facility, left: int) -> str:
    each, is_weekly = facility.free_replies, facility.free_replies_per == Period.WEEK
    if not each:
        return _("This facility has no free replies.")
    if is_weekly:
        return counted(
            "You have {count} free reply left this week.", "You have {count} free replies left this week.", left
        )
    return counted(
        "You have {count} free reply left this month.", "You have {count} free replies left this month.", left
    )


def _period(facility: Facility) -> tuple[date, date]:
    """The first day of this period at the facility, and that of the next one."""
    today = clock.now().astimezone(ZoneInfo(facility.time_zone)).date()
    if facility.free_replies_per == Period.WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=7)
    first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
