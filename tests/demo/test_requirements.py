"""Requirements of a tender: pasted by the trainer, ticked off while they are shown, and told in the summary."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.demo import progress, requirements, sessions, summaries
from rxconnect.documents.demos import summary_html, summary_pdf
from rxconnect.domain import clock
from rxconnect.domain.demo import MOST_REQUIREMENTS, REMARK_MAX, REQUIREMENT_MAX, RequirementList, Seat
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.problems import Problem
from tests.demos import carry_out, join, start, view, world_now

pytestmark = pytest.mark.usefixtures("demos")

THREE = "1. Each message shows where it is.\n\n2. A rejected message costs <nothing>.\n3. Lawyers have a lane.\n"


def listed(seat: Seat, query: str = "", which: str = "all", most: int = 40) -> RequirementList:
    return db.read(requirements.listed, seat, query, which, most)


def add(seat: Seat, text: str = THREE) -> list[int]:
    """Paste a list. Returns the ids of all requirements."""
    db.write(requirements.add, seat, text)
    return [one.id for one in listed(seat, most=MOST_REQUIREMENTS).requirements]


def refused(seat: Seat, text: str) -> Problem:
    with pytest.raises(Invalid) as error:
        db.write(requirements.add, seat, text)
    return error.value.fields["requirements"].problem


def test_a_list_is_pasted_in_its_order_and_more_is_added_below():
    seat = start()
    add(seat)
    add(seat, "4. Photos\n3. Lawyers have a lane.")
    assert [(one.number, one.text) for one in listed(seat).requirements] == [
        (1, "Each message shows where it is."),
        (2, "A rejected message costs <nothing>."),
        (3, "Lawyers have a lane."),
        (4, "Photos"),
    ]


def test_a_tick_records_the_minute_and_the_step_that_was_being_shown():
    began = clock.now()
    seat = start()
    first, second, _third = add(seat)
    carry_out(seat, "first-letter", 1)
    with clock.at(began + timedelta(minutes=7, seconds=10)):
        with world_now(seat).bound():
            progress.record_steps()
        db.write(requirements.mark_shown, seat, second)
    one = listed(seat).requirements[1]
    assert (one.minute, one.what, listed(seat).shown) == (8, view(seat).steps[1].do, 1)
    with clock.at(began + timedelta(minutes=30)):
        db.write(requirements.mark_shown, seat, second)
    assert listed(seat).requirements[1] == one
    db.write(requirements.unmark_shown, seat, second)
    assert (listed(seat).requirements[1].minute, listed(seat).requirements[1].what) == (0, "")
    db.write(requirements.mark_shown, seat, first)
    assert listed(seat).requirements[0].minute == 1


def test_the_trainers_own_words_come_before_those_of_the_step():
    seat = start()
    first, *_others = add(seat)
    db.write(requirements.set_remark, seat, first, "  The timeline \n of a letter ")
    assert (listed(seat).requirements[0].minute, listed(seat).requirements[0].what) == (1, "The timeline of a letter")
    db.write(requirements.set_remark, seat, first, " ")
    assert listed(seat).requirements[0].what == view(seat).steps[0].do
    with pytest.raises(Invalid):
        db.write(requirements.set_remark, seat, first, "x" * (REMARK_MAX + 1))


def test_a_line_that_is_none_can_be_removed():
    seat = start()
    db.write(requirements.remove, seat, add(seat)[0])
    assert listed(seat).requirements[0].text == "A rejected message costs <nothing>."


def test_many_are_searched_filtered_and_shown_a_part_at_a_time():
    seat = start()
    ids = add(seat, "\n".join(f"{number}. The système must do number {number}" for number in range(1, 101)))
    db.write(requirements.mark_shown, seat, ids[41])
    part = listed(seat)
    assert (part.total, part.found, len(part.requirements), part.has_more) == (100, 100, 40, True)
    found = listed(seat, "42 SYSTEME")
    assert ([one.number for one in found.requirements], found.has_more) == ([42], False)
    assert [one.number for one in listed(seat, which="shown").requirements] == [42]
    assert listed(seat, which="open").found == 99
    assert listed(seat, which="nonsense").found == 100


@pytest.mark.parametrize("text", ["", " \n\n", "1.\n-\n***"])
def test_an_empty_list_is_refused(text):
    assert refused(start(), text) is Problem.REQUIREMENTS_MISSING


def test_too_many_or_too_long_ones_are_refused_whole():
    seat = start()
    assert refused(seat, f"Fine\n{'x' * (REQUIREMENT_MAX + 1)}") is Problem.REQUIREMENT_TOO_LONG
    lines = [f"Line {number} counts" for number in range(MOST_REQUIREMENTS + 1)]
    assert refused(seat, "\n".join(lines)) is Problem.TOO_MANY_REQUIREMENTS
    assert listed(seat).total == 0
    add(seat, "\n".join(lines[1:]))
    assert refused(seat, lines[0]) is Problem.TOO_MANY_REQUIREMENTS
    assert refused(seat, lines[1]) is Problem.REQUIREMENTS_KNOWN


def test_nobody_but_the_trainer_reads_or_changes_them():
    seat, other = start(), start()
    (first, *_others), ben = add(seat), join(seat)
    for service, args in (
        (requirements.listed, ("", "all", 40)),
        (requirements.add, ("More",)),
        (requirements.mark_shown, (first,)),
        (requirements.unmark_shown, (first,)),
        (requirements.set_remark, (first, "x")),
        (requirements.remove, (first,)),
    ):
        with pytest.raises(NotAllowed):
            db.write(service, ben, *args)
        if first in args:
            with pytest.raises(NotFound):
                db.write(service, other, *args)
    assert "message shows" not in repr(view(ben))


def ended(seat: Seat) -> str:
    db.write(sessions.end, seat)
    return summaries.number_of(seat.session_id)


def test_the_summary_says_for_each_what_was_shown_and_when(printer):
    seat = start()
    _first, second, _third = add(seat)
    db.write(requirements.set_remark, seat, second, "A rejection & its credit")
    summary = db.read(summaries.summary, ended(seat))
    assert (summary.shown, [one.minute for one in summary.requirements]) == (1, [0, 1, 0])
    html = summary_html(summary)
    for words in (
        "1 of 3 requirements were shown.",
        "A rejected message costs &lt;nothing&gt;.",
        "A rejection &amp; its credit",
        "not shown",
    ):
        assert words in html
    assert summary_pdf(summary).startswith(b"%PDF")


def test_a_session_without_any_has_no_empty_table():
    html = summary_html(db.read(summaries.summary, ended(start("blank"))))
    assert "Requirements" not in html
