"""Accounts: signing up, passwords, names, and proof of the email address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import ActorKind, Post, Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import (
    EmailTaken,
    Invalid,
    LinkExpired,
    ReopeningNeeded,
    SecondStepNeeded,
    Throttled,
    WrongCredentials,
)
from rxconnect.domain.problems import Problem
from rxconnect.models import Account, EmailLink
from rxconnect.services.accounts import accounts, sign_ins, staff, throttle
from rxconnect.services.leaving import closings, reopenings
from rxconnect.services.notices import emails

PASSWORD = "walla walla washington 98"
NEW = "a letter home 7"
HERE = Browser("192.0.2.7")


def sign_up(email="sam@example.com", name="Sam Rivera", password=PASSWORD):
    return accounts.sign_up(email, name, password, HERE)


def actor_of(token):
    return db.read(sign_ins.actor_for, token)


def outbox():
    return db.read(emails.outbox)


def newest_token():
    return next(email.link for email in outbox() if "token=" in email.link).partition("token=")[2]


def request_reset(email="sam@example.com"):
    db.write(accounts.request_reset, email, HERE)


def problems_of(**fields):
    with pytest.raises(Invalid) as refusal:
        sign_up(**fields)
    return refusal.value.fields


def test_signing_up_signs_in_and_mails_a_link_that_verifies_the_address(database):
    token = sign_up(email=" Sam@Example.COM ")
    assert (actor_of(token).email, actor_of(token).email_verified) == ("sam@example.com", False)
    (email,) = outbox()
    assert email.recipient == "sam@example.com"
    assert email.link.startswith("http://localhost:8000/verify-email?token=")
    db.write(accounts.verify_email, newest_token())
    assert actor_of(token).email_verified


def test_an_email_in_use_is_refused_whatever_its_case_and_sends_nothing(database):
    sign_up()
    with pytest.raises(EmailTaken):
        sign_up(email="SAM@example.com")
    assert len(outbox()) == 1


def test_of_two_people_who_sign_up_with_one_email_at_the_same_moment_one_gets_it(database):
    def attempt(_number):
        try:
            return sign_up()
        except EmailTaken:
            return None

    with ThreadPoolExecutor(4) as pool:
        tokens = [token for token in pool.map(attempt, range(4)) if token]
    assert len(tokens) == 1
    assert actor_of(tokens[0]).name == "Sam Rivera"


def test_every_field_that_is_wrong_is_named_at_once(database):
    assert set(problems_of(email="", name=" ", password="")) == {"email", "name", "password"}


@pytest.mark.parametrize(
    "email",
    [
        "sam",
        "sam@",
        "sam@localhost",
        "a\0b@example.com",
        "\u202esam@example.com",
        "<b>@example.com",
        "a" * 10_000 + "@x.org",
    ],
)
def test_what_is_no_email_address_is_refused(database, email):
    assert problems_of(email=email) == {"email": Problem.EMAIL_UNREADABLE()}


@pytest.mark.parametrize("name", ["", "   ", "\0\x01"])
def test_a_name_that_is_missing_is_asked_for(database, name):
    assert problems_of(name=name) == {"name": Problem.NAME_MISSING()}


@pytest.mark.parametrize("name", ["🙂", "\u200b", "42"])
def test_a_name_needs_a_letter(database, name):
    assert problems_of(name=name) == {"name": Problem.NAME_WITHOUT_LETTERS()}


def test_a_name_that_is_too_long_is_refused_with_its_length(database):
    assert problems_of(name="n" * 10_000) == {"name": Problem.TOO_LONG(most=80, length=10_000)}


def test_a_name_is_kept_without_control_characters_and_overrides(database):
    assert actor_of(sign_up(name=" Nuñez\0 \u202e<b>\tO’Neill ")).name == "Nuñez <b> O’Neill"


@pytest.mark.parametrize(
    "password", ["🙂🙃🌙☀🌊🌲🏔🚲✉🕊", "סיסמה ארוכה", "a\0b\x01 <script>", "é river and a lantern " * 11]
)
def test_any_characters_make_a_password(database, password):
    sign_up(password=password)
    assert sign_ins.sign_in("sam@example.com", password, HERE)


def test_an_accent_typed_on_another_keyboard_is_the_same_password(database):
    sign_up(password="caf\u00e9 caf\u00e9 caf\u00e9")
    assert sign_ins.sign_in("sam@example.com", "cafe\u0301 cafe\u0301 cafe\u0301", HERE)


def test_signing_up_is_throttled_by_network_address(database):
    sign_up()
    for _ in range(59):
        db.write(throttle.count_attempt, "sign up", HERE.address, 60, timedelta(hours=1))
    with pytest.raises(Throttled):
        sign_up(email="rosa@example.com")


def test_an_operator_makes_an_account_of_staff_and_gives_it_posts(database, facility):
    account_id = db.write(
        accounts.create_account,
        email="reviewer@example.com",
        name="Robin Reyes",
        password=PASSWORD,
        kind=ActorKind.STAFF,
        verified=True,
    )
    here, there = facility(), facility()
    db.write(staff.assign, account_id, here, Role.TRAINER)
    db.write(staff.assign, account_id, here, Role.REVIEWER)
    db.write(staff.assign, account_id, there, Role.AUDITOR)
    with pytest.raises(SecondStepNeeded):
        sign_ins.sign_in("reviewer@example.com", PASSWORD, HERE)
    actor = actor_of(db.write(sign_ins.create_sign_in, account_id))
    posts = (Post(here, Role.REVIEWER), Post(there, Role.AUDITOR))
    assert (actor.account_id, actor.kind, actor.posts, actor.email_verified) == (
        account_id,
        ActorKind.STAFF,
        posts,
        True,
    )


def test_demo_accounts_are_noticed(database):
    sign_up()
    assert not db.read(accounts.has_demo_accounts)
    db.write(accounts.create_account, email="rosa@example.com", name="Rosa", password=PASSWORD, is_demo=True)
    assert db.read(accounts.has_demo_accounts)


def test_changing_the_password_ends_every_other_sign_in_and_says_so_by_email(database):
    here, elsewhere = sign_up(), sign_ins.sign_in("sam@example.com", PASSWORD, HERE)
    accounts.change_password(actor_of(here), PASSWORD, NEW, here)
    assert actor_of(here)
    assert actor_of(elsewhere) is None
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in("sam@example.com", PASSWORD, HERE)
    assert sign_ins.sign_in("sam@example.com", NEW, HERE)
    assert outbox()[0].subject == "Your password was changed"


def test_changing_the_password_needs_the_current_one_and_guesses_are_throttled(database):
    token = sign_up()
    for _ in range(10):
        with pytest.raises(Invalid) as refusal:
            accounts.change_password(actor_of(token), "wrong wrong", NEW, token)
        assert set(refusal.value.fields) == {"current_password"}
    with pytest.raises(Throttled):
        accounts.change_password(actor_of(token), PASSWORD, NEW, token)
    assert sign_ins.sign_in("sam@example.com", PASSWORD, HERE)


def test_a_reset_link_works_once_and_ends_every_sign_in_but_the_new_one(database):
    token = sign_up()
    request_reset()
    link = newest_token()
    new = accounts.reset_password(link, NEW, HERE)
    assert actor_of(token) is None
    assert actor_of(new).email == "sam@example.com"
    assert actor_of(sign_ins.sign_in("sam@example.com", NEW, HERE)).email_verified
    with pytest.raises(LinkExpired):
        accounts.reset_password(link, "another one 12", HERE)
    assert sign_ins.sign_in("sam@example.com", NEW, HERE)


def test_a_reset_asks_before_a_closed_account_opens_again_as_signing_in_does(database):
    owner = actor_of(sign_up())
    closings.close_account(owner, PASSWORD)
    request_reset()
    with pytest.raises(ReopeningNeeded) as asked:
        accounts.reset_password(newest_token(), NEW, HERE)
    with db.reading() as session:
        assert session.get_one(Account, owner.account_id).closed_at
    assert actor_of(db.write(reopenings.reopen, asked.value.token, HERE)).email == "sam@example.com"


def test_of_two_uses_of_a_link_at_the_same_moment_one_succeeds(database):
    sign_up()
    request_reset()
    link = newest_token()

    def use(number):
        try:
            accounts.reset_password(link, f"new password {number}", HERE)
        except LinkExpired:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_a_refused_new_password_leaves_the_link_usable(database):
    sign_up()
    request_reset()
    with pytest.raises(Invalid) as refusal:
        accounts.reset_password(newest_token(), "short", HERE)
    assert set(refusal.value.fields) == {"new_password"}
    accounts.reset_password(newest_token(), NEW, HERE)


def test_using_one_reset_link_ends_the_earlier_ones(database):
    sign_up()
    request_reset()
    first = newest_token()
    request_reset()
    accounts.reset_password(newest_token(), NEW, HERE)
    with pytest.raises(LinkExpired):
        accounts.reset_password(first, "another one 12", HERE)


@pytest.mark.parametrize(("purpose", "age"), [("reset", timedelta(hours=1)), ("verify", timedelta(days=7))])
def test_links_expire(database, purpose, age):
    with clock.at(clock.now() - age):
        sign_up()
        if purpose == "reset":
            request_reset()
    with pytest.raises(LinkExpired):
        accounts.reset_password(newest_token(), NEW, HERE) if purpose == "reset" else db.write(
            accounts.verify_email, newest_token()
        )


def test_a_verification_link_cannot_reset_a_password_and_a_made_up_one_does_nothing(database):
    sign_up()
    for token in (newest_token(), "made-up", ""):
        with pytest.raises(LinkExpired):
            accounts.reset_password(token, NEW, HERE)


def test_a_reset_for_nobody_answers_like_one_for_somebody_and_is_counted_alike(database):
    sign_up()
    for email in ("sam@example.com", "nobody@example.com"):
        for _ in range(5):
            assert request_reset(email) is None
        with pytest.raises(Throttled):
            request_reset(email)
    assert {email.recipient for email in outbox()} == {"sam@example.com"}


def test_a_reset_lets_someone_in_who_had_guessed_too_often(database):
    sign_up()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_ins.sign_in("sam@example.com", "wrong wrong", HERE)
    with pytest.raises(Throttled):
        sign_ins.sign_in("sam@example.com", PASSWORD, HERE)
    request_reset()
    accounts.reset_password(newest_token(), NEW, HERE)
    assert sign_ins.sign_in("sam@example.com", NEW, HERE)


def test_another_verification_link_is_sent_on_request_until_the_address_is_verified(database):
    token = sign_up()
    db.write(accounts.resend_verification, actor_of(token))
    assert len(outbox()) == 2
    db.write(accounts.verify_email, newest_token())
    db.write(accounts.resend_verification, actor_of(token))
    assert len(outbox()) == 2


def test_renaming_cleans_the_name_and_refuses_none(database):
    token = sign_up()
    assert db.write(accounts.rename, actor_of(token), "  Samuel\n Rivera ") == "Samuel Rivera"
    assert actor_of(token).name == "Samuel Rivera"
    with pytest.raises(Invalid):
        db.write(accounts.rename, actor_of(token), "\u200b")
    assert actor_of(token).name == "Samuel Rivera"


def test_the_database_holds_neither_passwords_nor_tokens(slow_hashes, database):
    token = sign_up()
    request_reset()
    with db.reading() as session:
        account, links = session.exec(select(Account)).one(), session.exec(select(EmailLink)).all()
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not {newest_token(), token} & {link.token_hash for link in links}
