"""The journey that must never break, as the steps in which people go it.

Each step has a title and a sentence for someone who sees it for the first time. The browser tests walk the steps, and the
guide (`docs/guide`) is made from the same ones, so that what it tells is what the product does.

A step is a generator: it does what its sentence says, yields while the page shows it, and then presses on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from rxconnect import routes
from rxconnect.config import DEMO_PASSWORD
from tests.e2e.actions import CVV, EXPIRY, ZIP_CODE, button, fill_card, link, settled, sign_in

Walk = Callable[[Page, str], Iterator[None]]

LETTER = """Marcus,

She did it. No training wheels, all the way to the corner and back, and the first thing she said was “tell Daddy”.
So I am telling you."""


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


def stands_at(page: Page, step: str) -> None:
    """The steps above the page say where it is."""
    expect(page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")).to_have_text(step)


def show(what: Locator) -> None:
    """Scroll to what a step is about, clear of the bar at the bottom of a phone."""
    expect(what).to_be_visible()
    what.evaluate("one => one.scrollIntoView({block: 'center'})")


@step(FIRST_TIME, "Sign in", "Enter your email address and your password, and press **Sign in**.")
def _sign_in(page: Page, email: str) -> Iterator[None]:
    page.goto(routes.HOME)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    yield
    button(page, "Sign in").click()


@step(
    FIRST_TIME,
    "Dashboard",
    "This is your dashboard. **My Services** is at its left, on a phone at the bottom; **Messaging** is where your "
    "letters are, now and later.",
)
def _dashboard(page: Page, email: str) -> Iterator[None]:
    expect(page).to_have_url(re.compile(f"{routes.DASHBOARD}$"))
    services = page.get_by_role("navigation", name="My Services")
    expect(services.get_by_role("link", name="Messaging")).to_be_visible()
    yield


@step(
    FIRST_TIME,
    "Get started",
    "To write to someone you need their facility, the person, and message credits. Press **Get started**: it leads you "
    "through all of it. You can stop at any time and go on later from the same place.",
)
def _get_started(page: Page, email: str) -> Iterator[None]:
    expect(button(page, "Get started")).to_be_visible()
    yield
    button(page, "Get started").click()


@step(
    FIRST_TIME,
    "Facility",
    "Choose where the person is. A facility that is not listed yet is added in your profile: follow the link, type a part "
    "of its name or of its town, and press **Add**. The way back is right above it.",
)
def _facility(page: Page, email: str) -> Iterator[None]:
    link(page, "Add a facility in your profile").click()
    page.get_by_label("Find a facility").fill("cedar rige")
    expect(button(page, "Add Cedar Ridge Correctional Center")).to_be_visible()
    yield
    button(page, "Add Cedar Ridge Correctional Center").click()
    expect(page.get_by_text("Cedar Ridge Correctional Center is added")).to_be_visible()
    link(page, "Back to choosing the facility").click()
    button(page, "Choose Cedar Ridge Correctional Center").click()


@step(
    FIRST_TIME,
    "Find inmate",
    "Type the inmate number, or what you remember of the name. It need not be spelled as it was booked; whoever matches is "
    "listed as you type.",
)
def _find_inmate(page: Page, email: str) -> Iterator[None]:
    page.get_by_label("First name").fill("markus")
    page.get_by_label("Last name").fill("delgad")
    show(button(page, "Select Marcus Delgado, 20418873"))
    yield


@step(
    FIRST_TIME,
    "Select",
    "Compare the number, the age and the unit, and press **Select** at the right of the name. The person is now "
    "among your contacts.",
)
def _select(page: Page, email: str) -> Iterator[None]:
    page.get_by_label("First name").fill("")
    page.get_by_label("Last name").fill("")
    page.get_by_label("Inmate number").fill("20418873")
    expect(button(page, "Select")).to_have_count(1)
    show(button(page, "Select Marcus Delgado, 20418873"))
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"20418873 · age \d\d · unit \w"))
    yield
    button(page, "Select Marcus Delgado, 20418873").click()


@step(
    FIRST_TIME,
    "Inbox or credits",
    "From here it goes to your inbox with **Go to inbox**, or on to your first letter with **Buy credits**.",
)
def _added(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_role("heading", name="Marcus Delgado is in your contacts")).to_be_visible()
    expect(link(page, "Go to inbox")).to_be_visible()
    expect(link(page, "Buy credits")).to_be_visible()
    yield
    link(page, "Buy credits").click()


@step(
    FIRST_TIME,
    "Buy credits",
    "Choose how many **message credits** you want. The price has everything in it, and credits never expire. Press **Next**.",
)
def _amount(page: Page, email: str) -> Iterator[None]:
    stands_at(page, "Credits · Amount")
    expect(page.get_by_label("Facility").locator("option:checked")).to_contain_text("Cedar Ridge")
    button(page, "20 credits").click()
    expect(page.get_by_label("Message credits")).to_have_value("20")
    expect(page.get_by_text("$5.00").last).to_be_visible()
    yield
    button(page, "Next").click()


@step(
    FIRST_TIME,
    "Payment",
    "Enter your card and press **Continue**; nothing is charged yet. What you type goes straight to the card processor: "
    "we never see the number or the CVV.",
)
def _new_card(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_label("Card number")).to_be_visible()
    expect(button(page, "Use a stored card")).to_have_count(0)
    fill_card(page)
    yield
    button(page, "Continue").click()


@step(
    FIRST_TIME,
    "Review",
    "Look at everything once more. **Back** lets you change the card or the amount; **Submit** charges your card, once, "
    "however often it is pressed.",
)
def _review(page: Page, email: str) -> Iterator[None]:
    expect(button(page, "Submit")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Visa ending 4242")
    yield
    button(page, "Submit").click()


@step(
    FIRST_TIME,
    "Receipt",
    "Your credits are there at once. The receipt stays in **Receipts**, and is emailed to you. Press **Write a message**.",
)
def _receipt(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    stands_at(page, "Credits · Receipt")
    expect(page.get_by_role("main")).to_contain_text("$5.00 was charged to Visa ending 4242")
    yield
    button(page, "Write a message").click()


@step(
    FIRST_TIME,
    "Compose",
    "Choose the contact, give your letter a subject, and write. It saves itself after every pause. Below it you see what "
    "it costs. Press **Continue**.",
)
def _compose(page: Page, email: str) -> Iterator[None]:
    expect(page.get_by_label("Contact")).to_contain_text("Marcus Delgado")
    page.get_by_label("Subject").fill("Lily’s first ride")
    page.get_by_label("Message", exact=True).fill(LETTER)
    expect(page.get_by_role("main")).to_contain_text(f"{6000 - len(LETTER):,} of 6,000 characters left")
    expect(page.get_by_role("main")).to_contain_text("1 credit · 20 now, 19 after sending")
    yield
    button(page, "Continue").click()


@step(
    FIRST_TIME,
    "Send",
    "Read it once more, accept the **Terms and Conditions**, and press **Send**. The credit is set aside, and spent only "
    "when your letter is delivered; its page tells what happens to it.",
)
def _send(page: Page, email: str) -> Iterator[None]:
    expect(button(page, "Send")).to_be_disabled()
    page.get_by_role("checkbox", name="I accept the Terms and Conditions").click()
    expect(button(page, "Send")).to_be_enabled()
    yield
    button(page, "Send").click()
    expect(page.get_by_role("heading", name="Lily’s first ride", level=1)).to_be_visible()
    expect(page.get_by_text("Your message is on its way.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("What happened to it")


@step(
    COMING_BACK, "What is new", "Your dashboard shows what came in, what is under way, and the credits that are left."
)
def _returning(page: Page, email: str) -> Iterator[None]:
    sign_in(page, email)
    settled(page)
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()
    yield
    page.get_by_role("main").get_by_role("link", name="Buy credits").click()
    settled(page)
    button(page, "Next").click()


@step(
    COMING_BACK,
    "Correct a stored card",
    "A new expiry date or billing ZIP code? Press **Edit** beside the card, correct it, and press **Save**.",
)
def _edit_card(page: Page, email: str) -> Iterator[None]:
    stands_at(page, "Payment")
    expect(button(page, "Use a stored card")).to_have_attribute("aria-pressed", "true")
    button(page, "Edit Visa ending 4242").click()
    page.get_by_label("Expiry (MM/YY)").fill(EXPIRY)
    page.get_by_label("Billing ZIP code").fill(ZIP_CODE)
    yield
    button(page, "Save").click()
    expect(page.get_by_role("main")).to_contain_text(f"Expires {EXPIRY}")


@step(
    COMING_BACK,
    "Use a stored card",
    "Choose the card, enter its **CVV** again, which is never stored, and press **Confirm**. For another card press **Use a "
    "new card**.",
)
def _stored_card(page: Page, email: str) -> Iterator[None]:
    page.get_by_role("radio", name="Visa ending 4242").click()
    page.get_by_label("CVV").fill(CVV)
    yield
    button(page, "Confirm").click()


@step(
    COMING_BACK,
    "Change your mind",
    "**Back** leads to the card, and once more to the amount. The rest stays as you left it.",
)
def _adjust(page: Page, email: str) -> Iterator[None]:
    expect(button(page, "Submit")).to_be_visible()
    link(page, "Back").click()
    expect(button(page, "Use a stored card")).to_be_visible()
    link(page, "Back").click()
    page.get_by_label("Message credits").fill("12")
    expect(page.get_by_role("main")).to_contain_text("$3.00")
    yield
    button(page, "Next").click()
    page.get_by_label("CVV").fill(CVV)
    button(page, "Confirm").click()


@step(COMING_BACK, "Submit", "Press **Submit**, and there is your receipt.")
def _submit(page: Page, email: str) -> Iterator[None]:
    expect(button(page, "Submit")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("12 at 25 ¢")
    expect(page.get_by_role("main")).to_contain_text("$3.00")
    yield
    button(page, "Submit").click()
    expect(page.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("$3.00 was charged to Visa ending 4242")
