"""The ledger of a facility as plain lines: its newest movements of credits and money, without a name and without a letter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, exists, select

from rxconnect.domain import dates, money
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.finance import LedgerEntry, LedgerLine, LedgerView
from rxconnect.domain.ledger import AccountKind, JournalGroup, JournalKind, Unit
from rxconnect.domain.messages import ItemKind
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.statements import signed_credits
from rxconnect.i18n import N_, _, number_text
from rxconnect.models import Facility, Item, Journal, LedgerAccount, Posting
from rxconnect.services.books import finance

_SHOWN = 40
_SENTENCES = {
    JournalKind.PURCHASE: N_("{credits} bought for {cents}"),
    JournalKind.HOLD: N_("{credits} set aside for letter {about}"),
    JournalKind.SPEND: N_("{credits} charged: letter {about} was delivered"),
    JournalKind.GIVE_BACK: N_("{credits} returned: letter {about} was not delivered"),
    JournalKind.REFUND: N_("{credits} refunded, {cents} for the card"),
    JournalKind.REFUND_PAID: N_("{cents} paid back to the card"),
    JournalKind.REFUND_FAILED: N_("{credits} returned: the card did not take {cents} back"),
    JournalKind.CORRECTION: N_("{cents} charged by mistake, and given back"),
    JournalKind.TRANSFER: N_("Credits worth {cents} moved between facilities"),
    JournalKind.DISPUTE: N_("{credits} frozen: a bank took {cents} back"),
    JournalKind.DISPUTE_WON: N_("{credits} returned: the bank gave {cents} back"),
    JournalKind.DISPUTE_LOST: N_("{credits} gone: the bank reversed the payment for good"),
}
# Of a reply credit, which pays for the answer to a letter.
_OF_ANSWERS = {
    JournalKind.HOLD: N_("{credits} set aside for the answer to letter {about}"),
    JournalKind.SPEND: N_("{credits} charged: the answer to letter {about} was delivered"),
    JournalKind.GIVE_BACK: N_("{credits} returned: no answer to letter {about}"),
}


def newest(session: Session, actor: Actor, facility_id: int | None = None) -> LedgerView:
    """The newest movements at one of the actor's facilities, by default the first. Raises `NotAllowed`."""
    allowed = actor.facilities(Permission.SEE_FINANCE)
    if not allowed or facility_id not in (None, *allowed):
        raise NotAllowed
    facility = session.get_one(Facility, facility_id or allowed[0])
    journals = _newest_journals(session, facility)
    entries = _entries(session, [journal.id or 0 for journal in journals])
    answers = _answers(session, journals)
    credits = finance.credits_by_kind(session, facility)
    return LedgerView(
        facility_id=facility.id or 0,
        facility=facility.name,
        unused=number_text(credits[AccountKind.WALLET]),
        held=number_text(credits[AccountKind.HOLD]),
        earned=number_text(credits[AccountKind.EARNED]),
        lines=[
            _line(journal, entries[journal.id or 0], facility, is_answer=journal.idempotency_key in answers)
            for journal in journals
        ],
    )


def _newest_journals(session: Session, facility: Facility) -> Sequence[Journal]:
    """The journals that moved something at the facility, the newest first."""
    here = (
        exists()
        .where(col(Posting.journal_id) == Journal.id)
        .where(col(LedgerAccount.id) == Posting.account_id, col(LedgerAccount.facility_id) == facility.id)
    )
    return session.exec(select(Journal).where(here).order_by(col(Journal.id).desc()).limit(_SHOWN)).all()


def _entries(session: Session, journal_ids: list[int]) -> dict[int, list[tuple[AccountKind, int]]]:
    """What each journal moved, in the order in which it is read: from where, and to where."""
    found: dict[int, list[tuple[AccountKind, int]]] = {journal_id: [] for journal_id in journal_ids}
    rows = session.exec(
        select(Posting.journal_id, LedgerAccount.kind, Posting.amount)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(col(Posting.journal_id).in_(journal_ids))
        .order_by(col(Posting.unit).desc(), col(Posting.amount))
    )
    for journal_id, kind, amount in rows:
        found[journal_id].append((AccountKind(kind), int(amount)))
    return found


def _answers(session: Session, journals: Sequence[Journal]) -> set[str]:
    """The keys of the journals that moved the reply credit of a letter. Such a key names the letter's item."""
    items = {
        whole_number(key.split(":")[1]) or 0: key
        for key in (journal.idempotency_key for journal in journals)
        if key.startswith("item:")
    }
    replies = select(Item.id).where(col(Item.id).in_(items), Item.kind == ItemKind.REPLY)
    answers = set(session.exec(replies))
    return {
        journal.idempotency_key
        for journal in journals
        if journal.idempotency_key.startswith("item:")
        and whole_number(journal.idempotency_key.split(":")[1]) in answers
    }


def _line(journal: Journal, moved: list[tuple[AccountKind, int]], facility: Facility, *, is_answer: bool) -> LedgerLine:
    """A journal as a line. Raises `ValueError` for a kind that does not exist."""
    kind = JournalKind(journal.kind)
    sentences = _OF_ANSWERS if is_answer and kind.group is JournalGroup.MESSAGE else _SENTENCES
    credits = sum(amount for account, amount in moved if amount > 0 and account.unit is Unit.CREDIT)
    cents = sum(amount for account, amount in moved if amount > 0 and account.unit is Unit.CENT)
    return LedgerLine(
        number=journal.id or 0,
        at=dates.day_and_time(journal.created_at, facility.time_zone),
        what=_(sentences[kind]).format(
            credits=money.credits(credits), cents=money.dollars(cents), about=journal.subject.partition(":")[2]
        ),
        postings=[
            LedgerEntry(
                account=account.label,
                amount=signed_credits(amount) if account.unit is Unit.CREDIT else _signed_dollars(amount),
                is_in=amount > 0,
            )
            for account, amount in moved
        ],
    )


def _signed_dollars(cents: int) -> str:
    return f"+{money.dollars(cents)}" if cents > 0 else money.dollars(cents)
