"""How many transactions an event takes, and how often it looks the account up: on every page, everybody waits for each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.rxconnect import app
from rxconnect.services.accounts import sign_ins
from rxconnect.state.family.drafts import ComposeState, SendState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.purchases import AmountState
from tests.state.driver import MOVE_TO_PAGE, name_of, sign_in, sign_in_at_kiosk

# What is not read in one go: a review asks the card processor, a search is counted, what is shown is marked as read, and some
# pages listen before they read.
_MOST = {
    routes.REVIEW: 5,
    routes.FIND_INMATE: 3,
    routes.THREAD: 2,
    routes.MESSAGE: 2,
}
# A report is recorded, and then counted in a snapshot that locks nothing.
_MOST |= {routes.KIOSK_THREAD: 2, routes.STAFF: 2, routes.STAFF_CONTACTS: 2, routes.FIGURES: 2, routes.REPORTS: 2}
# The outbox and the facilities are for everyone, and the pages of demo sessions ask for a seat instead of an account.
_PAGES = sorted(
    page
    for page in (f"/{address}" for address, events in app._load_events.items() if events)
    if page not in (routes.OUTBOX, routes.FACILITIES, routes.FACILITY) and not routes.is_of_demo(page)
)


class Counted:
    """How often the database was asked since the test looked last."""

    transactions = look_ups = 0

    def taken(self) -> tuple[int, int]:
        """Transactions and look-ups."""
        found = self.transactions, self.look_ups
        self.transactions = self.look_ups = 0
        return found


@pytest.fixture
def counted(database: object) -> Iterator[Counted]:
    """Counts what every engine is asked."""
    counted = Counted()

    def begins(_connection: object) -> None:
        counted.transactions += 1

    def runs(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        counted.look_ups += "JOIN sign_in" in statement

    event.listen(Engine, "begin", begins)
    event.listen(Engine, "before_cursor_execute", runs)
    yield counted
    event.remove(Engine, "begin", begins)
    event.remove(Engine, "before_cursor_execute", runs)


def _address(page: str, own) -> str:
    """The page, about something of one's own."""
    mine = {"number": own.receipt_number, "year": str(clock.now().year)}
    mine |= {"draft_id": own.reply_id, "message_id": own.answer_id} if routes.is_of_kiosk(page) else {}
    return re.sub(r"\[(\w+)\]", lambda match: str(mine.get(match[1]) or getattr(own, match[1])), page)


@pytest.mark.parametrize("page", _PAGES)
def test_every_page_looks_the_account_up_once(server, life, actor, counted, page):
    own = life()
    who = actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id) if page.startswith(routes.STAFF) else own.actor
    inside = sign_in_at_kiosk(own.person) if routes.is_of_kiosk(page) else ""
    tab = server.tab("" if inside else sign_in(who), kiosk=inside).open(routes.TERMS)
    counted.taken()
    tab.address = _address(page, own)
    tab.send(MOVE_TO_PAGE)
    transactions, look_ups = counted.taken()
    assert look_ups == 1
    assert transactions <= _MOST.get(page, 1)


def test_opening_the_dashboard_takes_two_transactions_with_its_socket(server, life, counted):
    tab = server.tab(sign_in(life().actor))
    counted.taken()
    tab.open(routes.DASHBOARD)
    assert counted.taken() == (2, 2)


def test_a_key_that_reads_nothing_takes_one(server, life, counted):
    tab = server.tab(sign_in(life().actor)).open(routes.BUY_CREDITS)
    counted.taken()
    tab.call(AmountState.type_credits("33"))
    assert counted.taken() == (1, 1)


def test_a_name_takes_one_to_count_the_search_and_one_to_search(server, life, counted):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.FIND_INMATE)
    counted.taken()
    tab.call(FindInmateState.type_last_name("Riviera"))
    assert counted.taken() == (2, 1)
    assert tab.shown(FindInmateState, "results")


def test_continue_takes_two_besides_what_is_not_saved_yet(server, life, counted):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))
    counted.taken()
    tab.call(ComposeState.check_and_preview)
    assert tab.shown(SendState, "ready")
    assert counted.taken() == (2, 2)


def test_a_sign_in_that_has_ended_runs_no_service_in_the_same_transaction(server, life, counted):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.FIND_INMATE)
    db.write(sign_ins.sign_out_everywhere, own.actor)
    before = db.read(_attempts)
    tab.send(name_of(FindInmateState, "type_last_name"), {"text": "Riviera"})
    assert tab.redirects[-1].startswith(routes.SIGN_IN)
    assert db.read(_attempts) == before


def _attempts(session) -> int:
    return session.connection().exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
