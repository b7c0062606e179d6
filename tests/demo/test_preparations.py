"""Preparations: a scenario's family starts with what its lines ask for."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.demo import preparations
from rxconnect.domain.demo import SeatKind
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.imports import uploads
from rxconnect.services.money import cards, wallets
from rxconnect.services.screening import rule_views
from tests.demos import acting, start

BLANK = """
title = "Prepared"
about = "Something is there already."
start = "/dashboard"
minutes = 5
family = "sam@example.com"
administrator = "admin@example.com"
prepare = [{lines}]
"""


@pytest.fixture
def prepared(demos):
    """`prepared("location: cedar-ridge")` starts a session with this preparation."""
    return lambda *lines: start(BLANK.format(lines=", ".join(f'"{line}"' for line in lines)))


def test_a_location_is_among_the_familys(prepared):
    with acting(prepared("location: harbor-county", "location: cedar-ridge", "location: cedar-ridge")) as sam:
        names = [place.name for place in db.read(facilities.my_locations, sam)]
    assert names == ["Cedar Ridge Correctional Center", "Harbor County Jail"]


def test_a_contact_brings_the_location_along(prepared):
    with acting(prepared("contact: Shawn O'Neill")) as sam:
        assert [contact.name for contact in db.read(contacts.my_contacts, sam)] == ["Shawn O'Neill"]
        assert [place.name for place in db.read(facilities.my_locations, sam)] == ["Harbor County Jail"]


def test_credits_are_bought_and_the_card_is_stored(prepared):
    with acting(prepared("credits: 12 at cedar-ridge")) as sam:
        assert [wallet.credits for wallet in db.read(wallets.balances, sam)] == [12]
        assert len(db.read(cards.my_cards, sam)) == 1


def test_a_session_that_is_not_prepared_begins_with_nothing(prepared):
    with acting(prepared()) as sam:
        assert db.read(facilities.my_locations, sam) == []


def test_a_roster_waits_to_be_imported_and_changes_nothing_but_the_person_named(prepared):
    with acting(prepared("roster: Shawn O'Neill at cedar-ridge"), SeatKind.ADMINISTRATOR) as administrator:
        (post,) = administrator.posts
        (upload,) = db.read(uploads.waiting, administrator, post.facility_id)
        preview = uploads.preview_upload(administrator, upload.id)
    assert {name for name, number in preview.counts.items() if number} == {"total", "moved", "unchanged"}
    assert (preview.counts["moved"], preview.suspicious, preview.bad) == (1, [], [])


def test_a_rule_is_written_and_off(prepared):
    with acting(prepared("rule: Gates = east gate, side door"), SeatKind.ADMINISTRATOR) as administrator:
        groups = db.read(rule_views.rules_of, administrator).groups
    assert [rule.name for group in groups for rule in group.rules if rule.state == "off"] == ["Gates"]


@pytest.mark.parametrize("line", ["location: cedar-ridge", "contact: Tomás Aguilar", "credits: 5 at harbor-county"])
def test_what_can_be_carried_out_has_no_problem(line):
    assert preparations.line_problem(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "",
        "location",
        "location:",
        "contact: Nobody",
        "credits: 5",
        "credits: 4 at cedar-ridge",
        "credits: 201 at cedar-ridge",
        "roster: Shawn O'Neill",
        "roster: Nobody at cedar-ridge",
        "roster: Shawn O'Neill at juniper-flats",
        "rule: Gates",
        "rule: = gate",
    ],
)
def test_what_cannot_be_carried_out_has_one(line):
    assert preparations.line_problem(line)
