"""Customers: the processor's own record of each account, to which the stored cards belong."""

from __future__ import annotations

from sqlmodel import Session, col, update

from rxconnect import db
from rxconnect.models import Account
from rxconnect.services.money import processor


def customer_of(account_id: int) -> str:
    """The processor's customer token for this account, created at first use.

    Opens its own transactions, none of them around the processor. Raises `ProcessorUnavailable`.
    """
    known, key = db.read(_token_and_key, account_id)
    return known or db.write(_store_token, account_id, processor.current().create_customer(key))


def _token_and_key(session: Session, account_id: int) -> tuple[str, str]:
    """The token ("" before there is one), and the idempotency key to create one.

    The key contains the account's creation time, because several databases with equal account ids may share a
    processor.
    """
    account = session.get_one(Account, account_id)
    return account.customer_token, f"customer:{account_id}:{account.created_at.timestamp():.6f}"


def _store_token(session: Session, account_id: int, token: str) -> str:
    """Store the token unless another process was first. Returns the token that is stored."""
    nameless = (col(Account.id) == account_id) & (col(Account.customer_token) == "")
    session.exec(update(Account).where(nameless).values(customer_token=token))
    return session.get_one(Account, account_id).customer_token
