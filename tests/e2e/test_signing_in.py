"""Signing in and out in real browsers: what stays in them, where one is signed in, and the password asked for again."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain import clock
from rxconnect.models import SignIn
from rxconnect.services.purchases import auto_reloads, checkout
from rxconnect.state import words
from tests.e2e.actions import button, enter, link, new_family, new_purchase, new_writer, settled, sign_in, visit
from tests.soak import guesses


def forget_passwords() -> None:
    """As if everyone had given the password an hour ago."""
    with db.transaction() as session:
        session.exec(update(SignIn).values(password_at=clock.now() - timedelta(hours=1)))


def test_signing_out_leaves_nothing_of_ours_in_the_browser_but_its_device_and_language(desktop):
    sign_in(desktop, new_family().email)
    settled(desktop)
    desktop.evaluate("localStorage.setItem('left', 'words'); sessionStorage.setItem('left', 'words')")
    button(desktop, "Sign out").first.click()
    expect(desktop.get_by_text("You are signed out.")).to_be_visible()
    assert desktop.evaluate("[localStorage.getItem('left'), sessionStorage.getItem('left')]") == [None, None]
    assert {cookie["name"] for cookie in desktop.context.cookies()} == {"rxconnect-device", "rxconnect-language"}


def test_a_browser_that_is_ended_in_the_profile_of_another_is_signed_out(desktop, phone):
    nina = new_family()
    sign_in(phone, nina.email)
    sign_in(desktop, nina.email)
    visit(desktop, routes.PROFILE)
    expect(desktop.get_by_text("This browser")).to_have_count(1)
    button(desktop, "Sign out Safari on iPhone").click()
    button(desktop, "Sign it out").click()
    expect(desktop.get_by_text("That browser was signed out.")).to_be_visible()
    expect(button(desktop, "Sign out Safari on iPhone")).to_have_count(0)
    phone.goto(routes.DASHBOARD)
    phone.wait_for_url(f"**{routes.SIGN_IN}**")


def test_auto_reload_asks_for_the_password_again_and_keeps_what_was_typed(phone, app_url):
    buyer = new_writer()
    checkout.submit(buyer.actor, new_purchase(buyer, with_card=True, saves_card=True))
    enter(phone, app_url, buyer)
    visit(phone, routes.CREDITS)
    link(phone, "Auto-reload at Cedar Ridge Correctional Center").click()
    phone.get_by_label("Buy when I have fewer credits than").fill("7")
    phone.get_by_label("Monthly limit in dollars").fill("31")
    expect(phone.get_by_text("no more than $31.00 in a calendar month")).to_be_visible()
    forget_passwords()
    button(phone, "Turn on").click()
    expect(phone.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    phone.get_by_label("Password").fill("wrong wrong")
    button(phone, "Confirm").click()
    expect(phone.get_by_text("This is not your password.")).to_be_visible()
    phone.get_by_label("Password").fill(DEMO_PASSWORD)
    button(phone, "Confirm").click()
    expect(phone.get_by_text(words.password_confirmed_notice())).to_be_visible()
    expect(phone.get_by_label("Buy when I have fewer credits than")).to_have_value("7")
    expect(phone.get_by_label("Monthly limit in dollars")).to_have_value("31")
    button(phone, "Turn on").click()
    expect(phone.get_by_text("Auto-reload is on.")).to_be_visible()
    (auto_reload,) = db.read(auto_reloads.my_auto_reloads, buyer.actor)
    assert (auto_reload.is_on, auto_reload.level, auto_reload.cap_cents) == (True, 7, 3100)


def test_nobodys_guesses_hinder_the_owner_of_an_account(app_url):
    assert guesses.soak(app_url, tries=8) == []
