"""Break-glass: two administrators, a reason, half an hour, and everybody concerned is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Post, Role
from rxconnect.domain.errors import AnotherAdministratorNeeded, Invalid, NotAllowed, NotFound, PasswordNeeded
from rxconnect.domain.photos import Size
from rxconnect.domain.terms import VERSION
from rxconnect.models import AuditRow, Email, Facility, Inmate, Invitation, StaffPost
from rxconnect.services.audit import verification
from rxconnect.services.leaving import departures
from rxconnect.services.paper import replies
from rxconnect.services.photos import storage
from rxconnect.services.privilege import break_glass, glass_photos
from rxconnect.services.screening import submissions
from rxconnect.services.team import team
from tests.photographs import draft_with_photos
from tests.services.lawyers.verified import administrator, stale, verify
from tests.services.scheduling.running import run_job

REASON = "A judge has ordered it, case 12-345."


@pytest.fixture(params=["sqlite", "postgresql"])
def lawyer(request, database, use, pair):
    use(request.param)
    return pair(credits=20, first_name="Marcus", last_name="Rivera")


@pytest.fixture
def keepers(lawyer, actor):
    """Two administrators of the facility, which has an auditor too."""
    keepers = administrator(actor, lawyer, "Paul Lindgren"), administrator(actor, lawyer, "Ada Young")
    actor(role=Role.AUDITOR, facility_id=lawyer.facility_id, name="Ruth Okafor")
    verify(keepers[0], lawyer.family, lawyer.facility_id)
    return keepers


def asked(lawyer, keepers):
    message_id = lawyer.send("Secret subject", "Secret body").id
    return message_id, db.write(break_glass.ask, keepers[0], message_id, REASON)


def later(**span):
    return clock.at(clock.now() + timedelta(**span))


def fresh(keeper):
    """The same administrator, who has just entered the password."""
    return replace(keeper, password_at=clock.now())


def emails():
    with db.reading() as session:
        return session.exec(select(Email).order_by(col(Email.id))).all()


def acts(lawyer):
    with db.reading() as session:
        assert verification.verify_chain(session, lawyer.facility_id).first_broken is None
        return [row.kind for row in session.exec(select(AuditRow).order_by(col(AuditRow.sequence)))]


def test_the_asker_reads_it_for_half_an_hour_after_another_has_agreed(lawyer, keepers):
    message_id, request_id = asked(lawyer, keepers)
    with pytest.raises(NotFound):
        db.write(break_glass.read, keepers[0], request_id)
    db.write(break_glass.agree, keepers[1], request_id)
    assert db.write(break_glass.read, keepers[0], request_id).body == "Secret body"
    db.write(break_glass.read, keepers[0], request_id)
    with pytest.raises(NotFound):
        db.write(break_glass.read, keepers[1], request_id)
    with later(minutes=31), pytest.raises(NotFound):
        db.write(break_glass.read, fresh(keepers[0]), request_id)
    assert [kind for kind in acts(lawyer) if "open" in kind or "read" in kind] == [
        "opening asked",
        "opening agreed",
        *["privileged letter read"] * 2,
    ]
    letter = lawyer.message(message_id)
    assert (letter.times_seen, "agreed to open" in letter.lane_note) == (2, True)


def test_its_photos_are_for_the_asker_alone_while_it_is_open_and_each_look_is_recorded(lawyer, keepers, actor):
    draft_id = draft_with_photos(lawyer.family, lawyer.contact_id, 2)
    message_id = db.write(submissions.send, lawyer.family, draft_id, accepted_terms=VERSION, must_be_privileged=True)
    request_id = db.write(break_glass.ask, keepers[0], message_id, REASON)
    (_first, key) = [photo.key for photo in lawyer.message(message_id).photos]
    reviewer = actor(role=Role.REVIEWER, facility_id=lawyer.facility_id)
    refuse = lambda *everyone: [refused(one, key) for one in everyone]  # noqa: E731
    assert all(refuse(*keepers, lawyer.reviewer))
    db.write(break_glass.agree, keepers[1], request_id)
    # Nobody sees a photo of a letter that they have not read.
    assert all(refuse(*keepers))
    opened = db.write(break_glass.read, keepers[0], request_id)
    assert [(one.label, one.key) for one in opened.photos][1] == ("Photo 2", key)
    with later(minutes=20):
        store = db.write(glass_photos.photo_store, keepers[0], key)
    assert storage.read(store, Size.VIEW)
    assert acts(lawyer)[-1] == "privileged photo seen"
    assert all(refuse(keepers[1], reviewer, lawyer.family, replace(keepers[0], posts=())))
    with later(minutes=31):
        assert refused(fresh(keepers[0]), key)
    assert acts(lawyer).count("privileged photo seen") == 1


def refused(who, key):
    with pytest.raises(NotFound):
        db.write(glass_photos.photo_store, who, key)
    return True


def test_a_letter_to_the_lawyer_is_shown_as_from_the_person_who_wrote_it(lawyer, keepers):
    written = {"subject": "Secret subject", "body": "Secret body"}
    answer = db.write(replies.deliver_reply, keepers[0], lawyer.inmate_id, lawyer.family.account_id, **written)
    for message_id, names in (
        (answer, ("Marcus Rivera", "Sam Rivera")),
        (lawyer.send().id, ("Sam Rivera", "Marcus Rivera")),
    ):
        request_id = db.write(break_glass.ask, keepers[0], message_id, REASON)
        db.write(break_glass.agree, keepers[1], request_id)
        opened = db.write(break_glass.read, keepers[0], request_id)
        assert (opened.sender, opened.recipient) == names


def test_auditors_administrators_and_the_lawyer_are_told_facts_alone(lawyer, keepers):
    before = len(emails())
    message_id, request_id = asked(lawyer, keepers)
    asking = emails()[before:]
    assert (len(asking), {keeper.email for keeper in keepers} < {one.to for one in asking}) == (3, True)
    assert all("asks to open" in one.subject for one in asking)
    db.write(break_glass.agree, keepers[1], request_id)
    *opening, to_lawyer = emails()[before + len(asking) :]
    assert [one.to for one in opening] == [one.to for one in asking]
    assert all("was opened" in one.subject for one in opening)
    assert (to_lawyer.to, f"/messages/{message_id}" in to_lawyer.body) == (lawyer.family.email, True)
    told = " ".join(f"{one.subject} {one.body}" for one in (*asking, *opening))
    assert not [word for word in ("Secret", "Marcus", "Rivera", "Sam", "judge") if word in told]


def test_the_asker_cannot_agree_and_may_take_it_back(lawyer, keepers):
    _message_id, request_id = asked(lawyer, keepers)
    with pytest.raises(AnotherAdministratorNeeded):
        db.write(break_glass.agree, keepers[0], request_id)
    db.write(break_glass.decline, keepers[0], request_id)
    with pytest.raises(NotFound):
        db.write(break_glass.agree, keepers[1], request_id)
    (view,) = db.read(break_glass.requests, keepers[1])
    assert (view.state_label, view.can_answer, view.can_read) == ("Declined", False, False)


def test_a_request_lapses_after_a_day(lawyer, keepers):
    _message_id, request_id = asked(lawyer, keepers)
    with later(hours=25):
        with pytest.raises(NotFound):
            db.write(break_glass.agree, fresh(keepers[1]), request_id)
        assert db.read(break_glass.requests, keepers[1])[0].state_label == "Lapsed without an answer"


def test_nobody_else_may_and_each_step_needs_a_new_password(lawyer, keepers, actor, pair):
    message_id, request_id = asked(lawyer, keepers)
    auditor = actor(role=Role.AUDITOR, facility_id=lawyer.facility_id)
    for who, refusal in (
        (lawyer.reviewer, NotAllowed),
        (auditor, NotAllowed),
        (lawyer.family, NotAllowed),
        (administrator(actor, pair()), NotFound),
        (stale(keepers[1]), PasswordNeeded),
    ):
        for act, args in (
            (break_glass.ask, (message_id, REASON)),
            (break_glass.agree, (request_id,)),
            (break_glass.decline, (request_id,)),
            (break_glass.read, (request_id,)),
        ):
            with pytest.raises(refusal):
                db.write(act, who, *args)
    (seen,) = db.read(break_glass.requests, auditor)
    assert (seen.reason, seen.can_answer, "Secret" in repr(seen)) == (REASON, False, False)


def test_only_a_privileged_letter_is_asked_for_and_with_a_reason(lawyer, keepers, pair):
    message_id, _request_id = asked(lawyer, keepers)
    for wrong in ("", "Because", "x" * 401):
        with pytest.raises(Invalid):
            db.write(break_glass.ask, keepers[0], message_id, wrong)
    other = pair()
    for elsewhere in (other.send().id, 999_999):
        with pytest.raises(NotFound):
            db.write(break_glass.ask, keepers[0], elsewhere, REASON)


def test_of_two_administrators_one_of_whom_has_invited_the_other_neither_agrees(lawyer, keepers):
    message_id, request_id = asked(lawyer, keepers)
    third, fourth = lawyer.send().id, lawyer.send().id
    theirs = db.write(break_glass.ask, keepers[1], third, REASON)
    with db.transaction() as session:
        invitation = Invitation(
            token_hash="x", facility_id=lawyer.facility_id, email=keepers[1].email, name="Ada Young",
            role=Role.REVIEWER, invited_by=keepers[0].account_id, expires_at=clock.now(),
        )  # fmt: skip
        session.add(invitation)
    db.write(break_glass.agree, keepers[0], db.write(break_glass.ask, keepers[1], fourth, REASON))
    with db.transaction() as session:
        session.exec(select(Invitation)).one().accepted_at = clock.now()
    for who, which in ((keepers[1], request_id), (keepers[0], theirs)):
        with pytest.raises(AnotherAdministratorNeeded):
            db.write(break_glass.agree, who, which)
    assert lawyer.message(message_id).times_seen == 0


@pytest.mark.parametrize("end", [team.suspend, team.remove, partial(team.change_role, role="reviewer")])
def test_a_request_is_void_when_its_asker_is_no_administrator_any_more(lawyer, keepers, end):
    _message_id, request_id = asked(lawyer, keepers)
    db.write(end, keepers[1], lawyer.facility_id, keepers[0].account_id)
    before = len(emails())
    for answer in (break_glass.agree, break_glass.decline):
        with pytest.raises(NotFound):
            db.write(answer, keepers[1], request_id)
    assert len(emails()) == before
    (view,) = db.read(break_glass.requests, keepers[1])
    assert (view.state_label, view.can_answer) == ("Lapsed without an answer", False)


def test_a_request_is_void_when_the_letter_follows_its_person(lawyer, keepers, facility, actor):
    _message_id, agreed = asked(lawyer, keepers)
    db.write(break_glass.agree, keepers[1], agreed)
    _other_id, waiting = asked(lawyer, keepers)
    elsewhere = facility()
    with db.transaction() as session:
        session.get_one(Facility, lawyer.facility_id).when_moved = "reroute"
        session.get_one(Inmate, lawyer.inmate_id).facility_id = elsewhere
        session.add_all(
            StaffPost(account_id=one.account_id, facility_id=elsewhere, role=Role.ADMINISTRATOR) for one in keepers
        )
    run_job(departures.follow_up_departures)
    both = [replace(one, posts=(*one.posts, Post(elsewhere, Role.ADMINISTRATOR))) for one in keepers]
    for act, who, which in ((break_glass.read, both[0], agreed), (break_glass.agree, both[1], waiting)):
        with pytest.raises(NotFound):
            db.write(act, who, which)
    assert not [one for one in db.read(break_glass.requests, both[0]) if one.can_read or one.can_answer]
