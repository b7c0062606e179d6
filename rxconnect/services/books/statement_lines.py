"""The lines of a yearly statement: one for each journal that brought, moved or returned credits or money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from rxconnect.domain import cards, dates, money
from rxconnect.domain.ledger import AccountKind, JournalGroup, JournalKind
from rxconnect.domain.refunds import Cause
from rxconnect.domain.statements import StatementLine, signed_credits, year_bounds
from rxconnect.i18n import N_, _
from rxconnect.models import Dispute, Facility, Journal, LedgerAccount, Posting, Purchase, Receipt, Refund, Transfer

CREDITS = (AccountKind.WALLET, AccountKind.HOLD, AccountKind.FROZEN)
_WITH_A_LINE = [kind for kind in JournalKind if kind.label]
_CORRECTED = N_("Wrong charge given back")


@dataclass(slots=True)
class JournalEffect:
    """The effect of one journal on an account at one facility: its credits, and the cents of its payments.

    A correction is one journal and two effects: the card was charged by mistake, and (`gives_back`) the money goes
    back.
    """

    kind: JournalKind
    facility_id: int
    at: datetime
    about: str
    gives_back: bool = False
    credits: int = 0
    cents: int = 0

    @property
    def is_payment(self) -> bool:
        """Whether a card was charged."""
        return self.kind is JournalKind.PURCHASE or (self.kind is JournalKind.CORRECTION and not self.gives_back)

    @property
    def is_refund(self) -> bool:
        """Whether money went back to a card, or failed to."""
        return self.kind.group is JournalGroup.REFUND and not self.is_payment


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of a journal: a few words, and the facility that a payment was for."""

    about: str
    facility_id: int


def journal_effects(session: Session, account_id: int, year: int) -> list[JournalEffect]:
    """All effects of a year, in order. They include the hours around it that belong to the year in some time zone."""
    subjects = _subjects(session, account_id)
    start, end = year_bounds(year, "UTC")
    rows = session.exec(
        select(Journal, LedgerAccount, Posting.amount)
        .join(Posting, col(Posting.journal_id) == Journal.id)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(col(Journal.subject).in_(subjects), col(Journal.kind).in_(_WITH_A_LINE))
        .where(Journal.created_at >= start - timedelta(days=1), Journal.created_at < end + timedelta(days=1))
        .order_by(col(Journal.created_at), col(Journal.id))
    )
    found: dict[tuple[int | None, int, bool], JournalEffect] = {}

    def effect(journal: Journal, facility_id: int, *, gives_back: bool = False) -> JournalEffect:
        kind, about = JournalKind(journal.kind), subjects[journal.subject].about
        new = JournalEffect(kind, facility_id, journal.created_at, about, gives_back)
        return found.setdefault((journal.id, facility_id, gives_back), new)

    for journal, account, amount in rows:
        if journal.kind == JournalKind.CORRECTION and account.kind == AccountKind.REFUNDING:
            # No facility took this money, so the facility comes from its refund.
            facility_id = subjects[journal.subject].facility_id
            effect(journal, facility_id).cents += amount
            effect(journal, facility_id, gives_back=True).cents -= amount
        elif account.kind == AccountKind.TAKINGS:
            effect(journal, account.facility_id).cents += amount
        elif account.kind in CREDITS:
            effect(journal, account.facility_id).credits += amount
    return list(found.values())


def statement_line(effect: JournalEffect, zone: str) -> StatementLine:
    """The line of an effect. A transfer between facilities was neither paid nor refunded, so it shows no amount."""
    return StatementLine(
        date=dates.day_and_year(effect.at, zone),
        what=_(_CORRECTED) if effect.gives_back else effect.kind.label,
        about=effect.about,
        credits=signed_credits(effect.credits) if effect.credits else "",
        amount=money.dollars(effect.cents) if effect.cents and effect.kind is not JournalKind.TRANSFER else "",
    )


def _subjects(session: Session, account_id: int) -> dict[str, _Subject]:
    """The subjects of an account's journals that have lines, by the text in `Journal.subject`."""
    subjects = {}
    for receipt in session.exec(select(Receipt).where(Receipt.account_id == account_id)):
        card = cards.card_label(receipt.card_brand, receipt.card_last_four)
        subjects[JournalGroup.PURCHASE.subject(receipt.purchase_id)] = _Subject(
            f"{receipt.number}, {card}", receipt.facility_id
        )
    refunds = select(Refund, Purchase).join(Purchase, col(Purchase.id) == Refund.purchase_id)
    for refund, purchase in session.exec(refunds.where(Refund.account_id == account_id)):
        card, cause = cards.card_label(purchase.card_brand, purchase.card_last_four), Cause(refund.cause).label
        subjects[JournalGroup.REFUND.subject(refund.id)] = _Subject(f"{cause}, {card}", refund.facility_id)
    disputes = select(Dispute, Receipt).join(Receipt, col(Receipt.purchase_id) == Dispute.purchase_id)
    for dispute, receipt in session.exec(disputes.where(Receipt.account_id == account_id)):
        subjects[JournalGroup.DISPUTE.subject(dispute.id)] = _Subject(receipt.number, receipt.facility_id)
    for transfer in session.exec(select(Transfer).where(Transfer.account_id == account_id)):
        old = session.get_one(Facility, transfer.from_facility_id)
        new = session.get_one(Facility, transfer.to_facility_id)
        text = _("From {old} to {new}, worth {amount}").format(
            old=old.name, new=new.name, amount=money.dollars(transfer.cents)
        )
        subjects[JournalGroup.TRANSFER.subject(transfer.id)] = _Subject(text, transfer.to_facility_id)
    return subjects
