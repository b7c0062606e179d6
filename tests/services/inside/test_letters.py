"""Letters at a kiosk: they arrive when they are approved, and count as opened once, from the first opening on."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome
from rxconnect.domain.terms import VERSION
from rxconnect.models import MessageEvent
from rxconnect.services.inside import allowances, letters, notices, replies, rules, senders
from rxconnect.services.review import appeals, review
from rxconnect.services.screening import submissions
from tests.photographs import draft_with_photos
from tests.services.inside.kiosks import inside, kiosk_of
from tests.services.lawyers.verified import administrator
from tests.services.messages.test_items import send as with_photos


@pytest.fixture
def here(pair, actor):
    return inside(pair, actor, free_replies=2)


def test_a_letter_is_on_the_kiosk_once_it_is_approved_and_its_credit_is_spent(here):
    waiting = here.letter()
    assert db.read(letters.inbox, here.person) == []
    db.write(review.approve, here.pair.reviewer, waiting)
    (line,) = db.read(letters.inbox, here.person)
    assert (line.name, line.unread, line.snippet, line.is_mine) == ("Sam Rivera", 1, "Hello", False)
    assert here.pair.message(waiting).status == "delivered"
    assert "It can be read on a kiosk. 1 credit spent." in [one.note for one in here.pair.message(waiting).timeline]
    assert here.pair.credits() == (9, 0)


def test_a_letter_shows_its_words_only_once_it_is_opened(here):
    message_id = here.delivered()
    (unread,) = db.read(letters.thread, here.person, here.pair.contact_id).messages
    assert (unread.is_unread, unread.body, unread.subject) == (True, "", "Hello")
    with pytest.raises(NotFound):
        db.read(letters.get, here.person, message_id)
    opened = db.write(letters.open_letter, here.person, message_id)
    assert (opened.message.body, opened.can_reply, opened.message.is_unread) == ("We miss you.", True, False)
    (read,) = db.read(letters.thread, here.person, here.pair.contact_id).messages
    assert (read.is_unread, read.body) == (False, "We miss you.")


def test_a_letter_is_opened_once(here):
    message_id = here.delivered()
    for _time in range(3):
        db.write(letters.open_letter, here.person, message_id)
    with db.reading() as session:
        of_letter = select(MessageEvent).where(MessageEvent.message_id == message_id, MessageEvent.status == "opened")
        (event,) = session.exec(of_letter).all()
        assert (event.by_role, event.by_account_id) == ("kiosk", here.person.account_id)


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_family_sees_that_a_letter_was_opened_only_where_the_facility_shows_it(pair, actor, is_shown):
    here = inside(pair, actor, shows_opened=is_shown)
    message = here.pair.message(here.opened())
    assert message.status == ("opened" if is_shown else "delivered")
    assert ("Opened" in [line.label for line in message.timeline]) == is_shown
    assert message.status_label == ("Opened" if is_shown else "Delivered")


def test_words_that_were_rejected_do_not_come_with_a_photo(here):
    message_id, (text, photo) = with_photos(here.pair)
    db.write(review.reject, here.pair.reviewer, message_id, Reason.CODED, items=[text])
    db.write(review.approve, here.pair.reviewer, message_id, items=[photo])
    shown = db.write(letters.open_letter, here.person, message_id)
    assert (shown.message.body, shown.message.subject, shown.message.is_part_missing) == ("", "", True)
    assert shown.notice.what.startswith("A part of a letter to you from Sam Rivera")


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_photo_that_an_appeal_lets_through_is_added_to_a_letter_that_stays_read(here, actor, is_answered):
    message_id, (text, photo) = with_photos(here.pair)
    db.write(review.reject, here.pair.reviewer, message_id, Reason.EXPLICIT, items=[photo])
    db.write(review.approve, here.pair.reviewer, message_id, items=[text])
    db.write(letters.open_letter, here.person, message_id)
    if is_answered:
        db.write(review.approve, here.pair.reviewer, here.reply())
    before = here.pair.message(message_id)
    overturn(here, actor, message_id)
    assert db.read(letters.unread_count, here.person) == 0
    (line,) = db.read(letters.inbox, here.person)
    assert (line.unread, line.added) == (0, "Photo added")
    read = db.read(letters.thread, here.person, here.pair.contact_id).messages[0]
    assert (read.is_unread, read.body, read.added) == (False, "We miss you.", "Photo added")
    after = here.pair.message(message_id)
    assert after.status == before.status == ("replied" if is_answered else "delivered")
    assert [one.label for one in after.timeline if one.is_done][-1] == "Photo: Delivered"
    assert db.write(letters.open_letter, here.person, message_id).message.added == "Photo added"
    assert db.read(letters.inbox, here.person)[0].added == ""
    with db.reading() as session:
        opened = select(MessageEvent.item_id).where(MessageEvent.message_id == message_id)
        assert session.exec(opened.where(MessageEvent.status == "opened")).all() == [None, photo]


def overturn(here, actor, message_id):
    db.write(appeals.appeal, here.pair.family, message_id, "It is our garden.")
    judge = administrator(actor, here.pair)
    db.write(review.decide_appeal, judge, message_id, Outcome.OVERTURNED, "A garden.")


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_family_does_not_learn_from_a_photo_that_its_letter_was_opened_either(pair, actor, is_shown):
    here = inside(pair, actor, shows_opened=is_shown)
    draft_id = draft_with_photos(here.pair.family, here.pair.contact_id, 1)
    message_id = db.write(submissions.send, here.pair.family, draft_id, accepted_terms=VERSION)
    db.write(review.approve, here.pair.reviewer, message_id)
    db.write(letters.open_letter, here.person, message_id)
    (photo,) = here.pair.message(message_id).photos
    assert photo.status_label == ("Opened" if is_shown else "Delivered")


def test_many_notices_take_no_more_queries_than_one(here):
    counts = []
    for _time in range(2):
        for _letter in range(2):
            db.write(review.reject, here.pair.reviewer, here.letter(), Reason.CODED, "The third line.")
        with queries() as asked:
            shown = db.read(notices.mine, here.person)
        counts.append(len(asked))
    assert (len(shown), counts[0]) == (4, counts[1])


@contextmanager
def queries():
    """What the database is asked inside the block."""
    asked = []
    keep = lambda *given: asked.append(given[2])  # noqa: E731
    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", keep)


def test_nobody_else_reaches_the_letters_of_a_person(here, actor, inmate, pair):
    message_id, draft_id = here.opened(), here.draft()
    other = kiosk_of(actor, inmate(here.pair.facility_id, first_name="Theo"))
    reached = (
        (letters.open_letter, message_id),
        (letters.get, message_id),
        (letters.thread, here.pair.contact_id),
        (replies.start, here.pair.contact_id),
        (replies.get, draft_id),
        (replies.send, draft_id),
        (replies.discard, draft_id),
        (senders.block, here.pair.contact_id),
        (senders.unblock, here.pair.contact_id),
        (notices.read, 1),
    )
    for service, about in reached:
        with pytest.raises(NotFound):
            db.write(service, other, about)
        for stranger in (here.pair.family, here.pair.reviewer):
            with pytest.raises(NotAllowed):
                db.write(service, stranger, about)
    assert db.read(letters.inbox, other) == []
    for service in (
        letters.inbox,
        letters.home,
        replies.my_drafts,
        notices.mine,
        senders.mine,
        rules.mine,
        allowances.mine,
    ):
        with pytest.raises(NotAllowed):
            db.read(service, here.pair.family)


def test_the_home_page_has_everything_that_waits(here):
    here.opened(pays=True)
    here.delivered()
    here.draft("I will")
    home = db.read(letters.home, here.person)
    assert (home.name, home.threads[0].unread, home.threads[0].answers_paid) == ("Marcus Rivera", 1, 1)
    assert [draft.snippet for draft in home.drafts] == ["I will"]
    assert (home.allowance.free_left, len(home.allowance.prepaid_by), home.unread_notices) == (2, 1, 0)


def test_the_rules_are_those_that_the_facility_has_published(here):
    told = db.read(rules.mine, here.person)
    assert told.reasons[0][0] == "Contact details of others"
    assert "Nobody outside sees whether you opened a letter." in told.opened
