"""No text makes a handler slow: not what Unicode makes quadratic, nor what anything else of ours would."""

import pytest

from rxconnect import routes
from rxconnect.domain.accounts import Role
from tests.state.driver import sign_in
from tests.state.hostile_texts import cost, handlers, payloads

# Milliseconds of a processor below which a ratio is only noise.
FLOOR = 20


def test_handlers_that_take_text_were_found():
    assert len(handlers()) > 20


@pytest.mark.parametrize("of_staff", [False, True])
def test_twice_the_text_never_takes_more_than_two_and_a_half_times_as_long(server, life, actor, of_staff):
    own = life()
    who = actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id) if of_staff else own.actor
    tab = server.tab(sign_in(who)).open(routes.FINANCE if of_staff else routes.fill(routes.COMPOSE, own.draft_id))
    slower = {}
    for (name, what, once), (_, _, twice) in zip(payloads(30_000), payloads(60_000), strict=True):
        # What looks slow only because the machine was busy is measured again.
        for _ in range(3):
            short, long = cost(tab, name, once), cost(tab, name, twice)
            if long <= max(FLOOR, 2.5 * short):
                break
        else:
            slower[name, what] = round(short), round(long)
    assert slower == {}
