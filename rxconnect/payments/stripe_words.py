"""Stripe's vocabulary in our words: what a decline, a refund's status, a dispute's status and a brand are here."""

from __future__ import annotations

from rxconnect.domain.purchases import Failure
from rxconnect.payments.port import DisputeState, RefundState

# Every code that is not here is a decline, of which Stripe knows some forty kinds that say the same to a buyer.
# https://docs.stripe.com/declines/codes and https://docs.stripe.com/error-codes
_FAILURES = {
    "insufficient_funds": Failure.INSUFFICIENT_FUNDS,
    "expired_card": Failure.EXPIRED_CARD,
    "incorrect_cvc": Failure.WRONG_CVV,
    "invalid_cvc": Failure.WRONG_CVV,
    "authentication_required": Failure.NOT_AUTHENTICATED,
    "payment_intent_authentication_failure": Failure.NOT_AUTHENTICATED,
    "processing_error": Failure.PROCESSOR_ERROR,
}
_REFUNDS = {
    "succeeded": RefundState.SUCCEEDED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_DISPUTES = {
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.OPEN,
    # Lost once, and argued again: the bank keeps the money meanwhile.
    "appeal_needs_response": DisputeState.OPEN,
    "appeal_under_review": DisputeState.OPEN,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
# The bank only asks, or never came to dispute it: it has taken nothing.
_INQUIRIES = {"warning_needs_response", "warning_under_review", "warning_closed", "prevented"}


def failure(code: str | None, decline_code: str | None) -> Failure:
    """Why a card was refused. The decline code is the bank's and says more than the code, where there is one."""
    for word in (decline_code, code):
        if word in _FAILURES:
            return _FAILURES[word]
    return Failure.DECLINED


def refund_state(status: str | None) -> RefundState:
    """Where a refund stands. Raises `ValueError` for a status that we do not know."""
    if status not in _REFUNDS:
        raise ValueError(f"a refund cannot be {status}")
    return _REFUNDS[status]


def is_inquiry(status: str) -> bool:
    """Whether a dispute has not cost us anything (yet)."""
    return status in _INQUIRIES


def dispute_state(status: str) -> DisputeState:
    """Where a dispute stands; of an inquiry, that the money is ours. Raises `ValueError` for an unknown status."""
    if is_inquiry(status):
        return DisputeState.WON
    if status not in _DISPUTES:
        raise ValueError(f"a dispute cannot be {status}")
    return _DISPUTES[status]
