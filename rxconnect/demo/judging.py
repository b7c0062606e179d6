"""The score of letters that a room has judged together, after the end: sums for the room, and each judge's own result."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from sqlmodel import Session, col, select

from rxconnect.demo import letter_files
from rxconnect.demo.judge_views import current, decision_of, rule_in_words, whole_minutes
from rxconnect.demo.seats import room_of
from rxconnect.domain import clock
from rxconnect.domain.agreement import gwet_ac1_of_group
from rxconnect.domain.demo import Seat
from rxconnect.domain.judging import (
    Decision,
    JudgeResult,
    JudgingScore,
    LetterFile,
    LetterResult,
    OwnAnswer,
    ResultsView,
    agreement_in_words,
)
from rxconnect.i18n import _
from rxconnect.models import DemoAnswer, DemoJudge, DemoJudging, DemoSeat, DemoSession
from rxconnect.models.sorting import by_name

# The most letters that are shown as those on which the room split.
_MOST_SPLITS = 5


def score(session: Session, session_id: int) -> JudgingScore | None:
    """The score of a session. None without a judging, before its end, and if nobody has decided anything.

    The end of a session is also the end of its judging. Answers of people who have left count, and so do those of people who
    had not finished. Those of a seat that the trainer has removed were deleted.
    """
    judging = current(session, session_id)
    if judging is None or not _is_over(session, judging):
        return None
    answers = session.exec(select(DemoAnswer).where(DemoAnswer.session_id == session_id)).all()
    return _score(session, judging, answers) if answers else None


def results(session: Session, seat: Seat) -> ResultsView | None:
    """What this seat sees: the room's score, and its own result. None as for `score`. Raises `NotFound` if the seat is gone."""
    room_of(session, seat)
    judging, found = current(session, seat.session_id), score(session, seat.session_id)
    if judging is None or found is None:
        return None
    file = letter_files.parse(judging.letters)
    by_seat: dict[int, dict[int, DemoAnswer]] = defaultdict(dict)
    for answer in session.exec(select(DemoAnswer).where(DemoAnswer.session_id == seat.session_id)):
        by_seat[answer.seat_id][answer.letter] = answer
    judge = session.get(DemoJudge, (seat.session_id, seat.id))
    mine = by_seat.get(seat.id, {})
    return ResultsView(
        score=replace(found, lines=()),
        named=tuple(_judge_result(file, name, by_seat[one]) for one, name in _named(session, seat) if one in by_seat),
        own=_judge_result(file, seat.name, mine) if mine else None,
        answers=tuple(_own_answer(file, line, mine) for line in found.lines),
        shows_name=judge is not None and judge.shows_name,
    )


def _is_over(session: Session, judging: DemoJudging) -> bool:
    room = session.get_one(DemoSession, judging.session_id)
    return bool(judging.ended_at or room.ended_at) or room.expires_at <= clock.now()


def _score(session: Session, judging: DemoJudging, answers: Sequence[DemoAnswer]) -> JudgingScore:
    file = letter_files.parse(judging.letters)
    by_letter: dict[int, list[DemoAnswer]] = defaultdict(list)
    for answer in answers:
        by_letter[answer.letter].append(answer)
    lines = tuple(
        _line(file, number, by_letter[number], held_by) for number, held_by in enumerate(judging.held_by, start=1)
    )
    finished = _finished(session, judging.session_id)
    rejects, others = [one for one in lines if not one.is_approved], [one for one in lines if one.is_approved]
    misses, needless = sum(one.approved for one in rejects), sum(one.rejected for one in others)
    held = sum(bool(one.held_by) for one in rejects)
    return JudgingScore(
        title=_(file.title),
        letters=len(lines),
        judges=len({answer.seat_id for answer in answers}),
        finished=len(finished),
        decisions=len(answers),
        agreement=agreement_in_words(gwet_ac1_of_group(_readings(by_letter.values()), list(Decision))),
        # Rounded down, so that 100 is only said where it is 100.
        agreement_with_key=100 * (len(answers) - misses - needless) // len(answers),
        misses=misses,
        on_rejects=sum(one.approved + one.rejected for one in rejects),
        needless=needless,
        on_approves=sum(one.approved + one.rejected for one in others),
        median_minutes=_median_minutes(answers, finished),
        to_reject=len(rejects),
        to_approve=len(others),
        screening_held=held,
        screening_missed=len(rejects) - held,
        screening_needless=sum(bool(one.held_by) for one in others),
        lines=lines,
        splits=_splits(lines),
    )


def _readings(letters: Iterable[Sequence[DemoAnswer]]) -> list[list[str]]:
    return [[decision_of(answer) for answer in letter] for letter in letters]


def _line(file: LetterFile, number: int, answers: Sequence[DemoAnswer], held_by: Sequence[str]) -> LetterResult:
    letter = file.letters[number - 1]
    approved = sum(answer.is_approved for answer in answers)
    share = round(100 * approved / len(answers)) if answers else 0
    return LetterResult(
        number=number,
        sender=letter.sender,
        recipient=letter.recipient,
        subject=letter.subject,
        body=letter.body,
        approved=approved,
        rejected=len(answers) - approved,
        approved_share=share,
        rejected_share=100 - share if answers else 0,
        is_approved=letter.is_approved,
        rule=rule_in_words(file, letter.reason),
        explanation=_(letter.explanation),
        held_by=", ".join(held_by),
    )


def _splits(lines: Sequence[LetterResult]) -> tuple[LetterResult, ...]:
    """The letters about which judges disagree, those with the largest share of a minority first."""

    def minority(line: LetterResult) -> float:
        return min(line.approved, line.rejected) / max(1, line.approved + line.rejected)

    return tuple(sorted(filter(minority, lines), key=minority, reverse=True)[:_MOST_SPLITS])


def _finished(session: Session, session_id: int) -> set[int]:
    """The seats of the judges who have finished."""
    has_finished = col(DemoJudge.finished_at).is_not(None)
    return set(session.exec(select(DemoJudge.seat_id).where(DemoJudge.session_id == session_id, has_finished)))


def _median_minutes(answers: Sequence[DemoAnswer], finished: set[int]) -> int | None:
    seconds: Counter[int] = Counter()
    for answer in answers:
        seconds[answer.seat_id] += answer.seconds
    each = [seconds[seat_id] for seat_id in finished]
    return whole_minutes(median(each)) if each else None


def _named(session: Session, seat: Seat) -> list[tuple[int, str]]:
    """The seats that show their names, and these, by name. Whoever has left shows none."""
    rows = session.exec(
        select(DemoSeat.id, DemoSeat.name)
        .join(DemoJudge, col(DemoJudge.seat_id) == DemoSeat.id)
        .where(DemoJudge.session_id == seat.session_id, DemoJudge.shows_name)
        .order_by(by_name(DemoSeat.name))
    )
    return [(seat_id, name) for seat_id, name in rows if seat_id is not None]


def _judge_result(file: LetterFile, name: str, answers: Mapping[int, DemoAnswer]) -> JudgeResult:
    wrong = [answer for answer in answers.values() if answer.is_approved != file.letters[answer.letter - 1].is_approved]
    misses = sum(answer.is_approved for answer in wrong)
    return JudgeResult(
        name=name,
        decided=len(answers),
        right=len(answers) - len(wrong),
        misses=misses,
        needless=len(wrong) - misses,
        minutes=whole_minutes(sum(answer.seconds for answer in answers.values())),
    )


def _own_answer(file: LetterFile, line: LetterResult, mine: Mapping[int, DemoAnswer]) -> OwnAnswer:
    answer = mine.get(line.number)
    rule = rule_in_words(file, answer.reason) if answer else ""
    return OwnAnswer(line, decision_of(answer), rule, answer is not None and answer.is_approved == line.is_approved)
