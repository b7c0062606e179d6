"""The page of rosters: an administrator looks at a file, imports it and takes it back; others see the imports at most."""

import pytest
from sqlmodel import delete, func, select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.models import FacilityChange, Inmate, StaffPost
from rxconnect.services.files import kinds
from rxconnect.services.imports import asked_imports, uploads
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
    tab.open(address)
    press_import(tab)


def press_import(tab, form=None):
    """Press the button, and let the job do its work. The page hears of it."""
    tab.call(RostersState.import_file(form or {}))
    assert asked_imports.import_due().errors == []
    tab.call(RostersState.refresh())
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
    press_import(tab)
    assert (held(), preview(tab), tab.shown(RostersState, "running")) == (10, None, None)
    assert "10 rows were read" in tab.shown(SessionState, "notice")
    (done,) = view(tab)["imports"]
    assert (done["file_name"], done["by"], done["may_undo"]) == ("May.csv", "Paul Lindgren", True)
    assert "New people: 10" in done["told"]
    tab.call(RostersState.undo(done["id"]))
    assert (held(), view(tab)["imports"][0]["is_undone"]) == (0, True)
    assert "10 newcomers are gone" in tab.shown(SessionState, "notice")
    with db.reading() as session:
        (kept,) = session.exec(select(FacilityChange)).all()
    assert (kept.by_account_id, kept.what, kept.after) == (chief.account_id, "roster", "May.csv")


def test_the_page_names_the_kinds_of_files_that_are_read(tab):
    tab.open(routes.ROSTERS)
    assert view(tab)["kinds"] == kinds.kinds_in_words()
    assert view(tab)["kinds"].startswith("a spreadsheet, CSV, JSON, XML, SQL, a web page with a table")
    assert view(tab)["most_mb"] == 32


def test_every_kind_of_file_is_told_or_may_hold_any_other():
    assert kinds._IN_WORDS.keys() == {*kinds.Kind}
    assert {kind for kind, words in kinds._IN_WORDS.items() if not words} == {kinds.Kind.ZIP, kinds.Kind.GZIP}


def test_an_administrator_who_left_the_page_finds_the_file_again_until_it_is_imported(tab, chief, place):
    address = upload(chief, place, ROWS)
    tab.open(routes.ROSTERS)
    (waiting,) = tab.shown(RostersState, "waiting")
    assert (waiting["file_name"], address.endswith(f"upload={waiting['id']}")) == ("May.csv", True)
    import_file(tab, address)
    tab.open(routes.ROSTERS)
    assert tab.shown(RostersState, "waiting") == []


def test_a_file_that_lacks_many_lists_them_and_has_to_be_accepted(tab, chief, place):
    import_file(tab, upload(chief, place, ROWS))
    tab.open(upload(chief, place, ROWS[:4], "June.csv"))
    assert preview(tab)["missing"] == [f"{n} P{chr(96 + n)} Lee" for n in range(5, 11)]
    assert preview(tab)["suspicious"]
    tab.call(RostersState.import_file({}))
    assert "looks wrong" in tab.said(RostersState)
    assert len(view(tab)["imports"]) == 1
    press_import(tab, {"accept": "on"})
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
    press_import(tab)
    assert held() == 1


def test_words_that_the_file_does_not_explain_are_asked_about_and_the_answer_is_kept(tab, chief, place):
    def with_status(*statuses):
        rows = [f"{n},Lee,Pat,1980-01-{n:02},{status}" for n, status in enumerate(statuses, 1)]
        body = "\n".join(["Number,Last Name,First Name,DOB,Status", *rows, ""]).encode()
        kept = uploads.keep_upload(chief, place, "odd.csv", [body])
        return f"{routes.ROSTERS}?facility={place}&upload={kept.id}"

    import_file(tab, with_status(*["active"] * 6))
    tab.open(with_status(*["active"] * 5, "Out"))
    assert tab.shown(RostersState, "words") == [["word_0", "Out", ""]]
    assert preview(tab)["counts"]["released"] == 0
    tab.call(RostersState.explain_words({"word_0": "released"}))
    assert tab.shown(RostersState, "words") == [["word_0", "Out", "released"]]
    assert preview(tab)["counts"]["released"] == 1
    tab.call(RostersState.explain_words({"word_0": "nonsense"}))
    assert preview(tab)["counts"]["released"] == 0
    tab.call(RostersState.explain_words({"word_0": "held"}))
    tab.call(RostersState.read_again({"column_number": "Number"}))
    assert tab.shown(RostersState, "words") == [["word_0", "Out", "held"]]
    press_import(tab)
    tab.open(with_status(*["active"] * 4, "Out", "Out"))
    assert (tab.shown(RostersState, "words"), preview(tab)["counts"]["bad_rows"]) == ([], 0)


def test_a_file_in_which_nobody_is_understood_asks_for_its_words(tab, chief, place):
    body = b"Number,Last Name,First Name,Status\n1,Lee,Pat,GENPOP\n2,Ray,Mo,GENPOP\n"
    tab.open(f"{routes.ROSTERS}?upload={uploads.keep_upload(chief, place, 'odd.csv', [body]).id}")
    assert (preview(tab), tab.shown(RostersState, "words")) == (None, [["word_0", "GENPOP", ""]])
    tab.call(RostersState.explain_words({"word_0": "held"}))
    assert preview(tab)["counts"]["new"] == 2


def test_a_file_that_is_no_roster_is_refused_in_a_sentence(tab, chief, place):
    tab.open(upload(chief, place, [], "empty.csv"))
    assert preview(tab) is None
    assert tab.said(RostersState)


def test_an_administrator_who_reads_spanish_reads_in_spanish_why_a_file_is_refused(server, chief, place):
    tab = server.tab(sign_in(chief))
    tab.language = "es"
    tab.open(upload(chief, place, [], "vacia.csv"))
    assert tab.said(RostersState) == "vacia.csv no tiene filas, así que no se cambió nada."
    tab.open(upload(chief, place, ["1,R<y,Pat,1980-01-01"], "mala.csv"))
    assert tab.said(RostersState) == (
        "mala.csv no tiene ninguna fila útil. El motivo en la línea 2: el campo apellido tiene un carácter que no es parte de "
        "un nombre: <."
    )


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


def test_the_page_shows_how_far_an_import_is_also_after_a_reload(server, tab, chief, place):
    address = upload(chief, place, ROWS)
    tab.open(address).call(RostersState.import_file({}))
    assert (preview(tab), tab.shown(RostersState, "running")["file_name"]) == (None, "May.csv")
    assert "0 percent of the file is read" in tab.shown(RostersState, "running")["progress"]
    other = server.tab(sign_in(chief)).open(address)
    assert (preview(other), other.shown(RostersState, "running")["is_asked"]) == (None, True)
    (waiting,) = server.tab(sign_in(chief)).open(routes.ROSTERS).shown(RostersState, "waiting")
    assert waiting["is_asked"]
    assert asked_imports.import_due().done == 1
    other.call(RostersState.refresh())
    assert (held(), other.shown(RostersState, "running")) == (10, None)
    other.redirects = []
    assert (other.open(address).said(RostersState), preview(other)) == ("", None)


def test_a_file_that_the_job_refuses_is_shown_again_with_the_reason(tab, chief, place):
    tab.open(upload(chief, place, ROWS)).call(RostersState.import_file({}))
    with db.transaction() as session:
        session.exec(delete(StaffPost))
    asked_imports.import_due()
    with db.transaction() as session:
        session.add(StaffPost(account_id=chief.account_id, facility_id=place, role=Role.ADMINISTRATOR))
    tab.call(RostersState.refresh())
    assert "may not import" in tab.said(RostersState)
    assert (held(), preview(tab)["counts"]["new"], tab.shown(RostersState, "running")) == (0, 10, None)
    press_import(tab)
    assert held() == 10


def test_two_people_under_two_numbers_are_split_again_on_the_page(server, tab, chief, actor, place, facility):
    import_file(tab, upload(chief, place, ROWS))
    import_file(tab, upload(chief, place, ["26-099,Lee,Pa,1980-01-01", *ROWS[1:]], "June.csv"))
    (merge,) = view(tab)["imports"][0]["merges"]
    assert (merge["text"], merge["may_split"], held()) == ("Pa Lee: 1 → 26-099", True, 10)
    stranger = server.tab(sign_in(actor(role=Role.ADMINISTRATOR, facility_id=facility(name="Birch House"))))
    stranger.open(routes.ROSTERS).send(name_of(RostersState, "split"), {"merge_id": merge["id"]})
    reviewer = server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=place))).open(routes.ROSTERS)
    reviewer.send(name_of(RostersState, "split"), {"merge_id": merge["id"]})
    assert (held(), view(reviewer)["imports"][0]["merges"]) == (10, [])
    tab.call(RostersState.split(merge["id"]))
    (merge,) = view(tab)["imports"][0]["merges"]
    assert (merge["may_split"], merge["is_split"], held()) == (False, True, 11)
    assert "26-099 is somebody else" in tab.shown(SessionState, "notice")
    with db.reading() as session:
        (kept,) = session.exec(select(FacilityChange)).all()
    assert (kept.what, kept.before, kept.after) == ("split", "26-099", "1, 26-099")
