"""Which passwords are accepted: by how soon they are guessed, and by nothing else."""

from __future__ import annotations

import random
import string
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rxconnect.domain.problems import Problem
from rxconnect.services.accounts import passwords

EMAIL, NAME = "rosa.delgado@example.com", "Rosa Delgado"


def problem(password, name=NAME):
    return passwords.password_problem(password, EMAIL, name)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", Problem.NEW_PASSWORD_MISSING),
        ("short", Problem.NEW_PASSWORD_TOO_SHORT),
        ("🙂" * 9, Problem.NEW_PASSWORD_TOO_SHORT),
        ("x" * 257, Problem.TOO_LONG),
        ("aaaaaaaaaa", Problem.PASSWORD_REPEATS),
        (" " * 10, Problem.PASSWORD_REPEATS),
        ("🙂" * 20, Problem.PASSWORD_REPEATS),
        ("é" * 256, Problem.PASSWORD_REPEATS),
        ("abcabcabcabc", Problem.PASSWORD_REPEATS),
        ("walla walla 98", Problem.PASSWORD_REPEATS),
        ("Password1!", Problem.PASSWORD_IS_COMMON),
        ("P@ssw0rd123", Problem.PASSWORD_IS_COMMON),
        ("iloveyou1234", Problem.PASSWORD_IS_COMMON),
        ("qwertyuiop", Problem.PASSWORD_IS_COMMON),
        ("1q2w3e4r5t", Problem.PASSWORD_IS_COMMON),
        ("abcdefghijkl", Problem.PASSWORD_COUNTS),
        ("rosa.delgado@example.com", Problem.PASSWORD_IS_KNOWN_OF_YOU),
        ("ROSA.Delgado@Example.COM", Problem.PASSWORD_IS_KNOWN_OF_YOU),
        ("RosaDelgado1", Problem.PASSWORD_IS_KNOWN_OF_YOU),
        ("delgado2024", Problem.PASSWORD_IS_KNOWN_OF_YOU),
    ],
)
def test_what_is_guessed_soon_is_refused_with_its_reason(password, reason):
    assert problem(password).problem is reason


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "a letter home 7",
        "walla walla washington 98",
        "סיסמה ארוכה",
        "🙂🙃🌙☀🌊🌲🏔🚲✉🕊",
        "onlylowercaseriverlantern",
        "J7#kq!mW2zR@",
        "a\0b\x01 <script>",
    ],
)
def test_what_is_hard_to_guess_is_accepted_whatever_it_is_made_of(password):
    assert problem(password) is None


def test_ones_own_name_is_a_password_for_nobody_but_others():
    password = "rosadelgado77"
    assert problem(password) == Problem.PASSWORD_IS_KNOWN_OF_YOU()
    assert passwords.password_problem(password, "sam@example.com", "Sam Rivera") != Problem.PASSWORD_IS_KNOWN_OF_YOU()


def test_people_who_choose_at_the_same_moment_are_judged_by_their_own_names():
    names = ["Rosa Delgado", "Marcus Okonkwo", "Nina Vandermeer", "Samuel Rivendale"]

    def judged(number):
        name = names[number % 4]
        judged = passwords.password_problem(f"{name.replace(' ', '')}1", "x@example.com", name)
        return judged == Problem.PASSWORD_IS_KNOWN_OF_YOU()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(judged, range(40)))


def test_no_password_keeps_the_estimator_busy(slow_hashes):
    """Some keep zxcvbn busy for minutes: of each kind, the worst costs little more than hashing one."""
    chance = random.Random(7)
    signs, mixed = "4@8({[<369&#!1/|0$5+7%2", "a4@b8c({[<e3g69hi!1/|l7o0s$5t+x%z2"
    worst = [
        "".join(chance.choices(alphabet, k=256))
        for alphabet in (signs, mixed, string.printable[:94], "4@3!", "01", "aeo4@")
        for _ in range(3)
    ]
    begin = time.process_time()
    for password in worst:
        problem(password)
    spent = (time.process_time() - begin) / len(worst)
    begin = time.process_time()
    for _ in range(5):
        passwords.hash_password("a letter home 7")
    assert spent < 10 * (time.process_time() - begin) / 5


def test_what_is_too_long_is_refused_before_anything_is_made_of_it():
    assert problem("\u0301" * 100_000) == Problem.TOO_LONG(most=256, length=100_000)
    assert problem("a letter home 7", name="n " * 500_000) is None
