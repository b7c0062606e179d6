"""A server that dies by SIGKILL in the middle of things, and is started again."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PressedTooLate
from sqlalchemy import update

from rxconnect import db, routes
from rxconnect.models import Purchase
from rxconnect.payments.published import BY_NAME
from rxconnect.services.messages import drafts
from rxconnect.services.money import ledger
from tests.e2e.actions import button, enter, fill_card, new_draft, new_purchase, new_writer, receipts_of, visit
from tests.e2e.servers import MortalServer


def test_a_worker_finds_its_code_compiled_even_where_python_was_told_to_keep_nothing(mortal, monkeypatch):
    compiled = Path(cache_from_source(db.__file__))
    mortal.kill()
    compiled.unlink(missing_ok=True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    mortal.start()
    assert compiled.exists()


def let_the_lease_end() -> None:
    """The minute goes by for which a charge belongs to the worker that began it."""
    with db.transaction() as session:
        session.exec(update(Purchase).values(lease_until=Purchase.created_at))


def test_a_draft_is_all_there_and_goes_on_saving_after_the_server_was_killed(desktop: Page, mortal: MortalServer):
    writer = new_writer()
    enter(desktop, mortal.url, writer)
    draft_id = new_draft(writer)
    visit(desktop, f"{mortal.url}{routes.fill(routes.COMPOSE, draft_id)}")
    message = desktop.get_by_label("Message", exact=True)
    message.fill("Before the crash.")
    expect(desktop.get_by_text("5,983 of 6,000 characters left")).to_be_visible()

    mortal.kill()
    expect(desktop.get_by_text("The connection was lost.")).to_be_visible()
    message.fill("Before the crash, and during it.")
    mortal.start()
    expect(desktop.get_by_text("The connection was lost.")).to_be_hidden(timeout=30_000)

    expect(message).to_have_value("Before the crash, and during it.")
    expect(desktop.get_by_text("5,968 of 6,000 characters left")).to_be_visible(timeout=30_000)
    assert db.read(drafts.get, writer.actor, draft_id).body == "Before the crash, and during it."


def test_a_payment_that_the_crash_interrupted_is_finished_or_submitted_again_and_charges_once(
    desktop: Page, mortal: MortalServer
):
    buyer = new_writer()
    enter(desktop, mortal.url, buyer)
    visit(desktop, f"{mortal.url}{routes.fill(routes.PAYMENT, new_purchase(buyer))}")
    fill_card(desktop, BY_NAME["slow"].number)
    button(desktop, "Continue").click()
    button(desktop, "Submit").click()
    expect(desktop.get_by_text("You will not be charged twice")).to_be_visible()

    mortal.kill()
    let_the_lease_end()
    mortal.start()
    # Whether the processor had been asked before the crash is a matter of milliseconds, and not the buyer's worry.
    receipt = desktop.get_by_role("heading", name="Receipt", level=1)
    expect(button(desktop, "Submit").or_(receipt)).to_be_visible(timeout=30_000)
    with suppress(PressedTooLate):
        button(desktop, "Submit").click(timeout=3_000)
    expect(receipt).to_be_visible(timeout=30_000)
    assert receipts_of(buyer) == 1
    with db.reading() as session:
        assert not ledger.check_ledger(session).differences
