"""Money and credits as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxconnect.domain import money


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "$0.00"), (5, "$0.05"), (500, "$5.00"), (123456, "$1,234.56"), (-25, "−$0.25"), (-123456, "−$1,234.56")],
)
def test_cents_read_as_dollars(cents, text):
    assert money.dollars(cents) == text


@pytest.mark.parametrize(("cents", "text"), [(25, "25\u00a0¢"), (99, "99\u00a0¢"), (100, "$1.00"), (105, "$1.05")])
def test_a_price_below_a_dollar_is_told_in_cents(cents, text):
    assert money.price_each(cents) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 credits"), (1, "1 credit"), (20, "20 credits"), (1200, "1,200 credits")]
)
def test_credits_are_counted_in_words(count, text):
    assert money.credits(count) == text


@given(st.integers(-(10**15), 10**15))
def test_no_cent_is_lost_in_the_text(cents):
    text = money.dollars(cents)
    digits = int("".join(ch for ch in text if ch.isdigit()))
    assert (-digits if text.startswith("−") else digits) == cents
