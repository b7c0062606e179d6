"""Kiosks: the shared tablets of people in custody, their codes, PINs, and what staff see of both."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.team import Choice

PIN_MIN, PIN_MAX = 4, 8
DEVICE_NAME_MAX = 60
NUMBER_MAX = 24
CODE_MAX = 40
# A code that nobody has entered by then opens nothing.
CODE_LASTS = timedelta(days=7)
# People who are new get a PIN of this length. They choose their own at once.
_FIRST_PIN_LENGTH = 6
_DIGITS = "0123456789"
# Letters and digits that nobody confuses on a slip of paper.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A kiosk as staff see it. `state` is in words; a code that waits to be entered has not opened it yet."""

    id: int
    name: str
    state: str
    tone: str
    last_used: str
    made: str
    may_be_revoked: bool


@dataclass(frozen=True, slots=True)
class NewCode:
    """A new code for a kiosk, which is shown this one time."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person in custody, and what staff may know of their PIN: never the PIN."""

    inmate_id: int
    name: str
    number: str
    housing: str
    pin: str
    has_pin: bool
    is_slowed: bool


@dataclass(frozen=True, slots=True)
class NewPin:
    """A new PIN for a person, which is shown this one time."""

    name: str
    number: str
    pin: str


@dataclass(frozen=True, slots=True)
class KiosksView:
    """The kiosks of a facility. `may_manage` is about kiosks, `may_set_pins` about PINs."""

    facility_id: int
    facility: str
    facilities: list[Choice]
    devices: list[DeviceView]
    may_manage: bool
    may_set_pins: bool


@dataclass(frozen=True, slots=True)
class KioskDevice:
    """The kiosk behind a request: which one, at which facility, and in which language that one writes."""

    id: int
    facility_id: int
    facility: str
    is_demo: bool
    language: str


def new_code() -> str:
    """A code of about 59 bits, in three groups: `K7QF-M2XR-9TBD`."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def plain_code(text: str) -> str:
    """A typed code in the form in which codes are compared: capital letters and digits alone."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())


def new_pin(number: str) -> str:
    """A random PIN for the person with this inmate number. `pin_problem` has nothing against it."""
    while True:
        pin = "".join(secrets.choice(_DIGITS) for _ in range(_FIRST_PIN_LENGTH))
        if pin_problem(pin, number) is None:
            return pin


def pin_problem(pin: str, number: str) -> Fact | None:
    """The reason to refuse a new PIN for the person with this inmate number; None when it is good enough.

    Only waiting protects a PIN from guessing, so those that people try first are refused.
    """
    if not pin:
        return Problem.NEW_PIN_MISSING()
    if not (set(pin) <= set(_DIGITS) and PIN_MIN <= len(pin) <= PIN_MAX):
        return Problem.PIN_UNREADABLE(least=PIN_MIN, most=PIN_MAX)
    if _is_run(pin) or _repeats(pin):
        return Problem.PIN_IS_COMMON()
    digits = "".join(sign for sign in number if sign in _DIGITS)
    if digits.endswith(pin) or digits.startswith(pin):
        return Problem.PIN_IS_THE_NUMBER()
    return None


def _is_run(pin: str) -> bool:
    """Whether each digit follows from the one before by the same step of 0, 1 or -1: `0000`, `1234`, `8901`, `4321`."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def _repeats(pin: str) -> bool:
    """Whether the PIN is one or two digits again and again: `1212`."""
    return pin == (pin[:2] * PIN_MAX)[: len(pin)]
