"""The benchmark for searching people measures what it says only if what it invents is right."""

import csv
from pathlib import Path
from random import Random

import pytest
from rapidfuzz.distance import OSA

from rxconnect.domain import states
from tests.bench.search import directory, given, misplaced, names, queries, roster, scoring, slips, spelling
from tests.bench.search.oracle import Oracle
from tests.bench.search.queries import KINDS, Query
from tests.bench.search.scoring import Answer

PEOPLE = 2_000
TABLES = {
    "surnames": [
        ["SMITH", 2_400_000, 3.5], ["JOHNSON", 1_900_000, 3.3], ["ONEILL", 60_000, 2.0], ["MCDONALD", 170_000, 2.2],
        ["STJOHN", 20_000, 3.0], ["VANDYKE", 18_000, 3.1], ["WASHINGTON", 180_000, 2.5], ["HENDRICKSON", 40_000, 2.0],
        ["GARCIA", 1_170_000, 92.0], ["RODRIGUEZ", 1_100_000, 93.8], ["MARTINEZ", 1_060_000, 92.9],
        ["DELACRUZ", 80_000, 92.0], ["MUNOZ", 150_000, 93.0], ["VILLANUEVA", 90_000, 86.0],
    ],
    "first_names": [
        ["MICHAEL", 3_470_000, 99.8, 7.8], ["ROBERT", 2_700_000, 99.8, 5.5], ["CHRISTOPHER", 2_000_000, 99.7, 9.0],
        ["JENNIFER", 1_400_000, 0.3, 9.0], ["ELIZABETH", 1_200_000, 0.2, 12.0], ["JOSE", 900_000, 99.0, 92.0],
        ["GUILLERMO", 90_000, 99.0, 95.0], ["MARIA", 900_000, 0.5, 75.0], ["VERONICA", 200_000, 0.4, 45.0],
    ],
    "rare_surnames": [f"Z{a}{b}{c}OWSKI" for a in "AEIOU" for b in "BDGKLMNRT" for c in "AEIOU"],
    "rare_first_names": [f"{a}{b}{c}ELL" for a in "BDGKLT" for b in "AEIOU" for c in "BDGKLT"],
    "nicknames": {"michael": ["mike", "mickey"], "elizabeth": ["bess"], "robert": ["robby"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def known() -> names.Names:
    return names.from_tables(TABLES)


@pytest.fixture(scope="module")
def world(
    known: names.Names, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, directory.Directory, list[Query]]:
    """A small directory in files, the same in memory, and queries for it."""
    folder = tmp_path_factory.mktemp("directory")
    roster.write(PEOPLE, 1, known, folder)
    everyone = directory.read(folder)
    return folder, everyone, queries.generate(everyone, known.nicknames, 300, 1)


def test_the_same_seed_invents_the_same_directory_and_queries(world, known, tmp_path):
    folder, _, asked = world
    roster.write(PEOPLE, 1, known, tmp_path)
    assert (tmp_path / "roster.csv").read_bytes() == (folder / "roster.csv").read_bytes()
    again = queries.generate(directory.read(tmp_path), known.nicknames, 300, 1)
    assert [query.line() for query in again] == [query.line() for query in asked]


def test_another_seed_invents_others(world, known, tmp_path):
    roster.write(PEOPLE, 2, known, tmp_path)
    assert (tmp_path / "roster.csv").read_bytes() != (world[0] / "roster.csv").read_bytes()


def test_it_invents_exactly_as_many_people_as_asked(world):
    assert len(world[1].people) == PEOPLE


def test_a_number_is_given_once_in_a_facility(world):
    numbers = {(person.facility, directory.bare(person.number)) for person in world[1].people}
    assert len(numbers) == PEOPLE


def test_everyone_is_at_a_facility_of_the_other_file_which_is_in_a_state(world):
    with (world[0] / "facilities.csv").open(newline="") as file:
        facilities = list(csv.DictReader(file))
    assert {person.facility for person in world[1].people} <= {row["key"] for row in facilities}
    assert all(states.code_of(row["state"]) for row in facilities)
    assert len({row["key"] for row in facilities}) == len(facilities)


def test_about_a_fifth_have_two_surnames_and_some_have_aliases_and_suffixes(world):
    people = world[1].people
    two = [person for person in people if len(directory.fold(person.last).split()) > 1]
    assert 0.14 < len(two) / PEOPLE < 0.3
    assert any("-" in person.last for person in two)
    assert 0.02 < sum(bool(person.aliases) for person in people) / PEOPLE < 0.12
    assert 0.02 < sum(bool(person.suffix) for person in people) / PEOPLE < 0.09


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("ONEILL", {"O'Neill", "O’Neill", "Oneill"}),
        ("MCDONALD", {"McDonald", "Mc Donald", "Mcdonald"}),
        ("DELACRUZ", {"De La Cruz", "Delacruz"}),
        ("STJOHN", {"St. John", "Stjohn"}),
        ("VANDYKE", {"Van Dyke", "Vandyke"}),
        ("SMITH", {"Smith"}),
        ("VANCE", {"Vance"}),
    ],
)
def test_clerks_write_a_surname_in_several_ways(capitals, written):
    rng = Random(1)
    assert {spelling.surname(rng, capitals) for _ in range(200)} == written


def test_spanish_names_have_their_accents():
    assert [spelling.accented(name) for name in ("MARTINEZ", "GARCIA", "MUNOZ", "JOSE", "CRUZ")] == [
        "MARTÍNEZ", "GARCÍA", "MUÑOZ", "JOSÉ", "CRUZ"
    ]  # fmt: skip


def test_queries_are_spread_over_the_kinds_and_a_third_go_everywhere(world):
    asked = world[2]
    assert {query.kind for query in asked} == set(KINDS)
    assert sum(query.scope == "everywhere" for query in asked) == len(asked) // 3
    assert len({query.id for query in asked}) == len(asked)


def test_the_answer_to_each_query_is_someone_in_its_facility(world):
    _, everyone, asked = world
    held = {(person.facility, person.number) for person in everyone.people}
    assert all(query.answer in held and query.facility in ("", query.answer[0]) for query in asked)


def test_no_query_is_for_one_of_more_namesakes_than_can_be_shown(world):
    _, everyone, asked = world
    for query in asked:
        if query.kind == "exact":
            same = everyone.called(directory.fold(query.first), directory.fold(query.last), query.facility or None)
            assert 1 <= same <= 5


def test_a_typo_is_one_edit_and_two_edits_are_two():
    rng = Random(1)
    for word in ("smith", "oo", "rodriguez", "de la cruz"):
        assert all(OSA.distance(word, slips.typo(rng, word)) == 1 for _ in range(200))
    assert all(OSA.distance("martinez", slips.two_edits(rng, "martinez")) == 2 for _ in range(200))


def test_a_slip_in_a_number_changes_one_digit_or_swaps_two():
    rng = Random(1)
    for number in ("H-55210", "001122", "2019-1"):
        assert all(OSA.distance(number, slips.wrong_digit(rng, number)) == 1 for _ in range(200))


def test_letters_that_look_like_digits_and_texts_in_another_field_keep_the_number_and_the_name():
    rng = Random(1)
    for _ in range(200):
        alike = misplaced.look_alike(rng, "H-55210")
        assert alike != "H-55210"
        assert len(alike) == 7
        assert "H-55210" in misplaced.labelled(rng, "H-55210")
        assert {"H-55210", "Lee"} <= set(
            misplaced.with_name(rng, "H-55210", "Ann", "Lee").replace(",", " ").replace("#", " ").split()
        )
        assert {"ann", "lee"} <= set(
            misplaced.whole_name(rng, "Ann", "May", "Lee", "").lower().replace(",", " ").split()
        )


@pytest.mark.parametrize(
    ("one", "other"), [("shawn", "sean"), ("philip", "filip"), ("becker", "beker"), ("cody", "codie")]
)
def test_sounds_are_alike_both_ways(one, other):
    assert slips.sounds_alike(one, other)
    assert slips.sounds_alike(other, one)
    assert not slips.sounds_alike(one, "robert")


def test_nicknames_are_read_from_the_hand_written_table():
    assert "chuy" in given.NICKNAMES["jesus"]
    assert "bill" in given.NICKNAMES["william"]
    assert all(name.isalpha() for nicknames in given.NICKNAMES.values() for name in nicknames)


def _directory(tmp_path: Path, people: list[tuple[str, str]]) -> directory.Directory:
    """A directory of one jail."""
    with (tmp_path / "roster.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(roster.COLUMNS)
        for number, (first, last) in enumerate(people):
            writer.writerow(("jail", f"{number:05}", first, "", last, "", "", "", "", "active"))
    return directory.read(tmp_path)


@pytest.mark.parametrize("facility", ["jail", ""])
def test_the_oracle_calls_a_query_ambiguous_when_ten_others_fit_as_well(tmp_path, facility):
    nine = _directory(tmp_path, [("Jon", "Smith")] * 10 + [("Jonas", "Smithers"), ("Amy", "Lee")])
    ten = _directory(tmp_path, [("Jon", "Smith")] * 11)
    query = Query("1", "exact", facility, "jon", "smith", "", ("jail", "00000"))
    assert not Oracle(nine, {}).is_ambiguous(query)
    assert Oracle(ten, {}).is_ambiguous(query)


@pytest.mark.parametrize(
    ("first", "last"),
    [("jon", "smith"), ("smith", "jon"), ("jon", "smi"), ("jon", "smit"), ("beto", "smith"), ("jon", "smyth")],
)
def test_the_oracle_knows_who_fits_better(tmp_path, first, last):
    everyone = _directory(tmp_path, [("Jon" if first != "beto" else "Roberto", "Smith"), ("Walter", "Greene")])
    oracle = Oracle(everyone, {})
    right, wrong = (oracle.cost(Query("", "", "", first, last, "", ("", "")), person) for person in everyone.people)
    assert right <= 2 < wrong


def test_the_oracle_takes_no_short_cut_past_anyone(world):
    _, everyone, asked = world
    oracle = Oracle(everyone, {})
    for query in [query.in_fields or query for query in asked if query.scope == "everywhere"][:40]:
        at_home = everyone.at[query.answer[0]]
        answer = next(index for index in at_home if everyone.people[index].number == query.answer[1])
        bound = oracle.cost(query, everyone.people[answer])
        near = {
            index for index in oracle.near(query, bound) if oracle.cost(query, everyone.people[index], bound) <= bound
        }
        assert near == {index for index, person in enumerate(everyone.people) if oracle.cost(query, person) <= bound}


def test_recall_counts_those_whose_person_is_among_the_first_ten():
    asked = [Query(str(place), "exact", "jail", "jon", "smith", "", ("jail", "H-1")) for place in range(4)]
    others = [("jail", str(place)) for place in range(2, 11)]
    answers = {
        "0": Answer(1.0, [("jail", "h1"), *others]),
        "1": Answer(1.0, [*others, ("jail", "H-1")]),
        "2": Answer(1.0, [*others, ("jail", "99"), ("jail", "H-1")]),
        "3": Answer(1.0, [("prison", "H-1")]),
    }
    found = scoring.outcomes(asked, answers, lambda query: query.id == "3")
    assert [one.rank for one in found] == [1, 10, 0, 0]
    assert scoring.recall(found) == 0.5
    assert scoring.recall(found, 1) == 0.25
    assert scoring.fair_recall(found) == pytest.approx(2 / 3)
    assert len(scoring.misses(found)) == 1
