"""Throttling: so many tries in a stretch of time, counted alike by every worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Throttled
from rxconnect.models import Attempt
from rxconnect.services import throttle

MINUTE = timedelta(minutes=1)


def knock(who="sam", limit=3, what="door"):
    db.write(throttle.allow, what, who, limit, MINUTE)


def test_as_many_tries_as_the_limit_are_welcome_and_the_next_is_not(database):
    for _ in range(3):
        knock()
    with pytest.raises(Throttled):
        knock()


def test_another_person_and_another_door_are_counted_apart(database):
    for _ in range(3):
        knock()
    knock(who="rosa")
    knock(what="window")


def test_the_refusal_says_when_the_next_try_is_welcome_and_it_then_is(database):
    start = clock.now()
    for seconds in (0, 10, 20):
        with clock.at(start + timedelta(seconds=seconds)):
            knock()
    with clock.at(start + timedelta(seconds=30)), pytest.raises(Throttled) as refusal:
        knock()
    assert refusal.value.retry_after == timedelta(seconds=30)
    with clock.at(start + timedelta(seconds=60)):
        knock()


def test_a_refused_try_does_not_make_the_wait_longer(database):
    start = clock.now()
    with clock.at(start):
        knock(limit=1)
    for seconds in (20, 40):
        with clock.at(start + timedelta(seconds=seconds)), pytest.raises(Throttled):
            knock(limit=1)
    with clock.at(start + MINUTE):
        knock(limit=1)


def test_tries_at_the_same_moment_do_not_slip_past_the_limit(database):
    def try_once(_number):
        try:
            knock(limit=5)
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(20))) == 5


def test_forgetting_clears_the_count_and_forgetting_the_last_gives_back_one(database):
    for _ in range(3):
        knock()
    db.write(throttle.forget_last, "door", "sam")
    knock()
    with pytest.raises(Throttled):
        knock()
    db.write(throttle.forget, "door", "sam")
    for _ in range(3):
        knock()


def test_old_tries_of_anybody_are_removed(database):
    start = clock.now()
    with clock.at(start - throttle.LONGEST - MINUTE):
        knock(who="rosa")
    knock()
    with db.reading() as session:
        assert len(session.exec(select(Attempt)).all()) == 1


def test_neither_email_nor_address_is_kept(database):
    knock(who="sam@example.com")
    with db.reading() as session:
        key = session.exec(select(Attempt.key)).one()
    assert "sam" not in key
    assert len(key) == 64
