"""The page after a demo session says why the seat is gone, and its trainer finds the summary there for a day."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import update

from rxconnect import db, routes
from rxconnect.demo import endings, seat_tokens, seats, sessions, summaries
from rxconnect.domain import clock
from rxconnect.domain.demo import SUMMARY_LASTS
from rxconnect.models import DemoSession
from tests.api.html import built_page
from tests.rooms import seat_of

UNKNOWN = "The session is over, or you were removed from it."
OFFER = "Your summary can be read until tomorrow."


@pytest.fixture
def static_dir(static_dir):
    """The built frontend, with the page after a session."""
    (static_dir / "demo").mkdir()
    slots = '<p id="why-over"></p><p id="consequence"></p><p id="summary"></p></form>'
    (static_dir / "demo/over.html").write_text(built_page("demo/over", []).replace("</form>", slots))
    return static_dir


@pytest.fixture
def told(visitor):
    """`told(token)`: what the page says to the browser with this seat's cookie."""

    def ask(token: str) -> str:
        browser = visitor()
        browser.cookies.set("rxconnect-seat", token)
        return unescape(browser.get(routes.DEMO_OVER).text)

    return ask


def expire() -> None:
    with db.transaction() as session:
        session.exec(update(DemoSession).values(expires_at=clock.now()))


def end(room) -> None:
    db.write(sessions.end, seat_of(room.trainer))


def test_each_reason_is_told(told, open_room):
    room = open_room()
    out, ben = room.join("Cleo"), room.join("Ben")
    db.write(seats.remove, seat_of(room.trainer), seat_of(out).id)
    assert "You were removed from the session." in told(out)
    assert "ask the trainer" in told(out)
    end(room)
    assert "Aisha has ended the session. Thank you for watching." in told(ben)
    assert "ask the trainer" not in told(ben)
    assert OFFER not in told(ben) + told(out)


@pytest.mark.parametrize("has_job_run", [False, True])
def test_when_the_time_is_over_the_trainer_finds_the_summary(told, visitor, open_room, has_job_run):
    room = open_room()
    ben, number = room.join(), summaries.number_of(seat_of(room.trainer).session_id)
    expire()
    if has_job_run:
        endings.end_due()
    assert "The time of Aisha's session is over. Thank you for watching." in told(ben)
    assert OFFER not in told(ben)
    page = told(room.trainer)
    assert "The session's time is over." in page
    assert OFFER in page
    browser = visitor()
    browser.cookies.set("rxconnect-seat", room.trainer)
    left = browser.post(routes.with_query(routes.DEMO_LEAVE, summary="yes"))
    assert left.headers["location"] == routes.fill(routes.DEMO_SUMMARY, number)
    assert 'rxconnect-seat=""' in left.headers["set-cookie"]
    assert browser.cookies["rxconnect-led"] == room.trainer
    assert db.read(summaries.summary, number).people == 2


def test_nobody_else_is_led_to_the_summary(visitor, open_room):
    room = open_room()
    ben = room.join()
    end(room)
    browser = visitor()
    browser.cookies.set("rxconnect-seat", ben)
    assert browser.post(routes.with_query(routes.DEMO_LEAVE, summary="yes")).headers["location"] == routes.HOME


def test_with_its_summary_a_session_is_forgotten(told, open_room):
    room = open_room()
    end(room)
    with clock.at(clock.now() + SUMMARY_LASTS + timedelta(seconds=1)):
        endings.end_due()
        page = told(room.trainer)
    assert UNKNOWN in page
    assert OFFER not in page


@pytest.mark.parametrize("change", ["x" * 43, "", "{}x", "2{}", ".{}"])
def test_a_token_that_was_made_up_learns_nothing(told, open_room, change):
    room = open_room()
    end(room)
    page = told(change.format(room.trainer))
    assert UNKNOWN in page
    assert OFFER not in page


@pytest.mark.parametrize("token", ["é", ".", "1.trainer.x.", "." * 80])
def test_a_text_that_is_no_token_says_nothing(database, token):
    assert seat_tokens.read(token) is None


def test_a_seat_that_is_not_gone_is_led_to_its_room(visitor, open_room):
    browser = visitor()
    browser.cookies.set("rxconnect-seat", open_room().trainer)
    assert browser.get(routes.DEMO_OVER).headers["location"] == routes.DEMO_ROOM
