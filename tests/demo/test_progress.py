"""Progress: a step is ticked off once it has happened, and not before."""

from __future__ import annotations

import asyncio

import pytest

from rxconnect import db, session_threads
from rxconnect.demo import facts, progress, scenarios, sessions
from rxconnect.domain.errors import Busy
from rxconnect.models import DemoStep, Email
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import World
from tests.demos import DEEDS, acting, add_location, carry_out, join, now, start, view, world_now
from tests.desk_deeds import DESK_DEEDS

pytestmark = pytest.mark.usefixtures("demos")
STEPS = [
    (key, number) for key, scenario in scenarios.all_scenarios().items() for number in range(1, len(scenario.steps) + 1)
]


def tick(seat) -> int:
    with world_now(seat).bound():
        return progress.record_steps()


def done(seat) -> list[int]:
    return [step.number for step in view(seat).steps if step.is_done]


@pytest.mark.parametrize("key", [key for key, scenario in scenarios.all_scenarios().items() if scenario.steps])
def test_the_steps_of_each_built_in_scenario_can_be_done_and_tick_themselves_off(key):
    seat = start(key)
    assert (tick(seat), view(seat).next_step) == (0, 1)
    numbers = range(1, len(scenarios.load(key).steps) + 1)
    for number in numbers:
        carry_out(seat, key, number)
        assert tick(seat) == 1
        assert done(seat) == list(range(1, number + 1))
    assert view(seat).next_step == 0
    assert [step.can_reset for step in view(seat).steps] == [True for _ in numbers]


def test_every_deed_of_a_scenario_is_one_of_its_steps():
    facts_of_steps = {(key, scenarios.load(key).steps[number - 1].done) for key, number in STEPS}
    assert facts_of_steps >= DEEDS.keys()
    assert {fact for _key, fact in facts_of_steps - DEEDS.keys()} == DESK_DEEDS.keys()


@pytest.mark.parametrize("key", [key for key, scenario in scenarios.all_scenarios().items() if scenario.prepare])
def test_nothing_has_happened_in_a_world_that_has_just_begun(key):
    """Also where the family has written for a year, or has just bought credits."""
    seat = start(key)
    since = _room(seat).started_at - world_now(seat).behind
    with acting(seat), db.reading() as session:
        cast = progress.cast_of(session, scenarios.load(key))
        assert [fact for fact, is_true in facts.FACTS.items() if is_true(session, cast, since)] == []


def _room(seat):
    with db.reading() as session:
        return session.get_one(sessions.DemoSession, seat.session_id)


def test_steps_may_happen_in_another_order():
    seat = start()
    with acting(seat) as sam:
        add_location(sam)
    carry_out(seat, "first-letter", 3)
    tick(seat)
    assert (done(seat), view(seat).next_step) == ([1, 3], 2)
    carry_out(seat, "first-letter", 2)
    tick(seat)
    assert (done(seat), view(seat).next_step) == ([1, 2, 3], 4)
    assert [step.can_reset for step in view(seat).steps] == [True, True, True, True, False]


def test_a_step_that_was_done_too_early_can_be_begun_again_and_undoes_whatever_came_after_it():
    seat = start()
    for number in (1, 3, 2):
        carry_out(seat, "first-letter", number)
        tick(seat)
    sessions.reset_to_step(now(seat), 3)
    assert (done(seat), view(seat).next_step) == ([1], 2)
    assert (tick(now(seat)), done(seat)) == (0, [1])
    with acting(seat) as sam:
        assert (len(db.read(facilities.my_locations, sam)), db.read(contacts.my_contacts, sam)) == (1, [])


def test_to_begin_the_next_step_again_undoes_no_step_that_is_done():
    seat = start()
    for number in (1, 3):
        carry_out(seat, "first-letter", number)
        tick(seat)
    sessions.reset_to_step(now(seat), 2)
    assert (tick(now(seat)), done(seat)) == (0, [1, 3])


def test_what_is_undone_again_stays_ticked_off():
    seat = start("finding-somebody")
    carry_out(seat, "finding-somebody", 2)
    tick(seat)
    with acting(seat) as sam:
        db.write(contacts.remove, sam, db.read(contacts.my_contacts, sam)[0].id)
    tick(seat)
    assert done(seat) == [1, 2]


def test_what_somebody_else_does_in_another_session_ticks_nothing_off():
    first, second = start(), start()
    carry_out(first, "first-letter", 1)
    assert (tick(first), tick(second)) == (1, 0)


def test_a_session_that_has_ended_ticks_nothing_off():
    seat = start()
    carry_out(seat, "first-letter", 1)
    over = world_now(seat)
    db.write(sessions.end, seat)
    with over.bound():
        assert progress.record_steps() == 0


def test_a_checkpoint_is_kept_before_every_step_and_never_again_once_it_is_done():
    seat = start()
    assert progress.saved_checkpoints(seat.world) == {1, 2, 3, 4, 5}
    folder = world_now(seat).folder
    before = {number: (folder / f"checkpoint-{number}.zip").stat().st_ino for number in range(1, 6)}
    assert len(set(before.values())) == 1
    carry_out(seat, "first-letter", 1)
    tick(seat)
    after = {number: (folder / f"checkpoint-{number}.zip").stat().st_ino for number in range(1, 6)}
    assert [after[number] == before[number] for number in after] == [True, False, False, False, False]
    with progress.unpacked_checkpoint(world_now(seat), 2) as folder:
        assert {file.name for file in folder.iterdir()} == {"photos", "rxconnect.db", "sandbox.db"}
    assert not folder.exists()


def test_every_commit_in_the_world_makes_the_job_look_and_reading_does_not():
    seat = start()
    with acting(seat) as sam:
        asyncio.run(progress.record_steps_if_written())
        db.read(facilities.my_locations, sam)
        assert not progress._is_new().is_set()
        add_location(sam)
        assert progress._is_new().is_set()
        assert asyncio.run(progress.record_steps_if_written()).done == 1
        assert asyncio.run(progress.record_steps_if_written()).done == 0
    assert done(seat) == [1]


def test_the_job_waits_until_this_worker_has_written():
    seat = start()

    async def look() -> int:
        waiting = asyncio.create_task(progress.record_steps_when_written())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.2)
        await asyncio.to_thread(add_location, sam)
        return (await asyncio.wait_for(waiting, 30)).done

    with acting(seat) as sam:
        asyncio.run(progress.record_steps_when_written())
        assert asyncio.run(look()) == 1


def test_what_jobs_write_is_noticed_only_when_they_have_done_something():
    seat = start()

    async def does(count):
        db.write(lambda session: session.add(Email(to="sam@example.com", subject="Hello", body="")))
        return Batch(count)

    with acting(seat), progress.without_step_check():
        asyncio.run(progress.record_steps_if_written())
        for count, is_new in ((0, False), (1, True)):
            asyncio.run(progress.with_step_check(does)(count))
            assert progress._is_new().is_set() is is_new


def test_a_step_is_ticked_off_while_a_long_job_of_a_session_runs():
    seat = start()
    carry_out(seat, "first-letter", 1)

    async def look() -> int:
        async with session_threads.FOR_JOBS:
            return (await asyncio.wait_for(progress.record_steps_if_written(), 30)).done

    with world_now(seat).bound():
        assert asyncio.run(look()) == 1


def test_a_look_that_fails_is_made_again(monkeypatch):
    seat = start()
    carry_out(seat, "first-letter", 1)
    with world_now(seat).bound():
        with monkeypatch.context() as patched, pytest.raises(Busy):
            patched.setattr(progress, "record_steps", _busy)
            asyncio.run(progress.record_steps_if_written())
        assert asyncio.run(progress.record_steps_if_written()).done == 1


def _busy():
    raise Busy


def test_a_worker_that_has_just_started_looks_at_what_a_killed_one_has_written():
    seat = start()
    carry_out(seat, "first-letter", 1)
    here = world_now(seat)
    just_started = World(here.name, here.database, here.folder, here.behind)
    with just_started.bound():
        assert asyncio.run(progress.record_steps_if_written()).done == 1
    just_started.end()


def test_two_workers_that_look_at_once_tick_a_step_off_once():
    seat = start()
    carry_out(seat, "first-letter", 1)
    room = _room(seat)
    assert db.write(progress._store_done, room.id, room.world, {1}) == 1
    assert db.write(progress._store_done, room.id, room.world, {1}) == 0
    with db.reading() as session:
        assert len(session.exec(sessions.select(DemoStep)).all()) == 1


def test_what_is_seen_in_a_world_that_was_reset_meanwhile_is_forgotten():
    seat = start()
    before = _room(seat).world
    sessions.reset_to_step(seat, 1)
    assert db.write(progress._store_done, seat.session_id, before, {1}) == 0


def test_the_room_is_woken_when_a_step_is_done():
    seat = start()
    ben = join(seat)
    carry_out(seat, "first-letter", 1)
    tick(seat)
    assert view(ben).steps[0].is_done
