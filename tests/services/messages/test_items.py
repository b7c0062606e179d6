"""Items: the parts of a message are decided one by one, each with its own credits, in both databases."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import IllegalMove, NotFound, TooLate
from rxconnect.domain.explanations import Verdict
from rxconnect.domain.messages import ItemKind, MessageStatus, Reason
from rxconnect.models import Email, Item, Journal, Message, MessageEvent
from rxconnect.services.books import explanations
from rxconnect.services.messages import message_moves, withdrawals
from rxconnect.services.money import ledger
from rxconnect.services.review import review


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=10, facility_fields={"shows_opened": True})


def send(writer, photos=1):
    """A message of one credit for its text, and two for each photo. Its id, and the ids of its items."""
    message_id = writer.send().id
    with db.transaction() as session:
        message = session.get_one(Message, message_id)
        for _ in range(photos):
            photo = Item(message_id=message_id, kind=ItemKind.PHOTO, status=MessageStatus.IN_REVIEW, credits=2)
            message.cost_credits += 2
            session.add(photo)
            session.flush()
            message_moves.hold_credits(session, message, photo)
        return message_id, list(session.exec(select(Item.id).where(Item.message_id == message_id).order_by(Item.id)))


def approve(writer, message_id, *items, by=None):
    db.write(review.approve, by or writer.reviewer, message_id, items=items or None)


def reject(writer, message_id, *items):
    db.write(review.reject, writer.reviewer, message_id, Reason.EXPLICIT, "The second one.", items=items or None)


def stands(writer, message_id):
    """Status, what became of the credits, and those at hand and set aside."""
    message = writer.message(message_id)
    return message.status, message.cost, writer.credits()


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def told(writer, message_id):
    return [(line.label, line.note) for line in writer.message(message_id).timeline if line.is_done]


def test_a_photo_is_rejected_and_the_text_goes_on(writer):
    message_id, (text, photo) = send(writer)
    assert stands(writer, message_id) == ("in review", "3 credits set aside", (7, 3))

    reject(writer, message_id, photo)
    assert stands(writer, message_id) == ("in review", "1 credit set aside, 2 credits returned", (9, 1))
    assert is_sound()

    approve(writer, message_id, text)
    assert stands(writer, message_id) == ("approved", "1 credit set aside, 2 credits returned", (9, 1))
    db.write(review.deliver, writer.reviewer, message_id)
    db.write(review.open_message, writer.reviewer, message_id)
    assert stands(writer, message_id) == ("opened", "1 credit spent, 2 credits returned", (9, 0))
    assert is_sound()
    assert told(writer, message_id)[0] == ("Sent", "3 credits set aside.")
    assert told(writer, message_id)[3:] == [
        ("Photo: Not delivered", "Mail-room reviewer: sexually explicit. 2 credits returned."),
        ("Approved", "It was approved to be handed over."),
        ("Delivered", "It was handed over. 1 credit spent."),
        ("Opened", "It was opened."),
    ]


def test_nothing_is_handed_on_before_all_of_it_is_decided(writer):
    message_id, (text, photo) = send(writer)
    approve(writer, message_id, text)
    with pytest.raises(IllegalMove):
        db.write(review.deliver, writer.reviewer, message_id)
    approve(writer, message_id, photo)
    db.write(review.deliver, writer.reviewer, message_id)
    assert stands(writer, message_id) == ("delivered", "3 credits spent", (7, 0))
    assert is_sound()


def test_what_is_decided_of_the_whole_leaves_what_was_decided_of_a_part(writer):
    message_id, (text, photo, _other) = send(writer, photos=2)
    approve(writer, message_id, photo)
    reject(writer, message_id)
    assert stands(writer, message_id) == ("approved", "3 credits returned, 2 credits set aside", (8, 2))
    with pytest.raises(IllegalMove):
        reject(writer, message_id, text)
    assert is_sound()


def test_a_message_of_which_every_part_was_rejected_says_why_once(writer):
    message_id, (text, photo) = send(writer)
    reject(writer, message_id, text)
    reject(writer, message_id, photo)
    message = writer.message(message_id)
    assert stands(writer, message_id) == ("rejected", "3 credits returned", (10, 0))
    assert (message.reason_label, message.reason_note) == ("Sexually explicit", "The second one.")
    assert [note for _label, note in told(writer, message_id)[3:]] == [
        "Mail-room reviewer: sexually explicit. 1 credit returned.",
        "Mail-room reviewer: sexually explicit. 2 credits returned.",
    ]
    with db.reading() as session:
        (first, last) = session.exec(select(Email.subject).order_by(col(Email.id)))
    assert first.startswith("A part of your message to")
    assert last.startswith("Your message to")
    assert is_sound()


def test_taking_a_message_back_returns_what_is_not_decided(writer):
    message_id, (_text, photo) = send(writer)
    reject(writer, message_id, photo)
    db.write(withdrawals.withdraw, writer.family, message_id)
    assert stands(writer, message_id) == ("withdrawn", "3 credits returned", (10, 0))
    assert is_sound()


@pytest.mark.parametrize("decide", [approve, reject])
def test_an_item_is_decided_once_and_only_as_a_part_of_its_message(writer, decide):
    message_id, (text, photo) = send(writer)
    other_id, (theirs, _photo) = send(writer)
    before = writer.credits()
    for wrong in ((theirs,), (text, theirs), (4711,)):
        with pytest.raises(NotFound):
            decide(writer, message_id, *wrong)
    assert writer.credits() == before
    decide(writer, message_id, photo)
    with pytest.raises(IllegalMove):
        decide(writer, message_id, photo)
    assert writer.message(other_id).status == "in review"
    assert is_sound()


def test_every_item_is_held_and_settled_in_journals_of_its_own(writer):
    message_id, (text, photo) = send(writer)
    reject(writer, message_id, photo)
    approve(writer, message_id)
    db.write(review.deliver, writer.reviewer, message_id)
    with db.reading() as session:
        mine = select(Journal.kind, Journal.idempotency_key).where(Journal.subject == f"message:{message_id}")
        journals = session.exec(mine.order_by(col(Journal.id))).all()
        *story, verdict = explanations.explain_message(session, message_id)
    assert journals == [
        ("hold", f"item:{text}:hold"),
        ("hold", f"item:{photo}:hold"),
        ("give back", f"item:{photo}:settle"),
        ("spend", f"item:{text}:settle"),
    ]
    assert verdict == Verdict([])
    assert [line.text for line in story[-2:]] == [
        "Its text’s 1 credit must be spent.",
        "Its photo’s 2 credits must be back in the wallet.",
    ]


def test_every_decision_names_the_account_that_took_it(writer, actor):
    message_id, (text, photo) = send(writer)
    other = actor(role=Role.REVIEWER, facility_id=writer.facility_id)
    approve(writer, message_id, photo)
    approve(writer, message_id, text, by=other)
    with db.reading() as session:
        mine = select(MessageEvent).where(MessageEvent.message_id == message_id)
        events = session.exec(mine.order_by(col(MessageEvent.id))).all()
    assert [(event.status, event.item_id, event.by_account_id) for event in events] == [
        ("submitted", None, writer.family.account_id),
        ("screening", None, None),
        ("in review", None, None),
        ("approved", photo, writer.reviewer.account_id),
        ("approved", None, other.account_id),
    ]
    seen = repr(writer.message(message_id))
    assert "Robin" not in seen
    assert writer.message(message_id).reviewed_by == "Mail-room reviewer"


def test_a_message_that_is_partly_approved_can_be_withdrawn_and_the_family_has_approved_nothing(writer):
    message_id, (text, _photo) = send(writer)
    approve(writer, message_id, text)
    view = db.write(withdrawals.withdraw, writer.family, message_id)
    assert view.status == MessageStatus.APPROVED
    with db.reading() as session:
        decided = select(MessageEvent).where(MessageEvent.message_id == message_id, col(MessageEvent.item_id).is_(None))
        by = {event.status: event.by_role for event in session.exec(decided)}
    assert by[MessageStatus.APPROVED] == ""
    assert is_sound()


def test_undoing_the_withdrawal_of_a_part_lets_that_part_wait_again(writer):
    message_id, (text, photo) = send(writer)
    approve(writer, message_id, text)
    db.write(withdrawals.withdraw, writer.family, message_id)
    view = db.write(withdrawals.undo, writer.family, message_id)
    assert view.status == MessageStatus.IN_REVIEW
    approve(writer, message_id, photo)
    assert writer.message(message_id).status == MessageStatus.APPROVED
    assert is_sound()


def test_the_withdrawal_of_a_part_stays_when_the_rest_has_gone_on(writer):
    message_id, (text, _photo) = send(writer)
    approve(writer, message_id, text)
    db.write(withdrawals.withdraw, writer.family, message_id)
    db.write(review.deliver, writer.reviewer, message_id)
    with pytest.raises(TooLate):
        db.write(withdrawals.undo, writer.family, message_id)
    assert is_sound()
