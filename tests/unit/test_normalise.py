import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxconnect.search.normalise import folded_words, name_key, number_key, sound_of, sounds_of

# What names are made of, so that examples come near real trouble more often than any text would.
_NAME_PARTS = st.sampled_from(
    ["O", "d", "Mc", "mac", "Jr.", "III", "Reyes", "Núñez", "-", "'", "’", " ", "ß", "ℌ", "x"]
)
_TEXTS = st.one_of(st.text(), st.lists(_NAME_PARTS).map("".join), st.lists(_NAME_PARTS).map(" ".join))


@settings(deadline=None)
@given(_TEXTS)
@pytest.mark.parametrize("key", [folded_words, name_key, number_key])
def test_the_key_of_a_key_is_the_key(key, text):
    assert key(key(text)) == key(text)


@settings(deadline=None)
@given(_TEXTS)
def test_a_key_holds_only_letters_digits_and_single_spaces(text):
    key = name_key(text)

    assert all(ch.isalnum() or ch == " " for ch in key)
    assert "  " not in key
    assert key == key.strip()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Neill", "ONEILL"),
        ("O’Neill", "O Neill"),
        ("McDonald", "Mc Donald"),
        ("Núñez", "NUNEZ"),
        ("Delgado-Reyes", "delgado reyes"),
        ("Delgado‑Reyes", "Delgado–Reyes"),
        ("Carter Jr.", "Carter"),
        ("Carter III", "carter, jr"),
        ("Łukasz", "Lukasz"),
        ("  St.   John ", "st john"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Delgado", "Delgado-Reyes"), ("Marcus", "Markus"), ("Lee", "Leo")])
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


def test_a_name_that_is_only_a_suffix_keeps_a_key():
    assert name_key("Jr") == "jr"


@pytest.mark.parametrize("number", ["H-55210", "h 55210", "H55210", " H/55210", "Ｈ-55210"])
def test_separators_and_case_do_not_change_a_number(number):
    assert number_key(number) == "h55210"


def test_leading_zeros_belong_to_a_number():
    assert number_key("00420") != number_key("420")


@pytest.mark.parametrize("text", ["", " ", "🙂", "'-.", "\x00", "\u202e"])
def test_what_holds_no_letter_or_digit_has_an_empty_key(text):
    assert name_key(text) == number_key(text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("marcus", "markus"), ("shawn", "shaun"), ("gonzales", "gonzalez"), ("stephen", "steven"), ("chris", "kris")],
)
def test_names_spoken_alike_sound_alike(one, other):
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(("one", "other"), [("marcus", "mario"), ("smith", "scott"), ("maria", "marisol")])
def test_names_spoken_differently_sound_different(one, other):
    assert sound_of(one) != sound_of(other)


@given(st.lists(_TEXTS.map(number_key)))
def test_names_sound_together_as_they_do_alone(keys):
    assert sounds_of(keys) == [sound_of(key) for key in keys]
