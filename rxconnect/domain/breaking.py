"""Breaking a demo session in front of its people: what a trainer may press, what was measured, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from rxconnect.domain.audit_chain import Flaw
from rxconnect.i18n import N_, _, counted, number_text

# Between two kills in the whole installation, so that the supervisor has replaced the worker of the first.
KILLS_EVERY = timedelta(minutes=1)
# From the press to the kill: in this time the open pages say that they are there.
DIES_AFTER = timedelta(seconds=1.5)
# How long after a kill it is still counted which pages come back, and how long the newest break is on everybody's page.
COUNTED_FOR, IS_NEWS_FOR = timedelta(seconds=30), timedelta(minutes=2)


class BreakKind(StrEnum):
    """What was broken, or tried."""

    WORKER = "worker"
    AUDIT = "audit"
    LETTER = "letter"

    @property
    def label(self) -> str:
        """What was done, as a title."""
        return _(_TITLES[self])


_TITLES = {
    BreakKind.WORKER: N_("A worker was killed"),
    BreakKind.AUDIT: N_("A row of the audit was altered"),
    BreakKind.LETTER: N_("An administrator tried to open a lawyer's letter"),
}


class Answer(StrEnum):
    """What came of one way to a lawyer's letter."""

    REFUSED = "refused"
    NOTHING = "nothing"
    PASSWORD = "password"  # noqa: S105 - what is asked for
    SECOND_ADMINISTRATOR = "second administrator"
    FACT = "fact"
    # This is what must never come.
    WORDS = "words"

    @property
    def label(self) -> str:
        """The answer, in a few words."""
        return _(_ANSWERS[self])


_ANSWERS = {
    Answer.REFUSED: N_("Refused, as if there were no such letter"),
    Answer.NOTHING: N_("Shown without it"),
    Answer.PASSWORD: N_("Refused until the password is entered again"),
    Answer.SECOND_ADMINISTRATOR: N_("Refused: another administrator must agree"),
    Answer.FACT: N_("One letter, and when; no word of it"),
    Answer.WORDS: N_("Words of the letter came back"),
}

_FLAWS = {
    Flaw.CHANGED: N_("row {row} was changed"),
    Flaw.MISSING: N_("row {row} is missing"),
    Flaw.INSERTED: N_("row {row} was inserted"),
    Flaw.REORDERED: N_("row {row} does not stand where it was written"),
    Flaw.CUT_OFF: N_("the chain is cut off before row {row}"),
    Flaw.REWRITTEN: N_("at least one row from {row} on was rewritten"),
    Flaw.NO_END: N_("the record of the end is gone after row {row}"),
}


@dataclass(frozen=True, slots=True)
class RollCall:
    """Whose pages were open before a kill, and how many came back; `seconds` is when the last one did, from the kill on."""

    before: int = 0
    back: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class BreakView:
    """A break as everybody in the room reads it. `tone` is good, wait, or bad if it did what it never should."""

    id: int
    kind: str
    title: str
    sentences: tuple[str, ...]
    tone: str


@dataclass(frozen=True, slots=True)
class AttemptView:
    """A way to a lawyer's letter that was tried, and what came of it."""

    way: str
    answer: str
    tone: str


@dataclass(frozen=True, slots=True)
class BreakingView:
    """The trainer's page. `why_no_kill` says why no worker can be killed now, "" if one can.

    `row`, `before` and `after` are of the altered row as it was stored and is stored; `row` is "" while there is none.
    """

    why_no_kill: str
    worker: BreakView | None
    audit: BreakView | None
    letter: BreakView | None
    is_altered: bool
    row: str
    before: str
    after: str
    attempts: tuple[AttemptView, ...]


def told_worker(facts: Mapping[str, Any], roll: RollCall, age: timedelta) -> tuple[tuple[str, ...], str]:
    """The sentences about a kill, and their tone."""
    worker = facts["worker"]
    if "letters_after" not in facts:
        if age > COUNTED_FOR:
            return (_("Nobody's page came back in time to count what is left. Look again."),), "bad"
        return (
            _(
                "Worker {worker} is killed with SIGKILL, as if its power were cut. Another one counts what is left."
            ).format(worker=worker),
        ), "wait"
    gone = _("Worker {worker} was killed with SIGKILL. Worker {other} went on, and a new one takes its place.").format(
        worker=worker, other=facts["measured_by"]
    )
    is_whole = (facts["letters"], facts["credits"]) == (facts["letters_after"], facts["credits_after"])
    counts = {name: number_text(facts[name]) for name in ("letters", "credits", "letters_after", "credits_after")}
    books = (
        _("Before and after it: {letters} letters and {credits} credits. Nothing is lost.").format(**counts)
        if is_whole
        else _(
            "Before it: {letters} letters and {credits} credits. After it: {letters_after} and {credits_after}. "
            "Something is missing."
        ).format(**counts)
    )
    return tuple(filter(None, (gone, _back(roll), books))), "good" if is_whole and roll.back == roll.before else "wait"


def _back(roll: RollCall) -> str:
    if not roll.before:
        return ""
    seconds = f"{roll.seconds:.1f}"
    if roll.back == roll.before:
        people = counted("{count} person", "{count} people", roll.before)
        return _("After {seconds} seconds, everybody's page was back: {people}.").format(seconds=seconds, people=people)
    return _("Of {before} people in the room, the pages of {back} are back.").format(before=roll.before, back=roll.back)


def told_audit(facts: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The sentences about an altered row, and their tone."""
    row = number_text(facts["row"])
    done = _("Row {row} was changed in the database itself, behind the application's back.").format(row=row)
    named = _verdict(facts["found"], facts["rows"])
    if "found_after" not in facts:
        return (done, named), "good" if facts["found"] == [facts["row"], Flaw.CHANGED] else "bad"
    whole = not facts["found_after"]
    back = _("The row was put back as it was.")
    return (done, named, back, _verdict(facts["found_after"], facts["rows_after"])), "good" if whole else "bad"


def _verdict(found: list[Any], rows: int) -> str:
    if not found:
        return counted(
            "“verify” read {count} row: it is as it was written.",
            "“verify” read {count} rows: each is as it was written.",
            rows,
        )
    flaw = _(_FLAWS[Flaw(found[1])]).format(row=number_text(found[0]))
    return _("“verify” read the whole chain and names it: {flaw}.").format(flaw=flaw)


def told_letter(facts: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The sentences about the ways to a lawyer's letter, and their tone."""
    answers = [Answer(answer) for _way, answer in facts["attempts"]]
    told = sum(answer is Answer.FACT for answer in answers)
    is_shut = not facts["found"] and Answer.WORDS not in answers
    return (
        _("{count} ways were tried, with the administrator's own rights.").format(count=len(answers)),
        _(
            "{told} told that there is one letter, and when. {others} were refused, or showed everything else without it."
        ).format(told=told, others=len(answers) - told),
        _(
            "The server looked for every three words in a row of the letter, {phrases} of them, in the {characters} characters "
            "that came back, and found {found}."
        ).format(phrases=facts["phrases"], characters=number_text(facts["characters"]), found=facts["found"]),
        counted(
            "The attempts left {count} row in the audit.", "The attempts left {count} rows in the audit.", facts["rows"]
        ),
        _("The letter stays shut.") if is_shut else _("The letter was opened, and that is a fault of ours."),
    ), "good" if is_shut else "bad"


def attempt_views(facts: Mapping[str, Any], ways: Mapping[str, str]) -> tuple[AttemptView, ...]:
    """The ways that were tried, in words. `ways` has their names by key."""
    return tuple(
        AttemptView(_(ways[way]), Answer(answer).label, "bad" if answer == Answer.WORDS else "good")
        for way, answer in facts["attempts"]
        if way in ways
    )


def view_of(
    id_: int, kind: BreakKind, facts: Mapping[str, Any], at: datetime, now: datetime, roll: RollCall
) -> BreakView:
    """A break of any kind in words."""
    if kind is BreakKind.WORKER:
        sentences, tone = told_worker(facts, roll, now - at)
    else:
        sentences, tone = (told_audit if kind is BreakKind.AUDIT else told_letter)(facts)
    return BreakView(id_, kind, kind.label, sentences, tone)
