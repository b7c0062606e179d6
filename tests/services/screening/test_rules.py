"""Rules: who may write, try, switch and read them, and what happens at SEND once they are on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import CannotScreen, Invalid, NotAllowed, NotFound, NotTried, SecondAdministratorNeeded
from rxconnect.domain.messages import Reason
from rxconnect.domain.problems import Problem
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind, RuleState
from rxconnect.models import Account, Inmate, Message, QueueEntry, ScreeningEvent, ScreeningHit, ScreeningRule
from rxconnect.services.review import letters, queue, review
from rxconnect.services.rosters import roster_people
from rxconnect.services.screening import languages, rule_books, rule_views, rules, screening, trials
from tests.services.screening.ruling import pattern, release_clean, switch_on, words, write


@pytest.fixture
def writer(pair):
    return pair()


@pytest.fixture
def administrator(actor, writer):
    return actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id, name="Paul Lindgren")


def line(administrator, facility_id, name):
    """The rule with this name, as the page shows it."""
    groups = db.read(rule_views.rules_of, administrator, facility_id).groups
    return next(rule for group in groups for rule in group.rules if rule.name == name)


def held_for(message_id):
    with db.reading() as session:
        entry = session.get(QueueEntry, message_id)
        return entry.held_for if entry else None


def family_of(writer):
    with db.reading() as session:
        return session.get_one(Account, writer.family.account_id)


def person_number(writer):
    with db.reading() as session:
        return session.get_one(Inmate, writer.inmate_id).number


# At SEND


def test_a_word_of_a_rule_holds_a_letter_and_a_clean_one_is_released(writer, administrator):
    switch_on(administrator, writer.facility_id, words("cash"))
    release_clean(administrator, writer.facility_id)
    held, clean = writer.send(body="Bring the CASH."), writer.send(body="We miss you.")
    assert (held.status, held_for(held.id)) == ("in review", "words")
    assert (clean.status, held_for(clean.id)) == ("approved", None)


def test_a_facility_that_does_not_release_reads_every_letter_and_still_sees_what_was_found(writer, administrator):
    rule_id = switch_on(administrator, writer.facility_id, pattern("[0-9]{3}-[0-9]{4}"))
    assert held_for(writer.send().id) == "every letter"
    message = writer.send(subject="555-0101", body="Call 555-0142.")
    assert held_for(message.id) == "pattern"
    with db.reading() as session:
        hits = session.exec(select(ScreeningHit).where(ScreeningHit.message_id == message.id)).all()
    assert [(hit.rule_id, hit.part, hit.start, hit.stop) for hit in hits] == [
        (rule_id, "subject", 0, 8),
        (rule_id, "body", 5, 13),
    ]


def test_a_rule_that_is_off_holds_nothing_from_the_next_letter_on(writer, administrator):
    release_clean(administrator, writer.facility_id)
    rule_id = switch_on(administrator, writer.facility_id, words("cash"))
    assert writer.send(body="cash").status == "in review"
    db.write(rules.switch_off, administrator, rule_id)
    assert writer.send(body="cash").status == "approved"


def test_another_process_sees_a_changed_rule_at_its_next_letter(writer, administrator):
    release_clean(administrator, writer.facility_id)
    assert writer.send(body="cash").status == "approved"
    kept = dict(rule_books._books())
    switch_on(administrator, writer.facility_id, words("cash"))
    # What the other process has kept from before.
    rule_books._books().clear()
    rule_books._books().update(kept)
    assert writer.send(body="cash").status == "in review"


@pytest.mark.parametrize("kind", [RuleKind.SENDER, RuleKind.PERSON])
def test_letters_of_a_sender_or_to_a_person_always_wait(pair, actor, kind):
    writer, other = pair(), pair()
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    sender, person = family_of(writer).email, person_number(writer)
    rule = NewRule(kind, "Waits", sender=sender.upper(), person=person, reason="A court order.")
    switch_on(administrator, writer.facility_id, rule)
    release_clean(administrator, writer.facility_id)
    assert held_for(writer.send().id) == kind.value
    assert held_for(other.send().id) == "every letter"


def test_a_pair_is_released_by_itself_until_its_date(writer, administrator):
    sender, person = family_of(writer).email, person_number(writer)
    until = (clock.now() + timedelta(days=10)).date().isoformat()
    rule = NewRule(RuleKind.PAIR, "Mother", sender=sender, person=person, until=until, reason="Two clean years.")
    switch_on(administrator, writer.facility_id, rule)
    switch_on(administrator, writer.facility_id, words("cash"))
    assert writer.send(body="cash").status == "approved"
    with clock.at(clock.now() + timedelta(days=12)):
        assert writer.send(body="cash").status == "in review"


def test_limits_hold_what_is_beyond_them(writer, administrator):
    release_clean(administrator, writer.facility_id)
    switch_on(administrator, writer.facility_id, NewRule(RuleKind.CHARACTERS, "Long", most="20"))
    switch_on(administrator, writer.facility_id, NewRule(RuleKind.LETTERS, "Many", most="2"))
    assert writer.send(body="x" * 20).status == "approved"
    assert held_for(writer.send(body="x" * 21).id) == "limit"
    assert held_for(writer.send(body="short").id) == "limit"
    with clock.at(clock.now() + timedelta(hours=25)):
        assert writer.send(body="short").status == "approved"


def test_a_language_only_chooses_who_reads(writer, administrator):
    release_clean(administrator, writer.facility_id)
    switch_on(administrator, writer.facility_id, NewRule(RuleKind.LANGUAGE, "Finnish", languages="Finnish, es"))
    finnish = "Täällä on jo lunta. Isä lapioi pihan ja tuli sisään nauramaan. Kaikki kunnossa, kirjoita kun jaksat."
    message = writer.send(body=finnish)
    assert (message.status, held_for(message.id)) == ("in review", "language")
    (waiting,) = db.read(queue.page, writer.reviewer).lines
    assert waiting.language == "fi"
    assert writer.send(body="The tomatoes are in, and the hat is still on the roof.").status == "approved"


def test_a_rule_that_cannot_be_compiled_leaves_the_letter_for_staff(writer, administrator):
    rule_id = switch_on(administrator, writer.facility_id, pattern("abc"))
    with db.transaction() as session:
        session.get_one(ScreeningRule, rule_id).pattern = "("
        rule_books.change_version(session, writer.facility_id)
    message = writer.send()
    assert message.status == "screening"
    with db.reading() as session, pytest.raises(CannotScreen):
        screening.screen(session, session.get_one(Message, message.id))


def test_a_worker_loads_what_screening_needs_before_the_first_letter_and_survives_a_broken_rule(writer, administrator):
    switch_on(administrator, writer.facility_id, NewRule(RuleKind.LANGUAGE, "Finnish", languages="Finnish"))
    languages._identifier.cache_clear()
    rule_books.compile_all()
    assert languages._identifier.cache_info().currsize == 1
    broken = switch_on(administrator, writer.facility_id, pattern("abc"))
    with db.transaction() as session:
        session.get_one(ScreeningRule, broken).pattern = "("
        rule_books.change_version(session, writer.facility_id)
    rule_books.compile_all()


def test_hits_are_marked_at_the_desk_with_the_names_of_their_rules(writer, administrator):
    switch_on(administrator, writer.facility_id, words("cash", name="Money words"))
    switch_on(administrator, writer.facility_id, NewRule(RuleKind.CHARACTERS, "Long", most="3"))
    message = writer.send(subject="Cash", body="Bring cash, cash.")
    letter = db.write(letters.open_letter, writer.reviewer, message.id)
    assert [(piece.text, piece.note) for piece in letter.pieces] == [
        ("Bring ", ""),
        ("cash", "Money words"),
        (", ", ""),
        ("cash", "Money words"),
        (".", ""),
    ]
    assert [(piece.text, piece.note) for piece in letter.subject_pieces] == [("Cash", "Money words")]
    assert {(rule.name, rule.count) for rule in letter.found_by} == {("Money words", 3), ("Long", 0)}


def test_a_roster_never_deletes_somebody_whom_a_rule_names(writer, administrator, inmate):
    alone = inmate(writer.facility_id, number="Z9")
    assert db.read(roster_people.tied_ids, [alone]) == set()
    write(administrator, writer.facility_id, NewRule(RuleKind.PERSON, "Waits", person="z9", reason="An order."))
    assert db.read(roster_people.tied_ids, [alone]) == {alone}


# Writing and switching


def test_a_rule_is_tried_before_it_is_switched_on(writer, administrator):
    rule_id = write(administrator, writer.facility_id, words("cash"))
    with pytest.raises(NotTried):
        db.write(rules.switch_on, administrator, rule_id)
    assert line(administrator, writer.facility_id, "Words").why_not == "Try it first."


def test_a_trial_counts_what_the_rule_would_have_held_and_staff_have_rejected(writer, administrator):
    for number in range(4):
        message_id = writer.send(body=f"cash {number}").id
        if number == 0:
            db.write(review.reject, writer.reviewer, message_id, Reason.CODED)
        elif number < 3:
            db.write(review.approve, writer.reviewer, message_id)
    writer.send(body="Nothing")
    rule_id = write(administrator, writer.facility_id, words("cash"))
    trial = trials.try_rule(administrator, rule_id)
    assert (trial.letters, trial.count.held, trial.count.approved, trial.count.rejected) == (5, 4, 2, 1)
    shown = line(administrator, writer.facility_id, "Words")
    assert "would have held 4 of 5 letters in 30 days, 1 of them rejected" in shown.trial
    assert shown.rate == "67 % held in vain in the trial"
    with clock.at(clock.now() + timedelta(days=31)):
        assert trials.try_rule(administrator, rule_id).letters == 0


def test_a_rule_that_holds_too_much_needs_a_second_administrator(writer, administrator, actor):
    second = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    db.write(review.approve, writer.reviewer, writer.send(body="cash").id)
    rule_id = write(administrator, writer.facility_id, words("cash"))
    trials.try_rule(administrator, rule_id)
    assert db.write(rules.switch_on, administrator, rule_id) is RuleState.WAITING
    with pytest.raises(SecondAdministratorNeeded):
        db.write(rules.switch_on, administrator, rule_id)
    assert held_for(writer.send(body="cash").id) == "every letter"
    assert line(second, writer.facility_id, "Words").may_switch_on
    assert not line(administrator, writer.facility_id, "Words").may_switch_on
    assert db.write(rules.switch_on, second, rule_id) is RuleState.ON
    assert held_for(writer.send(body="cash").id) == "words"
    with db.reading() as session:
        done = session.exec(select(ScreeningEvent.event, ScreeningEvent.account_id).order_by(col(ScreeningEvent.id)))
        assert done.all() == [
            ("written", administrator.account_id),
            ("tried", administrator.account_id),
            ("asked for a second administrator", administrator.account_id),
            ("switched on", second.account_id),
        ]
    changes = db.read(rule_views.rules_of, second, writer.facility_id).changes
    assert [(change.what, change.rule) for change in changes] == [
        ("Switched on", "Words"),
        ("Asked for a second administrator", "Words"),
        ("Tried", "Words"),
        ("Written", "Words"),
    ]


def test_whoever_raises_the_ceiling_still_needs_another_administrator(writer, administrator, actor):
    second = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    db.write(review.approve, writer.reviewer, writer.send(body="cash").id)
    for ceiling in ("60", "100", "90"):
        release_clean(administrator, writer.facility_id, ceiling=ceiling)
    rule_id = switch_on(administrator, writer.facility_id, words("cash"))
    assert line(administrator, writer.facility_id, "Words").state == "waiting"
    assert db.write(rules.switch_on, second, rule_id) == "on"


def test_a_ceiling_that_another_administrator_raised_is_enough(writer, administrator, actor):
    second = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    db.write(review.approve, writer.reviewer, writer.send(body="cash").id)
    release_clean(administrator, writer.facility_id, ceiling="100")
    release_clean(second, writer.facility_id, ceiling="40")
    release_clean(second, writer.facility_id, ceiling="100")
    switch_on(administrator, writer.facility_id, words("cash"))
    assert line(administrator, writer.facility_id, "Words").state == "on"


def test_the_measured_share_stays_after_the_rule_is_off(writer, administrator):
    rule_id = switch_on(administrator, writer.facility_id, words("cash"))
    rejected, approved = writer.send(body="cash").id, writer.send(body="cash").id
    db.write(review.reject, writer.reviewer, rejected, Reason.CODED)
    db.write(review.approve, writer.reviewer, approved)
    writer.send(body="cash")
    db.write(rules.switch_off, administrator, rule_id)
    shown = line(administrator, writer.facility_id, "Words")
    assert (shown.figures, shown.rate) == ("Has held 3: 1 approved, 1 rejected", "50 % held in vain")


@pytest.mark.parametrize(
    ("rule", "problems"),
    [
        (NewRule("magic", "x"), {"kind": Problem.RULE_KIND_UNKNOWN}),
        (words(name=""), {"name": Problem.RULE_NAME_MISSING, "words": Problem.WORDS_MISSING}),
        (words("ok", "!!!"), {"words": Problem.WORD_WITHOUT_LETTERS}),
        (words("x" * 81), {"words": Problem.WORD_TOO_LONG}),
        (words(*(f"w{number}" for number in range(5_001))), {"words": Problem.TOO_MANY_WORDS}),
        (pattern(""), {"pattern": Problem.PATTERN_MISSING}),
        (pattern("("), {"pattern": Problem.PATTERN_NOT_CLOSED}),
        (pattern("a" * 501), {"pattern": Problem.TOO_LONG}),
        (
            NewRule(RuleKind.PAIR, "x", sender="nobody", person="0", until="yesterday"),
            {
                "sender": Problem.SENDER_UNKNOWN,
                "person": Problem.PERSON_UNKNOWN,
                "until": Problem.RULE_DATE_WRONG,
                "reason": Problem.RULE_REASON_MISSING,
            },
        ),
        (NewRule(RuleKind.LANGUAGE, "x", languages="Elvish"), {"languages": Problem.LANGUAGE_UNKNOWN}),
        (NewRule(RuleKind.LANGUAGE, "x"), {"languages": Problem.LANGUAGES_MISSING}),
        (NewRule(RuleKind.SAMPLE, "x", most="101"), {"most": Problem.OUT_OF_BOUNDS}),
        (
            NewRule(RuleKind.SAMPLE, "x", most="5", is_published=True, published_text="y"),
            {"is_published": Problem.CANNOT_BE_PUBLISHED},
        ),
        (
            NewRule(RuleKind.WORDS, "x", words="y", is_published=True),
            {"published_text": Problem.PUBLISHED_TEXT_MISSING},
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_field_by_field(writer, administrator, rule, problems):
    with pytest.raises(Invalid) as refused:
        write(administrator, writer.facility_id, rule)
    assert {name: fact.problem for name, fact in refused.value.fields.items()} == problems


def test_no_more_than_5000_words_are_on_at_once(writer, administrator):
    many = [f"w{number}" for number in range(3_000)]
    switch_on(administrator, writer.facility_id, words(*many))
    rule_id = write(administrator, writer.facility_id, words(*many))
    trials.try_rule(administrator, rule_id)
    with pytest.raises(Invalid):
        db.write(rules.switch_on, administrator, rule_id)


# Who may


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_reviewers_and_auditors_read_the_rules_and_change_nothing(writer, administrator, actor, role):
    rule_id = switch_on(administrator, writer.facility_id, words("cash"))
    reader = actor(role=role, facility_id=writer.facility_id)
    assert not db.read(rule_views.rules_of, reader).may_change
    assert line(reader, writer.facility_id, "Words").state == "on"
    _changes_nothing(reader, writer.facility_id, rule_id)


def test_an_administrator_of_another_facility_reads_and_changes_nothing(writer, administrator, actor, facility):
    rule_id = switch_on(administrator, writer.facility_id, words("cash"))
    other = actor(role=Role.ADMINISTRATOR, facility_id=facility())
    with pytest.raises(NotAllowed):
        db.read(rule_views.rules_of, other, writer.facility_id)
    assert db.read(rule_views.rules_of, other).groups == []
    _changes_nothing(other, writer.facility_id, rule_id)


@pytest.mark.parametrize("who", ["family", "trainer"])
def test_nobody_else_reads_them(writer, administrator, actor, who):
    rule_id = switch_on(administrator, writer.facility_id, words("cash"))
    other = writer.family if who == "family" else actor(role=Role.TRAINER, facility_id=writer.facility_id)
    with pytest.raises(NotAllowed):
        db.read(rule_views.rules_of, other, writer.facility_id)
    _changes_nothing(other, writer.facility_id, rule_id)


def _changes_nothing(actor, facility_id, rule_id):
    with pytest.raises(NotAllowed):
        write(actor, facility_id, words("cash"))
    with pytest.raises(NotAllowed):
        release_clean(actor, facility_id)
    for act in (rules.switch_on, rules.switch_off):
        with pytest.raises(NotFound):
            db.write(act, actor, rule_id)
    with pytest.raises(NotFound):
        trials.try_rule(actor, rule_id)
