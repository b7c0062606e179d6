"""Facts: each is false while nothing has happened, and true once the real services have done it.

`test_progress.py` proves the facts of the built-in scenarios, whose steps it carries out one after the other. Here are the
others, for scenarios that people write themselves.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import update

from rxconnect import db
from rxconnect.demo import facts, progress, scenarios
from rxconnect.domain.demo import Seat, SeatKind
from rxconnect.domain.facilities import WaitingLetters
from rxconnect.models import DemoSession, Facility
from tests.demos import acting, buy, carry_out, start, world_now
from tests.desk_deeds import DESK_DEEDS, approve, hand_over, let_follow, newest

pytestmark = pytest.mark.usefixtures("demos")


def has_happened(seat: Seat, fact: str) -> bool:
    """Whether the fact is true since the session's start."""
    with db.reading() as session:
        room = session.get_one(DemoSession, seat.session_id)
    since = room.started_at - world_now(seat).behind
    with acting(seat), db.reading() as session:
        cast = progress.cast_of(session, scenarios.parse(room.scenario))
        return facts.FACTS[fact](session, cast, since)


def steps(seat: Seat, key: str, *numbers: int) -> None:
    for number in numbers:
        carry_out(seat, key, number)


def buy_credits(seat: Seat) -> None:
    with acting(seat) as family:
        buy(family)


def let_photos_through(seat: Seat) -> None:
    steps(seat, "photo", 1, 2)
    with acting(seat, SeatKind.REVIEWER) as reviewer:
        approve(reviewer, newest())


def print_and_hand_over(seat: Seat) -> None:
    steps(seat, "rejected-letter", 1, 2, 3, 4)
    with acting(seat, SeatKind.KIOSK) as marcus:
        DESK_DEEDS["paper asked for on the kiosk"](marcus)
    with acting(seat, SeatKind.ADMINISTRATOR) as administrator:
        hand_over(administrator)


def move(seat: Seat) -> None:
    steps(seat, "transfer", 1, 2)
    with acting(seat):
        let_follow()


def move_where_letters_do_not_follow(seat: Seat) -> None:
    with acting(seat), db.transaction() as session:
        session.exec(update(Facility).values(when_moved=WaitingLetters.GIVE_BACK))
    move(seat)


# The scenario, and what is done in it.
OTHERS: dict[str, tuple[str, Callable[[Seat], None]]] = {
    "card stored": ("buying-credits", buy_credits),
    "receipt issued": ("buying-credits", buy_credits),
    "photo let through": ("photo", let_photos_through),
    "letters handed over": ("rejected-letter", print_and_hand_over),
    "letter followed": ("transfer", move),
    "credits moved": ("transfer", move),
    "letter returned": ("transfer", move_where_letters_do_not_follow),
}


@pytest.mark.parametrize("fact", OTHERS)
def test_a_fact_is_false_before_and_true_after_it_has_happened(fact):
    key, happen = OTHERS[fact]
    seat, other = start(key), start(key)
    assert not has_happened(seat, fact)
    happen(seat)
    assert has_happened(seat, fact)
    assert not has_happened(other, fact)


def test_every_fact_is_proven_here_or_by_the_steps_of_a_built_in_scenario():
    of_steps = {step.done for scenario in scenarios.all_scenarios().values() for step in scenario.steps}
    assert of_steps | OTHERS.keys() == facts.FACTS.keys()
