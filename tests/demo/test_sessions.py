"""Demo sessions: their start, the trainer's controls, and their end, after which nothing is left."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, String, Table, insert
from sqlmodel import SQLModel, func, select

from rxconnect import db, live, world
from rxconnect.demo import endings, progress, scenarios, seats, sessions, templates
from rxconnect.domain import clock
from rxconnect.domain.demo import EXTENDS_BY, LASTS, LONGEST, MOST, MOST_NOTES, NOTE_MAX, PER_ADDRESS, SUMMARY_LASTS
from rxconnect.domain.errors import IllegalMove, Invalid, NotAllowed, NotFound, TooManySessions, Unavailable
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import DemoSeat, DemoSession, Email
from rxconnect.models.types import UtcDateTime
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.directory import facilities
from rxconnect.services.money import processor, wallets
from rxconnect.services.notices import emails
from tests.demos import acting, add_location, buy, carry_out, join, now, start, view, world_now
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET

pytestmark = pytest.mark.usefixtures("demos")


@pytest.mark.parametrize(("key", "kind"), [("first-letter", "family"), ("warm-up", "reviewer"), ("blank", "family")])
def test_the_trainer_begins_at_the_seat_that_the_first_step_needs(key, kind):
    assert start(key).kind == kind


def worlds() -> int:
    """How many there are beside the installation's own."""
    return len(world.open_worlds()) - 1


def rows(model: type | Table) -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def open_files(folder: Path) -> list[str]:
    """The files under a folder that this process has open, including deleted ones."""
    links = [Path("/proc/self/fd", number) for number in os.listdir("/proc/self/fd")]
    return [target for link in links if link.is_symlink() and (target := os.readlink(link)).startswith(str(folder))]


@pytest.fixture
def woken() -> Iterator[list[str]]:
    """One word for each time that the pages of the first session are woken."""
    heard: list[str] = []

    def wake() -> None:
        heard.append("woken")

    address = live.address_of(Topic(Subject.ROOM, 1))
    live.listen(address, wake)
    yield heard
    live.stop_listening(address, wake)


# Starting.


def test_whoever_starts_a_session_is_its_trainer_and_drives():
    seat = start(name="  Aisha   Coleman ")
    assert (seat.name, seat.is_trainer, seat.drives, seat.follows, seat.may_write) == (
        "Aisha Coleman",
        True,
        True,
        False,
        True,
    )
    assert seat.driver == "Aisha Coleman"


def test_the_room_shows_what_the_scenario_says():
    seen = view(start("buying-credits"))
    assert (seen.title, seen.start) == ("Buying credits", "/credits")
    assert timedelta(0) < seen.expires_at - clock.now() <= LASTS
    assert [step.number for step in seen.steps] == [1, 2, 3]
    assert (seen.next_step, seen.steps[0].is_next, seen.steps[0].can_reset) == (1, True, True)


def test_the_world_is_prepared_and_its_clock_stands_where_the_template_was_made():
    seat = start("buying-credits")
    with acting(seat) as sam:
        (place,) = db.read(facilities.my_locations, sam)
        assert clock.now() <= clock.now() + timedelta(seconds=1)
    assert (place.name, world_now(seat).behind >= timedelta(0)) == ("Cedar Ridge Correctional Center", True)


def test_a_scenario_of_ones_own_can_be_started():
    text = scenarios.texts()["first-letter"].replace('title = "A first letter"', 'title = "Our own"')
    assert view(start(text)).title == "Our own"


@pytest.mark.parametrize(
    ("scenario", "words"),
    [("", "SCENARIO_MISSING"), ("no-such", "SCENARIO_UNREADABLE"), ("title = 3", "SCENARIO_UNREADABLE")],
)
def test_what_is_no_scenario_starts_nothing(scenario, words):
    with pytest.raises(Invalid) as error:
        start(scenario)
    assert (error.value.fields["scenario"].problem.name, worlds(), rows(DemoSession)) == (words, 0, 0)


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "x" * 41])
def test_whoever_has_no_name_starts_nothing(name):
    with pytest.raises(Invalid) as error:
        start(name=name)
    assert (list(error.value.fields), worlds()) == (["name"], 0)


def test_one_address_has_only_so_many_open_and_hears_when_to_try_again():
    for _ in range(PER_ADDRESS):
        start("blank")
    with pytest.raises(TooManySessions) as error:
        start("blank")
    assert (error.value.is_own, timedelta(0) < error.value.retry_after <= LASTS) == (True, True)
    assert worlds() == PER_ADDRESS
    start("blank", address="192.0.2.77")


def test_an_account_has_a_count_of_its_own_where_accounts_are_peoples_own(setting):
    setting(
        mode="production",
        secret_key="correct horse battery staple of our own, 7",
        smtp_url="smtp://mail.example.org",
        public_url="https://messages.example.org",
        processor="stripe",
        stripe_secret_key="rk_live_1",
        stripe_publishable_key="pk_live_1",
        stripe_webhook_secret="whsec_1",
    )
    for _ in range(PER_ADDRESS):
        start("blank", account_id=1)
    with pytest.raises(TooManySessions):
        start("blank", account_id=1, address="192.0.2.77")
    start("blank", account_id=2)


def test_everybody_at_one_account_of_the_demonstration_can_start_one():
    for number in range(PER_ADDRESS + 1):
        start("blank", account_id=1, address=f"192.0.2.{number}")


def test_as_many_as_fit_are_open_at_once_and_no_more():
    for number in range(MOST):
        start("blank", address=f"192.0.2.{number}")
    with pytest.raises(TooManySessions) as error:
        start("blank", address="192.0.2.99")
    assert (error.value.is_own, worlds()) == (False, MOST)
    with db.reading() as session:
        assert len(set(session.exec(select(DemoSession.code)))) == MOST


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    drawn = iter(["CEDAR-417", "CEDAR-417", "MAPLE-001", "CEDAR-417"])
    monkeypatch.setattr(sessions.codes, "new", lambda: next(drawn))
    first = start("blank")
    assert (view(first).code, view(start("blank")).code) == ("CEDAR-417", "MAPLE-001")
    db.write(sessions.end, first)
    assert view(start("blank")).code == "CEDAR-417"


def test_a_session_whose_rows_cannot_be_written_leaves_no_world(monkeypatch):
    def fails(*_args: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(seats, "sign_seats_in", fails)
    with pytest.raises(Unavailable):
        start()
    assert (worlds(), rows(DemoSession), rows(DemoSeat)) == (0, 0, 0)


def test_a_world_that_cannot_be_prepared_leaves_nothing(monkeypatch):
    def fails(*_args: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(templates.preparations, "run_preparations", fails)
    with pytest.raises(Unavailable):
        start()
    assert (worlds(), rows(DemoSession)) == (0, 0)


def test_no_session_reaches_the_processor_or_the_mail_of_an_installation_that_takes_money(setting):
    setting(
        processor="stripe",
        stripe_secret_key=SECRET_KEY,
        stripe_publishable_key=PUBLISHABLE_KEY,
        stripe_webhook_secret=WEBHOOK_SECRET,
        # No server listens at either address, so an attempt to connect would fail.
        stripe_api_base="http://127.0.0.1:9",
        smtp_url="smtp://127.0.0.1:9",
    )
    seat = start("buying-credits")
    with acting(seat) as sam:
        assert isinstance(processor.current(), Sandbox)
        buy(sam)
        assert asyncio.run(emails.deliver_due()).errors == []
        with db.reading() as session:
            assert session.exec(select(Email).where(Email.sent_at == None)).all() == []  # noqa: E711 - SQL
    assert rows(Email) == 0


# The trainer's controls.

FOR_TRAINERS = {
    "end": sessions.end,
    "extend": sessions.extend,
    "lock": sessions.lock,
    "unlock": sessions.unlock,
    "pause": sessions.pause,
    "resume": sessions.resume,
    "allow guests": lambda session, seat: sessions.allow_guests(session, seat, True),
    "note": lambda session, seat: sessions.add_note(session, seat, "Why?"),
    "take back": seats.take_back_wheel,
    "remove": lambda session, seat: seats.remove(session, seat, seat.id),
}


@pytest.mark.parametrize("name", FOR_TRAINERS)
def test_nobody_but_the_trainer_may(name):
    ben = join(start())
    with pytest.raises(NotAllowed):
        db.write(FOR_TRAINERS[name], ben)


def test_nobody_but_the_trainer_may_reset():
    ben = join(start())
    with pytest.raises(NotAllowed):
        sessions.reset_to_step(ben, 1)
    assert worlds() == 1


@pytest.mark.parametrize("name", [name for name in FOR_TRAINERS if name != "remove"])
def test_nobody_may_in_a_session_that_has_ended(name):
    seat = start()
    db.write(sessions.end, seat)
    with pytest.raises(NotFound):
        db.write(FOR_TRAINERS[name], seat)


def test_every_change_wakes_the_pages_in_the_room(woken):
    seat = start()
    heard = len(woken)
    for name, service in {**FOR_TRAINERS, "end": sessions.end}.items():
        if name in ("remove", "end"):
            continue
        db.write(service, seat)
        assert len(woken) == heard + 1, name
        heard = len(woken)


def test_in_a_pause_nobody_can_change_anything():
    seat = start()
    db.write(sessions.pause, seat)
    assert (now(seat).drives, now(seat).may_write, view(seat).is_paused) == (True, False, True)
    db.write(sessions.resume, seat)
    assert now(seat).may_write


def test_a_session_is_extended_until_it_has_lasted_the_longest():
    seat = start()
    before = view(seat).expires_at
    db.write(sessions.extend, seat)
    assert view(seat).expires_at == before + EXTENDS_BY
    while view(seat).can_extend:
        db.write(sessions.extend, seat)
    assert view(seat).expires_at == before - LASTS + LONGEST
    with pytest.raises(IllegalMove):
        db.write(sessions.extend, seat)


def test_questions_are_noted_with_the_step_that_they_came_up_in():
    seat = start()
    db.write(sessions.add_note, seat, "  What does it\ncost? ")
    assert [(note.text, note.step) for note in view(seat).notes] == [("What does it cost?", 1)]


@pytest.mark.parametrize("text", ["", "  ", "x" * (NOTE_MAX + 1)])
def test_what_is_no_question_is_not_noted(text):
    seat = start()
    with pytest.raises(Invalid):
        db.write(sessions.add_note, seat, text)


def test_a_session_keeps_only_so_many_questions():
    seat = start()
    for number in range(MOST_NOTES):
        db.write(sessions.add_note, seat, f"Question {number}")
    with pytest.raises(Invalid):
        db.write(sessions.add_note, seat, "One more")


# Reset.


def test_a_reset_makes_the_world_what_it_was_and_everybody_keeps_the_seat():
    seat = start()
    ben = join(seat)
    with acting(seat) as sam:
        add_location(sam)
        progress.record_steps()
    before = world_now(seat)
    sessions.reset_to_step(now(seat), 1)
    swept()

    with acting(seat) as sam:
        assert db.read(facilities.my_locations, sam) == []
    assert (now(seat).world == now(ben).world, now(ben).world != before.name, before.is_open) == (True, True, False)
    assert (view(seat).next_step, worlds()) == (1, 1)
    assert [person.name for person in view(seat).people] == ["Aisha", "Ben"]


def test_after_a_reset_the_cookies_of_all_seats_sign_in_to_the_new_world():
    seat = start()
    ben = join(seat, kind="administrator")
    sessions.reset_to_step(seat, 1)
    for one, email in ((seat, "sam@example.com"), (ben, "admin@example.com")):
        with db.reading() as session:
            token_hash = session.get_one(DemoSeat, one.id).token_hash
        with world_now(seat).bound():
            in_world = seats.sign_ins.hash_for_seat(token_hash)
            assert db.read(seats.sign_ins.actor_for_hash, in_world).email == email


def test_what_was_paid_after_the_checkpoint_is_unknown_to_the_processor_too():
    seat = start("buying-credits")
    before = payments_of(world_now(seat).folder)
    carry_out(seat, "buying-credits", 3)
    assert payments_of(world_now(seat).folder) == before + 1
    sessions.reset_to_step(seat, 1)
    assert payments_of(world_now(seat).folder) == before
    with acting(seat) as sam:
        assert db.read(wallets.balances, sam) == []


def payments_of(folder: Path) -> int:
    """How many the sandbox there knows."""
    with closing(sqlite3.connect(folder / "sandbox.db")) as connection:
        return connection.execute("SELECT count(*) FROM intent").fetchone()[0]


def test_a_reset_to_a_later_step_keeps_what_was_done_before_it():
    seat = start()
    for number in (1, 2, 3):
        carry_out(seat, "first-letter", number)
        with world_now(seat).bound():
            progress.record_steps()
    sessions.reset_to_step(now(seat), 2)
    steps = view(seat).steps
    assert [step.is_done for step in steps] == [True, False, False, False, False]
    assert [step.can_reset for step in steps] == [True, True, False, False, False]
    with acting(seat) as sam:
        assert len(db.read(facilities.my_locations, sam)) == 1


def test_a_session_can_be_reset_again_and_again():
    seat = start()
    for _ in range(3):
        with acting(seat) as sam:
            add_location(sam)
            progress.record_steps()
        assert view(seat).next_step == 2
        sessions.reset_to_step(now(seat), 1)
    swept()
    assert (view(seat).next_step, worlds()) == (1, 1)


def test_of_two_resets_at_once_one_is_done():
    seat = start()

    def reset(_number: int) -> str:
        try:
            sessions.reset_to_step(seat, 1)
        except IllegalMove:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(reset, range(2)))
    swept()
    assert (outcomes, worlds(), world_now(seat).is_open) == (["done", "refused"], 1, True)


def test_a_step_that_there_is_not_cannot_be_reset_to():
    seat = start()
    with pytest.raises(NotFound):
        sessions.reset_to_step(seat, 6)
    assert worlds() == 1


# The end.


def test_when_a_session_ends_its_seats_are_gone_at_once():
    seat = start()
    ben = join(seat)
    db.write(sessions.end, seat)
    assert (now(seat), now(ben), rows(DemoSeat)) == (None, None, 0)
    with pytest.raises(NotFound):
        view(ben)


def test_when_its_time_has_come_nobody_gets_in_before_the_job_has_come_by():
    seat = start()
    with clock.at(clock.now() + LASTS):
        assert now(seat) is None


def swept() -> None:
    """Run the job as often as it needs to close a world."""
    for _ in range(2):
        endings.end_due()


@pytest.mark.parametrize("end", ["ended", "expired", "its world is gone"])
def test_of_a_session_that_is_over_no_file_connection_or_cache_is_left(end, demos):
    seat = start()
    with acting(seat) as sam:
        add_location(sam)
        progress.record_steps()
    over = world_now(seat)
    assert open_files(over.folder)
    moment = clock.now()
    match end:
        case "ended":
            db.write(sessions.end, seat)
        case "expired":
            moment += LASTS
        case "its world is gone":
            shutil.rmtree(over.folder)
    with clock.at(moment):
        swept()

    assert (worlds(), now(seat), rows(DemoSeat)) == (0, None, 0)
    assert not over.folder.exists()
    assert (open_files(over.folder), over._kept) == ([], {})
    assert not list((demos / "worlds").iterdir())


def test_a_world_that_a_crash_has_left_is_thrown_away_and_one_that_is_just_being_started_is_not():
    seat = start()
    stray = world.open_copy(templates.get_or_make_template())
    endings.end_due()
    assert (stray.is_open, world_now(seat).is_open) == (True, True)
    endings.end_due()
    assert (stray.is_open, world_now(seat).is_open) == (False, True)


def test_what_a_killed_process_has_left_half_made_is_removed(demos):
    start()
    for name in ("0123456789abcdef-0-unfinished", "0123456789abcdef-0-closed"):
        folder = demos / "worlds" / name
        folder.mkdir()
        old = clock.now().timestamp() - 120
        os.utime(folder, (old, old))
    young = demos / "worlds" / "fedcba9876543210-0-unfinished"
    young.mkdir()
    swept()
    assert len(list((demos / "worlds").iterdir())) == 2
    assert young.exists()


def test_a_summary_is_kept_for_a_day_and_then_nothing_is(demos):
    before = files(demos)
    seat = start()
    join(seat)
    carry_out(seat, "first-letter", 1)
    with world_now(seat).bound():
        progress.record_steps()
    db.write(sessions.add_note, seat, "Why?")
    db.write(sessions.end, seat)
    fill_tables_of(seat.session_id)
    swept()
    assert all(rows(table) for table in tables_of_sessions())
    with clock.at(clock.now() + SUMMARY_LASTS + timedelta(minutes=1)):
        swept()
    assert [table.name for table in tables_of_sessions() if rows(table)] == []
    assert files(demos) == before


def tables_of_sessions() -> list[Table]:
    """The table of sessions and each that points to it, or to one that does: also those that are made next year."""
    found = [SQLModel.metadata.tables[str(DemoSession.__tablename__)]]
    for table in SQLModel.metadata.sorted_tables:
        if any(key.column.table in found for key in table.foreign_keys) and table not in found:
            found.append(table)
    return found


def fill_tables_of(session_id: int) -> None:
    """Add a row of the session to each of its tables that has none."""
    with db.transaction() as session:
        ids = {"demo_session": session_id}
        for table in tables_of_sessions()[1:]:
            if session.execute(select(table).limit(1)).first() is None:
                session.execute(insert(table).values({column.name: filling(column, ids) for column in table.c}))
            ids[table.name] = session.execute(select(next(iter(table.primary_key)))).scalars().first()


def filling(column: Column, ids: dict[str, int]) -> object:
    """A value for a column that must have one."""
    if column.foreign_keys:
        return ids[next(iter(column.foreign_keys)).column.table.name]
    if isinstance(column.type, UtcDateTime):
        return clock.now()
    return "1" if isinstance(column.type, String) else 1


def files(folder: Path) -> set[str]:
    """The files of an installation, but for those of its own database and the template."""
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {str(file) for file in found if not file.name.startswith("rxconnect.db") and file.parts[0] != "templates"}


def test_starting_thirty_takes_no_longer_for_the_last_than_for_the_first():
    """Only a ratio is tested. The benchmark measures the time of a start."""
    took: list[float] = []
    for number in range(MOST):
        began = os.times().elapsed
        start("blank", address=f"192.0.2.{number}")
        took.append(os.times().elapsed - began)
    assert sum(took[-10:]) < 4 * sum(took[:10]) + 1


def test_a_session_and_its_world_are_its_own():
    first, second = start(), start()
    with acting(first) as sam:
        add_location(sam)
    with acting(second) as sam:
        assert db.read(facilities.my_locations, sam) == []
    ben = join(first)
    with pytest.raises(NotFound):
        db.write(seats.hand_over_wheel, second, ben.id)
    with pytest.raises(NotFound):
        db.write(seats.remove, second, ben.id)
