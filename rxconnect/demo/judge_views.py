"""What a judge, and the room, see of a judging before its end: no answer of anybody else, and nothing of the letters' own answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlmodel import Session, select

from rxconnect.demo import letter_files
from rxconnect.demo.seats import room_of
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import NotFound
from rxconnect.domain.judging import (
    Decision,
    JudgeView,
    JudgingStatus,
    LetterFile,
    LetterView,
    PlaceView,
    PublishedRule,
)
from rxconnect.i18n import _
from rxconnect.models import DemoAnswer, DemoJudge, DemoJudging, DemoSeat


def status(session: Session, session_id: int) -> JudgingStatus | None:
    """How far the judging of a session is, or None if there is none."""
    judging = current(session, session_id)
    return None if judging is None else progress_of(session, judging)


def judge_view(session: Session, seat: Seat) -> JudgeView | None:
    """The judging as this seat sees it, or None if there is none. Raises `NotFound` if the seat is gone."""
    room_of(session, seat)
    judging = current(session, seat.session_id)
    return None if judging is None else view_of(session, seat, judging)


def letter_view(session: Session, seat: Seat, judging_id: int, place: int) -> LetterView:
    """The letter at this judge's `place`, with their own answer. Raises `NotFound`."""
    room_of(session, seat)
    judging = current(session, seat.session_id)
    if judging is None or judging.id != judging_id:
        raise NotFound("letter")
    file = letter_files.parse(judging.letters)
    number = letter_at(judging_id, seat, file, place)
    shown, answer = file.letters[number - 1], session.get(DemoAnswer, (seat.session_id, seat.id, number))
    rule = _rule_of(file, answer)
    return LetterView(
        place=place,
        sender=shown.sender,
        recipient=shown.recipient,
        subject=shown.subject,
        body=shown.body,
        decision=decision_of(answer),
        rule=rule.number if rule else 0,
    )


def current(session: Session, session_id: int) -> DemoJudging | None:
    """The judging of a session, over or not."""
    return session.exec(select(DemoJudging).where(DemoJudging.session_id == session_id)).one_or_none()


def letter_at(judging_id: int, seat: Seat, file: LetterFile, place: int) -> int:
    """The number in the file of the letter at a judge's `place`. Raises `NotFound`."""
    if not 1 <= place <= len(file.letters):
        raise NotFound("letter")
    return _order(judging_id, seat, file)[place - 1]


def progress_of(session: Session, judging: DemoJudging) -> JudgingStatus:
    """How far a judging is."""
    of_session = DemoJudge.session_id == judging.session_id
    judges = dict(session.exec(select(DemoJudge.seat_id, DemoJudge.finished_at).where(of_session)).all())
    seats = session.exec(select(DemoSeat.id, DemoSeat.is_trainer).where(DemoSeat.session_id == judging.session_id))
    finished = {seat_id for seat_id, at in judges.items() if at}
    present = {seat_id for seat_id, is_trainer in seats if seat_id in judges or not is_trainer}
    file = letter_files.parse(judging.letters)
    assert judging.id is not None
    return JudgingStatus(
        id=judging.id,
        title=_(file.title),
        letters=len(file.letters),
        judges=len(present | finished),
        finished=len(finished),
        is_over=judging.ended_at is not None,
    )


def view_of(session: Session, seat: Seat, judging: DemoJudging) -> JudgeView:
    """A judging as this seat sees it."""
    file, progress = letter_files.parse(judging.letters), progress_of(session, judging)
    mine = DemoAnswer.session_id == seat.session_id, DemoAnswer.seat_id == seat.id
    answers = {answer.letter: answer for answer in session.exec(select(DemoAnswer).where(*mine))}
    judge = session.get(DemoJudge, (seat.session_id, seat.id))
    numbers = _order(progress.id, seat, file)
    places = tuple(_place_view(file, place, number, answers.get(number)) for place, number in enumerate(numbers, 1))
    return JudgeView(
        status=progress,
        about=_(file.about),
        rules=tuple(replace(rule, text=_(rule.text)) for rule in file.rules),
        places=places,
        decided=len(answers),
        place=next((one.place for one in places if not one.decision), 0),
        minutes=whole_minutes(sum(answer.seconds for answer in answers.values())),
        has_finished=judge is not None and judge.finished_at is not None,
    )


def decision_of(answer: DemoAnswer | None) -> str:
    """A `Decision`, or "" without an answer."""
    if answer is None:
        return ""
    return Decision.APPROVE if answer.is_approved else Decision.REJECT


def rule_in_words(file: LetterFile, key: str) -> str:
    """The text of the rule with this key, or "" if there is none."""
    return next((_(rule.text) for rule in file.rules if rule.key == key), "")


def whole_minutes(seconds: float) -> int:
    """Whole minutes, rounded up."""
    return -(-timedelta(seconds=seconds) // timedelta(minutes=1))


def _order(judging_id: int, seat: Seat, file: LetterFile) -> list[int]:
    """The numbers of the letters in the order of one judge. It is random, so that neighbours have different ones."""
    numbers = range(1, len(file.letters) + 1)
    return Random(f"{judging_id} {seat.id}").sample(numbers, len(numbers))  # noqa: S311 - an order is no secret


def _place_view(file: LetterFile, place: int, number: int, answer: DemoAnswer | None) -> PlaceView:
    shown = file.letters[number - 1]
    rule = rule_in_words(file, answer.reason) if answer else ""
    return PlaceView(place, shown.sender, shown.subject, decision_of(answer), rule)


def _rule_of(file: LetterFile, answer: DemoAnswer | None) -> PublishedRule | None:
    return next((rule for rule in file.rules if answer and rule.key == answer.reason), None)
