"""A seat that does not drive changes nothing in the world's database or at its processor, whatever service it calls."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rxconnect import db
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import NotDriving
from rxconnect.services.accounts import sign_ins
from rxconnect.services.money import cards, processor
from rxconnect.world import World
from tests.demos import DEEDS, acting, buy, carry_out, join, start, world_now

ROOT = Path(__file__).parents[2] / "rxconnect"
# Modules that open a write transaction or use the write engine. `engines` makes it.
WRITES = {"db.py", "engines.py", "demo/progress.py"}
# Modules that open a SQLite file without an engine: the sandbox, which refuses by itself, the packing, and scratch files.
# A forged audit is the practice: of a copy that an operator makes, or of a world by its trainer, who presses for everybody.
OPENS_FILES = {
    "db.py",
    # A packed copy of a world, from which sign-ins are deleted.
    "demo/world_files.py",
    "payments/sandbox.py",
    "services/audit/practice.py",
    "services/books/comparison.py",
    "services/rosters/roster_files.py",
}


def contents(of: World) -> dict[str, str]:
    """The content of each database of a world."""
    found = {}
    for file in sorted(of.folder.glob("*.db")):
        with closing(sqlite3.connect(file)) as connection:
            found[file.name] = hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()
    return found


@pytest.mark.parametrize(("key", "fact"), DEEDS, ids=lambda value: str(value).replace(" ", "-"))
def test_nothing_that_a_scenario_shows_can_be_done(demos, key, fact):
    trainer = start(key)
    ben = join(trainer)
    number = [known for known in DEEDS if known[0] == key].index((key, fact)) + 1
    for before in range(1, number):
        carry_out(trainer, key, before)
    here = world_now(trainer)
    was = contents(here)
    kind = SeatKind.ADMINISTRATOR if "staff" in fact else SeatKind.FAMILY
    bound = here.bound(may_write=ben.may_write, driver=ben.driver)
    with acting(trainer, kind) as actor, bound, pytest.raises(NotDriving):
        DEEDS[key, fact](actor)
    assert contents(here) == was


def test_no_card_is_changed_at_the_processor_either(demos):
    trainer = start("buying-credits")
    here = world_now(trainer)
    with acting(trainer) as sam:
        buy(sam)
        (card,) = db.read(cards.my_cards, sam)
        was = contents(here)
        with here.bound(may_write=False, driver="Aisha"):
            for call in (
                lambda: cards.edit(sam, card.id, expiry="12/40", postcode="99362"),
                lambda: cards.remove(sam, card.id),
                lambda: cards.add(sam, "tok_1"),
                lambda: processor.sandbox().tokenize("4242424242424242", "12/40", "123", "99362"),
                lambda: processor.sandbox().tokenize_cvv("123"),
                lambda: sign_ins.sign_in("sam@example.com", "rxconnect-demo", sign_ins.Browser("")),
            ):
                with pytest.raises(NotDriving):
                    call()
    assert contents(here) == was


def test_there_is_no_way_to_write_but_the_one_that_refuses():
    def those_with(pattern: str) -> set[str]:
        files = {str(file.relative_to(ROOT)): file.read_text() for file in ROOT.rglob("*.py")}
        return {name for name, text in files.items() if re.search(pattern, text)}

    assert those_with(r"\bwrite_engine\b") == WRITES
    assert those_with(r"sqlite3\.connect\(") == OPENS_FILES
    assert those_with(r"\bcreate_engine\(") == {"engines.py"}
