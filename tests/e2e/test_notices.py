"""Notices in a real browser: choices, the page behind a link of an email, and what the service worker shows."""

from __future__ import annotations

import json

from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.notices import NoticeKind
from rxconnect.models import Facility, NoticeChoice, PushSubscription
from rxconnect.services.notices import choices, unsubscribing
from rxconnect.services.push import push_keys
from tests.e2e.actions import button, enter, new_writer, visit
from tests.e2e.test_without_a_connection import until_kept
from tests.push_receiver import Browser

# Chromium has no push service here. This stands in for it, and gives the page the subscription of a browser of ours.
_PUSH_SERVICE = """
const kept = "subscribed";
const given = {options: {}, toJSON: () => (%s), unsubscribe: async () => { localStorage.removeItem(kept); return true; }};
PushManager.prototype.getSubscription = async () => (localStorage.getItem(kept) ? given : null);
PushManager.prototype.subscribe = async () => { localStorage.setItem(kept, "yes"); return given; };
"""
# How often Chromium is asked for what it does later, and the milliseconds between.
_TRIES, _EVERY = 300, 50
_SHOWN = (
    "navigator.serviceWorker.getRegistration().then((one) => one.getNotifications())"
    ".then((all) => all.map(({ title, body, data }) => [title, body, data.path]))"
)


def test_a_choice_is_saved_and_a_click_in_an_email_switches_a_kind_off(desktop: Page, app_url: str):
    writer = new_writer(credits=5)
    enter(desktop, app_url, writer)
    visit(desktop, routes.NOTICES)
    desktop.get_by_label("Delivered", exact=True).select_option("Once a day")
    expect(desktop.get_by_text("Your choice was saved.")).to_be_visible()
    visit(desktop, routes.NOTICES)
    expect(desktop.get_by_label("Delivered", exact=True)).to_have_value("daily")
    # The page shows what it knew before it has loaded again.
    expect(desktop.get_by_text("Your choice was saved.")).to_have_count(0)
    desktop.get_by_label("Cedar Ridge").select_option("Below 10 credits")
    expect(desktop.get_by_text("Your choice was saved.")).to_be_visible()
    with db.reading() as session:
        assert choices.level_of(session, writer.actor.account_id, _place(session)) == 10

    # A link in an email leads to a page, and only its button changes something.
    desktop.context.clear_cookies()
    address = unsubscribing.address(writer.actor.account_id, NoticeKind.DELIVERED)
    desktop.goto(app_url + address.partition("8000")[2])
    assert _chosen(writer.actor.account_id) == {"delivered": "daily"}
    button(desktop, "Stop these emails").click()
    expect(desktop.get_by_role("heading", name="Done")).to_be_visible()
    assert _chosen(writer.actor.account_id) == {"delivered": "off"}


def test_a_push_is_shown_and_leads_to_its_message(desktop_with_windows: Page, app_url: str):
    desktop = desktop_with_windows
    push_keys.make()
    browser = Browser("https://fcm.googleapis.com/fcm/send/of-a-test")
    subscription = json.dumps({"endpoint": browser.endpoint, "keys": browser.keys})
    desktop.context.add_init_script(_PUSH_SERVICE % subscription)
    desktop.context.grant_permissions(["notifications"], origin=app_url)
    writer = new_writer()
    enter(desktop, app_url, writer)
    visit(desktop, routes.NOTICES)
    button(desktop, "Turn on").click()
    expect(button(desktop, "Turn off")).to_be_visible()
    with db.reading() as session:
        mine = select(PushSubscription.endpoint).where(PushSubscription.account_id == writer.actor.account_id)
        assert session.exec(mine).all() == [browser.endpoint]

    until_kept(desktop)
    pushed = {"title": "RxConnect", "body": "Marcus wrote to you", "path": routes.INBOX}
    _push(desktop, app_url, json.dumps(pushed))
    assert _shown(desktop) == [["RxConnect", "Marcus wrote to you", "/inbox"]]
    _click_notification(desktop.context)
    expect(desktop).to_have_url(app_url + routes.INBOX)

    visit(desktop, routes.NOTICES)
    button(desktop, "Turn off").click()
    expect(button(desktop, "Turn on")).to_be_visible()
    with db.reading() as session:
        assert session.exec(mine).all() == []


def _place(session) -> int:
    return session.exec(select(Facility.id).where(Facility.key == "cedar-ridge")).one()


def _chosen(account_id: int) -> dict[str, str]:
    with db.reading() as session:
        rows = session.exec(select(NoticeChoice).where(NoticeChoice.account_id == account_id))
        return {row.kind: row.pace for row in rows}


def _push(page: Page, app_url: str, data: str) -> None:
    """Have Chromium deliver a push to our service worker."""
    session, registrations = page.context.new_cdp_session(page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: registrations.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(_TRIES):
        if registrations:
            break
        page.wait_for_timeout(_EVERY)
    about = {"origin": app_url, "registrationId": registrations[-1]["registrationId"]}
    session.send("ServiceWorker.deliverPushMessage", about | {"data": data})


def _shown(page: Page) -> list[list[str]]:
    for _ in range(_TRIES):
        if shown := page.evaluate(_SHOWN):
            return shown
        page.wait_for_timeout(_EVERY)
    return []


def _click_notification(context: BrowserContext) -> None:
    context.service_workers[0].evaluate(
        "async () => { const [notification] = await self.registration.getNotifications();"
        " self.dispatchEvent(new NotificationEvent('notificationclick', { notification })); }"
    )
