"""The built-in card processor: it behaves like a real one, takes no money, and accepts only published test numbers.

It has its own SQLite file, so a crash or rollback on our side never changes its answers. Card numbers and CVVs are
never written to it.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rxconnect.payments import sandbox_events, sandbox_intents, sandbox_tables
from rxconnect.payments.card_form import check_cvv, is_right_cvv, read_card
from rxconnect.payments.port import (
    About,
    CardDetails,
    DisputeRecord,
    DisputeState,
    Event,
    IntentState,
    Outcome,
    PaymentRecord,
    ProcessorUnavailable,
    RefundOutcome,
    RefundState,
    UnknownToken,
)
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault, take_fault
from rxconnect.world import PerWorld, current, must_write

SANDBOX = "sandbox.db"


class Sandbox:
    """The `Processor` of the demonstration. `slow_seconds` is the delay of the slow test card."""

    def __init__(self, file: Path, *, slow_seconds: float = 6.0):
        self._file = file
        self._slow_seconds = slow_seconds
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            sandbox_tables.create_or_upgrade_tables(connection)

    def tokenize(self, number: str, expiry: str, cvv: str, postcode: str) -> tuple[str, CardDetails]:
        """A token for a typed card, and the card's details. Raises `Invalid` with a fact for each wrong field."""
        card, details = read_card(number, expiry, cvv, postcode)
        token = _token("tok")
        expires = (details.expiry_month, details.expiry_year)
        row = (token, card.name, details.last_four, *expires, details.postcode, is_right_cvv(cvv))
        with self._transaction() as run:
            run.execute("INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
        return token, details

    def tokenize_cvv(self, cvv: str) -> str:
        """A single-use token for the re-entered CVV of a stored card. Raises `Invalid`."""
        check_cvv(cvv)
        token = _token("cvc")
        with self._transaction() as run:
            run.execute("INSERT INTO cvc VALUES (?, ?)", (token, is_right_cvv(cvv)))
        return token

    def create_customer(self, key: str) -> str:
        """See `Processor`."""
        with self._transaction() as run:
            run.execute("INSERT INTO customer VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (_token("cus"), key))
            return run.execute("SELECT id FROM customer WHERE key = ?", (key,)).fetchone()["id"]

    def describe(self, token: str) -> CardDetails:
        """See `Processor`."""
        with self._transaction() as run:
            row = _card(run, token)
        if row is None:
            raise UnknownToken
        brand = BY_NAME[row["name"]].brand
        return CardDetails(brand, row["last_four"], row["expiry_month"], row["expiry_year"], row["postcode"])

    def store_card(self, token: str, customer: str) -> str:
        """See `Processor`."""
        with self._transaction() as run:
            _require_customer(run, customer)
            run.execute(
                """INSERT INTO card SELECT ?, name, last_four, expiry_month, expiry_year, postcode, is_cvv_right, token
                   FROM card WHERE token = ? ON CONFLICT (stored_from) DO NOTHING""",
                (_token("card"), token),
            )
            row = run.execute("SELECT token FROM card WHERE stored_from = ?", (token,)).fetchone()
        if row is None:
            raise UnknownToken
        return row["token"]

    def update_card(self, token: str, *, expiry_month: int, expiry_year: int, postcode: str) -> None:
        """See `Processor`."""
        with self._transaction() as run:
            updated = run.execute(
                "UPDATE card SET expiry_month = ?, expiry_year = ?, postcode = ? WHERE token = ?",
                (expiry_month, expiry_year, postcode, token),
            )
        if not updated.rowcount:
            raise UnknownToken

    def forget_card(self, token: str) -> None:
        """See `Processor`."""
        with self._transaction() as run:
            run.execute("DELETE FROM card WHERE token = ? AND stored_from IS NOT NULL", (token,))

    def create_intent(self, key: str, amount_cents: int, customer: str) -> str:
        """See `Processor`."""
        with self._call("create_intent") as run:
            _require_customer(run, customer)
            run.execute(
                "INSERT INTO intent (id, key, amount_cents, state) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (_token("int"), key, amount_cents, IntentState.UNCONFIRMED),
            )
            return run.execute("SELECT id FROM intent WHERE key = ?", (key,)).fetchone()["id"]

    def confirm(
        self,
        intent_id: str,
        key: str,
        token: str,
        cvc_token: str,
        *,
        saves_card: bool = False,
        off_session: bool = False,
        return_url: str = "",
    ) -> Outcome:
        """See `Processor`. The slow card is charged at once and answers late, so a timeout does not mean no charge."""
        with self._call("confirm") as run:
            answered = run.execute("SELECT * FROM confirmation WHERE key = ?", (key,)).fetchone()
            if answered:
                return sandbox_intents.outcome_of(answered)
            card = _card(run, token)
            outcome = sandbox_intents.charge_intent(
                run, intent_id, card, cvc_token, off_session=off_session, return_url=return_url
            )
            run.execute(
                "INSERT INTO confirmation VALUES (?, ?, ?, ?, ?)",
                (key, outcome.state, outcome.failure, outcome.amount_cents, outcome.action_url),
            )
        if card and BY_NAME[card["name"]].is_slow:
            time.sleep(self._slow_seconds)
        return outcome

    def authenticate(self, intent_id: str, *, is_buyer: bool) -> str:
        """Apply the buyer's answer at their bank. Returns the URL to go back to; "" for an unknown intent."""
        with self._transaction() as run:
            row = run.execute("SELECT return_url FROM intent WHERE id = ?", (intent_id,)).fetchone()
            if row is None:
                return ""
            sandbox_intents.settle_waiting(run, intent_id, is_buyer=is_buyer)
            return row["return_url"]

    def retrieve(self, intent_id: str) -> Outcome:
        """See `Processor`."""
        with self._call("retrieve") as run:
            return sandbox_intents.outcome_of(sandbox_intents.get_intent(run, intent_id))

    def cancel(self, intent_id: str) -> Outcome:
        """See `Processor`."""
        with self._call("cancel") as run:
            return sandbox_intents.cancel_intent(run, intent_id)

    def refund(self, intent_id: str, key: str, amount_cents: int) -> RefundOutcome:
        """See `Processor`. A refund to the test card `refund_fails` is `pending` first and fails later."""
        with self._call("refund") as run:
            known = run.execute("SELECT id, state FROM refund WHERE key = ?", (key,)).fetchone()
            if known:
                return RefundOutcome(known["id"], RefundState(known["state"]))
            if amount_cents > sandbox_intents.refundable_cents(run, intent_id):
                return RefundOutcome("", RefundState.FAILED)
            refund_id = _token("ref")
            state = (
                RefundState.PENDING
                if sandbox_intents.get_intent(run, intent_id)["refund_fails"]
                else RefundState.SUCCEEDED
            )
            run.execute("INSERT INTO refund VALUES (?, ?, ?, ?, ?)", (refund_id, key, intent_id, amount_cents, state))
            sandbox_events.write_event(run, About.REFUND, refund_id)
            return RefundOutcome(refund_id, state)

    def retrieve_refund(self, refund_id: str) -> RefundOutcome:
        """See `Processor`. A `pending` refund fails when it is first retrieved."""
        with self._call("retrieve_refund") as run:
            run.execute("UPDATE refund SET state = 'failed' WHERE id = ? AND state = 'pending'", (refund_id,))
            row = run.execute("SELECT id, state FROM refund WHERE id = ?", (refund_id,)).fetchone()
        if row is None:
            raise ProcessorUnavailable(f"no refund {refund_id}")
        return RefundOutcome(row["id"], RefundState(row["state"]))

    def open_dispute(self, intent_id: str, cents: int | None = None) -> str:
        """Open a dispute: the buyer's bank takes back `cents`, or the rest of the payment. Returns the dispute's id."""
        with self._transaction() as run:
            dispute_id = _token("dis")
            if cents is None:
                cents = sandbox_intents.refundable_cents(run, intent_id)
            run.execute("INSERT INTO dispute VALUES (?, ?, ?, ?)", (dispute_id, intent_id, cents, DisputeState.OPEN))
            sandbox_events.write_event(run, About.DISPUTE, dispute_id)
            return dispute_id

    def close_dispute(self, dispute_id: str, *, is_won: bool) -> None:
        """Close a dispute. A won dispute returns the money to us."""
        with self._transaction() as run:
            state = DisputeState.WON if is_won else DisputeState.LOST
            run.execute("UPDATE dispute SET state = ? WHERE id = ? AND state = 'open'", (state, dispute_id))
            sandbox_events.write_event(run, About.DISPUTE, dispute_id)

    def retrieve_dispute(self, dispute_id: str) -> DisputeRecord:
        """See `Processor`."""
        with self._call("retrieve_dispute") as run:
            row = run.execute("SELECT * FROM dispute WHERE id = ?", (dispute_id,)).fetchone()
        if row is None:
            raise ProcessorUnavailable(f"no dispute {dispute_id}")
        return DisputeRecord(row["id"], row["intent_id"], row["amount_cents"], DisputeState(row["state"]))

    def payments(self, since: datetime, until: datetime) -> Iterator[PaymentRecord]:
        """See `Processor`."""
        with self._transaction() as run:
            rows = run.execute(
                """SELECT i.id, i.key, i.charged_cents, i.charged_at, coalesce(sum(r.amount_cents), 0) AS refunded
                   FROM intent i LEFT JOIN refund r ON r.intent_id = i.id AND r.state <> 'failed'
                   WHERE i.charged_at >= ? AND i.charged_at < ?
                   GROUP BY i.id, i.key, i.charged_cents, i.charged_at ORDER BY i.charged_at, i.id""",
                (since.astimezone(UTC).isoformat(), until.astimezone(UTC).isoformat()),
            ).fetchall()
        for row in rows:
            at = datetime.fromisoformat(row["charged_at"])
            yield PaymentRecord(row["id"], row["key"], row["charged_cents"], row["refunded"], at)

    def read_event(self, body: bytes, signature: str) -> Event:
        """See `Processor`."""
        with self._transaction() as run:
            secret = sandbox_events.signing_key(run)
        return sandbox_events.verified_event(body, signature, secret)

    def events(self) -> list[tuple[bytes, str]]:
        """Every event so far, oldest first, as a webhook would receive it: the body and a fresh signature."""
        with self._transaction() as run:
            return sandbox_events.signed_events(run)

    def plan(self, method: str, fault: Fault, times: int = 1) -> None:
        """Make the next `times` calls of a method fail with `fault`."""
        with self._transaction() as run:
            run.executemany("INSERT INTO fault (method, fault) VALUES (?, ?)", [(method, fault)] * times)

    @contextmanager
    def _call(self, method: str) -> Iterator[sqlite3.Connection]:
        """A transaction for one call of `method`. A planned fault makes it fail, before or after it does the work."""
        with self._transaction() as run:
            fault = take_fault(run, method)
        if fault and not fault.is_after:
            raise ProcessorUnavailable(fault)
        with self._transaction() as run:
            yield run
        if fault:
            raise ProcessorUnavailable(fault)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A short write transaction on its own connection, so that any thread or process may call it."""
        must_write()
        try:
            with closing(sqlite3.connect(self._file, timeout=30, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    yield connection
        except sqlite3.OperationalError as error:
            raise ProcessorUnavailable from error


# The sandbox of the current world.
sandbox_here = PerWorld(lambda: Sandbox(current().folder / SANDBOX))


def _token(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"


def _require_customer(run: sqlite3.Connection, customer: str) -> None:
    if run.execute("SELECT 1 FROM customer WHERE id = ?", (customer,)).fetchone() is None:
        raise ProcessorUnavailable(f"no customer {customer}")


def _card(run: sqlite3.Connection, token: str) -> sqlite3.Row | None:
    return run.execute("SELECT * FROM card WHERE token = ?", (token,)).fetchone()
