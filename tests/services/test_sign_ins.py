"""Signing in and out: two browsers, guesses, expiry, and what the cookie is worth."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, WrongCredentials
from rxconnect.models import Account, SignIn
from rxconnect.services import accounts, passwords, sign_ins

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
    before = passwords._nobodys_hash.cache_info()
    guess("nobody@example.com")
    after = passwords._nobodys_hash.cache_info()
    assert after.hits + after.misses == before.hits + before.misses + 1
    with db.reading() as session:
        real = session.get_one(Account, sam).password_hash
    assert argon2.extract_parameters(passwords._nobodys_hash()) == argon2.extract_parameters(real)


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


def test_a_password_hashed_with_weaker_parameters_is_hashed_again(sam):
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
        session.get_one(Account, sam).password_hash = passwords.hashed("a letter home 7")
    with pytest.raises(WrongCredentials):
        db.write(sign_ins._succeed, sam, checked, checked, HERE)


def test_an_account_without_a_usable_hash_cannot_sign_in(database, actor):
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in(actor().email, "none", HERE)


def test_the_cookie_is_found_among_others(monkeypatch):
    assert sign_ins.token_from_cookie("a=b; rxconnect=tok=en; c") == "tok=en"
    assert sign_ins.token_from_cookie("xrxconnect=no; __Host-rxconnect=no; ;;=") == ""
    assert sign_ins.token_from_cookie("") == ""


def test_over_tls_only_the_host_cookie_counts(monkeypatch):
    monkeypatch.setenv("RXCONNECT_PUBLIC_URL", "https://messages.example.org")
    settings.cache_clear()
    try:
        assert sign_ins.token_from_cookie("rxconnect=planted; __Host-rxconnect=ours") == "ours"
    finally:
        monkeypatch.undo()
        settings.cache_clear()
