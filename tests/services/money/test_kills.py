"""SIGKILL in the middle of purchases, sends and refunds: a sample of what `make soak` tries completely."""

from __future__ import annotations

from rxconnect import jobs
from rxconnect.services.purchases import charges
from rxconnect.services.refunds import refund_payouts
from tests.soak import deeds, kills


def test_whoever_is_killed_loses_nothing_and_charges_nothing_twice():
    found = kills.soak("", named=24, timed=6)
    assert (found.named, found.violations) == (24, [])


def test_nor_does_whoever_is_killed_on_postgresql(postgres_server):
    found = kills.soak(postgres_server, named=6, timed=2, deeds=(deeds.purchase, deeds.send, deeds.refund))
    assert (found.named, found.violations) == (6, [])


def test_what_a_crash_left_open_has_an_outcome_within_a_minute():
    for lease in (charges.LEASE, refund_payouts.LEASE):
        assert lease.total_seconds() + jobs._MONEY_EVERY <= 55
