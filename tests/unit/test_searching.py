"""The commands that look people and facilities up: line by line for other programs, and as a table."""

import io
import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from rxconnect import cli, db
from rxconnect.domain.inmates import Person
from rxconnect.models import Facility
from rxconnect.search import facilities as facility_search
from rxconnect.services.directory import inmates
from rxconnect.services.directory.facilities import get_by_key
from rxconnect.services.imports import imports
from tests.worlds import installed

PEOPLE = (
    Person("20418873", "Marcus", "Delgado"),
    Person("H-55210", "Shawn", "O'Neill"),
    Person("30000001", "José", "Núñez"),
)


@pytest.fixture
def country(database):
    """Two facilities, and the people of one of them."""
    with db.transaction() as session:
        session.add(
            Facility(
                key="cedar-or", name="Cedar Ridge Correctional Institution", city="Bend", state="OR", opening="open"
            )
        )
        session.add(Facility(key="alder-me", name="Alder County Jail", city="Bangor", state="ME", opening="open"))
        session.flush()
        inmates.add_to_roster(session, get_by_key(session, "cedar-or").id, PEOPLE)
        facility_search.mark_changed(session)
    return database


@pytest.fixture
def rxconnect(monkeypatch, capsys):
    """`rxconnect("search", …)` runs the command in this process and returns (exit code, output, errors)."""

    def run(*arguments, given=b""):
        monkeypatch.setattr(sys, "argv", ["rxconnect", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def answers(rxconnect):
    """`answers("inmates", line, …)` feeds lines, bytes or what becomes JSON, and returns what was answered."""

    def ask(what, *lines):
        given = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        code, out, err = rxconnect("search", what, "--batch", given=given)
        assert (code, err) == (0, "")
        return [json.loads(line, parse_constant=_refuse) for line in out.splitlines()]

    return ask


def _refuse(constant):
    raise AssertionError(f"{constant} is Python's, and not JSON")


@contextmanager
def batch(what, *, says=b""):
    """A process that answers lines: a function which feeds one and returns the answer. `says` is in its errors, if any."""
    command = [sys.executable, "-m", "rxconnect", "search", what, "--batch"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    ) as process:

        def ask(**question):
            process.stdin.write(json.dumps(question, ensure_ascii=False).encode() + b"\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()
        errors = process.stderr.read()
        assert (process.wait(timeout=30), process.stdout.read(), bool(errors)) == (0, b"", bool(says))
        assert says in errors


def rename(table, name):
    with db.transaction() as session:
        session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


def test_a_running_batch_answers_each_line_at_once_and_sees_what_others_import(country, tmp_path):
    with batch("inmates") as ask:
        answer = ask(id="a", first="Jose", last="Nunez", facility="cedar-or")
        assert list(answer) == ["id", "ms", "results"]
        assert answer["id"] == "a"
        assert answer["results"] == [
            {"number": "30000001", "first": "José", "last": "Núñez", "facility": "cedar-or", "score": 1.0, "why": ""}
        ]
        assert ask(id=1, last="Featherstone")["results"] == []
        assert ask(id=2, last="Faetherstoen")["results"] == []

        roster = tmp_path / "roster.csv"
        roster.write_text("number,first_name,last_name\nB-7001,Ann,Featherstone\n")
        with imports.open_rosters(roster, facility="alder-me") as opened:
            imports.import_rosters(opened)

        assert [match["number"] for match in ask(id=3, last="Featherstone")["results"]] == ["B-7001"]
        # Two slips of the pen are looked for among words in memory.
        assert [match["number"] for match in ask(id=4, last="Faetherstoen")["results"]] == ["B-7001"]
        assert [match["number"] for match in ask(id=5, last="Featherstone", facility="alder-me")["results"]] == [
            "B-7001"
        ]
        assert ask(id=6, number="B7001")["results"][0]["facility"] == "alder-me"


def test_a_running_batch_of_facilities_sees_what_others_import(country, tmp_path):
    with batch("facilities") as ask:
        assert ask(id=1, q="Birch")["results"] == []

        path = tmp_path / "facilities.csv"
        path.write_text("key,name,state\nbirch-or,Birch County Jail,OR\n")
        with imports.open_facilities(path) as opened:
            imports.import_facilities(opened)

        assert [match["key"] for match in ask(id=2, q="Birch")["results"]] == ["birch-or"]


def test_lines_are_answered_in_their_order_with_their_ids_and_a_time(country, answers):
    found = answers("inmates", {"id": 3, "last": "Delgado"}, b"", {"id": "x", "last": "Nobodyhere"}, {"last": "ONeill"})

    assert [answer["id"] for answer in found] == [3, "x", None]
    assert [[match["number"] for match in answer["results"]] for answer in found] == [["20418873"], [], ["H-55210"]]
    assert all(isinstance(answer["ms"], int | float) and answer["ms"] >= 0 for answer in found)


def test_an_inexact_match_has_a_lower_score_and_a_reason(country, answers):
    (answer,) = answers("inmates", {"id": 1, "first": "Sean", "last": "Oneill"})

    (match,) = answer["results"]
    assert list(match) == ["number", "first", "last", "facility", "score", "why"]
    assert (match["number"], match["first"], match["last"]) == ("H-55210", "Shawn", "O'Neill")
    assert match["why"] == "sounds like “Sean”"
    assert 0 < match["score"] < 1


@pytest.mark.parametrize("identity", ["a", "", 0, -7, 2**70, 1.5, 1.0, True, False, None])
def test_an_id_of_any_simple_kind_comes_back_as_it_was(country, answers, identity):
    (answer,) = answers("inmates", {"id": identity, "last": "Delgado"})

    assert (answer["id"], type(answer["id"])) == (identity, type(identity))
    assert len(answer["results"]) == 1


def test_a_limit_is_kept(country, answers):
    questions = [{"id": limit, "number": "2041", "limit": limit} for limit in (1, 2, 200)]
    with db.transaction() as session:
        inmates.add_to_roster(session, get_by_key(session, "alder-me").id, [Person("20418874", "Ann", "Lee")])

    assert [len(answer["results"]) for answer in answers("inmates", *questions)] == [1, 2, 2]


def test_other_programs_may_write_null_numbers_and_more_than_we_know(country, answers):
    line = {"id": 7, "number": 20418873, "last": None, "facility": None, "limit": 5_000, "kind": "number"}

    for answer in answers("inmates", line, line | {"limit": None, "state": None}):
        assert [match["last"] for match in answer["results"]] == ["Delgado"]


@pytest.mark.parametrize(
    ("line", "identity", "error"),
    [
        (b"not json at all", None, "JSON"),
        (b"null", None, "object"),
        (b"[1]", None, "object"),
        (b"\xff\xfe\x00", None, "JSON"),
        (b'{"id": 7', None, "JSON"),
        (b"[" * 100_000, None, "JSON"),
        ({"id": 7, "last": ["Delgado"]}, 7, "last"),
        ({"id": 7, "last": "Delgado", "limit": "many"}, 7, "limit"),
        ({"id": 7, "last": "Delgado", "limit": 0}, 7, "limit"),
        ({"id": 7, "last": "Delgado", "facility": "nowhere"}, 7, "none with the key nowhere"),
        ({"id": 7, "last": "Delgado", "facility": "cedr-or"}, 7, "Did you mean cedar-or?"),
        ({"id": 7, "last": "Delgado", "facility": "\x00"}, 7, "none with the key"),
        ({"id": 7, "last": "Delgado", "facility": "x" * 10_000}, 7, "none with the key"),
        ({"id": 7, "last": "Delgado", "state": "Narnia"}, 7, "no such state"),
        ({"id": 1.5, "last": ["Delgado"]}, 1.5, "last"),
        ({"id": True, "last": ["Delgado"]}, True, "last"),
        ({"id": 2**70, "last": ["Delgado"]}, 2**70, "last"),
        ({"id": 7, "last": "D"}, 7, "two letters"),
        ({"id": 7, "number": "123"}, 7, "four characters"),
        ({"id": 7}, 7, "two letters"),
        ({"id": 7, "last": "x" * 121}, 7, "120"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_line_that_cannot_be_answered_says_why_and_stops_nothing(country, answers, line, identity, error):
    wrong, right = answers("inmates", line, {"id": 8, "last": "Delgado"})

    assert list(wrong) == ["id", "error"]
    assert wrong["id"] == identity
    assert error in wrong["error"]
    assert [match["number"] for match in right["results"]] == ["20418873"]


def test_what_nobody_foresaw_is_told_and_the_lines_after_it_get_their_answers(country):
    with batch("inmates", says=b"no such table: inmate") as ask:
        assert ask(id=6, last="Nobodyhere")["results"] == []
        rename("inmate", "elsewhere")
        assert "standard error" in ask(id=7, last="Delgado")["error"]

        rename("elsewhere", "inmate")
        assert [match["number"] for match in ask(id=8, last="Delgado")["results"]] == ["20418873"]


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_batch_that_can_be_asked_or_answer_nothing_is_refused_in_a_sentence(country, closed):
    command = [
        "sh",
        "-c",
        f'exec "$@" {closed}',
        "sh",
        sys.executable,
        "-m",
        "rxconnect",
        "search",
        "inmates",
        "--batch",
    ]
    ended = subprocess.run(
        command, input=b'{"id": 7, "last": "Delgado"}\n', capture_output=True, timeout=30, check=False
    )

    assert (ended.returncode, ended.stdout, ended.stderr.count(b"\n")) == (1, b"", 1)
    assert b"is closed" in ended.stderr


@pytest.mark.parametrize("identity", [b'"\\ud800"', b"NaN", b"-Infinity", b"[NaN]", b'{"\\udfff": 1}', b"1e999"])
def test_an_id_that_is_no_proper_json_is_answered_in_proper_json(country, answers, identity):
    wrong, right = answers("inmates", b'{"id": %b, "last": "Delgado"}' % identity, {"id": 8, "last": "Delgado"})

    assert "error" in wrong
    assert [match["number"] for match in right["results"]] == ["20418873"]


def test_no_more_than_two_hundred_are_given_whatever_is_asked_for(country, answers):
    with db.transaction() as session:
        many = [Person(str(70_000_000 + n), "Ann", "Zamora") for n in range(230)]
        inmates.add_to_roster(session, get_by_key(session, "alder-me").id, many)

    (most,) = answers("inmates", {"id": 1, "last": "Zamora", "limit": 200})
    (more,) = answers("inmates", {"id": 2, "last": "Zamora", "limit": 100_000})

    assert len(most["results"]) == 200
    assert len(more.get("results", ())) <= 200


def test_facilities_are_found_line_by_line(country, answers):
    found = answers("facilities", {"id": 1, "q": "Cedar Ridge CI"}, {"id": 2, "q": "jail", "state": "ME"}, {"id": 3})

    assert [list(answer) for answer in found] == [["id", "ms", "results"], ["id", "ms", "results"], ["id", "error"]]
    best = found[0]["results"][0]
    assert list(best) == ["key", "name", "city", "state", "score"]
    assert (best["key"], best["city"], best["state"]) == ("cedar-or", "Bend", "OR")
    assert [match["key"] for match in found[1]["results"]] == ["alder-me"]


def test_nothing_given_is_nothing_answered(country, answers):
    assert answers("inmates") == answers("facilities") == []


def test_people_are_shown_as_a_table(country, rxconnect):
    code, out, err = rxconnect("search", "inmates", "--first", "Shaun", "--last", "oneill")

    head, row = out.splitlines()
    assert (code, err) == (0, "")
    assert head.split() == ["number", "first", "last", "facility", "score", "why"]
    assert row.split()[:4] == ["H-55210", "Shawn", "O'Neill", "cedar-or"]
    assert row.rstrip().endswith("sounds like “Shaun”")


def test_facilities_are_shown_as_a_table(country, rxconnect):
    code, out, err = rxconnect("search", "facilities", "Alder", "--state", "Maine")

    assert (code, err) == (0, "")
    assert "Alder County Jail" in out.splitlines()[1]


def test_nobody_is_said_in_a_sentence(country, rxconnect):
    assert rxconnect("search", "inmates", "--last", "Quartermain") == (0, "Nobody matches that.\n", "")
    assert rxconnect("search", "facilities", "Quartermain") == (0, "No facility matches that.\n", "")


def test_what_cannot_be_searched_for_is_refused_in_a_sentence(country, rxconnect):
    code, out, err = rxconnect("search", "inmates", "--last", "D")
    assert (code, out) == (1, "")
    assert err == "Type at least two letters of a name, or four characters of the inmate number.\n"

    for what in (("inmates", "--last", "Delgado"), ("facilities", "Alder")):
        code, out, err = rxconnect("search", *what, "--state", "Narnia")
        assert (code, out) == (1, "")
        assert err.startswith("state: There is no such state.")


@pytest.mark.parametrize(
    ("key", "hint"),
    [("cedar", "Did you mean cedar-or?"), ("nowhere", "`rxconnect search facilities` helps to find it.")],
)
def test_a_key_of_no_facility_is_answered_with_the_nearest_ones(country, rxconnect, key, hint):
    ended = rxconnect("search", "inmates", "--last", "Delgado", "--facility", key)

    assert ended == (1, "", f"facility: there is none with the key {key}. {hint}\n")


@pytest.mark.parametrize("command", [("inmates", "--last", "Delgado"), ("facilities", "Cedar"), ("inmates", "--batch")])
def test_a_database_without_tables_is_made_ready_or_refused_in_a_sentence(tmp_path, rxconnect, command):
    with installed(data_dir=tmp_path, database_url=""):
        code, out, err = rxconnect("search", *command)

    assert code in (0, 1)
    assert len((out + err).splitlines()) <= 1
