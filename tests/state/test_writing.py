"""Compose: what its State shows of a draft that the browser saves by itself (`tests/api/test_drafts.py`)."""

import pytest

from rxconnect import db, routes
from rxconnect.domain import terms
from rxconnect.models import Facility
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts
from rxconnect.services.screening import submissions
from rxconnect.state.family.drafts import ComposeState, SendState
from tests.state.driver import sign_in


@pytest.fixture
def writing(server, life):
    """`writing()`: a tab on the compose page, and whose it is."""

    def begin():
        own = life()
        return server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id)), own

    return begin


def _type(own, **words):
    """What the browser saves while somebody types."""
    db.write(drafts.save, own.actor, own.draft_id, **words)


def _kept(own):
    return db.read(drafts.get, own.actor, own.draft_id)


@pytest.mark.parametrize("text", ["👩‍👧‍👦 🇺🇸 é", "שלום, מרכוס\nأهلا", "line\n\n\tindented  ", "<b>&amp;</b>", " "])
def test_every_script_and_sign_is_shown_as_it_was_typed(writing, text):
    tab, own = writing()
    _type(own, subject=text, body=text)
    draft = tab.open(tab.address).shown(ComposeState, "draft")
    assert (draft["subject"], draft["body"]) == (text, text)


def test_a_letter_over_the_limit_is_kept_whole_and_says_by_how_much(writing):
    tab, own = writing()
    _type(own, subject="x", body="é" * 10_000)
    tab.call(ComposeState.reload)
    assert tab.shown(ComposeState, "figures") == {
        "left": "4,000 over the limit",
        "is_over": True,
        "cost": "2 credits",
        "credits_after": "19 now, 17 after sending",
    }
    assert tab.call(ComposeState.check_and_preview).address == routes.fill(routes.COMPOSE, own.draft_id)
    assert "4,000 characters over the limit" in tab.shown(ComposeState, "problems")["body"]
    assert _kept(own).body == "é" * 10_000

    _type(own, body="é" * 6_000)
    tab.call(ComposeState.reload)
    figures = tab.shown(ComposeState, "figures")
    assert (figures["left"], figures["is_over"]) == ("0 of 6,000 characters left", False)
    assert tab.said(ComposeState) == ""


def test_what_continue_said_stays_until_the_words_are_others(writing):
    tab, own = writing()
    _type(own, body=" ")
    tab.call(ComposeState.check_and_preview).call(ComposeState.reload)
    assert set(tab.shown(ComposeState, "problems")) == {"body"}
    _type(own, body="News")
    assert tab.call(ComposeState.reload).said(ComposeState) == ""


def test_continue_leads_on_with_what_is_saved(writing):
    tab, own = writing()
    tab.call(ComposeState.check_and_preview)
    assert tab.address == routes.fill(routes.SEND, own.draft_id)


def test_continue_after_the_sign_in_ended_leads_to_the_sign_in_and_back(writing):
    tab, own = writing()
    db.write(sign_ins.sign_out_everywhere, own.actor)
    tab.call(ComposeState.check_and_preview)
    assert tab.address == f"{routes.SIGN_IN}?next=/compose/{own.draft_id}"


def test_continue_says_what_is_missing_and_keeps_the_rest(writing):
    tab, own = writing()
    _type(own, subject="x", body=" \n")
    tab.call(ComposeState.check_and_preview)
    assert set(tab.shown(ComposeState, "problems")) == {"body"}
    assert (_kept(own).subject, _kept(own).body) == ("x", " \n")


def test_whose_change_the_last_was_is_told_so_that_a_tab_knows_its_own(writing):
    tab, own = writing()
    change = drafts.DraftChange("a1", 3, _kept(own).version)
    db.write(drafts.save_from_tab, own.actor, own.draft_id, change, contact_id=None, subject="News", body="Words")
    draft = tab.call(ComposeState.reload).shown(ComposeState, "draft")
    assert (draft["tab"], draft["number"], draft["version"]) == ("a1", 3, change.base + 1)


def test_a_page_that_the_server_has_forgotten_shows_the_draft_again(server, writing):
    tab, own = writing()
    server.forget(tab)
    _type(own, body="After a long pause")
    tab.open(tab.address)
    assert tab.shown(ComposeState, "ready")
    assert tab.shown(ComposeState, "draft")["body"] == "After a long pause"


def test_going_to_another_draft_takes_no_words_along(writing):
    tab, own = writing()
    other = db.write(drafts.get_or_create_empty, own.actor)
    db.write(drafts.save, own.actor, other, subject="Other", body="Other words")
    tab.go(routes.fill(routes.COMPOSE, other))
    assert tab.shown(ComposeState, "draft")["body"] == "Other words"
    assert tab.shown(ComposeState, "draft_id") == str(other)


def test_a_draft_that_was_discarded_elsewhere_says_so_while_it_is_open(server, writing):
    tab, own = writing()
    db.write(drafts.discard, own.actor, own.draft_id)
    assert tab.call(ComposeState.reload).shown(ComposeState, "is_discarded")
    assert tab.said(ComposeState) == ""
    server.forget(tab)
    assert "could not find this draft" in tab.open(tab.address).said(ComposeState)


def test_a_draft_that_was_sent_elsewhere_says_so_and_names_the_message(server, writing):
    tab, own = writing()
    message_id = db.write(submissions.send, own.actor, own.draft_id, accepted_terms=terms.VERSION)
    assert tab.call(ComposeState.reload).shown(ComposeState, "message_id") == message_id
    assert not tab.shown(ComposeState, "is_discarded")
    # Also to who presses CONTINUE, and to who comes back to its address.
    assert tab.call(ComposeState.check_and_preview).address == routes.fill(routes.COMPOSE, own.draft_id)
    assert tab.said(ComposeState) == ""
    server.forget(tab)
    assert tab.open(tab.address).shown(ComposeState, "message_id") == message_id


def test_words_that_came_too_late_go_into_a_new_draft(writing):
    tab, own = writing()
    db.write(drafts.discard, own.actor, own.draft_id)
    tab.call(ComposeState.reload).call(ComposeState.start_draft_with_text("News", "Too late"))
    assert tab.address != routes.fill(routes.COMPOSE, own.draft_id)
    draft = tab.shown(ComposeState, "draft")
    assert (draft["subject"], draft["body"]) == ("News", "Too late")
    assert not tab.shown(ComposeState, "is_discarded")


def test_the_answer_can_be_paid_for_where_people_read_on_kiosks(writing):
    tab, own = writing()
    _type(own, subject="Hello", body="We miss you.")
    assert not tab.open(tab.address).shown(ComposeState, "draft")["can_pay_for_answer"]
    with db.transaction() as session:
        session.get_one(Facility, own.facility_id).reads_on_kiosks = True
    tab.call(ComposeState.reload)
    assert tab.shown(ComposeState, "figures")["cost"] == "1 credit"
    tab.call(ComposeState.pay_for_answer(True))
    assert tab.shown(ComposeState, "figures")["cost"] == "2 credits"
    tab.call(ComposeState.check_and_preview).open(routes.fill(routes.SEND, own.draft_id))
    assert (tab.shown(SendState, "cost"), tab.shown(SendState, "draft")["answer_cost"]) == ("2 credits", 1)
