"""Worlds: each has a database, caches, a processor and a clock of its own, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from rxconnect import db, jobs, world
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.emails import EmailView
from rxconnect.domain.errors import NotFound, Unavailable
from rxconnect.models import Facility
from rxconnect.payments.sandbox import Sandbox
from rxconnect.scheduler import Job
from rxconnect.search import facilities as facility_search
from rxconnect.services.accounts import devices, tokens
from rxconnect.services.directory import facilities, tickets
from rxconnect.services.money import processor
from rxconnect.services.notices import emails
from rxconnect.world import World, current, open_worlds, world_of
from tests import postgres
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from tests.worlds import installed


@pytest.fixture
def other(database: Path) -> World:
    """A world beside the installation's own."""
    return world.open_copy(db.template_database())


def create(name: str) -> None:
    db.write(facilities.create_facility, name=name, opening="open")


def names() -> list[str]:
    """Of all facilities, as the database has them."""
    with db.reading() as session:
        return sorted(session.exec(select(Facility.name)))


def found(text: str) -> list[str]:
    """The facilities that a search finds, which looks into memory."""
    return [match.name for match in db.read(facilities.search_with_scores, text)]


def sent() -> list[EmailView]:
    with db.reading() as session:
        return [email.subject for email in session.exec(select(emails.Email)) if email.sent_at]


def open_files(folder: Path) -> list[str]:
    """What this process holds open under a folder, whether or not its name is still there."""
    links = [Path("/proc/self/fd", number) for number in os.listdir("/proc/self/fd")]
    return [target for link in links if link.is_symlink() and (target := os.readlink(link)).startswith(str(folder))]


def test_what_is_written_in_one_world_is_in_no_other(other):
    create("Alder Jail")
    with other.bound():
        assert (names(), found("alder")) == ([], [])
        create("Birch Jail")
        assert (names(), found("birch")) == (["Birch Jail"], ["Birch Jail"])
    assert (names(), found("birch")) == (["Alder Jail"], [])


def test_a_world_reaches_the_threads_of_asyncio_and_of_a_copied_context(other):
    seen = []
    with other.bound():
        asyncio.run(asyncio.to_thread(lambda: seen.append(current())))
        for target in (contextvars.copy_context().run, lambda run: run()):
            thread = threading.Thread(target=target, args=(lambda: seen.append(current()),))
            thread.start()
            thread.join()
    assert seen == [other, other, world.own()]


def test_a_transaction_of_one_world_takes_nothing_of_another_along(other):
    with pytest.raises(RuntimeError), db.all_or_nothing():
        create("Undone Jail")
        with other.bound():
            create("Birch Jail")
        raise RuntimeError
    with other.bound():
        assert names() == ["Birch Jail"]
    assert names() == []


def test_its_clock_runs_as_far_behind_as_its_template_is_old(database):
    older = world.open_copy(db.template_database(), behind=timedelta(days=30))
    before = clock.now()
    with older.bound():
        assert timedelta(days=29) < before - clock.now() < timedelta(days=31)
    assert clock.now() >= before


def test_beside_an_installation_that_takes_money_and_sends_mail_it_does_neither(other, setting):
    setting(
        processor="stripe",
        stripe_secret_key=SECRET_KEY,
        stripe_publishable_key=PUBLISHABLE_KEY,
        stripe_webhook_secret=WEBHOOK_SECRET,
        # Nobody listens there: whoever tried it would fail.
        smtp_url="smtp://127.0.0.1:9",
    )
    assert processor.publishable_key() == PUBLISHABLE_KEY
    with other.bound():
        assert isinstance(processor.current(), Sandbox)
        assert (processor.publishable_key(), len(processor.test_cards()) > 1) == ("", True)
        db.write(emails.queue, "sam@example.org", "Hello", "A link")
        assert asyncio.run(emails.deliver_due()).done == 1
        assert [email.body for email in db.read(emails.outbox)] == ["A link"]
        assert not (other.folder / "outbox").exists()


def test_in_production_only_its_own_outbox_can_be_read(other, setting):
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
    with pytest.raises(NotFound):
        db.read(emails.outbox)
    with other.bound():
        assert db.read(emails.outbox) == []


def test_a_replaced_processor_is_replaced_in_its_own_world_alone(other):
    instead = Sandbox(other.folder / "another.db")
    with processor.using(instead):
        assert processor.current() is instead
        with other.bound():
            assert processor.current() is not instead


def test_a_read_cannot_write_although_it_shares_its_connection_with_writes(other):
    with other.bound():
        create("Birch Jail")
        with pytest.raises(OperationalError, match="readonly"), db.reading() as session:
            session.add(Facility(name="Cedar Jail", key="cedar", opening="open", price_cents=25, state="OR"))
            session.flush()
        assert names() == ["Birch Jail"]
        create("Dogwood Jail")
        assert len(names()) == 2


def test_closing_one_leaves_no_connection_no_file_and_nothing_in_memory(database, facility):
    other = world.open_copy(db.template_database())
    with other.bound():
        create("Birch Jail")
        found("birch")
        processor.sandbox().tokenize_cvv("737")
        left = [weakref.ref(kept) for kept in (other, db.write_engine(), db.read_engine(), facility_search._cache())]
    assert open_files(other.folder)
    folder = other.folder

    world.close(other)
    del other
    gc.collect()

    assert open_files(folder) == []
    assert list(folder.parent.iterdir()) == []
    assert [ref() for ref in left] == [None] * len(left)
    assert open_worlds() == [world.own()]


def test_what_is_under_way_when_it_closes_leaves_no_connection_either(other):
    with other.bound():
        with db.reading() as session:
            session.exec(select(Facility)).all()
            world.close(other)
        del session
        gc.collect()
        assert open_files(other.folder.parent) == []
        with pytest.raises(Unavailable):
            names()
    with pytest.raises(Unavailable):
        world_of(other.name)


def test_one_that_another_process_has_closed_is_noticed(other):
    with other.bound():
        create("Birch Jail")
    program = f"from rxconnect import world; world.close(world.world_of({other.name!r}))"
    subprocess.run([sys.executable, "-c", program], check=True)
    with pytest.raises(Unavailable):
        world_of(other.name)
    assert open_files(other.folder) == []


def test_one_that_another_process_has_opened_is_found(database):
    program = "from rxconnect import db, world; print(world.open_copy(db.template_database()).name)"
    name = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
    assert [each.name for each in open_worlds()] == ["", name]
    with world_of(name).bound():
        create("Birch Jail")
        assert names() == ["Birch Jail"]


@pytest.mark.parametrize("name", ["nothing", "..", "../worlds", "0123456789abcdef-0", "0123456789abcdef-0\n"])
def test_a_name_that_no_world_has_is_refused(other, name):
    with pytest.raises(Unavailable):
        world_of(name)


def test_the_installations_own_is_never_thrown_away(database):
    with pytest.raises(ValueError, match="never"):
        world.close(world.own())
    assert names() == []


def test_a_template_is_made_once_and_again_for_another_version(database):
    first = db.template_database()
    made = first.stat().st_mtime_ns
    assert db.template_database().stat().st_mtime_ns == made
    older = first.rename(first.with_name("template-0001.db"))
    assert db.template_database() == first
    assert not older.exists()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.skipped_without(), postgres.running() as url:
        yield url


def test_beside_postgresql_it_is_a_file(server, tmp_path):
    with installed(data_dir=tmp_path, database_url=server):
        db.upgrade()
        create("Alder Jail")
        other = world.open_copy(db.template_database())
        with other.bound():
            assert db.write_engine().dialect.name == "sqlite"
            create("Birch Jail")
            assert found("jail") == ["Birch Jail"]
        assert (db.write_engine().dialect.name, found("jail")) == ("postgresql", ["Alder Jail"])


def test_jobs_serve_every_open_world_and_a_failure_in_one_keeps_none_of_the_others_waiting(other, monkeypatch):
    third = world.open_copy(db.template_database())
    for each in open_worlds():
        with each.bound():
            db.write(emails.queue, "sam@example.org", "Hello", "")
    broken = min(other, third, key=lambda each: each.name)
    tasks = {}

    async def serve():
        all_are_served = asyncio.Event()

        async def deliver(*_after):
            tasks[current()] = asyncio.current_task()
            if len(tasks) == len(open_worlds()):
                all_are_served.set()
            if current() is broken:
                raise RuntimeError
            return await emails.deliver_due()

        monkeypatch.setattr(jobs, "JOBS", (Job("emails", 0.05, deliver),))
        # These worlds have no session, and would be thrown away.
        monkeypatch.setattr(jobs, "_JOBS_OF_OWN_WORLD", ())
        running = asyncio.create_task(jobs._in_every_world())
        await all_are_served.wait()
        world.close(broken)
        await asyncio.wait([tasks[broken]])
        running.cancel()

    asyncio.run(asyncio.wait_for(serve(), 30))
    for each in open_worlds():
        with each.bound():
            assert sent() == ["Hello"]


def test_what_one_world_has_signed_is_worth_nothing_in_another(other):
    sam = Actor(7, "Sam Lee", "sam@example.org", ActorKind.FAMILY)
    device = devices.cookie_with_account(devices.valid_or_new_cookie(""), 7)
    ticket = tickets.issue_ticket(sam, 1)
    token = tokens.keyed_hash("sign-in", "a secret")
    with other.bound():
        assert not devices.is_known_to(device, 7)
        assert tokens.keyed_hash("sign-in", "a secret") != token
        with pytest.raises(NotFound):
            tickets.inmate_of(sam, ticket)
    assert devices.is_known_to(device, 7)
    assert tickets.inmate_of(sam, ticket) == 1
