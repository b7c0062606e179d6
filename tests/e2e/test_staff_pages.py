"""Every page of staff for everyone: axe finds nothing, a keyboard reaches everything, at every width, light and dark."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from tests.e2e.actions import button, cedar_ridge, sign_in, visit
from tests.e2e.test_accessibility import REACHABLE, Inspector, inspector  # noqa: F401 - a fixture
from tests.e2e.test_staff_sign_in import enter_password, member, submit_code
from tests.staff import code_at

_PAGES = (
    routes.STAFF,
    routes.STAFF_PROFILE,
    routes.QUALITY,
    routes.SECOND_READINGS,
    routes.DISAGREEMENTS,
    routes.WARM_UP,
    routes.RULES,
    routes.ROSTERS,
    routes.FACILITY_SETTINGS,
    routes.TEAM,
    routes.AUDIT,
    routes.REPORTS,
    routes.LAWYERS,
    routes.PRIVILEGED,
    routes.STAFF_KIOSKS,
    routes.LEDGER,
)


def sign_in_as_administrator(page: Page) -> None:
    chief = member(role=Role.ADMINISTRATOR)
    enter_password(page, chief)
    submit_code(page, code_at())
    expect(page.get_by_role("heading", name="Review", level=1)).to_be_visible()


def test_the_steps_of_signing_in(inspector: Inspector):  # noqa: F811
    page = inspector.page
    enter_password(page, member())
    expect(page).to_have_url(re.compile(routes.SECOND_STEP))
    inspector.look("the second step")
    submit_code(page, "000000")
    expect(page.get_by_text("does not fit")).to_be_visible()
    inspector.look("a wrong code")
    enter_password(page, member(has_app=False))
    expect(page).to_have_url(re.compile(routes.SECOND_FACTOR))
    inspector.look("setting up")
    visit(page, f"{routes.STAFF_CONFIRM}?next=/staff")
    inspector.look("confirming")
    visit(page, f"{routes.INVITATION}?token=none")
    inspector.look("an invitation")


def test_the_pages_of_an_administrator(inspector: Inspector):  # noqa: F811
    page = inspector.page
    sign_in_as_administrator(page)
    for address in _PAGES:
        visit(page, address)
        inspector.look(address)
    visit(page, routes.TEAM)
    button(page, "Change Robin Reyes").first.click()
    button(page, "Remove from this facility").click()
    inspector.look("changing a member")
    page.get_by_label("Email at work").fill("nobody")
    button(page, "Send the invitation").click()
    expect(page.get_by_label("Email at work")).to_have_attribute("aria-invalid", "true")
    inspector.look("a wrong invitation")
    visit(page, routes.RULES)
    page.get_by_role("button", name="Write", exact=True).click()
    page.get_by_label("What it looks at").select_option("pattern")
    page.locator("#pattern").fill("(")
    button(page, "Write the rule").click()
    expect(page.locator("#pattern")).to_have_attribute("aria-invalid", "true")
    inspector.look("a wrong pattern")
    visit(page, routes.RECOVERY_CODES)
    button(page, "Make new recovery codes").click()
    inspector.look("recovery codes")


def test_a_reviewer_learns_for_whom_the_team_page_is(inspector: Inspector):  # noqa: F811
    sign_in(inspector.page, "reviewer@example.com")
    visit(inspector.page, routes.TEAM)
    inspector.look("not for reviewers")


def test_tab_reaches_everything_in_the_order_of_reading(desktop: Page):
    sign_in_as_administrator(desktop)
    for address in _PAGES:
        visit(desktop, address)
        desktop.evaluate("document.activeElement.blur()")
        expected = desktop.evaluate(REACHABLE)
        reached = []
        # A field for a date is several stops: month, day, year, and the calendar.
        for _ in range(expected + 3 * desktop.locator("input[type=date]").count()):
            desktop.keyboard.press("Tab")
            reached.append(desktop.evaluate("Number(document.activeElement.dataset.place ?? -1)"))
        assert reached == sorted(reached), address
        assert len(set(reached)) == expected, address


def test_an_invitation_is_sent_with_the_keyboard_alone(desktop: Page):
    sign_in_as_administrator(desktop)
    visit(desktop, routes.TEAM)
    desktop.get_by_label("Name", exact=True).focus()
    desktop.keyboard.type("Kim Novak")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type(f"kim-{db.read(cedar_ridge)}@example.org")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("list", name="Invited")).to_contain_text("Kim Novak")
