"""Which letters are drawn: as many as the facility asks for, and of each foreign language at least so many."""

from __future__ import annotations

from hashlib import sha256

import pytest

from rxconnect.domain.second_readings import foreign, is_drawn, is_drawn_by_chance


def hashes(count):
    return [sha256(str(number).encode()).hexdigest() for number in range(count)]


def drawn_of(row_hashes, percent, least):
    owed, drawn = 0, []
    for one in row_hashes:
        is_in, owed = is_drawn(one, percent, least, owed)
        drawn.append(is_in)
    return drawn


@pytest.mark.parametrize("percent", [0, 5, 50, 100])
def test_chance_draws_the_share_that_was_asked_for(percent):
    drawn = sum(is_drawn_by_chance(one, percent) for one in hashes(10_000))
    assert drawn / 100 == pytest.approx(percent, abs=0.7)


def test_the_same_hash_is_drawn_again_or_left_again():
    assert [is_drawn_by_chance(one, 5) for one in hashes(50)] == [is_drawn_by_chance(one, 5) for one in hashes(50)]


@pytest.mark.parametrize("least", [7, 20, 60, 100])
def test_a_foreign_language_has_its_share_after_every_letter_and_not_much_more(least):
    drawn = drawn_of(hashes(3_000), 5, least)
    assert all(sum(drawn[:count]) >= least * count // 100 for count in range(1, 3_000, 7))
    assert sum(drawn) / 30 <= least * 1.35


def test_even_chance_that_never_draws_leaves_no_language_out():
    never = [f"{9_999:012x}"] * 50
    assert [place for place, one in enumerate(drawn_of(never, 0, 20), start=1) if one] == list(range(5, 51, 5))


def test_without_a_share_nothing_is_drawn():
    assert not any(drawn_of(hashes(500), 0, 0))


def test_english_and_unknown_languages_are_not_foreign():
    assert [foreign(one) for one in ("", "en", "es")] == ["", "", "es"]
