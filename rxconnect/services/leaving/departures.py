"""Departures: when a person is released or moves, or an account is closed, credits follow or are refunded.

A job looks for them every minute. So an import of a roster need not know about messages and money, and a job that was
killed is simply run again. Each change is one transaction and happens once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import Custody
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.domain.refunds import Cause
from rxconnect.models import Account, Contact, Facility, Inmate, InmateMove, LedgerAccount, Message
from rxconnect.services.leaving import waiting_letters
from rxconnect.services.money import transfers
from rxconnect.services.refunds import refunds
from rxconnect.services.scheduling.batches import Batch

_BATCH = 200
_PENDING = [status for status in MessageStatus if status.is_pending]


@dataclass(frozen=True, slots=True)
class _Wallet:
    id: int
    account_id: int
    facility_id: int


def follow_up_departures(after: int = 0) -> Batch:
    """Return the credits of messages that cannot be delivered. Then move or refund the credits of one batch of wallets.

    Wallets wait until the credits of all messages are back, so that a wallet's credits move together.
    """
    batch = Batch()
    messages = db.read(_undeliverable_message_ids)
    batch.each(lambda message_id: db.write(_return_message, message_id), messages)
    if len(messages) == _BATCH and batch.done:
        batch.resume_after = after
        return batch
    wallets = db.read(_wallets_to_follow, after)
    batch.each(lambda wallet: db.write(_follow_up_wallet, wallet), wallets)
    if len(wallets) == _BATCH:
        batch.resume_after = wallets[-1].id
    return batch


def _undeliverable_message_ids(session: Session) -> list[int]:
    """Undelivered messages to people who have left the facility."""
    rows = session.exec(
        select(Message.id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(col(Message.status).in_(_PENDING), Message.direction == Direction.OUTGOING, _has_left())
        .where(~waiting_letters.are_kept())
        .limit(_BATCH)
    )
    return [message_id for message_id in rows if message_id is not None]


def _has_left() -> ColumnElement[bool]:
    return or_(col(Inmate.custody) != Custody.HELD, col(Inmate.facility_id) != col(Message.facility_id))


def _return_message(session: Session, message_id: int) -> bool:
    pending = select(Message).where(Message.id == message_id, col(Message.status).in_(_PENDING))
    # Skip a locked message: a reviewer may be deciding it at this moment.
    message = session.exec(pending.with_for_update(skip_locked=True)).one_or_none()
    if message is None:
        return False
    waiting_letters.follow_or_return(session, message)
    return True


def _wallets_to_follow(session: Session, after: int) -> list[_Wallet]:
    """The next wallets with credits that belong to closed accounts, or are at facilities that a contact has left.

    Some of them must stay unchanged, for example while another contact is held there. So the job walks on from wallet
    to wallet, and wallets that stay do not hold up the later ones.
    """
    wallet = LedgerAccount
    is_left = exists().where(
        col(Contact.account_id) == col(wallet.owner_id),
        col(Contact.removed_at).is_(None),
        col(Inmate.id) == col(Contact.inmate_id),
        or_(
            and_(col(Inmate.facility_id) == col(wallet.facility_id), col(Inmate.custody) == Custody.RELEASED),
            exists().where(
                col(InmateMove.inmate_id) == col(Inmate.id),
                col(InmateMove.from_facility_id) == col(wallet.facility_id),
                col(Inmate.facility_id) != col(wallet.facility_id),
            ),
        ),
    )
    rows = session.exec(
        select(wallet.id, wallet.owner_id, wallet.facility_id)
        .join(Account, col(Account.id) == wallet.owner_id)
        .where(wallet.kind == AccountKind.WALLET, col(wallet.balance) > 0, col(wallet.id) > after)
        .where(or_(col(Account.closed_at).is_not(None), is_left))
        .order_by(col(wallet.id))
        .limit(_BATCH)
    )
    return [_Wallet(*row) for row in rows]


def _follow_up_wallet(session: Session, wallet: _Wallet) -> bool:
    """Move a wallet's value to the facility of its person, or refund it, unless another contact is still held here."""
    mine = select(Account).where(Account.id == wallet.account_id)
    account = session.exec(mine.with_for_update(skip_locked=True)).one_or_none()
    if account is None:
        return False
    if account.closed_at:
        return bool(refunds.refund_whole_wallet(session, wallet.account_id, wallet.facility_id, Cause.CLOSED))
    people = _contacts_of_wallet(session, wallet)
    if any(person.facility_id == wallet.facility_id and person.custody == Custody.HELD for person in people):
        return False
    held = [person for person in people if person.custody == Custody.HELD]
    for person in held:
        if session.get_one(Facility, person.facility_id).opening == Opening.OPEN:
            assert person.id is not None
            where = (wallet.facility_id, person.facility_id)
            return transfers.transfer_credits(session, wallet.account_id, person.id, *where)
    if held or not people or any(person.custody != Custody.RELEASED for person in people):
        return False
    return bool(refunds.refund_whole_wallet(session, wallet.account_id, wallet.facility_id, Cause.RELEASED))


def _contacts_of_wallet(session: Session, wallet: _Wallet) -> list[Inmate]:
    """The account's contacts who are or were at the wallet's facility, the newest contact first."""
    was_there = exists().where(
        col(InmateMove.inmate_id) == col(Inmate.id), col(InmateMove.from_facility_id) == wallet.facility_id
    )
    return list(
        session.exec(
            select(Inmate)
            .join(Contact, col(Contact.inmate_id) == Inmate.id)
            .where(Contact.account_id == wallet.account_id, col(Contact.removed_at).is_(None))
            .where(or_(col(Inmate.facility_id) == wallet.facility_id, was_there))
            .order_by(col(Contact.id).desc())
        )
    )
