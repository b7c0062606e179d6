"""A roster's sheet: what is packed comes out again, and whoever is on it is met."""

import zlib
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxconnect.search import sheets
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.names import booked_names, compare_names, typed_name
from rxconnect.search.normalise import first_name, last_name

_PARTS = st.sampled_from(
    ["Ana", "María", "O'Neill", "de la", "Cruz", "Núñez", "王", "Jr.", "Mc", "X", "🙂", "|", "\n", "-"]
)
_NAMES = st.lists(_PARTS, max_size=3).map(" ".join)
_PEOPLE = st.tuples(
    _NAMES, _NAMES, _NAMES, st.sampled_from(["", "Jr", "III"]), st.lists(_NAMES, max_size=2).map(";".join)
)


def entries_of(people):
    return [(number, name) for number, person in enumerate(people, start=1) for name in booked_names(*person)]


def first_names_like(sheet, name):
    """The entries that have a similar first name."""
    return sheets.Lookup(sheet.firsts, is_first=True).entries_like(name)


def last_names_like(sheet, name):
    """The entries that have a similar last name."""
    return sheets.Lookup(sheet.lasts, is_first=False).entries_like(name)


def sheet_of(*names):
    """A sheet of (first, last) names, in this order."""
    return sheets.unpack_sheet(sheets.pack_sheet(entries_of((first, "", last) for first, last in names)))


@settings(deadline=None, max_examples=80)
@given(st.lists(_PEOPLE, max_size=6))
def test_what_is_packed_comes_out_again(people):
    entries = entries_of(people)

    sheet = sheets.unpack_sheet(sheets.pack_sheet(entries))

    assert [(sheet.inmate_ids[n], sheet.name(n)) for n in range(len(entries))] == entries
    for section, words_of in (
        (sheet.firsts, lambda name: first_name(name.first).forms | first_name(name.middle).forms),
        (sheet.lasts, lambda name: last_name(name.last).forms),
    ):
        assert section.words == sorted({word for _, name in entries for word in words_of(name)})
        for position, word in enumerate(section.words):
            listed = section.entries[section.starts[position] : section.starts[position + 1]]
            assert list(listed) == [n for n, (_, name) in enumerate(entries) if word in words_of(name)]


def test_an_empty_roster_has_an_empty_sheet():
    sheet = sheets.unpack_sheet(sheets.pack_sheet([]))

    assert (list(sheet.inmate_ids), sheet.firsts.words, sheet.lasts.words) == ([], [], [])
    assert last_names_like(sheet, last_name("Delgado")) == {}
    assert first_names_like(sheets.EMPTY, first_name("Marcus")) == {}


@pytest.mark.parametrize("people", [255, 256, 300, 70_000])
def test_sheets_of_every_size_know_their_last_person(people):
    # 70,000 is more than two bytes can count, as a list of everybody who has one name.
    names = [("Ann", "Lee")] * (people - 1) + [("Zoe", "Zamora")]
    sheet = sheet_of(*names) if people < 1_000 else sheets.unpack_sheet(_packed_at_once(people))

    (found,) = last_names_like(sheet, last_name("Zamora"))

    assert (found, sheet.inmate_ids[found], sheet.name(found).first) == (people - 1, people, "zoe")


def _packed_at_once(people):
    ann, zoe = booked_names("Ann", "", "Lee")[0], booked_names("Zoe", "", "Zamora")[0]
    return sheets.pack_sheet([(number, zoe if number == people else ann) for number in range(1, people + 1)])


def test_the_ids_of_people_may_be_as_large_as_any():
    (name,) = booked_names("Ann", "", "Lee")

    assert sheets.unpack_sheet(sheets.pack_sheet([(2**31 - 1, name)])).inmate_ids == array("I", [2**31 - 1])


def test_a_sheet_that_is_not_whole_is_not_read_as_another():
    body = sheets.pack_sheet(entries_of([("Ann", "", "Lee")]))

    with pytest.raises(zlib.error):
        sheets.unpack_sheet(body[:-5])


def test_the_order_is_that_of_equals_those_who_are_held_first_then_the_alphabet_then_numbers():
    (ann,), (bea,), (cid,) = (
        booked_names(first, "", last) for first, last in (("Ann", "Lee"), ("Bea", "Lee"), ("Cid", "Adams"))
    )
    people = [
        (True, "2", 1, [bea]),
        (False, "1", 2, [cid]),
        (True, "9", 3, [ann]),
        (True, "3", 4, [ann]),
        (True, "1", 5, [cid]),
    ]

    assert [inmate_id for inmate_id, _ in sheets.entries_in_order(people)] == [5, 4, 3, 1, 2]


_SIMILAR = st.lists(
    st.tuples(
        st.sampled_from(
            ["Ann", "Anna", "Hannah", "Jose", "José Luis", "Mary Ann", "Al", "Beto", "Roberto", "J", "Chuy", "Jesus"]
        ),
        st.sampled_from(
            ["Martin", "Martinez", "Marten", "De La Cruz", "Cruz", "Garcia Lopez", "Garcialopez", "Li", "X", "O'Neill"]
        ),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=120)
@given(_SIMILAR, _SIMILAR)
def test_whoever_is_like_what_was_typed_is_met_on_the_sheet(people, asked):
    """Searching a sheet leaves nobody out whom comparing everybody would have found."""
    sheet = sheet_of(*people)
    for first, last in asked:
        for wanted in (typed_name(first, last), typed_name("", last), typed_name(first, "")):
            like = {n for n in range(len(people)) if compare_names(wanted, sheet.name(n)).cost < TOO_FAR}
            met = set()
            for one, other in ((wanted.first, wanted.last), (wanted.last, wanted.first)):
                met |= set(first_names_like(sheet, one))
                met |= set(last_names_like(sheet, other))
            assert like <= met, (wanted, [people[n] for n in like - met])
