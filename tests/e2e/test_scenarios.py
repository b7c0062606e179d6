"""The scenarios of the desk in a browser, as a trainer runs them alone: what really happened ticks each step off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import update

from rxconnect import db
from rxconnect.demo import scenarios, seats, templates
from rxconnect.domain import clock
from rxconnect.domain.review import DecisionState
from rxconnect.models import Decision
from rxconnect.services.accounts import sign_ins
from rxconnect.world import world_of
from tests.e2e import guide, room_chapter
from tests.e2e.actions import button, link, settled
from tests.e2e.rooms import Room
from tests.photographs import encoded, picture

# Milliseconds. A job ticks steps off, in one world after the other, and other tests have worlds open on a busy machine.
_TICKED_WITHIN = 60_000


class Trainer:
    """Aisha, alone in her session, at the page where its scenario begins."""

    def __init__(self, url: str, page: Page, key: str):
        self.scenario = scenarios.load(key)
        self.room = Room(url, key)
        self.page = self.room.drive(page, self.scenario.start)

    def sees_step(self, number: int) -> Page:
        """Wait until the steps before this one are ticked off, and take the seat that it needs."""
        of = f"Step {number} of {len(self.scenario.steps)}"
        expect(self._guide).to_contain_text(of, timeout=_TICKED_WITHIN)
        step = self.scenario.steps[number - 1]
        if self.page.get_by_label("Your seat").input_value() != step.seat:
            self._guide.locator("button").click()
            expect(self.page.get_by_label("Your seat")).to_have_value(step.seat)
        elif not self.page.url.endswith(step.page) and self._guide.locator("button").count():
            button(self.page, "Go there").click()
        settled(self.page)
        return self.page

    def has_shown_everything(self) -> None:
        """Wait until the last step is ticked off."""
        expect(self._guide).to_contain_text("steps were shown", timeout=_TICKED_WITHIN)

    def let_decisions_count(self) -> None:
        """Let the ten seconds in which a decision can be undone pass."""
        seat = seats.find(sign_ins.seat_hash(self.room.token))
        assert seat
        with world_of(seat.world).bound(), db.transaction() as session:
            is_pending = Decision.state == DecisionState.PENDING
            session.exec(update(Decision).where(is_pending).values(commits_at=clock.now() - timedelta(seconds=1)))

    @property
    def _guide(self) -> Locator:
        return self.page.get_by_label("What comes next")


@pytest.fixture
def show(desktop: Page, app_url: str) -> Iterator[Any]:
    """`show("photo")` starts a session with this scenario, in which Aisha drives."""
    templates.get_or_make_template()
    trainers: list[Trainer] = []

    def begin(key: str) -> Trainer:
        trainers.append(Trainer(app_url, desktop, key))
        return trainers[-1]

    yield begin
    for trainer in trainers:
        trainer.room.end()


def write(page: Page, words: str) -> None:
    page.get_by_label("Subject").fill("Hello")
    page.get_by_label("Message", exact=True).fill(words)


def send(page: Page) -> None:
    button(page, "Continue").click()
    page.get_by_role("checkbox", name="I accept").click()
    page.get_by_role("button", name="Send", exact=True).click()


def open_last(page: Page, name: str) -> None:
    """Open somebody's letter at the desk, the last one in the list."""
    lines = page.locator(".desk-lines button")
    expect(lines.last).to_contain_text(name)
    lines.last.click()
    expect(page.locator("#letter-title")).to_be_visible()


def tick(box: Locator) -> None:
    """Tick a checkbox that the server's answer ticks."""
    box.click()
    expect(box).to_be_checked()


def appeal(page: Page, contact: str) -> None:
    link(page, contact).first.click()
    link(page, "Hello").first.click()
    page.get_by_label("Why should it be delivered?").fill("It is only about us.")
    button(page, "Appeal").click()


def let_through(page: Page) -> None:
    button(page, "Appeals").click()
    page.locator(".desk-lines button", has_text="Sam Whitaker").click()
    button(page, "Decide the appeal").click()
    button(page, "Let the letter through").click()


def open_inside(page: Page, name: str) -> None:
    link(page, name).click()
    link(page, "Open the letter").click()
    settled(page)


def search_audit(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).select_option(label=option)
    button(page, "Search").click()


def test_a_rejected_letter_and_an_appeal(show):
    trainer = show("rejected-letter")
    page = trainer.sees_step(1)
    write(page, "My number is 509-555-0142.")
    send(page)
    open_last(trainer.sees_step(2), "Sam Whitaker")
    button(page, "Reject").click()
    button(page, "Contact details of others").click()
    trainer.let_decisions_count()
    appeal(trainer.sees_step(3), "Marcus Delgado")
    let_through(trainer.sees_step(4))
    trainer.let_decisions_count()
    open_inside(trainer.sees_step(5), "Sam Whitaker")
    trainer.sees_step(6)
    button(page, "Write a reply").click()
    page.get_by_label("Your reply").fill("It came.")
    button(page, "Send").click()
    trainer.sees_step(7)
    button(page, "Waiting").click()
    open_last(page, "Marcus Delgado")
    button(page, "Approve").click()
    trainer.let_decisions_count()
    trainer.has_shown_everything()


@pytest.mark.guide
def test_a_day_at_the_desk(show):
    trainer = show("day-at-the-desk")
    page = trainer.sees_step(1)
    button(page, "Open the next letter").click()
    trainer.sees_step(2)
    guide.take_room_picture([page], room_chapter.NEXT_STEP)
    button(page, "Approve").click()
    trainer.sees_step(3)
    button(page, "Reject").click()
    assert "dashed" in page.locator("#reasons").evaluate("one => getComputedStyle(one).outlineStyle")
    button(page, "Contact details of others").click()
    trainer.sees_step(4)
    button(page, "Set aside").last.click()
    page.get_by_role("button", name="1 hour", exact=True).click()
    trainer.sees_step(5)
    page.get_by_role("toolbar", name="Decide").get_by_role("button", name="Escalate").click()
    page.get_by_label("Escalate to an administrator").fill("Please look at this.")
    page.locator("form").get_by_role("button", name="Escalate").click()
    trainer.sees_step(6)
    button(page, "Escalated").click()
    expect(page.locator(".desk-lines button")).to_have_count(1)
    open_last(page, " → ")
    button(page, "Approve").click()
    trainer.sees_step(7)
    button(page, "Try Messages for others").click()
    button(page, "Switch on: Messages for others").click()
    search_audit(trainer.sees_step(8), "Person", "Denise Walker")
    trainer.has_shown_everything()


def test_a_photo(show):
    trainer = show("photo")
    page = trainer.sees_step(1)
    write(page, "Two pictures.")
    files = [("one.jpg", encoded()), ("two.jpg", encoded(drawn=picture(90, 60)))]
    page.set_input_files(
        "#add-photos", [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
    )
    expect(page.locator(".photo-grid img")).to_have_count(2)
    trainer.sees_step(2)
    send(page)
    open_last(trainer.sees_step(3), "Sam Whitaker")
    tick(page.get_by_role("group", name="Decide only some parts").get_by_role("checkbox").nth(1))
    button(page, "Reject").click()
    expect(page.get_by_role("checkbox", name="Let the other parts through")).to_be_checked()
    button(page, "Security of the facility").click()
    trainer.let_decisions_count()
    appeal(trainer.sees_step(4), "Marcus Delgado")
    let_through(trainer.sees_step(5))
    trainer.let_decisions_count()
    open_inside(trainer.sees_step(6), "Sam Whitaker")
    trainer.has_shown_everything()


def test_a_lawyers_letter(show):
    trainer = show("lawyers-letter")
    page = trainer.sees_step(1)
    button(page, "Verify: Idris Hale").click()
    page.get_by_label("Last day").fill((clock.now() + timedelta(days=300)).date().isoformat())
    button(page, "Verify until this day").click()
    write(trainer.sees_step(2), "About the hearing.")
    send(page)
    trainer.sees_step(3)
    page.get_by_role("list", name="Letters", exact=True).get_by_role("button").first.click()
    page.get_by_label("Reason").fill("To show it to the room.")
    button(page, "Ask to open this letter").click()
    open_inside(trainer.sees_step(4), "Idris Hale")
    button(page, "I want it on paper").click()
    trainer.sees_step(5)
    button(page, "Make a batch").click()
    button(page, "Confirm as handed over").click()
    search_audit(trainer.sees_step(6), "Act", "Asked to open a privileged letter")
    trainer.has_shown_everything()


def test_a_transfer_in_the_middle(show):
    trainer = show("transfer")
    page = trainer.sees_step(1)
    write(page, "We think of you.")
    send(page)
    trainer.sees_step(2)
    link(page, "Look at it").click()
    button(page, "Import").last.click()
    open_last(trainer.sees_step(3), "Sam Whitaker")
    button(page, "Approve").click()
    trainer.let_decisions_count()
    search_audit(trainer.sees_step(4), "Act", "Imported a roster")
    trainer.has_shown_everything()


def test_a_shifts_warm_up(show):
    trainer = show("warm-up")
    page = trainer.sees_step(1)
    button(page, "Begin").click()
    button(page, "Approve").click()
    trainer.sees_step(2)
    for _ in range(5):
        button(page, "Go on").click()
        button(page, "Reject").click()
    button(page, "Go on").click()
    trainer.sees_step(3)
    button(page, "Open the next letter").click()
    button(page, "Approve").click()
    trainer.sees_step(4)
    button(page, "Open the letter").first.click()
    button(page, "The second").click()
    trainer.has_shown_everything()
