"""Which emails a family wants. Those about a rejection, an appeal, a move or an answer are always sent."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Actor
from rxconnect.models import Account


def is_told_of_deliveries(session: Session, actor: Actor) -> bool:
    """Whether the actor gets an email for each letter that was handed over."""
    return session.get_one(Account, actor.account_id).is_told_of_deliveries


def tell_of_deliveries(session: Session, actor: Actor, wanted: bool) -> None:
    """Send the actor an email for each letter that was handed over, or no longer."""
    session.get_one(Account, actor.account_id).is_told_of_deliveries = wanted
