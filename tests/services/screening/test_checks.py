"""The check before SEND: what published rules find, and nothing of the others."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.services.messages import drafts
from rxconnect.services.screening import checks
from tests.services.screening.ruling import pattern, switch_on, words, write

PHONE = "This looks like a telephone number of another person."


@pytest.fixture
def writer(pair):
    return pair()


@pytest.fixture
def administrator(actor, writer):
    return actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)


def check(writer, subject="Hello", body="Call 555-0142, and bring cash."):
    def run(session, actor, draft_id):
        return checks.check(session, actor, drafts.check_and_preview(session, actor, draft_id))

    return db.read(run, writer.family, writer.draft(subject, body))


def test_a_published_rule_says_why_and_where(writer, administrator):
    switch_on(administrator, writer.facility_id, pattern("[0-9]{3}-[0-9]{4}", published=PHONE))
    found = check(writer, subject="555-0101")
    assert found.notes == [PHONE]
    assert [(piece.text, piece.note) for piece in found.body] == [
        ("Call ", ""),
        ("555-0142", PHONE),
        (", and bring cash.", ""),
    ]
    assert [(piece.text, piece.note) for piece in found.subject] == [("555-0101", PHONE)]


def test_nothing_is_told_of_a_rule_that_is_not_published_or_not_on(writer, administrator):
    switch_on(administrator, writer.facility_id, words("cash", name="Xanthippe"))
    write(administrator, writer.facility_id, pattern("[0-9]+", published=PHONE))
    switch_on(administrator, writer.facility_id, pattern("zebra", published="About zebras."))
    found = check(writer)
    assert (found.notes, [piece.note for piece in found.body]) == ([], [""])
    assert "Xanthippe" not in repr(found)


def test_limits_are_told_before_the_letter_that_is_beyond_them(writer, administrator):
    many = NewRule(RuleKind.LETTERS, "Many", most="1", is_published=True, published_text="More than one a day.")
    long = NewRule(
        RuleKind.CHARACTERS, "Long", most="99", is_published=True, published_text="Long letters take longer."
    )
    for rule in (many, long):
        switch_on(administrator, writer.facility_id, rule)
    assert check(writer).notes == []
    writer.send()
    assert check(writer, body="x" * 100).notes == ["More than one a day.", "Long letters take longer."]


def test_another_facilitys_rules_say_nothing(writer, actor, facility):
    other = facility()
    switch_on(actor(role=Role.ADMINISTRATOR, facility_id=other), other, words("cash", published="No cash."))
    assert check(writer).notes == []
