"""One-time codes: right for a minute and a half, and each only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.models import CodeApp
from rxconnect.services.second_factors import code_apps
from tests.staff import SECRET, code_at, new_member


@pytest.fixture
def robin(database):
    return new_member()


def use(robin, code):
    return db.write(code_apps.use_code, robin.account_id, code)


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_right_for_a_step_before_and_after(robin, steps, is_right):
    now = clock.now()
    with clock.at(now):
        assert use(robin, code_at(now + timedelta(seconds=30 * steps))) is is_right


def test_a_code_works_once_and_no_older_one_after_it(robin):
    now = clock.now()
    with clock.at(now):
        assert use(robin, code_at(now))
        assert not use(robin, code_at(now))
        assert not use(robin, code_at(now - timedelta(seconds=30)))
        assert use(robin, code_at(now + timedelta(seconds=30)))


def test_of_two_requests_with_one_code_only_one_is_let_in(robin):
    code = code_at()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: use(robin, code), range(4))) == 1


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "１２３４５６", "x" * 1000, "\0" * 6])
def test_anything_else_is_wrong(robin, code):
    assert not use(robin, code)


def test_the_secret_is_not_stored_as_it_is(robin):
    with db.reading() as session:
        assert SECRET not in session.get_one(CodeApp, robin.account_id).secret


def test_a_new_app_ends_the_old_one_and_has_another_secret(robin):
    shown = db.read(code_apps.new_secret, robin.account_id, "sign-in 1")
    assert shown == db.read(code_apps.new_secret, robin.account_id, "sign-in 1")
    assert shown != db.read(code_apps.new_secret, robin.account_id, "sign-in 2")
    assert db.write(code_apps.set_up, robin.account_id, shown, code_apps.TOTP(shown).at(clock.now()))
    assert not use(robin, code_at())
    assert shown != db.read(code_apps.new_secret, robin.account_id, "sign-in 1")


def test_an_account_without_an_app_has_no_right_code(database):
    assert not use(new_member(has_app=False), code_at())
