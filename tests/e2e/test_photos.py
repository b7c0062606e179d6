"""Photos in a browser: chosen, kept through a cut connection, ordered by the keyboard, removed and brought back, and sent."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page, expect

from rxconnect import db, routes
from rxconnect.services.messages import drafts
from tests.e2e.actions import Person, button, enter, new_draft, new_writer, visit
from tests.photographs import encoded, picture


@pytest.fixture
def writer() -> Person:
    return new_writer(credits=9)


def a_file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def captions(page: Page) -> list[str | None]:
    return [one.get_attribute("alt") for one in page.locator(".photo-grid img").all()]


def test_photos_of_a_draft_survive_whatever_happens_and_are_sent(phone: Page, app_url: str, writer: Person):
    enter(phone, app_url, writer)
    draft_id = new_draft(writer, "Pictures", "From the weekend.")
    visit(phone, routes.fill(routes.COMPOSE, draft_id))
    # The first answer never arrives, so the page tries again, and nothing is stored twice.
    phone.route("**/photos?key=*", lambda route: (route.fetch(), route.abort())[1], times=1)
    phone.set_input_files(
        "#add-photos", [a_file("one.jpg", encoded()), a_file("two.jpg", encoded(drawn=picture(90, 60)))]
    )
    expect(phone.locator(".photo-grid img")).to_have_count(2, timeout=30_000)
    assert len(db.read(drafts.get, writer.actor, draft_id).photos) == 2
    phone.get_by_label("Caption: Photo 1").fill("The garden")
    phone.get_by_role("button", name="Move later: Photo 1").press("Enter")
    expect(phone.get_by_alt_text("Photo 2: The garden")).to_be_visible(timeout=15_000)
    phone.set_input_files("#add-photos", [a_file("broken.jpg", encoded()[:90])])
    expect(phone.get_by_text("This photo is damaged or incomplete.")).to_be_visible(timeout=15_000)
    button(phone, "Remove: broken.jpg").click()
    # The server has the photo, the answer was lost, and it is removed while the page sends it once more.
    uploads = "**/photos?key=*"
    phone.route(uploads, lambda route: route.continue_() if route.request.method == "DELETE" else None)
    phone.route(uploads, lambda route: (route.fetch(), route.abort())[1], times=1)
    tries = itertools.count(1)
    with phone.expect_request(lambda asked: "/photos?key=" in asked.url and next(tries) == 2):
        phone.set_input_files("#add-photos", [a_file("unwanted.jpg", encoded(drawn=picture(80, 70)))])
    assert len(db.read(drafts.get, writer.actor, draft_id).photos) == 3
    with phone.expect_response(lambda reply: reply.request.method == "DELETE"):
        button(phone, "Remove: unwanted.jpg").click()
    expect(phone.get_by_text("unwanted.jpg")).to_have_count(0)
    assert len(db.read(drafts.get, writer.actor, draft_id).photos) == 2
    phone.unroute(uploads)
    phone.get_by_role("button", name="Remove: Photo 1").click()
    expect(phone.locator(".photo-grid img")).to_have_count(1)
    button(phone, "Undo").click()
    expect(phone.locator(".photo-grid img")).to_have_count(2)
    phone.reload()
    expect(phone.get_by_alt_text("Photo 2: The garden")).to_be_visible(timeout=15_000)
    assert captions(phone) == ["Photo 1", "Photo 2: The garden"]
    button(phone, "Continue").click()
    phone.wait_for_url("**/send")
    expect(phone.get_by_text("3 credits")).to_be_visible(timeout=15_000)
    phone.get_by_role("checkbox").check()
    button(phone, "Send").click()
    expect(phone.get_by_alt_text("Photo 2: The garden")).to_be_visible(timeout=15_000)
    assert phone.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
