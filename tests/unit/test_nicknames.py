"""The names that one person goes by."""

import pytest

from rxconnect.search import nicknames
from rxconnect.search.nicknames import relatives
from rxconnect.search.normalise import name_key


@pytest.mark.parametrize(
    ("nickname", "formal"),
    [
        ("bill", "william"),
        ("bob", "robert"),
        ("dick", "richard"),
        ("jack", "john"),
        ("kate", "katherine"),
        ("peggy", "margaret"),
        ("chuck", "charles"),
        ("ted", "theodore"),
        ("beto", "roberto"),
        ("beto", "alberto"),
        ("chuy", "jesus"),
        ("pepe", "jose"),
        ("pancho", "francisco"),
        ("paco", "francisco"),
        ("memo", "guillermo"),
        ("nacho", "ignacio"),
        ("lalo", "eduardo"),
        ("kike", "enrique"),
        ("lupe", "guadalupe"),
        ("concha", "concepcion"),
        ("tono", "antonio"),
        ("guicho", "luis"),
        ("sasha", "alexander"),
        ("wm", "william"),
    ],
)
def test_english_and_spanish_nicknames_are_known_both_ways(nickname, formal):
    assert relatives(nickname)[formal] == (formal, "nickname for", 0)
    assert relatives(formal)[nickname] == (nickname, "nickname of", 0)


@pytest.mark.parametrize(
    ("english", "spanish"), [("charles", "carlos"), ("william", "guillermo"), ("james", "santiago"), ("joe", "jose")]
)
def test_a_name_is_known_in_the_other_language(english, spanish):
    assert spanish in relatives(english)
    assert english in relatives(spanish)


@pytest.mark.parametrize(("one", "other"), [("bill", "will"), ("chuy", "chucho"), ("pancho", "paco"), ("bob", "bobby")])
def test_two_nicknames_of_one_name_are_relatives(one, other):
    assert other in relatives(one)
    assert one in relatives(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("sean", "shawn"), ("sean", "shaun"), ("jesus", "hesus"), ("geoffrey", "jeffrey"), ("xavier", "javier")],
)
def test_spellings_of_one_spoken_name_sound_alike(one, other):
    assert relatives(one)[other].why == relatives(other)[one].why == "sounds like"


@pytest.mark.parametrize(
    ("typed", "formal"),
    [("cuhy", "jesus"), ("betto", "roberto"), ("bil", "william"), ("panch", "francisco"), ("kaet", "katherine")],
)
def test_a_nickname_may_have_one_slip(typed, formal):
    assert relatives(typed)[formal].slips == 1


def test_a_nickname_that_is_right_counts_before_one_with_a_slip():
    assert relatives("beto")["roberto"].slips == 0
    assert relatives("bill")["william"].slips == 0


@pytest.mark.parametrize("typed", ["", "x", "zz", "qwertzuiop", "王", "chuyyyy"])
def test_strange_names_have_no_relatives_but_their_initial(typed):
    assert relatives(typed).keys() <= {typed[:1]}


def test_a_name_may_be_booked_with_its_initial_alone():
    assert relatives("john")["j"] == ("j", "initial", 0)
    assert "j" not in relatives("j")


@pytest.mark.parametrize("typed", ["bill", "jose", "sean", "guadalupe", "al"])
def test_nobody_is_a_relative_of_themselves(typed):
    assert typed not in relatives(typed)


def test_every_name_in_the_tables_is_written_as_it_is_compared():
    written = {*nicknames._FORMAL, *nicknames._NICKNAMES_OF, *nicknames._SPOKEN}
    listed = {
        name
        for table in (nicknames._FORMAL, nicknames._NICKNAMES_OF, nicknames._SPOKEN)
        for names in table.values()
        for name in names
    }

    assert {name for name in written | listed if name_key(name).replace(" ", "") != name} == set()
