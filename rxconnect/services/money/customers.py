"""Customers: whom the processor takes an account for, so that its stored cards belong to nobody else."""

from __future__ import annotations

from sqlmodel import Session, col, update

from rxconnect import db
from rxconnect.models import Account
from rxconnect.services.money import processor


def customer_of(account_id: int) -> str:
    """The processor's token for this account; made at the first need of one, and then always the same.

    Opens its own transactions, none of them around the processor. Raises `ProcessorUnavailable`.
    """
    known, key = db.read(_known, account_id)
    return known or db.write(_keep, account_id, processor.current().create_customer(key))


def _known(session: Session, account_id: int) -> tuple[str, str]:
    """The token, "" before there is one, and the key by which the processor makes one.

    The key says when the account was made as well: another database may count its accounts at the same processor.
    """
    account = session.get_one(Account, account_id)
    return account.customer_token, f"customer:{account_id}:{account.created_at.timestamp():.6f}"


def _keep(session: Session, account_id: int, token: str) -> str:
    """Keep the token unless another process was first; either way, the one that is kept."""
    nameless = (col(Account.id) == account_id) & (col(Account.customer_token) == "")
    session.exec(update(Account).where(nameless).values(customer_token=token))
    return session.get_one(Account, account_id).customer_token
