"""Nothing disappears with one press: what takes something away offers to undo it, or asks first, or says here why neither.

Decision 0073. A new handler with such a name is covered by itself.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from rxconnect import routes
from rxconnect.domain.removals import RemovalKind
from rxconnect.rxconnect import _DEMO_PAGES, _DOOR_PAGES, _FAMILY_PAGES, _KIOSK_PAGES, _STAFF_PAGES
from tests.architecture.test_handlers import HANDLERS

VERBS = (
    *(
        "remove",
        "discard",
        "withdraw",
        "delete",
        "cancel",
        "close",
        "revoke",
        "end",
        "clear",
        "reset",
        "forget",
        "drop",
    ),
    *("block", "suspend", "switch_off", "turn_off", "refuse", "reject", "decline", "kill", "leave", "stop", "undo"),
    *("refund", "expire", "destroy", "archive", "void", "take_back", "unmark", "lock"),
)
PANEL = "It closes a form or a letter on the screen. Nothing is lost."
TYPED = "A form asks for the reason or the number first, and says what follows."
DECISION = "The desk holds the decision for ten seconds, with its own Undo (U)."
BACK_AT_ONCE = "The same place then shows the button that takes it back, and nothing was lost."
NEITHER = {
    "CardsState.close_edit": PANEL,
    "PaymentState.close_edit": PANEL,
    "CreditsState.close_refund": PANEL,
    "FinanceState.close_refund": PANEL,
    "DeskState.close": PANEL,
    "DisagreementsState.close": PANEL,
    "PrintState.close_batch": PANEL,
    "SealedState.close_batch": PANEL,
    "PrivilegedState.close": PANEL,
    "RequirementsState.stop_editing": PANEL,
    "RequirementsState.stop_pasting": PANEL,
    "JudgeState.cancel_reject": PANEL,
    "ReceiptsState.clear_filter": PANEL,
    "DeskState.reject": DECISION,
    "DeskState.reject_for": DECISION,
    "DeskState.undo": "It is itself the undo of a decision.",
    "UndoState.undo": "It is itself the undo.",
    "DeskState.block_pair": TYPED,
    "ContactReviewsState.block": TYPED,
    "LawyersState.refuse": TYPED,
    "LawyersState.end_early": TYPED,
    "FinanceState.refund": TYPED,
    "PrivilegedState.decline": "The request was another's, who may ask again. It opened nothing.",
    "SecondReadingsState.reject": "It judges a decided letter, and changes nothing about it.",
    "SecondReadingsState.leave": "The letter waits for another reader.",
    "WarmUpState.reject": "The letters of a warm-up are invented.",
    "JudgeState.reject": "The letters of a judging are invented, and a trainer's room can begin again.",
    "AutoReloadState.turn_off": "To stop a charge takes one press, by design. Its form stays filled, and one press turns it on.",
    "TeamState.suspend": BACK_AT_ONCE,
    "FoundState.take_back": "It is itself the undo of adding a contact.",
    "ProfileState.cancel_email_change": "The address stays as it is, and the change can be asked for again.",
    "StaffProfileState.cancel_email_change": "The address stays as it is, and the change can be asked for again.",
    "HostState.take_back_wheel": BACK_AT_ONCE,
    "HostState.lock_session": BACK_AT_ONCE,
    "HostState.refuse_guests": BACK_AT_ONCE,
    "RoomState.stop_following": BACK_AT_ONCE,
    "RequirementsState.unmark_shown": BACK_AT_ONCE,
    "BreakingState.kill_worker": "It is what the room came to see, and the page explains it above the button.",
}
PAGES = {
    address: page for address, _, page, _ in [*_DOOR_PAGES, *_FAMILY_PAGES, *_STAFF_PAGES, *_KIOSK_PAGES, *_DEMO_PAGES]
}
# What native forms post to that ends something. A form that asks for the password has asked.
POSTED = (routes.SIGN_OUT_EVERYWHERE, routes.DEMO_END)


def destroying() -> list[str]:
    return [name for name in HANDLERS if re.match(rf"({'|'.join(VERBS)})(_|$)", name.rpartition(".")[2])]


def short(name: str) -> str:
    """`CardsState.remove`, of `reflex___state____state.rxconnect___…____cards_state.remove`."""
    state, _, handler = name.rpartition(".")
    return "".join(word.title() for word in state.rpartition("____")[2].split("_")) + "." + handler


def pieces(node: Any, *, is_asked: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text in a rendered page, and whether it stands inside of a question."""
    if isinstance(node, dict):
        is_asked = is_asked or 'className:"ask"' in node.get("props", ())
        node = [*node.values()]
    if isinstance(node, list | tuple):
        for part in node:
            yield from pieces(part, is_asked=is_asked)
    elif isinstance(node, str):
        yield node, is_asked


def rows_of(node: Any) -> Iterator[dict[str, Any]]:
    """The list items of a rendered page."""
    if isinstance(node, dict):
        if node.get("name") == '"li"':
            yield node
        node = [*node.values()]
    if isinstance(node, list | tuple):
        for part in node:
            yield from rows_of(part)


@pytest.fixture(scope="module")
def shown() -> list[tuple[str, bool]]:
    """Every text of every page, with the names of the handlers that it calls."""
    return [piece for page in PAGES.values() for piece in pieces(json.loads(json.dumps(page().render(), default=str)))]


def test_the_handlers_that_take_something_away_were_found():
    assert len(destroying()) > 40
    assert {HANDLERS[name].__undoes__ for name in HANDLERS if hasattr(HANDLERS[name], "__undoes__")} == {*RemovalKind}


@pytest.mark.parametrize("name", sorted(destroying()), ids=short)
def test_what_takes_something_away_can_be_undone_or_asks_first(name, shown):
    calls = [is_asked for text, is_asked in shown if f'"{name}"' in text]
    if hasattr(HANDLERS[name], "__undoes__"):
        assert calls
        assert not any(calls), "It asks as well, which is one press too many."
    elif short(name) not in NEITHER:
        assert calls, "No page calls it by its name."
        assert all(calls), "One press does it, and there is no way back. See decision 0073."


def test_a_row_that_is_removed_is_known_by_its_own_key():
    # Otherwise the browser gives the focus, and the next press, to the row that takes its place.
    undoable = [f'"{name}"' for name in HANDLERS if hasattr(HANDLERS[name], "__undoes__")]
    rows = [row for page in PAGES.values() for row in rows_of(page().render())]
    calling = [
        row for row in rows if any(name in json.dumps(row, default=str).replace('\\"', '"') for name in undoable)
    ]
    assert calling
    assert not [row for row in calling if any(prop.startswith("key:index_") for prop in row["props"])]


@pytest.mark.parametrize("address", POSTED)
def test_a_form_that_ends_something_is_inside_of_a_question(address, shown):
    forms = [is_asked for text, is_asked in shown if text == f'action:"{address}"']
    assert forms
    assert all(forms)


def test_no_reason_is_given_for_a_handler_that_is_gone_or_asks():
    assert not set(NEITHER) - {short(name) for name in destroying()}
