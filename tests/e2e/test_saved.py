"""*Saved* is true, and nothing typed is lost: whatever becomes of the connection, the server, the tab or the sign-in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, WebSocketRoute, expect

from rxconnect import db, routes
from rxconnect.domain import terms
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts
from rxconnect.services.screening import submissions
from tests.e2e.actions import Person, button, enter, link, new_draft, new_writer, settled, submit_sign_in, visit
from tests.e2e.servers import MortalServer
from tests.processes import frozen
from tests.soak import typing

SAVED, NOT_SAVED = "Saved", "Not saved yet. It is kept on this device"
BROUGHT_BACK = "We brought back what you had not saved yet."
CHANGED = "This draft was also changed in another window."


@pytest.fixture
def writer() -> Person:
    return new_writer(credits=5)


@pytest.fixture
def compose(desktop: Page, app_url: str, writer: Person) -> Callable[..., int]:
    """`compose(body)`: stand in a new draft. Answers its id."""
    enter(desktop, app_url, writer)

    def begin(body: str = "") -> int:
        draft_id = new_draft(writer, "Home", body)
        visit(desktop, routes.fill(routes.COMPOSE, draft_id))
        return draft_id

    return begin


def message(page: Page) -> Locator:
    return page.get_by_label("Message", exact=True)


def says(page: Page, status: str) -> None:
    expect(page.locator("[data-saved]").get_by_text(status, exact=True).first).to_be_visible(timeout=30_000)


def body_of(writer: Person, draft_id: int) -> str:
    """The message as the database has it."""
    return db.read(drafts.get, writer.actor, draft_id).body


def kept_in(page: Page) -> str:
    """All that the browser keeps of words."""
    return page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('rxconnect-')).map(k => localStorage[k]).join()"
    )


@contextmanager
def offline(context: BrowserContext) -> Iterator[None]:
    context.set_offline(True)
    yield
    context.set_offline(False)


class LateAnswers:
    """What the server says over the socket of a page that is loaded from now on, which may be kept waiting."""

    def __init__(self, page: Page):
        self._are_held, self._held = False, []
        page.route_web_socket(re.compile("/_event"), self._carry)

    def hold(self) -> None:
        self._are_held = True

    def release(self) -> None:
        self._are_held = False
        for answer in self._held:
            self._socket.send(answer)

    def _carry(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        to_page = lambda answer: self._held.append(answer) if self._are_held else socket.send(answer)  # noqa: E731
        socket.connect_to_server().on_message(to_page)


def test_what_is_saved_says_so_and_the_browser_keeps_no_copy(desktop: Page, writer: Person, compose):
    draft_id = compose()
    message(desktop).press_sequentially("The apples are ripe.", delay=20)
    says(desktop, SAVED)
    assert body_of(writer, draft_id) == "The apples are ripe."
    assert kept_in(desktop) == ""


def test_no_letter_is_shown_under_the_address_of_another_however_late_the_server_answers(
    desktop: Page, app_url: str, writer: Person
):
    first, second = new_draft(writer, "First"), new_draft(writer, "Second")
    answers = LateAnswers(desktop)
    enter(desktop, app_url, writer)
    subject = desktop.get_by_label("Subject")
    visit(desktop, routes.fill(routes.COMPOSE, first))
    expect(subject).to_have_value("First")
    link(desktop, "Dashboard").first.click()
    expect(link(desktop, "Second")).to_be_visible()
    answers.hold()
    link(desktop, "Second").click()
    desktop.wait_for_url(f"**{routes.fill(routes.COMPOSE, second)}")
    expect(desktop.get_by_role("heading", name="Write to Marcus")).to_be_visible()
    expect(subject).to_have_count(0)
    answers.release()
    expect(subject).to_have_value("Second")


def test_without_a_connection_it_is_said_and_made_good_by_itself(desktop: Page, writer: Person, compose):
    draft_id = compose()
    with offline(desktop.context):
        message(desktop).press_sequentially("In the tunnel", delay=20)
        says(desktop, NOT_SAVED)
        button(desktop, "Continue").click()
        expect(desktop.get_by_text("There is no connection to us")).to_be_visible()
        assert "In the tunnel" in kept_in(desktop)
        assert body_of(writer, draft_id) == ""
    says(desktop, SAVED)
    assert body_of(writer, draft_id) == "In the tunnel"
    assert kept_in(desktop) == ""
    # Nothing goes on later that was refused before.
    expect(message(desktop)).to_have_value("In the tunnel")


def _reload(page: Page, _address: str) -> Page:
    page.reload()
    return page


def _go_back(page: Page, _address: str) -> Page:
    page.go_back()
    page.go_forward()
    return page


def _close(page: Page, address: str) -> Page:
    page.close()
    another = page.context.new_page()
    another.goto(address)
    return another


def _click_away(page: Page, address: str) -> Page:
    link(page, "Contacts").first.click()
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()
    page.goto(address)
    return page


@pytest.mark.parametrize("leave", [_reload, _go_back, _close, _click_away])
def test_words_that_could_not_be_saved_come_back(desktop: Page, writer: Person, compose, leave):
    draft_id = compose("Before.")
    desktop.route("**/keep", lambda route: route.abort())
    message(desktop).press("End")
    message(desktop).press_sequentially(" And after.", delay=20)
    says(desktop, NOT_SAVED)
    assert body_of(writer, draft_id) == "Before."
    desktop.unroute_all()
    if leave is not _close:
        # The last try of a page that is left does not get through either.
        desktop.context.route("**/keep", lambda route: route.abort(), times=1)

    page = leave(desktop, routes.fill(routes.COMPOSE, draft_id))
    expect(message(page)).to_have_value("Before. And after.")
    says(page, SAVED)
    assert body_of(writer, draft_id) == "Before. And after."
    assert kept_in(page) == ""


def test_what_was_brought_back_is_said(desktop: Page, writer: Person, compose):
    draft_id = compose("Before.")
    with offline(desktop.context):
        message(desktop).fill("Before. And after.")
        says(desktop, NOT_SAVED)
        desktop.close()
    page = desktop.context.new_page()
    visit(page, routes.fill(routes.COMPOSE, draft_id))
    expect(page.get_by_text(BROUGHT_BACK)).to_be_visible()
    expect(message(page)).to_have_value("Before. And after.")


def test_continue_takes_the_last_key_along(desktop: Page, compose):
    compose("One")
    message(desktop).press("End")
    desktop.keyboard.type(" two three", delay=5)
    button(desktop, "Continue").click()
    expect(button(desktop, "Send")).to_be_visible()
    expect(desktop.get_by_role("main")).to_contain_text("One two three")


def test_the_contact_is_saved_like_the_words(desktop: Page, writer: Person, compose):
    draft_id = compose("One")
    desktop.route("**/keep", lambda route: route.abort(), times=1)
    desktop.get_by_label("Contact").select_option(index=1)
    message(desktop).fill("Two")
    says(desktop, SAVED)
    assert db.read(drafts.get, writer.actor, draft_id).contact == "Marcus Delgado"


def test_two_tabs_at_the_same_draft_are_told_and_both_texts_can_be_had(desktop: Page, writer: Person, compose):
    draft_id = compose("Dear Marcus")
    other = desktop.context.new_page()
    visit(other, routes.fill(routes.COMPOSE, draft_id))
    message(other).fill("Written in the other tab")
    says(other, SAVED)

    # Without a glance at the other: as if they were on two devices, both in front.
    desktop.evaluate("window.addEventListener('focus', event => event.stopImmediatePropagation(), true)")
    message(desktop).fill("Written in the first tab")
    conflict = desktop.get_by_role("region", name=CHANGED)
    expect(conflict).to_contain_text("Written in the other tab")
    expect(message(desktop)).to_have_value("Written in the first tab")
    assert body_of(writer, draft_id) == "Written in the other tab"
    button(desktop, "Continue").click()
    expect(conflict).to_be_focused()

    button(desktop, "Keep what is here").click()
    says(desktop, SAVED)
    assert body_of(writer, draft_id) == "Written in the first tab"

    message(other).press("End")
    other.keyboard.type(", and on", delay=20)
    expect(other.get_by_role("region", name=CHANGED)).to_contain_text("Written in the first tab")
    button(other, "Use the other").click()
    expect(message(other)).to_have_value("Written in the first tab")
    says(other, SAVED)
    assert kept_in(other) == ""


def test_a_tab_with_nothing_unsaved_follows_what_the_other_wrote(desktop: Page, compose):
    draft_id = compose("Dear Marcus")
    other = desktop.context.new_page()
    visit(other, routes.fill(routes.COMPOSE, draft_id))
    message(other).fill("Dear Marcus, and more")
    says(other, SAVED)
    desktop.bring_to_front()
    desktop.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(message(desktop)).to_have_value("Dear Marcus, and more")


def test_a_draft_that_was_sent_in_another_tab_links_to_the_message_and_keeps_what_came_too_late(
    desktop: Page, writer: Person, compose
):
    draft_id = compose("We miss you.")
    db.write(submissions.send, writer.actor, draft_id, accepted_terms=terms.VERSION)
    message(desktop).fill("We miss you. So much.")
    expect(desktop.get_by_text("This message was sent in another window.")).to_be_visible()
    expect(link(desktop, "See the message")).to_be_visible()
    expect(desktop.get_by_text("We miss you. So much.")).to_be_visible()
    button(desktop, "Write them in a new letter").click()
    expect(message(desktop)).to_have_value("We miss you. So much.")
    assert not desktop.url.endswith(f"/{draft_id}")
    assert kept_in(desktop) == ""


def test_what_is_typed_after_the_sign_in_ended_is_put_back_after_signing_in_again(
    desktop: Page, writer: Person, compose
):
    draft_id = compose("Before it ended.")
    db.write(sign_ins.sign_out_everywhere, writer.actor)
    message(desktop).fill("Before it ended. And this came after.")

    expect(desktop.get_by_text("You were signed out. Sign in again; what you wrote is kept.")).to_be_visible()
    submit_sign_in(desktop, writer.email)
    expect(message(desktop)).to_have_value("Before it ended. And this came after.")
    expect(desktop.get_by_text(BROUGHT_BACK)).to_be_visible()
    says(desktop, SAVED)
    assert body_of(writer, draft_id) == "Before it ended. And this came after."


def test_nobody_else_at_the_same_computer_gets_what_was_typed(desktop: Page, writer: Person, compose):
    draft_id, other = compose(), new_writer()
    db.write(sign_ins.sign_out_everywhere, writer.actor)
    message(desktop).fill("For his eyes only.")
    submit_sign_in(desktop, other.email)
    expect(desktop.get_by_role("alert")).to_contain_text("We could not find this draft.")
    expect(desktop.get_by_text("For his eyes only.")).to_have_count(0)

    visit(desktop, routes.fill(routes.COMPOSE, new_draft(other)))
    expect(message(desktop)).to_have_value("")
    desktop.context.clear_cookies()
    desktop.goto(f"{routes.SIGN_IN}?next={routes.fill(routes.COMPOSE, draft_id)}")
    submit_sign_in(desktop, writer.email)
    expect(message(desktop)).to_have_value("For his eyes only.")


def test_signing_out_leaves_no_words_behind(desktop: Page, compose):
    compose()
    desktop.route("**/keep", lambda route: route.abort())
    message(desktop).fill("For his eyes only.")
    says(desktop, NOT_SAVED)
    assert "For his eyes only." in kept_in(desktop)
    button(desktop, "Sign out").first.click()
    expect(desktop.get_by_text("You are signed out.")).to_be_visible()
    desktop.wait_for_load_state("networkidle")
    assert kept_in(desktop) == ""


def test_typing_on_while_the_server_dies_and_restarts_loses_and_doubles_no_key(
    desktop: Page,
    mortal: MortalServer,
):
    assert typing.type_through(desktop, mortal, [mortal.kill, mortal.stop, mortal.kill]) == []


def test_a_frozen_server_is_never_said_to_have_saved(desktop: Page, mortal: MortalServer):
    writer = new_writer()
    enter(desktop, mortal.url, writer)
    draft_id = new_draft(writer, "Home", "")
    visit(desktop, f"{mortal.url}{routes.fill(routes.COMPOSE, draft_id)}")
    with frozen(mortal.process):
        message(desktop).press_sequentially("Is anybody there?", delay=40)
        says(desktop, NOT_SAVED)
        assert body_of(writer, draft_id) == ""
    says(desktop, SAVED)
    assert body_of(writer, draft_id) == "Is anybody there?"


def test_no_field_is_taken_away_while_the_server_comes_back(desktop: Page, mortal: MortalServer):
    enter(desktop, mortal.url, new_writer())
    typed: list[tuple[Page, Locator, str]] = []
    for address, label, text in (
        (routes.BUY_CREDITS, "Message credits", "33"),
        (routes.PROFILE, "Find a facility", "cedar rid"),
        (routes.INBOX, "Search your messages", "grandmother"),
    ):
        page = desktop.context.new_page()
        visit(page, f"{mortal.url}{address}")
        field = page.get_by_label(label)
        field.fill(text)
        field.evaluate("field => { window.theField = field; field.setSelectionRange(1, 1) }")
        typed.append((page, field, text))
    for _ in range(2):
        mortal.kill()
        for page, _field, _text in typed:
            expect(page.get_by_text("The connection was lost.")).to_be_visible()
        mortal.start()
        for page, field, text in typed:
            expect(page.get_by_text("The connection was lost.")).to_be_hidden(timeout=30_000)
            settled(page)
            page.wait_for_load_state("networkidle")
            expect(field).to_have_value(text)
            expect(field).to_be_focused()
            assert field.evaluate("field => field === window.theField && field.selectionStart === 1")
