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
from rxconnect.domain.text import composed

# OWASP's first choice: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)

# zxcvbn's score of how many guesses a password withstands, from 0 to 4. A score of 3 is more than 10^8 guesses, far more
# than a throttled sign-in allows.
_GOOD_ENOUGH = 3
# zxcvbn's time grows with the length, and much faster with signs that may stand for letters ("p@$$w0rd"). Of a password
# with many different ones only the beginning is judged.
_JUDGED, _JUDGED_OF_MANY_SIGNS, _MANY_SIGNS = 64, 20, 6
_SIGNS = frozenset("4@8({[<369!1|7$5+0%2")
# zxcvbn keeps the words about the person in a global that all threads share, so calls to it need a lock.
_one_at_a_time = Lock()
# The sentences, by the dictionary in which a part was found, or else by the part's pattern.
_REASONS: dict[str | None, str] = {
    "user_inputs": "This password is mostly your own name or email address, which others know.",
    "passwords": "Many people use this password or one much like it, so it is guessed first.",
    "dictionary": "This password is mostly a common word or name, so it is guessed soon.",
    "repeat": "This password repeats itself, so it is guessed soon.",
    "spatial": "The keys of this password stand side by side on the keyboard, so it is guessed soon.",
    "sequence": "This password counts up or down, so it is guessed soon.",
    "date": "This password is mostly a date, so it is guessed soon.",
    "regex": "This password is mostly a year, so it is guessed soon.",
    "": "This password is too easy to guess.",
}
_ADVICE = "Try three or four words that have nothing to do with each other."


def problem(password: str, email: str, name: str) -> str:
    """A sentence that says why this cannot be the password of the account with that email and name, or ""."""
    if not password:
        return "Please choose a password."
    if len(password) < PASSWORD_MIN:
        return f"Please use at least {PASSWORD_MIN} characters. A few words in a row work well."
    if len(password) > PASSWORD_MAX:
        return f"Please use at most {PASSWORD_MAX:,} characters; this has {len(password):,}."
    judged = _judged(_composed(password))
    with _one_at_a_time:
        estimate = zxcvbn(judged, user_inputs=_known(email[:EMAIL_MAX], name[:NAME_MAX]))
    if estimate["score"] >= _GOOD_ENOUGH:
        return ""
    return f"{_reason(estimate['sequence'])} {_ADVICE}"


def _known(email: str, name: str) -> list[str]:
    """The words that others know about the person: each by itself, and all of them joined."""
    mailbox, names = email.partition("@")[0], name.split()
    words = [email, mailbox, *re.split(r"[@.+_-]", email), name, *names, "".join(names), "".join(reversed(names))]
    return [word for word in words if word]


def _judged(password: str) -> str:
    beginning = password[:_JUDGED]
    return beginning[:_JUDGED_OF_MANY_SIGNS] if len(_SIGNS & set(beginning)) > _MANY_SIGNS else beginning


def _reason(parts: Sequence[Mapping[str, Any]]) -> str:
    """The sentence about the longest part of a password that zxcvbn recognised."""
    recognised = [part for part in parts if part["pattern"] in _REASONS]
    longest = max(recognised, key=lambda part: len(part["token"]), default={"pattern": ""})
    return _REASONS.get(longest.get("dictionary_name"), _REASONS[longest["pattern"]])


def hashed(password: str) -> str:
    """The hash to keep. Takes some 20 ms and 19 MiB on purpose, so never call it while holding a write transaction."""
    return _HASHER.hash(_composed(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash. None, for an account that does not exist, takes as long to refuse."""
    is_possible = len(password) <= PASSWORD_MAX
    try:
        matches = _HASHER.verify(password_hash or _dummy_hash(), _composed(password if is_possible else ""))
    except (VerificationError, InvalidHashError):
        return False
    return matches and is_possible and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return hashed(secrets.token_urlsafe())


def _composed(password: str) -> str:
    """Normalize the password (NFKC), since keyboards compose accents differently (NIST SP 800-63B)."""
    return composed(password, "NFKC")
