"""Forged events, as any client with a socket can send them: any handler, from any page, with any arguments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from reflex_base.registry import RegistrationContext

from rxconnect import db, routes
from rxconnect.demo import seats, views
from rxconnect.domain.demo import SeatKind, SessionView
from rxconnect.state.guard import Id
from tests.rooms import Room, seat_of
from tests.state.driver import Server
from tests.state.hostile_texts import FIELDS, is_choice
from tests.state.lives import Life, everything, live

_JUNK: tuple[Any, ...] = (None, True, -1, 0.5, "", "x", "\ud83d", "x" * 20_000, [], [1], {"a": 1}, 2**63)
_EXTRA = ("actor", "_actor", "seat", "_seat", "self", "session", "may_write")


def attack(server: Server, room: Room, events: int, random: Random) -> list[str]:
    """So many forged events of somebody who looks around, who follows, and who was removed. Returns what they changed."""
    with room.world.bound():
        life = live("Balthazar")
    around, following, removed = room.join("Ben"), room.join("Cora", SeatKind.KIOSK), room.join("Drew")
    tabs = [server.tab(seat=token).open(routes.DASHBOARD) for token in (around, following, removed)]
    db.write(seats.stop_following, seat_of(around))
    db.write(seats.remove, seat_of(room.trainer), seat_of(removed).id)
    before, world = _all_that_counts(room), room.world
    for page, name, payload in islice(forged(random, life, [one.id for one in _view(room).people]), events):
        tab = random.choice(tabs)
        tab.address = page
        tab.send(name, payload)
    changed = [what for what, rows in _all_that_counts(room).items() if rows != before[what]]
    return changed + ["the world"] * (room.world is not world)


def kept(room: Room) -> dict[str, list[Any]]:
    """All that is in a session's world, but for the sign-ins of its seats."""
    with room.world.bound():
        return {name: rows for name, rows in everything().items() if name != "sign_in"}


def _all_that_counts(room: Room) -> dict[str, Any]:
    """Whatever nobody but who drives, or the trainer, may change. Everybody may change their own seat."""
    ours = {f"{name} of the installation": rows for name, rows in everything().items() if name != "demo_seat"}
    view = _view(room)
    people = [(one.id, one.name, one.is_trainer, one.drives) for one in view.people]
    return ours | kept(room) | {"the people": people, "the trainer": view.me}


def _view(room: Room) -> SessionView:
    return db.read(views.view, seat_of(room.trainer))


def forged(random: Random, life: Life, seats: list[int]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Without end: the address of a page, the name of a handler, and arguments; ids are of `life` or of the `seats`."""
    registered = RegistrationContext.get().event_handlers
    pages = [*life.addresses, *(value for name, value in vars(routes).items() if name.isupper() and "[" not in value)]
    ids = [*(value for value in vars_of(life) if type(value) is int), *seats, *range(1, 12)]
    texts = [
        *(value for value in vars_of(life) if isinstance(value, str)),
        *map(str, ids),
        *SeatKind,
        "Xanthippe",
        "40",
    ]
    while True:
        name = random.choice(sorted(registered))
        kinds = dict(registered[name].handler.fn.__annotations__)
        payload = {
            argument: _right(random, kind, ids, texts) for argument, kind in kinds.items() if argument != "return"
        }
        if payload and random.random() < 0.1:
            payload[random.choice(sorted(payload))] = random.choice(_JUNK)
        if random.random() < 0.05:
            payload[random.choice(_EXTRA)] = random.choice(ids)
        yield random.choice(pages), name, payload


def vars_of(life: Life) -> list[Any]:
    """Everything that is known of a life."""
    return [getattr(life, name) for name in life.__dataclass_fields__]


def _right(random: Random, kind: Any, ids: list[int], texts: list[str]) -> Any:
    if kind is Id:
        return random.choice(ids)
    if kind is bool:
        return random.random() < 0.5
    if is_choice(kind):
        return random.choice(list(kind)).value
    if kind is not None and getattr(kind, "__origin__", None) is dict:
        return {field: random.choice(texts) for field in FIELDS}
    return random.choice(texts)
