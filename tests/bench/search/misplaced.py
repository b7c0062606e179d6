"""What people type into one field that belongs into two, and numbers as they are printed and copied.

These forms are the benchmark's own, independent of the rules by which the search reads them.
"""

from __future__ import annotations

from random import Random

_LABELS = (
    "DOC# {}", "DOC #{}", "DOC {}", "Inmate ID: {}", "Inmate Number: {}", "Inmate #: {}", "ID {}", "ID# {}", "ID: {}", "No. {}",
    "No {}", "# {}", "#{}", "Number {}", "Booking #: {}", "Booking No. {}", "Bkg# {}", "CDCR# {}", "TDCJ# {}", "SPN {}", "SID: {}",
    "Offender ID {}", "Reg. No. {}", "Register Number: {}", "Case #{}", "PID# {}", "Jacket# {}", "inmate {}", "Número: {}",
)  # fmt: skip
_UNKNOWN = (
    "unknown", "Unknown", "?", "??", "n/a", "N/A", "don't know", "dont know", "I don't know", "not sure", "no lo sé", "no lo se",
    "no sé", "none", "desconocido", "idk",
)  # fmt: skip
_SEEN_AS = {"0": "OoQ", "5": "Ss", "8": "B", "1": "Il", "2": "Zz"}
_DRAWN_AS = {"O": "0", "S": "5", "B": "8", "I": "1", "L": "1", "Z": "2"}


def whole_name(rng: Random, first: str, middle: str, last: str, suffix: str) -> str:
    """Both names in one text: as on a list, as people say it, or the last name first without a comma."""
    given = f"{first} {middle}" if middle and rng.random() < 0.5 else first
    if suffix and rng.random() < 0.7:
        return rng.choice((f"{last} {suffix}, {given}", f"{last}, {given} {suffix}", f"{given} {last} {suffix}"))
    listed = rng.choice((f"{last}, {given}", f"{last.upper()},{given.upper()}"))
    return rng.choice((listed, listed, f"{given} {last}", f"{given} {last}", f"{last} {given}"))


def labelled(rng: Random, number: str) -> str:
    """The number with its label, as letters and lists print it: `DOC# 20418873`."""
    return rng.choice(_LABELS).format(number)


def with_name(rng: Random, number: str, first: str, last: str) -> str:
    """The number and a name in one text."""
    name = rng.choice((last, last, f"{first} {last}", f"{last}, {first}"))
    number = labelled(rng, number) if rng.random() < 0.2 else number
    return rng.choice((f"{number} {name}", f"{name} {number}"))


def unknown(rng: Random) -> str:
    """What people write instead of a number that they do not know."""
    return rng.choice(_UNKNOWN)


def look_alike(rng: Random, number: str) -> str:
    """Letters typed for the digits that look like them, or the reverse: one of them or all. "" if none looks alike."""
    seen = [at for at, sign in enumerate(number) if sign in _SEEN_AS or sign in _DRAWN_AS]
    if not seen:
        return ""
    at = rng.choice(seen)
    if number[at] in _SEEN_AS:
        letter = rng.choice(_SEEN_AS[number[at]])
        if rng.random() < 0.5:
            return number.replace(number[at], letter)
        return number[:at] + letter + number[at + 1 :]
    return number[:at] + _DRAWN_AS[number[at]] + number[at + 1 :]


def zeros_or_letters(rng: Random, number: str) -> str:
    """Zeros in front added or lost, or a letter that is not on the roster. "" for a number with letters."""
    if not number.isdigit():
        return ""
    forms = [f"0{number}", f"00{number}", f"{rng.choice('ABHJKT')}{number}", f"{rng.choice('AHK')}-{number}"]
    if number.startswith("0") and len(number.lstrip("0")) >= 4:
        forms += 4 * [number.lstrip("0")]
    return rng.choice(forms)


def digit_too_many(rng: Random, number: str) -> str:
    """One digit doubled, or another one added."""
    at = rng.choice([at for at, sign in enumerate(number) if sign.isdigit()])
    return number[:at] + rng.choice((number[at], number[at], rng.choice("0123456789"))) + number[at:]
