"""The lines of a yearly statement: each journal that brought, moved or returned credits or money, told in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from rxconnect.domain import cards, dates, money
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.refunds import Cause
from rxconnect.domain.statements import StatementLine, bounds, signed
from rxconnect.i18n import N_, _
from rxconnect.models import Dispute, Facility, Journal, LedgerAccount, Posting, Purchase, Receipt, Refund, Transfer

CREDITS = (AccountKind.WALLET, AccountKind.HOLD, AccountKind.FROZEN)

# A charge that should not have been is one journal, and two lines: what the card was charged, and that it goes back.
_MISTAKE, _MENDED = "correction", "correction given back"
PAID, GIVEN_BACK, DISPUTED = ("purchase", _MISTAKE), ("refund", "refund failed", _MENDED), ("dispute", "dispute won")
# By the kind of journal; those of other kinds have no line.
_WHAT = {
    "purchase": N_("Credits bought"),
    "refund": N_("Refund asked for"),
    "refund failed": N_("Refund not possible, credits returned"),
    "transfer": N_("Credits moved"),
    "dispute": N_("Payment taken back by your bank"),
    "dispute won": N_("Dispute settled, the payment stands"),
    "dispute lost": N_("Dispute settled, the credits are gone"),
    _MISTAKE: N_("Charged by mistake"),
    _MENDED: N_("Wrong charge given back"),
}


@dataclass(slots=True)
class Step:
    """What one journal did to an account at one facility: its credits, and the cents that its payments brought there."""

    kind: str
    facility_id: int
    at: datetime
    about: str
    credits: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a journal is about: a few words, and the facility that a payment was for."""

    about: str
    facility_id: int


def steps(session: Session, account_id: int, year: int) -> list[Step]:
    """All that has a line in a year, or in the hours around it that are in the year in some time zone, in order."""
    subjects = _subjects(session, account_id)
    start, end = bounds(year, "UTC")
    rows = session.exec(
        select(Journal, LedgerAccount, Posting.amount)
        .join(Posting, col(Posting.journal_id) == Journal.id)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(col(Journal.subject).in_(subjects), col(Journal.kind).in_(_WHAT))
        .where(Journal.created_at >= start - timedelta(days=1), Journal.created_at < end + timedelta(days=1))
        .order_by(col(Journal.created_at), col(Journal.id))
    )
    found: dict[tuple[int | None, int, str], Step] = {}

    def step(journal: Journal, facility_id: int, kind: str) -> Step:
        about = subjects[journal.subject].about
        return found.setdefault((journal.id, facility_id, kind), Step(kind, facility_id, journal.created_at, about))

    for journal, account, amount in rows:
        if journal.kind == _MISTAKE and account.kind == AccountKind.REFUNDING:
            # No facility took this money, so only its refund says what it was for.
            facility_id = subjects[journal.subject].facility_id
            step(journal, facility_id, _MISTAKE).cents += amount
            step(journal, facility_id, _MENDED).cents -= amount
        elif account.kind == AccountKind.TAKINGS:
            step(journal, account.facility_id, journal.kind).cents += amount
        elif account.kind in CREDITS:
            step(journal, account.facility_id, journal.kind).credits += amount
    return list(found.values())


def line(step: Step, zone: str) -> StatementLine:
    """A step in words. What moved between facilities was neither paid nor given back, so it shows no amount."""
    return StatementLine(
        date=dates.day(step.at, zone),
        what=_(_WHAT[step.kind]),
        about=step.about,
        credits=signed(step.credits) if step.credits else "",
        amount=money.dollars(step.cents) if step.cents and step.kind != "transfer" else "",
    )


def _subjects(session: Session, account_id: int) -> dict[str, _Subject]:
    """Everything of an account's that has journals with lines, by the journals' subject."""
    subjects = {}
    for receipt in session.exec(select(Receipt).where(Receipt.account_id == account_id)):
        card = cards.label(receipt.card_brand, receipt.card_last_four)
        subjects[f"purchase:{receipt.purchase_id}"] = _Subject(f"{receipt.number}, {card}", receipt.facility_id)
    refunds = select(Refund, Purchase).join(Purchase, col(Purchase.id) == Refund.purchase_id)
    for refund, purchase in session.exec(refunds.where(Refund.account_id == account_id)):
        card, cause = cards.label(purchase.card_brand, purchase.card_last_four), Cause(refund.cause).label
        subjects[f"refund:{refund.id}"] = _Subject(f"{cause}, {card}", refund.facility_id)
    disputes = select(Dispute, Receipt).join(Receipt, col(Receipt.purchase_id) == Dispute.purchase_id)
    for dispute, receipt in session.exec(disputes.where(Receipt.account_id == account_id)):
        subjects[f"dispute:{dispute.id}"] = _Subject(receipt.number, receipt.facility_id)
    for transfer in session.exec(select(Transfer).where(Transfer.account_id == account_id)):
        old = session.get_one(Facility, transfer.from_facility_id)
        new = session.get_one(Facility, transfer.to_facility_id)
        text = _("From {old} to {new}, worth {amount}").format(
            old=old.name, new=new.name, amount=money.dollars(transfer.cents)
        )
        subjects[f"transfer:{transfer.id}"] = _Subject(text, transfer.to_facility_id)
    return subjects
