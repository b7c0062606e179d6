"""Many at once, again and again: on both databases, everything that is done with money happens once."""

from __future__ import annotations

from random import Random

import pytest

from tests.databases import server_for
from tests.soak import repeats, worlds, writers


@pytest.fixture(scope="module", params=[worlds.SQLITE, worlds.POSTGRESQL])
def server(request):
    """Where databases of each kind are made."""
    return server_for(request.param, request)


@pytest.fixture
def world(server):
    """A world in a database of its own."""
    with worlds.database(server):
        yield worlds.build()


def test_sixteen_writers_in_four_processes_spend_a_wallet_to_the_last_credit_and_meet_no_lock(world):
    done = writers.soak(world, 120)
    assert done.violations == []
    assert len(done.sends) == 120


def test_every_submit_ten_times_and_every_webhook_five_times_is_one_charge_one_journal_one_receipt(world):
    assert repeats.soak(world, 6, Random(4)) == []
