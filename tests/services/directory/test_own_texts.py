"""A facility's own texts in several languages: kept by its administrators, shown to who reads them, never translated by us."""

from __future__ import annotations

import pytest

from rxconnect import db, i18n
from rxconnect.domain import own_texts
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.messages import Reason
from rxconnect.domain.own_texts import OwnText, key_of
from rxconnect.i18n import PSEUDO
from rxconnect.models import Facility
from rxconnect.services.directory import facility_settings

RULE, OTHER = "No codes.", "No numbers."
OWN_REASON = "Harbor does not pass on numbers."


@pytest.fixture
def place(facility, setting):
    setting(languages=f"en,{PSEUDO}")
    return facility(name="Harbor", rules=[RULE, OTHER], reason_texts={Reason.CONTACT_DETAILS.value: OWN_REASON})


@pytest.fixture
def paul(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place)


def save(paul, place, **texts):
    given = {key_of(PSEUDO, text): told for text, told in texts.items()}
    return db.write(facility_settings.save_translations, paul, place, PSEUDO, given)


def read(place):
    with db.reading() as session:
        return session.get_one(Facility, place)


def test_a_reader_gets_the_text_in_their_language_and_else_as_it_was_written(paul, place):
    save(paul, place, **{RULE: "Ñó çódéš."})
    assert own_texts.own_texts(read(place), [RULE, OTHER]) == [OwnText(RULE, "en"), OwnText(OTHER, "en")]
    with i18n.using_language(PSEUDO):
        told = own_texts.own_texts(read(place), [RULE, OTHER])
        standard = own_texts.reason_text(read(place), "", Reason.THREAT)
    assert told == [OwnText("Ñó çódéš.", PSEUDO), OwnText(OTHER, "en")]
    assert standard.language == PSEUDO


def test_the_settings_say_what_is_missing_in_which_language(paul, place):
    (texts,) = db.read(facility_settings.settings, paul, place).translations
    assert texts.missing.startswith("3 texts are not there in Pseudo yet.")
    save(paul, place, **{RULE: "a", OTHER: "b", OWN_REASON: "c"})
    (texts,) = db.read(facility_settings.settings, paul, place).translations
    assert (texts.missing, [line.translation for line in texts.lines]) == ("", ["a", "b", "c"])


def test_each_change_is_kept_and_an_empty_text_takes_it_away(paul, place):
    assert save(paul, place, **{RULE: "a"}) == 1
    assert save(paul, place, **{RULE: "a"}) == 0
    assert save(paul, place, **{RULE: ""}) == 1
    assert read(place).translations[PSEUDO] == {}
    changes = db.read(facility_settings.settings, paul, place).changes
    assert [(one.before, one.after) for one in changes] == [("a", ""), ("", "a")]


def test_a_text_that_has_changed_has_lost_its_translation(paul, place):
    save(paul, place, **{RULE: "a", OTHER: "b"})
    with db.transaction() as session:
        session.get_one(Facility, place).rules = ["No codes and no ciphers.", OTHER]
    # The form of somebody who still sees the old text.
    save(paul, place, **{RULE: "c"})
    assert read(place).translations[PSEUDO] == {OTHER: "b"}
    (texts,) = db.read(facility_settings.settings, paul, place).translations
    assert texts.missing.startswith("2 texts")


def test_a_text_that_is_too_long_and_a_language_that_nobody_offers_are_refused(paul, place):
    with pytest.raises(Invalid):
        save(paul, place, **{RULE: "x" * 401})
    with pytest.raises(Invalid):
        db.write(facility_settings.save_translations, paul, place, "tlh", {})


def test_only_administrators_keep_them(actor, place):
    with pytest.raises(NotAllowed):
        save(actor(role=Role.REVIEWER, facility_id=place), place, **{RULE: "a"})


def test_missing_languages_are_told_as_a_list(place):
    lacking = own_texts.missing_languages(read(place), ["en", "es", "vi"], [RULE])
    assert lacking == "Spanish and Vietnamese"
    assert own_texts.missing_languages(read(place), ["es"], []) == ""
