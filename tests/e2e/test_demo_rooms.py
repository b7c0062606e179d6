"""The ways between the room of a demo session and the product, in real browsers."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlmodel import update

from rxconnect import db, routes
from rxconnect.demo import seats
from rxconnect.domain import clock
from rxconnect.models import DemoSession
from rxconnect.services.accounts import sign_ins
from tests.e2e.actions import button, link, settled
from tests.e2e.rooms import shows, strip
from tests.e2e.test_demo_sessions import _warm, aisha, code_of, join, person  # noqa: F401 - two are fixtures


def go_in(page: Page) -> None:
    """Press the button that leads from the room to the product."""
    link(page, "Go to the product").click()
    shows(page, routes.DASHBOARD)


def test_whoever_joins_late_goes_straight_to_what_the_driver_sees_and_may_come_back(aisha: Page, phone: Page):  # noqa: F811
    code = code_of(aisha)
    go_in(aisha)
    link(aisha, "Contacts").first.click()
    shows(aisha, routes.CONTACTS)
    phone.goto(f"{routes.DEMO_JOIN}?code={code}")
    phone.get_by_label("Your name").fill("Ben")
    button(phone, "Join").tap()
    shows(phone, routes.CONTACTS)
    expect(strip(phone)).to_contain_text("Following Aisha")
    button(phone, "Room").tap()
    expect(phone.locator("#code")).to_be_visible()
    link(aisha, "Credits").first.click()
    shows(aisha, routes.CREDITS)
    expect(phone).to_have_url(re.compile(re.escape(routes.DEMO_ROOM)))
    link(phone, "Go to the product").tap()
    shows(phone, routes.CREDITS)


def test_whoever_waits_in_the_room_is_led_in_with_the_driver(aisha: Page, phone: Page):  # noqa: F811
    ben = join(phone, code_of(aisha))
    go_in(aisha)
    shows(ben, routes.DASHBOARD)
    expect(strip(ben)).to_contain_text("Following Aisha")


def test_whoever_opens_a_page_that_nobody_fills_waits_in_the_room(aisha: Page, phone: Page):  # noqa: F811
    ben = join(phone, code_of(aisha))
    link(ben, "Go to the product").tap()
    expect(ben.get_by_text("As soon as the presenter opens a page, yours follows.")).to_be_visible()
    go_in(aisha)
    shows(ben, routes.DASHBOARD)
    # A page that was filled stays while the driver is in the room, and one that is loaded then waits.
    aisha.goto(routes.DEMO_BREAK)
    settled(aisha)
    shows(ben, routes.DASHBOARD)
    ben.reload()
    expect(ben.get_by_text("As soon as the presenter opens a page, yours follows.")).to_be_visible()


def test_the_trainer_takes_the_other_seat_with_one_press(aisha: Page, phone: Page):  # noqa: F811
    code = code_of(aisha)
    button(aisha, "Reviewer").click()
    expect(person(aisha, "Aisha")).to_contain_text("Reviewer")
    button(aisha, "Family").click()
    expect(person(aisha, "Aisha")).to_contain_text("Family")
    go_in(aisha)
    ben = join(phone, code)
    shows(ben, routes.DASHBOARD)
    seat_of = strip(aisha).get_by_label("Your seat")
    seat_of.select_option("Administrator")
    for page in (aisha, ben):
        shows(page, routes.STAFF)
    seat_of.select_option("Kiosk")
    for page in (aisha, ben):
        shows(page, routes.KIOSK_INBOX)
    seat_of.select_option("Family")
    for page in (aisha, ben):
        shows(page, routes.DASHBOARD)


def test_when_the_time_is_over_the_trainer_still_finds_the_summary(aisha: Page):  # noqa: F811
    token = next(one["value"] for one in aisha.context.cookies() if one["name"] == "rxconnect-seat")
    seat = seats.find(sign_ins.seat_hash(token))
    assert seat
    with db.transaction() as session:
        expired = update(DemoSession).where(DemoSession.id == seat.session_id)
        session.exec(expired.values(expires_at=clock.now()))
    aisha.goto(routes.DASHBOARD)
    expect(aisha.get_by_text("The session's time is over.")).to_be_visible()
    button(aisha, "Read the summary").click()
    aisha.wait_for_url("**/demo/summary/*")
    settled(aisha)
    expect(aisha.get_by_text("What was shown")).to_be_visible()
