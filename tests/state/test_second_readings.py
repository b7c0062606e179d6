"""A second reading is blind: whatever the first decision was, a browser is told the same, in the same time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from statistics import median
from time import process_time
from typing import Any

import pytest
from reflex.constants.state import FIELD_MARKER
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.messages import Reason
from rxconnect.models import Facility, SecondReading, WarmUp
from rxconnect.services.review import review
from rxconnect.state.session import SessionState
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.disagreements import DisagreementsState
from rxconnect.state.staff.quality import QualityState
from rxconnect.state.staff.second_readings import SecondReadingsState
from rxconnect.state.staff.warm_ups import WarmUpState
from tests.state.driver import Tab, sign_in
from tests.state.lives import Life

WORDS = ("Xanthippe", "Balthazar")
# What belongs to a reader, a socket or a letter, and to no decision: ids, keys, and when the letter was sent.
ITS_OWN = {"id", "browser_key", "client_token", "session_id", "sent"}


@pytest.fixture
def drawn(life, actor):
    """`drawn(word, is_approved)`: a life whose letter somebody has decided, at a facility that has each read again."""

    def decide(word: str, is_approved: bool) -> Life:
        own = life(word)
        with db.transaction() as session:
            session.get_one(Facility, own.facility_id).second_reading_share = 100
            for earlier in session.exec(select(SecondReading).where(SecondReading.facility_id == own.facility_id)):
                session.delete(earlier)
        first = actor(role=Role.REVIEWER, facility_id=own.facility_id, name="Robin First")
        if is_approved:
            db.write(review.approve, first, own.message_id)
        else:
            db.write(review.reject, first, own.message_id, Reason.CODED, "The third line.")
        return own

    return decide


@pytest.fixture
def staff(server, actor):
    """`staff(life, role, address)`: a tab of somebody else at the same facility."""

    def open_page(own: Life, role: Role = Role.REVIEWER, address: str = routes.SECOND_READINGS) -> Tab:
        who = actor(role=role, facility_id=own.facility_id, name="Casey Cole")
        return server.tab(sign_in(who)).open(address)

    return open_page


def fields(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a value by its path, but for those in `ITS_OWN`."""
    if isinstance(value, dict):
        for name, one in value.items():
            plain = name.removesuffix(FIELD_MARKER)
            if plain not in ITS_OWN:
                yield from fields(one, f"{path}.{plain}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from fields(one, f"{path}[{place}]")
    else:
        yield path, value


def told(tab: Tab) -> list[list[tuple[str, Any]]]:
    """Every field of every update since the last time, with one word for both families."""
    frames = []
    for frame in tab.frames:
        one = re.sub("|".join(WORDS), "Somebody", frame, flags=re.IGNORECASE)
        frames.append(list(fields(json.loads(one))))
    tab.forget_frames()
    return frames


def a_whole_reading(tab: Tab) -> list[Any]:
    """What a browser is told from the page's load until after the answer, step by step."""
    steps = [told(tab)]
    for event in (
        SecondReadingsState.next,
        SecondReadingsState.ask_reason,
        SecondReadingsState.reject({"reason": "0"}),
        SecondReadingsState.reject({"reason": "2"}),
        SecondReadingsState.next,
        SecondReadingsState.approve,
    ):
        tab.call(event)
        steps.append([told(tab), tab.address, tab.focused, tab.redirects])
    return steps


@pytest.mark.parametrize("words", [WORDS, WORDS[::-1]])
def test_every_update_is_the_same_for_an_approved_and_a_rejected_letter(drawn, staff, words):
    approved, rejected = drawn(words[0], True), drawn(words[1], False)
    of_approved, of_rejected = (a_whole_reading(staff(own)) for own in (approved, rejected))
    assert "Somebody writes" in json.dumps(of_approved)
    assert ".reading.subject_pieces[0].text" in json.dumps(of_approved)
    assert of_approved == of_rejected


def test_no_update_names_the_letter_the_first_reader_or_what_became_of_it(drawn, staff):
    own = drawn(WORDS[0], False)
    tab = staff(own)
    tab.forget_frames()
    tab.call(SecondReadingsState.next)
    deltas = [json.loads(frame).get("delta", {}).get(SecondReadingsState.get_full_name(), {}) for frame in tab.frames]
    (update,) = [delta[f"reading{FIELD_MARKER}"] for delta in deltas if delta.get(f"reading{FIELD_MARKER}")]
    assert set(update) == {
        *("id", "facility", "sender", "person", "number", "subject_pieces", "pieces", "photos"),
        *("found_by", "sent", "held_for", "language", "rules"),
    }
    for word in ("Robin First", "third line", "Coded", "rejected", "Not delivered"):
        assert word not in tab.heard


def test_the_time_of_an_answer_does_not_tell_either(drawn, staff):
    approved, rejected = drawn(WORDS[0], True), drawn(WORDS[1], False)
    tabs = [staff(own) for own in (approved, rejected)]
    times: list[list[float]] = [[], []]
    for _each in range(25):
        for tab, taken in zip(tabs, times, strict=True):
            began = process_time()
            tab.call(SecondReadingsState.next)
            taken.append(process_time() - began)
    of_approved, of_rejected = map(median, times)
    assert abs(of_approved - of_rejected) < 0.25 * max(of_approved, of_rejected)


def test_an_administrator_judges_what_disagrees_and_the_page_of_quality_counts_it(drawn, staff):
    own = drawn(WORDS[0], True)
    staff(own).call(SecondReadingsState.next).call(SecondReadingsState.reject({"reason": "3"}))
    tab = staff(own, Role.ADMINISTRATOR, routes.DISAGREEMENTS)
    (line,) = tab.shown(DisagreementsState, "view")["lines"]
    assert (line["first"]["label"], line["second"]["label"], line["may_judge"]) == ("Approved", "Rejected", True)
    tab.call(DisagreementsState.open(line["id"]))
    assert "We miss you" in tab.shown(DisagreementsState, "shown")["pieces"][0]["text"]
    tab.call(DisagreementsState.judge(line["id"], "second"))
    assert tab.shown(DisagreementsState, "view")["lines"][0]["judged"] == "The second was right"
    view = tab.go(routes.QUALITY).shown(QualityState, "view")
    assert (view["total"]["misses"], view["total"]["alike"]) == (1, "0 of 1 letter")


@pytest.mark.parametrize(
    ("role", "state", "address"),
    [
        (Role.AUDITOR, SecondReadingsState, routes.SECOND_READINGS),
        (Role.REVIEWER, DisagreementsState, routes.DISAGREEMENTS),
        (Role.TRAINER, QualityState, routes.QUALITY),
        (Role.REVIEWER, WarmUpState, routes.WARM_UP),
    ],
)
def test_a_page_that_is_for_others_says_so(drawn, staff, role, state, address):
    tab = staff(drawn(WORDS[0], True), role, address)
    assert tab.shown(state, "is_refused")
    assert WORDS[0] not in tab.heard.replace(f"{WORDS[0]} House", "")


def test_a_warm_up_tells_each_answer_after_the_reviewers_own_and_is_then_no_longer_offered(drawn, staff):
    own = drawn(WORDS[0], True)
    with db.transaction() as session:
        session.get_one(Facility, own.facility_id).has_warm_up = True
    tab = staff(own, address=routes.STAFF)
    assert tab.shown(DeskState, "has_warm_up")
    tab.go(routes.WARM_UP).forget_frames().call(WarmUpState.begin)
    assert tab.shown(WarmUpState, "feedback") is None
    assert "because" not in tab.heard
    right = 0
    for place in range(1, 7):
        assert tab.shown(WarmUpState, "place") == place
        tab.call(WarmUpState.approve)
        right += tab.shown(WarmUpState, "feedback")["is_right"]
        # A second press, or one after the end, counts nothing.
        tab.call(WarmUpState.reject).call(WarmUpState.go_on)
    assert (right, tab.shown(WarmUpState, "correct"), tab.shown(WarmUpState, "is_over")) == (3, 3, True)
    tab.call(WarmUpState.approve).call(WarmUpState.reject)
    with db.reading() as session:
        assert len(session.exec(select(WarmUp)).all()) == 1
    assert not tab.go(routes.STAFF).shown(DeskState, "has_warm_up")
    assert tab.shown(SessionState, "name") == "Casey Cole"
