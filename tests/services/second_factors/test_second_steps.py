"""The second factor after the password, instead of it, and where it is confirmed."""

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, ActorKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import (
    Invalid,
    NotSignedIn,
    SecondStepNeeded,
    Suspended,
    Throttled,
    WrongCredentials,
    WrongSecondFactor,
)
from rxconnect.domain.problems import Problem
from rxconnect.services.accounts import accounts, devices, pending_sign_ins, sign_ins, staff, throttle
from rxconnect.services.notices import emails
from rxconnect.services.second_factors import passkeys, recovery_codes, second_steps
from rxconnect.services.second_factors.challenges import Purpose
from rxconnect.services.team import team
from tests.authenticator import Authenticator
from tests.staff import PASSWORD, code_at, new_member

HERE = Browser("192.0.2.7", "Firefox on Linux", device="d" * 43)
ELSEWHERE = Browser("198.51.100.3", "Chrome on Windows", device="e" * 43)
WRONG = "000000"


@pytest.fixture
def robin(facility):
    return new_member(facility_id=facility())


def finish(token, browser=HERE, **factor):
    return second_steps.finish_sign_in(token, browser, **factor)


def subjects():
    return [email.subject for email in db.read(emails.outbox)]


def guess(robin, browser, times):
    token = robin.enter_password(browser)
    for _ in range(times):
        with pytest.raises(WrongSecondFactor):
            finish(token, browser, code=WRONG)


def test_the_password_alone_opens_nothing(robin):
    token = robin.enter_password(HERE)
    assert db.read(sign_ins.actor_for, token) is None
    assert not subjects()


def test_the_people_of_the_demonstration_need_no_second_factor(facility):
    fields = {
        "email": "d@example.com",
        "name": "Denise",
        "password": PASSWORD,
        "kind": ActorKind.STAFF,
        "is_demo": True,
    }
    account_id = db.write(accounts.create_account, **fields)
    actor = db.read(sign_ins.actor_for, sign_ins.sign_in("d@example.com", PASSWORD, HERE))
    assert actor.account_id == account_id
    second_steps.confirm(actor, PASSWORD)


def test_a_code_of_the_app_signs_in_once(robin):
    token = robin.enter_password(HERE)
    signed_in = finish(token, code=code_at())
    assert db.read(sign_ins.actor_for, signed_in).account_id == robin.account_id
    with pytest.raises(NotSignedIn):
        finish(token, code=code_at(clock.now() + timedelta(seconds=30)))


def test_a_code_may_be_typed_in_groups(robin):
    code = code_at()
    assert finish(robin.enter_password(HERE), code=f"{code[:3]} {code[3:]}")


def test_a_recovery_code_signs_in_once(robin):
    code = db.write(recovery_codes.renew, robin.account_id)[0]
    assert finish(robin.enter_password(HERE), code=code.lower())
    with pytest.raises(WrongSecondFactor):
        finish(robin.enter_password(HERE), code=code)


def test_a_passkey_finishes_the_sign_in_that_asked_for_it_and_no_other(robin):
    device = with_passkey(robin)
    token, other = robin.enter_password(HERE), robin.enter_password(ELSEWHERE)
    key = second_steps.key_of_pending(token)
    answer = device.sign(db.read(passkeys.request_options, Purpose.SECOND_STEP, key, robin.account_id))
    with pytest.raises(WrongSecondFactor):
        finish(other, ELSEWHERE, credential=answer)
    assert finish(token, credential=answer)


def test_a_passkey_of_somebody_else_is_wrong(robin):
    kim = new_member("kim@example.com")
    device, token = with_passkey(kim), robin.enter_password(HERE)
    answer = device.sign(db.read(passkeys.request_options, Purpose.SECOND_STEP, second_steps.key_of_pending(token)))
    with pytest.raises(WrongSecondFactor):
        finish(token, credential=answer)


def test_a_passkey_signs_in_without_the_password(robin):
    device = with_passkey(robin)
    answer = device.sign(db.read(passkeys.request_options, Purpose.SIGN_IN, ""))
    token = second_steps.sign_in_with_passkey(answer, HERE)
    assert db.read(sign_ins.actor_for, token).account_id == robin.account_id


def test_the_step_waits_a_quarter_of_an_hour(robin):
    token = robin.enter_password(HERE)
    with clock.at(clock.now() + pending_sign_ins.LASTS), pytest.raises(NotSignedIn):
        finish(token, code=code_at())


def test_a_changed_password_ends_the_steps_that_wait(robin):
    actor, token = robin.sign_in(HERE), robin.enter_password(ELSEWHERE)
    accounts.change_password(actor, PASSWORD, "another harbor lantern 42", "")
    with pytest.raises(NotSignedIn):
        finish(token, ELSEWHERE, code=code_at(clock.now() + timedelta(seconds=30)))


def test_a_password_chosen_by_an_emailed_link_does_not_replace_the_second_factor(robin):
    db.write(accounts.request_reset, robin.email, HERE)
    link = db.read(emails.outbox)[0].link.partition("token=")[2]
    with pytest.raises(SecondStepNeeded) as step:
        accounts.reset_password(link, "another harbor lantern 42", HERE)
    assert db.read(sign_ins.actor_for, step.value.token) is None
    assert finish(step.value.token, code=code_at())


def test_nothing_at_all_is_missing_and_no_wrong_guess(robin):
    token = robin.enter_password(HERE)
    for _ in range(20):
        with pytest.raises(Invalid) as refused:
            finish(token)
    assert refused.value.fields == {"one_time_code": Problem.ONE_TIME_CODE_MISSING()}
    assert finish(token, code=code_at())


def test_who_guesses_codes_waits_up_to_an_hour_and_a_known_device_does_not(robin):
    known = Browser(HERE.address, HERE.name, device=devices.cookie_with_account(HERE.device, robin.account_id))
    guess(robin, ELSEWHERE, 10)
    with pytest.raises(Throttled):
        finish(robin.enter_password(ELSEWHERE), ELSEWHERE, code=WRONG)
    for hours in range(1, 12):
        with clock.at(clock.now() + timedelta(hours=hours)), pytest.raises(WrongSecondFactor):
            finish(robin.enter_password(ELSEWHERE), ELSEWHERE, code=WRONG)
    with clock.at(clock.now() + timedelta(hours=11)):
        with pytest.raises(Throttled) as refused:
            finish(robin.enter_password(ELSEWHERE), ELSEWHERE, code=WRONG)
        assert timedelta(minutes=59) < refused.value.retry_after <= timedelta(hours=1)
        assert finish(robin.enter_password(known), known, code=code_at())


def test_the_owner_hears_once_that_somebody_knows_the_password(robin):
    guess(robin, ELSEWHERE, 4)
    assert subjects() == []
    guess(robin, ELSEWHERE, 4)
    assert subjects() == ["Somebody knows your password"]


def test_a_new_device_is_told_of_once_it_is_signed_in(robin):
    robin.sign_in(HERE)
    robin.enter_password(ELSEWHERE)
    assert subjects() == []
    finish(robin.enter_password(ELSEWHERE), ELSEWHERE, code=code_at(clock.now() + timedelta(seconds=30)))
    assert subjects() == ["A new device signed in to your account"]


def test_suspended_staff_do_not_get_in_and_only_who_knows_the_password_hears_why(robin, facility):
    place = db.read(staff.posts, robin.account_id)[0].facility_id
    token = robin.enter_password(HERE)
    db.write(team._change, place, robin.account_id, suspended_at=clock.now())
    with pytest.raises(Suspended):
        sign_ins.sign_in(robin.email, PASSWORD, HERE)
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in(robin.email, "wrong wrong", HERE)
    with pytest.raises(Suspended):
        finish(token, code=code_at())


def test_both_are_given_where_the_password_is_asked_for_again(robin):
    with clock.at(clock.now() - FRESH_FOR - timedelta(minutes=1)):
        actor = robin.sign_in(HERE)
    assert not actor.is_fresh
    with pytest.raises(Invalid):
        second_steps.confirm(actor, "wrong wrong", code=code_at())
    with pytest.raises(Invalid):
        second_steps.confirm(actor, PASSWORD)
    with pytest.raises(WrongSecondFactor):
        second_steps.confirm(actor, PASSWORD, code=WRONG)
    second_steps.confirm(actor, PASSWORD, code=code_at())
    with db.reading() as session:
        again = session.get_one(sign_ins.SignIn, actor.sign_in_id).password_at
    assert again > actor.password_at


def with_passkey(member):
    """A passkey of the member's."""
    device = Authenticator()
    options = db.read(passkeys.registration_options, member.account_id, member.email, "Robin", "x")
    db.write(passkeys.register, member.account_id, device.make(options), "x", "Firefox on Linux")
    return device


def test_what_guesses_cost_is_counted_for_a_day(robin):
    guess(robin, ELSEWHERE, 10)
    with clock.at(clock.now() + throttle.LONGEST):
        assert finish(robin.enter_password(ELSEWHERE), ELSEWHERE, code=code_at())
