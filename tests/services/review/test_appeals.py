"""Appeals: once, in words, within ten days; somebody else decides; and what is overturned costs nothing."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.errors import AlreadyAppealed, DecidedBefore, IllegalMove, Invalid, NotFound, TooLate
from rxconnect.domain.explanations import Verdict
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome, Queue
from rxconnect.models import Notice
from rxconnect.services.books import explanations
from rxconnect.services.inside import notices
from rxconnect.services.messages import drafts
from rxconnect.services.money import ledger
from rxconnect.services.review import appeals, claims, decisions, letters, queue, review
from tests.services.inside.kiosks import inside
from tests.services.lawyers.verified import administrator
from tests.services.messages.test_items import send
from tests.services.review.desks import claim, commit, later, subjects

APPEALS = DeskFilter(queue=Queue.APPEALS)


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=10, first_name="Marcus")


@pytest.fixture
def colleague(writer, actor):
    return actor(role=Role.REVIEWER, facility_id=writer.facility_id, name="Kim Park")


@pytest.fixture
def here(pair, actor):
    return inside(pair, actor)


def rejected(writer):
    message_id = writer.send().id
    db.write(review.reject, writer.reviewer, message_id, Reason.CODED)
    return message_id


def appeal(writer, message_id, text="It is a recipe for soup."):
    return db.write(appeals.appeal, writer.family, message_id, text)


def decide(reviewer, message_id, outcome, answer="It is a recipe."):
    claim(reviewer, message_id)
    made = db.write(appeals.decide, reviewer, message_id, outcome, answer)
    commit()
    return made


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def timeline(writer, message_id):
    return [(line.label, line.note) for line in writer.message(message_id).timeline if line.is_done]


def test_an_appeal_waits_in_a_queue_of_its_own(writer, colleague):
    message_id = rejected(writer)
    assert writer.message(message_id).can_appeal
    message = appeal(writer, message_id)
    assert (message.can_appeal, message.appeal.status, message.appeal.text) == (
        False,
        "waiting",
        "It is a recipe for soup.",
    )
    (line,) = db.read(queue.page, colleague, APPEALS).lines
    assert line.message_id == message_id
    assert db.read(queue.page, colleague).lines == []
    assert db.read(queue.counts, colleague).appeals == 1
    opened = db.write(letters.open_letter, colleague, message_id)
    assert (opened.queue, opened.appeal.text, opened.may_decide) == ("appeals", "It is a recipe for soup.", True)


def test_what_is_overturned_is_delivered_and_costs_nothing(writer, colleague):
    message_id = rejected(writer)
    appeal(writer, message_id)
    claim(colleague, message_id)
    made = db.write(appeals.decide, colleague, message_id, Outcome.OVERTURNED, "It is a recipe.")
    assert writer.message(message_id).appeal.answer == ""
    assert made.can_undo
    commit()
    message = writer.message(message_id)
    assert (message.status, message.appeal.status, message.appeal.answer) == (
        "approved",
        "overturned",
        "It is a recipe.",
    )
    assert (message.appeal.decided_by, writer.credits()) == ("Mail-room reviewer", (10, 0))
    with later(20):
        db.write(review.deliver, writer.reviewer, message_id)
    assert (writer.message(message_id).status, writer.credits()) == ("delivered", (10, 0))
    assert subjects()[-1] == "Your appeal was granted: your message to Marcus will be delivered"
    assert timeline(writer, message_id)[3:] == [
        ("Not delivered", "Mail-room reviewer: coded language. 1 credit returned."),
        ("Appeal sent", ""),
        ("Approved", "It was approved to be handed over."),
        ("Appeal granted", "Somebody else read your letter again. It will be delivered, and it costs you nothing."),
        ("Delivered", "It was handed over. It cost you nothing."),
    ]
    assert is_sound()
    with db.reading() as session:
        assert list(explanations.explain_message(session, message_id))[-1] == Verdict([])
        assert session.exec(select(Notice)).one().cancelled_at is not None


def test_what_is_upheld_stays_rejected_and_the_family_is_told(writer, colleague):
    message_id = rejected(writer)
    appeal(writer, message_id)
    decide(colleague, message_id, Outcome.UPHELD, "It is a code.")
    message = writer.message(message_id)
    assert (message.status, message.appeal.label, message.appeal.answer) == (
        "rejected",
        "Appeal refused",
        "It is a code.",
    )
    assert subjects()[-1] == "Your appeal about your message to Marcus was decided"
    assert db.read(queue.page, colleague, APPEALS).lines == []
    assert writer.credits() == (10, 0)


def test_who_has_decided_the_letter_does_not_decide_its_appeal(writer, colleague):
    message_id = rejected(writer)
    appeal(writer, message_id)
    assert db.write(queue.claim_next, writer.reviewer, APPEALS) is None
    opened = db.write(letters.open_letter, writer.reviewer, message_id)
    assert (opened.may_decide, "somebody else" in opened.why_not) == (False, True)
    with pytest.raises(DecidedBefore):
        db.write(appeals.decide, writer.reviewer, message_id, Outcome.UPHELD)
    db.write(claims.release_all, writer.reviewer)
    assert db.write(queue.claim_next, colleague, APPEALS) == message_id


def test_an_undone_decision_on_an_appeal_leaves_it_waiting(writer, colleague):
    message_id = rejected(writer)
    appeal(writer, message_id)
    claim(colleague, message_id)
    made = db.write(appeals.decide, colleague, message_id, Outcome.UPHELD)
    db.write(decisions.undo, colleague, made.id)
    assert commit() == 0
    assert writer.message(message_id).appeal.status == "waiting"
    db.write(appeals.decide, colleague, message_id, Outcome.OVERTURNED)
    commit()
    assert writer.message(message_id).status == "approved"


def test_a_letter_is_appealed_once_in_time_and_in_words(writer, pair):
    message_id = rejected(writer)
    for wrong in ("", " \n", "x" * 1001):
        with pytest.raises(Invalid):
            appeal(writer, message_id, wrong)
    with later(10 * 86_400 + 60), pytest.raises(TooLate):
        appeal(writer, message_id)
    with pytest.raises(NotFound):
        db.write(appeals.appeal, pair().family, message_id, "Please.")
    with later(10 * 86_400 - 60):
        appeal(writer, message_id, "x" * 1000)
    with pytest.raises(AlreadyAppealed):
        appeal(writer, message_id)


def test_only_what_was_rejected_is_appealed(writer):
    waiting = writer.send().id
    approved = writer.send().id
    db.write(review.approve, writer.reviewer, approved)
    for message_id in (waiting, approved):
        assert not writer.message(message_id).can_appeal
        with pytest.raises(IllegalMove):
            appeal(writer, message_id)


def test_a_part_that_was_rejected_is_appealed_and_follows_the_rest(writer, colleague):
    message_id, (text, photo) = send(writer)
    db.write(review.reject, writer.reviewer, message_id, Reason.EXPLICIT, items=[photo])
    assert not writer.message(message_id).can_appeal
    db.write(review.approve, writer.reviewer, message_id, items=[text])
    db.write(review.deliver, writer.reviewer, message_id)
    appeal(writer, message_id)
    decide(colleague, message_id, Outcome.OVERTURNED)
    assert (writer.message(message_id).status, writer.credits()) == ("approved", (9, 0))
    db.write(review.deliver, writer.reviewer, message_id)
    assert (writer.message(message_id).status, writer.credits(), is_sound()) == ("delivered", (9, 0), True)


def test_what_was_overturned_is_not_appealed_again(here, actor):
    letter = here.letter()
    db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    (notice,) = db.read(notices.mine, here.person)
    db.write(notices.protest, here.person, notice.id, "I asked for it.")
    decide(administrator(actor, here.pair), letter, Outcome.OVERTURNED)
    assert not here.pair.message(letter).can_appeal
    with pytest.raises(IllegalMove):
        db.write(appeals.appeal, here.pair.family, letter, "It is a poem.")


def test_a_person_does_not_protest_what_was_overturned_for_the_family(here, actor):
    letter = here.letter()
    db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    (notice,) = db.read(notices.mine, here.person)
    db.write(appeals.appeal, here.pair.family, letter, "It is a poem.")
    decide(administrator(actor, here.pair), letter, Outcome.OVERTURNED)
    with pytest.raises(NotFound):
        db.write(notices.protest, here.person, notice.id, "I asked for it.")


def test_a_rejected_letter_is_written_again_as_a_draft(writer):
    message_id = writer.send("Soup", "Leek, potato.").id
    with pytest.raises(NotFound):
        db.write(drafts.write_again, writer.family, message_id)
    db.write(review.reject, writer.reviewer, message_id, Reason.CODED)
    assert writer.message(message_id).can_write_again
    draft = db.read(drafts.get, writer.family, db.write(drafts.write_again, writer.family, message_id))
    assert (draft.subject, draft.body, draft.contact_id) == ("Soup", "Leek, potato.", writer.contact_id)
