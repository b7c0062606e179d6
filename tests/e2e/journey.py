"""The journey that must never break, as the steps in which people go it.

Each step has a title and a sentence for someone who sees it for the first time. The browser tests walk the steps, and the
guide (`docs/guide`) is made from the same ones, so that what it tells is what the product does.

The steps are gone in every language that we have: they take the words of buttons and fields from its catalog, and their own titles
and texts are in it too. A step is a generator: it does what its sentence says, yields while the page shows it, and then presses on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from rxconnect import routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.i18n import N_, _, counted, number_text
from tests.e2e.actions import CVV, EXPIRY, ZIP_CODE, button, fill_card, link, settled, sign_in

Walk = Callable[[Page, str], Iterator[None]]

LETTER = """Marcus,

She did it. No training wheels, all the way to the corner and back, and the first thing she said was “tell Daddy”.
So I am telling you."""


MARCUS, CEDAR_RIDGE = "20418873", "Cedar Ridge Correctional Center"


@dataclass(frozen=True)
class Step:
    """One step: what to call it, what to tell about it, and how to go it. `go(page, email)` is a generator."""

    title: str
    text: str
    go: Walk

    @property
    def slug(self) -> str:
        """The title as part of a file's name."""
        return "-".join(self.title.lower().split())


FIRST_TIME: list[Step] = []
COMING_BACK: list[Step] = []


def step(journey: list[Step], title: str, text: str) -> Callable[[Walk], Walk]:
    """Makes a generator the next step of a journey."""

    def add(go: Walk) -> Walk:
        journey.append(Step(title, text, go))
        return go

    return add


def _card() -> str:
    """The stored card."""
    return _("{brand} ending {digits}").format(brand="Visa", digits="4242")


def _charged(total: str) -> str:
    return _("{total} was charged to {card_label}.").format(total=total, card_label=_card()).removesuffix(".")


def _about(sentence: str) -> str:
    """A pattern for a sentence with something for its placeholder."""
    return re.sub(r"\\\{\w+\\\}", r"\\w+", re.escape(sentence))


def stands_at(page: Page, step: str) -> None:
    """The steps above the page say where it is."""
    expect(page.get_by_role("navigation", name=_("Steps")).locator("[aria-current=step]")).to_have_text(step)


def show(what: Locator) -> None:
    """Scroll to what a step is about, clear of the bar at the bottom of a phone."""
    expect(what).to_be_visible()
    what.evaluate("one => one.scrollIntoView({block: 'center'})")


@step(FIRST_TIME, N_("Sign in"), N_("Enter your email address and your password, and press **Sign in**."))
def _sign_in(page: Page, email: str) -> Iterator[None]:
    page.goto(routes.HOME)
    page.get_by_label(_("Email")).fill(email)
    page.get_by_label(_("Password"), exact=True).fill(DEMO_PASSWORD)
    yield
    button(page, _("Sign in")).first.click()


@step(
    FIRST_TIME,
    N_("Dashboard"),
    N_(
        "This is your dashboard. **My Services** is at its left, on a phone at the bottom; **Messaging** is where your "
        "letters are, now and later."
    ),
)
def _dashboard(page: Page, email: str) -> Iterator[None]:
    expect(page).to_have_url(re.compile(f"{routes.DASHBOARD}$"))
    services = page.get_by_role("navigation", name=_("My Services"))
    expect(services.get_by_role("link", name=_("Messaging"))).to_be_visible()
    yield


@step(
    FIRST_TIME,
    N_("Get started"),
    N_(
        "To write to someone you need their facility, the person, and message credits. Press **Get started**: it leads you "
        "through all of it. You can stop at any time and go on later from the same place."
    ),
)
def _get_started(page: Page, email: str) -> Iterator[None]:
    expect(button(page, _("Get started"))).to_be_visible()
    yield
    button(page, _("Get started")).click()


@step(
    FIRST_TIME,
    N_("Facility"),
    N_(
        "Choose where the person is. A facility that is not listed yet is added in your profile: follow the link, type a part "
        "of its name or of its town, and press **Add**. The way back is right above it. Shorter: type the person’s number or "
        "name, or the facility, right here, and press **Select** or **Add and choose**."
    ),
)
def _facility(page: Page, email: str) -> Iterator[None]:
    link(page, _("Add a facility in your profile")).click()
    page.get_by_label(_("Find a facility")).fill("cedar rige")
    expect(button(page, _("Add {name}").format(name=CEDAR_RIDGE))).to_be_visible()
    yield
    button(page, _("Add {name}").format(name=CEDAR_RIDGE)).click()
    expect(page.get_by_text(_("{added_name} is added.").format(added_name=CEDAR_RIDGE))).to_be_visible()
    link(page, _("Back to choosing the facility")).click()
    button(page, _("Choose {name}").format(name=CEDAR_RIDGE)).click()


@step(
    FIRST_TIME,
    N_("Find inmate"),
    N_(
        "Type the inmate number, or what you remember of the name. It need not be spelled as it was booked; whoever matches is "
        "listed as you type."
    ),
)
def _find_inmate(page: Page, email: str) -> Iterator[None]:
    page.get_by_label(_("First name")).fill("markus")
    page.get_by_label(_("Last name")).fill("delgad")
    show(button(page, _("Select {name}, {number}").format(name="Marcus Delgado", number=MARCUS)))
    yield


@step(
    FIRST_TIME,
    N_("Select"),
    N_(
        "Compare the number, the age and the unit, and press **Select** at the right of the name. The person is now "
        "among your contacts."
    ),
)
def _select(page: Page, email: str) -> Iterator[None]:
    page.get_by_label(_("First name")).fill("")
    page.get_by_label(_("Last name")).fill("")
    page.get_by_label(_("Inmate number")).fill("20418873")
    expect(page.locator("#results > li")).to_have_count(1)
    show(button(page, _("Select {name}, {number}").format(name="Marcus Delgado", number=MARCUS)))
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(rf"{MARCUS} · {_about(_('age {years}'))} · {_about(_('unit {unit}'))}")
    )
    yield
    button(page, _("Select {name}, {number}").format(name="Marcus Delgado", number=MARCUS)).click()


@step(
    FIRST_TIME,
    N_("Inbox or credits"),
    N_("From here it goes to your inbox with **Go to inbox**, or on to your first letter with **Buy credits**."),
)
def _added(page: Page, email: str) -> Iterator[None]:
    expect(
        page.get_by_role("heading", name=_("{name} is in your contacts").format(name="Marcus Delgado"))
    ).to_be_visible()
    expect(link(page, _("Go to inbox"))).to_be_visible()
    expect(link(page, _("Buy credits"))).to_be_visible()
    yield
    link(page, _("Buy credits")).click()


@step(
    FIRST_TIME,
    N_("Buy credits"),
    N_(
        "Choose how many **message credits** you want. The price has everything in it, and credits never expire. Press **Next**."
    ),
)
def _amount(page: Page, email: str) -> Iterator[None]:
    stands_at(page, f"{_('Credits')} · {_('Amount')}")
    expect(page.get_by_label(_("Facility")).locator("option:checked")).to_contain_text("Cedar Ridge")
    button(page, _("{credits} credits, {total}").format(credits=20, total="$5.00")).click()
    expect(page.get_by_label(_("Message credits"))).to_have_value("20")
    expect(page.get_by_text("$5.00").last).to_be_visible()
    yield
    button(page, _("Next")).click()


@step(
    FIRST_TIME,
    N_("Payment"),
    N_(
        "Enter your card and press **Continue**; nothing is charged yet. What you type goes straight to the card processor: "
        "we never see the number or the CVV."
    ),
)
def _new_card(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_label(_("Card number"))).to_be_visible()
    expect(button(page, _("Use a stored card"))).to_have_count(0)
    fill_card(page)
    yield
    button(page, _("Continue")).click()


@step(
    FIRST_TIME,
    N_("Review"),
    N_(
        "Look at everything once more. **Back** lets you change the card or the amount; **Submit** charges your card, once, "
        "however often it is pressed."
    ),
)
def _review(page: Page, email: str) -> Iterator[None]:
    expect(button(page, _("Submit"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(_card())
    yield
    button(page, _("Submit")).click()


@step(
    FIRST_TIME,
    N_("Receipt"),
    N_(
        "Your credits are there at once. The receipt stays in **Receipts**, and is emailed to you. Press **Write a message**."
    ),
)
def _receipt(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_role("heading", name=_("Receipt"), level=1)).to_be_visible()
    stands_at(page, f"{_('Credits')} · {_('Receipt')}")
    expect(page.get_by_role("main")).to_contain_text(_charged("$5.00"))
    yield
    button(page, _("Write a message")).click()


@step(
    FIRST_TIME,
    N_("Compose"),
    N_(
        "Choose the contact, give your letter a subject, and write. It saves itself after every pause. Below it you see what "
        "it costs. Press **Continue**."
    ),
)
def _compose(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_label(_("Contact"))).to_contain_text("Marcus Delgado")
    page.get_by_label(_("Subject")).fill("Lily’s first ride")
    page.get_by_label(_("Message"), exact=True).fill(LETTER)
    expect(page.get_by_role("main")).to_contain_text(
        _("{count} of {limit} characters left").format(count=number_text(6000 - len(LETTER)), limit=number_text(6000))
    )
    expect(page.get_by_role("main")).to_contain_text(
        f"{counted('{count} credit', '{count} credits', 1)} · {_('{before} now, {after} after sending').format(before=20, after=19)}"
    )
    yield
    button(page, _("Continue")).click()


@step(
    FIRST_TIME,
    N_("Send"),
    N_(
        "Read it once more, accept the **Terms and Conditions**, and press **Send**. The credit is set aside, and spent only "
        "when your letter is delivered; its page tells what happens to it."
    ),
)
def _send(page: Page, email: str) -> Iterator[None]:
    expect(button(page, _("Send"))).to_be_disabled()
    page.get_by_role("checkbox").click()
    expect(button(page, _("Send"))).to_be_enabled()
    yield
    button(page, _("Send")).click()
    expect(page.get_by_role("heading", name="Lily’s first ride", level=1)).to_be_visible()
    expect(page.get_by_text(_("Your message is on its way."))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(_("What happened to it"))


@step(
    COMING_BACK,
    N_("What is new"),
    N_("Your dashboard shows what came in, what is under way, and the credits that are left."),
)
def _returning(page: Page, email: str) -> Iterator[None]:
    sign_in(page, email)
    settled(page)
    expect(page.get_by_role("heading", name=_("Messages"))).to_be_visible()
    yield
    page.get_by_role("main").get_by_role("link", name=_("Buy credits")).click()
    settled(page)
    button(page, _("Next")).click()


@step(
    COMING_BACK,
    N_("Correct a stored card"),
    N_("A new expiry date or billing ZIP code? Press **Edit** beside the card, correct it, and press **Save**."),
)
def _edit_card(page: Page, email: str) -> Iterator[None]:
    stands_at(page, _("Payment"))
    expect(button(page, _("Use a stored card"))).to_have_attribute("aria-pressed", "true")
    button(page, _("Edit {label}").format(label=_card())).click()
    page.get_by_label(_("Expiry (MM/YY)")).fill(EXPIRY)
    page.get_by_label(_("Billing ZIP code")).fill(ZIP_CODE)
    yield
    button(page, _("Save")).click()
    expect(page.get_by_role("main")).to_contain_text(_("Expires {expiry}").format(expiry=EXPIRY))


@step(
    COMING_BACK,
    N_("Use a stored card"),
    N_(
        "Choose the card, enter its **CVV** again, which is never stored, and press **Confirm**. For another card press **Use a "
        "new card**."
    ),
)
def _stored_card(page: Page, email: str) -> Iterator[None]:
    page.get_by_role("radio", name=_card()).click()
    page.get_by_label(_("CVV")).fill(CVV)
    yield
    button(page, _("Confirm")).click()


@step(
    COMING_BACK,
    N_("Change your mind"),
    N_("**Back** leads to the card, and once more to the amount. The rest stays as you left it."),
)
def _adjust(page: Page, email: str) -> Iterator[None]:
    expect(button(page, _("Submit"))).to_be_visible()
    link(page, _("Back")).click()
    expect(button(page, _("Use a stored card"))).to_be_visible()
    link(page, _("Back")).click()
    page.get_by_label(_("Message credits")).fill("12")
    expect(page.get_by_role("main")).to_contain_text("$3.00")
    yield
    button(page, _("Next")).click()
    page.get_by_label(_("CVV")).fill(CVV)
    button(page, _("Confirm")).click()


@step(COMING_BACK, N_("Submit"), N_("Press **Submit**, and there is your receipt."))
def _submit(page: Page, email: str) -> Iterator[None]:
    expect(button(page, _("Submit"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(_("{credits} at {price}").format(credits=12, price="25 ¢"))
    expect(page.get_by_role("main")).to_contain_text("$3.00")
    yield
    button(page, _("Submit")).click()
    expect(page.get_by_role("heading", name=_("Receipt"), level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(_charged("$3.00"))
