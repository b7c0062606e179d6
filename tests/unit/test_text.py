import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxconnect.domain.text import fold, message_body, one_line, snippet
from rxconnect.domain.titles import name_case, title_case


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_they_are_beside_others(text):
    assert fold(f"{text} é") == f"{fold(text)} e".strip()


@settings(deadline=None)
@given(st.text())
def test_one_line_is_one_trimmed_composed_line(text):
    line = one_line(text)

    assert line == line.strip()
    assert one_line(line) == line
    assert unicodedata.is_normalized("NFC", line)
    assert not any(unicodedata.category(ch) in ("Cc", "Cs") for ch in line)


@settings(deadline=None)
@given(st.text())
def test_a_message_body_keeps_its_line_breaks_and_loses_other_control_characters(text):
    kept = message_body(text)

    assert message_body(kept) == kept
    assert "\r" not in kept
    assert kept.count("\n") >= text.count("\n")
    assert not any(unicodedata.category(ch) == "Cc" and ch not in "\n\t" for ch in kept)


def test_overrides_that_turn_text_around_are_dropped():
    assert one_line("Mar\u202ecus\u2066") == "Marcus"


def test_emoji_html_and_right_to_left_letters_stay_as_they_were_typed():
    text = "<b>שלום</b> 👩‍👧 & love"

    assert one_line(text) == message_body(text) == text


def test_folding_forgets_case_accents_apostrophes_and_hyphens():
    assert fold("O’Neill-Núñez") == "oneillnunez"


def test_a_long_snippet_ends_at_a_word():
    assert snippet("one two three four", length=12) == "one two…"


@pytest.mark.parametrize(
    ("official", "shown"),
    [
        ("BIBB CORRECTIONAL FACILITY", "Bibb Correctional Facility"),
        ("SANTA ROSA CI", "Santa Rosa CI"),
        ("USP BIG SANDY", "USP Big Sandy"),
        ("REEVES CORRECTIONAL INSTITUTION I AND II", "Reeves Correctional Institution I and II"),
        ("THE PENITENTIARY OF NEW MEXICO", "The Penitentiary of New Mexico"),
        ("MCDOWELL FEDERAL CORRECTIONAL INSTITUTION", "McDowell Federal Correctional Institution"),
        ("O'BRIEN-MCCOY UNIT", "O'Brien-McCoy Unit"),
        ("JCCC JEFFERSON CITY", "JCCC Jefferson City"),
        ("P.O. BOX 5050, 605 SOUTH 16TH AVE", "P.O. Box 5050, 605 South 16th Ave"),
        ("MT VERNON", "Mt Vernon"),
        ("INSTITUCIÓN CORRECCIONAL PEÑUELAS", "Institución Correccional Peñuelas"),
    ],
)
def test_official_capitals_become_readable(official, shown):
    assert title_case(official) == shown


@pytest.mark.parametrize(
    ("official", "shown"),
    [
        ("DELGADO", "Delgado"),
        ("O'NEILL", "O'Neill"),
        ("O’BRIEN-MCDONALD", "O’Brien-McDonald"),
        ("DE LA CRUZ", "de la Cruz"),
        ("ORTIZ Y DEL RÍO", "Ortiz y del Río"),
        ("LA ROSA", "La Rosa"),
        ("VAN DYKE", "Van Dyke"),
        ("ST. JOHN JR", "St. John Jr"),
        ("SMITH III", "Smith III"),
        ("NÚÑEZ", "Núñez"),
        ("NG", "Ng"),
        ("DE", "De"),
    ],
)
def test_a_last_name_in_capitals_becomes_readable(official, shown):
    assert name_case(official, is_last=True) == shown


@pytest.mark.parametrize(
    ("official", "shown"),
    [
        ("MARÍA DE LOS ÁNGELES", "María de los Ángeles"),
        ("DE ANDRE", "De Andre"),
        ("DE'ANDRE", "De'Andre"),
        ("MARY-ANN", "Mary-Ann"),
        ("J. R.", "J. R."),
        ("TJ", "TJ"),
        ("ED", "Ed"),
    ],
)
def test_a_first_name_in_capitals_becomes_readable(official, shown):
    assert name_case(official) == shown


def test_a_name_that_somebody_already_wrote_well_is_left_alone():
    assert title_case("Harbor county JAIL") == "Harbor county JAIL"
