"""World files: a trainer takes a world along and opens it again; nobody else does, and nothing else opens."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from alembic import command
from alembic.config import Config
from sqlmodel import select

from rxconnect import db, world
from rxconnect.demo import endings, progress, sealing, sessions, summaries, world_files
from rxconnect.domain import clock
from rxconnect.domain.demo import MOST, PER_ADDRESS, SUMMARY_LASTS, WORLD_FILE_MAX, Seat, SeatKind
from rxconnect.domain.errors import BadFile, Invalid, NotAllowed, NotFound, TooManySessions
from rxconnect.domain.problems import Problem
from rxconnect.models import DemoKey, DemoSession, Message, SignIn
from rxconnect.services.accounts import sign_ins
from rxconnect.services.imports import uploads
from rxconnect.services.money import wallets
from rxconnect.world import World
from tests.demos import acting, carry_out, join, now, seat_of, start, view, world_now
from tests.worlds import installed

pytestmark = pytest.mark.usefixtures("demos")

AS_ASKED = {"name": "Aisha", "address_key": "192.0.2.9", "allows_guests": True}


def open_file(file: bytes, **more: object) -> Seat:
    """Open a file. Returns the trainer's seat."""
    token, _view = sessions.open_file(file, **AS_ASKED | more)
    return seat_of(token)


def problem_of(file: bytes) -> Problem:
    """Why a file is refused."""
    with pytest.raises(Invalid) as error:
        sealing.unseal(file)
    return error.value.fields["world_file"].problem


def shown_a_letter() -> Seat:
    """The trainer of a session in which the first letter was sent."""
    seat = start()
    for number in range(1, 6):
        carry_out(seat, "first-letter", number)
        with world_now(seat).bound():
            progress.record_steps()
    return seat


def letters_and_credits(seat: Seat) -> tuple[object, ...]:
    """What the family of a session has: its letters with their state, and its credits."""
    with acting(seat) as sam, db.reading() as session:
        mine = session.exec(select(Message).where(Message.account_id == sam.account_id).order_by(Message.id))
        letters = [(row.id, row.subject, row.body, row.status) for row in mine]
        return letters, wallets.balances(session, sam)


@pytest.fixture
def taken() -> bytes:
    """The file of a session in which nothing was done."""
    return sessions.take_world(start())[1]


# The same world again.


def test_a_file_opens_the_same_letters_credits_and_steps():
    seat = shown_a_letter()
    name, file = sessions.take_world(seat)
    before, done = letters_and_credits(seat), [step.is_done for step in view(seat).steps]
    again = open_file(file)
    assert name == f"{view(seat).code.lower()}.rxdemo"
    assert letters_and_credits(again) == before
    assert before[0]
    assert [step.is_done for step in view(again).steps] == done == [True] * 5
    assert (view(again).title, view(again).next_step, again.world != seat.world) == (view(seat).title, 0, True)


def test_what_is_done_later_is_ticked_off_and_can_be_undone():
    seat = start()
    carry_out(seat, "first-letter", 1)
    again = open_file(sessions.take_world(seat)[1])
    assert [(step.is_done, step.can_reset) for step in view(again).steps][:3] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    carry_out(again, "first-letter", 2)
    with world_now(again).bound():
        progress.record_steps()
    assert view(again).next_step == 3
    sessions.reset_to_step(now(again), 2)
    assert (view(again).next_step, view(again).steps[0].is_done) == (2, True)


def test_a_roster_that_waits_to_be_imported_comes_along():
    again = open_file(sessions.take_world(start("transfer"))[1])
    with acting(again, SeatKind.ADMINISTRATOR) as administrator:
        (upload,) = db.read(uploads.waiting, administrator, administrator.posts[0].facility_id)
        assert uploads.preview_upload(administrator, upload.id).people


def test_a_roster_in_a_session_is_no_larger_than_what_is_copied_at_each_step():
    with acting(start(), SeatKind.ADMINISTRATOR) as administrator, pytest.raises(BadFile, match="larger than 10 MB"):
        chunks = [bytes(1024**2)] * 11
        uploads.keep_upload(administrator, administrator.posts[0].facility_id, "roster.csv", chunks)


def test_a_step_of_before_says_so_in_the_summary():
    seat = start()
    carry_out(seat, "first-letter", 1)
    again = open_file(sessions.take_world(seat)[1])
    db.write(sessions.end, again)
    steps = db.read(summaries.summary, summaries.number_of(again.session_id)).steps
    assert [step.is_earlier for step in steps] == [True, False, False, False, False]


def test_its_clock_goes_on_from_the_moment_at_which_it_was_taken():
    seat = start()
    file = sessions.take_world(seat)[1]
    with clock.at(clock.now() + timedelta(days=9)):
        again = open_file(file)
    went_on = world_now(again).behind - world_now(seat).behind
    assert timedelta(0) <= went_on - timedelta(days=9) < timedelta(minutes=1)


def test_the_people_of_before_are_not_in_it_and_their_seats_stay_where_they_are():
    seat = start()
    ben = join(seat)
    again = open_file(sessions.take_world(seat)[1], name="Nina")
    assert [person.name for person in view(again).people] == ["Nina"]
    assert now(ben).world == seat.world
    with world_now(again).bound(), db.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1
    with db.reading() as session:
        rows = {one.id: one.token_hash for one in session.exec(select(sessions.DemoSeat))}
    with world_now(again).bound():
        assert db.read(sign_ins.actor_for_hash, sign_ins.hash_for_seat(rows[ben.id])) is None
        assert db.read(sign_ins.actor_for_hash, sign_ins.hash_for_seat(rows[again.id])).email == "sam@example.com"


def test_a_scenario_of_ones_own_comes_along():
    text = sessions.scenarios.texts()["blank"].replace('title = "Blank"', 'title = "Our evening"')
    assert view(open_file(sessions.take_world(start(text))[1])).title == "Our evening"


def test_a_file_of_an_earlier_version_is_migrated():
    seat, older = start(), "0035"
    with ZipFile(io.BytesIO(sealing.unseal(sessions.take_world(seat)[1]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with world.unfinished_folder() as folder:
        (folder / "newer.db").write_bytes(members["rxconnect.db"])
        copy_into_older_schema(folder / "newer.db", older, folder / "older.db")
        members["rxconnect.db"] = (folder / "older.db").read_bytes()
    newest = db.newest_revision()
    members["session.json"] = members["session.json"].replace(f'"{newest}"'.encode(), f'"{older}"'.encode())
    again = open_file(sealing.seal(zipped(members)))
    assert db.revision_of(world_now(again).folder / world.DATABASE) == newest
    assert letters_and_credits(again) == letters_and_credits(seat)


def copy_into_older_schema(newer: Path, revision: str, into: Path) -> None:
    """Make a database as it was at an earlier revision, with all rows that it had a place for."""
    made = World("older", f"sqlite:///{into}", into.parent)
    config = Config()
    config.set_main_option("script_location", str(db.MIGRATIONS))
    with made.bound():
        command.upgrade(config, revision)
    made.end()
    with closing(sqlite3.connect(into)) as connection:
        connection.execute("ATTACH ? AS newer", (str(newer),))
        tables = connection.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        for (table,) in tables.fetchall():
            here, there = (
                [f'"{row[1]}"' for row in connection.execute(f'PRAGMA {schema}.table_info("{table}")')]
                for schema in ("main", "newer")
            )
            columns = ", ".join(column for column in here if column in there)
            if columns and table != "alembic_version":
                connection.execute(f'DELETE FROM main."{table}"')
                connection.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM newer."{table}"')
        connection.commit()


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


# Nothing but such a file.


def test_a_thousand_altered_files_are_refused(taken):
    chance = random.Random(7)
    for _ in range(1_000):
        altered = bytearray(taken[: len(taken) if chance.random() < 0.7 else chance.randrange(1, len(taken))])
        for _ in range(chance.choice((1, 1, 1, 5))):
            altered[chance.randrange(len(altered))] ^= chance.randrange(1, 256)
        assert problem_of(bytes(altered)) in (Problem.WORLD_FILE_ALTERED, Problem.WORLD_FILE_UNKNOWN)


def test_each_byte_before_the_content_counts(taken):
    for place in range(60):
        altered = taken[:place] + bytes([taken[place] ^ 1]) + taken[place + 1 :]
        assert problem_of(altered) in (Problem.WORLD_FILE_ALTERED, Problem.WORLD_FILE_UNKNOWN), place


def test_what_is_added_or_missing_at_the_end_is_seen(taken):
    for altered in (taken + b"\0", taken[:-1], taken[:40], taken[:30]):
        assert problem_of(altered) is Problem.WORLD_FILE_ALTERED


def test_a_file_of_another_installation_opens_only_there(taken, tmp_path_factory, migrated_file, setting):
    with installed(data_dir=(other := tmp_path_factory.mktemp("other")), database_url=""):
        (other / "rxconnect.db").write_bytes(migrated_file.read_bytes())
        # Both have the published secret of the demonstration.
        assert problem_of(taken) is Problem.WORLD_FILE_OF_OTHERS
    setting(secret_key="correct horse battery staple of our own, 7")
    assert problem_of(taken) is Problem.WORLD_FILE_OF_OTHERS


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (b"", Problem.WORLD_FILE_MISSING),
        (b"PK\3\4 some archive", Problem.WORLD_FILE_UNKNOWN),
        (b"\0" * (WORLD_FILE_MAX + 1), Problem.WORLD_FILE_TOO_LARGE),
    ],
)
def test_what_is_no_such_file_is_told_so(file, problem):
    assert problem_of(file) is problem


@pytest.mark.parametrize(
    "change",
    [
        {"../evil.db": b"x"},
        {"/etc/passwd": b"x"},
        {"photos/../../evil.jpg": b"x"},
        {"photos/ab/evil.jpg": b"x"},
        {"rxconnect.db-wal": b"x"},
        {"other.db": b"x"},
        {f"photos/ab/{'a' * 32}-view.jpg": b"\0" * (97 * 1024 * 1024)},
        {f"photos/ab/{number:032x}-view.jpg": b"" for number in range(2_001)},
    ],
    ids=["up", "absolute", "up from the photos", "no photo", "a log", "a database", "too large", "too many"],
)
def test_not_even_a_sealed_file_unpacks_what_we_never_pack(taken, change):
    with ZipFile(io.BytesIO(sealing.unseal(taken))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with pytest.raises(Invalid) as error:
        world_files.read(sealing.seal(zipped(members | change)))
    assert error.value.fields["world_file"].problem is Problem.WORLD_FILE_UNKNOWN


def test_a_file_of_a_newer_version_is_told_so(taken):
    with ZipFile(io.BytesIO(sealing.unseal(taken))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    newest = f'"{db.newest_revision()}"'.encode()
    members["session.json"] = members["session.json"].replace(newest, b'"9999"')
    with pytest.raises(Invalid) as error:
        world_files.read(sealing.seal(zipped(members)))
    assert error.value.fields["world_file"].problem is Problem.WORLD_FILE_TOO_NEW


def test_a_file_holds_no_sign_in_and_no_secret_of_the_installation(setting):
    secret = "correct horse battery staple of our own, 7"
    setting(secret_key=secret, push_key="Gd5n9rkH0g6dYq4T9c1nXk1tqkq9q1j5q0Qw8e7r6t4")
    seat = start(name="Zebedee")
    with acting(seat, SeatKind.ADMINISTRATOR) as admin:
        token = db.write(sign_ins.create_sign_in, admin.account_id)
    content = sealing.unseal(sessions.take_world(seat)[1])
    with ZipFile(io.BytesIO(content)) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} <= {
            "session.json",
            "rxconnect.db",
            "sandbox.db",
            "photos",
        }
        plain = b"".join(map(archive.read, archive.namelist()))
    with db.reading() as session:
        salt = session.get_one(DemoKey, 1).salt
        hashes = [one.token_hash for one in session.exec(select(sessions.DemoSeat))]
    with world_now(seat).bound():
        hashes += [sign_ins.hash_for_seat(one) for one in hashes] + [sign_ins.hash_token(token)]
    for text in (secret, salt, "Gd5n9rkH0g6dYq4T9c1nXk1tqkq9q1j5q0Qw8e7r6t4", token, "Zebedee", *hashes):
        assert text.encode() not in plain, text


# Limits, and who may.


def test_only_the_trainer_takes_a_world_along():
    with pytest.raises(NotAllowed):
        sessions.take_world(join(start()))


def test_no_more_sessions_open_from_files_than_start(taken):
    for _ in range(PER_ADDRESS):
        open_file(taken)
    with pytest.raises(TooManySessions) as error:
        open_file(taken)
    assert error.value.is_own


def test_while_all_sessions_are_in_use_a_file_waits(taken, monkeypatch):
    with db.transaction() as session:
        mine = session.exec(select(DemoSession)).one()
        for number in range(MOST - 1):
            fields = mine.model_dump(exclude={"id", "code"})
            session.add(DemoSession(code=f"CEDAR-{number:03}", **fields | {"starter": f"somebody {number}"}))
    monkeypatch.setattr(world_files, "open_world", None)
    with pytest.raises(TooManySessions) as error:
        open_file(taken)
    assert not error.value.is_own


# After the end.


def ended(seat: Seat) -> str:
    """End a session. Returns the number of its summary."""
    db.write(sessions.end, seat)
    return summaries.number_of(seat.session_id)


def kept(demos: Path) -> list[str]:
    return sorted(file.name for file in (demos / "world-files").glob("*"))


@pytest.mark.parametrize("is_at_once", [True, False])
def test_after_the_end_the_trainer_takes_it_for_a_day(demos, is_at_once):
    seat = shown_a_letter()
    before, number = letters_and_credits(seat), ended(seat)
    if is_at_once:
        sessions.take_world_of_ended(number, seat.session_id)
    for _ in range(2):
        endings.end_due()
    assert kept(demos) == [f"{seat.world}.rxdemo"]
    assert len(world.open_worlds()) == 1
    file = sessions.take_world_of_ended(number, seat.session_id)[1]
    assert letters_and_credits(open_file(file)) == before
    assert db.read(summaries.summary, number, seat.session_id).has_file
    with clock.at(clock.now() + SUMMARY_LASTS + timedelta(minutes=1)):
        endings.end_due()
        with pytest.raises(NotFound):
            sessions.take_world_of_ended(number, seat.session_id)
    assert f"{seat.world}.rxdemo" not in kept(demos)


def test_a_session_that_expires_is_kept_too(demos):
    seat = start("blank")
    with clock.at(clock.now() + timedelta(hours=9)):
        for _ in range(2):
            endings.end_due()
    assert kept(demos) == [f"{seat.world}.rxdemo"]


def test_nobody_but_the_trainer_gets_it():
    seat = start("blank")
    number = ended(seat)
    for led in (0, seat.session_id + 1):
        assert not db.read(summaries.summary, number, led).has_file
        with pytest.raises(NotFound):
            sessions.take_world_of_ended(number, led)


def test_before_the_end_there_is_none_at_the_summary():
    seat = start("blank")
    with pytest.raises(NotFound):
        sessions.take_world_of_ended(summaries.number_of(seat.session_id), seat.session_id)


def test_only_so_many_are_kept_and_the_oldest_go_first(demos, monkeypatch):
    monkeypatch.setattr(world_files, "MOST_WORLD_FILES", 2)
    seats = [start("blank") for _ in range(3)]
    for place, seat in enumerate(seats):
        sessions.take_world_of_ended(ended(seat), seat.session_id)
        os.utime(demos / "world-files" / f"{seat.world}.rxdemo", (place, place))
    endings.end_due()
    assert kept(demos) == sorted(f"{seat.world}.rxdemo" for seat in seats[1:])


def test_a_world_that_is_too_large_is_not_kept_and_ends_all_the_same(demos, monkeypatch):
    monkeypatch.setattr(world_files, "WORLD_FILE_MAX", 1_000)
    seat = start("blank")
    number = ended(seat)
    for _ in range(2):
        endings.end_due()
    assert (kept(demos), len(world.open_worlds())) == ([], 1)
    assert not db.read(summaries.summary, number, seat.session_id).has_file


@pytest.mark.parametrize("moment", ["while it packs", "while it writes"])
def test_a_worker_that_is_killed_while_it_packs_leaves_nothing_behind(demos, moment):
    seat = start("blank")
    ended(seat)
    kill_in_a_process_of_its_own(moment, seat.session_id)
    left = [*(demos / "worlds").glob("*-unfinished"), *(demos / "world-files").glob("*.part")]
    assert left
    for one in left:
        os.utime(one, (old := time.time() - 120, old))
    for _ in range(2):
        endings.end_due()
    assert kept(demos) == [f"{seat.world}.rxdemo"]
    assert not list((demos / "worlds").iterdir())


def kill_in_a_process_of_its_own(moment: str, session_id: int) -> None:
    process = multiprocessing.get_context("fork").Process(target=_pack_until_killed, args=(moment, session_id))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def _pack_until_killed(moment: str, session_id: int) -> None:
    def die(*_args: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "while it packs":
        world_files.sealing.seal = die
    else:
        Path.replace = die
    world_files.keep(*db.read(world_files.facts_for_file, session_id))
