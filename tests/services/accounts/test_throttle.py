"""Throttling: so many tries in a stretch of time, counted alike by every worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid, Throttled, WrongCredentials
from rxconnect.models import Attempt
from rxconnect.services.accounts import throttle
from rxconnect.services.accounts.throttle import Guess

MINUTE = timedelta(minutes=1)


def knock(who="sam", limit=3, what="door"):
    db.write(throttle.count_attempt, what, who, limit, MINUTE)


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


def test_forgetting_clears_the_count(database):
    for _ in range(3):
        knock()
    db.write(throttle.reset_attempts, "door", "sam")
    for _ in range(3):
        knock()


GUESS = Guess("lock", "sam", free=3, first=MINUTE, longest=4 * MINUTE)


def guess_wrong(*guesses):
    with pytest.raises(WrongCredentials), throttle.counting_guesses(*(guesses or [GUESS])):
        raise WrongCredentials


def wait():
    """How long the next guess would have to wait."""
    try:
        with throttle.counting_guesses(GUESS):
            return timedelta(0)
    except Throttled as refusal:
        return refusal.retry_after


def test_wrong_guesses_wait_longer_and_longer_and_never_for_good(database):
    waits, moment = [], clock.now()
    for _ in range(8):
        with clock.at(moment):
            guess_wrong()
            waits.append(wait() / MINUTE)
        moment += timedelta(minutes=waits[-1])
    assert waits == [0, 0, 1, 2, 4, 4, 4, 4]


def test_a_guess_that_had_to_wait_makes_nobody_wait_longer(database):
    start = clock.now()
    with clock.at(start):
        for _ in range(3):
            guess_wrong()
        assert [wait() for _ in range(5)] == [MINUTE] * 5
    with clock.at(start + MINUTE):
        assert wait() == timedelta(0)


def undo_and_fail(session, guess):
    guess.undo(session)
    raise Invalid(field="no")


def test_only_what_was_wrong_counts(database):
    for _ in range(5):
        with throttle.counting_guesses(GUESS):
            pass
        with pytest.raises(ZeroDivisionError), throttle.counting_guesses(GUESS):
            1 / 0  # noqa: B018 - a fault of our own
        with pytest.raises(Invalid), throttle.counting_guesses(GUESS):
            raise Invalid(field="no")
        with throttle.counting_guesses(GUESS) as guess:
            db.write(guess.undo)
        with pytest.raises(Invalid), throttle.counting_guesses(GUESS) as guess:
            db.write(undo_and_fail, guess)
    assert db.read(throttle.wrong_guesses, GUESS) == 0


def test_what_is_being_looked_at_counts_until_its_outcome_is_known_or_it_lapses(database):
    counted = [db.write(throttle._count_guesses, [GUESS]) for _ in range(3)]
    assert wait() > timedelta(0)
    db.write(throttle.CountedGuess(counted[0]).undo)
    assert wait() == timedelta(0)
    db.write(throttle._confirm_guesses, counted[1])
    with clock.at(clock.now() + throttle._LAPSES_AFTER):
        assert db.read(throttle.wrong_guesses, GUESS) == 1


def test_guesses_at_the_same_moment_do_not_slip_past_the_wait(database):
    def try_once(_number):
        try:
            with throttle.counting_guesses(GUESS):
                raise WrongCredentials
        except Throttled:
            return False
        except WrongCredentials:
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(20))) == 3


def test_a_guess_that_is_counted_several_times_waits_for_the_longest_of_its_waits(database):
    other = Guess("lock", "anyone", free=1, first=2 * MINUTE, longest=MINUTE * 4)
    guess_wrong(GUESS, other)
    with pytest.raises(Throttled) as refusal, throttle.counting_guesses(GUESS, other):
        pass
    assert MINUTE < refusal.value.retry_after <= 2 * MINUTE
    assert wait() == timedelta(0)


def test_forgotten_guesses_let_the_next_one_in(database):
    for _ in range(3):
        guess_wrong()
    db.write(throttle.reset_guesses, GUESS)
    assert wait() == timedelta(0)


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


def test_a_guess_that_costs_no_wait_does_not_wait_for_one_whose_clock_was_a_moment_ahead(database):
    free, begun = Guess("code", "a room", 3, MINUTE, MINUTE), clock.now()
    with clock.at(begun + timedelta(milliseconds=30)), pytest.raises(WrongCredentials), throttle.counting_guesses(free):
        raise WrongCredentials
    with clock.at(begun), throttle.counting_guesses(free):
        pass
