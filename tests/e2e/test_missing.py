"""A family whose person is missing from the list: the pages say so calmly, and they can still write."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlmodel import col

from rxconnect import db, routes
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.models import Inmate
from rxconnect.services.custody import roster_absences
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.rosters.roster_people import select_people
from tests.e2e.actions import button, cedar_ridge, enter, link, new_writer, visit


def missing_contact(writer) -> int:
    """The id of a contact of this family who is missing from the list since now."""
    with db.transaction() as session:
        place = cedar_ridge(session)
        inmates.add_to_roster(session, place, [Person("77700077", "Quentin", "Halloran")])
        facilities.add_location(session, writer.actor, place)
        (found,), _ = inmates.find(session, writer.actor, place, InmateQuery(number="77700077"))
        roster_absences.add_absences(session, list(select_people(session, col(Inmate.id) == found.id)), 3)
        return contacts.add_at_my_location(session, writer.actor, found.id).id


def picture(page: Page, name: str) -> None:
    """A picture for somebody who looks at the pages, where a folder for them is named."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("RXCONNECT_PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


def test_a_missing_person_is_shown_so_and_can_be_written_to(phone: Page, app_url: str):
    writer = new_writer(credits=5)
    contact_id = missing_contact(writer)
    enter(phone, app_url, writer)

    visit(phone, routes.CONTACTS)
    expect(phone.get_by_text("Not on the list since")).to_be_visible()
    picture(phone, "contacts")
    visit(phone, routes.fill(routes.THREAD, contact_id))
    expect(phone.get_by_text("You can still write.")).to_be_visible()
    picture(phone, "thread")
    link(phone, "Write to Quentin").click()
    expect(phone.get_by_label("Subject")).to_be_visible()
    expect(phone.get_by_text("You can still write.")).to_be_visible()
    picture(phone, "compose")
    phone.get_by_label("Subject").fill("Hello")
    phone.get_by_label("Message", exact=True).fill("We miss you.")
    button(phone, "Continue").click()
    expect(button(phone, "Send")).to_be_visible()
