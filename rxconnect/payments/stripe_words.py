"""Translates Stripe's vocabulary into ours: declines, statuses of refunds and disputes, and brands of cards."""

from __future__ import annotations

from rxconnect.domain.purchases import Failure
from rxconnect.payments.port import DisputeState, RefundState

# Every other code counts as a decline. Stripe has about forty of them, which mean the same to a buyer.
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
    # The dispute was lost once and is contested again. The bank keeps the money meanwhile.
    "appeal_needs_response": DisputeState.OPEN,
    "appeal_under_review": DisputeState.OPEN,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
# An inquiry: the bank only asks, and has not taken the money.
_INQUIRIES = {"warning_needs_response", "warning_under_review", "warning_closed", "prevented"}


def failure_of(code: str | None, decline_code: str | None) -> Failure:
    """The reason why a card was refused. A bank's decline code, if there is one, is more exact than the code."""
    for word in (decline_code, code):
        if word in _FAILURES:
            return _FAILURES[word]
    return Failure.DECLINED


def refund_state(status: str | None) -> RefundState:
    """The `RefundState` for one of Stripe's statuses. Raises `ValueError` for an unknown status."""
    if status not in _REFUNDS:
        raise ValueError(f"a refund cannot be {status}")
    return _REFUNDS[status]


def is_inquiry(status: str) -> bool:
    """Whether a dispute is only an inquiry, which has not taken any money (yet)."""
    return status in _INQUIRIES


def dispute_state(status: str) -> DisputeState:
    """The `DisputeState` for one of Stripe's statuses; `WON` for an inquiry. Raises `ValueError` for an unknown one."""
    if is_inquiry(status):
        return DisputeState.WON
    if status not in _DISPUTES:
        raise ValueError(f"a dispute cannot be {status}")
    return _DISPUTES[status]
