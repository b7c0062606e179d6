"""Whatever happens to money, in whatever order, every balance is what a plain model of it says."""

from __future__ import annotations

from tests.services.money.money_machine import run


def test_whatever_happens_to_money_every_balance_is_what_a_plain_model_says():
    run(30)
