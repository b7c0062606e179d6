"""Summaries: the steps, their times and the questions, only for people who have the address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.demo import judges, progress, sessions, summaries
from rxconnect.documents.demos import summary_html, summary_pdf
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from tests.demo.judgings import answer, letter_file
from tests.demos import carry_out, join, start, world_now

pytestmark = pytest.mark.usefixtures("demos")


@pytest.fixture
def number() -> str:
    """The summary of a session of two people and twelve minutes, with one step done and one question noted."""
    began = clock.now()
    # To open a world takes a while, which the summary would count.
    with clock.at(began):
        seat = start()
    join(seat)
    carry_out(seat, "first-letter", 1)
    with clock.at(began + timedelta(minutes=4)), world_now(seat).bound():
        progress.record_steps()
    db.write(sessions.add_note, seat, "What does <it> cost?")
    number = summaries.number_of(seat.session_id)
    with clock.at(began + timedelta(minutes=12)):
        db.write(sessions.end, seat)
    return number


def test_a_summary_tells_steps_minutes_and_questions(number):
    summary = db.read(summaries.summary, number)
    assert (summary.title, summary.trainer, summary.lasted, summary.people) == (
        "A first letter",
        "Aisha",
        "12 min 0 s",
        2,
    )
    assert [step.took for step in summary.steps] == ["4 min 0 s", "", "", "", ""]
    assert [(note.text, note.step) for note in summary.notes] == [("What does <it> cost?", 2)]


def test_there_is_none_before_the_end():
    with pytest.raises(NotFound):
        db.read(summaries.summary, summaries.number_of(start().session_id))


@pytest.mark.parametrize("change", ["", "1", "1-", "2-{}", "{}0", " {}", "1-00000000000000000000", "é", "9" * 50])
def test_nobody_finds_one_by_guessing(number, change):
    with pytest.raises(NotFound):
        db.read(summaries.summary, change.format(number.partition("-")[2] if "2-" in change else number))


def test_on_paper_it_says_the_same_and_escapes_what_was_typed(number):
    html = summary_html(db.read(summaries.summary, number))
    for words in (
        "A first letter",
        "Shown by",
        "Aisha",
        "12 min 0 s",
        "not shown",
        "What does &lt;it&gt; cost?",
        "Questions",
    ):
        assert words in html


def test_the_score_of_the_letters_stands_in_it_as_sums():
    seat = start("blank")
    ben = join(seat)
    judges.begin(seat, letter_file("", "threat"))
    for one, rule in ((seat, 1), (ben, 0)):
        answer(one, 1)
        answer(one, 2, rule)
    db.write(sessions.end, seat)
    summary = db.read(summaries.summary, summaries.number_of(seat.session_id))
    lines = {line.label: line.value for line in summary.score.lines}
    assert (summary.score.title, lines["Letters"], lines["Right, by the rules"]) == ("A few letters", "2", "75 %")
    assert lines["Misses"] == "1 of 2 decisions about letters that break a rule"
    html = summary_html(summary)
    assert summary.score.meaning in html
    assert "Rejected needlessly" in html
    assert "This is the letter" not in html + repr(summary)


def test_it_is_printed(number, printer):
    assert summary_pdf(db.read(summaries.summary, number)).startswith(b"%PDF")


def test_one_without_steps_or_questions_has_no_empty_tables():
    seat = start("blank")
    db.write(sessions.end, seat)
    html = summary_html(db.read(summaries.summary, summaries.number_of(seat.session_id)))
    assert "<h2>" not in html
