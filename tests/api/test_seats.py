"""A browser with a seat in a demo session: its requests are in the session's world, and in no other."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlmodel import select, update

from rxconnect import db, routes
from rxconnect.api import worlds
from rxconnect.api.account_forms import form_routes
from rxconnect.api.email_forms import email_routes
from rxconnect.api.kiosk_forms import kiosk_routes
from rxconnect.api.second_factor_forms import second_factor_routes
from rxconnect.api.worlds import Worlds
from rxconnect.demo import seats, sessions, views
from rxconnect.domain import clock, refusals
from rxconnect.domain.accounts import Actor
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import NotDriving, Unavailable
from rxconnect.domain.receipts import Filter
from rxconnect.models import Account, DemoSession, Draft
from rxconnect.services.books import receipt_history
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts
from tests.api.test_account_forms import is_signed_in, sign_in
from tests.rooms import find, seat_of
from tests.state.lives import everything, live

# Every address of the app, with its parameters filled in.
ADDRESSES = sorted(
    {re.sub(r"\[\w+\]", "1", value) for name, value in vars(routes).items() if name.isupper()}
    - {routes.HEALTH, routes.READY}
)
OUTSIDE = [address for address in ADDRESSES if not routes.is_of_demo(address)]
KEPT = {"tab": "ab", "number": 1, "base": 0, "contact": None, "subject": "Hello", "body": "From the room"}


@pytest.fixture
def sit(visitor):
    """`sit(token)`: a browser with a seat; with `is_signed_in`, it has a real account's sign-in as well."""

    def seated(token, *, is_signed_in=False):
        browser = visitor()
        if is_signed_in:
            sign_in(browser)
        browser.cookies.set("rxconnect-seat", token)
        return browser

    return seated


def _rosa() -> Actor:
    """The actor of the family's seats, in the bound world."""
    with db.reading() as session:
        account = session.exec(select(Account).where(Account.email == "rosa@example.com")).one()
    return Actor(account.id, account.name, account.email, account.kind)


def _draft() -> int:
    rosa = _rosa()
    return db.write(drafts.get_or_create_empty, rosa, db.read(contacts.my_contacts, rosa)[0].id)


def _bodies() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(Draft.body)))


def test_a_seat_is_the_sign_in_of_its_world_also_beside_a_real_one(sit, sam, open_room):
    own = live("Xanthippe")
    browser = sit((room := open_room()).trainer, is_signed_in=True)
    with room.world.bound():
        numbers = [one.number for one in db.read(receipt_history.movements, _rosa(), Filter())]
    told = browser.get(routes.RECEIPTS_CSV)
    assert told.status_code == 200
    assert all(number in told.text for number in numbers)
    assert own.receipt_number not in told.text
    browser.cookies.delete("rxconnect-seat")
    assert is_signed_in(browser)


def test_a_seat_sees_nothing_of_another_sessions_world(sit, open_room):
    one, other = open_room(), open_room(starter="another room")
    with one.world.bound():
        draft_id = _draft()
    with other.world.bound():
        life = live("Xanthippe")
        before = everything()
    browser = sit(one.trainer)
    assert browser.get(routes.fill(routes.RECEIPT_PDF, life.receipt_number)).status_code == 404
    assert browser.post(routes.fill(routes.KEEP_DRAFT, draft_id), json=KEPT).status_code == 200
    assert browser.post(routes.fill(routes.KEEP_DRAFT, life.draft_id), json=KEPT).status_code == 404
    with other.world.bound():
        assert everything() == before
    with one.world.bound():
        assert "From the room" in _bodies()


@pytest.fixture(params=["ended", "removed", "left", "expired", "made up"])
def gone(request, open_room):
    """The token of a seat that is gone."""
    room = open_room()
    token = room.join()
    match request.param:
        case "ended":
            db.write(sessions.end, seat_of(room.trainer))
        case "removed":
            db.write(seats.remove, seat_of(room.trainer), seat_of(token).id)
        case "left":
            db.write(seats.leave, seat_of(token))
        case "expired":
            with db.transaction() as session:
                session.exec(update(DemoSession).values(expires_at=clock.now()))
        case "made up":
            return "x" * 43
    return token


def test_a_seat_that_is_gone_reaches_nothing_of_the_installation(sit, sam, gone):
    live("Xanthippe")
    browser = sit(gone, is_signed_in=True)
    before = everything()
    for address in OUTSIDE:
        for ask in (browser.get, browser.post):
            told = ask(address)
            assert (told.status_code, told.headers.get("location")) == (303, routes.DEMO_OVER), address
        assert browser.post(address, json=KEPT).headers["location"] == routes.DEMO_OVER, address
        assert browser.put(address).headers["location"] == routes.DEMO_OVER, address
    for address in set(ADDRESSES) - set(OUTSIDE):
        assert "Xanthippe" not in browser.get(address).text
    assert everything() == before


def test_a_seat_that_is_gone_still_gets_scripts_and_says_whether_we_are_here(sit, gone):
    browser = sit(gone)
    assert browser.get("/assets/x-abc123.js").status_code == 200
    assert browser.get(routes.HEALTH).status_code == 200
    assert browser.get(routes.READY).status_code == 200


def test_leaving_makes_a_browser_again_what_it_was(sit, sam, open_room):
    browser = sit(token := (room := open_room()).join(), is_signed_in=True)
    left = browser.post(routes.with_query(routes.DEMO_LEAVE, next="/contacts"))
    assert left.headers["location"] == "/contacts"
    assert 'rxconnect-seat=""' in left.headers["set-cookie"]
    assert not find(token)
    browser.cookies.delete("rxconnect-seat")
    assert is_signed_in(browser)
    assert len(db.read(views.view, seat_of(room.trainer)).people) == 1


def _ancestors(browser, address):
    """The origins that may show the page at an address in a frame, or "" if the response is no page."""
    policy = browser.get(address, follow_redirects=False).headers.get("content-security-policy", "")
    return policy.partition("frame-ancestors ")[2]


def test_only_pages_of_a_world_can_be_shown_in_a_frame_and_only_by_our_own_pages(sit, visitor, open_room):
    pages = {value for name, value in vars(routes).items() if name.isupper() and "." not in value and "[" not in value}
    browser, other = sit(open_room().join()), visitor()
    with_a_seat = {address: _ancestors(browser, address) for address in pages}
    assert {_ancestors(other, address) for address in pages} <= {"'none'", ""}
    framed = {address for address, ancestors in with_a_seat.items() if ancestors == "'self'"}
    assert set(with_a_seat.values()) <= {"'none'", "'self'", ""}
    assert {routes.DASHBOARD, routes.STAFF, routes.KIOSK_INBOX, routes.DEMO_FRAME} <= framed
    assert {address for address in framed if routes.is_of_demo(address)} == {routes.DEMO_FRAME}


def test_a_seat_that_is_gone_is_framed_nowhere(sit, open_room):
    room = open_room()
    browser = sit(token := room.join())
    db.write(seats.leave, seat_of(token))
    for address in (routes.DEMO_FRAME, routes.DEMO_OVER, routes.DEMO_SPLIT):
        assert _ancestors(browser, address) in {"'none'", ""}


@pytest.mark.parametrize("kind", SeatKind)
def test_in_a_world_no_form_of_the_door_begins_or_ends_a_sign_in(sit, open_room, kind):
    room = open_room()
    browser, home = sit(room.join(kind=kind)), routes.home_of(kind.acts_as)
    with room.world.bound():
        before = everything()
    for address in (
        *(routes.HOME, routes.SIGN_IN, routes.SIGN_UP, routes.FORGOT_PASSWORD, routes.RESET_PASSWORD),
        *(routes.CHANGE_PASSWORD, routes.CHANGE_EMAIL, routes.CONFIRM_EMAIL, routes.CLOSE_ACCOUNT),
    ):
        assert browser.get(address).headers["location"] == home
    for address in (
        *(routes.SIGN_IN, routes.SIGN_UP, routes.FORGOT_PASSWORD, routes.RESET_PASSWORD, routes.CHANGE_PASSWORD),
        *(routes.CHANGE_EMAIL, routes.CONFIRM_EMAIL, routes.CLOSE_ACCOUNT, routes.SIGN_OUT_EVERYWHERE),
    ):
        form = {"email": "rosa@example.com", "password": "rxconnect-demo", "name": "x"}
        told = browser.post(address, data=form)
        assert told.headers["location"] == home
        assert "set-cookie" not in told.headers
    assert browser.post(routes.SIGN_OUT).headers["location"] == routes.DEMO_ROOM
    with room.world.bound():
        assert everything() == before


def test_whoever_does_not_drive_changes_nothing(sit, open_room):
    room = open_room()
    browser, sentence = sit(room.join()), refusals.sentence(NotDriving("Aisha"))
    with room.world.bound():
        draft_id = _draft()
        before = everything()
    for address in sorted({*OUTSIDE, routes.fill(routes.KEEP_DRAFT, draft_id)}):
        browser.get(address)
        assert browser.post(address, data={"password": "rxconnect-demo"}).status_code in (303, 403), address
        told = browser.post(address, json=KEPT)
        assert told.status_code == 303 or told.json() == {"problem": sentence}, address
    with room.world.bound():
        assert everything() == before


def test_in_a_pause_nobody_changes_anything(sit, open_room):
    room = open_room()
    with room.world.bound():
        draft_id = _draft()
    db.write(sessions.pause, seat_of(room.trainer))
    told = sit(room.trainer).post(routes.fill(routes.KEEP_DRAFT, draft_id), json=KEPT)
    assert told.json() == {"problem": refusals.sentence(NotDriving(""))}
    db.write(sessions.resume, seat_of(room.trainer))
    assert sit(room.trainer).post(routes.fill(routes.KEEP_DRAFT, draft_id), json=KEPT).status_code == 200


def test_the_wheel_is_looked_up_for_each_request(sit, open_room):
    room = open_room()
    with room.world.bound():
        draft_id = _draft()
    address, token = routes.fill(routes.KEEP_DRAFT, draft_id), room.join()
    trainer, ben = sit(room.trainer), sit(token)
    assert [browser.post(address, json=KEPT).status_code for browser in (trainer, ben)] == [200, 403]
    db.write(seats.hand_over_wheel, seat_of(room.trainer), seat_of(token).id)
    newer = KEPT | {"number": 2, "base": 1}
    assert [browser.post(address, json=newer).status_code for browser in (trainer, ben)] == [403, 200]


def test_who_only_looks_can_take_a_pdf_away(printer, sit, open_room):
    room = open_room()
    browser = sit(room.join())
    with room.world.bound():
        number = db.read(receipt_history.movements, _rosa(), Filter())[0].number
        before = everything()
    told = browser.get(routes.fill(routes.RECEIPT_PDF, number))
    assert told.headers["content-type"] == "application/pdf"
    with room.world.bound():
        assert everything() == before


def test_with_a_seat_the_pages_to_start_and_to_join_lead_to_the_room(sit, open_room):
    browser = sit(open_room().trainer)
    for address in (routes.DEMO, routes.DEMO_JOIN):
        assert browser.get(address).headers["location"] == routes.DEMO_ROOM


def test_without_the_database_a_seat_is_asked_to_come_again(sit, open_room, monkeypatch):
    browser = sit(open_room().trainer)

    def fails(_hash):
        raise Unavailable("gone")

    monkeypatch.setattr("rxconnect.api.worlds.seats.find", fails)
    assert browser.get(routes.RECEIPTS_CSV).status_code == 503


def test_without_the_database_the_socket_of_a_seat_is_asked_to_come_again(open_room, monkeypatch):
    cookie = f"rxconnect-seat={open_room().trainer}".encode()
    scope, sent = {"type": "websocket", "path": "/_event/", "headers": [(b"cookie", cookie)]}, []

    def fails(_hash):
        raise Unavailable("gone")

    async def send(message):
        sent.append(message)

    async def framework(*_):
        raise AssertionError("the socket was let in")

    monkeypatch.setattr("rxconnect.api.worlds.seats.find", fails)
    asyncio.run(Worlds(framework, [])(scope, None, send))
    assert sent == [{"type": "websocket.close", "code": 1013}]


def test_a_reset_takes_everybody_along(sit, open_room):
    room = open_room("first-letter")
    before = room.world
    sessions.reset_to_step(seat_of(room.trainer), 1)
    assert room.world is not before
    assert sit(room.trainer).get(routes.RECEIPTS_CSV).status_code == 200


def test_every_form_of_the_door_was_thought_of():
    # One that is neither settled by the seat nor works in a world would act on accounts that a whole room shares.
    works = {routes.CONFIRM, routes.STAFF_CONFIRM, routes.VERIFY_EMAIL, routes.SECOND_FACTOR_QR, routes.PASSKEY_OPTIONS}
    works |= {routes.ACCOUNT, routes.EMAIL_CHANGED}
    makers = (form_routes, email_routes, second_factor_routes, kiosk_routes)
    doors = {route.path for make in makers for route in make(None, None)}
    assert doors == worlds._SETTLED | works | {routes.SIGN_OUT}
