"""Finding people by whatever a family remembers: what is forgiven, what is said about it, and in which order they come.

Who is looked for is booked at Cedar Ridge, among others with names like theirs. Nearly every sentence holds inside the
facility and everywhere.
"""

import itertools
from dataclasses import replace
from random import Random

import pytest

from rxconnect import db
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.inmates import Custody, InmateQuery, Person
from rxconnect.domain.problems import Problem
from rxconnect.models import Facility
from rxconnect.search import at_facility
from rxconnect.services.directory import facilities, inmates, lookups
from rxconnect.services.directory.facilities import get_by_key
from rxconnect.services.imports import imports
from tests.worlds import installed

CEDAR = (
    Person("20418873", "Marcus", "Delgado"),
    Person("20418874", "Marcus", "Delgado-Reyes"),
    Person("H-55210", "Shawn", "O'Neill", suffix="Jr."),
    Person("H-55390", "Sherman", "Neilsen"),
    Person("30000001", "Roberto", "Núñez"),
    Person("30000002", "Jesús", "De La Cruz"),
    Person("30000003", "William", "McDonald", suffix="III"),
    Person("30000004", "Maria", "Thompson"),
    Person("30000005", "Mario", "Thomas"),
    Person("30000006", "Jonathan", "Smith", middle_name="Michael"),
    Person("30000007", "José Luis", "García López"),
    Person("30000008", "Latoya", "Washington", middle_name="Renee", aliases="Latoya Jefferson;Toya Brown"),
    Person("30000009", "Al", "Green"),
    Person("30000010", "Ben", "Carter", suffix="Sr"),
    Person("30000011", "El", "Sayed"),
    Person("30000012", "Juan", "Ponce de León"),
    Person("30000013", "Guadalupe", "Hernandez"),
    Person("30000014", "Christopher", "Schwarzenegger"),
    Person("30000015", "Mary Ann", "Kowalski"),
    Person("30000016", "Łukasz", "Wójcik"),
    Person("30000017", "D'Angelo", "Russell"),
    Person("30000018", "Katherine", "Fitzgerald"),
    Person("30000019", "Ian", "Van Der Berg"),
    Person("30000020", "Bill", "Ortega"),
    Person("30000021", "Francisco", "Albright"),
    Person("30000022", "Elena", "Benitez"),
    Person("30000023", "Guillermo", "Zavala"),
    Person("30000024", "Theodore", "Blackwood"),
    Person("30000025", "Steven", "Przybylski"),
    Person("30000026", "Malcolm", "X"),
    Person("30000027", "Elizabeth", "St. John"),
    Person("30000028", "Enrique", "Villaseñor"),
    Person("30000029", "Inés", "Arriaga Bustos Cano"),
)
HARBOR = (Person("40000001", "Wendell", "Featherstone"), Person("20418873", "Otis", "Boudreaux"))


@pytest.fixture(scope="module")
def _country(migrated_file, tmp_path_factory):
    """Cedar Ridge in Oregon and Harbor in Maine with their rosters, made once: the tests that use it only read."""
    folder = tmp_path_factory.mktemp("country")
    (folder / "rxconnect.db").write_bytes(migrated_file.read_bytes())
    with installed(data_dir=folder, database_url=""):
        place("cedar", CEDAR, state="OR")
        place("harbor", HARBOR, state="ME")
    return folder


@pytest.fixture
def country(_country):
    with installed(data_dir=_country, database_url=""):
        yield


def place(key, people=(), *, state="OR"):
    """A facility with these people on its roster; returns its key."""
    with db.transaction() as session:
        session.add(Facility(key=key, name=key.capitalize(), state=state, opening="open"))
    book(key, *people)
    return key


def book(key, *people):
    with db.transaction() as session:
        inmates.add_to_roster(session, get_by_key(session, key).id, people)


def crowd(last, count, *, first=None, number=50_000_000):
    """So many people with this last name, and first names that no other name is like."""
    letters = itertools.product("bcdfg", "aeiou", "klmnp", "aeiou")
    return [
        Person(str(number + n), first or "Qu" + "".join(some), last)
        for n, some in enumerate(itertools.islice(letters, count))
    ]


def found(first="", last="", *, number="", at="", state="", limit=20):
    """Matches inside the facility `at`, or everywhere."""
    query = InmateQuery(number, first, last, not at, state)
    return db.read(lookups.find_inmates, query, at, limit=limit)


def best(first="", last="", *, number="", at="", state=""):
    """(name, reason) of the first match."""
    matches = found(first, last, number=number, at=at, state=state)
    return (f"{matches[0].first} {matches[0].last}", matches[0].why) if matches else None


def numbers(matches):
    return [match.number for match in matches]


anywhere = pytest.mark.parametrize("at", ["cedar", ""], ids=["at-the-facility", "everywhere"])


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("MARCUS", "delgado", "Marcus Delgado"),
        ("roberto", "nunez", "Roberto Núñez"),
        ("RÓBERTO", "NÙÑEZ", "Roberto Núñez"),
        ("Jesus", "De La Cruz", "Jesús De La Cruz"),
        ("lukasz", "wojcik", "Łukasz Wójcik"),
        ("Enrique", "Villasenor", "Enrique Villaseñor"),
        ("Shawn", "ONeill", "Shawn O'Neill"),
        ("Shawn", "O’Neill", "Shawn O'Neill"),
        ("Shawn", "O`Neill", "Shawn O'Neill"),
        ("Shawn", "O Neill", "Shawn O'Neill"),
        ("dangelo", "russell", "D'Angelo Russell"),
        ("D Angelo", "Russell", "D'Angelo Russell"),
        ("William", "Mc Donald", "William McDonald"),
        ("Elizabeth", "St John", "Elizabeth St. John"),
        ("Elizabeth", "StJohn", "Elizabeth St. John"),
        ("Marcus", "Delgado Reyes", "Marcus Delgado-Reyes"),
        ("Marcus", "Delgado–Reyes", "Marcus Delgado-Reyes"),
        ("Marcus", "Delgado/Reyes", "Marcus Delgado-Reyes"),
        ("José-Luis", "García-López", "José Luis García López"),
        ("  Marcus ", "\tDelgado\n", "Marcus Delgado"),
    ],
)
def test_case_accents_apostrophes_hyphens_and_spaces_make_no_difference(country, at, first, last, name):
    assert best(first, last, at=at) == (name, "")


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Marcus", "DelgadoReyes", "Marcus Delgado-Reyes"),
        ("Jose Luis", "GarciaLopez", "José Luis García López"),
        ("Joseluis", "Garcia Lopez", "José Luis García López"),
        ("Jesus", "Delacruz", "Jesús De La Cruz"),
        ("Ian", "Vanderberg", "Ian Van Der Berg"),
        ("Maryann", "Kowalski", "Mary Ann Kowalski"),
        ("", "delgadoreyes", "Marcus Delgado-Reyes"),
        ("", "garcialopez", "José Luis García López"),
        ("Inés", "arriagabustoscano", "Inés Arriaga Bustos Cano"),
        ("", "ArriagaBustosCano", "Inés Arriaga Bustos Cano"),
    ],
)
def test_names_that_were_typed_as_one_are_taken_apart(country, at, first, last, name):
    assert best(first, last, at=at) == (name, "")


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("Shawn", "O'Neill Jr.", ""),
        ("Shawn", "ONeill, JR", ""),
        ("Shawn Jr", "O'Neill", ""),
        ("Shawn", "O'Neill", ""),
        ("Shawn", "O'Neill III", "without the suffix"),
    ],
)
def test_a_suffix_may_be_there_or_not(country, at, first, last, why):
    assert best(first, last, at=at) == ("Shawn O'Neill", why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("Thompson", "Maria", "Maria Thompson", "first and last name swapped"),
        ("Green", "Al", "Al Green", "first and last name swapped"),
        ("De La Cruz", "Jesus", "Jesús De La Cruz", "first and last name swapped"),
        ("Wojcik", "", "Łukasz Wójcik", "as a last name"),
        ("", "Guillermo", "Guillermo Zavala", "as a first name"),
    ],
)
def test_first_and_last_name_may_be_swapped(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("M", "Thompson", "Maria Thompson", "begins with “M”"),
        ("M.", "Thompson", "Maria Thompson", "begins with “M.”"),
        ("Katherine", "F", "Katherine Fitzgerald", "begins with “F”"),
        ("F", "Katherine", "Katherine Fitzgerald", "begins with “F”"),
        ("Malcolm", "X", "Malcolm X", ""),
        ("Mar", "Thomp", "Maria Thompson", "begins with “Mar”"),
        ("", "Schwarz", "Christopher Schwarzenegger", "begins with “Schwarz”"),
        ("Gui", "", "Guillermo Zavala", "begins with “Gui”"),
    ],
)
def test_initials_and_half_typed_names_are_enough(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("", "Thompsan", "Maria Thompson", "sounds like “Thompsan”"),
        ("Maria", "Thonpson", "Maria Thompson", "close to “Thonpson”"),
        ("Maria", "Tompson", "Maria Thompson", "sounds like “Tompson”"),
        ("Maria", "Thomppson", "Maria Thompson", "sounds like “Thomppson”"),
        ("Maria", "Thopmson", "Maria Thompson", "close to “Thopmson”"),
        ("Marai", "Thompson", "Maria Thompson", "close to “Marai”"),
        ("Katherine", "Fotzgeralf", "Katherine Fitzgerald", "close to “Fotzgeralf”"),
        ("", "Shwarzeneger", "Christopher Schwarzenegger", "close to “Shwarzeneger”"),
        ("Steven", "Przbylsky", "Steven Przybylski", "close to “Przbylsky”"),
        ("Theodroe", "Blakcwood", "Theodore Blackwood", "close to “Theodroe”"),
        ("", "Hernadnes", "Guadalupe Hernandez", "close to “Hernadnes”"),
    ],
)
def test_one_and_two_slips_of_the_pen_are_forgiven(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("Jonathan", "Smyth", "Jonathan Smith", "sounds like “Smyth”"),
        ("Jon", "Smyth", "Jonathan Smith", "begins with “Jon”"),
        ("Sean", "O'Neill", "Shawn O'Neill", "sounds like “Sean”"),
        ("Shaun", "Oneil", "Shawn O'Neill", "sounds like “Shaun”"),
        ("Markus", "Delgado", "Marcus Delgado", "sounds like “Markus”"),
        ("Stephen", "Przybylski", "Steven Przybylski", "sounds like “Stephen”"),
        ("Christofer", "Schwarzenegger", "Christopher Schwarzenegger", "sounds like “Christofer”"),
        ("Hesus", "de la Cruz", "Jesús De La Cruz", "sounds like “Hesus”"),
        ("Guadalupe", "Ernandes", "Guadalupe Hernandez", "sounds like “Ernandes”"),
        ("Kathryn", "Fitzgerald", "Katherine Fitzgerald", "sounds like “Kathryn”"),
    ],
)
def test_what_sounds_alike_is_found(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("Bill", "McDonald", "William McDonald", "“Bill” is a nickname of this name"),
        ("Ted", "Blackwood", "Theodore Blackwood", "“Ted” is a nickname of this name"),
        ("Kate", "Fitzgerald", "Katherine Fitzgerald", "“Kate” is a nickname of this name"),
        ("Betsy", "St John", "Elizabeth St. John", "“Betsy” is a nickname of this name"),
        ("William", "Ortega", "Bill Ortega", "nickname of “William”"),
        ("Beto", "Nunez", "Roberto Núñez", "“Beto” is a nickname of this name"),
        ("Chuy", "De La Cruz", "Jesús De La Cruz", "“Chuy” is a nickname of this name"),
        ("Pancho", "Albright", "Francisco Albright", "“Pancho” is a nickname of this name"),
        ("Memo", "Zavala", "Guillermo Zavala", "“Memo” is a nickname of this name"),
        ("Lupe", "Hernandez", "Guadalupe Hernandez", "“Lupe” is a nickname of this name"),
        ("Kike", "Villasenor", "Enrique Villaseñor", "“Kike” is a nickname of this name"),
        ("Chuy", "", "Jesús De La Cruz", "“Chuy” is a nickname of this name"),
        ("Villasenor", "Kike", "Enrique Villaseñor", "“Kike” is a nickname of this name"),
        ("Cuhy", "De La Cruz", "Jesús De La Cruz", "“Cuhy” is a nickname of this name"),
        ("Betto", "Nunez", "Roberto Núñez", "“Betto” is a nickname of this name"),
        ("Panchp", "Albright", "Francisco Albright", "“Panchp” is a nickname of this name"),
        ("Lupe", "Hernandes", "Guadalupe Hernandez", "“Lupe” is a nickname of this name"),
    ],
)
def test_nicknames_are_known_in_english_and_spanish_and_with_a_slip(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("Jose", "Garcia", "José Luis García López", "one of two names is “Jose”"),
        ("Jose Luis", "Lopez", "José Luis García López", "one of two names is “Lopez”"),
        ("", "Reyes", "Marcus Delgado-Reyes", "one of two names is “Reyes”"),
        ("Marcus", "Reyes Delgado", "Marcus Delgado-Reyes", "names in another order"),
        ("Maria", "Thompson Diaz", "Maria Thompson", "“Diaz” is not in this name"),
        ("Mary", "Kowalski", "Mary Ann Kowalski", "one of two names is “Mary”"),
        ("Ann", "Kowalski", "Mary Ann Kowalski", "one of two names is “Ann”"),
        ("Latoya", "Jefferson", "Latoya Washington", "also known as Latoya Jefferson"),
        ("Toya", "Brown", "Latoya Washington", "also known as Toya Brown"),
        ("", "Jefferson", "Latoya Washington", "also known as Latoya Jefferson"),
        ("Renee", "Washington", "Latoya Washington", "by the middle name “Renee”"),
        ("Jonathan Michael", "Smith", "Jonathan Smith", ""),
        ("Zebulon", "Schwarzenegger", "Christopher Schwarzenegger", "same last name, another first name"),
    ],
)
def test_one_of_several_names_a_maiden_name_or_a_middle_name_is_enough(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name", "why"),
    [
        ("Jesus", "Cruz", "Jesús De La Cruz", "one of two names is “Cruz”"),
        ("Jesus", "la Cruz", "Jesús De La Cruz", "one of two names is “Cruz”"),
        ("Juan", "Leon", "Juan Ponce de León", "one of two names is “Leon”"),
        ("Juan", "de Leon", "Juan Ponce de León", "one of two names is “de Leon”"),
        ("Juan", "Ponce", "Juan Ponce de León", "one of two names is “Ponce”"),
        ("Ian", "Berg", "Ian Van Der Berg", "one of two names is “Berg”"),
        ("Ian", "van den Berg", "Ian Van Der Berg", "one of two names is “Berg”"),
        ("Al", "Green", "Al Green", ""),
        ("Ben", "Carter", "Ben Carter", ""),
        ("El", "Sayed", "El Sayed", ""),
        ("Sayed", "El", "El Sayed", "first and last name swapped"),
        ("", "Sayed El", "El Sayed", "names in another order"),
        ("Al", "Gren", "Al Green", "sounds like “Gren”"),
        ("Ben", "Cartre", "Ben Carter", "close to “Cartre”"),
        ("Al", "", "Al Green", ""),
        ("Ben", "", "Ben Carter", ""),
        ("El", "", "El Sayed", ""),
    ],
)
def test_particles_may_be_missing_and_never_swallow_a_first_name(country, at, first, last, name, why):
    assert best(first, last, at=at) == (name, why)


@pytest.mark.parametrize("last", ["Schwatzen", "Scwharzen", "Schwarrzen", "Schwrzen"])
def test_a_half_typed_name_may_have_a_slip_inside_a_facility(country, last):
    assert best(last=last, at="cedar") == ("Christopher Schwarzenegger", f"close to “{last}”")


def test_two_initials_are_enough_inside_a_facility(country):
    assert best("K", "F", at="cedar") == ("Katherine Fitzgerald", "begins with “K”")


@anywhere
@pytest.mark.parametrize(("first", "last"), [("Zebulon", "Quartermain"), ("", "Qwertz"), ("王", "伟"), ("🙂", "xyzzy")])
def test_nobody_is_better_than_somebody_else(country, at, first, last):
    assert found(first, last, at=at) == []


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("20418874", ""),
        (" 2041-8874 ", ""),
        ("2041 88 74", ""),
        ("20418875", "number close to “20418875”"),
        ("2041887", "number begins with “2041887”"),
        ("2041884", "number close to “2041884”"),
        ("204188747", "number close to “204188747”"),
        ("20418847", "number close to “20418847”"),
        ("02418874", "number close to “02418874”"),
    ],
)
def test_a_number_is_found_exactly_by_its_beginning_and_with_one_slip(country, number, why):
    views = {match.number: match.why for match in found(number=number, at="cedar")}

    assert views["20418874"] == why


@anywhere
@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("H-55210", ""),
        ("h55210", ""),
        ("H/55 210", ""),
        ("55210", "number close to “55210”"),
        ("H5521", "number begins with “H5521”"),
        ("J55210", "number close to “J55210”"),
        ("H55201", "number close to “H55201”"),
    ],
)
def test_a_number_is_found_with_its_letters_wrong_or_left_out(country, at, number, why):
    matches = {match.number: match.why for match in found(number=number, at=at)}

    assert matches.get("H-55210") == why


@anywhere
@pytest.mark.parametrize("number", ["20418873", "20418", "2041"])
def test_a_whole_number_comes_before_longer_ones_and_beginnings_come_in_order(country, at, number):
    matches = found(number=number, at=at)

    assert numbers(matches) == sorted(numbers(matches))
    assert matches[0].number == "20418873"


@anywhere
def test_slips_in_a_number_are_not_forgiven_when_somebody_has_exactly_that(country, at):
    assert {match.number for match in found(number="20418873", at=at)} == {"20418873"}


@pytest.mark.parametrize(
    ("number", "first", "last", "why"),
    [
        ("20418873", "Marcus", "Delgado", ""),
        ("20418837", "Marcus", "Delgado", "number close to “20418837”"),
        ("20418873", "Markus", "", "sounds like “Markus”"),
        ("20418873", "Zebulon", "", "same number, another name"),
        ("2041", "Marcus", "Delgado", "number begins with “2041”"),
        ("99999999", "Marcus", "Delgado", "same name, another number"),
    ],
)
def test_number_and_name_together_forgive_a_slip_in_either(country, number, first, last, why):
    assert best(first, last, number=number, at="cedar") == ("Marcus Delgado", why)


@anywhere
def test_the_beginning_of_a_number_is_understood_beside_a_name_however_many_numbers_begin_so(database, at):
    target = Person("20419999", "Maria", "Thompson")
    place("cedar", [target, *crowd("Ruiz", 250, number=20_410_000)])

    assert best("Maria", "Thompson", number="2041", at=at) == ("Maria Thompson", "number begins with “2041”")


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "order"),
    [
        ("", "Martin", ["Martin", "Martinez", "Marten"]),
        ("", "Marti", ["Martin", "Martinez"]),
        ("", "Martine", ["Martinez", "Martin"]),
        ("", "Marten", ["Marten", "Martin"]),
        ("Omar", "Martin", ["Martin", "Martinez", "Marten"]),
    ],
)
def test_exact_comes_first_then_what_begins_so_then_the_nearest(database, at, first, last, order):
    place("cedar", [Person(str(7000 + n), "Omar", name) for n, name in enumerate(["Marten", "Martinez", "Martin"])])

    assert [match.last for match in found(first, last, at=at)][: len(order)] == order


@anywhere
def test_scores_fall_from_one_and_only_the_exact_match_needs_no_reason(database, at):
    place("cedar", [Person(str(7000 + n), "Omar", name) for n, name in enumerate(["Marten", "Martinez", "Martin"])])

    matches = found(last="Martin", at=at)

    assert [match.score for match in matches] == sorted({match.score for match in matches}, reverse=True)
    assert [bool(match.why) for match in matches] == [match.score < 1 for match in matches] == [False, True, True]


@anywhere
def test_among_equals_those_still_held_come_first_and_then_numbers_in_order(database, at):
    people = [Person(str(7000 + n), "Omar", "Martin") for n in range(8)]
    people[1], people[4] = (replace(person, custody=Custody.RELEASED) for person in (people[1], people[4]))
    Random(5).shuffle(people)
    place("cedar", people)

    matches = found("Omar", "Martin", at=at)

    assert numbers(matches) == ["7000", "7002", "7003", "7005", "7006", "7007", "7001", "7004"]
    assert found("Omar", "Martin", at=at) == matches


@anywhere
def test_nobody_reads_deeper_than_two_hundred(database, at):
    place("cedar", crowd("Zamora", 230))

    matches = found(last="Zamora", at=at, limit=10**9)

    assert len(matches) == len(set(numbers(matches))) == 200


@anywhere
def test_a_limit_gives_the_beginning_of_the_whole_list(database, at):
    place("cedar", crowd("Zamora", 60))

    assert found(last="Zamora", at=at, limit=7) == found(last="Zamora", at=at, limit=50)[:7]


@pytest.mark.parametrize(
    ("last", "others"), [("Garcia Lopez", 200), ("GarciaLopez", 60)], ids=["two-names", "typed-as-one"]
)
@anywhere
def test_both_surnames_find_their_person_among_many_who_have_one_of_them(database, at, last, others):
    place("cedar", [*crowd("Garcia", others), Person("1", "Zoe", "Garcia Lopez")])

    assert best(last=last, at=at) == ("Zoe Garcia Lopez", "")


def test_a_process_keeps_few_of_the_rosters_that_it_has_searched(database, monkeypatch):
    monkeypatch.setattr(at_facility, "_MOST_CACHED", 20)
    for key in ("cedar", "harbor", "elm"):
        place(key, crowd("Garcia", 15))

        assert len(found(last="Garcia", at=key)) == len(found(last="Garcia", at=key)) == 15

    assert sum(len(sheet.inmate_ids) for _, sheet in at_facility._cache().sheets.values()) == 15


@anywhere
def test_a_middle_name_finds_its_person_among_many_who_have_the_last_name(database, at):
    place("cedar", [*crowd("Walker", 350), Person("1", "Terrence", "Walker", middle_name="Lamont")])

    assert best("Lamont", "Walker", at=at) == ("Terrence Walker", "by the middle name “Lamont”")


@anywhere
def test_both_first_names_find_their_person_among_many_who_have_one_of_them(database, at):
    place("cedar", crowd("Ruiz", 180, first="Pedro"))
    book("cedar", Person("9999", "Pedro Pablo", "Ruiz"))

    assert best("Pedro Pablo", "Ruiz", at=at) == ("Pedro Pablo Ruiz", "")


@anywhere
@pytest.mark.parametrize("typed", ["Al Garcialopez", "Al Garcia Lopez", "Maryann Lee", "Mary-Ann Lee"])
def test_a_name_booked_as_one_word_and_as_two_is_found_in_both_ways(database, at, typed):
    first, _, last = typed.partition(" ")
    place("cedar", [Person("1", "Al", "Garcia Lopez"), Person("2", "Al", "Garcialopez")])
    book("cedar", Person("3", "Mary Ann", "Lee"), Person("4", "Maryann", "Lee"))

    exact = {match.number for match in found(first, last, at=at) if not match.why}

    assert exact == ({"1", "2"} if first == "Al" else {"3", "4"})


def test_both_surnames_find_their_person_in_a_country_full_of_people_who_have_one_of_them(database):
    place("cedar", [*crowd("Garcia", 450), Person("1", "Zoe", "Garcia Lopez")])

    assert best(last="Garcia Lopez") == ("Zoe Garcia Lopez", "")


def test_both_first_names_find_their_person_in_a_country_full_of_people_who_have_one_of_them(database):
    place("cedar", crowd("Garcia", 450, first="Jose"))
    book("cedar", Person("9999", "Jose Luis", "Garcia"))

    assert best("Jose Luis", "Garcia") == ("Jose Luis Garcia", "")


def test_a_state_that_there_is_not_is_refused_wherever_one_looks(database):
    place("cedar", [Person("1", "Omar", "Martin")])

    for state, at in (("XX", ""), ("Narnia", ""), ("Narnia", "cedar")):
        with pytest.raises(Invalid) as refused:
            found("Omar", "Martin", state=state, at=at)
        assert refused.value.fields == {"state": Problem.STATE_UNKNOWN()}


@anywhere
def test_a_facility_or_a_state_narrows_the_search(database, at):
    place("cedar", [Person("1", "Omar", "Martin")], state="OR")
    place("harbor", [Person("2", "Omar", "Martin")], state="ME")

    assert {match.facility for match in found("Omar", "Martin")} == {"cedar", "harbor"}
    assert {match.facility for match in found("Omar", "Martin", at="harbor")} == {"harbor"}
    for state in ("ME", "me", "Maine"):
        assert {match.facility for match in found("Omar", "Martin", state=state)} == {"harbor"}
    assert found("Omar", "Martin", state="TX") == []


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        ("Omar", "Martin", ""),
        ("", "Martin", ""),
        ("O", "Martin", ""),
        ("", "Martni", ""),
        ("", "", "10002"),
        ("", "", "1000"),
        ("", "", "10022"),
    ],
)
def test_a_state_is_kept_to_by_every_way_of_searching(database, first, last, number):
    place("cedar", [Person("10001", "Omar", "Martin")], state="OR")
    place("harbor", [Person("10002", "Omar", "Martin")], state="ME")

    assert numbers(found(first, last, number=number, state="ME")) == ["10002"]


def test_whoever_shares_a_name_with_thousands_is_found_by_their_state(database):
    place("cedar", crowd("Garcia", 450, first="Jose"), state="OR")
    place("harbor", [Person("1", "Jose", "Garcia")], state="ME")

    assert numbers(found("Jose", "Garcia", state="ME")) == ["1"]


@pytest.fixture
def moved(database, tmp_path):
    """Mo, number 77001, went from Cedar to Harbor, and Jo was released from Cedar."""
    place("cedar", state="OR")
    place("harbor", state="OR")
    stay = "cedar,77002,Bo,Lee,1991-01-02,\nharbor,3,Al,Lee,1992-01-02,\n"
    for lines in (
        "cedar,77001,Mo,Oakley,1990-01-02,\ncedar,88005,Jo,Oakley,1991-01-02,\n",
        "harbor,77001,Mo,Oakley,1990-01-02,\ncedar,88005,Jo,Oakley,1991-01-02,released\n",
    ):
        path = tmp_path / "rosters.csv"
        path.write_text("facility,number,first_name,last_name,birth_date,status\n" + lines + stay)
        with imports.open_rosters(path) as roster:
            imports.import_rosters(roster, accept_suspicious=True)


def test_someone_released_or_moved_is_shown_with_where_to(moved, actor):
    sam = actor()
    with db.transaction() as session:
        cedar = get_by_key(session, "cedar").id
        facilities.add_location(session, sam, cedar)

    def shown(facility_id, query):
        views, _ = db.read(inmates.find, sam, facility_id, query)
        return {view.name: (view.facility, view.custody_label) for view in views}

    assert shown(None, InmateQuery(last_name="Oakley", is_everywhere=True)) == {
        "Mo Oakley": ("Harbor", ""),
        "Jo Oakley": ("Cedar", "Released"),
    }
    assert shown(cedar, InmateQuery(last_name="Oakley")) == {
        "Mo Oakley": ("Harbor", "Moved to Harbor"),
        "Jo Oakley": ("Cedar", "Released"),
    }
    assert shown(cedar, InmateQuery(number="88005")) == {"Jo Oakley": ("Cedar", "Released")}


@pytest.mark.parametrize("number", ["77001", "77-001"])
@pytest.mark.parametrize(("first", "last"), [("", ""), ("Mo", "Oakley")])
def test_whoever_moved_is_found_at_the_old_facility_by_the_number_there(moved, number, first, last):
    match = found(first, last, number=number, at="cedar")[0]

    assert (match.number, match.facility, match.why) == ("77001", "harbor", "")


@anywhere
def test_two_names_typed_as_one_find_their_person_among_all_who_have_that_one(database, at):
    place("cedar", [Person("10000001", "Paul", "Fitz Gerald"), Person("10000002", "Ann", "Fitz")])
    book("cedar", Person("10000003", "Ann", "Gerald"), *crowd("Fitzgerald", 150, first="Paul"))
    exact = [match.number for match in found("Paul", "Fitzgerald", at=at, limit=200) if not match.why]
    assert "10000001" in exact
    assert len(exact) == 151


@anywhere
@pytest.mark.parametrize(("first", "last", "name"), [("Rosa", "Benali", "Ben Ali"), ("Rosa", "Lopez", "Lo Pez")])
def test_short_names_that_were_typed_as_one_are_taken_apart_too(database, at, first, last, name):
    place("cedar", [Person("10000001", "Rosa", name), *crowd(name.split()[1], 120)])
    assert best(first, last, at=at) == (f"Rosa {name}", "")


@anywhere
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Shawn", "Conolly", "Sean Connelly"),
        ("Chuy", "Arrdndo", "Jesús Arredondo"),
        ("Bobbie", "Kintanilla", "Bobbi Quintanilla"),
        ("Libby", "Throgmorton", "Elizabeth Throckmorton"),
    ],
)
def test_a_nickname_with_two_slips_in_the_last_name_is_found_when_nobody_is_nearer(database, at, first, last, name):
    booked_first, booked_last = name.split()
    place("cedar", [Person("10000001", booked_first, booked_last), *crowd("Smith", 50)])
    assert best(first, last, at=at)[0] == name


@anywhere
@pytest.mark.parametrize(
    ("first", "booked", "why"),
    [("John", "J.", "booked with an initial"), ("Robert", "R J", "booked with an initial"), ("J", "J.", "")],
)
def test_somebody_booked_with_an_initial_is_found_by_the_whole_name(database, at, first, booked, why):
    place("cedar", [Person("10000001", booked, "Quimby"), Person("10000002", "Ann", "Quimby"), *crowd("Quinn", 60)])
    assert best(first, "Quimby", at=at) == (f"{booked} Quimby", why)


@anywhere
def test_an_alias_is_named_however_it_was_typed(database, at):
    place("cedar", [Person("10000001", "José", "Hernández", aliases="Pepe Luna")])
    assert best("Jose", "Luna", at=at) == ("José Hernández", "also known as Pepe Luna")


@anywhere
def test_a_suffix_is_the_same_in_letters_and_in_numbers(database, at):
    place(
        "cedar", [Person("10000001", "Pat", "O'Shea", suffix="Jr"), Person("10000002", "Pat", "O'Shea", suffix="III")]
    )
    assert numbers(found("Pat", "O'Shea 3rd", at=at))[0] == "10000002"


def test_too_little_and_an_unknown_facility_are_refused(country):
    for query in ({"first": "J"}, {"number": "123"}, {"last": "%_"}, {}):
        with pytest.raises(Invalid):
            found(**query)
    with pytest.raises(NotFound):
        found("Marcus", "Delgado", at="nowhere")


def test_whoever_is_booked_is_found_by_what_was_typed_before(database):
    place("cedar", [Person("90001", "Jon", "Okonkwo")])
    assert best("John", "Okonkwo") == ("Jon Okonkwo", "sounds like “John”")
    book("cedar", Person("90002", "John", "Okonkwo"))
    assert best("John", "Okonkwo") == ("John Okonkwo", "")
