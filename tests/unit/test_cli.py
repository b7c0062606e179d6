"""The `rxconnect` command: what it does, and that it refuses in sentences."""

import io
import re
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from rxconnect import cli, config, db
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain.accounts import ActorKind, Post, Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.services.accounts import accounts, sign_ins, staff
from rxconnect.services.money import ledger, processor
from rxconnect.services.second_factors import second_factors
from tests.e2e.servers import free_port
from tests.services.buying import buy
from tests.staff import add_app
from tests.worlds import installed

PASSWORD = "a few words to remember"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def rxconnect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """`rxconnect("ledger", "check")` runs the command in this process, which reads its settings as a new one would."""

    def run(*arguments: str, typed: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["rxconnect", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        try:
            with config.using(None):
                cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


def _create(rxconnect, *more: str, typed: str = PASSWORD + "\n") -> Ended:
    return rxconnect(
        "create-user", "--email", "ada@example.org", "--name", "Ada Young", "--password-stdin", *more, typed=typed
    )


def test_help_names_every_command(rxconnect):
    out = rxconnect("--help").out
    for command in ("run", "build", "migrate", "seed", "create-user", "import", "ledger"):
        assert f" {command} " in out


def test_a_wrong_setting_ends_with_two_and_a_sentence(rxconnect, database, monkeypatch):
    monkeypatch.setenv("RXCONNECT_PORT", "many")
    for command in ("run", "build", "migrate", "seed"):
        ended = rxconnect(command)
        assert ended.code == 2
        assert ended.err.startswith("RXCONNECT_PORT is wrong: ")
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", ["run", "migrate"])
@pytest.mark.parametrize("folder", ["an ordinary file", "an ordinary file/inside", "/proc/nope"])
def test_a_data_directory_that_can_hold_no_files_is_refused_by_its_name(
    rxconnect, command, folder, monkeypatch, tmp_path, database
):
    (tmp_path / "an ordinary file").touch()
    monkeypatch.setenv("RXCONNECT_PORT", str(free_port()))
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path / folder))
    ended = rxconnect(command)
    assert ended.code == 2
    assert ended.err.startswith(f"RXCONNECT_DATA_DIR is wrong: {tmp_path / folder} must be a folder")


def test_run_refuses_a_busy_port_before_it_does_anything_else(rxconnect, database, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("RXCONNECT_PORT", str(port))
        ended = rxconnect("run")
    assert ended.code == 1
    assert f"port {port}" in ended.err
    assert "RXCONNECT_PORT" in ended.err
    assert ended.out == ""


def test_run_refuses_a_redis_that_does_not_answer(rxconnect, database, monkeypatch):
    monkeypatch.setenv("RXCONNECT_PORT", str(free_port()))
    monkeypatch.setenv("RXCONNECT_REDIS_URL", f"redis://:secret@127.0.0.1:{free_port()}")
    ended = rxconnect("run")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Redis does not answer as it should: ")
    assert "RXCONNECT_REDIS_URL" in ended.err
    assert "secret" not in ended.err


def test_a_database_that_does_not_answer_is_a_sentence(rxconnect, monkeypatch, tmp_path):
    (tmp_path / "rxconnect.db").write_text("this is a letter and not a database, whatever its name may say" * 100)
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path))
    with installed():
        ended = rxconnect("migrate")
    assert ended.code == 1
    assert ended.err.startswith("The database does not answer as it should: ")


def test_a_created_user_can_sign_in(rxconnect, database):
    ended = _create(rxconnect)
    assert (ended.code, ended.out) == (0, "Ada Young can sign in as ada@example.org (family).\n")
    token = sign_ins.sign_in("ada@example.org", PASSWORD, Browser("test"))
    assert db.read(sign_ins.actor_for, token).kind is ActorKind.FAMILY


def test_a_created_reviewer_works_for_the_named_facility(rxconnect, facility):
    facility_id = facility(key="alder-county-jail-or")
    assert _create(rxconnect, "--role", "reviewer", "--facility", "alder-county-jail-or").code == 0
    assert _posts() == (Post(facility_id, Role.REVIEWER),)


def test_staff_may_be_created_for_several_facilities(rxconnect, facility):
    here, there = facility(key="alder"), facility(key="birch")
    assert _create(rxconnect, "--role", "auditor", "--facility", "alder", "--facility", "birch").code == 0
    assert _posts() == (Post(here, Role.AUDITOR), Post(there, Role.AUDITOR))


def test_posts_are_assigned_and_ended(rxconnect, facility):
    here, there = facility(key="alder"), facility(key="birch")
    _create(rxconnect, "--role", "reviewer", "--facility", "alder")
    told = rxconnect("staff", "assign", "ada@example.org", "--facility", "birch", "--role", "administrator")
    assert (told.code, told.out) == (0, "ada@example.org is administrator at birch.\n")
    assert _posts() == (Post(here, Role.REVIEWER), Post(there, Role.ADMINISTRATOR))
    assert rxconnect("staff", "dismiss", "ada@example.org", "--facility", "alder").code == 0
    assert _posts() == (Post(there, Role.ADMINISTRATOR),)
    assert rxconnect("staff", "dismiss", "ada@example.org", "--facility", "alder").code == 1
    assert rxconnect("staff", "assign", "nobody@example.org", "--facility", "alder", "--role", "auditor").code == 1


def test_an_operator_resets_a_second_factor(rxconnect, facility):
    facility(key="alder")
    _create(rxconnect, "--role", "reviewer", "--facility", "alder")
    account_id = db.read(staff.staff_id_by_email, "ada@example.org")
    add_app(account_id)
    ended = rxconnect("staff", "reset-second-factor", "ada@example.org")
    assert (ended.code, ended.out) == (
        0,
        "ada@example.org sets up a new second step at the next sign-in, after the password.\n",
    )
    assert not db.read(second_factors.has_any, account_id)
    assert rxconnect("staff", "reset-second-factor", "nobody@example.org").code == 1


def _posts():
    return db.read(staff.posts, db.read(staff.staff_id_by_email, "ada@example.org"))


def test_a_family_with_a_facility_is_refused(rxconnect, facility):
    facility(key="alder")
    assert _create(rxconnect, "--facility", "alder").err.startswith("role: ")


def test_staff_without_a_facility_are_refused(rxconnect, database):
    ended = _create(rxconnect, "--role", "reviewer")
    assert ended.code == 1
    assert ended.err.startswith("facility: ")


def test_an_unknown_facility_is_refused_with_the_nearest_keys(rxconnect, facility):
    facility(key="alder-county-jail-or")
    ended = _create(rxconnect, "--role", "reviewer", "--facility", "alder-jail")
    assert (ended.code, ended.err) == (
        1,
        "facility: there is none with the key alder-jail. Did you mean alder-county-jail-or?\n",
    )


def test_an_email_in_use_is_refused(rxconnect, database):
    _create(rxconnect)
    ended = _create(rxconnect)
    assert (ended.code, ended.err) == (1, "There is already an account with this email address.\n")


def test_a_short_password_is_refused_and_not_repeated(rxconnect, database):
    ended = _create(rxconnect, typed="hunter2\n")
    assert ended.code == 1
    assert ended.err.startswith("password: ")
    assert "hunter2" not in ended.out + ended.err


def test_production_takes_no_invented_people(rxconnect, database, monkeypatch):
    production = cli.settings().model_copy(update={"mode": "production"})
    monkeypatch.setattr(cli, "settings", lambda: production)
    ended = rxconnect("seed")
    assert ended.code == 1
    assert "RXCONNECT_MODE=demo" in ended.err


def test_production_refuses_a_database_with_people_of_the_demonstration(rxconnect, database, monkeypatch):
    with db.transaction() as session:
        accounts.create_account(session, email="sam@example.com", name="Sam", password=DEMO_PASSWORD, is_demo=True)
    production = cli.settings().model_copy(update={"mode": "production"})
    with pytest.raises(cli.CannotStart, match="people of the demonstration"):
        cli._seed_demo_or_refuse(production)


def test_a_sound_ledger_is_said_to_add_up(rxconnect, facility, actor):
    _give(actor(), facility())
    ended = rxconnect("ledger", "check")
    assert ended.code == 0
    assert "Everything adds up." in ended.out
    assert "wallet" in ended.out


def test_a_ledger_with_a_difference_fails_and_names_it(rxconnect, facility, actor):
    _give(actor(), facility())
    with db.transaction() as session:
        session.execute(text("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'wallet'"))
    ended = rxconnect("ledger", "check")
    assert ended.code == 1
    assert "wallet account" in ended.out
    assert "Everything adds up." not in ended.out


def test_a_wallets_life_is_told_and_adds_up(rxconnect, facility, actor):
    owner, place = actor(), facility(key="alder-or", name="Alder")
    _give(owner, place)
    ended = rxconnect("ledger", "explain", "wallet", owner.email, "alder-or")
    assert ended.code == 0
    assert ended.out.startswith(f"The wallet of Sam Rivera ({owner.email}) at Alder\n")
    assert "5 credits returned: message 7 was not delivered.  [5 credits]\n" in ended.out
    assert ended.out.endswith("All of it adds up.\n")


def test_a_wallet_that_does_not_add_up_fails_and_says_why(rxconnect, facility, actor):
    owner, place = actor(), facility(key="alder-or")
    _give(owner, place)
    with db.transaction() as session:
        session.execute(text("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'wallet'"))
    ended = rxconnect("ledger", "explain", "wallet", owner.email, "alder-or")
    assert ended.code == 1
    assert "It does not add up:\nThe wallet account 2 says 6, but its postings sum to 5.\n" in ended.out


def test_a_purchase_is_explained_by_its_receipts_number(rxconnect, facility, actor):
    purchase = buy(actor(), facility(name="Alder"))
    for name in (purchase.id, purchase.receipt_number):
        ended = rxconnect("ledger", "explain", "purchase", name)
        assert ended.code == 0
        assert f"Purchase {purchase.id}, receipt {purchase.receipt_number}: 20 credits at Alder for $5.00" in ended.out
        assert ended.out.endswith("All of it adds up.\n")


def test_what_is_not_there_to_be_explained_is_refused_in_a_sentence(rxconnect, facility, actor):
    facility(key="alder-county-jail-or")
    explain = ("ledger", "explain")
    assert rxconnect(*explain, "purchase", "RX-0").err == "There is no such purchase.\n"
    assert rxconnect(*explain, "message", "7").err == "There is no such message.\n"
    assert rxconnect(*explain, "wallet", "no@example.org", "alder-county-jail-or").err == "There is no such account.\n"
    assert "Did you mean alder-county-jail-or?" in rxconnect(*explain, "wallet", actor().email, "alder-jail").err


def test_books_that_agree_with_the_processors_are_said_to(rxconnect, facility, actor):
    buy(actor(), facility())
    ended = rxconnect("ledger", "compare", "--days", "7")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "1 payment and 0 earlier refunds compared; 0 differences resolved, 0 open.\nBoth books agree.\n"
    )


def test_books_that_differ_from_the_processors_fail_and_say_where(rxconnect, facility, actor):
    buy(actor(), facility(name="Alder"))
    with closing(sqlite3.connect(cli.settings().data_dir / "sandbox.db")) as file, file:
        file.execute("UPDATE intent SET charged_cents = 600")
    ended = rxconnect("ledger", "compare")
    assert ended.code == 1
    assert "at Alder: amounts differ; we say $5.00, the processor $6.00." in ended.out


def test_a_processor_that_does_not_answer_is_said_to(rxconnect, database):
    processor.sandbox()
    with closing(sqlite3.connect(cli.settings().data_dir / "sandbox.db")) as file, file:
        file.execute("DROP TABLE intent")
    ended = rxconnect("ledger", "compare")
    assert (ended.code, ended.err) == (1, "The card processor does not answer. Please try again in a while.\n")


def test_facilities_and_a_roster_are_imported_from_files(rxconnect, database, tmp_path):
    (tmp_path / "facilities.csv").write_text(
        "key,name,state,colour\nalder-or,Alder County Jail,OR,red\nbirch-or,Birch County Jail,OR,blue\n"
    )
    (tmp_path / "roster.csv").write_text("number,first_name,last_name\nA1,Marcus,Rivera\n,No,Number\n")

    facilities = rxconnect("import", "facilities", str(tmp_path / "facilities.csv"))
    assert facilities.code == 0
    assert "facilities.csv: key → key, name → name, state → state; not used: colour." in facilities.out
    assert "2 rows: 2 new, 0 changed, 0 unchanged, 0 left out." in facilities.out

    roster = rxconnect("import", "roster", "--facility", "alder-or", str(tmp_path / "roster.csv"))
    assert roster.code == 0
    assert "number → number, first_name → first name, last_name → last name." in roster.out
    assert "2 rows: 1 new, 0 changed, 0 moved, 0 released, 0 unchanged, 1 left out." in roster.out
    assert "Alder County Jail is open for messages now, at 25\u00a0¢ a credit." in roster.out
    assert "line 3: " in roster.out


def test_a_dry_run_of_many_rosters_says_what_would_happen(rxconnect, facility, tmp_path):
    facility(key="alder-or", name="Alder", opening="listed")
    (tmp_path / "rosters.csv").write_text("facility,number,first,last\nalder-or,A1,Marcus,Rivera\noak,B1,Ann,Lee\n")

    ended = rxconnect("import", "roster", str(tmp_path / "rosters.csv"), "--dry-run")

    assert ended.code == 0
    assert "New, for example:\n  A1 Marcus Rivera\n" in ended.out
    assert "Alder would open for messages, at 25\u00a0¢ a credit." in ended.out
    assert "line 3: there is no facility with the key or the name “oak”" in ended.out
    assert ended.out.endswith("Nothing was changed: this was a dry run.\n")
    assert "1 new" in rxconnect("import", "roster", str(tmp_path / "rosters.csv")).out


def test_what_a_roster_says_in_its_own_words_can_be_explained_and_is_kept(rxconnect, facility, tmp_path):
    facility(key="alder-or", name="Alder")
    (tmp_path / "list.csv").write_text(
        'Zeta,Who,State,Status,Place\nA1,"Rivera, Marcus",in,Code=7,The Hill\nB1,"Lee, Ann",in,x,The Hill\n'
    )
    command = ("import", "roster", str(tmp_path / "list.csv"))
    chosen = ("--map", "number=Zeta", "--map", "name=Who", "--map", "facility=Place", "--ignore", "State")
    chosen += ("--status", "Code=7=released", "--status", "x=held", "--place", "The Hill=alder-or")

    assert rxconnect(*command, *chosen, "--status", "x=here").err == (
        "status: write WORD=held, WORD=released or WORD=moved, and not x=here.\n"
    )
    shown = rxconnect(*command, *chosen, "--dry-run").out
    assert (
        "The first people, as they are stored:\n  line 2: number A1, first name Marcus, last name Rivera, released\n"
        in shown
    )
    assert "2 new" in rxconnect(*command, *chosen).out
    again = rxconnect(*command).out
    assert "2 unchanged" in again
    assert "As last time: number from Zeta, name from Who, facility from Place, State is left out" in again
    refused = rxconnect(*command, "--forget-mapping").err
    assert "no column for number" in refused
    assert '--map number="Zeta"' in refused


def test_a_roster_that_looks_wrong_needs_a_yes(rxconnect, facility, tmp_path):
    facility(key="alder-or", name="Alder")
    lines = ["number,first,last", *(f"A{n},Ann,Lee" for n in range(10))]
    (tmp_path / "roster.csv").write_text("\n".join(lines))
    (tmp_path / "half.csv").write_text("\n".join(lines[:6]))
    roster, half = ("import", "roster", "--facility", "alder-or"), str(tmp_path / "half.csv")
    rxconnect(*roster, str(tmp_path / "roster.csv"))

    shown = rxconnect(*roster, half, "--dry-run")
    refused = rxconnect(*roster, half)
    done = rxconnect(*roster, half, "--yes")

    assert "This looks wrong" in shown.out
    assert "5 of 10 people held at Alder" in shown.out
    assert (refused.code, refused.err) == (
        1,
        "This looks wrong, so nothing was changed: 5 of 10 people held at Alder would be there no more. "
        "If it is right, import it with --yes.\n",
    )
    assert (done.code, "5 people are not on the list any more" in done.out) == (0, True)


def test_columns_can_be_given(rxconnect, facility, tmp_path):
    facility(key="alder-or")
    (tmp_path / "roster.csv").write_text("Ref,Given,Family\nA1,Ann,Lee\n")
    roster = ("import", "roster", "--facility", "alder-or", str(tmp_path / "roster.csv"))

    assert (
        "1 new"
        in rxconnect(*roster, "--map", "number=Ref", "--map", "first_name=Given", "--map", "last_name=Family").out
    )
    assert (
        rxconnect(*roster, "--map", "number").err
        == "map: write FIELD=COLUMN, such as last_name=SURNAME, and not number.\n"
    )


def test_a_roster_for_an_unknown_facility_is_refused_with_the_nearest_keys(rxconnect, facility, tmp_path):
    facility(key="alder-county-jail-or")
    ended = rxconnect("import", "roster", "--facility", "alder-jail", str(tmp_path / "nowhere.csv"))
    assert (ended.code, "Did you mean alder-county-jail-or?" in ended.err) == (1, True)


def test_a_file_that_is_not_there_is_refused(rxconnect, database, tmp_path):
    ended = rxconnect("import", "facilities", str(tmp_path / "nowhere.csv"))
    assert ended.code == 1
    assert ended.err.endswith("nowhere.csv cannot be read: no such file or directory.\n")


def _give(to, facility_id: int) -> None:
    entries = [
        Entry(AccountKind.ISSUED, -5, facility_id=facility_id),
        Entry(AccountKind.WALLET, 5, owner_id=to.account_id, facility_id=facility_id),
    ]
    db.write(ledger.post_journal, kind=JournalKind.GIVE_BACK, key="gift:1", subject="message:7", entries=entries)


def test_kiosks_are_set_up_listed_renewed_and_revoked(rxconnect, facility):
    facility(key="alder")
    made = rxconnect("kiosk", "add", "Day room", "--facility", "alder").out
    assert re.search(r"Day room: code \w{4}-\w{4}-\w{4}", made)
    assert "1: Day room (waits for its code, last used never)" in rxconnect("kiosk", "list", "--facility", "alder").out
    renewed = rxconnect("kiosk", "renew", "1", "--facility", "alder").out
    assert renewed.splitlines()[0] != made.splitlines()[0]
    assert rxconnect("kiosk", "revoke", "1", "--facility", "alder").code == 0
    assert "out of use" in rxconnect("kiosk", "list", "--facility", "alder").out
    assert rxconnect("kiosk", "revoke", "1", "--facility", "alder").code == 1


def test_an_operator_gives_somebody_a_pin(rxconnect, facility, inmate):
    inmate(facility(key="alder"), number="H-55210", first_name="Marcus", last_name="Delgado")
    told = rxconnect("kiosk", "pin", "h55210", "--facility", "alder").out
    assert re.search(r"Marcus Delgado, H-55210: PIN \d{6}\n", told)
    assert rxconnect("kiosk", "pin", "404", "--facility", "alder").code == 1
