"""Verifying lawyers: they ask, an administrator answers with a last day or a reason, and everything ends at some time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, LawyerRequestChanged, NotAllowed, NotFound, PasswordNeeded
from rxconnect.domain.lawyers import LawyerState
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.models import AuditRow, Email, Lawyer
from rxconnect.services.directory import contact_reviews, contacts
from rxconnect.services.lawyers import endings, requests, reviews, verifications
from rxconnect.services.screening import rules
from tests.services.lawyers.verified import GIVEN, administrator, ask, day, stale, verify, version
from tests.services.review.desks import subjects
from tests.services.scheduling.running import run_job


@pytest.fixture(params=["sqlite", "postgresql"])
def asker(request, database, use, pair):
    use(request.param)
    return pair()


@pytest.fixture
def keeper(asker, actor):
    return administrator(actor, asker)


def lane(asker):
    return db.read(verifications.lane_of, asker.family.account_id, asker.facility_id)


def states(asker):
    return [one.state for one in db.read(requests.mine, asker.family)]


def test_a_lawyer_is_verified_until_a_day_and_told_so(asker, keeper):
    lawyer_id = ask(asker.family, asker.facility_id)
    (waiting,) = db.read(reviews.register, keeper).waiting
    assert (waiting.name, waiting.bar_number, waiting.bar_state) == ("Lena Ruiz", "WSBA 12345", "Washington")
    assert lane(asker) == "ordinary"
    db.write(reviews.verify, keeper, lawyer_id, day(90), waiting.version)
    assert (lane(asker), states(asker)) == ("privileged", ["verified"])
    assert "You are verified as a lawyer" in subjects()[-1]
    with clock.at(clock.now() + timedelta(days=92)):
        assert (lane(asker), states(asker)) == ("ordinary", ["ended"])
        assert [run_job(endings.tell_ended), run_job(endings.tell_ended)] == [1, 0]
    assert "has ended" in subjects()[-1]


def test_asking_again_corrects_the_request_that_waits_which_is_not_verified_unseen(asker, keeper):
    ask(asker.family, asker.facility_id)
    (shown,) = db.read(reviews.register, keeper).waiting
    ask(asker.family, asker.facility_id, bar_number="54321")
    (waiting,) = db.read(reviews.register, keeper).waiting
    assert (waiting.id, waiting.bar_number) == (shown.id, "54321")
    with pytest.raises(LawyerRequestChanged):
        db.write(reviews.verify, keeper, shown.id, day(90), shown.version)
    db.write(reviews.verify, keeper, shown.id, day(90), waiting.version)
    assert states(asker) == ["verified"]


def test_a_request_that_waits_and_a_verification_are_never_cut_off(asker, keeper):
    verify(keeper, asker.family, asker.facility_id)
    ask(asker.family, asker.facility_id)
    with db.transaction() as session:
        given = {"account_id": asker.family.account_id, "facility_id": asker.facility_id, "name": "Lena Ruiz"}
        session.add_all(
            Lawyer(**given, bar_number="1", bar_state="WA", state=LawyerState.REFUSED) for _each in range(201)
        )
    found = db.read(reviews.register, keeper)
    assert (len(found.waiting), len(found.verified), len(found.past)) == (1, 1, 200)


def test_a_verification_ends_early_with_a_reason_and_a_renewal_replaces_it(asker, keeper):
    first = verify(keeper, asker.family, asker.facility_id)
    second = verify(keeper, asker.family, asker.facility_id, days=700)
    assert states(asker) == ["verified", "ended"]
    with pytest.raises(NotFound):
        db.write(reviews.end_early, keeper, first, "It is the older one.")
    with pytest.raises(Invalid):
        db.write(reviews.end_early, keeper, second, " ")
    db.write(reviews.end_early, keeper, second, "The bar has suspended the number")
    assert (lane(asker), states(asker)) == ("ordinary", ["ended", "ended"])
    with db.reading() as session:
        body = session.exec(select(Email.body).order_by(col(Email.id).desc())).first()
    assert "The bar has suspended the number." in body


def test_a_refusal_needs_a_reason_which_the_lawyer_reads(asker, keeper):
    lawyer_id = ask(asker.family, asker.facility_id)
    with pytest.raises(Invalid):
        db.write(reviews.refuse, keeper, lawyer_id, "")
    db.write(reviews.refuse, keeper, lawyer_id, "This number is another person's")
    assert (lane(asker), states(asker)) == ("ordinary", ["refused"])
    assert "You are not verified" in subjects()[-1]


def test_a_last_day_is_from_tomorrow_on_and_at_most_two_years_ahead(asker, keeper):
    lawyer_id = ask(asker.family, asker.facility_id)
    for wrong in ("", "soon", day(-1), day(0), day(740)):
        with pytest.raises(Invalid):
            db.write(reviews.verify, keeper, lawyer_id, wrong, version(keeper, lawyer_id))


def test_only_an_administrator_of_the_facility_with_a_new_password_decides(asker, keeper, actor, pair):
    lawyer_id = ask(asker.family, asker.facility_id)
    auditor = actor(role=Role.AUDITOR, facility_id=asker.facility_id)
    for who, refusal in (
        (asker.reviewer, NotAllowed),
        (auditor, NotAllowed),
        (asker.family, NotAllowed),
        (administrator(actor, pair()), NotFound),
        (stale(keeper), PasswordNeeded),
    ):
        with pytest.raises(refusal):
            db.write(reviews.verify, who, lawyer_id, day(9), version(keeper, lawyer_id))
    assert db.read(reviews.register, stale(keeper)).waiting


def test_what_a_lawyer_gives_is_checked_and_only_own_locations_are_asked(asker, pair):
    ask(asker.family, asker.facility_id)
    for wrong in ({"name": " "}, {"name": "x" * 81}, {"bar_number": "<1>"}, {"bar_number": ""}, {"bar_state": "Mars"}):
        with pytest.raises(Invalid):
            db.write(requests.ask, asker.family, asker.facility_id, **GIVEN | wrong)
    with pytest.raises(NotFound):
        db.write(requests.ask, asker.family, pair().facility_id, **GIVEN)


def test_each_act_is_recorded_without_a_name(asker, keeper):
    db.write(reviews.end_early, keeper, verify(keeper, asker.family, asker.facility_id), "It was a mistake")
    db.write(reviews.refuse, keeper, ask(asker.family, asker.facility_id), "No such number")
    with db.reading() as session:
        rows = session.exec(select(AuditRow).order_by(col(AuditRow.sequence))).all()
    assert [row.kind for row in rows if row.kind != "post given"] == [
        "lawyer verified",
        "lawyer ended",
        "lawyer refused",
    ]
    told = " ".join(f"{row.subject} {row.details}" for row in rows)
    assert not [word for word in ("Lena", "12345", "mistake", "number") if word in told]


def test_no_review_of_a_contact_holds_up_a_verified_lawyer_or_shows_them(pair, actor, inmate):
    asker = pair(facility_fields={"asks_for_contacts": True})
    keeper, other = administrator(actor, asker), inmate(asker.facility_id, first_name="Ann")
    ask(asker.family, asker.facility_id)
    early = verify(keeper, asker.family, asker.facility_id)
    contact_id = db.write(contacts.add_at_my_location, asker.family, other).id
    assert db.read(contacts.get, asker.family, contact_id).blocked_by_staff == ""
    db.write(reviews.end_early, keeper, early, "It was a mistake")
    assert db.read(contacts.get, asker.family, contact_id).blocked_by_staff
    db.write(contact_reviews.block, keeper, asker.family.account_id, asker.inmate_id, asker.facility_id, "No")
    assert len(db.read(contact_reviews.waiting, keeper) + db.read(contact_reviews.blocked, keeper)) == 2
    lawyer_id = verify(keeper, asker.family, asker.facility_id)
    assert db.read(contact_reviews.waiting, keeper) + db.read(contact_reviews.blocked, keeper) == []
    assert db.read(contacts.get, asker.family, contact_id).blocked_by_staff == ""
    with pytest.raises(NotFound):
        db.write(contact_reviews.block, keeper, asker.family.account_id, other, asker.facility_id, "No")
    db.write(reviews.end_early, keeper, lawyer_id, "It was a mistake")
    assert len(db.read(contact_reviews.waiting, keeper) + db.read(contact_reviews.blocked, keeper)) == 2


def test_no_rule_is_about_a_verified_lawyer(asker, keeper):
    rule = NewRule(RuleKind.SENDER, "This sender", sender=asker.family.email, reason="A court order.")
    assert db.write(rules.write, keeper, asker.facility_id, rule)
    verify(keeper, asker.family, asker.facility_id)
    with pytest.raises(Invalid):
        db.write(rules.write, keeper, asker.facility_id, rule)
