"""A lawyer's letter: whatever handler staff call, on whatever page and in whatever role, they get 0 words and 0 names."""

import json
from collections.abc import Iterator
from itertools import islice, product

import pytest
from reflex_base.registry import RegistrationContext
from sqlalchemy import true
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.models import Account, AuditRow, Email
from rxconnect.rxconnect import _STAFF_PAGES
from rxconnect.services.privilege import break_glass
from rxconnect.services.review import desk
from rxconnect.state.guard import Id
from rxconnect.state.staff.kiosks import KiosksState
from rxconnect.state.staff.lawyers import LawyersState
from rxconnect.state.staff.privileged import PrivilegedState
from tests.privileged import LAWYER, PERSON, leaks, privileged_at
from tests.state.driver import Tab, name_of, sign_in

STAFF_HANDLERS = sorted(
    name
    for name, entry in RegistrationContext.get().event_handlers.items()
    if getattr(entry.handler.fn, "__guard__", "") == "staff"
)
# Administrators verify lawyers, so they see who asks. The page tells nothing of the letters or of their recipients. Whoever
# gives somebody a PIN looks them up on the roster, and learns nothing of their letters.
MAY_NAME = {LawyersState.get_full_name(): LAWYER, KiosksState.get_full_name(): PERSON}
_TEXTS = ("1", "ordinary", "waiting")
_MOST_CALLS = 8


def calls(handler: str, theirs) -> Iterator[dict]:
    """What is sent to a handler: every privileged id that fits, and texts and forms that say nothing of the letters."""
    kinds = {
        name: kind
        for name, kind in RegistrationContext.get().event_handlers[handler].handler.fn.__annotations__.items()
        if name not in ("return", "actor", "_actor", "caller")
    }

    def values(name, kind):
        if kind is Id:
            return theirs.candidates(name)
        if kind is bool:
            return (True,)
        if kind is not None and getattr(kind, "__origin__", None) is dict:
            # A reason, a day, numbers of letters: whatever a form of theirs may hold.
            return ({"letter": str(theirs.letters[0]), "reason": "It was asked for.", "name": "Mine", "number": "1"},)
        return _TEXTS if kind is not int else (0,)

    for chosen in islice(product(*(values(*item) for item in kinds.items())), _MOST_CALLS):
        yield dict(zip(kinds, chosen, strict=True))


def leaks_to(tab: Tab) -> set[tuple[str, str]]:
    """What the tab was told of the letters, as (State, word)."""
    found = set()
    for frame in tab.frames:
        for state, changes in json.loads(frame).get("delta", {}).items():
            found |= {(state, word) for word in leaks(json.dumps(changes), may_name=MAY_NAME.get(state, ""))}
        if "delta" not in frame:
            found |= {("", word) for word in leaks(frame)}
    return found


def walk(tab: Tab, theirs) -> None:
    """Every page of staff, and on one of them every handler with every privileged id."""
    for address, *_rest in _STAFF_PAGES:
        tab.go(address)
        tab.go(f"{address}?facility={theirs.facility_id}")
    for handler in STAFF_HANDLERS:
        for payload in calls(handler, theirs):
            tab.send(handler, payload)


@pytest.mark.parametrize("role", list(Role))
def test_no_handler_and_no_page_tells_staff_a_word_or_a_name(server, life, actor, role, capfd):
    own = life()
    theirs = privileged_at(own.facility_id)
    who = actor(role=role, facility_id=own.facility_id)
    tab = server.tab(sign_in(who)).open(routes.STAFF)
    walk(tab, theirs)
    assert leaks_to(tab) == set()
    assert tab.frames
    out, err = capfd.readouterr()
    assert leaks(out + err) == []
    with db.reading() as session:
        staff = select(Account.email).where(Account.kind == "staff")
        to_staff = session.exec(select(Email).where(Email.to.in_(staff))).all()
        assert to_staff
        assert leaks(" ".join(f"{one.subject} {one.body}" for one in to_staff)) == []
        acts = session.exec(select(AuditRow).where(AuditRow.facility_id == own.facility_id)).all()
        assert leaks(" ".join(f"{row.subject} {row.details}" for row in acts)) == []


def test_the_walk_finds_a_border_that_leaks(server, life, actor, monkeypatch):
    own = life()
    theirs = privileged_at(own.facility_id)
    tab = server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=own.facility_id))).open(routes.STAFF)
    monkeypatch.setattr(desk, "is_letter", lambda *_args: true())
    for payload in calls(name := next(one for one in STAFF_HANDLERS if one.endswith("desk_state.open")), theirs):
        tab.send(name, payload)
    assert {word for _state, word in leaks_to(tab)} >= {LAWYER, PERSON}


def test_staff_are_shown_the_fact_and_the_time(server, life, actor):
    own = life()
    theirs = privileged_at(own.facility_id)
    tab = server.tab(sign_in(actor(role=Role.AUDITOR, facility_id=own.facility_id))).open(routes.PRIVILEGED)
    view = tab.shown(PrivilegedState, "view")
    assert {one["message_id"] for one in view["letters"]} == set(theirs.letters)
    assert set(view["letters"][0]) == {"message_id", "facility", "sent"}
    assert (view["can_ask"], view["can_seal"]) == (False, False)


def test_the_letter_is_told_to_the_administrator_for_whom_it_was_opened_and_gone_with_the_page(server, life, actor):
    own = life()
    theirs = privileged_at(own.facility_id)
    second = actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id)
    asker, other = (server.tab(sign_in(one)).open(routes.PRIVILEGED) for one in (theirs.administrator, second))
    other.send(name_of(PrivilegedState, "agree"), {"request_id": theirs.request_id})
    for tab in (other, asker):
        tab.send(name_of(PrivilegedState, "read"), {"request_id": theirs.request_id})
    assert leaks_to(other) == set()
    assert asker.shown(PrivilegedState, "letter")["message_id"] == theirs.letters[1]
    asker.go(routes.STAFF).go(routes.PRIVILEGED)
    assert asker.shown(PrivilegedState, "letter") is None
    assert db.read(break_glass.requests, second)[0].state_label == "Agreed"
