"""Two administrators who demote each other at the same moment, on PostgreSQL: one of them stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import LastAdministrator, NotAllowed
from rxconnect.models import Facility
from rxconnect.services.team import team
from tests import people

ROUNDS = 10


@pytest.fixture
def postgresql(use):
    """A new, migrated database in PostgreSQL is in use."""
    use("postgresql")


def two_administrators(number):
    """A facility, and its two administrators."""
    with db.transaction() as session:
        place = Facility(key=f"facility-{number}", name=f"Facility {number}", opening="open")
        session.add(place)
        session.flush()
        return place.id, [
            people.add(session, f"{name}{number}@example.org", name, Role.ADMINISTRATOR, place.id)
            for name in ("Ada", "Ben")
        ]


@pytest.mark.parametrize("of_whom", ["each other", "themselves"])
def test_one_administrator_always_stays(postgresql, of_whom):
    for number in range(ROUNDS):
        place, pair = two_administrators(number)
        begin = Barrier(2)

        def demote(actor, place=place, pair=pair, begin=begin):
            member = next(one for one in pair if (one is actor) == (of_whom == "themselves"))
            begin.wait()
            try:
                db.write(team.change_role, actor, place, member.account_id, "reviewer")
            except (LastAdministrator, NotAllowed):
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(demote, pair)) == [False, True]
