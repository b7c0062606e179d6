"""The proof of money: sound after everything that can happen, and every planted difference is named, in both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from rxconnect import db
from rxconnect.domain.explanations import Verdict
from rxconnect.domain.finance import Period
from rxconnect.models import Facility
from rxconnect.services.books import comparison, explanations, finance
from rxconnect.services.money import ledger
from tests.databases import new_database
from tests.services.moneyed import Moneyed, live, within_a_month
from tests.worlds import installed


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def moneyed(request, tmp_path_factory, migrated_file) -> Iterator[Moneyed]:
    """A family to whom everything happened, in each of the databases. Tests leave it as it is."""
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        url = ""
        if request.param == "sqlite":
            shutil.copy(migrated_file, folder / "rxconnect.db")
        else:
            url = stack.enter_context(new_database(request.getfixturevalue("postgres_server")))
        stack.enter_context(installed(data_dir=folder, database_url=url))
        stack.enter_context(within_a_month())
        yield live()


def differences_after(*damage: str) -> list[str]:
    """What the check finds after this damage to the database, which is undone again."""
    with db.transaction() as session:
        connection = session.connection()
        for statement in (*_unguarded(connection.dialect.name), *damage):
            changed = connection.execute(text(statement))
            assert changed.rowcount != 0, statement
        found = ledger.check_ledger(session).differences
        session.rollback()
    return found


def _unguarded(dialect: str) -> list[str]:
    """Statements that take the triggers away which make the ledger append-only."""
    tables = ("journal", "posting", "receipt")
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for table in tables for verb in ("update", "delete")]
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]


def test_after_everything_that_can_happen_to_money_all_adds_up(moneyed):
    report = db.read(ledger.check_ledger)
    assert report.differences == []
    totals = {total.kind: total.balance for total in report.totals}
    assert set(totals) == {"processor", "takings", "refunding", "issued", "wallet", "hold", "frozen", "earned"}
    assert all(totals.values())


def test_everything_that_happened_can_be_explained_and_adds_up(moneyed):
    with db.reading() as session:
        keys = [session.get_one(Facility, place).key for place in (moneyed.alder, moneyed.birch)]
        stories = [
            *(explanations.explain_wallet(session, moneyed.family.email, key) for key in keys),
            *(explanations.explain_purchase(session, purchase_id) for purchase_id in moneyed.purchases.values()),
            *(explanations.explain_message(session, letter) for letter in (moneyed.delivered_id, moneyed.returned_id)),
        ]
        told = [list(story) for story in stories]
    assert [story[-1] for story in told] == [Verdict([])] * len(told)
    assert all(len(story) > 2 for story in told)


def test_the_processors_books_agree_with_what_happened(moneyed):
    report = comparison.compare_days(1)
    assert report.payments == len(moneyed.purchases)
    assert report.differences == []


@pytest.mark.parametrize("period", list(Period))
def test_a_facilitys_finances_are_the_same_in_both(moneyed, period):
    books = db.read(finance.overview, moneyed.administrator, period)
    figures = (books.takings, books.refunds, books.disputes, books.moved, books.unused, books.held, books.frozen)
    expected = (
        ("$0.00", "$0.00", "$0.00", "") if period is Period.LAST_MONTH else ("$19.50", "$1.00", "$5.00", "−$2.25")
    )
    assert figures == (*expected, "43", "1", "10")


MOVED_BY_ONE = """UPDATE posting SET amount = amount + CASE WHEN amount > 0 THEN 1 ELSE -1 END
                  WHERE unit = 'cent' AND journal_id IN (SELECT id FROM journal WHERE kind = '{}')"""
FORGOTTEN = "UPDATE journal SET kind = 'other' WHERE kind = '{}'"

PLANTED = {
    "a purchase paid without a journal": (
        "UPDATE purchase SET status = 'paid' WHERE status = 'failed'",
        "is paid, with 0 journals and 0 receipts",
    ),
    "a lot of a purchase that was not paid": (
        "UPDATE purchase SET status = 'failed' WHERE status = 'disputed'",
        "is failed, with 1 lots of its own",
    ),
    "a purchase without its lot": (
        "UPDATE lot SET transfer_id = (SELECT max(id) FROM transfer) WHERE gone_cents = 0",
        "with 0 lots of its own",
    ),
    "a lot of other credits": ("UPDATE lot SET credits = credits + 1 WHERE transfer_id IS NULL", "but purchase"),
    "a lot of other cents": ("UPDATE lot SET cents = cents + 1 WHERE transfer_id IS NULL", "but purchase"),
    "a lot of somebody else": (
        "UPDATE lot SET account_id = (SELECT max(id) FROM account) WHERE gone_cents = 0",
        "is in a wallet that purchase",
    ),
    "a purchase's journal of other cents": (MOVED_BY_ONE.format("purchase"), "cents and"),
    "a journal of a purchase that never was": (
        "UPDATE journal SET kind = 'purchase' WHERE kind = 'spend'",
        "is of a purchase that does not exist: message:1",
    ),
    "a receipt of another price": ("UPDATE receipt SET price_cents = 1", "does not agree with its purchase"),
    "a receipt of another card": ("UPDATE receipt SET card_last_four = '0000'", "does not agree with its purchase"),
    "a receipt of another brand": ("UPDATE receipt SET card_brand = 'amex'", "does not agree with its purchase"),
    "a receipt of another day": (
        "UPDATE receipt SET issued_at = '2020-01-01 00:00:00+00:00'",
        "does not agree with its purchase",
    ),
    "a refund that its purchase forgot": (
        "UPDATE purchase SET refunded_cents = 0 WHERE refunded_cents > 0",
        "but its refunds come to 75",
    ),
    "a refund without a journal": (
        FORGOTTEN.format("refund"),
        "moved 0 on the takings account of 0",
    ),
    "a refund paid without a journal": (FORGOTTEN.format("refund paid"), "moved 0 on the processor account"),
    "a refund failed without a journal": (FORGOTTEN.format("refund failed"), ":failed moved 0 on the wallet account"),
    "a wrong charge without a journal": (FORGOTTEN.format("correction"), "journal correction:"),
    "a refund's journal of other cents": (MOVED_BY_ONE.format("refund"), "and must move -75"),
    "a refund paid with other cents": (MOVED_BY_ONE.format("refund paid"), "moved -76 on the refunding account"),
    "a refund paid twice": (
        "UPDATE journal SET kind = 'refund paid' WHERE kind = 'hold'",
        "and must move 0",
    ),
    "a refund that reverses nothing": ("UPDATE journal SET reverses = NULL WHERE kind = 'refund failed'", "reverses"),
    "a refund of another lot": (
        "UPDATE refund SET lot_id = (SELECT max(id) FROM lot) WHERE status = 'paid' AND lot_id IS NOT NULL",
        "is not of the lot that it names",
    ),
    "a refund that never ended": (
        "UPDATE refund SET status = 'pending' WHERE status = 'paid'",
        "cents on their way back to its card, but its unfinished refunds come to",
    ),
    "a lot that forgot a refund": (
        "UPDATE lot SET gone_credits = 0, gone_cents = 0 WHERE gone_cents = 75",
        "its refunds and disputes alone come to 3 credits and 75 cents",
    ),
    "a lot of which more is gone than was refunded": (
        "UPDATE lot SET gone_credits = gone_credits + 1 WHERE gone_cents = 75",
        "say that 5 credits are gone, but refunds",
    ),
    "cents that went nowhere": ("UPDATE lot SET gone_cents = gone_cents + 1 WHERE gone_cents = 75", "76 cents are gone"),
    "a transfer of other credits": ("UPDATE transfer SET new_credits = new_credits + 1", "but its lots are of"),
    "a transfer of other cents": ("UPDATE transfer SET cents = cents + 1", "on the takings account"),
    "a transfer without a journal": (FORGOTTEN.format("transfer"), "moved 0 on the issued account"),
    "a transfer without a row": ("UPDATE journal SET idempotency_key = 'transfer:99' WHERE kind = 'transfer'", "Transfer 99"),
    "a dispute that nobody froze for": (FORGOTTEN.format("dispute"), "moved 0 on the frozen account"),
    "a dispute that was won without a journal": (FORGOTTEN.format("dispute won"), "'dispute won' journals moved 0"),
    "a dispute that was lost without a journal": (FORGOTTEN.format("dispute lost"), "'dispute lost' journals moved 0"),
    "a dispute of more than was taken": ("UPDATE disputed_lot SET cents = cents - 1", "and must move -249"),
    "a dispute that ended without a word": (
        "UPDATE dispute SET status = 'lost' WHERE status = 'open'",
        "10 frozen credits at facility",
    ),
    "a purchase that is not disputed any more": (
        "UPDATE purchase SET status = 'paid' WHERE status = 'disputed'",
        "is paid, with 1 disputes that were not won",
    ),
    "an item that was never paid for": (
        "UPDATE journal SET idempotency_key = 'other:' || id WHERE kind = 'hold'",
        "costs 1 credits and is delivered, but its journals moved 0 in the wallet, -1 set aside",
    ),
    "an item that was not given back": (
        "UPDATE journal SET idempotency_key = 'other' WHERE kind = 'give back'",
        "is withdrawn, but its journals moved -1",
    ),
    "a message that was never paid for": (
        "UPDATE journal SET subject = 'message:99' WHERE kind = 'hold'",
        "have 0 credits set aside and 1 spent, but its journals moved 0 in the wallet, -1 set aside and 1 to",
    ),
    "a message that was not given back": (
        "UPDATE journal SET subject = 'other' WHERE kind = 'give back'",
        "have 0 credits set aside and 0 spent, but its journals moved -1 in the wallet, 1 set aside and 0 to",
    ),
    "a message that costs more than its items": (
        "UPDATE message SET cost_credits = 2",
        "costs 2 credits and is delivered, but its items cost 1, and 0 of them",
    ),
    "a message that waits with nothing undecided": (
        "UPDATE message SET status = 'in review' WHERE status = 'delivered'",
        "costs 1 credits and is in review, but its items cost 1, and 0 of them",
    ),
    "a message without items": ("DELETE FROM item WHERE status = 'withdrawn'", "but its items cost 0, and 0 of them"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "sentence"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_difference_is_named(moneyed, damage, sentence):
    found = differences_after(damage)
    assert any(sentence in difference for difference in found), "\n".join(found)
