"""An expiry date as people type it."""

from __future__ import annotations

import pytest

from rxconnect.domain import cards, clock
from rxconnect.domain.problems import Problem

YEAR = clock.now().year + 3


@pytest.mark.parametrize(
    "typed", ["12{short}", "12/{short}", "12/{long}", "12 / {long}", "12{long}", " 12 / {short} ", "12 {short}"]
)
def test_an_expiry_date_may_be_typed_with_a_slash_or_without(typed):
    text = typed.format(short=YEAR % 100, long=YEAR)
    assert cards.expiry_problem(text) is None
    assert cards.read_expiry(text) == (12, YEAR)


def test_a_month_of_one_digit_needs_its_slash():
    assert cards.read_expiry(f"4/{YEAR % 100}") == (4, YEAR)
    assert cards.expiry_problem(f"4{YEAR % 100}")


@pytest.mark.parametrize(
    "typed", ["", "12", "1", "13/30", "00/30", "12/2", "12/203", "12/1930", "12//30", "1/2/30", "²2/30"]
)
def test_what_is_no_expiry_date_is_refused(typed):
    assert cards.expiry_problem(typed) == Problem.EXPIRY_UNREADABLE()
