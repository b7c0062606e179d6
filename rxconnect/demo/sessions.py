"""Demo sessions: starts one, anew or from a file, controls it for its trainer, and ends it.

Everything here works in the installation's own world, which has the rows. `start` and `reset` also create the session's
world. A session that has ended has no seats, and `endings.end_due` deletes its world.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlmodel import Session, col, delete, select

from rxconnect import db, world
from rxconnect.config import settings
from rxconnect.demo import codes, progress, scenarios, seat_tokens, seats, summaries, templates, views, world_files
from rxconnect.demo.seats import end_room, publish_change, require_trainer, room_of
from rxconnect.demo.views import can_extend
from rxconnect.domain import clock
from rxconnect.domain.demo import (
    EXTENDS_BY,
    LASTS,
    LONGEST,
    MOST,
    MOST_NOTES,
    NOTE_MAX,
    PER_ADDRESS,
    WORLD_FILE_SUFFIX,
    Seat,
    SeatKind,
    SessionView,
)
from rxconnect.domain.errors import IllegalMove, Invalid, NotFound, TooManySessions
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import one_line
from rxconnect.domain.toml_files import UnusableFile
from rxconnect.models import DemoNote, DemoSeat, DemoSession, DemoStep
from rxconnect.services.accounts import sign_ins, tokens
from rxconnect.world import World


def start(
    scenario: str, *, name: str, address_key: str, language: str, allows_guests: bool, account_id: int | None = None
) -> tuple[str, SessionView]:
    """Start a session. `scenario` is the key of a built-in scenario, or the whole text of a scenario's file.

    Returns the token of the trainer's seat. Opens its own transactions. Raises `Invalid` and `TooManySessions`.
    """
    name, text = seats.validate_name(name), _scenario_text(scenario)
    return _start_in(
        lambda: templates.open_world(scenarios.parse(text), language),
        _starter_key(address_key, account_id),
        name=name,
        scenario=text,
        language=language,
        allows_guests=allows_guests,
    )


def open_file(
    file: bytes, *, name: str, address_key: str, allows_guests: bool, account_id: int | None = None
) -> tuple[str, SessionView]:
    """Start a session in the world of a file that somebody took along. The same steps are done there. Returns and raises as `start`."""
    name, taken = seats.validate_name(name), world_files.read(file)
    return _start_in(
        lambda: world_files.open_world(taken),
        _starter_key(address_key, account_id),
        name=name,
        scenario=taken.scenario,
        language=taken.language,
        allows_guests=allows_guests,
        done=taken.done,
    )


def take_world(seat: Seat) -> tuple[str, bytes]:
    """The name and the content of the file that opens the world again as it is now. Opens its own transactions.

    Raises `NotAllowed` if the caller is not the trainer, and `NotFound` if the session has just ended.
    """
    require_trainer(seat)
    with world.own().bound():
        with world.world_of(seat.world).bound():
            progress.record_steps()
        room, done = db.read(world_files.facts_for_file, seat.session_id)
        return _file_name(room), world_files.pack(room, done)


def take_world_of_ended(number: str, led: int) -> tuple[str, bytes]:
    """As `take_world`, once the session with this summary has ended. `led` is the session whose trainer the caller was.

    Raises `NotFound`.
    """
    with world.own().bound():
        ended = db.read(summaries.ended_session, number)
        assert ended.id is not None
        if ended.id != led:
            raise NotFound("world")
        room, done = db.read(world_files.facts_for_file, ended.id)
        return _file_name(room), world_files.keep(room, done)


def end(session: Session, seat: Seat) -> None:
    """End the session for everyone. Raises `NotAllowed` if the caller is not the trainer, as do the functions below."""
    end_room(session, _lock_as_trainer(session, seat))


def extend(session: Session, seat: Seat) -> None:
    """Extend the session. Raises `IllegalMove` if it already has the longest time that is allowed."""
    room = _lock_as_trainer(session, seat)
    if not can_extend(room):
        raise IllegalMove("longest", "longer")
    room.expires_at = min(room.expires_at + EXTENDS_BY, room.started_at + LONGEST)
    publish_change(session, seat.session_id)


def lock(session: Session, seat: Seat) -> None:
    """Let nobody else join."""
    _set_columns(session, seat, is_locked=True)


def unlock(session: Session, seat: Seat) -> None:
    """Let others join again."""
    _set_columns(session, seat, is_locked=False)


def pause(session: Session, seat: Seat) -> None:
    """Refuse all changes in the world, also those of the driver."""
    _set_columns(session, seat, is_paused=True)


def resume(session: Session, seat: Seat) -> None:
    """Go on after a pause."""
    _set_columns(session, seat, is_paused=False)


def allow_guests(session: Session, seat: Seat, allows: bool) -> None:
    """Set whether people without an account may join. Guests who have joined stay."""
    _set_columns(session, seat, allows_guests=allows)


def add_note(session: Session, seat: Seat, text: str) -> None:
    """Store a question for the summary. Raises `Invalid`."""
    room, text = _lock_as_trainer(session, seat), one_line(text)
    if not text:
        raise Invalid(note=Problem.NOTE_MISSING())
    if len(text) > NOTE_MAX:
        raise Invalid(note=Problem.TOO_LONG(most=NOTE_MAX, length=len(text)))
    if len(summaries.notes(session, seat.session_id)) >= MOST_NOTES:
        raise Invalid(note=Problem.TOO_MANY_NOTES(most=MOST_NOTES))
    step = progress.next_step(scenarios.parse(room.scenario), progress.steps_done(session, seat.session_id))
    session.add(DemoNote(session_id=seat.session_id, step=step, text=text))
    publish_change(session, seat.session_id)


def reset_to_step(seat: Seat, step: int) -> None:
    """Go back to the moment before a step. All seats stay, and their pages must be reloaded.

    The session moves to a new world, since a database file cannot be replaced under open connections. Requests in progress
    still end in the old world, until `endings.end_due` deletes it. Opens its own transactions.
    Raises `NotAllowed`, `NotFound` when no checkpoint of that step is kept, and `IllegalMove` for the later of two resets
    at once.
    """
    require_trainer(seat)
    with world.own().bound():
        before = world.world_of(seat.world)
        with progress.unpacked_checkpoint(before, step) as folder:
            made = world.open_copy(folder, behind=before.behind)
        try:
            progress.copy_checkpoints(
                before, made, since=step, done=db.read(progress.done_before, seat.session_id, step)
            )
            db.write(_move_to_world, seat, made.name, step)
        except BaseException:
            world.close(made)
            raise


def _scenario_text(scenario: str) -> str:
    """The text of a scenario's file, after a check. Raises `Invalid`."""
    if not scenario.strip():
        raise Invalid(scenario=Problem.SCENARIO_MISSING())
    if built_in := scenarios.texts().get(scenario):
        return built_in
    try:
        scenarios.parse(scenario)
    except UnusableFile as error:
        raise Invalid(scenario=Problem.SCENARIO_UNREADABLE(line=error.line, reason=error.sentence)) from None
    return scenario


def _start_in(
    make: Callable[[], World], starter: str, *, name: str, done: Collection[int] = (), **columns: Any
) -> tuple[str, SessionView]:
    """Start a session in the world that `make` makes, in which the steps `done` are done."""
    with world.own().bound():
        # The limits are checked before the world is made, and again when the row is added.
        db.read(_require_below_limits, starter)
        made = make()
        try:
            token = db.write(_add_session, name, world=made.name, starter=starter, done=done, **columns)
        except BaseException:
            world.close(made)
            raise
        seat = seats.find(sign_ins.seat_hash(token))
        assert seat is not None
        return token, db.read(views.view, seat)


def _file_name(room: DemoSession) -> str:
    return f"{room.code.lower()}{WORLD_FILE_SUFFIX}"


def _starter_key(address_key: str, account_id: int | None) -> str:
    """The key by which open sessions are counted: the account, since a whole prison may share an address, or the address.

    In a demonstration installation it is always the address, since everyone may sign in with its accounts.
    """
    is_account = account_id is not None and not settings().is_demo
    return tokens.keyed_hash("demo starter", f"account {account_id}" if is_account else address_key)


def _require_below_limits(session: Session, starter: str) -> None:
    """Raise `TooManySessions` if a limit is reached. Sessions that start at the same moment may exceed it."""
    is_open = (col(DemoSession.ended_at).is_(None), col(DemoSession.expires_at) > clock.now())
    for most, is_own in ((PER_ADDRESS, True), (MOST, False)):
        mine = (col(DemoSession.starter) == starter,) if is_own else ()
        ends = session.exec(select(DemoSession.expires_at).where(*is_open, *mine)).all()
        if len(ends) >= most:
            raise TooManySessions(most, min(ends) - clock.now(), is_own=is_own)


def _add_session(session: Session, name: str, *, starter: str, done: Collection[int], **columns: Any) -> str:
    """Add the session, the steps that are done, and its trainer's seat. Returns the seat's token."""
    _require_below_limits(session, starter)
    now = clock.now()
    row: dict[str, Any] = {"trainer": name, "starter": starter, "started_at": now, "expires_at": now + LASTS, **columns}
    # If another open session has the code, the next one is tried.
    while not db.add_once(session, room := DemoSession(code=codes.new(), **row)):
        pass
    assert room.id is not None
    token = seat_tokens.new(room.id, is_trainer=True)
    token_hash = sign_ins.seat_hash(token)
    kind = _first_seat(columns["scenario"])
    seat = DemoSeat(session_id=room.id, token_hash=token_hash, name=name, kind=kind, is_trainer=True)
    session.add(seat)
    session.flush()
    room.driver_id = seat.id
    session.add_all(DemoStep(session_id=room.id, step=step, done_at=now) for step in done)
    seats.sign_seats_in(room, [seat])
    return token


def _first_seat(scenario: str) -> SeatKind:
    """The seat that the first step needs, so that the trainer begins there."""
    steps = scenarios.parse(scenario).steps
    return SeatKind(steps[0].seat) if steps and steps[0].seat else SeatKind.FAMILY


def _lock_as_trainer(session: Session, seat: Seat) -> DemoSession:
    require_trainer(seat)
    return room_of(session, seat, for_update=True)


def _set_columns(session: Session, seat: Seat, **columns: bool) -> None:
    room = _lock_as_trainer(session, seat)
    for name, value in columns.items():
        setattr(room, name, value)
    publish_change(session, seat.session_id)


def _move_to_world(session: Session, seat: Seat, name: str, step: int) -> None:
    """Move the session to another world, which is as it was before a step."""
    room = _lock_as_trainer(session, seat)
    if room.world != seat.world:
        raise IllegalMove("reset", "reset")
    room.world = name
    undone = col(DemoStep.step).not_in(sorted(progress.done_before(session, seat.session_id, step)))
    session.exec(delete(DemoStep).where(col(DemoStep.session_id) == room.id, undone))
    seats.sign_seats_in(room, session.exec(select(DemoSeat).where(DemoSeat.session_id == room.id)).all())
    publish_change(session, seat.session_id)
