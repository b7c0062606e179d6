"""Replies from a kiosk: they are paid for, screened and decided like letters, and the family learns of them when they arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock, privilege
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.errors import (
    BlockedByPerson,
    DecidedBefore,
    FacilityClosed,
    Invalid,
    NoReplyPaid,
    NotFound,
    ReplyBlocked,
    ReplyNoLongerPrivileged,
    TooLate,
    UnblockFirst,
)
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome
from rxconnect.models import Account, Facility, Inmate, Message
from rxconnect.services.books import explanations
from rxconnect.services.directory import contact_reviews
from rxconnect.services.inside import allowances, letters, notices, prints, replies, senders
from rxconnect.services.messages import deliveries, expiries, messages, reply_credits, withdrawals
from rxconnect.services.money import ledger
from rxconnect.services.paper import batches
from rxconnect.services.review import appeals, claims, queue, review
from rxconnect.services.review import letters as desk_letters
from tests.services.inside.kiosks import inside
from tests.services.lawyers.verified import administrator, verify
from tests.services.review.desks import APPROVE, REJECT, claim, commit, decide, subjects
from tests.services.scheduling.running import run_job


@pytest.fixture
def here(pair, actor):
    """Somebody with one free reply a week."""
    return inside(pair, actor, free_replies=1)


@pytest.fixture
def paid(pair, actor):
    """Somebody without free replies, whose family has paid for an answer to the letter that they read."""
    one = inside(pair, actor)
    one.opened(pays=True)
    return one


def status(message_id):
    with db.reading() as session:
        return session.get_one(Message, message_id).status


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def seen_by_family(here):
    return [one.body for one in db.read(messages.thread, here.pair.family, here.pair.contact_id)]


def test_a_reply_waits_at_the_desk_and_the_family_learns_of_it_when_it_is_delivered(here):
    here.opened()
    before = subjects()
    reply = here.reply()
    (line,) = db.read(queue.page, here.pair.reviewer).lines
    assert (line.message_id, line.is_reply, line.sender, line.person) == (reply, True, "Sam Rivera", "Marcus Rivera")
    assert "miss" not in line.subject
    assert seen_by_family(here) == ["We miss you."]
    assert db.read(messages.unread_count, here.pair.family) == 0
    assert db.read(messages.search, here.pair.family, "too").count == 0
    with pytest.raises(NotFound):
        db.read(messages.get, here.pair.family, reply)
    (mine,) = [one for one in db.read(letters.thread, here.person, here.pair.contact_id).messages if one.is_mine]
    assert (mine.status_label, mine.body) == ("Waits for staff", "I miss you too.")

    db.write(review.approve, here.pair.reviewer, reply)
    assert seen_by_family(here) == ["We miss you.", "I miss you too."]
    assert db.read(messages.unread_count, here.pair.family) == 1
    assert here.pair.message(here_letter(here)).status == "replied"
    assert subjects()[len(before) :] == ["Marcus wrote to you"]


def here_letter(here):
    return min(one.id for one in db.read(messages.thread, here.pair.family, here.pair.contact_id))


def test_a_reply_answers_the_letter_that_was_read_and_none_that_came_later_or_was_not_opened(here):
    read, unopened, late = here.opened(), here.delivered(), here.letter()
    reply = here.reply()
    db.write(review.approve, here.pair.reviewer, late)
    db.write(letters.open_letter, here.person, late)
    db.write(review.approve, here.pair.reviewer, reply)
    assert [status(one) for one in (read, unopened, late)] == ["replied", "delivered", "opened"]


def test_a_decision_about_a_reply_can_be_undone_and_takes_effect_after_ten_seconds(here):
    here.opened()
    reply = here.reply()
    decide(here.pair.reviewer, reply, APPROVE)
    assert status(reply) == "in review"
    assert commit() == 1
    assert status(reply) == "delivered"


def test_a_rejected_reply_tells_its_writer_alone_and_uses_up_nothing(here):
    here.opened()
    reply = here.reply()
    before = subjects()
    assert db.read(allowances.mine, here.person).free_left == 0
    decide(here.pair.reviewer, reply, REJECT)
    commit()
    assert (subjects(), seen_by_family(here)) == (before, ["We miss you."])
    assert db.read(allowances.mine, here.person).free_left == 1
    (notice,) = db.read(notices.mine, here.person)
    assert (notice.is_mine, notice.reason_label, notice.remark) == (True, "Coded language", "The third line.")
    assert notice.what.startswith("Your reply to Sam Rivera of ")


def test_a_writer_protests_once_and_another_reviewer_lets_the_reply_through(here, actor):
    here.opened()
    reply = here.reply()
    db.write(review.reject, here.pair.reviewer, reply, Reason.CODED)
    (notice,) = db.read(notices.mine, here.person)
    assert db.write(notices.protest, here.person, notice.id, "It is a recipe.").protest.label == "Appeal sent"
    claim(here.pair.reviewer, reply)
    with pytest.raises(DecidedBefore):
        db.write(appeals.decide, here.pair.reviewer, reply, Outcome.OVERTURNED, "")
    db.write(claims.release, here.pair.reviewer, reply)
    other = administrator(actor, here.pair)
    assert db.write(desk_letters.open_letter, other, reply).protest.text == "It is a recipe."
    db.write(review.decide_appeal, other, reply, Outcome.OVERTURNED, "A recipe indeed.")
    assert status(reply) == "delivered"
    assert seen_by_family(here)[-1] == "I miss you too."
    assert db.read(letters.get, here.person, reply).notice is None


@pytest.mark.parametrize("outcome", [Outcome.OVERTURNED, Outcome.UPHELD])
def test_family_and_person_may_both_appeal_and_get_one_answer(here, actor, outcome):
    letter = here.letter()
    db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    (notice,) = db.read(notices.mine, here.person)
    db.write(notices.read, here.person, notice.id)
    db.write(appeals.appeal, here.pair.family, letter, "It is a poem.")
    db.write(notices.protest, here.person, notice.id, "I asked for it.")
    other = administrator(actor, here.pair)
    shown = db.write(desk_letters.open_letter, other, letter)
    assert (shown.appeal.text, shown.protest.text) == ("It is a poem.", "I asked for it.")
    db.write(review.decide_appeal, other, letter, outcome, "Read again.")
    assert here.pair.message(letter).appeal.answer == "Read again."
    (notice,) = db.read(notices.mine, here.person)
    assert (notice.protest.status, notice.protest.answer, notice.can_protest) == (outcome, "Read again.", False)
    assert status(letter) == ("delivered" if outcome is Outcome.OVERTURNED else "rejected")
    assert "I asked" not in str(here.pair.message(letter))


def test_a_protest_comes_within_ten_days(here):
    letter = here.letter()
    db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    (notice,) = db.read(notices.mine, here.person)
    assert notice.can_protest
    with clock.at(clock.now() + timedelta(days=11)):
        assert not db.read(notices.mine, here.person)[0].can_protest
        with pytest.raises(TooLate):
            db.write(notices.protest, here.person, notice.id, "Too late.")


def test_a_paid_answer_is_spent_when_it_is_delivered(paid):
    assert paid.pair.credits() == (8, 1)
    letter = here_letter(paid)
    assert paid.pair.message(letter).reply_credit.startswith("You have paid for the answer. If none comes by")
    assert db.read(letters.thread, paid.person, paid.pair.contact_id).pays == "Sam Rivera has paid for your answer."
    reply = paid.reply()
    assert paid.pair.credits() == (8, 1)
    db.write(review.approve, paid.pair.reviewer, reply)
    assert paid.pair.credits() == (8, 0)
    told = paid.pair.message(letter)
    assert told.reply_credit == "You paid for an answer, and it has come."
    assert ("The answer came", "The answer came. 1 credit spent.") in [(one.label, one.note) for one in told.timeline]
    assert is_sound()


def test_one_credit_pays_for_one_answer(paid):
    paid.reply()
    with pytest.raises(NoReplyPaid):
        paid.reply("And another thing.")
    (draft,) = db.read(replies.my_drafts, paid.person)
    assert draft.snippet == "And another thing."


def test_a_rejected_answer_leaves_the_credit_for_another_one(paid):
    db.write(review.reject, paid.pair.reviewer, paid.reply(), Reason.CODED)
    assert (paid.pair.credits(), is_sound()) == ((8, 1), True)
    db.write(review.approve, paid.pair.reviewer, paid.reply("In other words."))
    assert (paid.pair.credits(), is_sound()) == ((8, 0), True)


def test_a_credit_comes_back_when_no_answer_came(paid):
    letter = here_letter(paid)
    assert run_job(reply_credits.return_due) == 0
    with clock.at(clock.now() + timedelta(days=61)):
        assert run_job(reply_credits.return_due) == 1
        assert run_job(reply_credits.return_due) == 0
        with pytest.raises(NoReplyPaid):
            paid.reply()
    assert (paid.pair.credits(), is_sound()) == ((9, 0), True)
    assert subjects()[-1] == "The credit for Marcus’s answer came back"
    assert paid.pair.message(letter).reply_credit == "No answer came, so the credit for it came back to you."


def test_an_answer_that_was_written_in_time_keeps_the_credit_until_it_is_decided(paid):
    reply = paid.reply()
    with clock.at(clock.now() + timedelta(days=61)):
        assert run_job(reply_credits.return_due) == 0
        assert run_job(expiries.expire_due) == 1
        assert run_job(reply_credits.return_due) == 1
    assert (status(reply), paid.pair.credits(), is_sound()) == ("expired", (9, 0), True)


def test_a_credit_comes_back_when_the_person_is_released(paid):
    with db.transaction() as session:
        session.get_one(Inmate, paid.pair.inmate_id).custody = "released"
    assert run_job(reply_credits.return_due) == 1
    assert paid.pair.credits() == (9, 0)


def test_a_credit_comes_back_when_the_account_of_its_family_is_closed(paid):
    with db.transaction() as session:
        session.get_one(Account, paid.pair.family.account_id).closed_at = clock.now()
    assert run_job(reply_credits.return_due) == 1
    assert paid.pair.credits() == (9, 0)


def test_a_withdrawal_that_is_undone_holds_the_credit_again(here):
    letter = here.letter(pays=True)
    db.write(withdrawals.withdraw, here.pair.family, letter)
    assert (here.pair.credits(), is_sound()) == ((10, 0), True)
    db.write(withdrawals.undo, here.pair.family, letter)
    assert (here.pair.credits(), is_sound()) == ((8, 2), True)
    db.write(review.approve, here.pair.reviewer, letter)
    assert (here.pair.credits(), is_sound()) == ((8, 1), True)


def test_the_story_of_a_wallet_tells_the_answers_credit_apart(paid):
    db.write(review.approve, paid.pair.reviewer, paid.reply())
    with db.reading() as session:
        key = session.get_one(Facility, paid.pair.facility_id).key
        told = [str(line) for line in explanations.explain_wallet(session, paid.pair.family.email, key)]
    letter = here_letter(paid)
    assert any(f"1 credit set aside for the answer to message {letter}." in line for line in told)
    assert any(f"1 credit spent: the answer to message {letter} was delivered." in line for line in told)


def test_a_letter_that_is_not_delivered_returns_the_credit_for_its_answer(here):
    letter = here.letter(pays=True)
    assert here.pair.credits() == (8, 2)
    db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    assert (here.pair.credits(), is_sound()) == ((10, 0), True)
    assert here.pair.message(letter).reply_credit == "The credit for the answer came back to you with the letter’s."


def test_an_overturned_rejection_gives_the_answer_without_charge(pair, actor):
    here = inside(pair, actor)
    letter = here.letter(pays=True)
    db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    db.write(appeals.appeal, here.pair.family, letter, "It is a poem.")
    db.write(review.decide_appeal, administrator(actor, here.pair), letter, Outcome.OVERTURNED, "")
    assert (here.pair.credits(), is_sound()) == ((10, 0), True)
    db.write(review.approve, here.pair.reviewer, here.reply())
    assert (here.pair.credits(), is_sound()) == ((10, 0), True)


def test_free_replies_come_again_on_monday(here):
    here.opened()
    here.reply()
    with pytest.raises(NoReplyPaid):
        here.reply("Again.")
    with clock.at(clock.now() + timedelta(days=7)):
        assert db.read(allowances.mine, here.person).free_left == 1


def test_a_reply_to_a_verified_lawyer_is_read_by_nobody(here, actor):
    verify(administrator(actor, here.pair), here.pair.family, here.pair.facility_id)
    letter = here.letter("Privileged words.")
    shown = db.write(letters.open_letter, here.person, letter)
    assert (shown.message.is_privileged, shown.lane_note) == (
        True,
        privilege.notice_of_received(),
    )
    reply = here.reply("Only for you.")
    assert status(reply) == "delivered"
    assert db.read(queue.page, here.pair.reviewer).lines == []
    with pytest.raises(NotFound):
        db.write(desk_letters.open_letter, here.pair.reviewer, reply)
    assert seen_by_family(here)[-1] == "Only for you."


def test_a_reply_that_was_written_for_a_lawyer_alone_is_never_sent_as_an_ordinary_one(here):
    here.opened()
    draft = here.draft("Only for you.")
    with pytest.raises(ReplyNoLongerPrivileged):
        db.write(replies.send, here.person, draft, must_be_privileged=True)
    assert db.read(replies.get, here.person, draft).body == "Only for you."
    assert db.read(queue.page, here.pair.reviewer).lines == []


def test_a_second_send_is_the_same_reply(here):
    here.opened()
    draft = here.draft()
    first = db.write(replies.send, here.person, draft)
    assert db.write(replies.send, here.person, draft) == first
    with db.reading() as session:
        assert len(session.exec(select(Message).where(Message.direction == "incoming")).all()) == 1


def test_a_draft_is_never_overwritten_by_an_older_page(here):
    here.opened()
    draft = here.draft("One")
    db.write(replies.save, here.person, draft, DraftChange("b", 1, 1), "Two")
    kept = db.write(replies.save, here.person, draft, DraftChange("a", 2, 1), "Old")
    assert (kept.body, kept.tab, kept.is_over) == ("Two", "b", False)


def test_a_reply_has_words_and_the_limit_of_the_facility(pair, actor):
    here = inside(pair, actor, free_replies=5, character_limit=20)
    here.opened()
    for wrong in ("  ", "x" * 21):
        with pytest.raises(Invalid):
            here.reply(wrong)


def test_all_of_it_works_on_postgresql(use, pair, actor):
    use("postgresql")
    here = inside(pair, actor, free_replies=1)
    letter = here.opened(pays=True)
    first, second = here.reply(), here.reply("And another thing.")
    db.write(review.approve, here.pair.reviewer, first)
    db.write(review.reject, here.pair.reviewer, second, Reason.CODED)
    (notice,) = db.read(notices.mine, here.person)
    db.write(notices.read, here.person, notice.id)
    db.write(notices.protest, here.person, notice.id, "It is a recipe.")
    db.write(prints.ask, here.person, letter)
    db.write(senders.block, here.person, here.pair.contact_id)
    here_again = db.read(letters.home, here.person)
    assert (here_again.threads[0].is_blocked, here_again.allowance.free_left) == (True, 1)
    assert here_again.allowance.prepaid_by == []
    assert [one.is_blocked for one in db.read(senders.mine, here.person)] == [True]
    assert len(db.read(letters.thread, here.person, here.pair.contact_id).messages) == 3
    db.write(senders.unblock, here.person, here.pair.contact_id)
    here.opened(pays=True)
    with clock.at(clock.now() + timedelta(days=61)):
        assert (run_job(reply_credits.return_due), run_job(deliveries.deliver_due)) == (1, 0)
    (ready,) = db.read(batches.ready, here.pair.reviewer)
    assert (ready.letters, here.pair.credits(), is_sound()) == (1, (7, 0), True)


def test_nobody_can_reply_who_was_not_written_to(here):
    with pytest.raises(NotFound):
        here.draft()
    here.letter()
    with pytest.raises(NotFound):
        here.draft()


def test_a_blocked_sender_learns_it_before_writing_and_a_letter_on_its_way_still_arrives(here):
    here.opened()
    on_its_way = here.letter()
    db.write(senders.block, here.person, here.pair.contact_id)
    with pytest.raises(BlockedByPerson):
        here.letter()
    db.write(review.approve, here.pair.reviewer, on_its_way)
    assert db.read(letters.inbox, here.person)[0].is_blocked
    with pytest.raises(UnblockFirst):
        here.reply()
    db.write(senders.unblock, here.person, here.pair.contact_id)
    here.letter()


def test_staff_cannot_lift_the_block_of_a_person(here, actor):
    here.opened()
    db.write(senders.block, here.person, here.pair.contact_id)
    boss = administrator(actor, here.pair)
    assert db.read(contact_reviews.blocked, boss) == []
    with pytest.raises(NotFound):
        db.write(contact_reviews.accept, boss, here.pair.family.account_id, here.pair.inmate_id, here.pair.facility_id)


def test_no_reply_leaves_where_staff_block_the_pair_or_messages_are_paused(here):
    here.opened()
    mine = here.pair.family.account_id, here.pair.inmate_id, here.pair.facility_id
    db.write(contact_reviews.block, here.pair.reviewer, *mine, "A court forbids it.")
    with pytest.raises(ReplyBlocked):
        here.reply()
    db.write(contact_reviews.accept, here.pair.reviewer, *mine)
    with db.transaction() as session:
        session.get_one(Facility, here.pair.facility_id).opening = "paused"
    with pytest.raises(FacilityClosed):
        here.reply()
