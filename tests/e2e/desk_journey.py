"""A morning at the review desk, as the steps in which a reviewer goes it. The guide's chapter is made from them."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from rxconnect import routes
from rxconnect.domain.messages import Reason
from rxconnect.i18n import N_, _
from tests.e2e.actions import button, sign_in, visit
from tests.e2e.journey import Step, step

AT_THE_DESK: list[Step] = []


@step(
    AT_THE_DESK,
    N_("The desk"),
    N_(
        "The letters that wait stand in a list, the one that is due first at its top, each with its time against the time that "
        "your facility promises. Above them you read how many wait and how many are overdue. New letters appear by themselves."
    ),
)
def _desk(page: Page, email: str) -> Iterator[None]:
    sign_in(page, email)
    expect(page.locator(".desk-lines button").first).to_be_visible()
    yield


@step(
    AT_THE_DESK,
    N_("Open the next letter"),
    N_(
        "Press **Open the next letter**, or the key **N**. While you have it open it is yours, and your colleagues see so. "
        "Beside it are the sender, the person in custody, their earlier letters, and your facility's rules."
    ),
)
def _open(page: Page, email: str) -> Iterator[None]:
    page.keyboard.press("n")
    expect(button(page, _("Approve"))).to_be_visible()
    yield


@step(
    AT_THE_DESK,
    N_("Approve a letter"),
    N_(
        "**Approve**, or **A**, lets it through, and the next one opens. For ten seconds **Undo**, or **U**, takes the "
        "decision back: only after that does the family see it."
    ),
)
def _approve(page: Page, email: str) -> Iterator[None]:
    page.keyboard.press("a")
    expect(page.locator(".desk-undo")).to_contain_text(_("Approved"))
    yield


@step(
    AT_THE_DESK,
    N_("Reject a letter"),
    N_(
        "**Reject**, or **R**, asks for the reason. Type its number or its first letters, and press Enter. The family reads the "
        "reason with your facility's published rule, and gets the credits back. They may appeal once, and a colleague decides."
    ),
)
def _reject(page: Page, email: str) -> Iterator[None]:
    page.keyboard.press("r")
    reason = page.get_by_label(_("Reason"), exact=True)
    expect(reason).to_be_focused()
    page.keyboard.type(Reason.CONTACT_DETAILS.label.split()[0].lower())
    expect(page.locator(".desk-reasons li")).to_have_count(1)
    yield
    page.keyboard.press("Enter")
    expect(page.locator(".desk-undo")).to_contain_text(_("Rejected"))


@step(
    AT_THE_DESK,
    N_("Set aside a letter"),
    N_(
        "**Set aside**, or **S**, puts a letter away until it comes back by itself. **Escalate**, or **E**, gives it to an "
        "administrator with a note that families never see. **?** shows all keys."
    ),
)
def _set_aside(page: Page, email: str) -> Iterator[None]:
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name=_("Set aside until it comes back by itself"))).to_be_visible()
    yield
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name=_("Set aside until it comes back by itself"))).to_have_count(0)


@step(
    AT_THE_DESK,
    N_("Print and hand over"),
    N_(
        "Under **Print**, approved letters become a PDF with a cover sheet for each housing unit. Press **Confirm as handed over** "
        "when they are: then each family reads that theirs was delivered. An answer on paper is typed in here too."
    ),
)
def _print(page: Page, email: str) -> Iterator[None]:
    visit(page, routes.PRINT)
    yield


@step(
    AT_THE_DESK,
    N_("Figures"),
    N_("Under **Figures** you see how long letters wait, and 90 days of decisions by queue, rule and reason."),
)
def _figures(page: Page, email: str) -> Iterator[None]:
    visit(page, routes.FIGURES)
    yield
