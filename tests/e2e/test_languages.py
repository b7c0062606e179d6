"""Every page in the pseudo-language: nothing in plain English, and room at 320 px for words that are 40 % longer."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from rxconnect import db, routes, world
from rxconnect.demo import seats, sessions, summaries
from rxconnect.domain import states
from rxconnect.domain.receipts import Filter, MovementKind
from rxconnect.i18n import PSEUDO
from rxconnect.i18n.catalogs import pseudo_translate
from rxconnect.models import KioskPerson
from rxconnect.rxconnect import app
from rxconnect.services.accounts import sign_ins
from rxconnect.services.books import receipt_history
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.inside import letters, replies
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.services.messages import messages
from tests.e2e.actions import (
    CEDAR_RIDGE,
    ROSA,
    Person,
    cedar_ridge,
    contact_of,
    enter,
    enter_kiosk,
    marcus_inside,
    new_draft,
    new_family,
    new_purchase,
    new_writer,
    person,
    visit,
)
from tests.e2e.conftest import copied
from tests.e2e.large_text import (
    problems_of_large_text,
    problems_of_structure,
    shorten_pseudo_words,
    small_targets,
)
from tests.e2e.servers import free_port, start, wait_until_healthy
from tests.e2e.test_accessibility import BURST_BOXES, COMMON, OPEN, one_of_each_status
from tests.e2e.test_staff_sign_in import member
from tests.staff import PASSWORD, code_at

# One process starts the server of these tests.
pytestmark = pytest.mark.xdist_group("languages")

ADMINISTRATOR = "admin@example.com"
STAFF = (
    routes.STAFF,
    routes.PRINT,
    routes.STAFF_CONTACTS,
    routes.FIGURES,
    routes.QUALITY,
    routes.SECOND_READINGS,
    routes.DISAGREEMENTS,
    routes.WARM_UP,
    routes.RULES,
    routes.FINANCE,
    routes.LEDGER,
    routes.ROSTERS,
    routes.FACILITY_SETTINGS,
    routes.TEAM,
    routes.AUDIT,
    routes.REPORTS,
    routes.LAWYERS,
    routes.PRIVILEGED,
    routes.STAFF_KIOSKS,
    routes.STAFF_PROFILE,
)
KIOSK = (routes.KIOSK_INBOX, routes.KIOSK_NOTICES, routes.KIOSK_SENDERS, routes.KIOSK_RULES)
KIOSK_DOOR = (routes.KIOSK_DEVICE, routes.KIOSK, routes.KIOSK_PIN)
# The steps of staff who sign in, for somebody who has entered the password.
STAFF_STEPS = (routes.SECOND_STEP, routes.SECOND_FACTOR, routes.STAFF_CONFIRM, routes.RECOVERY_CODES, routes.INVITATION)
DEMO = (routes.DEMO, routes.DEMO_OPEN, routes.DEMO_JOIN, routes.DEMO_OVER)
# For the trainer of a session.
DEMO_SEATED = (
    routes.DEMO_ROOM,
    routes.DEMO_JUDGE,
    routes.DEMO_BREAK,
    routes.DEMO_FACILITY,
    routes.DEMO_SPLIT,
    routes.DEMO_FRAME,
)
# These pages show where the walkthrough stands.
UNDER_WAY = (routes.START, routes.FIND_INMATE)
# What people have typed, or facilities have sent, by table: it gets accents too, so that English alone is plain.
DATA = {
    "account": ("name",),
    "facility": ("name", "kind", "address", "city", "county", "rules"),
    "inmate": ("first_name", "middle_name", "last_name"),
    "message": ("subject", "body"),
    "message_event": ("note",),
    "draft": ("subject", "body"),
    "photo": ("caption",),
    "kiosk_device": ("name",),
    "receipt": ("buyer", "facility", "facility_place"),
    "refund": ("reason",),
    "lawyer": ("name", "bar_number", "reason"),
    "screening_rule": ("name", "words", "published_text"),
    "screening_event": ("detail",),
    # The demonstration's emails were written to people who had not said which language they speak.
    "email": ("subject", "body"),
}
# Names that every language writes alike: of our own, of cards, files, browsers, languages, keys and time zones.
NAMES = {
    *(
        "RxConnect",
        "rxconnect-demo",
        "Visa",
        "Mastercard",
        "American",
        "Express",
        "Discover",
        "CSV",
        "JSON",
        "XML",
        "SQL",
        "PDF",
        "CVV",
        "RX-",
    ),
    *("Chrome", "Chromium", "Headless", "Linux", "English", "Pseudo"),
    *("PST", "PDT", "MST", "MDT", "CST", "CDT", "EST", "EDT", "AKST", "AKDT", "HST", "UTC", "ChST", "SST", "AST"),
}
# The key of a facility in a command that an email quotes.
NAMES.add("cedar-ridge")
# The published code of the demonstration's kiosk.
NAMES.add("CEDAR-DEMO")
NAMES |= {word for name in states.NAMES.values() for word in name.split()} | set(states.NAMES)

# All that is read or heard: texts, and the attributes that a screen reader says.
TEXTS = """
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [document.title];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("script, style, .ava, .key-text, .audit-details")) found.push(walker.currentNode.data);
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of ["aria-label", "placeholder", "title", "alt"]) found.push(one.getAttribute(name) ?? "");
  return found.filter((text) => text.trim());
}
"""


@pytest.fixture(scope="module")
def app_data(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of an app of our own."""
    return copied(demonstration, tmp_path_factory.mktemp("foreign"))


@pytest.fixture(scope="module")
def app_url(app_data: Path) -> Iterator[str]:
    """The address of an app that speaks English and the pseudo-language."""
    port, log = free_port(), app_data / "server.log"
    server = start(app_data, port, log, RXCONNECT_LANGUAGES=f"en,{PSEUDO}")
    try:
        wait_until_healthy(f"http://localhost:{port}", server, log)
        give_accents_to_data(app_data / "rxconnect.db")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


def give_accents_to_data(file: Path) -> None:
    with sqlite3.connect(file, timeout=60) as database:
        # Some of these tables are evidence, which triggers keep as it is.
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.create_function("pseudo", 1, accented)
        for table, columns in DATA.items():
            database.execute(f"UPDATE {table} SET {', '.join(f'{name} = pseudo({name})' for name in columns)}")
        # A kiosk begins in its facility's language, and the emails that staff get from now on are in theirs.
        database.execute("UPDATE facility SET language = ?", (PSEUDO,))
        database.execute("UPDATE account SET language = ? WHERE kind = 'staff'", (PSEUDO,))


def accented(text: str | None) -> str | None:
    """A column's text with accents; a list of texts is kept as JSON."""
    if text and text.startswith("["):
        return json.dumps([pseudo_translate(one) for one in json.loads(text)])
    return pseudo_translate(text) if text else text


class Reader:
    """Looks at pages on the narrowest phone, and remembers what is plain English or too wide."""

    def __init__(self, page: Page):
        self.page = page
        self.found: list[str] = []

    def look(self, where: str) -> None:
        self.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for text in self.page.evaluate(TEXTS):
            if plain := [word for word in words(text) if word not in NAMES]:
                self.found.append(f"{where}: {' '.join(plain)!r} in {text.strip()[:90]!r}")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.found.append(f"{where}: {wide} px too wide")
        self.found += [f"{where}: {burst}" for burst in self.page.evaluate(BURST_BOXES)]
        # A page that reloads by itself meanwhile has its long words again, so that only what is found twice is true.
        if wrong := self._problems():
            self.found += [f"{where}: {one}" for one in sorted(wrong & self._problems())]

    def _problems(self) -> set[str]:
        shorten_pseudo_words(self.page)
        return {*small_targets(self.page), *problems_of_structure(self.page), *problems_of_large_text(self.page)}


def words(text: str) -> list[str]:
    """The words of plain letters. Addresses, keys and numbers are none, nor are those of receipts."""
    parts = (part.strip(".,:;!?()“”‘’'\"…·–—") for part in text.split())
    return [part for part in parts if re.fullmatch(r"[A-Za-z][A-Za-z’'-]+", part) and not part.startswith("RX-")]


@pytest.fixture
def reader(new_context: Callable[..., BrowserContext], app_url: str) -> Iterator[Reader]:
    """A phone that asks for the pseudo-language. Its findings fail the test, all at once."""
    context = new_context(base_url=app_url, viewport={"width": 320, "height": 700}, locale=PSEUDO)
    reader = Reader(context.new_page())
    yield reader
    assert not reader.found, "\n".join(sorted(set(reader.found)))


def rosas_own(rosa: Person) -> list[tuple[str, str]]:
    """The pages that have a part of their address to themselves, or need somebody who is under way: route and address."""
    threads = db.read(messages.threads, rosa.actor)
    letters = db.read(messages.thread, rosa.actor, threads[0].contact_id)
    draft_id = new_draft(rosa, pseudo_translate("Lily"), pseudo_translate("She did it."))
    (receipt, *_) = db.read(receipt_history.movements, rosa.actor, Filter(kind=MovementKind.PURCHASE))
    parts = [
        (routes.THREAD, threads[0].contact_id),
        *((routes.MESSAGE, letter.id) for letter in one_of_each_status(letters)),
        (routes.COMPOSE, draft_id),
        (routes.SEND, draft_id),
        (routes.RECEIPT, receipt.number),
        (routes.STATEMENT, receipt.local.year),
        (routes.PAYMENT, new_purchase(rosa)),
        (routes.REVIEW, new_purchase(rosa, with_card=True)),
        (routes.AUTO_RELOAD, 1),
        (routes.MESSAGE, 0),
    ]
    return [(route, routes.fill(route, part)) for route, part in parts] + [(one, one) for one in UNDER_WAY]


def marcus_own() -> list[tuple[str, str]]:
    """The pages of the kiosk that have a part of their address to themselves: route and address."""
    marcus = marcus_inside()
    (first, *_) = db.read(letters.inbox, marcus)
    (message, *_) = db.read(letters.thread, marcus, first.contact_id).messages
    draft_id = db.write(replies.start, marcus, first.contact_id)
    parts = [(routes.KIOSK_THREAD, first.contact_id), (routes.KIOSK_LETTER, message.id), (routes.KIOSK_REPLY, draft_id)]
    return [(route, routes.fill(route, part)) for route, part in parts]


def test_every_page_is_looked_at(app_url: str):
    own = [route for route, _address in (*rosas_own(person(ROSA)), *marcus_own())]
    looked_at = {
        address.partition("?")[0]
        for address in (
            *OPEN,
            *COMMON,
            *STAFF,
            *STAFF_STEPS,
            *DEMO,
            *DEMO_SEATED,
            routes.DEMO_SUMMARY,
            *KIOSK,
            *KIOSK_DOOR,
            *own,
            routes.FOUND,
        )
    }
    # `/nowhere` shows the page of all addresses that do not exist, and the accessibility walk closes an account.
    looked_at = looked_at - {"/nowhere", routes.fill(routes.FACILITY, CEDAR_RIDGE)} | {routes.FACILITY, routes.REOPEN}
    assert {f"/{address}" for address in app._unevaluated_pages} - {"/404"} == looked_at


def test_pages_before_signing_in(reader: Reader):
    for address in (*OPEN, *DEMO):
        visit(reader.page, address)
        reader.look(address)


def test_pages_with_nothing_in_them_yet(reader: Reader, app_url: str):
    enter(reader.page, app_url, new_family(pseudo_translate("Nina Okafor")))
    for address in COMMON:
        visit(reader.page, address)
        reader.look(address)


def test_pages_full_of_a_years_letters(reader: Reader, app_url: str):
    rosa = person(ROSA)
    enter(reader.page, app_url, rosa)
    for address in (*COMMON, *(address for _route, address in rosas_own(rosa))):
        visit(reader.page, address)
        reader.look(address)


def test_pages_of_the_kiosk(reader: Reader, app_url: str):
    page = reader.page
    visit(page, routes.KIOSK_DEVICE)
    reader.look(routes.KIOSK_DEVICE)
    enter_kiosk(page, app_url, marcus_inside())
    for address in (*KIOSK, *(address for _route, address in marcus_own())):
        visit(page, address)
        reader.look(address)
    page.context.clear_cookies(name=kiosk_sign_ins.cookie_name())
    visit(page, routes.KIOSK)
    reader.look(routes.KIOSK)
    with db.transaction() as session:
        session.get_one(KioskPerson, marcus_inside().inmate_id).is_first = True
    enter_kiosk(page, app_url, marcus_inside())
    visit(page, routes.KIOSK_PIN)
    reader.look(routes.KIOSK_PIN)


def test_the_page_of_a_person_who_was_just_added(reader: Reader, app_url: str):
    writer = new_writer(pseudo_translate("Nina Okafor"))
    with db.transaction() as session:
        walkthrough.begin(session, writer.actor)
        walkthrough.choose_facility(session, writer.actor, cedar_ridge(session))
        walkthrough.choose_contact(session, writer.actor, contact_of(writer))
    enter(reader.page, app_url, writer)
    visit(reader.page, routes.FOUND)
    assert reader.page.url.endswith(routes.FOUND)
    reader.look(routes.FOUND)


def test_pages_of_staff(reader: Reader, app_url: str):
    enter(reader.page, app_url, person(ADMINISTRATOR))
    for address in STAFF:
        visit(reader.page, address)
        reader.look(address)


def test_the_steps_of_staff_who_sign_in(reader: Reader):
    page = reader.page
    visit(page, f"{routes.INVITATION}?token=none")
    reader.look(routes.INVITATION)
    for robin, step in ((member(has_app=False), routes.SECOND_FACTOR), (member(), routes.SECOND_STEP)):
        visit(page, routes.SIGN_IN)
        page.locator("#email").fill(robin.email)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{step}**")
        reader.look(step)
    page.locator("input[name=one_time_code]").first.fill(code_at())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{routes.STAFF}")
    for address in (routes.STAFF_CONFIRM, routes.RECOVERY_CODES):
        visit(page, address)
        reader.look(address)


def test_pages_of_demo_sessions(reader: Reader, app_url: str):
    token, session = sessions.start(
        "first-letter", name=pseudo_translate("Aisha"), address_key="192.0.2.1", language=PSEUDO, allows_guests=True
    )
    reader.page.context.add_cookies([{"name": sign_ins.seat_cookie_name(), "value": token, "url": app_url}])
    visit(reader.page, routes.DEMO_ROOM)
    assert session.code in reader.page.inner_text("main")
    seat = seats.find(sign_ins.seat_hash(token))
    assert seat is not None
    give_accents_to_data(world.world_of(seat.world).folder / world.DATABASE)
    for address in DEMO_SEATED:
        reader.page.goto(address)
        reader.page.wait_for_load_state("networkidle")
        reader.look(address)
    db.write(sessions.add_note, seat, pseudo_translate("What does it cost in Texas?"))
    db.write(sessions.end, seat)
    reader.page.context.clear_cookies()
    visit(reader.page, routes.fill(routes.DEMO_SUMMARY, summaries.number_of(session.id)))
    assert pseudo_translate("Texas") in reader.page.inner_text("main")
    reader.look(routes.DEMO_SUMMARY)


def test_no_page_asks_for_words_of_another_language(reader: Reader, app_url: str):
    """Of all that the sign-in loads, no script holds the sentences of the other build."""
    loaded: list[str] = []
    reader.page.on("response", lambda response: loaded.append(response.url))
    reader.page.goto(routes.SIGN_IN, wait_until="networkidle")
    scripts = [reader.page.request.get(url).text() for url in loaded if url.endswith(".js")]
    assert any(pseudo_translate("Forgot your password?") in script for script in scripts)
    assert not any("Forgot your password?" in script for script in scripts)


def test_without_scripts_the_sign_in_speaks_the_language_of_the_browser(
    new_context: Callable[..., BrowserContext], app_url: str
):
    page = new_context(base_url=app_url, locale=PSEUDO, java_script_enabled=False).new_page()
    page.goto(routes.SIGN_IN)
    assert page.locator("html").get_attribute("lang") == PSEUDO
    page.get_by_role("button", name=pseudo_translate("Sign in")).click()
    assert pseudo_translate("Please enter your email address.") in page.locator(".problem").all_inner_texts()


def test_the_language_can_be_chosen_where_one_signs_in(new_context: Callable[..., BrowserContext], app_url: str):
    page = new_context(base_url=app_url, locale="en-US").new_page()
    visit(page, routes.SIGN_UP)
    page.get_by_role("button", name="Pseudo").click()
    page.get_by_role("button", name=pseudo_translate("Create account")).wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Create account").wait_for()
    assert page.url.endswith(routes.SIGN_UP)
