"""The card processor of the current world. The installation's own world uses the one in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from rxconnect import world
from rxconnect.config import ProcessorName, settings
from rxconnect.domain import cards
from rxconnect.domain.cards import TestCard
from rxconnect.domain.errors import CardRefused, Invalid
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import Failure
from rxconnect.i18n import _
from rxconnect.payments.port import Processor, ProcessorUnavailable, UnknownToken
from rxconnect.payments.published import TEST_CARDS
from rxconnect.payments.sandbox import Sandbox, sandbox_here
from rxconnect.world import PerWorld


class _Replacement:
    """The processor that a world uses instead of its own, if any."""

    def __init__(self) -> None:
        self.processor: Processor | None = None


_replacement = PerWorld(_Replacement)


def current() -> Processor:
    """The processor of the current world."""
    if replacement := _replacement().processor:
        return replacement
    if world.current().processor is ProcessorName.SANDBOX:
        return sandbox_here()
    chosen = settings()
    return _stripe(chosen.stripe_secret_key, chosen.stripe_webhook_secret, chosen.stripe_api_base)


def sandbox() -> Sandbox:
    """The sandbox, for actions of the demonstration alone. Raises `LookupError` when another processor is in use."""
    if isinstance(replacement := _replacement().processor, Sandbox):
        return replacement
    if world.current().processor is not ProcessorName.SANDBOX:
        raise LookupError("the sandbox is not the processor")
    return sandbox_here()


def publishable_key() -> str:
    """The key with which the browser calls Stripe; "" when another processor is in use."""
    return settings().stripe_publishable_key if world.current().processor is ProcessorName.STRIPE else ""


def test_cards() -> list[TestCard]:
    """The test numbers to show beside the sandbox's card form; none when the processor takes real cards."""
    if world.current().processor is not ProcessorName.SANDBOX:
        return []
    return [TestCard(cards.grouped_number(card.number), _(card.explanation)) for card in TEST_CARDS]


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate the processor's errors into ours, around calls that charge nothing.

    Raises `CardRefused` when the processor does not answer, and `Invalid` with `form` when it does not know the card.
    """
    try:
        yield
    except ProcessorUnavailable:
        raise CardRefused(Failure.PROCESSOR_ERROR) from None
    except UnknownToken:
        raise Invalid(form=Problem.CARD_FORGOTTEN()) from None


@contextmanager
def using(processor: Processor) -> Iterator[None]:
    """Make `current()` return `processor` inside the block, in every thread of this world: for tests of failures."""
    replacement = _replacement()
    replacement.processor = processor
    try:
        yield
    finally:
        replacement.processor = None


@contextmanager
def using_sandbox() -> Iterator[None]:
    """Use the sandbox inside the block, whichever processor is set: to seed the demonstration's past."""
    with using(sandbox_here()):
        yield


@lru_cache(maxsize=1)
def _stripe(secret_key: str, webhook_secret: str, api_base: str) -> Processor:
    # Imported here because it takes a quarter of a second, and most processes do not need it.
    from rxconnect.payments.stripe_processor import StripeProcessor

    return StripeProcessor(secret_key, webhook_secret, api_base=api_base)
