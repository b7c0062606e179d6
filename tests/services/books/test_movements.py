"""The ledger as staff see it: what moved at one facility, each line adds up, and nobody is named."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlmodel import col, update

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.ledger import JournalGroup, JournalKind
from rxconnect.domain.messages import ItemKind
from rxconnect.models import Item
from rxconnect.services.books import movements
from tests.privileged import leaks, privileged_at
from tests.services.moneyed import live


@pytest.fixture
def lived(database):
    return live()


def sums(line):
    """What a line adds up to, in credits and in money."""
    totals = Counter()
    for entry in line.postings:
        unit = "cent" if "$" in entry.amount else "credit"
        number = int(re.sub(r"[^0-9]", "", entry.amount))
        totals[unit] += number if entry.is_in else -number
    return {unit: total for unit, total in totals.items() if total}


@pytest.mark.parametrize("kind", JournalKind)
def test_each_kind_of_journal_has_a_sentence(kind):
    assert kind in movements._SENTENCES
    assert (kind in movements._OF_ANSWERS) == (kind.group is JournalGroup.MESSAGE)


def test_each_line_adds_up_and_the_newest_comes_first(lived):
    view = db.read(movements.newest, lived.administrator)
    assert view.facility == "Alder County Jail"
    assert (view.unused, view.held) == ("43", "1")
    assert len(view.lines) > 20
    assert [line.number for line in view.lines] == sorted((line.number for line in view.lines), reverse=True)
    assert [line.what for line in view.lines if len(line.postings) < 2 or sums(line)] == []
    told = " ".join(line.what for line in view.lines)
    for part in ("bought for $", "set aside for letter", "was delivered", "was not delivered", "refunded, $", "frozen"):
        assert part in told


def test_a_reply_credit_is_told_apart_from_the_letter(lived):
    with db.transaction() as session:
        session.exec(update(Item).where(col(Item.message_id) == lived.returned_id).values(kind=ItemKind.REPLY))
    told = [line.what for line in db.read(movements.newest, lived.administrator).lines]
    assert f"1 credit set aside for the answer to letter {lived.returned_id}" in told
    assert f"1 credit returned: no answer to letter {lived.returned_id}" in told


def test_another_facility_has_its_own_lines(lived, actor):
    theirs = db.read(movements.newest, actor(role=Role.AUDITOR, facility_id=lived.birch))
    assert [line.what for line in theirs.lines if "moved between facilities" not in line.what] == []
    with pytest.raises(NotAllowed):
        db.read(
            movements.newest,
            actor(role=Role.AUDITOR, facility_id=lived.birch),
            lived.administrator.posts[0].facility_id,
        )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER])
def test_nobody_else_sees_it(lived, actor, role):
    with pytest.raises(NotAllowed):
        db.read(movements.newest, actor(role=role, facility_id=lived.birch))


def test_a_lawyers_letter_is_a_line_without_a_name_or_a_word(database, facility, actor):
    place = facility()
    theirs = privileged_at(place)
    view = db.read(movements.newest, theirs.administrator)
    assert view.lines
    assert leaks(str(view)) == []
