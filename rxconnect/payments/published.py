"""The only card numbers that the sandbox takes. Stripe publishes them for testing, and no bank issues them.

Source: https://docs.stripe.com/testing. The sandbox answers as Stripe does, with two differences: the card that ends in
0077 answers slowly, and a CVV of zeros is wrong for every card.
"""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.domain.purchases import Failure


@dataclass(frozen=True, slots=True)
class SandboxCard:
    """A published number and how the sandbox answers to it."""

    name: str
    number: str
    brand: str
    explanation: str
    failure: Failure | None = None
    is_slow: bool = False
    asks_buyer: bool = False
    refund_fails: bool = False


TEST_CARDS = (
    SandboxCard("visa", "4242424242424242", "visa", "Visa: pays."),
    SandboxCard("visa debit", "4000056655665556", "visa", "Visa debit: pays."),
    SandboxCard("mastercard", "5555555555554444", "mastercard", "Mastercard: pays."),
    SandboxCard("amex", "378282246310005", "amex", "American Express: pays. Its CVV has four digits."),
    SandboxCard("discover", "6011111111111117", "discover", "Discover: pays."),
    SandboxCard("declined", "4000000000000002", "visa", "Is declined by its bank.", Failure.DECLINED),
    SandboxCard("insufficient", "4000000000009995", "visa", "Has too little money.", Failure.INSUFFICIENT_FUNDS),
    SandboxCard("expired", "4000000000000069", "visa", "Has expired, whatever date you enter.", Failure.EXPIRED_CARD),
    SandboxCard("wrong cvv", "4000000000000127", "visa", "Has another CVV than you enter.", Failure.WRONG_CVV),
    SandboxCard("error", "4000000000000119", "visa", "Makes the processor fail.", Failure.PROCESSOR_ERROR),
    SandboxCard(
        "asks", "4000002760003184", "visa", "Pays, once you have told the bank that it is you.", asks_buyer=True
    ),
    SandboxCard("no refund", "4000000000005126", "visa", "Pays, but cannot be refunded.", refund_fails=True),
    SandboxCard("slow", "4000000000000077", "visa", "Pays, after about six seconds.", is_slow=True),
)

BY_NUMBER = {card.number: card for card in TEST_CARDS}
BY_NAME = {card.name: card for card in TEST_CARDS}
