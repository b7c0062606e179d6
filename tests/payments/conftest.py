"""Each test here that asks for a `world` is run with every processor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.payments.fake_stripe import FakeStripe
from tests.payments.worlds import Buyer, SandboxWorld, StripeWorld, World, fake_stripe


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    """A stand-in for Stripe."""
    with fake_stripe() as running:
        yield running


@pytest.fixture(params=["sandbox", "stripe"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A processor and its surroundings."""
    if request.param == "sandbox":
        return SandboxWorld(tmp_path)
    return StripeWorld(request.getfixturevalue("fake"))


@pytest.fixture
def buyer(world: World) -> Buyer:
    """Somebody who buys there."""
    return Buyer(world)
