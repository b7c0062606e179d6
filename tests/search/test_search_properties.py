"""What holds for every roster and every search, whatever names there are and whatever is typed."""

import itertools
from contextlib import contextmanager

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rxconnect import db
from rxconnect.domain.errors import Invalid
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import Facility
from rxconnect.search import directory, names, people, typed
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.normalise import first_name, last_name, number_key
from rxconnect.search.scope import Scope
from rxconnect.services.directory import inmates, lookups
from tests.worlds import installed

# Few names, and each like another one: spelled or spoken alike, the beginning, a part, a nickname or both as one.
_FIRST_NAMES = [
    "Al", "Alan", "Ann", "Anna", "Mary Ann", "Maryann", "Bill", "William", "Jose", "José Luis", "Joseluis", "Luis", "Chuy",
    "Jesús", "Shawn", "Sean", "D'Angelo", "Angelo", "Jo", "Li", "Łukasz", "Martin",
]  # fmt: skip
_LAST_NAMES = [
    "Martin", "Martín", "Martinez", "Marten", "De La Cruz", "Delacruz", "Cruz", "Garcia", "García-López", "Garcialopez",
    "Lopez", "Lopez Garcia", "O'Neill", "Oneil", "Ponce de León", "Leon", "De Leon", "St. John", "Johnson", "Li", "Angelo",
]  # fmt: skip
_FULL_NAMES = st.tuples(st.sampled_from(_FIRST_NAMES), st.sampled_from(_LAST_NAMES))
_ROSTERS = st.lists(
    st.tuples(
        _FULL_NAMES, st.sampled_from(["", "", "", "Jr", "III"]), st.sampled_from(["", "", "", "Toya Brown", "Al Lopez"])
    ),
    max_size=8,
)

# What text may hold that trips programs: quotes and patterns of SQL, marks of formats, and the corners of Unicode.
_NASTY = st.sampled_from(
    ["'", '"', ";--", "%", "_", "\\", "{}", "{0}", "%s", ":some", "?", "\x00", "\n", "|", "~", "\u202e", "\u200d", "\ufeff",
     "\ud800", "\U0010ffff", "🙂", "ﬁ", "ß", "İ", "ı", "ſ", "K", "Å", "ñ", "n\u0303", "王", "שלום", "محمد", "Ǆ", "½", "٢٠٤١", "²",
     "ㅤ", " ", "-", "o'", "mc", "jr", "de la", "a", "x" * 30, "garcia", "martin"]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_NASTY, max_size=12).map("".join), st.text(max_size=120)).map(lambda text: text[:120])

_few = settings(deadline=None, max_examples=25)
_numbers = itertools.count(10_000_000)


@pytest.fixture(scope="module")
def _made(migrated_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("properties")
    (folder / "rxconnect.db").write_bytes(migrated_file.read_bytes())
    return folder


@pytest.fixture(scope="module", autouse=True)
def somewhere(_made):
    """One database for all examples, each of which is undone."""
    with installed(data_dir=_made, database_url=""):
        yield


class Country:
    """A facility with a roster, in a transaction that will be undone."""

    def __init__(self, session):
        self.session = session
        facility = Facility(key="cedar", name="Cedar", state="OR")
        session.add(facility)
        session.flush()
        self.scopes = {"at the facility": Scope(facility.id), "everywhere": Scope(), "in the state": Scope(state="OR")}
        self._facility_id = facility.id

    def book(self, *roster):
        """Add ((first, last), suffix, aliases) with a number each, in this order; returns the numbers."""
        numbers = [str(next(_numbers)) for _ in roster]
        self.add(*zip(numbers, roster, strict=True))
        return numbers

    def add(self, *numbered):
        """As `book`, with numbers given."""
        directory.lock_directory(self.session)
        fixed = {"facility_id": self._facility_id, "middle_name": ""}
        for number, ((first, last), suffix, aliases) in numbered:
            key = {"number": number, "number_key": number_key(number)}
            name = {"first_name": first, "last_name": last, "suffix": suffix, "aliases": aliases}
            directory.insert_people(self.session, [fixed | key | name])
        directory.write_sheets(self.session, [self._facility_id])

    def found(self, where, first="", last="", number=""):
        """(number, cost, reason) of those found, in order."""
        matches = people.find(self.session, self.scopes[where], InmateQuery(number, first, last))
        rows = self.session.connection().exec_driver_sql("SELECT id, number FROM inmate")
        numbers = dict(tuple(row) for row in rows)
        return [(numbers[match.inmate_id], match.cost, match.why) for match in matches]

    def exact(self, where, first="", last="", number=""):
        """The numbers of those found exactly."""
        return {number for number, cost, _ in self.found(where, first, last, number) if cost == 0}


@contextmanager
def country():
    with db.transaction() as session:
        yield Country(session)
        session.rollback()


def ways_to_type(first, last):
    """(first, last) in ways that are exactly this name."""
    joined = last_name(last).whole
    yield from [(first, last), (first.upper(), last.lower()), (first, joined), (first_name(first).whole, last)]
    yield from [("", last), ("", joined), (first, "")]


WHERE = ["at the facility", "everywhere", "in the state"]


@_few
@given(_FULL_NAMES, _ROSTERS, _ROSTERS)
def test_adding_a_person_never_hides_the_exact_match_of_another(wanted, before, after):
    with country() as made:
        made.book(*before)
        (number,) = made.book((wanted, "", ""))
        ways = [way for where in WHERE for way in itertools.product([where], ways_to_type(*wanted))]
        exact = [(where, typed) for where, typed in ways if number in made.exact(where, *typed)]
        made.book(*after)

        assert [(where, typed) for where, typed in exact if number not in made.exact(where, *typed)] == []


@_few
@given(_FULL_NAMES, _ROSTERS)
def test_an_exact_match_stands_before_all_that_are_inexact(wanted, others):
    with country() as made:
        made.book(*others)
        made.book((wanted, "", ""))
        for where in WHERE:
            costs = [cost for _, cost, _ in made.found(where, *wanted)]

            assert costs == sorted(costs)
            assert costs[0] == 0


@_few
@given(_ROSTERS, _FULL_NAMES)
def test_what_is_found_exactly_at_a_facility_is_found_exactly_everywhere(roster, another):
    with country() as made:
        made.book(*roster)
        for typed in {way for name in (another, *(name for name, _, _ in roster)) for way in ways_to_type(*name)}:
            at_facility = made.exact("at the facility", *typed)

            assert at_facility <= made.exact("everywhere", *typed), typed
            assert at_facility <= made.exact("in the state", *typed), typed


@_few
@given(st.data(), _ROSTERS, _FULL_NAMES)
def test_the_order_in_which_people_were_booked_does_not_matter(data, roster, typed):
    numbered = [(str(20_418_000 + n), person) for n, person in enumerate(roster)]
    shuffled = data.draw(st.permutations(numbered))
    asked = [typed, (typed[0], ""), ("", typed[1]), (typed[0][:1], typed[1]), ("", "", "2041")]
    answers = []
    for order in (numbered, shuffled):
        with country() as made:
            made.add(*order)
            answers.append([made.found(where, *query) for where in WHERE for query in asked])

    assert answers[0] == answers[1]


_HELD = [
    ((first, last), "", "")
    for first, last in itertools.islice(zip(itertools.cycle(_FIRST_NAMES), _LAST_NAMES, strict=False), 20)
]


@settings(deadline=None, max_examples=150)
@given(_TEXTS, _TEXTS, st.one_of(st.just(""), st.text(max_size=60), _TEXTS.map(lambda text: text[:60])))
@example("'; DROP TABLE inmate; --", "%' OR '1'='1", "")
@example("x" * 120, "garcia" * 20, "1" * 60)
@example(" ".join("abcdefghijklmnopqrstuvwxyz" * 2)[:120], " ".join(["de", "la"] * 20), "")
@example(" ".join(["ab", "cd", "ef"] * 13), " ".join(["al", "li", "jo"] * 13), "a1" * 30)
@example("Al" + "\u0301" * 118, "\u202eMartin", "")
@example("J", "0000", "")
def test_any_text_at_all_is_answered_with_people_who_are_like_it(roomy, first, last, number):
    for at in ("cedar", ""):
        for state in ("", "OR"):
            query = InmateQuery(number, first, last, not at, state)
            try:
                matches = db.read(lookups.find_inmates, query, at, limit=200)
                readings = typed.readings(inmates.cleaned_query(query))
            except Invalid:
                continue
            assert len(matches) <= 200
            for match in matches:
                assert 0.4 < match.score <= 1
                assert (match.why == "") == (match.score == 1)
                assert any(_is_like(reading, match) for reading in readings)


def _is_like(reading: typed.Reading, match: lookups.InmateMatch) -> bool:
    """Whether the reading means this person. Somebody with the typed number may have another name."""
    name = names.booked_names(match.first, "", match.last)[0]
    return bool(reading.number) or names.compare_with_ways(reading.names, name).cost < TOO_FAR


@pytest.fixture(scope="module")
def roomy(somewhere):
    """The same place with a roster, and not undone."""
    with db.transaction() as session:
        Country(session).book(*_HELD)
    yield
    with db.transaction() as session:
        for table in ("inmate_name", "inmate", "roster_sheet", "facility"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
