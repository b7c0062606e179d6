"""The sandbox's intents: charge, settle and cancel them. Each function runs in its caller's transaction."""

from __future__ import annotations

import sqlite3
from datetime import UTC

from rxconnect import routes
from rxconnect.domain import cards
from rxconnect.domain.clock import now
from rxconnect.domain.purchases import Failure
from rxconnect.payments import sandbox_events
from rxconnect.payments.port import About, IntentState, Outcome, ProcessorUnavailable
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault, take_fault

_OPEN = (IntentState.UNCONFIRMED, IntentState.REQUIRES_ACTION, IntentState.FAILED)


def get_intent(run: sqlite3.Connection, intent_id: str) -> sqlite3.Row:
    """An intent's row. Raises `ProcessorUnavailable` when there is none."""
    row = run.execute("SELECT * FROM intent WHERE id = ?", (intent_id,)).fetchone()
    if row is None:
        raise ProcessorUnavailable(f"no intent {intent_id}: was the sandbox's file removed?")
    return row


def outcome_of(row: sqlite3.Row) -> Outcome:
    """The outcome that the row of an intent or of a confirmation stores."""
    failure = Failure(row["failure"]) if row["failure"] else None
    return Outcome(IntentState(row["state"]), failure, row["charged_cents"], row["action_url"])


def charge_intent(
    run: sqlite3.Connection,
    intent_id: str,
    card: sqlite3.Row | None,
    cvc_token: str,
    *,
    off_session: bool,
    return_url: str,
) -> Outcome:
    """Charge an intent that is not final. A failed intent may be charged again, as at a real processor."""
    intent = get_intent(run, intent_id)
    if IntentState(intent["state"]) not in _OPEN:
        return outcome_of(intent)
    failure = _refusal(run, card, cvc_token)
    if failure:
        outcome = _failed_outcome(failure)
    elif card and BY_NAME[card["name"]].asks_buyer:
        asks = Outcome(IntentState.REQUIRES_ACTION, action_url=routes.fill(routes.SANDBOX_BANK, intent_id))
        outcome = _failed_outcome(Failure.NOT_AUTHENTICATED) if off_session else asks
    else:
        wrong = take_fault(run, "charge", Fault.WRONG_AMOUNT)
        outcome = _paid_outcome(intent, extra_cents=100 if wrong else 0)
    refund_fails = card is not None and BY_NAME[card["name"]].refund_fails
    run.execute(
        "UPDATE intent SET return_url = ?, refund_fails = ? WHERE id = ?", (return_url, refund_fails, intent_id)
    )
    return _record_outcome(run, intent_id, outcome)


def settle_waiting(run: sqlite3.Connection, intent_id: str, *, is_buyer: bool) -> None:
    """Settle an intent that waits for the buyer at their bank. Any other intent stays unchanged."""
    intent = get_intent(run, intent_id)
    if intent["state"] == IntentState.REQUIRES_ACTION:
        _record_outcome(
            run, intent_id, _paid_outcome(intent) if is_buyer else _failed_outcome(Failure.NOT_AUTHENTICATED)
        )


def cancel_intent(run: sqlite3.Connection, intent_id: str) -> Outcome:
    """Cancel an intent, unless it is final."""
    outcome = outcome_of(get_intent(run, intent_id))
    return _record_outcome(run, intent_id, Outcome(IntentState.CANCELED)) if outcome.state in _OPEN else outcome


def refundable_cents(run: sqlite3.Connection, intent_id: str) -> int:
    """The cents of a payment that were not refunded yet."""
    back = "SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE intent_id = ? AND state <> 'failed'"
    return (get_intent(run, intent_id)["charged_cents"] or 0) - run.execute(back, (intent_id,)).fetchone()[0]


def _paid_outcome(intent: sqlite3.Row, *, extra_cents: int = 0) -> Outcome:
    return Outcome(IntentState.SUCCEEDED, amount_cents=intent["amount_cents"] + extra_cents)


def _failed_outcome(failure: Failure) -> Outcome:
    return Outcome(IntentState.FAILED, failure)


def _refusal(run: sqlite3.Connection, card: sqlite3.Row | None, cvc_token: str) -> Failure | None:
    """The reason to refuse this card; None when it can be charged."""
    if card is None:
        return Failure.DECLINED
    if failure := BY_NAME[card["name"]].failure:
        return failure
    if cards.is_expired(card["expiry_month"], card["expiry_year"]):
        return Failure.EXPIRED_CARD
    is_cvv_right = _use_cvc_token(run, cvc_token) if cvc_token else card["is_cvv_right"]
    return None if is_cvv_right else Failure.WRONG_CVV


def _use_cvc_token(run: sqlite3.Connection, token: str) -> bool:
    """Whether a re-entered CVV was right. This uses up its single-use token."""
    row = run.execute("DELETE FROM cvc WHERE token = ? RETURNING is_right", (token,)).fetchone()
    return bool(row and row["is_right"])


def _record_outcome(run: sqlite3.Connection, intent_id: str, outcome: Outcome) -> Outcome:
    at = now().astimezone(UTC).isoformat() if outcome.state is IntentState.SUCCEEDED else None
    run.execute(
        "UPDATE intent SET state = ?, failure = ?, charged_cents = ?, action_url = ?, charged_at = ? WHERE id = ?",
        (outcome.state, outcome.failure, outcome.amount_cents, outcome.action_url, at, intent_id),
    )
    sandbox_events.write_event(run, About.PAYMENT, intent_id)
    return outcome
