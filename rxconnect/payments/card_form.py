"""Validates a card that was typed into the sandbox's form. It stores nothing."""

from __future__ import annotations

import re

from rxconnect.domain import cards
from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Fact, Problem, fields_with_problems
from rxconnect.payments.port import CardDetails
from rxconnect.payments.published import BY_NUMBER, SandboxCard


def read_card(number: str, expiry: str, cvv: str, postcode: str) -> tuple[SandboxCard, CardDetails]:
    """The published test card with this number, and its details. Raises `Invalid` that names every wrong field."""
    digits = re.sub(r"[\s-]", "", number)
    card = BY_NUMBER.get(digits)
    wrong = fields_with_problems(
        number=_number_problem(digits),
        expiry=cards.expiry_problem(expiry),
        cvv=_cvv_problem(cvv, card),
        postcode=cards.postcode_problem(postcode),
    )
    if card is None or wrong:
        raise Invalid(**wrong)
    month, year = cards.read_expiry(expiry)
    return card, CardDetails(card.brand, digits[-4:], month, year, postcode.strip())


def check_cvv(cvv: str) -> None:
    """Raise `Invalid` unless `cvv` has the form of a CVV. The card that it belongs to is not known here."""
    if not re.fullmatch(r"[0-9]{3,4}", cvv.strip()):
        raise Invalid(cvv=Problem.CVV_UNREADABLE())


def is_right_cvv(cvv: str) -> bool:
    """Whether the CVV is right. The sandbox knows no card's CVV, so only all zeros count as wrong."""
    return bool(cvv.strip("0 "))


def _number_problem(digits: str) -> Fact | None:
    if not digits:
        return Problem.CARD_NUMBER_MISSING()
    if not re.fullmatch(r"[0-9]{12,19}", digits) or not _passes_luhn(digits):
        return Problem.CARD_NUMBER_MISTYPED()
    return None if digits in BY_NUMBER else Problem.CARD_NOT_PUBLISHED()


def _cvv_problem(cvv: str, card: SandboxCard | None) -> Fact | None:
    is_amex = card is not None and card.brand == "amex"
    if re.fullmatch(r"[0-9]{4}" if is_amex else r"[0-9]{3}", cvv.strip()):
        return None
    return Problem.CVV_OF_FOUR_UNREADABLE() if is_amex else Problem.CVV_OF_THREE_UNREADABLE()


def _passes_luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1). Most typing errors make it wrong."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(doubled)) % 10 == 0
