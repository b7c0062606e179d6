"""Reviews of contacts: where a facility asks for it nothing is sent before staff accept, and a block says why."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import ContactBlocked, ContactWaiting, Invalid, NotAllowed, NotFound
from rxconnect.services.directory import contact_reviews, contacts, facilities
from rxconnect.services.messages import drafts

REASON = "A court order forbids it."


@pytest.fixture
def asking(pair, inmate, actor):
    """A facility that asks for contacts, and a family that has just added a person there."""
    writer = pair(facility_fields={"asks_for_contacts": True, "name": "Cedar Ridge"})
    person = inmate(writer.facility_id, first_name="Ann", last_name="Lee")
    db.write(facilities.add_location, writer.family, writer.facility_id)
    contact = db.write(contacts.add_at_my_location, writer.family, person)
    return writer, person, contact.id


def draft_to(writer, contact_id):
    draft_id = db.write(drafts.get_or_create_empty, writer.family, contact_id)
    db.write(drafts.save, writer.family, draft_id, subject="Hello", body="We miss you.")
    return draft_id


def key(writer, person):
    return writer.family.account_id, person, writer.facility_id


def test_a_new_contact_waits_and_the_family_sees_it_before_it_writes_or_pays(asking):
    writer, _person, contact_id = asking
    assert "Cedar Ridge must accept this contact" in db.read(contacts.get, writer.family, contact_id).blocked_by_staff
    draft_id = draft_to(writer, contact_id)
    assert "must accept" in db.read(drafts.get, writer.family, draft_id).blocked_by_staff
    with pytest.raises(ContactWaiting):
        db.read(drafts.check_and_preview, writer.family, draft_id)
    (waits,) = db.read(contact_reviews.waiting, writer.reviewer)
    assert (waits.family, waits.person, waits.facility) == ("Sam Rivera", "Ann Lee", "Cedar Ridge")


def test_an_accepted_contact_can_be_written_to(asking):
    writer, person, contact_id = asking
    db.write(contact_reviews.accept, writer.reviewer, *key(writer, person))
    assert db.read(contacts.get, writer.family, contact_id).blocked_by_staff == ""
    assert db.read(drafts.check_and_preview, writer.family, draft_to(writer, contact_id)).cost == 1
    assert db.read(contact_reviews.waiting, writer.reviewer) == []


def test_adding_a_contact_again_does_not_ask_again(asking):
    writer, person, contact_id = asking
    db.write(contact_reviews.accept, writer.reviewer, *key(writer, person))
    db.write(contacts.remove, writer.family, contact_id)
    db.write(contacts.add_at_my_location, writer.family, person)
    assert db.read(contact_reviews.waiting, writer.reviewer) == []


def test_a_blocked_pair_is_refused_with_the_reason_until_the_block_is_lifted(pair):
    writer = pair(facility_fields={"name": "Cedar Ridge"})
    db.write(contact_reviews.block, writer.reviewer, *key(writer, writer.inmate_id), REASON)
    with pytest.raises(ContactBlocked):
        writer.send()
    told = db.read(contacts.get, writer.family, writer.contact_id).blocked_by_staff
    assert told.startswith("Cedar Ridge does not allow letters from you to this person.")
    assert REASON in told
    (pair_,) = db.read(contact_reviews.blocked, writer.reviewer)
    assert pair_.reason == REASON
    db.write(contact_reviews.accept, writer.reviewer, *key(writer, writer.inmate_id))
    assert writer.send().status == "in review"


def test_a_block_is_about_two_people_at_one_facility(pair, actor):
    writer, other = pair(), pair()
    db.write(contact_reviews.block, writer.reviewer, *key(writer, writer.inmate_id), REASON)
    assert other.send().status == "in review"


def test_a_block_has_a_reason(pair):
    writer = pair()
    for wrong in (" ", "x" * 401):
        with pytest.raises(Invalid):
            db.write(contact_reviews.block, writer.reviewer, *key(writer, writer.inmate_id), wrong)


def test_only_staff_of_the_facility_decide(pair, actor):
    writer, elsewhere = pair(), pair()
    whom = key(writer, writer.inmate_id)
    for stranger in (elsewhere.reviewer,):
        with pytest.raises(NotFound):
            db.write(contact_reviews.block, stranger, *whom, REASON)
        with pytest.raises(NotFound):
            db.write(contact_reviews.accept, stranger, *whom)
    with pytest.raises(NotFound):
        db.write(
            contact_reviews.block,
            writer.reviewer,
            writer.family.account_id,
            elsewhere.inmate_id,
            writer.facility_id,
            REASON,
        )
    for none in (writer.family, actor(role=Role.AUDITOR, facility_id=writer.facility_id)):
        with pytest.raises(NotAllowed):
            db.write(contact_reviews.block, none, *whom, REASON)
        with pytest.raises(NotAllowed):
            db.read(contact_reviews.waiting, none)
