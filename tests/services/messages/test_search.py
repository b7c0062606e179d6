"""Searching one's own messages."""

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid
from rxconnect.domain.message_search import MessageFilter
from rxconnect.services.messages import messages, withdrawals
from rxconnect.services.paper import replies


def reply(writer, body="Thank you, Mom.", subject="Hi"):
    whom = (writer.inmate_id, writer.family.account_id)
    return db.write(replies.deliver_reply, writer.reviewer, *whom, subject=subject, body=body)


def search(writer, text="", which=MessageFilter.ALL):
    return db.read(messages.search, writer.family, text, which)


def lines(found):
    return [message for person in found.people for message in person.messages]


def subjects(found):
    return ["".join(part for part, _is_found in line.subject) for line in lines(found)]


def marked(pieces):
    return [part for part, is_found in pieces if is_found]


@pytest.mark.parametrize("typed", ["jose", "JOSÉ", "Jose tambien", "lily  josé", "también, José!", "o'neill", "oneill"])
def test_search_forgives_case_accents_and_the_order_of_words(pair, typed):
    writer = pair()
    writer.send("Dinner", "José O’Neill came también, and Lily sang.")
    writer.send("Other", "Nothing to see.")
    assert subjects(search(writer, typed)) == ["Dinner"]


@pytest.mark.parametrize(
    "typed", ["", " ", "x", "%", "_", "%%%", "__", "👩", "%' OR 1=1 --", "never written", "dinner never"]
)
def test_search_finds_nothing_for_what_nobody_wrote(pair, typed):
    writer = pair()
    writer.send("Dinner", "Lily sang.")
    assert search(writer, typed).count == 0


def test_search_reads_replies_too_but_only_ones_own(pair):
    writer, stranger = pair(), pair()
    reply(writer, body="The library is open again.")
    reply(stranger, body="The library is closed.")
    found = search(writer, "library")
    assert found.count == 1
    (person,) = found.people
    assert (person.contact_id, person.name) == (writer.contact_id, "Marcus Rivera")


def test_the_words_around_the_match_are_shown_and_the_match_is_marked(pair):
    writer = pair()
    writer.send("The PIANO", "word " * 100 + "and then the piano arrived at last " + "word " * 100)
    (line,) = lines(search(writer, "Piano"))
    around = "".join(part for part, _is_found in line.snippet)
    assert "the piano arrived" in around
    assert (around[:2], around[-1]) == ("… ", "…")
    assert (marked(line.snippet), marked(line.subject)) == (["piano"], ["PIANO"])


def test_all_that_is_found_is_counted_and_the_newest_are_shown(pair):
    writer = pair()
    for number in range(messages.PAGE + 2):
        reply(writer, subject=f"garden {number}")
    found = search(writer, "garden")
    assert (found.count, found.shown) == (messages.PAGE + 2, messages.PAGE)
    assert subjects(found)[0] == f"garden {messages.PAGE + 1}"


def test_a_filter_keeps_what_is_unread_in_review_or_not_delivered(pair):
    writer = pair()
    writer.send("Waiting", "The garden.")
    db.write(withdrawals.withdraw, writer.family, writer.send("Taken back", "The garden.").id)
    answer = reply(writer, subject="Answer")
    assert subjects(search(writer, which=MessageFilter.UNREAD)) == ["Answer"]
    assert subjects(search(writer, which=MessageFilter.IN_REVIEW)) == ["Waiting"]
    assert subjects(search(writer, which=MessageFilter.NOT_DELIVERED)) == ["Taken back"]
    assert subjects(search(writer, "garden", MessageFilter.IN_REVIEW)) == ["Waiting"]
    assert search(writer, "garden", MessageFilter.UNREAD).count == 0
    db.write(messages.mark_read, writer.family, answer)
    assert search(writer, which=MessageFilter.UNREAD).count == 0


def test_a_text_that_is_too_long_is_refused_at_its_field(pair):
    with pytest.raises(Invalid) as refused:
        search(pair(), "x" * 121)
    assert set(refused.value.fields) == {"search"}


@pytest.mark.parametrize("role", [None, Role.REVIEWER])
@pytest.mark.parametrize("which", MessageFilter)
def test_somebody_without_messages_finds_none(actor, role, which):
    assert db.read(messages.search, actor(role=role), "garden", which).count == 0
