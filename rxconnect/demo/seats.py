"""Seats: the people in a demo session, and the one who drives.

Everything here works in the installation's own world, which has the rows. A function that signs seats in also writes to the
session's world, inside the same transaction, so that a page that the commit reloads finds the sign-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, func, select

from rxconnect import db, live, world
from rxconnect.demo import codes, scenarios, seat_accounts, seat_tokens
from rxconnect.domain import clock
from rxconnect.domain.demo import MOST_SEATS, NAME_MAX, Seat, SeatKind, can_be_followed, seen
from rxconnect.domain.errors import (
    Invalid,
    NoGuests,
    NotAllowed,
    NotFound,
    SessionFull,
    SessionLocked,
    WrongCode,
)
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import DemoAnswer, DemoJudge, DemoJudging, DemoSeat, DemoSession
from rxconnect.services.accounts import sign_ins, throttle
from rxconnect.services.accounts.throttle import Guess

# More guesses than a room has seats, since a whole room may join at once from one address.
_FREE_GUESSES, _FIRST_WAIT, _LONGEST_WAIT = 2 * MOST_SEATS, timedelta(seconds=2), timedelta(minutes=1)

# Each request and event of a seat runs this query. It selects columns and is built once, as in `sign_ins`, to be fast.
_driver, _chosen = aliased(DemoSeat), aliased(DemoSeat)
_SEATS: Select[*tuple[Any, ...]] = (
    columns(
        col(DemoSeat.id),
        col(DemoSeat.token_hash),
        col(DemoSeat.session_id),
        col(DemoSeat.kind),
        col(DemoSeat.name),
        col(DemoSeat.is_trainer),
        col(DemoSeat.follows),
        col(DemoSession.world),
        col(DemoSession.driver_id),
        col(DemoSession.is_paused),
        col(DemoSession.everyone_acts),
        col(DemoSession.language),
        col(DemoSeat.language).label("own_language"),
        col(_driver.name).label("driver"),
        col(_chosen.id).label("chosen_id"),
        col(_chosen.kind).label("chosen_kind"),
        col(_chosen.follows).label("chosen_follows"),
    )
    .join(DemoSession, col(DemoSession.id) == col(DemoSeat.session_id))
    .join(_driver, col(_driver.id) == col(DemoSession.driver_id))
    .outerjoin(
        _chosen,
        (col(_chosen.id) == col(DemoSeat.followed_id)) & (col(_chosen.session_id) == col(DemoSeat.session_id)),
    )
    .where(col(DemoSession.ended_at).is_(None), col(DemoSession.expires_at) > bindparam("now"))
)
_FOUND = _SEATS.where(col(DemoSeat.token_hash) == bindparam("hash"))
_OF_SESSION = _SEATS.where(col(DemoSeat.session_id) == bindparam("session_id"))


def join(code: str, name: str, kind: str, *, address_key: str, account_id: int | None = None) -> str:
    """Take a seat in the open session with this code. Returns the token of the seat's cookie.

    Opens its own transactions, since a wrong code must stay counted. A person without an account is a guest. Raises
    `Invalid`, `WrongCode`, `Throttled`, `SessionLocked`, `SessionFull` and `NoGuests`.
    """
    name, wanted = validate_name(name), validate_kind(kind)
    if not code.strip():
        raise Invalid(code=Problem.CODE_MISSING())
    with world.own().bound():
        with throttle.counting_guesses(Guess("demo code", address_key, _FREE_GUESSES, _FIRST_WAIT, _LONGEST_WAIT)):
            session_id = db.read(_find_open_session, codes.normalised(code))
        token = seat_tokens.new(session_id, is_trainer=False)
        db.write(_add_seat, session_id, name, wanted, sign_ins.seat_hash(token), is_guest=account_id is None)
    return token


def find(token_hash: str) -> Seat | None:
    """The seat whose token has this hash (`sign_ins.seat_hash`), or None if it or its session is gone. One fast query."""
    with world.own().bound():
        found = db.read_row(_FOUND, {"hash": token_hash, "now": clock.now()})
    return None if found is None else _to_seat(found)


def of_session(session_id: int) -> dict[str, Seat]:
    """All seats of a session by the hash of their token, without any once the session has ended. One query."""
    with world.own().bound(), db.reading() as session:
        rows = session.connection().execute(_OF_SESSION, {"session_id": session_id, "now": clock.now()})
        return {row.token_hash: _to_seat(row) for row in rows}


def choose_language(session: Session, seat: Seat, language: str) -> None:
    """Set the language of this seat alone. It stays in the session's own until it chooses one."""
    _, row = _session_and_seat(session, seat)
    row.language = language


def stop_following(session: Session, seat: Seat) -> None:
    """Stop following, so that this seat can look around."""
    _, row = _session_and_seat(session, seat)
    row.follows = False
    publish_change(session, seat.session_id)


def follow_driver(session: Session, seat: Seat) -> None:
    """Follow the driver again."""
    _, row = _session_and_seat(session, seat)
    row.follows, row.followed_id = True, None
    publish_change(session, seat.session_id)


def follow(session: Session, seat: Seat, other: int) -> None:
    """Follow another seat, whose pages are its own now. Raises `NotAllowed` to the driver, `NotFound` and `Invalid`."""
    room, row = _session_and_seat(session, seat)
    chosen = _seat_in_session(session, room, other)
    if row.id in {room.driver_id, chosen.id}:
        raise NotAllowed
    if room.driver_id != chosen.id and not can_be_followed(SeatKind(chosen.kind), follows=chosen.follows):
        raise Invalid(kind=Problem.SEAT_CANNOT_BE_FOLLOWED())
    row.follows, row.followed_id = True, chosen.id
    publish_change(session, seat.session_id)


def ask_for_wheel(session: Session, seat: Seat) -> None:
    """Ask for the wheel, unless everyone acts. Raises `Invalid` for a seat that may not drive."""
    room, row = _session_and_seat(session, seat)
    _require_may_drive(SeatKind(row.kind))
    if room.driver_id != row.id and not room.everyone_acts:
        row.asked_at = row.asked_at or clock.now()
        publish_change(session, seat.session_id)


def hand_over_wheel(session: Session, seat: Seat, to: int) -> None:
    """Give the wheel to another seat. Only the trainer and the driver may.

    Raises `NotAllowed`, `NotFound`, and `Invalid` for a seat that may not drive.
    """
    room, _ = _session_and_seat(session, seat)
    if not seat.is_trainer and room.driver_id != seat.id:
        raise NotAllowed
    row = _seat_in_session(session, room, to)
    _require_may_drive(SeatKind(row.kind))
    _give_wheel(session, room, row)


def take_back_wheel(session: Session, seat: Seat) -> None:
    """Give the wheel back to the trainer. Raises `NotAllowed` if the caller is not the trainer."""
    room, row = _session_and_seat(session, seat)
    require_trainer(seat)
    _give_wheel(session, room, row)


def remove(session: Session, seat: Seat, other: int) -> None:
    """Remove another seat. Only the trainer may. Raises `NotAllowed` and `NotFound`.

    Its answers to letters that are still judged are deleted, while those of somebody who leaves count.
    """
    room, _ = _session_and_seat(session, seat)
    require_trainer(seat)
    row = _seat_in_session(session, room, other)
    if row.is_trainer:
        raise NotAllowed
    _delete_answers(session, row)
    _delete_seat(session, room, row)


def leave(session: Session, seat: Seat) -> None:
    """Leave the session. If the trainer leaves, the session ends, since nobody else can control it."""
    room, row = _session_and_seat(session, seat)
    if row.is_trainer:
        end_room(session, room)
    else:
        _delete_seat(session, room, row)


def change_kind(session: Session, seat: Seat, kind: str) -> None:
    """Change the kind of a seat. Raises `Invalid` if the trainer or the driver chooses a kind that may not drive."""
    wanted = validate_kind(kind)
    room, row = _session_and_seat(session, seat)
    # The trainer needs a kind that may drive, since the wheel returns to the trainer when the driver leaves.
    if row.is_trainer or room.driver_id == row.id:
        _require_may_drive(wanted)
    if room.everyone_acts and wanted.may_drive != SeatKind(row.kind).may_drive:
        row.follows = not wanted.may_drive
    row.kind = wanted
    if not wanted.may_drive:
        row.asked_at = None
    sign_seats_in(room, [row])
    publish_change(session, seat.session_id)


def act_as(session: Session, seat: Seat, kind: SeatKind) -> None:
    """Let the trainer act at a seat of this kind now: as the driver, or among everyone. Raises `NotAllowed` for others."""
    require_trainer(seat)
    change_kind(session, seat, kind)
    room, row = _session_and_seat(session, seat)
    if room.everyone_acts:
        row.follows = False
    else:
        _give_wheel(session, room, row)


def let_everyone_act(session: Session, seat: Seat) -> None:
    """Let each seat that may drive act for itself. None of them follows now. Raises `NotAllowed` but for the trainer."""
    room, _ = _session_and_seat(session, seat)
    require_trainer(seat)
    room.everyone_acts = True
    for row in _rows_of(session, room):
        row.asked_at = None
        row.follows = row.follows and not SeatKind(row.kind).may_drive
    publish_change(session, seat.session_id)


def let_one_drive(session: Session, seat: Seat) -> None:
    """Let only the driver act, whom everybody else follows now. Raises `NotAllowed` if the caller is not the trainer."""
    room, _ = _session_and_seat(session, seat)
    require_trainer(seat)
    room.everyone_acts = False
    for row in _rows_of(session, room):
        row.follows, row.followed_id = True, None
    publish_change(session, seat.session_id)


def sign_seats_in(room: DemoSession, rows: Sequence[DemoSeat]) -> None:
    """Sign seats in to the session's world, each with the scenario's account for its kind."""
    kinds = {row.token_hash: SeatKind(row.kind) for row in rows}
    with world.world_of(room.world).bound():
        db.write(seat_accounts.sign_in, scenarios.parse(room.scenario), kinds)


def validate_name(name: str) -> str:
    """Check a person's name, which the others in the room see. Raises `Invalid`."""
    name = one_line(name)
    problem: Fact | None = None
    if not name:
        problem = Problem.SEAT_NAME_MISSING()
    elif len(name) > NAME_MAX:
        problem = Problem.TOO_LONG(most=NAME_MAX, length=len(name))
    if problem:
        raise Invalid(name=problem)
    return name


def validate_kind(kind: str) -> SeatKind:
    """Check the kind of seat that a form sent. Raises `Invalid`."""
    try:
        return SeatKind(kind)
    except ValueError:
        raise Invalid(kind=Problem.SEAT_KIND_UNKNOWN()) from None


def require_trainer(seat: Seat) -> None:
    """Raise `NotAllowed` if this is not the trainer's seat. No seat ever becomes or stops being the trainer's."""
    if not seat.is_trainer:
        raise NotAllowed


def room_of(session: Session, seat: Seat, *, for_update: bool = False) -> DemoSession:
    """The open session of a seat, locked if `for_update`. Raises `NotFound` if the session or the seat is gone."""
    room = open_room(session, seat.session_id, for_update=for_update)
    _seat_in_session(session, room, seat.id)
    return room


def open_room(session: Session, session_id: int, *, for_update: bool = False) -> DemoSession:
    """An open session, locked if `for_update`. Raises `NotFound`."""
    room = session.get(DemoSession, session_id, with_for_update=for_update or None)
    if room is None or room.ended_at or room.expires_at <= clock.now():
        raise NotFound("session")
    return room


def end_room(session: Session, room: DemoSession) -> None:
    """End a session. Deletes its seats, so that their browsers lose access, and keeps the rows for its summary."""
    room.ended_at = clock.now()
    session.exec(delete(DemoSeat).where(col(DemoSeat.session_id) == room.id))
    assert room.id is not None
    publish_change(session, room.id)


def publish_change(session: Session, session_id: int) -> None:
    """Notify the pages of everyone in the room."""
    live.publish(session, Topic(Subject.ROOM, session_id))


def _to_seat(found: Row[Any]) -> Seat:
    drives = found.driver_id == found.id
    follows = found.follows and not drives
    is_shown = found.chosen_id is not None and can_be_followed(
        SeatKind(found.chosen_kind), follows=found.chosen_follows and found.chosen_id != found.driver_id
    )
    return Seat(
        id=found.id,
        session_id=found.session_id,
        world=found.world,
        kind=SeatKind(found.kind),
        name=found.name,
        is_trainer=found.is_trainer,
        drives=drives,
        follows=follows,
        sees=seen(found.id, follows, found.driver_id, found.chosen_id, is_shown=is_shown),
        is_paused=found.is_paused,
        everyone_acts=found.everyone_acts,
        language=found.own_language or found.language,
        driver=found.driver,
    )


def _find_open_session(session: Session, code: str) -> int:
    is_open = col(DemoSession.ended_at).is_(None)
    found = session.exec(
        select(DemoSession.id).where(DemoSession.code == code, is_open, col(DemoSession.expires_at) > clock.now())
    ).first()
    if found is None:
        raise WrongCode
    return found


def _add_seat(session: Session, session_id: int, name: str, kind: SeatKind, token_hash: str, *, is_guest: bool) -> None:
    room = open_room(session, session_id, for_update=True)
    if room.is_locked:
        raise SessionLocked
    if is_guest and not room.allows_guests:
        raise NoGuests
    if _count_people(session, room) >= MOST_SEATS:
        raise SessionFull
    follows = not (room.everyone_acts and kind.may_drive)
    row = DemoSeat(session_id=session_id, token_hash=token_hash, name=name, kind=kind, follows=follows)
    session.add(row)
    room.joined += 1
    sign_seats_in(room, [row])
    publish_change(session, session_id)


def _count_people(session: Session, room: DemoSession) -> int:
    return session.exec(select(func.count(col(DemoSeat.id))).where(DemoSeat.session_id == room.id)).one()


def _session_and_seat(session: Session, seat: Seat) -> tuple[DemoSession, DemoSeat]:
    """A seat and its session, which is locked for a change. Raises `NotFound`."""
    room = open_room(session, seat.session_id, for_update=True)
    return room, _seat_in_session(session, room, seat.id)


def _seat_in_session(session: Session, room: DemoSession, seat_id: int) -> DemoSeat:
    row = session.get(DemoSeat, seat_id)
    if row is None or row.session_id != room.id:
        raise NotFound("seat")
    return row


def _require_may_drive(kind: SeatKind) -> None:
    if not kind.may_drive:
        raise Invalid(kind=Problem.SEAT_CANNOT_DRIVE())


def _give_wheel(session: Session, room: DemoSession, row: DemoSeat) -> None:
    """Let a seat drive. The previous driver follows the new one, unless everyone acts."""
    if before := session.get(DemoSeat, room.driver_id):
        before.follows, before.followed_id = not room.everyone_acts, None
    room.driver_id, row.asked_at = row.id, None
    publish_change(session, row.session_id)


def _rows_of(session: Session, room: DemoSession) -> Sequence[DemoSeat]:
    return session.exec(select(DemoSeat).where(DemoSeat.session_id == room.id)).all()


def _delete_seat(session: Session, room: DemoSession, row: DemoSeat) -> None:
    if room.driver_id == row.id:
        trainer = select(DemoSeat).where(DemoSeat.session_id == room.id, col(DemoSeat.is_trainer))
        _give_wheel(session, room, session.exec(trainer).one())
    session.delete(row)
    publish_change(session, row.session_id)


def _delete_answers(session: Session, row: DemoSeat) -> None:
    # The lock makes an answer that is under way come first, or not at all.
    judging = select(DemoJudging).where(DemoJudging.session_id == row.session_id, col(DemoJudging.ended_at).is_(None))
    if session.exec(judging.with_for_update()).first():
        for model in (DemoAnswer, DemoJudge):
            session.exec(delete(model).where(col(model.session_id) == row.session_id, col(model.seat_id) == row.id))
