"""What a demo session shows to the people in it. One read makes the views of all of them, since they all look at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from rxconnect.demo import breaks, judge_views, progress, scenarios, summaries
from rxconnect.demo.scenarios import Scenario
from rxconnect.demo.seats import open_room
from rxconnect.domain.demo import (
    LONGEST,
    KindView,
    Seat,
    SeatKind,
    SeatView,
    SessionView,
    StepView,
    acts,
    can_be_followed,
    seen,
)
from rxconnect.domain.errors import NotFound
from rxconnect.i18n import _
from rxconnect.models import DemoSeat, DemoSession


def view(session: Session, seat: Seat) -> SessionView:
    """The session as this seat sees it. Raises `NotFound`."""
    return of(seat, everybodys(session, seat.session_id))


def of(seat: Seat, views: dict[int, SessionView]) -> SessionView:
    """This seat's view of those of everybody. Raises `NotFound` if the seat is gone."""
    if seat.id not in views:
        raise NotFound("seat")
    return views[seat.id]


def everybodys(session: Session, session_id: int) -> dict[int, SessionView]:
    """The session as each of its seats sees it, by the seat's id. Raises `NotFound`."""
    room = open_room(session, session_id)
    people = _people(session, room)
    shared = _as_nobody(session, room, people)
    return {one.id: _as(one, place, shared) for place, one in enumerate(people)}


def can_extend(room: DemoSession) -> bool:
    """Whether the session does not have the longest time yet."""
    return room.expires_at < room.started_at + LONGEST


def _as(me: SeatView, place: int, shared: SessionView) -> SessionView:
    """The view of the person at this place."""
    me = replace(me, is_me=True)
    people = (*shared.people[:place], me, *shared.people[place + 1 :])
    return replace(shared, me=me, people=people)


def _as_nobody(session: Session, room: DemoSession, people: tuple[SeatView, ...]) -> SessionView:
    """What is the same for everybody. `me` is the driver."""
    assert room.id is not None
    scenario, done = scenarios.parse(room.scenario), progress.steps_done(session, room.id)
    next_step = progress.next_step(scenario, done)
    driver = next(person for person in people if person.drives)
    broken = breaks.latest(session, room.id)
    told = breaks.views(session, broken)
    return SessionView(
        id=room.id,
        code=room.code,
        title=_(scenario.title),
        about=_(scenario.about),
        start=scenario.start,
        language=room.language,
        expires_at=room.expires_at,
        can_extend=can_extend(room),
        allows_guests=room.allows_guests,
        is_locked=room.is_locked,
        is_paused=room.is_paused,
        everyone_acts=room.everyone_acts,
        driver=driver.name,
        kinds=tuple(KindView(kind, kind.label) for kind in SeatKind if kind.may_drive),
        me=driver,
        people=people,
        newest=people[-1].name if len(people) > 1 else "",
        steps=_steps(room, scenario, done, next_step),
        next_step=next_step,
        notes=summaries.notes(session, room.id),
        judging=judge_views.status(session, room.id),
        breaks=told,
        news=breaks.news(broken, told),
        counted_kill=breaks.counted_kill(broken),
    )


def _people(session: Session, room: DemoSession) -> tuple[SeatView, ...]:
    """The people in the room: the trainer first, then in the order in which they joined."""
    rows = session.exec(select(DemoSeat).where(DemoSeat.session_id == room.id).order_by(col(DemoSeat.id))).all()
    by_id = {row.id or 0: row for row in rows}
    shown = {
        seat_id
        for seat_id, row in by_id.items()
        if can_be_followed(SeatKind(row.kind), follows=row.follows and row.id != room.driver_id)
    }
    return tuple(_person(room, row, by_id, shown) for row in rows)


def _person(room: DemoSession, row: DemoSeat, by_id: Mapping[int, DemoSeat], shown: Collection[int]) -> SeatView:
    """A person in the room. `shown` are the seats whose pages others can follow."""
    kind, drives = SeatKind(row.kind), row.id == room.driver_id
    follows = row.follows and not drives
    sees = seen(row.id or 0, follows, room.driver_id or 0, row.followed_id, is_shown=row.followed_id in shown)
    return SeatView(
        id=row.id or 0,
        name=row.name,
        kind=row.kind,
        kind_label=kind.label,
        is_me=False,
        is_trainer=row.is_trainer,
        drives=drives,
        acts=acts(kind, drives=drives, follows=follows, everyone_acts=room.everyone_acts),
        follows=follows,
        sees=sees,
        sees_name=by_id[sees].name,
        asks=row.asked_at is not None,
        may_drive=kind.may_drive,
        can_be_followed=row.id in shown,
    )


def _steps(room: DemoSession, scenario: Scenario, done: Collection[int], next_step: int) -> tuple[StepView, ...]:
    kept = progress.saved_checkpoints(room.world)
    return tuple(
        StepView(
            number=number,
            do=_(step.do),
            say=_(step.say) if step.say else "",
            at=step.at,
            mark=step.mark,
            seat=step.seat,
            take=SeatKind(step.seat).take_label if step.seat else "",
            page=step.page,
            is_done=number in done,
            is_next=number == next_step,
            can_reset=number in kept and (number in done or number == next_step),
        )
        for number, step in enumerate(scenario.steps, start=1)
    )
