"""A processor that fails in twelve ways: a few of each, of which `make soak` does fifty."""

from __future__ import annotations

import pytest

from tests.soak import faults


@pytest.mark.parametrize("kind", faults.KINDS)
def test_the_buyer_is_told_the_truth_and_the_check_ends(kind):
    assert faults.soak("", times=4, kinds=(kind,)) == []


def test_there_are_twelve_kinds():
    assert len(set(faults.KINDS)) == 12
