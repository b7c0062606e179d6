"""Guesses at passwords: they slow down whoever guesses, and nobody else; the owner always gets in, and hears of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Busy, Invalid, Throttled, Unavailable, WrongCredentials
from rxconnect.services.accounts import accounts, devices, guesses, passwords, sign_ins, throttle, tokens
from rxconnect.services.notices import emails

EMAIL, PASSWORD = "sam@example.com", "walla walla washington 98"
HOME, LIBRARY = Browser("192.0.2.7"), Browser("192.0.2.8")
DAY = timedelta(days=1)


@pytest.fixture
def sam(database):
    return db.write(accounts.create_account, email=EMAIL, name="Sam Rivera", password=PASSWORD)


@pytest.fixture
def phone(sam):
    """A browser at the library's address, in which Sam has signed in before."""
    return replace(LIBRARY, device=devices.cookie_with_account(tokens.new_token(), sam))


def sign_in(browser, password=PASSWORD, email=EMAIL):
    return sign_ins.sign_in(email, password, browser)


def guess(browser=HOME, email=EMAIL):
    with pytest.raises(WrongCredentials):
        sign_in(browser, "wrong wrong", email)


def wait_of(browser, email=EMAIL):
    with pytest.raises(Throttled) as refusal:
        sign_in(browser, email=email)
    return refusal.value.retry_after


def many_wrong_ones(guess, number):
    """As if so many guesses had been made, without hashing each."""
    for _ in range(number):
        with db.transaction() as session:
            session.add(throttle.Attempt(key=guess.key, at=clock.now()))


def subjects():
    return [email.subject for email in db.read(emails.outbox)]


def test_a_known_device_is_never_locked_by_the_guesses_of_others(sam, phone):
    for guessed in guesses.counters_at_sign_in(sam, EMAIL, LIBRARY):
        many_wrong_ones(guessed, 1_000)
    assert wait_of(LIBRARY)
    assert sign_in(phone)


def test_five_guesses_cost_no_wait_and_then_each_waits_longer_and_the_right_password_gets_in(sam):
    now = clock.now()
    with clock.at(now):
        for _ in range(5):
            guess()
        first = wait_of(HOME)
    with clock.at(now + first):
        guess()
        second = wait_of(HOME)
    assert second == 2 * first
    with clock.at(now + first + second):
        assert sign_in(HOME)


def test_an_unknown_device_elsewhere_is_not_hindered_by_who_guesses_here(sam):
    for _ in range(5):
        guess(HOME)
    assert wait_of(HOME)
    assert sign_in(LIBRARY)


def test_a_crowd_that_guesses_from_everywhere_makes_unknown_devices_wait_a_minute_at_most(sam, phone):
    many_wrong_ones(guesses.counters_at_sign_in(sam, EMAIL, HOME)[0], 5_000)
    assert timedelta(0) < wait_of(LIBRARY) <= timedelta(minutes=1)
    assert sign_in(phone)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert sign_in(LIBRARY)


def test_one_password_tried_on_many_accounts_slows_down_the_address_and_no_known_device(sam, phone):
    many_wrong_ones(guesses.counters_at_sign_in(None, "anyone@example.com", LIBRARY)[-1], 5_000)
    assert timedelta(0) < wait_of(LIBRARY) <= timedelta(minutes=1)
    assert sign_in(phone)
    assert sign_in(HOME)


def test_a_known_device_has_a_count_of_its_own(sam, phone):
    for _ in range(10):
        guess(phone)
    assert wait_of(phone) > timedelta(0)
    assert sign_in(HOME)


def test_guesses_at_an_account_that_does_not_exist_are_slowed_down_alike(sam):
    for email in (EMAIL, "nobody@example.com"):
        for _ in range(5):
            guess(LIBRARY, email)
    with clock.at(clock.now()):
        assert abs(wait_of(LIBRARY) - wait_of(LIBRARY, "nobody@example.com")) < timedelta(seconds=5)


def test_the_device_of_another_account_is_unknown_to_this_one(sam, database):
    stranger = replace(HOME, device=devices.cookie_with_account(tokens.new_token(), sam + 1))
    for _ in range(5):
        guess(stranger)
    assert wait_of(stranger)


def test_signing_in_forgets_the_typing_errors_before_it(sam):
    for _ in range(3):
        for _ in range(4):
            guess()
        sign_in(HOME)


@pytest.mark.parametrize("fault", [Invalid(form="no"), Busy("no connection"), Unavailable("gone"), KeyError("a fault")])
def test_what_failed_by_our_own_fault_is_no_wrong_password(sam, monkeypatch, fault):
    def fail(*_args):
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(sign_ins, "_finish_sign_in", fail)
        for _ in range(20):
            with pytest.raises(type(fault)):
                sign_in(HOME)
    assert sign_in(HOME)


@pytest.mark.parametrize(("email", "password"), [("sam", PASSWORD), (EMAIL, ""), (EMAIL, "x" * 257)])
def test_a_form_that_is_not_filled_in_well_is_no_wrong_password(sam, email, password):
    for _ in range(20):
        with pytest.raises(Invalid):
            sign_in(HOME, password, email)
    assert sign_in(HOME)


def test_a_password_longer_than_any_is_refused_before_anything_is_computed(sam, monkeypatch):
    monkeypatch.setattr(passwords, "_normalized", None)
    with pytest.raises(Invalid):
        sign_in(HOME, "\u0301" * 100_000)


def test_the_owner_hears_of_many_guesses_once_a_day_and_what_to_do(sam, database):
    for number in range(30):
        guess(Browser(f"198.51.100.{number}"))
    assert subjects() == ["Somebody is trying to sign in to your account"]
    (told,) = db.read(emails.outbox)
    assert told.recipient == EMAIL
    assert told.link.endswith("/forgot-password")
    with clock.at(clock.now() + DAY):
        for number in range(10):
            guess(Browser(f"198.51.100.{number}"))
    assert len(subjects()) == 2


def test_nobody_hears_of_guesses_at_an_account_that_does_not_exist(database):
    for number in range(12):
        guess(Browser(f"198.51.100.{number}"), "nobody@example.com")
    assert subjects() == []


def test_the_owner_hears_of_guesses_at_their_own_device_too(phone):
    for _ in range(10):
        guess(phone)
    assert subjects() == ["Somebody is trying to sign in to your account"]


def reset(browser, email=EMAIL):
    db.write(accounts.request_reset, email, browser)


def test_what_others_asked_for_does_not_keep_the_owner_from_a_new_password(sam, phone):
    for _ in range(5):
        reset(LIBRARY)
    with pytest.raises(Throttled):
        reset(LIBRARY)
    for owners in (phone, HOME):
        sent = len(subjects())
        reset(owners)
        assert len(subjects()) == sent + 1


def test_a_crowd_cannot_fill_a_mailbox_and_a_link_in_it_still_works(sam):
    for number in range(100):
        reset(Browser(f"198.51.100.{number}"))
    assert len(subjects()) == 20
    accounts.reset_password(db.read(emails.outbox)[0].link.partition("token=")[2], "a letter home 7", HOME)
    assert sign_in(HOME, "a letter home 7")


def test_an_address_that_asks_for_many_accounts_is_refused_and_a_known_device_there_is_not(sam, phone):
    for number in range(60):
        reset(LIBRARY, f"person-{number}@example.com")
    with pytest.raises(Throttled):
        reset(LIBRARY)
    reset(phone)
    assert len(subjects()) == 1


def test_a_devices_cookie_is_signed_for_each_account_and_says_nothing_of_it(sam):
    cookie = devices.cookie_with_account(devices.cookie_with_account(tokens.new_token(), 1), 2)
    assert (devices.is_known_to(cookie, 1), devices.is_known_to(cookie, 2), devices.is_known_to(cookie, 3)) == (
        True,
        True,
        False,
    )
    assert devices.valid_or_new_cookie(cookie) == cookie
    assert devices.cookie_with_account(cookie, 2) == cookie
    name, first, second = cookie.split(".")
    assert not devices.is_known_to(f"{tokens.new_token()}.{first}.{second}", 1)
    assert not devices.is_known_to(f"{name}.{'0' * 32}", 1)


def test_a_device_remembers_ten_accounts_the_latest_ones(database):
    cookie = tokens.new_token()
    for account_id in range(1, 13):
        cookie = devices.cookie_with_account(cookie, account_id)
    assert [account_id for account_id in range(1, 13) if devices.is_known_to(cookie, account_id)] == list(range(3, 13))
    assert devices.valid_or_new_cookie(cookie) == cookie


@pytest.mark.parametrize("cookie", ["", "x", "a" * 10_000, "é" * 43, "a" * 43 + ".", "a" * 43 + ".zz", "\0"])
def test_what_cannot_be_a_devices_cookie_is_replaced_by_a_new_one(database, cookie):
    assert devices.valid_or_new_cookie(cookie) != cookie
    assert devices.valid_or_new_cookie(devices.valid_or_new_cookie(cookie))
