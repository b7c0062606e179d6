"""What the people of a scenario do at the desk, at the kiosk and around it: one deed for each fact, by the real services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import col, select

from rxconnect import db
from rxconnect.demo import pictures
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind, AuditSearch
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.messages import Direction, ItemKind, Reason
from rxconnect.domain.review import Outcome
from rxconnect.domain.second_readings import Verdict
from rxconnect.domain.terms import VERSION
from rxconnect.models import Draft, Item, Message, ScreeningRule
from rxconnect.services.audit import searches
from rxconnect.services.imports import uploads
from rxconnect.services.inside import letters as inside_letters
from rxconnect.services.inside import prints, replies
from rxconnect.services.lawyers import reviews
from rxconnect.services.leaving import departures
from rxconnect.services.paper import batches
from rxconnect.services.privilege import break_glass, sealed
from rxconnect.services.quality import disagreements, second_readings, warm_ups
from rxconnect.services.review import appeals, claims, letters, queue, review, shelves
from rxconnect.services.screening import rules, submissions, trials

Deed = Callable[[Actor], object]


def newest(direction: Direction = Direction.OUTGOING) -> int:
    """The id of the newest letter of the world, or of the newest reply."""
    with db.reading() as session:
        query = select(Message.id).where(Message.direction == direction).order_by(col(Message.id).desc())
        return session.exec(query.limit(1)).one()


def send_newest_draft(actor: Actor, *, must_be_privileged: bool = False) -> int:
    """Send the draft that was written last. Returns the letter's id."""
    with db.reading() as session:
        drafts = select(Draft.id).where(Draft.account_id == actor.account_id).order_by(col(Draft.id).desc())
        draft_id = session.exec(drafts.limit(1)).one()
    return db.write(submissions.send, actor, draft_id, accepted_terms=VERSION, must_be_privileged=must_be_privileged)


def add_photos(actor: Actor, draft_id: int) -> None:
    """Add two photos to a draft."""
    with db.all_or_nothing() as session:
        pictures.add_to_draft(session, actor, draft_id, (("cake", "The cake"), ("dress", "A dress")))


def approve(reviewer: Actor, message_id: int) -> None:
    """Approve a letter at once."""
    db.write(review.approve, reviewer, message_id)


def let_follow() -> None:
    """Let the jobs send letters and credits after people who have moved."""
    departures.follow_up_departures()
    submissions.screen_due()


def _first_waiting(actor: Actor) -> int:
    return db.read(queue.page, actor).lines[0].message_id


def _withhold_a_photo(reviewer: Actor) -> None:
    message_id = newest()
    with db.reading() as session:
        photo = session.exec(select(Item.id).where(Item.message_id == message_id, Item.kind == ItemKind.PHOTO)).first()
    db.write(review.reject, reviewer, message_id, Reason.SECURITY, items=[photo])
    approve(reviewer, message_id)


def _reply(actor: Actor) -> None:
    with db.reading() as session:
        contact_id = session.get_one(Message, newest()).contact_id
    draft_id = db.write(replies.start, actor, contact_id)
    db.write(replies.save, actor, draft_id, DraftChange("a tab", 1, 0), "It came. Thank you.")
    db.write(replies.send, actor, draft_id)


def _ask_for_paper(actor: Actor) -> None:
    db.write(inside_letters.open_letter, actor, newest())
    db.write(prints.ask, actor, newest())


def _set_aside(actor: Actor) -> None:
    message_id = _first_waiting(actor)
    db.write(claims.take, actor, message_id)
    db.write(shelves.set_aside, actor, message_id, clock.now() + timedelta(hours=1))


def _escalate(actor: Actor) -> None:
    message_id = _first_waiting(actor)
    db.write(claims.take, actor, message_id)
    db.write(shelves.escalate, actor, message_id, "What do you think?")


def _decide_escalated(administrator: Actor) -> None:
    with db.reading() as session:
        escalated = select(queue.QueueEntry.message_id).where(col(queue.QueueEntry.is_escalated))
        message_id = session.exec(escalated).one()
    approve(administrator, message_id)


def _switch_rule_on(administrator: Actor) -> None:
    with db.reading() as session:
        rule_id = session.exec(select(ScreeningRule.id).where(ScreeningRule.state == "off")).one()
    trials.try_rule(administrator, rule_id)
    db.write(rules.switch_on, administrator, rule_id)


def _verify_lawyer(administrator: Actor) -> None:
    (asked,) = db.read(reviews.register, administrator).waiting
    last_day = (clock.now() + timedelta(days=300)).date().isoformat()
    db.write(reviews.verify, administrator, asked.id, last_day, asked.version)


def _hand_over_sealed(administrator: Actor) -> None:
    (post,) = administrator.posts
    db.write(sealed.confirm, administrator, db.write(sealed.create, administrator, post.facility_id))


def hand_over(administrator: Actor) -> None:
    """Print what waits, and hand it over."""
    (post,) = administrator.posts
    db.write(batches.confirm, administrator, db.write(batches.create, administrator, post.facility_id))


def _import_roster(administrator: Actor) -> None:
    (post,) = administrator.posts
    (upload,) = db.read(uploads.waiting, administrator, post.facility_id)
    uploads.import_upload(administrator, upload.id)


def _approve_letter_that_followed(reviewer: Actor) -> None:
    let_follow()
    approve(reviewer, newest())


def _read_again(reviewer: Actor) -> None:
    reading = db.write(second_readings.open_next, reviewer)
    assert reading
    db.write(second_readings.give, reviewer, reading.id, Outcome.APPROVED)


def _judge(administrator: Actor) -> None:
    lines = db.write(disagreements.page, administrator).lines
    open_one = next(line for line in lines if line.may_judge and not line.judged)
    db.write(disagreements.judge, administrator, open_one.id, Verdict.FIRST)


# By the step's fact.
DESK_DEEDS: dict[str, Deed] = {
    "letter rejected": lambda actor: db.write(review.reject, actor, newest(), Reason.CONTACT_DETAILS),
    "appeal made": lambda actor: db.write(appeals.appeal, actor, newest(), "It is my own number."),
    "appeal decided": lambda actor: db.write(
        review.decide_appeal, actor, newest(), Outcome.OVERTURNED, "You are right."
    ),
    "letter opened on the kiosk": lambda actor: db.write(inside_letters.open_letter, actor, newest()),
    "reply sent from the kiosk": _reply,
    "reply delivered": lambda actor: approve(actor, newest(Direction.INCOMING)),
    "letter opened at the desk": lambda actor: db.write(letters.open_letter, actor, _first_waiting(actor)),
    "approved at the desk": lambda actor: approve(actor, _first_waiting(actor)),
    "rejected at the desk": lambda actor: db.write(review.reject, actor, _first_waiting(actor), Reason.CODED),
    "set aside at the desk": _set_aside,
    "escalated at the desk": _escalate,
    "escalated letter decided": _decide_escalated,
    "rule switched on": _switch_rule_on,
    "audit searched": lambda actor: db.write(searches.page, actor, None, AuditSearch(kind=AuditKind.DECIDED)),
    "photo withheld": _withhold_a_photo,
    "lawyer verified": _verify_lawyer,
    "opening asked": lambda actor: db.write(break_glass.ask, actor, newest(), "To show it."),
    "paper asked for on the kiosk": _ask_for_paper,
    "sealed letters handed over": _hand_over_sealed,
    "person moved": _import_roster,
    "letter approved": _approve_letter_that_followed,
    "warm-up answered": lambda actor: db.write(warm_ups.answer, actor, 1, is_right=True),
    "warm-up ended": lambda actor: db.write(warm_ups.end, actor, 6, 5),
    "second reading given": _read_again,
    "disagreement judged": _judge,
}
