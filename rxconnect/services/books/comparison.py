"""Comparison: check our purchases and refunds against the card processor's books, both ways, in constant memory.

These services open their own short transactions, because none may stay open during a call to the processor. A
difference is stored as a `Discrepancy` until a later comparison finds that both books agree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from sqlalchemy import or_
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.comparisons import ComparisonReport, Difference, Mismatch
from rxconnect.domain.errors import Throttled
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import Purchase, Refund
from rxconnect.payments.port import IntentState, Outcome, PaymentRecord, ProcessorUnavailable, RefundState
from rxconnect.services.accounts import throttle
from rxconnect.services.money import discrepancies, processor
from rxconnect.services.scheduling.batches import Batch

# Each night compares two earlier days again: a payment charged at the end of a day may be settled during the next.
OVERLAP = timedelta(days=2)
# A night also compares again the days since the oldest open difference, but it goes back no further than this.
_FURTHEST = timedelta(days=35)
# The night begins at this time in UTC, when it is night from Maine to Hawaii.
_NIGHT_BEGINS = timedelta(hours=9)
_BATCH = 500
_HAVE_RECEIPTS = [status for status in PurchaseStatus if status.has_receipt]
# Differences of disputes are found when a dispute begins and ends (`services.purchases.disputes`), not by a comparison.
_SEEN_AT_NIGHT: list[Mismatch] = [kind for kind in Mismatch if kind is not Mismatch.DISPUTE]
_OF_CHARGES: list[Mismatch] = [kind for kind in _SEEN_AT_NIGHT if kind is not Mismatch.REFUNDS]


@dataclass(frozen=True, slots=True)
class _Ours:
    """One intent in our books: the cents charged, those refunded, and those that are being refunded."""

    facility_id: int | None = None
    charged_cents: int = 0
    refunded_cents: int = 0
    pending_cents: int = 0
    is_under_way: bool = False


@dataclass(slots=True)
class _Tally:
    """Counts of a comparison that is running."""

    payments: int = 0
    refunds: int = 0
    resolved: int = 0


def compare_due() -> Batch:
    """Compare, unless this night was compared already. Any number of workers may call this; `done` is 1 for one of
    them.

    A comparison reads the books batch by batch to the end, because only the end tells which payments are missing. A
    worker claims the night with a rate limit of one (`services.accounts.throttle`), and releases it when the processor
    does not answer, which raises `ProcessorUnavailable`. After a crash the next night compares these days too.
    """
    night = (clock.now() - _NIGHT_BEGINS).date().isoformat()
    try:
        db.write(throttle.count_attempt, "compare", night, 1, timedelta(days=1))
    except Throttled:
        return Batch()
    until = clock.now()
    try:
        compare_between(db.read(_comparison_start, until), until)
    except ProcessorUnavailable:
        db.write(throttle.reset_attempts, "compare", night)
        raise
    return Batch(1)


def compare_days(days: int) -> ComparisonReport:
    """Compare the last `days` days and the overlap, for operators. Raises `CardRefused` if the processor is silent."""
    with processor.translated_errors():
        return compare_between(clock.now() - timedelta(days=days) - OVERLAP, clock.now())


def compare_between(since: datetime, until: datetime) -> ComparisonReport:
    """Compare charges, purchases and refunds from `since` until before `until`. Raises `ProcessorUnavailable`.

    Purchases that are still being charged are left out.
    """
    tally = _Tally()
    # Without a name, SQLite uses a temporary file, so millions of payments do not fill the memory.
    with closing(sqlite3.connect("")) as seen:
        seen.execute("CREATE TABLE seen (intent TEXT PRIMARY KEY) WITHOUT ROWID")
        _compare_theirs(since, until, seen, tally)
        _compare_ours(since, until, seen, tally)
        _compare_later_refunds(since, until, seen, tally)
    return db.read(_report, tally)


def _compare_theirs(since: datetime, until: datetime, seen: sqlite3.Connection, tally: _Tally) -> None:
    """Compare every payment in the processor's books with ours."""
    for batch in _batches(processor.current().payments(since, until)):
        ours = db.read(_ours_by_intent, batch)
        found = [difference for record in batch for difference in _payment_differences(record, ours[record.intent_id])]
        settled = [record.intent_id for record in batch if not ours[record.intent_id].is_under_way]
        tally.resolved += db.write(_store_differences, found, settled, _SEEN_AT_NIGHT, ours)
        tally.payments += len(batch)
        seen.executemany("INSERT OR IGNORE INTO seen VALUES (?)", [(record.intent_id,) for record in batch])


def _compare_ours(since: datetime, until: datetime, seen: sqlite3.Connection, tally: _Tally) -> None:
    """Ask the processor about each purchase of ours that its list of payments did not contain."""
    after = ""
    while batch := db.read(_paid_purchases_batch, since, until, after):
        after = batch[-1].id
        missing = [purchase for purchase in batch if not _was_seen(seen, purchase.intent_id)]
        found = [difference for purchase in missing for difference in _purchase_differences(purchase)]
        ours = {purchase.intent_id: _Ours(purchase.facility_id) for purchase in missing}
        tally.resolved += db.write(_store_differences, found, list(ours), _OF_CHARGES, ours)
        tally.payments += len(missing)


def _compare_later_refunds(since: datetime, until: datetime, seen: sqlite3.Connection, tally: _Tally) -> None:
    """Ask the processor about refunds whose payments are older, and so not in its list."""
    after = ""
    while batch := db.read(_refunds_batch, since, until, after):
        after = batch[-1].intent_id
        missing = [refund for refund in batch if not _was_seen(seen, refund.intent_id)]
        ours = {refund.intent_id: _Ours(refund.facility_id) for refund in missing}
        grouped = groupby(missing, key=lambda refund: refund.intent_id)
        found = [
            difference for intent_id, of_it in grouped for difference in _refund_differences(intent_id, list(of_it))
        ]
        tally.resolved += db.write(_store_differences, found, list(ours), [Mismatch.REFUNDS], ours)
        tally.refunds += len(missing)


def _payment_differences(theirs: PaymentRecord, ours: _Ours) -> Iterator[Difference]:
    """The differences between the two books about one charged payment."""
    if ours.is_under_way:
        return
    about = theirs.intent_id
    if not ours.charged_cents:
        yield Difference(Mismatch.NOT_PAID_HERE, about, 0, theirs.amount_cents)
    elif ours.charged_cents != theirs.amount_cents:
        yield Difference(Mismatch.AMOUNT, about, ours.charged_cents, theirs.amount_cents)
    # A pending refund may or may not be in their books yet.
    most = ours.refunded_cents + ours.pending_cents
    if not ours.refunded_cents <= theirs.refunded_cents <= most:
        yield Difference(Mismatch.REFUNDS, about, ours.refunded_cents, theirs.refunded_cents)


def _purchase_differences(purchase: Purchase) -> Iterator[Difference]:
    """The differences between the processor's answer about an intent and our paid purchase."""
    cents = purchase.credits * purchase.price_cents
    try:
        outcome = processor.current().retrieve(purchase.intent_id)
    except ProcessorUnavailable:
        # The processor has just answered other requests, so it does not know this intent.
        outcome = Outcome(IntentState.CANCELED)
    if outcome.state is not IntentState.SUCCEEDED:
        yield Difference(Mismatch.NOT_CHARGED_THERE, purchase.intent_id, cents, 0)
    elif outcome.amount_cents != cents:
        yield Difference(Mismatch.AMOUNT, purchase.intent_id, cents, outcome.amount_cents or 0)


def _refund_differences(intent_id: str, refunds: list[Refund]) -> Iterator[Difference]:
    """The differences between the processor's answers about all ended refunds of one payment and our books."""
    ours = sum(refund.cents for refund in refunds if refund.status == RefundStatus.PAID)
    theirs = sum(refund.cents for refund in refunds if _has_paid(refund.processor_id))
    if ours != theirs:
        yield Difference(Mismatch.REFUNDS, intent_id, ours, theirs)


def _has_paid(processor_id: str) -> bool:
    """Whether the processor has paid a refund. A refund without the processor's id was never begun."""
    if not processor_id:
        return False
    try:
        return processor.current().retrieve_refund(processor_id).state is RefundState.SUCCEEDED
    except ProcessorUnavailable:
        return False


def _batches(records: Iterable[PaymentRecord]) -> Iterator[list[PaymentRecord]]:
    iterator = iter(records)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _was_seen(seen: sqlite3.Connection, intent_id: str) -> bool:
    return seen.execute("SELECT 1 FROM seen WHERE intent = ?", (intent_id,)).fetchone() is not None


def _comparison_start(session: Session, until: datetime) -> datetime:
    """The comparison's start: a day and the overlap before `until`, or before the oldest open difference."""
    usual = timedelta(days=1) + OVERLAP
    oldest = discrepancies.oldest_open_at(session, _SEEN_AT_NIGHT)
    return max(min(until, oldest or until) - usual, until - _FURTHEST)


def _ours_by_intent(session: Session, batch: list[PaymentRecord]) -> dict[str, _Ours]:
    """Our books' record of each of these payments."""
    intents = [record.intent_id for record in batch]
    # A later attempt replaces the purchase's intent. The earlier one is found by its key, `purchase:attempt`.
    by_key = {record.intent_id: record.key.partition(":")[0] for record in batch}
    mine = or_(col(Purchase.intent_id).in_(intents), col(Purchase.id).in_(by_key.values()))
    purchases = {purchase.id: purchase for purchase in session.exec(select(Purchase).where(mine))}
    facilities = {purchase.id: purchase.facility_id for purchase in purchases.values()}
    ours = {intent_id: _Ours(facilities.get(purchase_id)) for intent_id, purchase_id in by_key.items()}
    for purchase in purchases.values():
        if purchase.intent_id in ours:
            ours[purchase.intent_id] = _ours_of_purchase(purchase)
    for refund in session.exec(select(Refund).where(col(Refund.intent_id).in_(intents))):
        ours[refund.intent_id] = _with_refund(ours[refund.intent_id], refund)
    return ours


def _ours_of_purchase(purchase: Purchase) -> _Ours:
    """A purchase's latest intent in our books."""
    status = PurchaseStatus(purchase.status)
    cents = purchase.credits * purchase.price_cents if status.has_receipt else 0
    return _Ours(purchase.facility_id, cents, is_under_way=status.is_under_way)


def _with_refund(ours: _Ours, refund: Refund) -> _Ours:
    """Add a refund. One without a lot returns a charge that bought nothing, so it adds that charge as well."""
    return _Ours(
        facility_id=refund.facility_id,
        charged_cents=ours.charged_cents + (refund.cents if refund.lot_id is None else 0),
        refunded_cents=ours.refunded_cents + (refund.cents if refund.status == RefundStatus.PAID else 0),
        pending_cents=ours.pending_cents + (refund.cents if refund.status == RefundStatus.PENDING else 0),
        is_under_way=ours.is_under_way,
    )


def _paid_purchases_batch(session: Session, since: datetime, until: datetime, after: str) -> list[Purchase]:
    """The next purchases that were paid in this time, sorted by id."""
    return list(
        session.exec(
            select(Purchase)
            .where(col(Purchase.status).in_(_HAVE_RECEIPTS), Purchase.id > after)
            .where(col(Purchase.paid_at) >= since, col(Purchase.paid_at) < until)
            .order_by(Purchase.id)
            .limit(_BATCH)
        )
    )


def _refunds_batch(session: Session, since: datetime, until: datetime, after: str) -> list[Refund]:
    """All ended refunds of the next payments for which a refund ended in this time, sorted by intent."""
    intents = (
        select(Refund.intent_id)
        .where(Refund.intent_id > after, col(Refund.ended_at) >= since, col(Refund.ended_at) < until)
        .order_by(Refund.intent_id)
        .distinct()
        .limit(_BATCH)
    )
    ended = select(Refund).where(col(Refund.intent_id).in_(intents), Refund.status != RefundStatus.PENDING)
    return list(session.exec(ended.order_by(Refund.intent_id)))


def _store_differences(
    session: Session, found: list[Difference], about: list[str], kinds: list[Mismatch], ours: dict[str, _Ours]
) -> int:
    """Store the differences found about these intents, resolve earlier ones that are gone, and count the resolved."""
    agreeing = discrepancies.resolve_gone(session, about, kinds, {(one.kind, one.about) for one in found})
    for difference in found:
        discrepancies.store_difference(session, difference, ours[difference.about].facility_id)
    return agreeing


def _report(session: Session, tally: _Tally) -> ComparisonReport:
    return ComparisonReport(
        payments=tally.payments,
        refunds=tally.refunds,
        resolved=tally.resolved,
        open=discrepancies.open_count(session),
        differences=discrepancies.newest_open(session),
    )
