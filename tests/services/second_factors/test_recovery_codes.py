"""Recovery codes: ten, each once, however they are typed."""

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.models import RecoveryCode
from rxconnect.services.second_factors import recovery_codes
from tests.staff import new_member


@pytest.fixture
def robin(database):
    return new_member().account_id


def test_ten_different_codes_are_made_and_only_their_hashes_are_stored(robin):
    codes = db.write(recovery_codes.renew, robin)
    assert len(set(codes)) == db.read(recovery_codes.left, robin) == 10
    with db.reading() as session:
        stored = repr(session.exec(select(RecoveryCode)).all())
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_works_once_however_it_is_typed(robin, typed):
    code = db.write(recovery_codes.renew, robin)[3]
    assert db.write(recovery_codes.use, robin, typed(code))
    assert not db.write(recovery_codes.use, robin, code)
    assert db.read(recovery_codes.left, robin) == 9


def test_new_codes_end_the_earlier_ones(robin):
    old = db.write(recovery_codes.renew, robin)
    db.write(recovery_codes.renew, robin)
    assert not db.write(recovery_codes.use, robin, old[0])


def test_a_code_of_somebody_else_is_wrong(robin):
    other = new_member("kim@example.com").account_id
    assert not db.write(recovery_codes.use, other, db.write(recovery_codes.renew, robin)[0])


@pytest.mark.parametrize("code", ["", "-", "ABCDE-FGHJK", "é" * 50, "\0"])
def test_anything_else_is_wrong(robin, code):
    db.write(recovery_codes.renew, robin)
    assert not db.write(recovery_codes.use, robin, code)
