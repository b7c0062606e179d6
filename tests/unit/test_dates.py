"""Moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rxconnect.domain import clock
from rxconnect.domain.dates import ago, day_and_time, short_date

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("America/Los_Angeles", "Mar 4, 2026, 4:00 AM PST"),
        ("America/New_York", "Mar 4, 2026, 7:00 AM EST"),
        ("Pacific/Guam", "Mar 4, 2026, 10:00 PM ChST"),
    ],
)
def test_a_full_date_is_in_the_facilitys_time(zone, text):
    assert day_and_time(NOON, zone) == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(hours=1), "3:00 AM"),
        (timedelta(hours=5), "Mar 3"),
        (timedelta(days=100), "Nov 24, 2025"),
    ],
)
def test_a_list_shows_no_more_of_a_moment_than_is_needed(before, text):
    with clock.at(NOON):
        assert short_date(NOON - before, "America/Los_Angeles") == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=24), "1 day ago"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(seconds=-30), "just now"),
    ],
)
def test_ago_counts_in_the_largest_unit_that_is_full(before, text):
    with clock.at(NOON):
        assert ago(NOON - before) == text
