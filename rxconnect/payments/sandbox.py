"""The built-in card processor: it behaves like a real one, takes no money, and accepts only published test numbers.

It is as durable as a real one, too: it keeps its own SQLite file, so that a crash of ours never changes its answers.
Neither a number nor a CVV is ever written to it.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

from rxconnect.domain import cards
from rxconnect.domain.purchases import Failure
from rxconnect.payments.card_form import check_cvv, is_right, read_card
from rxconnect.payments.port import CardDetails, IntentState, Outcome, ProcessorUnavailable, UnknownToken
from rxconnect.payments.published import BY_NAME

_SCHEMA = """
CREATE TABLE IF NOT EXISTS card (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, last_four TEXT NOT NULL,
    expiry_month INTEGER NOT NULL, expiry_year INTEGER NOT NULL, postcode TEXT NOT NULL,
    is_cvv_right INTEGER NOT NULL, stored_from TEXT UNIQUE
);
CREATE TABLE IF NOT EXISTS cvc (token TEXT PRIMARY KEY, is_right INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS intent (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, amount_cents INTEGER NOT NULL, state TEXT NOT NULL, failure TEXT
);
CREATE TABLE IF NOT EXISTS confirmation (key TEXT PRIMARY KEY, state TEXT NOT NULL, failure TEXT);
"""


class Sandbox:
    """The `Processor` of the demonstration. `slow_seconds` is how long the slow test card keeps one waiting."""

    def __init__(self, file: Path, *, slow_seconds: float = 6.0):
        self._file = file
        self._slow_seconds = slow_seconds
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)

    def tokenize(self, number: str, expiry: str, cvv: str, postcode: str) -> tuple[str, CardDetails]:
        """A token for a card as typed, and what the card is. Raises `Invalid` with a sentence a field."""
        card, details = read_card(number, expiry, cvv, postcode)
        token = _token("tok")
        expires = (details.expiry_month, details.expiry_year)
        row = (token, card.name, details.last_four, *expires, details.postcode, is_right(cvv))
        with self._transaction() as run:
            run.execute("INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
        return token, details

    def tokenize_cvv(self, cvv: str) -> str:
        """A token, for one use, for the re-entered CVV of a stored card. Raises `Invalid`."""
        check_cvv(cvv)
        token = _token("cvc")
        with self._transaction() as run:
            run.execute("INSERT INTO cvc VALUES (?, ?)", (token, is_right(cvv)))
        return token

    def describe(self, token: str) -> CardDetails:
        """See `Processor`."""
        with self._transaction() as run:
            row = _card(run, token)
        if row is None:
            raise UnknownToken
        brand = BY_NAME[row["name"]].brand
        return CardDetails(brand, row["last_four"], row["expiry_month"], row["expiry_year"], row["postcode"])

    def store_card(self, token: str) -> str:
        """See `Processor`."""
        with self._transaction() as run:
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

    def create_intent(self, key: str, amount_cents: int) -> str:
        """See `Processor`."""
        with self._transaction() as run:
            run.execute(
                "INSERT INTO intent VALUES (?, ?, ?, ?, NULL) ON CONFLICT (key) DO NOTHING",
                (_token("int"), key, amount_cents, IntentState.UNCONFIRMED),
            )
            return run.execute("SELECT id FROM intent WHERE key = ?", (key,)).fetchone()["id"]

    def confirm(self, intent_id: str, key: str, token: str, cvc_token: str) -> Outcome:
        """See `Processor`. The slow card is charged at once and answers late, the worse of the two ways to be slow."""
        with self._transaction() as run:
            answered = run.execute("SELECT state, failure FROM confirmation WHERE key = ?", (key,)).fetchone()
            if answered:
                return _outcome(answered)
            card = _card(run, token)
            outcome = _charge(run, intent_id, card, cvc_token)
            run.execute("INSERT INTO confirmation VALUES (?, ?, ?)", (key, outcome.state, outcome.failure))
        if card and BY_NAME[card["name"]].is_slow:
            time.sleep(self._slow_seconds)
        return outcome

    def retrieve(self, intent_id: str) -> Outcome:
        """See `Processor`."""
        with self._transaction() as run:
            return _intent(run, intent_id)

    def cancel(self, intent_id: str) -> Outcome:
        """See `Processor`."""
        with self._transaction() as run:
            outcome = _intent(run, intent_id)
            if outcome.state is IntentState.UNCONFIRMED:
                outcome = Outcome(IntentState.CANCELED)
                _record(run, intent_id, outcome)
            return outcome

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A short writing transaction on a connection of its own, so that any thread and process may call."""
        try:
            with closing(sqlite3.connect(self._file, timeout=30, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    yield connection
        except sqlite3.OperationalError as error:
            raise ProcessorUnavailable from error


@lru_cache(maxsize=1)
def sandbox_in(data_dir: Path) -> Sandbox:
    """The sandbox whose file is in `data_dir`."""
    return Sandbox(data_dir / "sandbox.db")


def _token(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"


def _card(run: sqlite3.Connection, token: str) -> sqlite3.Row | None:
    return run.execute("SELECT * FROM card WHERE token = ?", (token,)).fetchone()


def _intent(run: sqlite3.Connection, intent_id: str) -> Outcome:
    row = run.execute("SELECT state, failure FROM intent WHERE id = ?", (intent_id,)).fetchone()
    if row is None:
        raise ProcessorUnavailable(f"no intent {intent_id}: was the sandbox's file removed?")
    return _outcome(row)


def _outcome(row: sqlite3.Row) -> Outcome:
    return Outcome(IntentState(row["state"]), Failure(row["failure"]) if row["failure"] else None)


def _charge(run: sqlite3.Connection, intent_id: str, card: sqlite3.Row | None, cvc_token: str) -> Outcome:
    """Decide an intent that may still be decided, and record it. A refused one may be tried again, like a real one."""
    outcome = _intent(run, intent_id)
    if outcome.state in (IntentState.SUCCEEDED, IntentState.CANCELED):
        return outcome
    failure = _refusal(run, card, cvc_token)
    outcome = Outcome(IntentState.FAILED, failure) if failure else Outcome(IntentState.SUCCEEDED)
    _record(run, intent_id, outcome)
    return outcome


def _refusal(run: sqlite3.Connection, card: sqlite3.Row | None, cvc_token: str) -> Failure | None:
    """Why this card is not charged; None when it is."""
    if card is None:
        return Failure.DECLINED
    if failure := BY_NAME[card["name"]].failure:
        return failure
    if cards.is_expired(card["expiry_month"], card["expiry_year"]):
        return Failure.EXPIRED_CARD
    is_cvv_right = _take_cvc(run, cvc_token) if cvc_token else card["is_cvv_right"]
    return None if is_cvv_right else Failure.WRONG_CVV


def _take_cvc(run: sqlite3.Connection, token: str) -> bool:
    """Whether a re-entered CVV was right. Its token is used up by asking."""
    row = run.execute("DELETE FROM cvc WHERE token = ? RETURNING is_right", (token,)).fetchone()
    return bool(row and row["is_right"])


def _record(run: sqlite3.Connection, intent_id: str, outcome: Outcome) -> None:
    run.execute("UPDATE intent SET state = ?, failure = ? WHERE id = ?", (outcome.state, outcome.failure, intent_id))
