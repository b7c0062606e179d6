"""Judging letters together: the trainer begins and ends it, and everybody in the room decides the same letters, blind.

Everything here works in the installation's own world.
"""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from rxconnect import db, world
from rxconnect.demo import letter_files, scenarios
from rxconnect.demo.judge_views import current, letter_at, progress_of, view_of
from rxconnect.demo.seats import open_room, publish_change, require_trainer, room_of
from rxconnect.domain import clock
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import IllegalMove, Invalid, NotFound
from rxconnect.domain.judging import LONGEST_READING, JudgeView, LetterFile
from rxconnect.domain.problems import Problem
from rxconnect.domain.toml_files import UnusableFile
from rxconnect.models import Account, DemoAnswer, DemoJudge, DemoJudging, DemoSeat, StaffPost
from rxconnect.services.screening import rehearsals

# One judge alone would end the judging before the others have come.
_FEWEST_JUDGES = 2


def begin(seat: Seat, text: str) -> None:
    """Begin to judge a file of letters, or the built-in one if `text` is "". It takes the place of an earlier one that is over.

    Opens its own transactions. Raises `NotAllowed` if the caller is not the trainer, `Invalid` (letters), and `IllegalMove` if
    the earlier one is not over.
    """
    require_trainer(seat)
    text = text.strip("\ufeff \r\n") or letter_files.built_in()
    try:
        file = letter_files.parse(text)
    except UnusableFile as error:
        raise Invalid(letters=Problem.LETTERS_UNREADABLE(line=error.line, reason=error.sentence)) from None
    with world.own().bound():
        administrator = scenarios.parse(db.read(room_of, seat).scenario).administrator
        with world.world_of(seat.world).bound():
            held_by = db.read(_screen_all, administrator, file)
        db.write(_add, seat, text, held_by)


def end(session: Session, seat: Seat) -> None:
    """End the judging for everybody. Raises `NotAllowed`, and `IllegalMove` if none is open."""
    require_trainer(seat)
    room_of(session, seat)
    of_session = select(DemoJudging).where(DemoJudging.session_id == seat.session_id)
    judging = session.exec(of_session.with_for_update()).one_or_none()
    if judging is None or judging.ended_at:
        raise IllegalMove("over", "over")
    _end(session, judging)


def decide(session: Session, seat: Seat, judging_id: int, place: int, rule: int, seconds: int) -> JudgeView:
    """Store this judge's decision about the letter at their `place`: to approve it (rule 0), or the number of a rule.

    `seconds` is how long it was on their screen. Raises `NotFound` for a place or a rule that the file does not have, and
    `IllegalMove` if the judging is over, or the judge has finished.
    """
    judging, judge = _lock(session, seat, judging_id)
    file = letter_files.parse(judging.letters)
    if not 0 <= rule <= len(file.rules):
        raise NotFound("rule")
    key = (seat.session_id, seat.id, letter_at(judging_id, seat, file, place))
    answer = session.get(DemoAnswer, key) or DemoAnswer(
        session_id=key[0], seat_id=key[1], letter=key[2], is_approved=not rule, seconds=0
    )
    answer.is_approved, answer.reason = not rule, file.rules[rule - 1].key if rule else ""
    answer.seconds, answer.at = min(answer.seconds + max(seconds, 0), LONGEST_READING), clock.now()
    session.add_all([judge, answer])
    session.flush()
    return view_of(session, seat, judging)


def finish(session: Session, seat: Seat, judging_id: int) -> JudgeView:
    """Finish: this judge's answers cannot be changed any more. The judging ends when everybody in the room has finished.

    Raises `IllegalMove` if a letter has no answer, the judging is over, or the judge has finished.
    """
    judging, judge = _lock(session, seat, judging_id)
    if view_of(session, seat, judging).place:
        raise IllegalMove("undecided", "finished")
    judge.finished_at = clock.now()
    session.add(judge)
    session.flush()
    progress = progress_of(session, judging)
    if progress.finished == progress.judges >= _FEWEST_JUDGES:
        _end(session, judging)
    publish_change(session, seat.session_id)
    return view_of(session, seat, judging)


def show_name(session: Session, seat: Seat, *, shows: bool) -> None:
    """Let the room see this judge's result with their name, or no longer. Raises `NotFound` if they do not judge."""
    room_of(session, seat)
    judge = session.get(DemoJudge, (seat.session_id, seat.id))
    if judge is None:
        raise NotFound("judge")
    judge.shows_name = shows
    session.add(judge)
    publish_change(session, seat.session_id)


def require_may_see_answers(session: Session, seat: Seat) -> None:
    """Raise `NotFound` unless this is the trainer, who brings letters of their own, and nobody judges now."""
    judging = current(session, seat.session_id)
    if not seat.is_trainer or (judging is not None and not judging.ended_at):
        raise NotFound("letters")


def _screen_all(session: Session, staff: str, file: LetterFile) -> list[list[str]]:
    """The names of the rules that would hold each letter, at the facility where the scenario's staff work."""
    facility_id = session.exec(
        select(StaffPost.facility_id)
        .join(Account, col(Account.id) == StaffPost.account_id)
        .where(Account.email == staff)
        .order_by(col(StaffPost.facility_id))
    ).first()
    if facility_id is None:
        return [[] for _letter in file.letters]
    return [rehearsals.holding_rules(session, facility_id, one.subject, one.body) for one in file.letters]


def _add(session: Session, seat: Seat, text: str, held_by: list[list[str]]) -> None:
    room_of(session, seat, for_update=True)
    earlier = current(session, seat.session_id)
    if earlier is not None and not earlier.ended_at:
        raise IllegalMove("open", "open")
    for model in (DemoAnswer, DemoJudge, DemoJudging):
        session.exec(delete(model).where(col(model.session_id) == seat.session_id))
    session.add(DemoJudging(session_id=seat.session_id, letters=text, held_by=held_by))
    publish_change(session, seat.session_id)


def _end(session: Session, judging: DemoJudging) -> None:
    judging.ended_at = clock.now()
    publish_change(session, judging.session_id)


def _lock(session: Session, seat: Seat, judging_id: int) -> tuple[DemoJudging, DemoJudge]:
    """The open judging, locked against its end, and this judge's row, which may be new. Raises `IllegalMove`."""
    open_room(session, seat.session_id)
    found = select(DemoJudging).where(DemoJudging.id == judging_id, DemoJudging.session_id == seat.session_id)
    judging = session.exec(found.with_for_update()).one_or_none()
    # Asked after the lock: a seat that was removed meanwhile has no answers, and gets no new ones.
    if judging is None or judging.ended_at or session.get(DemoSeat, seat.id) is None:
        raise IllegalMove("over", "decided")
    judge = session.get(DemoJudge, (seat.session_id, seat.id))
    if judge is not None and judge.finished_at:
        raise IllegalMove("finished", "decided")
    return judging, judge or DemoJudge(session_id=seat.session_id, seat_id=seat.id)
