"""Words are kept under hashes, many in a block, and found by them."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, func, select

from rxconnect import db
from rxconnect.models import NameKeyBlock
from rxconnect.search import word_keys

WORDS = {"marcus": 1, "markus": 2, "maria": 3, "mario": 4, "delgado": 70_000, "o": 300_000}


@pytest.fixture
def kept(database):
    db.write(word_keys.store_words, WORDS)


def found_by(keys):
    return {word_id for ids in db.read(word_keys.find_word_ids, keys).values() for word_id in ids}


@pytest.mark.parametrize("typed", ["marcus", "macus", "marcsu", "marcvs", "marrcus"])
def test_a_word_is_found_by_another_one_slip_away(kept, typed):
    by_text = {WORDS[spelling] for spelling in word_keys.spellings(typed) & WORDS.keys()}
    assert 1 in found_by(word_keys.slip_keys(typed)) | by_text


def test_a_word_is_found_by_its_sound(kept):
    assert found_by(word_keys.sound_keys("marqus")) == {1, 2}


def test_nothing_is_found_by_other_keys(kept):
    assert db.read(word_keys.find_word_ids, word_keys.slip_keys("zachariah")) == {}
    assert db.read(word_keys.find_word_ids, []) == {}


def test_words_that_come_later_do_not_hide_earlier_ones(kept):
    db.write(word_keys.store_words, {"marcas": 8})
    assert found_by(word_keys.sound_keys("marqus")) == {1, 2, 8}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.integers(0, 2**31 - 1), st.integers(1, 2**31 - 1), max_size=40), max_size=4))
def test_what_was_written_is_read_whatever_shares_its_block(database, batches):
    with pytest.MonkeyPatch.context() as patch, db.transaction() as session:
        session.exec(delete(NameKeyBlock))
        patch.setattr(word_keys, "keys_of", lambda key: {key})
        written = defaultdict(list)
        for batch in batches:
            word_keys.store_words(session, batch)
            for key, word_id in batch.items():
                written[key].append(word_id)
        assert word_keys.find_word_ids(session, written.keys()) == written
        assert session.exec(select(func.count()).select_from(NameKeyBlock)).one() == len({key >> 16 for key in written})
