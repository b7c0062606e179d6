"""PostgreSQL and SQLite: the same rosters, the same questions, the same answers in the same order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.demo import names as demo_names
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, NotFound, Throttled, WrongCredentials
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.messages import Reason
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleCount, RuleKind, RuleState
from rxconnect.domain.text import fold
from rxconnect.models import Contact, Inmate
from rxconnect.services.accounts import accounts, sign_in_views, sign_ins
from rxconnect.services.custody import roster_absences, roster_merges, roster_undo
from rxconnect.services.directory import facilities, lookups
from rxconnect.services.imports import imports
from rxconnect.services.leaving import returns
from rxconnect.services.review import review
from rxconnect.services.screening import hits, rule_views, rules, trials
from tests import people
from tests.services.conftest import Pair, give_credits
from tests.services.older import OLDER_PEOPLE, bring_up_to_date, found_everywhere, make_older
from tests.soak import worlds

_PEOPLE, _QUESTIONS = 500, 320
_WAITS = """DO $$ BEGIN
EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' SET synchronous_commit TO on';
END $$"""
_PLACES = {"alder": "OR", "birch": "OR", "cedar": "ME", "dogwood": "TX"}
_ALSO = [
    ("Joseluis", "Garcialopez"), ("José Luis", "García-López"), ("Al", "Núñez"), ("El", "De León"), ("Łukasz", "ß"), ("J", "R"),
    ("Zoë", "Ægir"), ("ana", "de la cruz"), ("Ana", "Delacruz"), ("Ñandú", "Zúñiga"), ("Øystein", "Ål"), ("王", "伟"),
]  # fmt: skip


@pytest.fixture
def postgresql(use):
    """A new database in PostgreSQL is in use."""
    use("postgresql")


def invented(random):
    """Lines of a roster for all places, with namesakes, two surnames, aliases and suffixes."""
    firsts = [
        name for made in (demo_names.MEN, demo_names.WOMEN) for name in random.choices(made[0], made[1], k=_PEOPLE)
    ]
    lasts = random.choices(*demo_names.SURNAMES[:1], cum_weights=demo_names.SURNAMES[1], k=2 * _PEOPLE)
    for number in range(_PEOPLE):
        first, last = (random.choice(firsts), random.choice(lasts)) if number >= len(_ALSO) else _ALSO[number]
        if random.random() < 0.15:
            last = f"{last} {random.choice(lasts)}"
        alias = f"{random.choice(firsts)} {random.choice(lasts)}" if random.random() < 0.1 else ""
        status = random.choice(["", "", "", "released"])
        letter = random.choice(["", "", "H-"])
        yield [
            random.choice(list(_PLACES)),
            f"{letter}{20_410_000 + 7 * number}",
            first,
            last,
            alias,
            random.choice(["", "", "Jr"]),
            status,
        ]


def asked(random, people):
    """(facility, state, number, first, last) as people may type them, half of them everywhere."""
    for _ in range(_QUESTIONS):
        place, number, first, last, *_ = random.choice(people)
        first, last, number = (
            random.choice([_as_it_is, _plain, _slip, _slip, _begun])(text, random) for text in (first, last, number)
        )
        kind = random.randrange(6)
        first = "" if kind == 0 else first[:1] if kind == 1 else first
        last = "" if kind == 2 else last
        first, last = (last, first) if kind == 3 else (first, last)
        is_number = random.random() < 0.25
        if is_number and random.random() < 0.7:
            first = last = ""
        scope = random.choice([(place, ""), ("", ""), ("", _PLACES[place])])
        yield *scope, number if is_number else "", first, last


def _as_it_is(text, random):
    return text


def _plain(text, random):
    return fold(text)


def _begun(text, random):
    return text[: max(4, len(text) // 2)]


def _slip(text, random):
    at = random.randrange(len(text))
    return (
        random.choice([text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text[:at] + "e" + text[at + 1 :]])
        or text
    )


def load(folder, people):
    """Import facilities and rosters with the services of the commands."""
    facilities, roster = folder / "facilities.csv", folder / "roster.csv"
    facilities.write_text(
        "key,name,state\n" + "".join(f"{key},{key.title()},{state}\n" for key, state in _PLACES.items())
    )
    head = "facility,number,first_name,last_name,aliases,suffix,status\n"
    roster.write_text(head + "".join(",".join(person) + "\n" for person in people))
    with imports.open_facilities(facilities) as opened:
        imports.import_facilities(opened)
    with imports.open_rosters(roster) as opened:
        return imports.import_rosters(opened)


def answers(questions):
    """What each question finds: people in their order, with scores and reasons; None where it is too little."""
    return {question: answer(*question) for question in questions}


def answer(facility, state, number, first, last):
    query = InmateQuery(number, first, last, not facility, state)
    try:
        matches = db.read(lookups.find_inmates, query, facility, limit=50)
    except Invalid:
        return None
    return [(match.facility, match.number, match.score, match.why) for match in matches]


def test_both_databases_find_the_same_people_in_the_same_order(use, tmp_path):
    random = Random(20418873)
    people = list(invented(random))
    questions = list(asked(random, people))
    found = {}
    for kind in ("sqlite", "postgresql"):
        use(kind)
        report = load(tmp_path, people)
        assert (report.new, report.bad_rows) == (_PEOPLE, 0)
        found[kind] = answers(questions)
    one, other = found.values()

    assert {question: (one[question], other[question]) for question in one if one[question] != other[question]} == {}
    assert sum(map(bool, one.values())) > 0.9 * len(one)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_key_that_no_database_can_hold_is_the_key_of_no_facility(use, kind):
    use(kind)

    for key in ("\x00", "nowhere\x00", "\udcff"):
        with pytest.raises(NotFound):
            db.read(lookups.find_inmates, InmateQuery(last_name="Delgado"), key)


def test_postgresql_is_migrated_to_the_tables_of_the_models(use):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    use("postgresql", is_migrated=False)
    db.upgrade()
    db.upgrade()

    with db.write_engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_an_older_postgresql_is_brought_up_to_date_with_all_that_is_in_it(use):
    use("postgresql", is_migrated=False)
    make_older()

    assert bring_up_to_date()

    with db.reading() as session:
        assert {row.number: (row.full_name, row.custody) for row in session.exec(select(Inmate))} == OLDER_PEOPLE
        assert [(row.account_id, row.inmate_id) for row in session.exec(select(Contact))] == [(1, 1)]
    assert found_everywhere("Shaun", "Oneill") == ["H-55210"]
    assert found_everywhere("Chuy", "de la Cruz") == ["30000002"]
    assert not bring_up_to_date()


def test_a_roster_is_imported_into_postgresql_again_and_again(postgresql, tmp_path):
    people = [["alder", "H-1", "José", "Núñez", "", "", ""], ["birch", "2", "Ann", "Lee", "", "", ""]]
    assert load(tmp_path, people).new == 2
    assert load(tmp_path, people).unchanged == 2

    people[1][3] = "Quartermain"
    assert load(tmp_path, people).changed == 1

    assert [found_everywhere("Ann", "Quartermian"), found_everywhere("Ann", "Lee")] == [["2"], []]


def test_no_text_at_all_upsets_postgresql(postgresql, tmp_path):
    load(tmp_path, [["alder", "H-1", "José", "Núñez", "", "", ""]])
    for strange in (
        "'; DROP TABLE inmate; --",
        "a\x00b",
        "%s %(x)s",
        ":some",
        "\ud800ab",
        "\U0010ffffab",
        "½½ab",
        "x" * 120,
    ):
        assert found_everywhere(strange, strange) == []
        assert found_everywhere(number=f"9999{strange}"[:60]) == []
    assert found_everywhere("José'", '"Núñez\\') == ["H-1"]


def test_guesses_at_the_same_moment_are_all_counted_and_none_slips_past_the_wait(postgresql):
    fields = {"email": "sam@example.com", "name": "Sam Rivera", "password": "a harbor lantern 41"}
    db.write(accounts.create_account, **fields)

    def guess(number):
        try:
            sign_ins.sign_in(fields["email"], "wrong wrong", Browser("192.0.2.7"))
        except WrongCredentials:
            return True
        except Throttled:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(20))) == 5
    token = sign_ins.sign_in(fields["email"], fields["password"], Browser("192.0.2.8", "Firefox on Linux"))
    (view,) = db.read(sign_in_views.my_sign_ins, db.read(sign_ins.actor_for, token))
    assert view.device == "Firefox on Linux"


@pytest.mark.parametrize(
    ("kind", "asked", "waits", "does_not"),
    [("sqlite", "PRAGMA synchronous", 2, 1), ("postgresql", "SHOW synchronous_commit", "on", "off")],
)
def test_only_what_need_not_outlive_a_power_failure_does_not_wait_for_the_disk(use, kind, asked, waits, does_not):
    def how(session):
        return session.connection().exec_driver_sql(asked).scalar_one()

    use(kind)
    if kind == "postgresql":
        # The tests' own server waits for no disk.
        db.write(lambda session: session.connection().exec_driver_sql(_WAITS))
        use(kind)
    ways = [db.write, db.write_unsynced, db.write, db.write_unsynced, db.write_unsynced, db.write]
    assert [way(how) for way in ways] == [waits, does_not, waits, does_not, does_not, waits]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_people_are_known_again_missing_released_split_and_taken_back(use, tmp_path, kind):
    use(kind)
    others = [[place, f"9{n}", "Bo", f"Other{n}"] for place in ("alder", "birch") for n in range(9)]
    birth_dates = {"Ann": "1980-01-01"}

    def bring(*people):
        path = tmp_path / "roster.csv"
        rows = [[*person, birth_dates.get(person[2], "")] for person in (*people, *others)]
        path.write_text(
            "facility,number,first_name,last_name,birth_date\n" + "".join(",".join(row) + "\n" for row in rows)
        )
        with imports.open_rosters(path) as opened:
            return imports.import_rosters(opened)

    load(tmp_path, [["birch", "1", "Cy", "Lee", "", "", ""]])
    now = clock.now()
    with clock.at(now):
        bring(["alder", "0042", "Ann", "Lee"], ["birch", "1", "Cy", "Lee"])
        assert len(bring(["birch", "42", "Ann", "Lee"], ["birch", "1", "Cy", "Lee"]).merges) == 1
        (merge,) = db.read(roster_merges.list_merges)
        db.write(roster_merges.split, merge.id)
    with clock.at(now + timedelta(days=1)):
        assert bring(["birch", "1", "Cy", "Lee"]).missing == 1
    with clock.at(now + timedelta(days=5)):
        bring(["birch", "1", "Cy", "Lee"], ["birch", "2", "Di", "Lee"])
        assert roster_absences.release_due().done == 2
        assert bring(["birch", "1", "Cy", "Lee"], ["birch", "42", "Ann", "Lee"]).back == 1
        assert returns.tell_returns().done == 1
        facility_id = db.read(facilities.get_by_key, "birch").id
        assert db.write(roster_undo.undo_import, facility_id).restored == 2
    with clock.at(now + timedelta(days=50)):
        assert db.write(roster_absences.clear_old).done == 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_rule_is_tried_and_what_it_holds_is_counted(use, kind):
    use(kind)
    world = worlds.build()
    family, contact_id = world.family()
    give_credits(family, world.place, 9)
    writer = Pair(family, world.reviewer, world.place, world.inmate_id, contact_id)
    with db.transaction() as session:
        administrator = people.add(session, "chief@example.com", "Chief", Role.ADMINISTRATOR, world.place)
    for decide in ([review.reject, Reason.CODED], [review.approve]):
        service, *how = decide
        db.write(service, world.reviewer, writer.send(body="Bring cash.").id, *how)
    rule_id = db.write(rules.write, administrator, world.place, NewRule(RuleKind.WORDS, "Money", words="cash"))
    count = trials.try_rule(administrator, rule_id).count
    assert (count.held, count.approved, count.rejected) == (2, 1, 1)
    assert db.write(rules.switch_on, administrator, rule_id) is RuleState.ON
    for _ in range(3):
        last = writer.send(body="Cash, and more cash.").id
    db.write(review.approve, world.reviewer, last)
    assert db.read(hits.counts, world.place) == {rule_id: RuleCount(held=3, approved=1)}
    assert db.read(rule_views.rules_of, administrator, world.place).groups[0].rules[0].rate == "100 % held in vain"
