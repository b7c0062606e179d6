"""What families and people in custody do, in every language that we have, on a phone: switch, refund, appeal, kiosk."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from rxconnect import db, i18n, routes
from rxconnect.demo.kiosks import PIN
from rxconnect.domain import terms
from rxconnect.domain.messages import Reason
from rxconnect.i18n import _, catalogs
from rxconnect.models import Account
from rxconnect.services.accounts import sign_ins
from rxconnect.services.kiosk import devices
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from tests import kiosks
from tests.e2e.actions import (
    MARCUS,
    ROSA,
    button,
    cedar_ridge,
    enter,
    link,
    marcus_inside,
    new_draft,
    new_family,
    new_sign_in,
    new_writer,
    person,
    settled,
    visit,
)
from tests.e2e.test_desk import REVIEWER

CEDAR_RIDGE = "Cedar Ridge Correctional Center"


def choose_language(page: Page, language: str) -> None:
    """Press the switch, wherever the page has it."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f".languages button[value={language}]:visible").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_the_switch_is_on_every_page_and_keeps_the_address_and_what_was_typed(
    new_context: Callable[..., BrowserContext], app_url: str, spoken: str
):
    page = new_context(base_url=app_url, locale="en-US", viewport={"width": 390, "height": 844}).new_page()
    someone = new_family()
    visit(page, f"{routes.SIGN_IN}?next={routes.PROFILE}")
    page.locator("#email").fill(someone.email)
    choose_language(page, spoken)
    expect(page.locator("#email")).to_have_value(someone.email)
    page.get_by_label(_("Password"), exact=True).fill("rxconnect-demo")
    button(page, _("Sign in")).first.click()
    page.wait_for_url(lambda url: routes.SIGN_IN not in url)
    # The choice came along with the sign-in, and emails follow it.
    expect(page.locator("html")).to_have_attribute("lang", spoken)
    with db.reading() as session:
        assert session.exec(select(Account.language).where(Account.email == someone.email)).one() == spoken
    expect(page.get_by_role("heading", level=1)).to_have_text(_("Profile"))
    settled(page)
    page.get_by_label(_("Find a facility")).fill("harbor")
    for one in (*(other for other in i18n.available_languages() if other != spoken), spoken):
        choose_language(page, one)
        settled(page)
        assert page.url.endswith(routes.PROFILE)
        with i18n.using_language(one):
            expect(page.get_by_label(_("Find a facility"))).to_have_value("harbor")


def test_the_first_load_is_at_most_a_kilobyte_larger_than_in_english(app_url: str, spoken: str):
    cookie = f"{sign_ins.cookie_name()}={new_sign_in(ROSA)}"
    for path in (routes.SIGN_IN, routes.DASHBOARD):
        with_cookie = {"Cookie": cookie} if path == routes.DASHBOARD else {}
        sizes = [first_load(app_url, path, {"Accept-Language": one} | with_cookie) for one in (i18n.ENGLISH, spoken)]
        assert sizes[0] > 50_000
        assert sizes[1] - sizes[0] <= 1024


def first_load(app_url: str, path: str, headers: dict[str, str]) -> int:
    """The bytes of a page and of the scripts and styles that it names, packed as the server does it for a browser."""

    def sent(address: str, packed: str = "gzip, br") -> bytes:
        request = Request(f"{app_url}{address}", headers=headers | {"Accept-Encoding": packed})
        with urlopen(request) as answer:
            assert urlsplit(answer.url).path == address
            return answer.read()

    named = set(re.findall(r'"(/assets/[^"]+\.(?:js|css))"', sent(path, packed="identity").decode()))
    return sum(len(sent(address)) for address in (path, *named))


def test_without_scripts_the_switch_works_and_keeps_what_was_typed(
    new_context: Callable[..., BrowserContext], app_url: str, spoken: str
):
    page = new_context(base_url=app_url, locale="en-US", java_script_enabled=False).new_page()
    page.goto(routes.SIGN_UP)
    page.locator("#name").fill("José Ñandú")
    choose_language(page, spoken)
    expect(page.locator("#name")).to_have_value("José Ñandú")
    button(page, _("Create account")).click()
    expect(page.get_by_text(_("Please enter your email address."))).to_be_visible()
    expect(page.locator("#name")).to_have_value("José Ñandú")


def test_a_rejected_letter_is_explained_and_appealed_on_a_phone(spoken: str, phone: Page, app_url: str):
    writer = new_writer("José Ñandú", credits=5)
    draft = new_draft(writer, "El número", "541 555 0147")
    message_id = db.write(submissions.send, writer.actor, draft, accepted_terms=terms.VERSION)
    db.write(review.reject, person(REVIEWER).actor, message_id, Reason.CONTACT_DETAILS, "")
    enter(phone, app_url, writer)
    visit(phone, routes.fill(routes.MESSAGE, message_id))
    expect(phone.get_by_role("heading", name=_("Why it was not delivered"))).to_be_visible()
    main = phone.get_by_role("main")
    expect(main).to_contain_text(Reason.CONTACT_DETAILS.label)
    expect(main).to_contain_text(Reason.CONTACT_DETAILS.rule)
    phone.locator("main textarea").fill("Es el número de la escuela.")
    button(phone, _("Appeal")).click()
    expect(phone.get_by_role("heading", name=_("Your appeal"))).to_be_visible()
    expect(main).to_contain_text("Es el número de la escuela.")


def test_unused_credits_are_refunded_on_a_phone(spoken: str, phone: Page, app_url: str):
    enter(phone, app_url, new_writer("José Ñandú", credits=20))
    visit(phone, routes.CREDITS)
    button(phone, _("Refund credits at {facility}").format(facility=CEDAR_RIDGE)).click()
    phone.get_by_label(_("Credits to refund")).fill("8")
    card = _("{brand} ending {digits}").format(brand="Visa", digits="4242")
    button(phone, _("Refund {amount} to {card}").format(amount="$2.00", card=card)).click()
    told = _("{amount} to {card_label}").format(amount="$2.00", card_label=card)
    expect(phone.get_by_role("list", name=_("Refunds"))).to_contain_text(told)


def test_a_kiosk_speaks_to_one_person_and_goes_back_for_the_next(
    new_context: Callable[..., BrowserContext], app_url: str, spoken: str
):
    context = new_context(base_url=app_url, locale="en-US", viewport={"width": 390, "height": 844})
    token = kiosks.add_device(db.read(cedar_ridge))
    context.add_cookies([{"name": devices.cookie_name(), "value": token, "url": app_url}])
    page = context.new_page()
    visit(page, routes.KIOSK)
    choose_language(page, spoken)
    page.get_by_label(_("Your number")).fill(MARCUS)
    page.get_by_label(_("PIN"), exact=True).fill(PIN)
    button(page, _("Sign in")).click()
    expect(page.get_by_role("heading", name=_("Your letters"), level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", spoken)
    link(page, "Rosa Delgado").first.click()
    button(page, _("Write a reply")).click()
    page.get_by_label(_("Your reply")).fill("Ya leí tu carta.")
    expect(page.locator("[data-saved=true]")).to_be_visible()
    link(page, _("Rules")).click()
    expect(page.get_by_text(_("What is not let through"))).to_be_visible()
    button(page, _("Sign out")).click()
    # Cedar Ridge writes in English.
    expect(page.locator("html")).to_have_attribute("lang", i18n.ENGLISH)
    expect(page.get_by_text("Nothing of yours stays on this tablet.")).to_be_visible()
    # The choice is remembered for the person, whom other tests share.
    with db.transaction() as session:
        account = session.get_one(Account, marcus_inside().account_id)
        assert account.language == spoken
        account.language = ""


def test_each_language_is_offered_by_its_own_name(spoken: str, phone: Page):
    visit(phone, routes.SIGN_IN)
    others = [one for one in i18n.available_languages() if one != spoken]
    offered = phone.locator(".languages button")
    expect(offered).to_have_text([catalogs.own_name(one) for one in others])
    assert [one.get_attribute("lang") for one in offered.all()] == others
