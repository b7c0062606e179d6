"""The page of rosters: an administrator looks at a file, imports it and takes it back; others see the imports at most."""

import pytest
from sqlmodel import func, select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.models import FacilityChange, Inmate
from rxconnect.services.imports import uploads
from rxconnect.state.session import SessionState
from rxconnect.state.staff.rosters import RostersState
from tests.state.driver import name_of, sign_in

ROWS = [f"{n},Lee,P{chr(96 + n)},1980-01-{n:02}" for n in range(1, 11)]


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail")


@pytest.fixture
def chief(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place, name="Paul Lindgren")


@pytest.fixture
def tab(server, chief):
    return server.tab(sign_in(chief))


def upload(actor, facility_id, rows, name="May.csv"):
    """Upload a file. Returns the address of the page that shows what it would change."""
    body = "\n".join(["Number,Last Name,First Name,DOB", *rows, ""]).encode()
    kept = uploads.keep_upload(actor, facility_id, name, [body])
    return f"{routes.ROSTERS}?facility={facility_id}&upload={kept.id}"


def import_file(tab, address):
    """Look at an uploaded file and import it."""
    tab.open(address).call(RostersState.import_file({}))
    # The tab does not follow this redirect again.
    tab.redirects = []


def view(tab):
    return tab.shown(RostersState, "view")


def preview(tab):
    return tab.shown(RostersState, "preview")


def held():
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(Inmate)).one()


def test_a_file_is_shown_before_it_is_imported_and_can_be_taken_back(tab, chief, place):
    tab.open(upload(chief, place, ROWS))
    assert ["New people", 10] in [list(one) for one in tab.shown(RostersState, "counts")]
    assert held() == 0
    tab.call(RostersState.import_file({}))
    assert (held(), preview(tab)) == (10, None)
    (done,) = view(tab)["imports"]
    assert (done["file_name"], done["by"], done["may_undo"]) == ("May.csv", "Paul Lindgren", True)
    assert "New people: 10" in done["told"]
    tab.call(RostersState.ask_to_undo(done["id"]))
    assert (tab.shown(RostersState, "undoing"), held()) == (done["id"], 10)
    tab.call(RostersState.undo(done["id"]))
    assert (held(), view(tab)["imports"][0]["is_undone"]) == (0, True)
    assert "10 newcomers are gone" in tab.shown(SessionState, "notice")
    with db.reading() as session:
        (kept,) = session.exec(select(FacilityChange)).all()
    assert (kept.by_account_id, kept.what, kept.after) == (chief.account_id, "roster", "May.csv")


def test_a_file_that_lacks_many_lists_them_and_has_to_be_accepted(tab, chief, place):
    import_file(tab, upload(chief, place, ROWS))
    tab.open(upload(chief, place, ROWS[:4], "June.csv"))
    assert preview(tab)["missing"] == [f"{n} P{chr(96 + n)} Lee" for n in range(5, 11)]
    assert preview(tab)["suspicious"]
    tab.call(RostersState.import_file({}))
    assert "looks wrong" in tab.said(RostersState)
    assert len(view(tab)["imports"]) == 1
    tab.call(RostersState.import_file({"accept": "on"}))
    assert [one["file_name"] for one in view(tab)["imports"]] == ["June.csv", "May.csv"]
    assert [one["may_undo"] for one in view(tab)["imports"]] == [True, False]


def test_a_column_that_was_not_found_is_named_in_the_form(tab, chief, place):
    body = "\n".join(["Ref,Last Name,First Name", "7,Lee,Pat", ""]).encode()
    kept = uploads.keep_upload(chief, place, "odd.csv", [body])
    tab.open(f"{routes.ROSTERS}?upload={kept.id}")
    assert "no column for number" in tab.said(RostersState)
    tab.call(RostersState.read_again({"column_number": "Ref"}))
    assert preview(tab)["people"] == [["7", "Pat Lee", "", "", ""]]
    assert tab.shown(RostersState, "columns")["column_last_name"] == "Last Name"
    tab.call(RostersState.import_file({}))
    assert held() == 1


def test_a_file_that_is_no_roster_is_refused_in_a_sentence(tab, chief, place):
    tab.open(upload(chief, place, [], "empty.csv"))
    assert preview(tab) is None
    assert tab.said(RostersState)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_reviewers_and_auditors_see_the_imports_without_names_and_change_nothing(
    server, tab, chief, actor, place, role
):
    import_file(tab, upload(chief, place, ROWS))
    theirs = server.tab(sign_in(actor(role=role, facility_id=place)))
    theirs.open(upload(chief, place, ROWS[:4], "June.csv"))
    assert (preview(theirs), view(theirs)["may_import"]) == (None, False)
    (done,) = view(theirs)["imports"]
    assert (done["may_undo"], done["notes"]) == (False, [])
    theirs.send(name_of(RostersState, "undo"), {"import_id": done["id"]})
    theirs.send(name_of(RostersState, "import_file"), {"form": {"accept": "on"}})
    assert (held(), "Lee" in theirs.heard) == (10, False)


def test_nobody_reaches_the_rosters_of_another_facility(server, tab, chief, actor, place, facility):
    import_file(tab, upload(chief, place, ROWS))
    (done,) = view(tab)["imports"]
    waiting = upload(chief, place, ROWS[:4], "June.csv")
    stranger = actor(role=Role.ADMINISTRATOR, facility_id=facility(name="Birch House"))
    theirs = server.tab(sign_in(stranger))
    for address in (waiting, waiting.replace(f"facility={place}&", "")):
        theirs.open(address)
        assert preview(theirs) is None
    theirs.send(name_of(RostersState, "undo"), {"import_id": done["id"]})
    theirs.send(name_of(RostersState, "import_file"), {"form": {"accept": "on"}})
    assert (held(), "Lee" in theirs.heard, "June" in theirs.heard) == (10, False, False)


def test_a_trainer_learns_for_whom_the_page_is(server, actor, place):
    tab = server.tab(sign_in(actor(role=Role.TRAINER, facility_id=place))).open(routes.ROSTERS)
    assert (view(tab), tab.shown(RostersState, "is_refused")) == (None, True)


def test_a_file_that_did_not_arrive_is_told_of(tab):
    tab.open(f"{routes.ROSTERS}?problem=missing")
    assert "Choose the file first" in tab.said(RostersState)
