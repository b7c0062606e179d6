"""The numbers that may be meant by a mistyped one: some hundreds, so that all of them can be looked up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from string import ascii_lowercase, digits

# Letters and the digits that look like them, in print, in handwriting or on a screen.
_LOOKS_LIKE = {"o": "0", "q": "0", "d": "0", "i": "1", "l": "1", "z": "2", "s": "5", "g": "6", "b": "8"}
_AS_DIGITS = str.maketrans(_LOOKS_LIKE)
_LETTERS_LIKE = {digit: "".join(one for one, of in _LOOKS_LIKE.items() if of == digit) for digit in digits}
# One or two letters that many systems put before a number, and that families leave out.
_PREFIXES = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
_LONGEST_PREFIX = 3
_MOST_ZEROS, _LONGEST_WITH_ZEROS, _SHORTEST = 4, 10, 4


def with_look_alikes(number: str) -> set[str]:
    """The number with letters for digits that look like them, and the reverse, in the places where numbers have them.

    Numbers have their letters in front, and few of them: so all others are read as digits, or up to two signs are changed.
    """
    plain = in_digits(number)
    found = {plain}
    for end in range(1, min(_LONGEST_PREFIX, len(number) - 1) + 1):
        fronts = (sign if sign.isalpha() else _LETTERS_LIKE.get(sign, "") for sign in number[:end])
        found |= {"".join(front) + plain[end:] for front in product(*fronts)}
    found |= {number[:at] + other + number[at + 1 :] for at in range(len(number)) for other in _like(number[at])}
    alike = [at for at, sign in enumerate(number) if sign in _LOOKS_LIKE]
    for one, two in combinations(alike, 2):
        found.add("".join(plain[at] if at in (one, two) else sign for at, sign in enumerate(number)))
    return found - {number}


def in_digits(number: str) -> str:
    """The number with digits for all letters that look like them."""
    return number.translate(_AS_DIGITS)


def looks_alike(typed: str, number: str) -> bool:
    """Whether two numbers differ only in letters and digits that look alike."""
    return in_digits(typed) == in_digits(number)


def otherwise_in_front(number: str) -> Iterator[str]:
    """The number with one or two letters in front or without them, and with zeros in front or without them."""
    if number.isdigit():
        yield from (letters + number for letters in _PREFIXES)
        more = min(_MOST_ZEROS, _LONGEST_WITH_ZEROS - len(number))
        yield from ("0" * zeros + number for zeros in range(1, more + 1))
    without_letters = number.lstrip(ascii_lowercase)
    forms = [number, without_letters] if len(number) - len(without_letters) <= _LONGEST_PREFIX else [number]
    for form in forms:
        zeros = len(form) - len(form.lstrip("0"))
        yield from (form[end:] for end in range(zeros + 1) if len(form) - end >= _SHORTEST and form[end:] != number)


def is_otherwise_in_front(typed: str, number: str) -> bool:
    """Whether one of two numbers is the other with some letters or zeros in front."""
    longer, shorter = (typed, number) if len(typed) > len(number) else (number, typed)
    if len(shorter) < _SHORTEST or not longer.endswith(shorter):
        return False
    front = longer[: len(longer) - len(shorter)]
    return bool(front) and ((front.isalpha() and len(front) <= _LONGEST_PREFIX) or not front.strip("0"))


def swapped_or_too_long(number: str) -> Iterator[str]:
    """The few numbers that are two neighbouring characters swapped, or one character less: the likeliest slips."""
    for gap in range(len(number)):
        before, after = number[:gap], number[gap:]
        yield before + after[1:]
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"


def one_slip_away(number: str) -> Iterator[str]:
    """Numbers with one character missing or wrong. Digits replace digits, and letters letters."""
    signs = "".join(signs for signs in (digits, ascii_lowercase) if set(signs) & set(number))
    for gap in range(len(number) + 1):
        before, after = number[:gap], number[gap:]
        yield from (f"{before}{sign}{after}" for sign in signs)
        if after:
            yield from (f"{before}{sign}{after[1:]}" for sign in (digits if after[0].isdigit() else ascii_lowercase))


def _like(sign: str) -> str:
    """The signs that look like this one."""
    return _LOOKS_LIKE.get(sign, "") + _LETTERS_LIKE.get(sign, "")
