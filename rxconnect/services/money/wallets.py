"""Wallets: an account's credits at each facility, which a message holds, spends or returns."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, case, func
from sqlmodel import Session, col, select

from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import InsufficientCredits, Overspent
from rxconnect.domain.facilities import Opening, short_name
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.wallets import WalletView
from rxconnect.models import Facility, LedgerAccount
from rxconnect.models.sorting import by_name
from rxconnect.services.money import ledger


def _sum_of(kind: AccountKind) -> ColumnElement[int]:
    return func.sum(case((col(LedgerAccount.kind) == kind, LedgerAccount.balance), else_=0))


# The balances of a wallet that its owner sees.
_KINDS = (AccountKind.WALLET, AccountKind.HOLD, AccountKind.FROZEN)
# Built once, since building them takes longer than running them.
_BALANCES = (
    select(Facility, _sum_of(AccountKind.WALLET), _sum_of(AccountKind.HOLD), _sum_of(AccountKind.FROZEN))
    .join(LedgerAccount, col(LedgerAccount.facility_id) == col(Facility.id))
    .where(col(LedgerAccount.owner_id) == bindparam("owner"), col(LedgerAccount.kind).in_(_KINDS))
    .group_by(col(Facility.id))
    .order_by(by_name(Facility.name))
)
_BALANCE = select(LedgerAccount.balance).where(
    LedgerAccount.kind == AccountKind.WALLET,
    LedgerAccount.owner_id == bindparam("owner"),
    LedgerAccount.facility_id == bindparam("place"),
)


def balance(session: Session, account_id: int, facility_id: int) -> int:
    """The credits that the account can use at the facility now, without those on hold."""
    return session.exec(_BALANCE, params={"owner": account_id, "place": facility_id}).one_or_none() or 0


def balances(session: Session, actor: Actor) -> list[WalletView]:
    """The actor's credits at every facility where it ever had any, sorted by the facility's name."""
    rows = session.exec(_BALANCES, params={"owner": actor.account_id})
    return [_view(facility, int(credits), int(held), int(frozen)) for facility, credits, held, frozen in rows]


def hold(session: Session, account_id: int, facility_id: int, credits: int, *, key: str, subject: str) -> None:
    """Hold credits for a message. Raises `InsufficientCredits` when the wallet has fewer."""
    source = Entry(AccountKind.WALLET, -credits, owner_id=account_id, facility_id=facility_id)
    target = Entry(AccountKind.HOLD, credits, owner_id=account_id, facility_id=facility_id)
    try:
        ledger.post_journal(session, kind=JournalKind.HOLD, key=key, subject=subject, entries=[source, target])
    except Overspent:
        raise InsufficientCredits(credits, balance(session, account_id, facility_id)) from None


def spend(session: Session, account_id: int, facility_id: int, credits: int, *, key: str, subject: str) -> None:
    """Move held credits to the facility, after the message was delivered."""
    source = Entry(AccountKind.HOLD, -credits, owner_id=account_id, facility_id=facility_id)
    target = Entry(AccountKind.EARNED, credits, facility_id=facility_id)
    ledger.post_journal(session, kind=JournalKind.SPEND, key=key, subject=subject, entries=[source, target])


def give_back(session: Session, account_id: int, facility_id: int, credits: int, *, key: str, subject: str) -> None:
    """Return held credits to the wallet, after the message was not delivered."""
    source = Entry(AccountKind.HOLD, -credits, owner_id=account_id, facility_id=facility_id)
    target = Entry(AccountKind.WALLET, credits, owner_id=account_id, facility_id=facility_id)
    ledger.post_journal(session, kind=JournalKind.GIVE_BACK, key=key, subject=subject, entries=[source, target])


def _view(facility: Facility, credits: int, held: int, frozen: int) -> WalletView:
    assert facility.id is not None
    return WalletView(
        facility_id=facility.id,
        facility_key=facility.key,
        facility=facility.name,
        facility_short=short_name(facility.name),
        price=money.price_each(facility.price_cents),
        credits=credits,
        held=held,
        frozen=frozen,
        is_open=facility.opening == Opening.OPEN,
    )
