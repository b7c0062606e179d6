"""An administrator keeps the settings of their facility. Each change is kept with its account and holds from now on."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.messages import Reason
from rxconnect.models import DirectoryVersion, Facility, Item, Notice
from rxconnect.services.directory import facility_settings
from rxconnect.services.purchases import purchases
from rxconnect.services.review import review

VALUES = {
    "opening": "paused",
    "promised_hours": "24",
    "price_cents": "30",
    "most_photos": "3",
    "photo_credits": "2",
    "when_moved": "reroute",
    "release_after_days": "5",
    "asks_for_contacts": "yes",
    "second_reading_share": "10",
    "foreign_reading_share": "40",
    "has_warm_up": "yes",
    "reads_on_kiosks": "yes",
    "shows_opened": "yes",
    "free_replies": "3",
    "free_replies_per": "month",
    "reply_credit_days": "90",
    "language": "es",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, database, use, facility):
    use(request.param)
    return facility(name="Alder County Jail", min_credits=5)


@pytest.fixture
def chief(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place, name="Paul Lindgren")


def see(actor, facility_id=None):
    return db.read(facility_settings.settings, actor, facility_id)


def save(actor, facility_id, **given):
    return db.write(facility_settings.save, actor, facility_id, given)


def test_all_settings_are_saved_and_each_change_is_kept_with_its_account(chief, place):
    assert save(chief, place, **VALUES) == len(VALUES)
    view = see(chief)
    assert (view.values, view.may_change) == (VALUES, True)
    assert ("Price of a credit", "30\u00a0¢") in view.told
    assert {one.by for one in view.changes} == {"Paul Lindgren"}
    price = next(one for one in view.changes if one.label == "Price of a credit")
    assert (price.before, price.after) == ("25\u00a0¢", "30\u00a0¢")


def test_the_same_settings_again_change_and_keep_nothing(chief, place):
    save(chief, place, **VALUES)
    assert save(chief, place, **VALUES) == 0
    assert len(see(chief).changes) == len(VALUES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("opening", "closed"),
        ("promised_hours", "0"),
        ("promised_hours", "soon"),
        ("promised_hours", "721"),
        ("price_cents", "9"),
        ("price_cents", "2.50"),
        ("most_photos", "11"),
        ("photo_credits", "0"),
        ("when_moved", "burn"),
        ("release_after_days", "-1"),
        ("asks_for_contacts", "perhaps"),
        ("second_reading_share", "101"),
        ("foreign_reading_share", "-1"),
        ("has_warm_up", "perhaps"),
    ],
)
def test_what_is_wrong_is_named_by_field_and_nothing_is_saved(chief, place, name, text):
    with pytest.raises(Invalid) as wrong:
        save(chief, place, **VALUES | {name: text})
    assert list(wrong.value.fields) == [name]
    assert see(chief).changes == []


def test_an_opening_that_only_operators_change_is_not_offered(actor, facility):
    listed = facility(opening="listed")
    chief = actor(role=Role.ADMINISTRATOR, facility_id=listed)
    assert see(chief).openings == []
    with pytest.raises(Invalid):
        save(chief, listed, opening="open")
    assert save(chief, listed, opening="listed", promised_hours="9") == 1


def test_a_pause_makes_every_index_of_facilities_read_again(chief, place):
    def version():
        with db.reading() as session:
            return session.exec(select(DirectoryVersion.facilities)).one()

    before = version()
    save(chief, place, promised_hours="9")
    assert version() == before
    save(chief, place, opening="paused")
    assert version() != before


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_reviewers_and_auditors_read_and_change_nothing(actor, place, role):
    reader = actor(role=role, facility_id=place)
    assert not see(reader).may_change
    for service, given in ((facility_settings.save, VALUES), (facility_settings.save_reasons, {Reason.THREAT: "No."})):
        with pytest.raises(NotAllowed):
            db.write(service, reader, place, given)
    assert see(reader).changes == []


def test_nobody_sees_or_changes_another_facility(actor, chief, facility):
    other = facility(name="Birch House")
    assert [one.label for one in see(chief).facilities] == ["Alder County Jail"]
    for who in (chief, actor(role=Role.TRAINER, facility_id=other), actor()):
        with pytest.raises(NotAllowed):
            see(who, other)
        with pytest.raises(NotAllowed):
            save(who, other, promised_hours="9")


def test_a_begun_purchase_keeps_its_price_when_the_facilitys_changes(chief, place, actor):
    family = actor()
    begun = db.write(purchases.begin_or_change, family, facility_id=place, credits=20)
    save(chief, place, price_cents="99")
    assert db.read(purchases.get, family, begun.id).total_cents == begun.total_cents


def test_a_rejection_keeps_the_text_of_its_reason(pair, actor):
    writer = pair()
    chief = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)

    def rejected(text):
        db.write(facility_settings.save_reasons, chief, writer.facility_id, {Reason.CODED: text})
        message_id = writer.send().id
        db.write(review.reject, writer.reviewer, message_id, Reason.CODED)
        return message_id

    own, standard = rejected("Write in plain words."), rejected("")
    assert writer.message(own).reason_rule == "Write in plain words."
    assert writer.message(standard).reason_rule == Reason.CODED.rule
    with db.reading() as session:
        for table in (Item, Notice):
            assert session.exec(select(table.rule_text).order_by(col(table.id))).all() == ["Write in plain words.", ""]
        assert session.get_one(Facility, writer.facility_id).reason_texts == {}


def test_the_changes_of_a_reason_name_it_with_both_texts(chief, place):
    db.write(facility_settings.save_reasons, chief, place, {Reason.THREAT: "Do not threaten."})
    (change,) = see(chief).changes
    assert (change.label, change.before) == ("Text of the reason “Threat”", Reason.THREAT.rule)
    assert change.after == "Do not threaten."
    assert next(one for one in see(chief).reasons if one.label == "Threat").text == "Do not threaten."


def test_a_text_that_is_too_long_is_refused_by_its_reason(chief, place):
    with pytest.raises(Invalid) as wrong:
        db.write(facility_settings.save_reasons, chief, place, {Reason.THREAT: "x" * 401})
    assert list(wrong.value.fields) == [Reason.THREAT]
