"""The double-entry ledger: the only writer of balances. A balance is the sum of its account's postings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Insert, bindparam, func, insert, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, select

from rxconnect import live
from rxconnect.domain import clock
from rxconnect.domain.errors import LedgerBroken, Overspent
from rxconnect.domain.ledger import Entry, JournalKind, LedgerReport, Total
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Journal, LedgerAccount, Posting
from rxconnect.services.money import ledger_proof

_ACCOUNTS = LedgerAccount.__table__.c  # type: ignore[attr-defined]
_AMOUNT = bindparam("amount", type_=BigInteger)
# The guarded UPDATE that alone moves balances. Built once, since building it takes longer than running it.
_ADD = (
    update(LedgerAccount.__table__)  # type: ignore[attr-defined]
    .where(
        _ACCOUNTS.kind == bindparam("of_kind"),
        _ACCOUNTS.owner_id == bindparam("of_owner"),
        _ACCOUNTS.facility_id == bindparam("at_facility"),
        or_(_ACCOUNTS.floor.is_(None), _ACCOUNTS.balance + _AMOUNT >= _ACCOUNTS.floor),
    )
    .values(balance=_ACCOUNTS.balance + _AMOUNT)
    .returning(_ACCOUNTS.id, _ACCOUNTS.balance)
)
_POSTINGS = insert(Posting.__table__)  # type: ignore[attr-defined]


def post_journal(
    session: Session,
    *,
    kind: JournalKind,
    key: str,
    subject: str,
    entries: Sequence[Entry],
    reverses: int | None = None,
) -> bool:
    """Write one balanced journal, once. Returns False, and changes nothing, when `key` was posted before.

    `subject` names the object that it is about (`JournalKind.subject`); `reverses` is the id of a journal that it
    undoes. Raises `Overspent` when an account would fall below its floor, and `LedgerBroken` for entries that do not
    balance. Either writes nothing, even if the caller catches it and continues.
    """
    _require_balance(entries)
    session.flush()
    # A savepoint of the connection is enough, because these writes bypass the session's objects.
    with session.connection().begin_nested():
        journal_id = _insert_once(
            session,
            Journal,
            {
                "kind": kind.value,
                "idempotency_key": key,
                "reverses": reverses,
                "subject": subject,
                "created_at": clock.now(),
            },
        )
        if journal_id is None:
            return False
        # Postings get their ids after their accounts are locked, so that ids and balances have the same order.
        lines = [_post_entry(session, entry) for entry in sorted(entries, key=lambda entry: entry.account)]
        session.connection().execute(_POSTINGS, [{"journal_id": journal_id} | line for line in lines])
    for facility_id in {entry.facility_id for entry in entries} - {0}:
        live.publish(session, Topic(Subject.LEDGER, facility_id))
    return True


def check_ledger(session: Session) -> LedgerReport:
    """Prove the ledger from its raw postings, and against purchases, receipts and messages.

    Everything is added up in the database, so a ledger of any size is checked in constant memory.
    """
    kinds = session.exec(
        select(LedgerAccount.kind, LedgerAccount.unit, func.count(), func.sum(LedgerAccount.balance))
        .group_by(LedgerAccount.kind, LedgerAccount.unit)
        .order_by(LedgerAccount.unit, LedgerAccount.kind)
    )
    return LedgerReport(
        journals=session.exec(select(func.count()).select_from(Journal)).one(),
        postings=session.exec(select(func.count()).select_from(Posting)).one(),
        totals=[Total(kind, unit, count, int(balance)) for kind, unit, count, balance in kinds],
        differences=ledger_proof.differences(session),
    )


def _require_balance(entries: Sequence[Entry]) -> None:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.kind.unit] += entry.amount
    if len(entries) < 2 or any(sums.values()) or not all(entry.amount for entry in entries):
        raise LedgerBroken(f"these entries do not balance: {entries}")


def _post_entry(session: Session, entry: Entry) -> dict[str, Any]:
    """Add the entry's amount to its account's balance. Creates a missing account. Returns the posting's columns."""
    moved = _change_balance(session, entry)
    if not moved:
        _open_account(session, entry)
        moved = _change_balance(session, entry)
    if not moved:
        raise Overspent(entry.kind)
    account_id, balance = moved
    return {"account_id": account_id, "unit": entry.kind.unit, "amount": entry.amount, "balance_after": balance}


def _change_balance(session: Session, entry: Entry) -> tuple[int, int] | None:
    """Change a balance. Returns `(account id, new balance)`; None if the account is missing or would overspend."""
    whose = {"of_kind": entry.kind.value, "of_owner": entry.owner_id, "at_facility": entry.facility_id}
    row = session.connection().execute(_ADD, whose | {"amount": entry.amount}).one_or_none()
    return (row[0], row[1]) if row else None


def _open_account(session: Session, entry: Entry) -> None:
    """Create the entry's account with a balance of 0, unless it exists."""
    account = {
        "kind": entry.kind,
        "owner_id": entry.owner_id,
        "facility_id": entry.facility_id,
        "unit": entry.kind.unit,
        "floor": entry.kind.floor,
        "balance": 0,
    }
    _insert_once(session, LedgerAccount, account)


def _insert_once(session: Session, table: type[SQLModel], values: dict[str, Any]) -> int | None:
    """Insert a row and return its id, or None when a unique value is taken.

    It waits for another transaction that is inserting the same value.
    """
    statement = _insert_statement(table, session.get_bind().dialect.name)
    return session.connection().execute(statement, values).scalar_one_or_none()


@lru_cache
def _insert_statement(table: type[SQLModel], dialect: str) -> Insert:
    columns = table.__table__  # type: ignore[attr-defined]
    insert_or_not = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert_or_not(columns).on_conflict_do_nothing().returning(columns.c.id)
