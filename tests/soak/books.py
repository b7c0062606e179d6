"""Invariants of money: compares our books with the processor's real charges, cent by cent.

`ledger.check_ledger` verifies our own books. This module also reads the sandbox's file, without using any service.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.models import Dispute, DisputedLot, Item, LedgerAccount, Lot, Message, Purchase, Refund
from rxconnect.services.money import ledger


def violations() -> list[str]:
    """A sentence for each violation, once no payment is in progress any more. Empty if all is well."""
    with db.reading() as session:
        return [
            *ledger.check_ledger(session).differences,
            *_unfinished(session),
            *_charges(session),
            *_processor(session),
            *_wallets(session),
        ]


def charged(purchase_id: str) -> list[tuple[str, int]]:
    """The intents of all attempts of a purchase that the sandbox has charged, with their cents."""
    return [(intent_id, cents) for intent_id, key, cents in _charged_intents() if key.rpartition(":")[0] == purchase_id]


def _ask_sandbox(question: str) -> list[tuple]:
    with closing(sqlite3.connect(settings().data_dir / "sandbox.db", timeout=30)) as file:
        return file.execute(question).fetchall()


def _charged_intents() -> list[tuple[str, str, int]]:
    return _ask_sandbox("SELECT id, key, charged_cents FROM intent WHERE state = 'succeeded'")


def _unfinished(session: Session) -> list[str]:
    """Operations that were started and never finished."""
    return [
        *(
            f"Purchase {purchase.id} is still {purchase.status}."
            for purchase in session.exec(select(Purchase))
            if PurchaseStatus(purchase.status).is_under_way
        ),
        *(
            f"Refund {refund.id} is still pending."
            for refund in session.exec(select(Refund).where(Refund.status == RefundStatus.PENDING))
        ),
    ]


def _charges(session: Session) -> list[str]:
    """Every charge must be one paid purchase or one refunded correction, and every paid purchase must be one charge."""
    paid = {
        purchase.intent_id: purchase.credits * purchase.price_cents
        for purchase in session.exec(select(Purchase))
        if PurchaseStatus(purchase.status).has_receipt
    }
    corrections = session.exec(select(Refund).where(Refund.cause == Cause.CORRECTION)).all()
    explained = [*paid.items(), *((refund.intent_id, refund.cents) for refund in corrections)]
    really = {intent_id: cents for intent_id, _key, cents in _charged_intents()}
    lost = [
        f"{really[one]} cents were charged with {one}, and nobody got anything."
        for one in really.keys() - dict(explained).keys()
    ]
    twice = [
        f"{one} is explained {times} times." for one, times in Counter(one for one, _ in explained).items() if times > 1
    ]
    wrong = [
        f"{one} charged {really.get(one, 0)} cents, and our books say {cents}."
        for one, cents in explained
        if really.get(one) != cents
    ]
    return lost + twice + wrong


def _processor(session: Session) -> list[str]:
    """The processor's balance must equal our books'."""
    (theirs,) = _ask_sandbox(
        """SELECT (SELECT coalesce(sum(charged_cents), 0) FROM intent WHERE state = 'succeeded')
                - (SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE state = 'succeeded')
                - (SELECT coalesce(sum(amount_cents), 0) FROM dispute WHERE state <> 'won')"""
    )
    rows = session.exec(select(LedgerAccount).where(LedgerAccount.kind == AccountKind.PROCESSOR))
    ours = -sum(row.balance for row in rows)
    return [] if theirs[0] == ours else [f"The processor holds {theirs[0]} cents for us, and our books say {ours}."]


def _wallets(session: Session) -> list[str]:
    """Every wallet must have the bought credits, less those held, spent, refunded and frozen; every hold must match."""
    wallets: Counter[tuple[int, int]] = Counter()
    holds: Counter[tuple[int, int]] = Counter()
    for purchase in session.exec(select(Purchase)):
        if PurchaseStatus(purchase.status).has_receipt:
            wallets[purchase.account_id, purchase.facility_id] += purchase.credits
    for refund in session.exec(select(Refund).where(Refund.status != RefundStatus.FAILED)):
        wallets[refund.account_id, refund.facility_id] -= refund.credits
    for message, item in session.exec(select(Message, Item).join(Item, col(Item.message_id) == Message.id)):
        where, status = (
            (message.account_id, message.paid_facility_id or message.facility_id),
            MessageStatus(item.status),
        )
        if not status.returns_credits:
            wallets[where] -= item.credits
        if status.is_pending:
            holds[where] += item.credits
    frozen = select(DisputedLot, Lot).join(Lot).join(Dispute).where(Dispute.status != "won")
    for part, lot in session.exec(frozen):
        wallets[lot.account_id, lot.facility_id] -= part.credits
    return [
        f"The {row.kind} of account {row.owner_id} at facility {row.facility_id} holds {row.balance}, and should {due}."
        for row in session.exec(select(LedgerAccount))
        if row.kind in (AccountKind.WALLET, AccountKind.HOLD)
        and (due := (wallets if row.kind == AccountKind.WALLET else holds)[row.owner_id, row.facility_id])
        != row.balance
    ]
