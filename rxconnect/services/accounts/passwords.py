"""Passwords: which ones are accepted, and their Argon2id hashes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from rxconnect.domain.accounts import EMAIL_MAX, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.text import composed

# OWASP's first choice: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)

# zxcvbn's score of how many guesses a password withstands, from 0 to 4. A score of 3 is more than 10^8 guesses, far
# more than a throttled sign-in allows.
_GOOD_ENOUGH = 3
# zxcvbn's time grows with the length, and much faster with signs that may stand for letters ("p@$$w0rd"). If a password
# has many different signs, only its beginning is judged.
_JUDGED, _JUDGED_OF_MANY_SIGNS, _MANY_SIGNS = 64, 20, 6
_SIGNS = frozenset("4@8({[<369!1|7$5+0%2")
# zxcvbn keeps the words about the person in a global that all threads share, so calls to it need a lock.
_zxcvbn_lock = Lock()
# Keyed by the dictionary in which zxcvbn found a part, or else by the part's pattern.
_PROBLEMS: dict[str | None, Problem] = {
    "user_inputs": Problem.PASSWORD_IS_KNOWN_OF_YOU,
    "passwords": Problem.PASSWORD_IS_COMMON,
    "dictionary": Problem.PASSWORD_IS_A_WORD,
    "repeat": Problem.PASSWORD_REPEATS,
    "spatial": Problem.PASSWORD_IS_ON_THE_KEYBOARD,
    "sequence": Problem.PASSWORD_COUNTS,
    "date": Problem.PASSWORD_IS_A_DATE,
    "regex": Problem.PASSWORD_IS_A_YEAR,
    "": Problem.PASSWORD_IS_GUESSABLE,
}


def password_problem(password: str, email: str, name: str) -> Fact | None:
    """The reason to refuse a new password for the account with this email and name; None when it is good enough."""
    if not password:
        return Problem.NEW_PASSWORD_MISSING()
    if len(password) < PASSWORD_MIN:
        return Problem.NEW_PASSWORD_TOO_SHORT(least=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        return Problem.TOO_LONG(most=PASSWORD_MAX, length=len(password))
    judged = _part_to_judge(_normalized(password))
    with _zxcvbn_lock:
        estimate = zxcvbn(judged, user_inputs=_guessable_words(email[:EMAIL_MAX], name[:NAME_MAX]))
    return None if estimate["score"] >= _GOOD_ENOUGH else _reason_for_weakness(estimate["sequence"])()


def _guessable_words(email: str, name: str) -> list[str]:
    """Words about the person that a stranger could know: each one alone, and all of them joined."""
    mailbox, names = email.partition("@")[0], name.split()
    words = [email, mailbox, *re.split(r"[@.+_-]", email), name, *names, "".join(names), "".join(reversed(names))]
    return [word for word in words if word]


def _part_to_judge(password: str) -> str:
    beginning = password[:_JUDGED]
    return beginning[:_JUDGED_OF_MANY_SIGNS] if len(_SIGNS & set(beginning)) > _MANY_SIGNS else beginning


def _reason_for_weakness(parts: Sequence[Mapping[str, Any]]) -> Problem:
    """The reason why a password is easy to guess, from the longest part that zxcvbn recognised."""
    recognised = [part for part in parts if part["pattern"] in _PROBLEMS]
    longest = max(recognised, key=lambda part: len(part["token"]), default={"pattern": ""})
    return _PROBLEMS.get(longest.get("dictionary_name"), _PROBLEMS[longest["pattern"]])


def hash_password(password: str) -> str:
    """The hash to store. It takes about 20 ms and 19 MiB on purpose, so never call it inside a write transaction."""
    return _HASHER.hash(_normalized(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether `password` matches the hash. Refusing None (no such account) takes as long, so timing reveals nothing."""
    is_possible = len(password) <= PASSWORD_MAX
    try:
        matches = _HASHER.verify(password_hash or _dummy_hash(), _normalized(password if is_possible else ""))
    except (VerificationError, InvalidHashError):
        return False
    return matches and is_possible and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with parameters other than the present ones."""
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return hash_password(secrets.token_urlsafe())


def _normalized(password: str) -> str:
    """Normalize the password (NFKC), since keyboards compose accents differently (NIST SP 800-63B)."""
    return composed(password, "NFKC")
