"""Passkeys: made for one account and one site, and what they sign is good once, for what it was asked for."""

import base64
import json
import random
from contextlib import suppress
from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid, WrongSecondFactor
from rxconnect.services.second_factors import passkeys
from rxconnect.services.second_factors.challenges import Purpose
from tests.authenticator import Authenticator
from tests.staff import new_member

KEY = "sign-in 1"


@pytest.fixture
def robin(database):
    return new_member(has_app=False).account_id


def options_to_make(account_id, key=KEY):
    return db.read(passkeys.registration_options, account_id, "robin@example.com", "Robin", key)


def options_to_sign(purpose=Purpose.SIGN_IN, key="", account_id=None):
    return db.read(passkeys.request_options, purpose, key, account_id)


def register(account_id, authenticator, key=KEY):
    db.write(passkeys.register, account_id, authenticator.make(options_to_make(account_id)), key, "Firefox on Linux")


def use(credential, purpose=Purpose.SIGN_IN, key=""):
    return db.write(passkeys.use, credential, purpose, key)


@pytest.fixture
def device(robin):
    device = Authenticator()
    register(robin, device)
    return device


def test_a_passkey_signs_its_account_in_without_any_name(robin, device):
    assert use(device.sign(options_to_sign())) == robin


def test_what_it_signed_is_good_once(device):
    answer = device.sign(options_to_sign())
    use(answer)
    with pytest.raises(WrongSecondFactor):
        use(answer)


def test_what_it_signed_is_good_for_five_minutes(device):
    answer = device.sign(options_to_sign())
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)), pytest.raises(WrongSecondFactor):
        use(answer)


@pytest.mark.parametrize(
    ("purpose", "key"), [(Purpose.SECOND_STEP, ""), (Purpose.SIGN_IN, "another"), (Purpose.CONFIRM, "")]
)
def test_what_it_signed_for_one_thing_is_good_for_no_other(device, purpose, key):
    with pytest.raises(WrongSecondFactor):
        use(device.sign(options_to_sign()), purpose, key)


def test_a_challenge_that_is_not_ours_is_refused(device):
    with pytest.raises(WrongSecondFactor):
        use(device.sign(json.dumps({"challenge": "bm90IG91cnM"})))


@pytest.mark.parametrize("other", [{"origin": "https://evil.example"}, {"site": "evil.example"}, {"verifies": False}])
def test_another_site_or_nobody_in_front_of_it_is_refused(robin, other):
    with pytest.raises(WrongSecondFactor):
        register(robin, Authenticator(**other))


def test_another_key_with_the_same_name_is_refused(device):
    thief = Authenticator()
    thief.id = device.id
    with pytest.raises(WrongSecondFactor):
        use(thief.sign(options_to_sign()))


def test_a_copy_whose_counter_is_behind_is_refused(robin, device):
    device.count = 7
    use(device.sign(options_to_sign()))
    for behind in (7, 3):
        device.count = behind
        with pytest.raises(WrongSecondFactor):
            use(device.sign(options_to_sign()))


def test_it_is_registered_only_where_it_was_asked_for_and_once(robin):
    device = Authenticator()
    answer = device.make(options_to_make(robin))
    with pytest.raises(WrongSecondFactor):
        db.write(passkeys.register, robin, answer, "another browser", "Firefox")
    db.write(passkeys.register, robin, answer, KEY, "Firefox")
    with pytest.raises(WrongSecondFactor):
        db.write(passkeys.register, robin, answer, KEY, "Firefox")


def test_an_account_has_ten_at_most(robin):
    for _ in range(passkeys.MOST):
        register(robin, Authenticator())
    with pytest.raises(Invalid):
        register(robin, Authenticator())


def test_options_name_the_passkeys_of_the_account_alone(robin, device):
    assert json.loads(options_to_sign(account_id=robin))["allowCredentials"]
    assert not json.loads(options_to_sign(account_id=new_member("kim@example.com").account_id))["allowCredentials"]
    assert not json.loads(options_to_sign()).get("allowCredentials")
    assert json.loads(options_to_make(robin))["excludeCredentials"]


NO_ANSWERS = ["", "null", "[]", "{}", "[" * 15_000, '{"id": 7}', "\ud83d"]


def test_nothing_else_signs_anybody_in(device):
    chance = random.Random(20418873)
    answer = device.sign(options_to_sign())
    for text in (*NO_ANSWERS, *(_spoiled(answer, chance) for _ in range(300))):
        with pytest.raises(WrongSecondFactor):
            use(text)


def test_no_nonsense_breaks_a_registration(robin):
    """Some changes make another passkey, which is as good: nobody vouches for its maker."""
    chance = random.Random(20418873)
    answer = Authenticator().make(options_to_make(robin))
    for text in (*NO_ANSWERS, *(_spoiled(answer, chance) for _ in range(300))):
        with suppress(WrongSecondFactor):
            db.write(passkeys.register, robin, text, KEY, "Firefox")


def _spoiled(answer, chance):
    """The answer with a few bytes changed in one of its parts."""
    whole = json.loads(answer)
    part = chance.choice(sorted(whole["response"]))
    data = bytearray(base64.urlsafe_b64decode(whole["response"][part] + "=="))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        data[place] = (data[place] + chance.randint(1, 255)) % 256
    whole["response"][part] = base64.urlsafe_b64encode(bytes(data)).decode().rstrip("=")
    return json.dumps(whole)
