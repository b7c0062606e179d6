"""Signing in and out: two browsers, guesses, expiry, and what the cookie is worth."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, NotFound, WrongCredentials
from rxconnect.models import Account, SignIn
from rxconnect.services.accounts import accounts, passwords, seen, sign_in_views, sign_ins, throttle

EMAIL, PASSWORD = "sam@example.com", "walla walla washington 98"
HERE, THERE = Browser("192.0.2.7"), Browser("192.0.2.8")


@pytest.fixture
def sam(database):
    return db.write(accounts.create_account, email=EMAIL, name="Sam Rivera", password=PASSWORD)


def actor_of(token):
    return db.read(sign_ins.actor_for, token)


def guess(email=EMAIL, browser=HERE):
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in(email, "wrong wrong", browser)


def test_the_right_password_signs_in_however_the_email_is_typed(sam):
    assert actor_of(sign_ins.sign_in("  SAM@Example.com ", PASSWORD, HERE)).account_id == sam


def test_a_wrong_password_and_an_unknown_email_are_refused_alike(sam):
    guess()
    guess("nobody@example.com")


def test_an_unknown_email_costs_the_same_hashing_as_a_known_one(sam):
    sign_ins.sign_in(EMAIL, PASSWORD, HERE)
    before = passwords._dummy_hash.cache_info()
    guess("nobody@example.com")
    after = passwords._dummy_hash.cache_info()
    assert after.hits + after.misses == before.hits + before.misses + 1
    with db.reading() as session:
        real = session.get_one(Account, sam).password_hash
    assert argon2.extract_parameters(passwords._dummy_hash()) == argon2.extract_parameters(real)


def test_a_missing_email_or_password_is_named(sam):
    with pytest.raises(Invalid, match="email"):
        sign_ins.sign_in("", PASSWORD, HERE)
    with pytest.raises(Invalid, match="password"):
        sign_ins.sign_in(EMAIL, "", HERE)


def test_signing_out_ends_this_browser_and_no_other(sam):
    phone, desktop = sign_ins.sign_in(EMAIL, PASSWORD, HERE), sign_ins.sign_in(EMAIL, PASSWORD, HERE)
    db.write(sign_ins.sign_out, phone)
    assert actor_of(phone) is None
    assert actor_of(desktop)


def test_signing_out_everywhere_ends_every_browser_of_this_account_only(sam):
    tokens = [sign_ins.sign_in(EMAIL, PASSWORD, HERE) for _ in range(2)]
    rosas = accounts.sign_up("rosa@example.com", "Rosa", PASSWORD, HERE)
    db.write(sign_ins.sign_out_everywhere, actor_of(tokens[0]))
    assert [actor_of(token) for token in tokens] == [None, None]
    assert actor_of(rosas)


def test_a_sign_in_lasts_thirty_days_and_is_then_removed_at_the_next(sam):
    with clock.at(clock.now() - timedelta(days=30)):
        old = sign_ins.sign_in(EMAIL, PASSWORD, HERE)
        assert actor_of(old)
    assert actor_of(old) is None
    sign_ins.sign_in(EMAIL, PASSWORD, HERE)
    with db.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1


@pytest.mark.parametrize("token", ["", "x", "a" * 10_000, "\0", "' OR 1=1 --", "\xff"])
def test_a_made_up_token_is_nobody(sam, token):
    sign_ins.sign_in(EMAIL, PASSWORD, HERE)
    assert actor_of(token) is None
    db.write(sign_ins.sign_out, token)


def test_a_stolen_database_holds_no_token(sam):
    token = sign_ins.sign_in(EMAIL, PASSWORD, HERE)
    with db.reading() as session:
        kept = session.exec(select(SignIn.token_hash)).one()
    assert token != kept
    assert actor_of(kept) is None


def test_a_password_hashed_with_weaker_parameters_is_hashed_again(slow_hashes, sam):
    weak = argon2.PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    with db.transaction() as session:
        session.get_one(Account, sam).password_hash = weak
    sign_ins.sign_in(EMAIL, PASSWORD, HERE)
    with db.reading() as session:
        stronger = session.get_one(Account, sam).password_hash
    assert argon2.extract_parameters(stronger).memory_cost == 19456
    assert sign_ins.sign_in(EMAIL, PASSWORD, HERE)


def test_a_password_changed_while_the_old_one_was_being_checked_opens_nothing(sam):
    with db.reading() as session:
        checked = session.get_one(Account, sam).password_hash
    with db.transaction() as session:
        session.get_one(Account, sam).password_hash = passwords.hash_password("a letter home 7")
    with pytest.raises(WrongCredentials):
        db.write(sign_ins._finish_sign_in, sam, checked, checked, HERE, throttle.CountedGuess([]), None)


def test_an_account_without_a_usable_hash_cannot_sign_in(database, actor):
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in(actor().email, "none", HERE)


def test_the_cookie_is_found_among_others(monkeypatch):
    assert sign_ins.token_from_cookie("a=b; rxconnect=tok=en; c") == "tok=en"
    assert sign_ins.token_from_cookie("xrxconnect=no; __Host-rxconnect=no; ;;=") == ""
    assert sign_ins.token_from_cookie("") == ""


def test_over_tls_only_the_host_cookie_counts(setting):
    setting(public_url="https://messages.example.org")
    assert sign_ins.token_from_cookie("rxconnect=planted; __Host-rxconnect=ours") == "ours"


@pytest.fixture
def robin(database):
    """A reviewer."""
    fields = {"email": "robin@example.com", "name": "Robin Reyes", "password": PASSWORD, "kind": ActorKind.STAFF}
    return db.write(accounts.create_account, **fields)


def begin(account_id, browser=HERE):
    return db.write(sign_ins.create_sign_in, account_id, browser)


def test_staff_are_signed_out_after_half_an_hour_without_doing_anything(robin):
    start = clock.now()
    with clock.at(start):
        token = begin(robin)
    for minutes in (29, 58):
        with clock.at(start + timedelta(minutes=minutes)):
            assert actor_of(token)
            seen.write_cached_uses()
    for minutes in (89, 90):
        with clock.at(start + timedelta(minutes=minutes)):
            assert actor_of(token) is None


def test_staff_who_have_just_done_something_stay_though_it_is_not_written_yet(robin):
    start = clock.now()
    with clock.at(start):
        token = begin(robin)
    for minutes in (29, 58):
        with clock.at(start + timedelta(minutes=minutes)):
            assert actor_of(token)


def test_staff_are_signed_out_after_twelve_hours_whatever_they_do(robin):
    start = clock.now()
    with clock.at(start):
        token = begin(robin)
    for minutes in range(0, 12 * 60 + 1, 20):
        with clock.at(start + timedelta(minutes=minutes)):
            assert actor_of(token)
    with clock.at(start + timedelta(hours=12, minutes=1)):
        assert actor_of(token) is None


def test_a_family_stays_signed_in_while_it_does_nothing(sam):
    with clock.at(clock.now() - timedelta(days=29)):
        token = begin(sam)
    assert actor_of(token)


def test_who_is_there_is_written_down_once_in_a_while_and_not_with_every_event(sam):
    start = clock.now()
    with clock.at(start - timedelta(hours=1)):
        token = begin(sam)

    def written():
        with db.reading() as session:
            return session.exec(select(SignIn.seen_at)).one()

    before = written()
    with clock.at(start):
        for _ in range(50):
            assert actor_of(token)
    assert written() == before
    seen.write_cached_uses()
    assert written() == start


def test_ones_sign_ins_are_listed_this_one_first_and_then_the_last_used(sam):
    now = clock.now()
    with clock.at(now - timedelta(days=3)):
        laptop = begin(sam, Browser("", "Firefox on Windows"))
    with clock.at(now - timedelta(days=2)):
        begin(sam, Browser("", "Safari on iPhone"))
    with clock.at(now - timedelta(days=1)):
        here = begin(sam, Browser("", "Chrome on Android"))
    with clock.at(now - timedelta(hours=5)):
        actor_of(laptop)
    with clock.at(now):
        views = db.read(sign_in_views.my_sign_ins, actor_of(here))
    assert [(view.device, view.first, view.last, view.is_this) for view in views] == [
        ("Chrome on Android", "1 day ago", "just now", True),
        ("Firefox on Windows", "3 days ago", "5 hours ago", False),
        ("Safari on iPhone", "2 days ago", "2 days ago", False),
    ]


def test_one_ends_a_sign_in_of_ones_own_and_of_nobody_else(sam, robin):
    here, there, robins = begin(sam), begin(sam), begin(robin)
    ids = {token: actor_of(token).sign_in_id for token in (here, there, robins)}
    db.write(sign_in_views.end_sign_in, actor_of(here), ids[there])
    assert actor_of(there) is None
    assert [view.id for view in db.read(sign_in_views.my_sign_ins, actor_of(here))] == [ids[here]]
    for gone in (ids[there], ids[robins], 99):
        with pytest.raises(NotFound):
            db.write(sign_in_views.end_sign_in, actor_of(here), gone)
    assert actor_of(robins)
