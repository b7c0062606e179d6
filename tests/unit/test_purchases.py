"""Purchases: legal moves, failures in words, and receipt numbers."""

from __future__ import annotations

import re
import secrets

import pytest

from rxconnect.domain.errors import IllegalMove
from rxconnect.domain.purchases import PURCHASE_MOVES, Failure, PurchaseStatus, check_move, receipt_number


@pytest.mark.parametrize("current", PurchaseStatus)
@pytest.mark.parametrize("wanted", PurchaseStatus)
def test_only_listed_moves_are_legal(current, wanted):
    if wanted in PURCHASE_MOVES[current]:
        check_move(current, wanted)
    else:
        with pytest.raises(IllegalMove):
            check_move(current, wanted)


def test_only_a_dispute_follows_paid_and_it_may_be_won():
    assert PURCHASE_MOVES[PurchaseStatus.PAID] == {PurchaseStatus.DISPUTED}
    assert PURCHASE_MOVES[PurchaseStatus.DISPUTED] == {PurchaseStatus.PAID}


def test_only_an_attempt_to_charge_or_a_dispute_that_is_won_leads_to_paid():
    assert [status for status in PurchaseStatus if PurchaseStatus.PAID in PURCHASE_MOVES[status]] == [
        "charging",
        "requires_action",
        "disputed",
    ]


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_says_that_nothing_was_charged_or_that_all_of_it_goes_back(failure):
    charged = failure is Failure.WRONG_AMOUNT
    assert ("All of it is going back to your card." if charged else "You were not charged.") in failure.sentence


def test_a_receipt_number_is_always_the_same_for_a_purchase():
    assert receipt_number("a" * 32) == receipt_number("a" * 32)


def test_receipt_numbers_differ_and_avoid_letters_that_look_alike():
    numbers = {receipt_number(secrets.token_hex(16)) for _ in range(5000)}
    assert len(numbers) == 5000
    assert all(re.fullmatch(r"RX(-[0-9A-HJKMNP-TV-Z]{4}){3}", number) for number in numbers)
