"""The real server's socket, attacked frame by frame as `make soak` does it, with smaller counts."""

import asyncio

import pytest

from rxconnect.services import sign_ins
from tests.e2e.actions import new_writer
from tests.soak import sockets
from tests.state.driver import sign_in


@pytest.fixture
def person(app_url):
    """`person(name)`: the token and the cookie of somebody who is signed in."""

    def make(name="Bo Lee"):
        token = sign_in(new_writer(name).actor)
        return token, f"{sign_ins.cookie_name()}={token}"

    return make


def test_the_next_person_at_a_tab_is_never_told_what_the_first_had_asked_for(app_url, person):
    (_, first), (_, second) = person("Xanthippe Lee"), person()
    assert asyncio.run(sockets.change_places(app_url, first, second, "Xanthippe", times=20)) == []


def test_what_a_backup_of_the_database_holds_opens_no_socket(app_url, person):
    stolen = sign_ins.alias(person("Xanthippe Lee")[0])
    assert asyncio.run(sockets.forged_connects(app_url, stolen, sign_ins.cookie_name(), "Xanthippe")) == []


def test_junk_is_not_taken_in_and_honest_visitors_are(app_url):
    assert asyncio.run(sockets.visits(app_url, 20)) == 20
    assert asyncio.run(sockets.visits(app_url, 5, junk=250_000)) == 0


def test_of_a_crowd_of_visitors_the_oldest_leave_and_nobody_signed_in_notices(app_url, person):
    assert asyncio.run(sockets.crowd(app_url, person()[1], 105)) == []
