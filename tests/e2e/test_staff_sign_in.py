"""Staff in real browsers: the second step, passkeys of Chromium's virtual authenticator, idleness, and a suspension."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from pyotp import TOTP

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.services.second_factors import recovery_codes
from tests.e2e.actions import button, cedar_ridge, link, settled, sign_in, submit_sign_in, visit
from tests.e2e.test_signing_in import forget_passwords
from tests.staff import PASSWORD, Member, code_at, new_member

# Twelve seconds without a press, and a warning for their last third.
PATIENCE = 60_000  # ms
_TEN_CODES = re.compile(r"^([A-Z2-9]{5}-[A-Z2-9]{5}\s*){10}$")
_count = itertools.count(1)


def member(*, has_app: bool = True, role: Role = Role.REVIEWER) -> Member:
    """A new member of Cedar Ridge's staff."""
    return new_member(f"staff-{next(_count)}@example.org", db.read(cedar_ridge), role, has_app=has_app)


def enter_password(page: Page, robin: Member) -> None:
    page.goto(routes.SIGN_IN)
    submit_sign_in(page, robin.email, PASSWORD)


def submit_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.locator("form", has=page.get_by_label("Code")).get_by_role("button").first.click()


def give_passkeys(page: Page) -> None:
    """Let the page's browser have a device that makes passkeys and presses everything by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    can = ("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation")
    device = {"protocol": "ctap2", "transport": "internal"} | dict.fromkeys(can, True)
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def test_a_code_is_given_after_the_password_without_any_script(
    new_context: Callable[..., BrowserContext], app_url: str
):
    page = new_context(base_url=app_url, java_script_enabled=False).new_page()
    robin = member()
    enter_password(page, robin)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    submit_code(page, "000000")
    expect(page.get_by_text("does not fit")).to_be_visible()
    submit_code(page, code_at())
    page.wait_for_url(f"**{routes.STAFF}")


def test_a_recovery_code_signs_in_when_the_phone_is_not_at_hand(desktop: Page):
    robin = member()
    code = db.write(recovery_codes.renew, robin.account_id)[0]
    enter_password(desktop, robin)
    submit_code(desktop, code)
    expect(desktop.get_by_role("heading", name="Review", level=1)).to_be_visible()


def test_a_newcomer_sets_up_an_app_and_keeps_recovery_codes(desktop: Page):
    robin = member(has_app=False)
    enter_password(desktop, robin)
    expect(desktop.get_by_role("heading", name="Set up a second step")).to_be_visible()
    expect(desktop.get_by_role("img", name="QR code of the key below")).to_be_visible()
    secret = desktop.locator("#code-app-secret").inner_text().replace(" ", "")
    submit_code(desktop, TOTP(secret).at(clock.now()))
    expect(desktop.get_by_text("Now make your recovery codes")).to_be_visible()
    button(desktop, "Make new recovery codes").click()
    expect(desktop.locator("#recovery-codes")).to_have_text(_TEN_CODES)
    link(desktop, "Done").click()
    expect(desktop.get_by_role("heading", name="Review", level=1)).to_be_visible()


def test_a_passkey_is_made_at_the_first_sign_in_and_signs_in_alone(desktop: Page):
    give_passkeys(desktop)
    enter_password(desktop, member(has_app=False))
    button(desktop, "Make a passkey").click()
    expect(desktop.get_by_role("heading", name="Recovery codes")).to_be_visible()
    link(desktop, "Done").click()
    button(desktop, "Sign out").click()
    expect(desktop.get_by_text("You are signed out.")).to_be_visible()
    button(desktop, "Staff: use a passkey").click()
    expect(desktop.get_by_role("heading", name="Review", level=1)).to_be_visible()


def test_in_the_demonstration_the_password_is_enough_and_a_passkey_can_be_tried(desktop: Page):
    give_passkeys(desktop)
    desktop.goto(routes.SIGN_IN)
    submit_sign_in(desktop, "reviewer@example.com", DEMO_PASSWORD)
    link(desktop, "Your profile").click()
    link(desktop, "Add a passkey or an app").click()
    button(desktop, "Make a passkey").click()
    expect(desktop.get_by_text("Passkey, made in")).to_be_visible()
    button(desktop, "Sign out").first.click()
    expect(desktop.get_by_text("You are signed out.")).to_be_visible()
    button(desktop, "Staff: use a passkey").click()
    expect(desktop.get_by_role("heading", name="Review", level=1)).to_be_visible()
    visit(desktop, routes.STAFF_PROFILE)
    button(desktop, "Remove the passkey").first.click()
    button(desktop, "Remove it").click()
    expect(desktop.get_by_text("The passkey was removed.")).to_be_visible()


def test_a_browser_without_the_passkey_says_what_to_do(desktop: Page):
    give_passkeys(desktop)
    desktop.goto(routes.SIGN_IN)
    button(desktop, "Staff: use a passkey").click()
    expect(desktop.get_by_text("No passkey was used.")).to_be_visible(timeout=PATIENCE)


def test_the_number_of_this_machine_leads_to_its_name(desktop: Page, app_url: str):
    desktop.goto(app_url.replace("localhost", "127.0.0.1") + routes.SIGN_UP)
    assert desktop.url == f"{app_url}{routes.SIGN_UP}"


def test_who_is_suspended_is_signed_out_at_the_next_press(desktop: Page, phone: Page):
    robin, chief = member(), member(role=Role.ADMINISTRATOR)
    for page, who in ((desktop, chief), (phone, robin)):
        enter_password(page, who)
        submit_code(page, code_at())
        expect(page.get_by_role("heading", name="Review", level=1)).to_be_visible()
    visit(desktop, routes.TEAM)
    row = desktop.get_by_role("listitem").filter(has_text=robin.email)
    row.get_by_role("button", name="Change Robin").click()
    row.get_by_role("button", name="Suspend").click()
    expect(row.get_by_text("Suspended")).to_be_visible()
    link(phone, "Your profile").click()
    phone.wait_for_url(f"**{routes.SIGN_IN}**")
    submit_sign_in(phone, robin.email, PASSWORD)
    expect(phone.get_by_text("Your access is suspended")).to_be_visible()


def test_idle_staff_are_warned_stay_with_one_press_and_find_their_text_again(
    new_context: Callable[..., BrowserContext], impatient_url: str
):
    page = new_context(base_url=impatient_url).new_page()
    sign_in(page, "admin@example.com", DEMO_PASSWORD)
    visit(page, routes.TEAM)
    page.get_by_label("Name", exact=True).fill("Kim Novak")
    warning = page.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_be_visible(timeout=PATIENCE)
    expect(button(page, "Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kim Novak")
    page.wait_for_url(f"**{routes.SIGN_IN}**", timeout=PATIENCE)
    expect(page.get_by_text("You were signed out.")).to_be_visible()
    submit_sign_in(page, "admin@example.com", DEMO_PASSWORD)
    settled(page)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kim Novak")


def test_an_hour_later_both_are_asked_for_and_the_invitation_is_kept(desktop: Page):
    chief = member(role=Role.ADMINISTRATOR)
    enter_password(desktop, chief)
    submit_code(desktop, code_at())
    expect(desktop.get_by_role("heading", name="Review", level=1)).to_be_visible()
    visit(desktop, routes.TEAM)
    forget_passwords()
    desktop.get_by_label("Name", exact=True).fill("Kim Novak")
    desktop.get_by_label("Email at work").fill("kim@example.org")
    button(desktop, "Send the invitation").click()
    expect(desktop.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    desktop.get_by_label("Password").fill(PASSWORD)
    desktop.get_by_label("Code").fill(code_at(clock.now() + timedelta(seconds=30)))
    button(desktop, "Confirm").click()
    expect(desktop.get_by_label("Email at work")).to_have_value("kim@example.org")
    button(desktop, "Send the invitation").click()
    expect(desktop.get_by_text("The invitation is on its way")).to_be_visible()
