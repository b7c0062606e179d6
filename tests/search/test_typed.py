"""What a query is read as: which number, which names and which year, whatever the field."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rxconnect.domain import clock
from rxconnect.domain.inmates import InmateQuery
from rxconnect.search import born, number_text, typed
from rxconnect.search.names import typed_name
from rxconnect.search.normalise import number_key

LABELS = [
    "DOC", "DOC#", "DOC #", "DOC No.", "ID", "ID#", "ID:", "Id Number", "Inmate", "Inmate #", "Inmate ID", "INMATE NUMBER:", "Inmate No",
    "No", "No.", "Nr.", "Number", "#", "Offender ID", "Offender Number", "Prisoner No.", "Detainee ID", "Booking", "Booking #:", "Bkg",
    "Booking Number", "SO", "SO#", "SPN", "SID", "PID", "CDCR", "CDCR #", "TDCJ", "TDCJ #", "TDCJ-ID", "GDC ID", "ADC", "ADC #", "DIN",
    "NYSID", "MNI", "X-Ref", "XREF #", "Name ID", "Jacket", "Jacket No.", "Register No.", "Reg. No.", "Reg #", "BOP", "BOP Register Number",
    "Case", "Case #", "File No.", "Permanent ID", "State ID", "State ID #", "County ID", "Master Name ID", "Record #", "Agency ID",
    "A-Number", "My son's DOC", "his number is", "Número", "Núm.", "Número de recluso", "No. de preso", "Identificación", "Expediente",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("number", ["20418873", "H-55210", "H 55210", "12345-678"])
def test_a_label_is_no_part_of_the_number(label, number):
    assert number_key(number) in {reading.number for reading in typed.readings(InmateQuery(f"{label} {number}"))}


@pytest.mark.parametrize(
    "number",
    [
        "20418873",
        "H-55210",
        "h55210",
        "H 55210",
        "2041 88 73",
        "2041-8873",
        "19-04512",
        "A1234BC",
        "SD12345",
        "20A1234",
        "12345-678",
    ],
)
def test_a_number_as_rosters_have_it_is_read_in_one_way(number):
    (reading,) = typed.readings(InmateQuery(number, "Marcus", "Delgado"))

    assert reading == (number_key(number), (typed_name("Marcus", "Delgado"),), None)


@pytest.mark.parametrize(
    ("first", "last"),
    [("Marcus", "Delgado"), ("", "Delgado"), ("Marcus", ""), ("Mary Ann", "De La Cruz"), ("Shawn", "O'Neill, Jr."), ("", "Delgado,"),
     ("", "St"), ("Jo", "Lee 3rd")],
)  # fmt: skip
def test_names_in_their_fields_are_read_in_one_way(first, last):
    (reading,) = typed.readings(InmateQuery("", first, last))

    assert reading == ("", (typed_name(first, last),), None)


@pytest.mark.parametrize("number", ["DOC# 20", "Inmate ID: 2", "No. 204"])
def test_a_number_too_short_to_search_by_is_not_searched_by_without_its_label(number):
    assert all(len(reading.number) >= 4 for reading in typed.readings(InmateQuery(number)))


@pytest.mark.parametrize(
    ("query", "number", "first", "last"),
    [
        (InmateQuery("", "", "Delgado, Marcus"), "", "Marcus", "Delgado"),
        (InmateQuery("", "Delgado, Marcus", ""), "", "Marcus", "Delgado"),
        (InmateQuery("", "Marcus Delgado", ""), "", "Marcus", "Delgado"),
        (InmateQuery("20418873 Delgado, Marcus"), "20418873", "Marcus", "Delgado"),
        (InmateQuery("DOC# 20418873", "Marcus"), "20418873", "Marcus", ""),
        (InmateQuery("", "", "Delgado 20418873"), "20418873", "", "Delgado"),
        (InmateQuery("unknown", "", "Delgado"), "", "", "Delgado"),
        (InmateQuery("H-55210", "", "O'Neill"), "H-55210", "", "O'Neill"),
    ],
)
def test_each_text_has_a_field_to_which_it_most_likely_belongs(query, number, first, last):
    likeliest = typed.likeliest(query)

    assert (likeliest.number, likeliest.first_name, likeliest.last_name) == (number, first, last)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1990", (1990, 1990)), ("born 1990", (1990, 1990)), ("b. 1990", (1990, 1990)), ("May 5, 1990", (1990, 1990)),
        ("5/12/1990", (1990, 1990)), ("5/12/90", (1990, 1990)), ("1990-05-12", (1990, 1990)), ("'90", (1990, 1990)), ("85", (1985, 1985)),
        ("34", (1991, 1992)), ("age 34", (1991, 1992)), ("34 years old", (1991, 1992)), ("about 34", (1991, 1992)), ("34 años", (1991, 1992)),
        ("", None), ("?", None), ("unknown", None), ("5", None), ("199", None), ("1850", None), ("2090", None), ("0", None), ("99999", None),
    ],
)  # fmt: skip
def test_a_year_of_birth_and_an_age_are_read(text, years):
    with clock.at(datetime(2026, 11, 30, tzinfo=UTC)):
        read = born.read(text)

    assert (read and read[:2]) == years


_WORDS = st.sampled_from(
    ["Delgado", "Marcus", ",", "20418873", "H-55210", "DOC#", "ID:", "No.", "unknown", "?", "born 1990", "34", "1990", "Jr.", "de la", "O'",
     "\u202e", "\x00", "٢٠٤١", "שלום", "½", "№", "#", "/", "-", "i", "ﬁ", "李", "I don't know", "x" * 40, "1" * 40, "O0lI5S"]
)  # fmt: skip
_TEXTS = st.one_of(
    st.lists(_WORDS, max_size=9).map(" ".join), st.lists(_WORDS, max_size=9).map("".join), st.text(max_size=120)
)


@settings(deadline=None, max_examples=400)
@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
@example("1" * 10_000, "a," * 5_000, "de " * 3_000, "1/2/" * 2_500)
@example("unknown " * 1_200, "a1" * 5_000, "\u202e" * 10_000, "years " * 1_600)
@example("born " * 2_000, "- " * 5_000, "1 a " * 2_500, "1990" * 2_500)
def test_reading_never_fails_and_never_loses_what_was_typed(number, first, last, year):
    query = InmateQuery(number, first, last, born=year)
    readings = typed.readings(query)
    typed.likeliest(query)

    plain, key = typed_name(first, last), number_key(number)
    has_name = sum(map(str.isalpha, plain.first.whole + plain.last.whole)) >= 2
    if has_name:
        assert any(plain in reading.names for reading in readings)
    is_number = any(map(str.isdigit, key)) or number_text.without_unknown(number) is None
    if is_number and (len(key) >= 4 or (key and has_name)):
        assert key in {reading.number for reading in readings}
    for reading in readings:
        assert reading.number or reading.names
        assert not reading.number or reading.number.isalnum()
    assert len(readings) <= 8
