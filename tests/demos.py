"""Demo sessions for tests: a template that is made once, quick sessions, and people who join them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.demo import scenarios, seat_accounts, seats, sessions, templates, views
from rxconnect.domain.accounts import Actor
from rxconnect.domain.demo import Seat, SeatKind, SessionView
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.domain.terms import VERSION
from rxconnect.models import Account, DemoSession, KioskPerson, Purchase, Receipt
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.messages import drafts
from rxconnect.services.purchases import checkout, purchases
from rxconnect.services.refunds import refunds, staff_refunds
from rxconnect.services.screening import submissions
from rxconnect.world import World, world_of
from tests.desk_deeds import DESK_DEEDS, add_photos, send_newest_draft
from tests.once import made_once
from tests.services.buying import new_card
from tests.worlds import installed


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the template of this version."""
    return made_once(tmp_path_factory, "demo-template", _make_template) / "templates"


def _make_template(folder: Path) -> None:
    with installed(data_dir=folder, database_url=""):
        templates.get_or_make_template()


@pytest.fixture
def demos(database: Path, demo_template: Path) -> Path:
    """An installation that can start sessions at once. Its data directory."""
    (database / "templates").symlink_to(demo_template)
    return database


def start(scenario: str = "first-letter", *, name: str = "Aisha", address: str = "192.0.2.1", **more: object) -> Seat:
    """Start a session. Returns the trainer's seat."""
    asked = {"name": name, "address_key": address, "language": "en", "allows_guests": True} | more
    token, _view = sessions.start(scenario, **asked)
    return seat_of(token)


def join(trainer: Seat, name: str = "Ben", kind: str = "family", *, address: str = "192.0.2.2") -> Seat:
    """Take a seat in the trainer's session."""
    return seat_of(seats.join(view(trainer).code, name, kind, address_key=address))


def seat_of(token: str) -> Seat:
    """The seat of a token. It must exist."""
    seat = seats.find(sign_ins.seat_hash(token))
    assert seat is not None
    return seat


def now(seat: Seat) -> Seat | None:
    """The current seat, or None if it is gone."""
    with db.reading() as session:
        row = session.get(seats.DemoSeat, seat.id)
        return seats.find(row.token_hash) if row else None


def view(seat: Seat) -> SessionView:
    """The session as this seat sees it."""
    return db.read(views.view, seat)


def world_now(seat: Seat) -> World:
    """The current world of the seat's session."""
    with db.reading() as session:
        return world_of(session.get_one(DemoSession, seat.session_id).world)


@contextmanager
def acting(seat: Seat, kind: SeatKind = SeatKind.FAMILY) -> Iterator[Actor]:
    """Bind the session's world inside the block. Yields the actor of the scenario's family, or of another seat."""
    with db.reading() as session:
        room = session.get_one(DemoSession, seat.session_id)
    with world_of(room.world).bound():
        with db.reading() as session:
            account_id = seat_accounts.account_id(session, scenarios.parse(room.scenario), kind)
            account = session.get_one(Account, account_id)
            posts = sign_ins.staff.posts(session, account.id)
            person = select(KioskPerson.inmate_id).where(KioskPerson.account_id == account_id)
            inmate_id = session.exec(person).first()
        yield Actor(account.id, account.name, account.email, kind.acts_as, posts, inmate_id=inmate_id)


def add_location(actor: Actor, key: str = "cedar-ridge") -> int:
    """Returns the facility's id."""
    facility_id = db.read(facilities.get_by_key, key).id
    db.write(facilities.add_location, actor, facility_id)
    return facility_id


def search(actor: Actor, first: str = "Marcus", last: str = "Delgado", key: str = "cedar-ridge") -> int:
    """Search as the page does. Returns the id of the first person found."""
    query = InmateQuery(first_name=first, last_name=last)
    db.write(inmates.count_search, actor, query)
    (found, *_others), _more = db.read(inmates.find, actor, db.read(facilities.get_by_key, key).id, query)
    return found.id


def begin_purchase(actor: Actor, credits: int = 10) -> str:
    """Returns the purchase's id."""
    facility_id = db.read(facilities.get_by_key, "cedar-ridge").id
    return db.write(purchases.begin_or_change, actor, facility_id=facility_id, credits=credits).id


def choose_card(actor: Actor) -> str:
    """Choose a card for the open purchase. Returns the purchase's id."""
    return checkout.use_new_card(actor, _open_purchase(actor), new_card(), save=True).id


def write_draft(actor: Actor) -> int:
    """Write a draft to the only contact. Returns the draft's id."""
    (contact, *_others) = db.read(contacts.my_contacts, actor)
    draft_id = db.write(drafts.get_or_create_empty, actor, contact.id)
    db.write(drafts.save, actor, draft_id, subject="Sunday", body="We will come on Sunday.")
    return draft_id


def buy(actor: Actor) -> None:
    """Do all steps of a purchase that are not done yet."""
    if _open_purchase(actor) is None:
        begin_purchase(actor)
    checkout.submit(actor, choose_card(actor))


def _open_purchase(actor: Actor) -> str | None:
    """The id of the newest purchase, if it has not ended."""
    mine = select(Purchase).where(Purchase.account_id == actor.account_id).order_by(col(Purchase.created_at).desc())
    with db.reading() as session:
        newest = session.exec(mine).first()
        return newest.id if newest and not PurchaseStatus(newest.status).has_receipt else None


def refund(actor: Actor) -> None:
    """Request a refund of five of the family's credits."""
    refunds.request_refund(actor, db.read(facilities.get_by_key, "cedar-ridge").id, 5, "a press of Refund")


def refund_as_staff(actor: Actor) -> None:
    """Refund two credits of the newest receipt."""
    with db.reading() as session:
        number = session.exec(select(Receipt.number).order_by(col(Receipt.issued_at).desc())).first()
    staff_refunds.request_refund(actor, number, 2, "bought too many")


def _send(actor: Actor) -> None:
    db.write(submissions.send, actor, write_draft(actor), accepted_terms=VERSION)


def _send_as_lawyer(actor: Actor) -> None:
    write_draft(actor)
    send_newest_draft(actor, must_be_privileged=True)


def _add_contact(actor: Actor, first: str, last: str, key: str) -> None:
    db.write(contacts.add_at_my_location, actor, search(actor, first, last, key))


# The actions of the family or the staff that complete a step, by the step's fact and the scenario's key.
DEEDS: dict[tuple[str, str], Callable[[Actor], object]] = {
    ("first-letter", "location added"): add_location,
    ("first-letter", "contact added"): lambda actor: _add_contact(actor, "Marcus", "Delgado", "cedar-ridge"),
    ("first-letter", "credits bought"): buy,
    ("first-letter", "draft written"): write_draft,
    ("first-letter", "message sent"): _send,
    ("buying-credits", "purchase begun"): begin_purchase,
    ("buying-credits", "card chosen"): choose_card,
    ("buying-credits", "credits bought"): buy,
    ("finding-somebody", "search made"): lambda actor: search(actor, "Shaun", "Oneil", "harbor-county"),
    ("finding-somebody", "contact added"): lambda actor: _add_contact(actor, "Shaun", "Oneil", "harbor-county"),
    ("finding-somebody", "draft written"): write_draft,
    ("money-back", "refund asked"): refund,
    ("money-back", "refund given by staff"): refund_as_staff,
    ("rejected-letter", "message sent"): _send,
    ("photo", "photo uploaded"): lambda actor: add_photos(actor, write_draft(actor)),
    ("photo", "message sent"): send_newest_draft,
    ("transfer", "message sent"): _send,
    ("lawyers-letter", "privileged letter sent"): _send_as_lawyer,
}


def carry_out(seat: Seat, key: str, number: int) -> None:
    """Do a step of a built-in scenario in the seat's session, at the seat that the step needs."""
    step = scenarios.load(key).steps[number - 1]
    with acting(seat, SeatKind(step.seat or SeatKind.FAMILY)) as actor:
        deed_of(key, step.done)(actor)


def deed_of(key: str, fact: str) -> Callable[[Actor], object]:
    """The action that completes a scenario's step."""
    return DEEDS.get((key, fact)) or DESK_DEEDS[fact]
