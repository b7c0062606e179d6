"""Setting up a second factor, and removing one."""

from datetime import timedelta

import pytest
from pyotp import TOTP

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, LastSecondFactor, NotAllowed, NotFound, NotSignedIn, PasswordNeeded
from rxconnect.services.accounts import sign_ins
from rxconnect.services.notices import emails
from rxconnect.services.second_factors import enrolments, passkeys, second_factors
from tests.authenticator import Authenticator
from tests.staff import add_app, new_member

HERE = Browser("192.0.2.7", "Firefox on Linux", device="d" * 43)


@pytest.fixture
def robin(facility):
    """Somebody who has just been given an account."""
    return new_member(facility_id=facility(), has_app=False)


def applicant(token="", actor=None):
    return db.read(enrolments.applicant_of, token, actor)


def code_for(who):
    return TOTP(db.read(enrolments.secret_and_address, who)[0]).at(clock.now())


def make_passkey(who):
    options = db.read(passkeys.registration_options, who.account_id, who.email, who.name, who.key)
    return Authenticator().make(options)


def actor_of(token):
    return db.read(sign_ins.actor_for, token)


def test_at_the_first_sign_in_an_app_is_set_up_and_signs_in(robin):
    who = applicant(robin.enter_password(HERE))
    assert "otpauth://totp/RxConnect:robin%40example.com" in db.read(enrolments.secret_and_address, who)[1]
    with pytest.raises(Invalid):
        enrolments.set_up_app(who, "000000", HERE)
    actor = actor_of(enrolments.set_up_app(who, code_for(who), HERE))
    assert actor.account_id == robin.account_id
    assert db.read(second_factors.my_factors, actor).app_added


def test_at_the_first_sign_in_a_passkey_is_made_and_signs_in(robin):
    who = applicant(robin.enter_password(HERE))
    actor = actor_of(enrolments.add_passkey(who, make_passkey(who), HERE))
    (passkey,) = db.read(second_factors.my_factors, actor).passkeys
    assert passkey.name == "Firefox on Linux"


def test_a_password_alone_adds_nothing_to_an_account_that_has_a_second_factor(robin):
    early = applicant(robin.enter_password(HERE))
    answer, code = make_passkey(early), code_for(early)
    add_app(robin.account_id)
    assert applicant(robin.enter_password(HERE)) is None
    for attempt in (
        lambda: enrolments.add_passkey(early, answer, HERE),
        lambda: enrolments.set_up_app(early, code, HERE),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_nobody_sets_up_anything_without_a_password(database):
    assert applicant() is None
    assert applicant("nonsense") is None


def test_a_step_that_was_used_up_adds_nothing(robin):
    who = applicant(robin.enter_password(HERE))
    enrolments.set_up_app(who, code_for(who), HERE)
    with pytest.raises((NotAllowed, NotSignedIn)):
        enrolments.add_passkey(who, make_passkey(who), HERE)


def signed_in(robin):
    who = applicant(robin.enter_password(HERE))
    return actor_of(enrolments.set_up_app(who, code_for(who), HERE))


def test_who_is_signed_in_adds_another_one_and_gets_an_email(robin):
    actor = signed_in(robin)
    who = applicant(actor=actor)
    assert enrolments.add_passkey(who, make_passkey(who), HERE) == ""
    newest = db.read(emails.outbox)[0]
    assert "A passkey was added" in newest.body


def test_a_while_after_the_password_it_is_asked_for_first(robin):
    actor = signed_in(robin)
    who = applicant(actor=actor)
    enrolments.add_passkey(who, make_passkey(who), HERE)
    (passkey,) = db.read(second_factors.my_factors, actor).passkeys
    with clock.at(clock.now() + FRESH_FOR + timedelta(seconds=1)):
        for attempt in (
            lambda: applicant(actor=actor),
            lambda: db.write(second_factors.remove_passkey, actor, passkey.id),
            lambda: db.write(second_factors.remove_app, actor),
            lambda: db.write(second_factors.renew_codes, actor),
        ):
            with pytest.raises(PasswordNeeded):
                attempt()


def test_the_last_one_stays(robin):
    actor = signed_in(robin)
    with pytest.raises(LastSecondFactor):
        db.write(second_factors.remove_app, actor)
    who = applicant(actor=actor)
    enrolments.add_passkey(who, make_passkey(who), HERE)
    db.write(second_factors.remove_app, actor)
    (passkey,) = db.read(second_factors.my_factors, actor).passkeys
    with pytest.raises(LastSecondFactor):
        db.write(second_factors.remove_passkey, actor, passkey.id)


def test_a_passkey_of_somebody_else_is_not_found(robin, facility):
    kim = signed_in(new_member("kim@example.com", facility(), has_app=False))
    who = applicant(actor=kim)
    enrolments.add_passkey(who, make_passkey(who), HERE)
    (passkey,) = db.read(second_factors.my_factors, kim).passkeys
    with pytest.raises(NotFound):
        db.write(second_factors.remove_passkey, signed_in(robin), passkey.id)


def test_an_operator_resets_everything_and_the_next_sign_in_sets_up_a_new_one(robin):
    actor = signed_in(robin)
    codes = db.write(second_factors.renew_codes, actor)
    db.write(second_factors.reset, robin.account_id)
    with db.reading() as session:
        assert session.get_one(sign_ins.SignIn, actor.sign_in_id).ended_at is not None
    assert len(codes) == 10
    assert not db.read(second_factors.has_any, robin.account_id)
    assert applicant(robin.enter_password(HERE)) is not None
