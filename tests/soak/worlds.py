"""Databases for soak tests, with a facility and an inmate to write to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.inmates import Person
from rxconnect.domain.terms import VERSION
from rxconnect.models import Contact, Inmate
from rxconnect.services.directory import facilities, inmates
from rxconnect.services.messages import drafts
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refund_payouts
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from rxconnect.world import DATABASE
from tests import postgres
from tests.databases import migrated_sqlite, new_database
from tests.services.buying import buy
from tests.services.moneyed import account
from tests.services.scheduling.running import run_job
from tests.worlds import installed

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class World:
    """An open facility that sells credits at 25 ¢, with a reviewer and an inmate."""

    place: int
    reviewer: Actor
    inmate_id: int

    def family(self) -> tuple[Actor, int]:
        """A new family without credits, and the id of its contact."""
        family = account("Ada Young")
        with db.transaction() as session:
            contact = Contact(account_id=family.account_id, inmate_id=self.inmate_id)
            session.add(contact)
            session.flush()
            assert contact.id is not None
            return family, contact.id

    def open_accounts(self) -> None:
        """Buy and deliver one message, so that every account of the ledger exists."""
        family, contact_id = self.family()
        buy(family, self.place, 10)
        draft_id = db.write(drafts.get_or_create_empty, family, contact_id)
        db.write(drafts.save, family, draft_id, subject="Hello", body="We miss you.")
        message_id = db.write(submissions.send, family, draft_id, accepted_terms=VERSION)
        db.write(review.approve, self.reviewer, message_id)
        db.write(review.deliver, self.reviewer, message_id)


@contextmanager
def server(kind: str) -> Iterator[str]:
    """The address for `database`: PostgreSQL's, or "" for SQLite. Raises `NoPostgres`."""
    if kind == SQLITE:
        yield ""
        return
    with postgres.running() as address:
        yield address


@contextmanager
def database(address: str) -> Iterator[Path]:
    """Use an empty, migrated database and an empty sandbox inside the block. Yields the data directory."""
    with (
        tempfile.TemporaryDirectory(prefix="rxconnect-soak-", dir=_memory()) as folder,
        pytest.MonkeyPatch.context() as patch,
        ExitStack() as stack,
    ):
        patch.setenv("RXCONNECT_DATA_DIR", folder)
        if address:
            patch.setenv("RXCONNECT_DATABASE_URL", stack.enter_context(new_database(address)))
        else:
            patch.delenv("RXCONNECT_DATABASE_URL", raising=False)
            Path(folder, DATABASE).write_bytes(migrated_sqlite())
        stack.enter_context(installed())
        yield Path(folder)


def _memory() -> str | None:
    """A folder in memory, if there is one: a killed process does not lose data that the system has accepted."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def build() -> World:
    """Create a world in the current database."""
    place = db.write(facilities.create_facility, name="Alder County Jail", opening="open", price_cents=25, state="OR")
    db.write(inmates.add_to_roster, place, [Person(number="A1", first_name="Marcus", last_name="Rivera")])
    inmate_id = db.read(lambda session: session.exec(select(Inmate.id)).one())
    assert inmate_id is not None
    world = World(place, account("Robin Reed", Role.REVIEWER, place), inmate_id)
    world.open_accounts()
    return world


def reconcile(seconds: float) -> None:
    """Run the jobs that finish interrupted payments and refunds, so many seconds from now."""
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        run_job(checkout.reconcile)
        run_job(refund_payouts.carry_out_due)
