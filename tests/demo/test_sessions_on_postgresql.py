"""Demo sessions of an installation on PostgreSQL, which has the rows. The worlds are still SQLite files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import func, select

from rxconnect import db, world
from rxconnect.demo import endings, progress, seats, sessions, summaries
from rxconnect.domain import clock
from rxconnect.domain.demo import MOST_SEATS, SUMMARY_LASTS
from rxconnect.models import DemoSession
from tests.demos import carry_out, join, now, start, view, world_now


@pytest.fixture(autouse=True)
def _on_postgresql(use, tmp_path, demo_template):
    use("postgresql")
    (tmp_path / "templates").symlink_to(demo_template)


def test_a_session_lives_through_everything_there():
    trainer = start()
    ben = join(trainer)
    db.write(seats.ask_for_wheel, ben)
    db.write(seats.hand_over_wheel, trainer, ben.id)
    carry_out(trainer, "first-letter", 1)
    with world_now(trainer).bound():
        assert progress.record_steps() == 1
    sessions.reset_to_step(trainer, 1)
    assert (view(ben).driver, view(ben).next_step, now(ben).world) == ("Ben", 1, world_now(trainer).name)
    db.write(seats.leave, ben)
    db.write(sessions.add_note, trainer, "Why?")
    db.write(sessions.end, trainer)
    endings.end_due()
    endings.end_due()
    assert len(world.open_worlds()) == 1
    assert db.read(summaries.summary, summaries.number_of(trainer.session_id)).people == 2
    with clock.at(clock.now() + SUMMARY_LASTS):
        endings.end_due()
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(DemoSession)).one() == 0


def test_exactly_as_many_get_in_as_there_are_seats():
    trainer = start()

    def try_to_join(number: int) -> bool:
        try:
            join(trainer, f"Guest {number}")
        except seats.SessionFull:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        joined = list(threads.map(try_to_join, range(MOST_SEATS + 3)))
    assert (joined.count(True), len(view(trainer).people)) == (MOST_SEATS - 1, MOST_SEATS)


def test_exactly_one_drives_however_many_hand_over_at_once():
    trainer = start()
    others = [join(trainer, f"Guest {number}") for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda seat: db.write(seats.hand_over_wheel, trainer, seat.id), others))
    assert [person.drives for person in view(trainer).people].count(True) == 1
