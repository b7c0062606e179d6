"""What many browser tests do: make an account of one's own, sign in, and stand where a test begins."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.receipts import Filter, MovementKind
from rxconnect.i18n import _
from rxconnect.models import Inmate, KioskPerson
from rxconnect.payments.published import BY_NAME
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.services.books import receipt_history
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.kiosk import devices as kiosk_devices
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.services.messages import drafts
from rxconnect.services.money import processor
from rxconnect.services.purchases import checkout, purchases
from tests import kiosks

SAM, ROSA = "sam@example.com", "rosa@example.com"
CEDAR_RIDGE, MARCUS = "cedar-ridge", "20418873"
VISA = BY_NAME["visa"].number
EXPIRY = f"12/{(clock.now().year + 3) % 100}"
CVV, ZIP_CODE = "737", "98902"

_count = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An account and who it is to our services."""

    email: str
    actor: Actor


def new_family(name: str = "Nina Okafor") -> Person:
    """A family account with a verified address and nothing else: no location, no contact, no credits, no card."""
    email = f"family-{secrets.token_hex(4)}@example.org"
    with db.transaction() as session:
        account_id = accounts.create_account(session, email=email, name=name, password=DEMO_PASSWORD, verified=True)
    return Person(email, Actor(account_id, name, email, ActorKind.FAMILY))


def person(email: str) -> Person:
    """An account of the demonstration."""
    actor = db.read(sign_ins.actor_for, new_sign_in(email))
    assert actor is not None
    return Person(email, actor)


def new_writer(name: str = "Nina Okafor", credits: int = 0) -> Person:
    """A family account with Cedar Ridge among its locations, Marcus among its contacts, and perhaps credits."""
    writer = new_family(name)
    with db.transaction() as session:
        facility_id = cedar_ridge(session)
        facilities.add_location(session, writer.actor, facility_id)
        (marcus, *_), _more = inmates.find(session, writer.actor, facility_id, InmateQuery(number=MARCUS))
        contacts.add_at_my_location(session, writer.actor, marcus.id)
    if credits:
        checkout.submit(writer.actor, new_purchase(writer, credits, with_card=True))
    return writer


def cedar_ridge(session) -> int:
    """The id of the facility where most of the demonstration happens."""
    facility_id = facilities.get_by_key(session, CEDAR_RIDGE).id
    assert facility_id is not None
    return facility_id


def contact_of(writer: Person) -> int:
    """The id of the person's first contact."""
    return db.read(contacts.my_contacts, writer.actor)[0].id


def new_draft(writer: Person, subject: str = "", body: str = "") -> int:
    """A draft to the person's first contact."""
    draft_id = db.write(drafts.get_or_create_empty, writer.actor, contact_of(writer))
    db.write(drafts.save, writer.actor, draft_id, subject=subject, body=body)
    return draft_id


def new_purchase(buyer: Person, credits: int = 20, *, with_card: bool = False, saves_card: bool = False) -> str:
    """A purchase at Cedar Ridge that stands at its payment, or with a card at its review."""
    with db.transaction() as session:
        purchase = purchases.begin_or_change(session, buyer.actor, facility_id=cedar_ridge(session), credits=credits)
    if with_card:
        token, _card = processor.sandbox().tokenize(VISA, EXPIRY, CVV, ZIP_CODE)
        checkout.use_new_card(buyer.actor, purchase.id, token, save=saves_card)
    return purchase.id


def receipts_of(buyer: Person) -> int:
    """How many receipts the person has."""
    return len(db.read(receipt_history.movements, buyer.actor, Filter(kind=MovementKind.PURCHASE)))


def sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in through the form, and wait for the page behind it."""
    page.goto(routes.SIGN_IN)
    submit_sign_in(page, email, password)
    page.wait_for_url(lambda url: routes.SIGN_IN not in url)


def submit_sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    """Fill in the form of the sign-in page, and send it."""
    page.get_by_label(_("Email")).fill(email)
    page.get_by_label(_("Password"), exact=True).fill(password)
    button(page, _("Sign in")).first.click()


def enter(page: Page, url: str, who: Person) -> None:
    """Be signed in without having filled in the form: for tests that are about something else."""
    cookie = {"name": sign_ins.cookie_name(), "value": new_sign_in(who.email), "url": url}
    page.context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]


def marcus_inside() -> Actor:
    """Marcus Delgado, as he uses a kiosk."""
    with db.reading() as session:
        inmate = session.exec(select(Inmate).where(Inmate.number == MARCUS)).first()
        assert inmate is not None
        person = session.get_one(KioskPerson, inmate.id)
        return Actor(person.account_id, inmate.full_name, "", ActorKind.KIOSK, inmate_id=inmate.id)


def enter_kiosk(page: Page, url: str, who: Actor) -> None:
    """Be signed in at a kiosk without having filled in its forms."""
    tokens = {
        kiosk_devices.cookie_name(): kiosks.add_device(db.read(cedar_ridge)),
        kiosk_sign_ins.cookie_name(): kiosks.sign_in(who)[0],
    }
    cookies = [{"name": name, "value": token, "url": url, "httpOnly": True} for name, token in tokens.items()]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]


def visit(page: Page, address: str) -> None:
    """Load a page and wait until its data is there."""
    page.goto(address)
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing on the page is still loading."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)


def button(page: Page, name: str) -> Locator:
    """The button with this name, in whatever case it is shown."""
    return page.get_by_role("button", name=name)


def link(page: Page, name: str) -> Locator:
    """The link with this name, in whatever case it is shown."""
    return page.get_by_role("link", name=name)


def fill_card(page: Page, number: str = VISA, expiry: str = EXPIRY, cvv: str = CVV, zip_code: str = ZIP_CODE) -> None:
    """Type a new card into the form of the payment page."""
    page.get_by_label(_("Card number")).fill(number)
    page.get_by_label(_("Expiry")).fill(expiry)
    page.get_by_label(_("CVV")).fill(cvv)
    page.get_by_label(_("Billing ZIP code")).fill(zip_code)


def new_sign_in(email: str) -> str:
    """The token of a new sign-in, from an address that only this one uses."""
    return sign_ins.sign_in(email, DEMO_PASSWORD, Browser(f"e2e-{next(_count)}"))
