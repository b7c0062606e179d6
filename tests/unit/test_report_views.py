"""What reports say of shares."""

import pytest

from rxconnect.domain.report_views import share


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (2, 3, "66.7 %"),
        (1, 3, "33.3 %"),
        (1, 6, "16.7 %"),
        (1, 8, "12.5 %"),
        (0, 7, "0.0 %"),
        (7, 7, "100.0 %"),
        (99_999, 100_000, "99.9 %"),
        (1, 100_000, "0.1 %"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_the_nearest_tenth_and_only_all_are_a_hundred(count, of, said):
    assert share(count, of) == said
