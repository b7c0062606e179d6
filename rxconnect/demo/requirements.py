"""Requirements of a demo session's audience, such as those of a tender: the trainer pastes them, and ticks off what was shown.

Only the trainer sees them in the room. Everybody who has the address of the summary reads them there.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from rxconnect import live
from rxconnect.demo import minutes, progress, scenarios
from rxconnect.demo.scenarios import Scenario
from rxconnect.demo.seats import require_trainer, room_of
from rxconnect.domain import clock
from rxconnect.domain.demo import (
    MOST_REQUIREMENTS,
    REMARK_MAX,
    REQUIREMENT_MAX,
    RequirementFilter,
    RequirementList,
    RequirementView,
    Seat,
)
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.domain.requirements import requirements_in
from rxconnect.domain.text import fold, one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.models import DemoRequirement, DemoSession


def listed(session: Session, seat: Seat, query: str, which: str, most: int) -> RequirementList:
    """The first `most` requirements that contain every word of `query`, in the `RequirementFilter` with this value.

    Raises `NotAllowed` if the caller is not the trainer, as do all functions with a `seat`, and `NotFound`.
    """
    require_trainer(seat)
    everything = views(session, room_of(session, seat))
    words = [fold(word) for word in query.split()]
    wanted = RequirementFilter(which) if which in set(RequirementFilter) else RequirementFilter.ALL
    found = [
        one
        for one in everything
        if wanted.takes(is_shown=one.minute > 0) and all(word in fold(f"{one.number} {one.text}") for word in words)
    ]
    return RequirementList(len(everything), sum(one.minute > 0 for one in everything), len(found), tuple(found[:most]))


def views(session: Session, room: DemoSession) -> tuple[RequirementView, ...]:
    """All requirements of a session, in their order."""
    rows = session.exec(
        select(DemoRequirement).where(DemoRequirement.session_id == room.id).order_by(col(DemoRequirement.id))
    )
    scenario = scenarios.parse(room.scenario)
    return tuple(_view(number, row, room.started_at, scenario) for number, row in enumerate(rows, start=1))


def add(session: Session, seat: Seat, text: str) -> None:
    """Add the requirements in a pasted list, but for those that are there. Raises `Invalid`, and then adds none of them."""
    room = _lock_as_trainer(session, seat)
    pasted = requirements_in(text)
    if not pasted:
        raise Invalid(requirements=Problem.REQUIREMENTS_MISSING())
    for number, one in enumerate(pasted, start=1):
        if len(one) > REQUIREMENT_MAX:
            problem = Problem.REQUIREMENT_TOO_LONG(line=number, length=len(one), most=REQUIREMENT_MAX)
            raise Invalid(requirements=problem)
    mine = DemoRequirement.session_id == room.id
    known = set(session.exec(select(DemoRequirement.text).where(mine)))
    new = [one for one in pasted if one not in known]
    if not new:
        raise Invalid(requirements=Problem.REQUIREMENTS_KNOWN())
    length = session.exec(select(func.count()).select_from(DemoRequirement).where(mine)).one() + len(new)
    if length > MOST_REQUIREMENTS:
        raise Invalid(requirements=Problem.TOO_MANY_REQUIREMENTS(most=MOST_REQUIREMENTS, length=length))
    session.add_all(DemoRequirement(session_id=seat.session_id, text=one) for one in new)
    _publish_change(session, seat)


def mark_shown(session: Session, seat: Seat, requirement_id: int) -> None:
    """Mark a requirement as shown at this moment, in the step that is next. One that was shown before keeps its moment."""
    room, row = _lock(session, seat, requirement_id)
    if row.shown_at is None:
        row.shown_at = clock.now()
        row.step = progress.next_step(scenarios.parse(room.scenario), progress.steps_done(session, seat.session_id))
    _publish_change(session, seat)


def unmark_shown(session: Session, seat: Seat, requirement_id: int) -> None:
    """Take the mark of a requirement back, with what was said about it."""
    _room, row = _lock(session, seat, requirement_id)
    row.shown_at, row.step, row.remark = None, 0, ""
    _publish_change(session, seat)


def set_remark(session: Session, seat: Seat, requirement_id: int, remark: str) -> None:
    """Say what was shown, or nothing, so that the step says it. Marks the requirement as shown. Raises `Invalid`."""
    remark = one_line(remark)
    if len(remark) > REMARK_MAX:
        raise Invalid(remark=Problem.TOO_LONG(most=REMARK_MAX, length=len(remark)))
    mark_shown(session, seat, requirement_id)
    _room, row = _lock(session, seat, requirement_id)
    row.remark = remark


def remove(session: Session, seat: Seat, requirement_id: int) -> None:
    """Remove a line that is no requirement."""
    _room, row = _lock(session, seat, requirement_id)
    session.delete(row)
    _publish_change(session, seat)


def _view(number: int, row: DemoRequirement, began: datetime, scenario: Scenario) -> RequirementView:
    what, minute = row.remark, 0
    if row.shown_at:
        # What is shown in the first seconds was shown in the first minute.
        minute = max(1, minutes.whole(row.shown_at - began))
        if not what and 0 < row.step <= len(scenario.steps):
            what = _(scenario.steps[row.step - 1].do)
    assert row.id is not None
    return RequirementView(row.id, number, row.text, minute, what)


def _publish_change(session: Session, seat: Seat) -> None:
    """Notify the trainer's pages. Nobody else sees the list."""
    live.publish(session, Topic(Subject.REQUIREMENTS, seat.session_id))


def _lock_as_trainer(session: Session, seat: Seat) -> DemoSession:
    require_trainer(seat)
    return room_of(session, seat, for_update=True)


def _lock(session: Session, seat: Seat, requirement_id: int) -> tuple[DemoSession, DemoRequirement]:
    """The session, locked, and a requirement of it. Raises `NotFound`."""
    room = _lock_as_trainer(session, seat)
    row = session.get(DemoRequirement, requirement_id)
    if row is None or row.session_id != room.id:
        raise NotFound("requirement")
    return room, row
