"""Killing a worker in front of a room: when it may be, and what is counted. `tests/e2e/test_breaking.py` really kills one."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select, update

from rxconnect import db, workers, world
from rxconnect.config import settings
from rxconnect.demo import breaking, endings, sessions, worker_kills
from rxconnect.domain import clock
from rxconnect.domain.breaking import COUNTED_FOR, KILLS_EVERY
from rxconnect.domain.demo import SUMMARY_LASTS
from rxconnect.domain.errors import CannotKill, NotAllowed, WhyNoKill
from rxconnect.models import DemoBreak, DemoReturn
from tests.demo.breaking import outside, room_rows
from tests.demos import join, start, view, world_now

pytestmark = pytest.mark.usefixtures("demos")


@pytest.fixture
def two_workers(monkeypatch) -> Iterator[None]:
    """The supervisor says that this process and another one are ready."""
    with tempfile.TemporaryFile() as file:
        monkeypatch.setenv(workers.READY, str(file.fileno()))
        workers.write_ready(file.fileno(), [os.getpid(), 1])
        yield


def die(kill_id: int) -> None:
    """The worker of a kill is another process than this one, and is gone."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    with db.transaction() as session:
        row = session.get_one(DemoBreak, kill_id)
        row.facts = row.facts | {"worker": gone.pid}


def why(press) -> WhyNoKill:
    with pytest.raises(CannotKill) as refused:
        press()
    return refused.value.why


def test_before_and_after_it_everybody_is_counted_and_nothing_is_lost(two_workers):
    trainer = start()
    ben, carla = join(trainer), join(trainer, "Carla", address="192.0.2.3")
    assert view(ben).counted_kill == 0
    worker_kills.press(trainer)
    kill_id = view(ben).counted_kill
    (told,) = view(ben).breaks
    assert (told.tone, told.sentences[0][:30]) == ("wait", f"Worker {os.getpid()} is killed with SIGKILL"[:30])
    db.write(worker_kills.check_in, ben, kill_id)
    db.write(worker_kills.check_in, carla, kill_id)
    die(kill_id)
    late = join(trainer, "Dan", address="192.0.2.4")
    for seat in (ben, late, trainer):
        db.write(worker_kills.check_in, seat, kill_id)
    (told,) = view(late).breaks
    assert told.sentences[1] == "Of 3 people in the room, the pages of 2 are back."
    db.write(worker_kills.check_in, carla, kill_id)
    (told,) = view(carla).breaks
    assert told.tone == "good"
    assert f"Worker {os.getpid()} went on" in told.sentences[0]
    assert told.sentences[1].endswith(" seconds, everybody's page was back: 3 people.")
    assert told.sentences[2].endswith(" credits. Nothing is lost.")


def test_what_is_missing_afterwards_is_told(two_workers):
    trainer = start()
    worker_kills.press(trainer)
    kill_id = view(trainer).counted_kill
    with db.transaction() as session:
        row = session.get_one(DemoBreak, kill_id)
        row.facts = row.facts | {"letters": row.facts["letters"] + 1}
    die(kill_id)
    db.write(worker_kills.check_in, trainer, kill_id)
    (told,) = view(trainer).breaks
    assert told.tone == "wait"
    assert told.sentences[-1].endswith("Something is missing.")


def test_nobody_who_comes_back_is_told_too(two_workers):
    trainer = start()
    worker_kills.press(trainer)
    with db.transaction() as session:
        session.exec(update(DemoBreak).values(at=clock.now() - COUNTED_FOR - timedelta(seconds=1)))
    assert view(trainer).counted_kill == 0
    assert view(trainer).breaks[0].sentences == ("Nobody's page came back in time to count what is left. Look again.",)


def test_without_another_worker_or_in_production_there_is_a_sentence_and_no_button(monkeypatch):
    trainer = start()
    assert why(lambda: worker_kills.press(trainer)) is WhyNoKill.ONLY_ONE
    assert breaking.page(trainer).why_no_kill.startswith("Only one worker is ready")
    production = settings().model_copy(update={"mode": "production"})
    monkeypatch.setattr(worker_kills, "settings", lambda: production)
    assert why(lambda: worker_kills.press(trainer)) is WhyNoKill.NO_DEMONSTRATION
    assert breaking.page(trainer).why_no_kill.startswith("This installation serves real people")
    assert room_rows(DemoBreak, trainer) == []


def test_without_redis_the_other_worker_is_no_help(two_workers, setting):
    trainer = start()
    setting(redis_url="redis://127.0.0.1:1")
    assert why(lambda: worker_kills.press(trainer)) is WhyNoKill.ONLY_ONE


def test_twenty_times_in_a_row_one_is_killed_in_a_minute_in_the_whole_installation(two_workers):
    trainer, elsewhere = start(), start(address="192.0.2.9")
    before = outside(elsewhere)
    assert breaking.page(trainer).why_no_kill == ""
    worker_kills.press(trainer)
    for seat in [trainer, elsewhere] * 10:
        assert why(lambda seat=seat: worker_kills.press(seat)) is WhyNoKill.TOO_SOON
        assert breaking.page(seat).why_no_kill.startswith("A worker was killed less than a minute ago")
    assert outside(elsewhere) == before
    assert len(room_rows(DemoBreak, trainer)) == 1
    with clock.at(clock.now() + KILLS_EVERY):
        worker_kills.press(elsewhere)
    assert [row.turn for row in room_rows(DemoBreak, elsewhere)] == [2]


def test_only_the_trainer_may_press_and_nobody_counts_for_another_room(two_workers):
    trainer = start()
    with pytest.raises(NotAllowed):
        worker_kills.press(join(trainer))
    worker_kills.press(trainer)
    stranger = start(address="192.0.2.9")
    die(kill_id := view(trainer).counted_kill)
    db.write(worker_kills.check_in, stranger, kill_id)
    assert view(trainer).breaks[0].tone == "wait"


def test_a_day_after_the_session_nothing_of_it_is_left(two_workers):
    trainer = start()
    worker_kills.press(trainer)
    db.write(sessions.end, trainer)
    with clock.at(clock.now() + SUMMARY_LASTS + timedelta(minutes=1)):
        endings.end_due()
    with db.reading() as session:
        assert [session.exec(select(model)).all() for model in (DemoBreak, DemoReturn)] == [[], []]


def test_after_a_reset_nothing_is_compared(two_workers):
    trainer = start()
    worker_kills.press(trainer)
    kill_id = view(trainer).counted_kill
    before = world_now(trainer)
    sessions.reset_to_step(trainer, 1)
    world.close(before)
    die(kill_id)
    db.write(worker_kills.check_in, trainer, kill_id)
    assert "letters_after" not in room_rows(DemoBreak, trainer)[0].facts
