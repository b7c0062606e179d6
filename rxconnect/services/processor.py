"""The card processor that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rxconnect.config import ProcessorName, settings
from rxconnect.domain import cards
from rxconnect.domain.cards import TestCard
from rxconnect.domain.errors import CardRefused, Invalid
from rxconnect.domain.purchases import Failure
from rxconnect.payments.port import Processor, ProcessorUnavailable, UnknownToken
from rxconnect.payments.published import TEST_CARDS
from rxconnect.payments.sandbox import Sandbox, sandbox_in

_replacement: Processor | None = None


def current() -> Processor:
    """The processor of this process."""
    return _replacement or sandbox()


def sandbox() -> Sandbox:
    """The sandbox, for what only the demonstration may do. Raises `LookupError` when another processor is chosen."""
    if settings().processor is not ProcessorName.SANDBOX:
        raise LookupError("the sandbox is not the processor")
    return sandbox_in(settings().data_dir)


def test_cards() -> list[TestCard]:
    """The numbers that the sandbox takes, to be shown beside its form; none when the processor takes real cards."""
    if settings().processor is not ProcessorName.SANDBOX:
        return []
    return [TestCard(cards.grouped(card.number), card.explanation) for card in TEST_CARDS]


@contextmanager
def asked() -> Iterator[None]:
    """Around a question that charges nothing: the processor's errors become ours.

    Raises `CardRefused` when it does not answer, and `Invalid` with `form` when it does not know the card.
    """
    try:
        yield
    except ProcessorUnavailable:
        raise CardRefused(Failure.PROCESSOR_ERROR) from None
    except UnknownToken:
        raise Invalid(
            form="The card processor does not know this card any more. Please enter the card again."
        ) from None


@contextmanager
def using(processor: Processor) -> Iterator[None]:
    """Let `current()` answer `processor` inside the block, in every thread: for tests of a processor that fails."""
    global _replacement  # noqa: PLW0603
    _replacement = processor
    try:
        yield
    finally:
        _replacement = None
