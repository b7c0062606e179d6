"""One text finds a person by number or name, and a facility."""

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.services.directory import facilities, recipients


@pytest.fixture
def town(facility, inmate):
    """A facility, and a person called as the facility's town."""
    place = facility(name="Cedar Ridge Correctional Center", city="Walla Walla", state="WA")
    other = facility(name="Harbor County Jail", city="Newport", state="OR")
    return place, other, inmate(place, first_name="Marcus", last_name="Delgado", number="20418873")


def found(who, text):
    one = db.read(recipients.find, who, text)
    return [person.id for person in one.people], [place.id for place in one.facilities]


@pytest.mark.parametrize("text", ["20418873", "marcus delgado", "Delgado, Marcus", "markus delgad"])
def test_a_number_or_a_name_finds_the_person_wherever_they_are(actor, town, text):
    _place, _other, marcus = town
    assert found(actor(), text)[0] == [marcus]


@pytest.mark.parametrize("text", ["cedar rige", "walla walla"])
def test_a_name_or_a_town_finds_the_facility(actor, town, text):
    assert found(actor(), text)[1] == [town[0]]


@pytest.mark.parametrize("text", ["", " ", "m", "x" * 40])
def test_too_little_and_what_nobody_is_called_find_nothing(actor, town, text):
    assert found(actor(), text) == ([], [])


def test_only_what_can_be_meant_alone_is_taken_by_enter(actor, town, inmate):
    place, _other, marcus = town
    only = lambda text: db.read(recipients.find, actor(), text).only  # noqa: E731
    assert only("20418873").id == marcus
    assert only("cedar ridge").id == place
    assert only("markus delgad") is None
    inmate(place, first_name="Marcus", last_name="Delgado", number="20418874")
    assert only("marcus delgado") is None


def test_among_people_of_one_name_the_one_at_a_facility_of_ones_own_comes_first(actor, town, inmate):
    _place, other, marcus = town
    elsewhere = inmate(other, first_name="Marcus", last_name="Delgado", number="H-1")
    who = actor()
    for place, first in ((other, elsewhere), (town[0], marcus)):
        db.write(facilities.add_location, who, place)
        assert found(who, "marcus delgado")[0][0] == first
        db.write(facilities.remove_location, who, place)


def test_a_text_that_is_too_long_is_refused_before_it_is_counted(actor):
    with pytest.raises(Invalid) as refused:
        db.write(recipients.count_search, actor(), "x" * 121)
    assert list(refused.value.fields) == ["recipient"]


def test_staff_find_nobody(actor, town):
    reviewer = actor(role=Role.REVIEWER, facility_id=town[0])
    with pytest.raises(NotAllowed):
        db.write(recipients.count_search, reviewer, "marcus")
    with pytest.raises(NotAllowed):
        db.read(recipients.find, reviewer, "marcus")
