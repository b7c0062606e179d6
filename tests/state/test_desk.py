"""The desk's State: what becomes of a claim when a tab ends without saying so."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.review import CLAIM_FOR, LEFT_FOR
from rxconnect.services.review import claims
from tests.services.review.desks import later
from tests.state.driver import sign_in


@pytest.fixture
def crashed(server, life, actor):
    """A reviewer who had a letter open when the server died, and came back. With a colleague, and the letter."""
    own = life()
    reviewer, colleague = (actor(role=Role.REVIEWER, facility_id=own.facility_id, name=name) for name in ("Ada", "Bo"))
    db.write(claims.take, reviewer, own.message_id)
    server.tab(sign_in(reviewer)).open(routes.STAFF)
    return reviewer, colleague, own.message_id


def test_a_letter_left_open_by_a_crash_is_free_soon_after_its_reviewer_is_back(crashed):
    _reviewer, colleague, message_id = crashed
    assert not db.write(claims.try_take, colleague, message_id)
    with later(LEFT_FOR.total_seconds() + 1):
        assert db.write(claims.try_take, colleague, message_id)


def test_a_second_tab_that_still_shows_the_letter_keeps_it(crashed):
    reviewer, colleague, message_id = crashed
    assert db.write(claims.renew, reviewer, message_id)
    with later(CLAIM_FOR.total_seconds() - 1):
        assert not db.write(claims.try_take, colleague, message_id)
