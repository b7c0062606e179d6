"""Drafts: kept as typed, never cut, refused clearly, and nobody else's business."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.errors import FacilityClosed, InsufficientCredits, Invalid, NotAllowed, NotFound, NotReachable
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import DRAFT_MAX, SUBJECT_MAX
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import storable
from rxconnect.models import Contact
from rxconnect.services.messages import drafts

ODD_TEXTS = [
    "<script>alert('x')</script> & <b>bold</b>",
    "Buenos días 👩‍👧‍👦 te extrañamos ❤️",
    "אני אוהב אותך מאוד",
    "e\u0301 is not composed yet\r\nand this line ended in Windows",
    "10,000 characters " * 556,
]


def kept(pair, draft_id):
    return db.read(drafts.get, pair.family, draft_id)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_draft_comes_back_exactly_as_it_was_typed(pair, text):
    writer = pair()
    draft_id = writer.draft("Hi", text)
    assert kept(writer, draft_id).body == text


def test_what_no_database_can_hold_is_left_out_and_the_rest_stays(pair):
    writer = pair()
    assert kept(writer, writer.draft("Hi", "We\0 miss \ud83dyou")).body == "We miss you"


def test_a_draft_is_cleaned_as_every_other_text_is(pair):
    writer = pair()
    text = "We\0 miss \ud83dyou" + "\u0301" * 40
    assert kept(writer, writer.draft("Hi", text)).body == storable(text) == "We miss you" + "\u0301" * 30


def test_saving_one_part_leaves_the_others(pair):
    writer = pair()
    draft_id = writer.draft("Hello", "We miss you.")
    view = db.write(drafts.save, writer.family, draft_id, subject="Sunday")
    assert (view.subject, view.body, view.contact_id) == ("Sunday", "We miss you.", writer.contact_id)


def test_a_draft_may_run_over_the_limit_and_keeps_every_character(pair):
    writer = pair(facility_fields={"character_limit": 100, "characters_per_credit": 50})
    view = kept(writer, writer.draft("Hi", "x" * 312))
    assert (view.characters, view.character_limit, view.cost) == (312, 100, 7)


def test_a_message_over_the_limit_is_refused_with_the_number_of_characters(pair):
    writer = pair(facility_fields={"character_limit": 6000})
    draft_id = writer.draft("Hi", "x" * 6212)
    with pytest.raises(Invalid) as refused:
        db.read(drafts.check_and_preview, writer.family, draft_id)
    assert refused.value.fields == {"body": Problem.BODY_TOO_LONG(count=212, most=6000)}


def test_a_draft_too_long_to_keep_is_refused_and_what_was_saved_stays(pair):
    writer = pair()
    draft_id = writer.draft("Hi", "short")
    with pytest.raises(Invalid) as refused:
        db.write(drafts.save, writer.family, draft_id, body="x" * (DRAFT_MAX + 1))
    assert list(refused.value.fields) == ["body"]
    assert kept(writer, draft_id).body == "short"


def test_everything_missing_is_named_at_once(actor):
    writer = actor()
    draft_id = db.write(drafts.get_or_create_empty, writer)
    with pytest.raises(Invalid) as refused:
        db.read(drafts.check_and_preview, writer, draft_id)
    assert set(refused.value.fields) == {"contact", "body"}


def test_a_letter_without_a_subject_may_go_and_is_listed_by_its_first_words(pair):
    writer = pair()
    draft_id = writer.draft("  ", "We miss you.\nLily rode her bike.")
    assert db.read(drafts.check_and_preview, writer.family, draft_id).subject == ""
    assert [line.subject for line in db.read(drafts.my_drafts, writer.family)] == ["We miss you. Lily rode her bike."]


@pytest.mark.parametrize("blank", ["", "   ", "\n\n\t", "\x07\x1b"])
def test_a_message_of_nothing_but_blanks_is_not_sent(pair, blank):
    writer = pair()
    draft_id = writer.draft("Hi", blank)
    with pytest.raises(Invalid, match="body missing"):
        db.read(drafts.check_and_preview, writer.family, draft_id)


def test_a_subject_may_be_too_long_in_a_draft_but_not_in_a_message(pair):
    writer = pair()
    draft_id = writer.draft("s" * (SUBJECT_MAX + 1), "We miss you.")
    with pytest.raises(Invalid) as refused:
        db.read(drafts.check_and_preview, writer.family, draft_id)
    assert refused.value.fields == {"subject": Problem.SUBJECT_TOO_LONG(count=1, most=SUBJECT_MAX)}


def test_check_shows_the_message_as_it_will_be_read(pair):
    writer = pair()
    view = db.read(drafts.check_and_preview, writer.family, writer.draft(" Hi \n there ", "One\r\ntwo\x07 \u202ethree"))
    assert (view.subject, view.body) == ("Hi there", "One\ntwo three")


def test_too_few_credits_are_refused_with_both_numbers(pair):
    writer = pair(credits=2, facility_fields={"characters_per_credit": 10})
    with pytest.raises(InsufficientCredits) as refused:
        db.read(drafts.check_and_preview, writer.family, writer.draft("Hi", "x" * 21))
    assert (refused.value.needed, refused.value.available) == (3, 2)


@pytest.mark.parametrize("custody", ["released", "moved"])
def test_nobody_writes_to_someone_who_left(pair, custody):
    writer = pair(custody=custody)
    with pytest.raises(NotReachable):
        db.read(drafts.check_and_preview, writer.family, writer.draft())


@pytest.mark.parametrize("opening", ["paused", "listed", "closed"])
def test_a_facility_that_is_not_open_takes_no_messages_but_the_draft_stays(pair, opening):
    writer = pair(facility_fields={"opening": opening, "name": "Pine Jail"})
    draft_id = writer.draft()
    with pytest.raises(FacilityClosed, match="Pine Jail"):
        db.read(drafts.check_and_preview, writer.family, draft_id)
    assert kept(writer, draft_id).body == "We miss you."


def test_a_draft_survives_the_removal_of_its_contact(pair):
    writer = pair()
    draft_id = writer.draft("Hello", "We miss you.")
    with db.transaction() as session:
        session.get_one(Contact, writer.contact_id).removed_at = clock.now()
    assert (kept(writer, draft_id).body, kept(writer, draft_id).contact_id) == ("We miss you.", None)
    with pytest.raises(Invalid, match="contact missing"):
        db.read(drafts.check_and_preview, writer.family, draft_id)


def test_the_page_shows_price_rules_credits_and_review_time_beside_the_text(pair):
    writer = pair(credits=7, facility_fields={"price_cents": 20, "rules": ["No codes."], "name": "Pine Jail"})
    view = kept(writer, writer.draft())
    rules = [rule.text for rule in view.rules]
    assert (view.facility, view.price, rules, view.credits_before) == ("Pine Jail", "20\u00a0¢", ["No codes."], 7)
    assert "Too few messages" in view.review_time
    assert "If nobody decides within 30 days, the message ends and its credits come back to you." in view.review_time


def test_starting_twice_reuses_the_empty_draft(pair):
    writer = pair()
    first = db.write(drafts.get_or_create_empty, writer.family, writer.contact_id)
    assert db.write(drafts.get_or_create_empty, writer.family, writer.contact_id) == first
    db.write(drafts.save, writer.family, first, body="Something")
    assert db.write(drafts.get_or_create_empty, writer.family, writer.contact_id) != first


def test_without_a_contact_it_begins_to_the_only_one_whom_a_message_would_reach(pair, inmate, add_contact):
    writer = pair()
    draft_id = db.write(drafts.get_or_create_empty, writer.family)
    assert kept(writer, draft_id).contact_id == writer.contact_id

    add_contact(writer.family, inmate(writer.facility_id, custody=Custody.RELEASED))
    assert db.write(drafts.get_or_create_empty, writer.family) == draft_id
    add_contact(writer.family, inmate(writer.facility_id))
    assert kept(writer, db.write(drafts.get_or_create_empty, writer.family)).contact_id is None


def test_several_drafts_are_listed_latest_first_without_the_empty_ones(pair):
    writer = pair()
    with clock.at(clock.now() - timedelta(hours=2)):
        writer.draft("Older", "one")
    writer.draft("Newer", "two")
    db.write(drafts.get_or_create_empty, writer.family, writer.contact_id)
    lines = db.read(drafts.my_drafts, writer.family)
    assert [(line.subject, line.saved) for line in lines] == [
        ("Newer", "Saved just now"),
        ("Older", "Saved 2 hours ago"),
    ]


def test_a_discarded_draft_is_gone(pair):
    writer = pair()
    draft_id = writer.draft()
    db.write(drafts.discard, writer.family, draft_id)
    assert db.read(drafts.my_drafts, writer.family) == []
    with pytest.raises(NotFound):
        kept(writer, draft_id)


def test_a_draft_id_is_never_used_twice(pair):
    writer = pair()
    first = writer.draft()
    db.write(drafts.discard, writer.family, first)
    assert writer.draft() != first


@pytest.mark.parametrize("touch", [drafts.get, drafts.save, drafts.check_and_preview, drafts.discard])
def test_somebody_elses_draft_does_not_exist(pair, actor, touch):
    writer = pair()
    draft_id = writer.draft()
    with pytest.raises(NotFound):
        db.write(touch, actor(), draft_id)
    assert kept(writer, draft_id).body == "We miss you."


def test_somebody_elses_contact_cannot_be_written_to(pair, actor):
    writer, stranger = pair(), actor()
    with pytest.raises(NotFound):
        db.write(drafts.get_or_create_empty, stranger, writer.contact_id)
    draft_id = db.write(drafts.get_or_create_empty, stranger)
    with pytest.raises(NotFound):
        db.write(drafts.save, stranger, draft_id, contact_id=writer.contact_id)


@pytest.mark.parametrize("role", Role)
def test_staff_write_no_family_letters(actor, role):
    with pytest.raises(NotAllowed):
        db.write(drafts.get_or_create_empty, actor(role=role))


def test_new_credits_lead_back_to_the_letter_that_waited_for_them(pair):
    writer, stranger = pair(), pair()
    writer.draft("First")
    with clock.at(clock.now() + timedelta(minutes=5)):
        newer = writer.draft("Second")

    assert db.read(drafts.latest_draft_at, writer.family, writer.facility_id) == newer
    assert db.read(drafts.latest_draft_at, stranger.family, writer.facility_id) is None


def keep(writer, draft_id, tab, number, base, body, **others):
    """A tab of a browser saves; answers what it is told."""
    words = {"contact_id": None, "subject": "Hello", "body": body} | others
    return db.write(drafts.save_from_tab, writer.family, draft_id, DraftChange(tab, number, base), **words)


def test_a_change_is_confirmed_by_its_tab_and_number(pair):
    writer = pair()
    draft_id = writer.draft("Hello", "We miss you.")
    base = kept(writer, draft_id).version
    told = keep(writer, draft_id, "a", 5, base, "We miss you so.")
    assert (told.tab, told.number, told.version) == ("a", 5, base + 1)
    assert kept(writer, draft_id).body == "We miss you so."


def test_a_tab_whose_answers_were_lost_goes_on_from_the_version_that_it_knows(pair):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    for number, body in ((1, "one"), (2, "one two"), (7, "one two three")):
        assert keep(writer, draft_id, "a", number, base, body).number == number
    assert kept(writer, draft_id).body == "one two three"


def test_a_change_that_comes_again_or_late_changes_nothing_and_is_confirmed(pair):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    for number, body in ((1, "one"), (2, "one two"), (2, "one two"), (1, "one")):
        told = keep(writer, draft_id, "a", number, base, body)
    assert (told.tab, told.number, told.body) == ("a", 2, "one two")


def test_two_tabs_never_overwrite_each_other_in_silence_and_both_texts_can_be_had(pair):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    first = keep(writer, draft_id, "a", 1, base, "From the first")
    told = keep(writer, draft_id, "b", 1, base, "From the second")
    assert (told.tab, told.number, told.version, told.body) == ("a", 1, first.version, "From the first")
    assert kept(writer, draft_id).body == "From the first"

    # A tab that has seen the other's words may replace them with its own. Then it is the first tab that is told.
    assert keep(writer, draft_id, "b", 2, told.version, "From the second").tab == "b"
    assert keep(writer, draft_id, "a", 2, first.version, "From the first again").body == "From the second"


def test_a_late_change_of_one_tab_does_not_undo_what_another_made_of_it(pair):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    version = keep(writer, draft_id, "a", 1, base, "one").version
    keep(writer, draft_id, "b", 1, version, "one and two")
    assert keep(writer, draft_id, "a", 1, base, "one").body == "one and two"


def test_two_tabs_with_the_same_words_do_not_differ(pair):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    version = keep(writer, draft_id, "a", 1, base, "The same").version
    told = keep(writer, draft_id, "b", 1, base, "The same")
    assert (told.tab, told.number, told.version) == ("b", 1, version)
    # So the first, which knows that version, goes on too.
    assert keep(writer, draft_id, "a", 2, version, "The same and more").tab == "a"


def test_the_same_words_to_somebody_else_are_a_change(pair, inmate, add_contact):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    second = add_contact(writer.family, inmate(writer.facility_id))
    told = keep(writer, draft_id, "a", 1, base, "Words", contact_id=second)
    assert (told.contact_id, told.version) == (second, base + 1)
    assert keep(writer, draft_id, "b", 1, base, "Words", contact_id=writer.contact_id).tab == "a"
    assert kept(writer, draft_id).contact_id == second


def test_a_contact_that_was_removed_meanwhile_costs_no_words(pair):
    writer = pair()
    draft_id = writer.draft()
    base = kept(writer, draft_id).version
    with db.transaction() as session:
        session.get_one(Contact, writer.contact_id).removed_at = clock.now()
    assert keep(writer, draft_id, "a", 1, base, "Words", contact_id=writer.contact_id).number == 1
    assert kept(writer, draft_id).body == "Words"


def test_a_change_past_what_a_draft_holds_is_refused_and_the_next_that_fits_is_kept(pair):
    writer = pair()
    draft_id = writer.draft("Hi", "short")
    base = kept(writer, draft_id).version
    with pytest.raises(Invalid):
        keep(writer, draft_id, "a", 1, base, "x" * (DRAFT_MAX + 1))
    assert kept(writer, draft_id).body == "short"
    assert keep(writer, draft_id, "a", 2, base, "shorter").number == 2


def test_nobody_else_keeps_anything_in_a_draft(pair, actor):
    writer = pair()
    draft_id = writer.draft()
    with pytest.raises(NotFound):
        change = DraftChange("a", 1, kept(writer, draft_id).version)
        db.write(drafts.save_from_tab, actor(), draft_id, change, contact_id=None, subject="", body="theirs")
    assert kept(writer, draft_id).body == "We miss you."
