"""Reads a card as typed into the sandbox's form, or refuses it with a sentence for each field. It stores nothing."""

from __future__ import annotations

import re

from rxconnect.domain import cards
from rxconnect.domain.errors import Invalid
from rxconnect.payments.port import CardDetails
from rxconnect.payments.published import BY_NUMBER, SandboxCard

_ENTER_NUMBER = "Enter the card number."
_CHECK_NUMBER = "Check the number: a digit seems to be missing or mistyped."
_NOT_PUBLISHED = "This is a demonstration: it takes only the test numbers listed below. Never type a real card here."
_CHECK_CVV = "Enter the CVV: the three digits on the back of the card."
_CHECK_AMEX_CVV = "Enter the CVV: the four digits on the front of an American Express card."
_CHECK_ANY_CVV = "Enter the CVV: three digits on the back of the card, or four on the front of an American Express."


def read_card(number: str, expiry: str, cvv: str, postcode: str) -> tuple[SandboxCard, CardDetails]:
    """The published card that was typed, and its details. Raises `Invalid` that names every wrong field."""
    digits = re.sub(r"[\s-]", "", number)
    card = BY_NUMBER.get(digits)
    problems = {
        "number": _number_problem(digits),
        "expiry": cards.expiry_problem(expiry),
        "cvv": _cvv_problem(cvv, card),
        "postcode": cards.postcode_problem(postcode),
    }
    if card is None or any(problems.values()):
        raise Invalid(**{field: problem for field, problem in problems.items() if problem})
    month, year = cards.read_expiry(expiry)
    return card, CardDetails(card.brand, digits[-4:], month, year, postcode.strip())


def check_cvv(cvv: str) -> None:
    """Raise `Invalid` unless `cvv` has the form of a CVV. The card that it belongs to is not known here."""
    if not re.fullmatch(r"[0-9]{3,4}", cvv.strip()):
        raise Invalid(cvv=_CHECK_ANY_CVV)


def is_right(cvv: str) -> bool:
    """Whether the CVV is right. The sandbox knows no card's CVV, so only all zeros count as wrong."""
    return bool(cvv.strip("0 "))


def _number_problem(digits: str) -> str:
    if not digits:
        return _ENTER_NUMBER
    if not re.fullmatch(r"[0-9]{12,19}", digits) or not _passes_luhn(digits):
        return _CHECK_NUMBER
    return "" if digits in BY_NUMBER else _NOT_PUBLISHED


def _cvv_problem(cvv: str, card: SandboxCard | None) -> str:
    is_amex = card is not None and card.brand == "amex"
    if re.fullmatch(r"[0-9]{4}" if is_amex else r"[0-9]{3}", cvv.strip()):
        return ""
    return _CHECK_AMEX_CVV if is_amex else _CHECK_CVV


def _passes_luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1). Most typing errors make it wrong."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(doubled)) % 10 == 0
