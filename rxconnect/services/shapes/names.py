"""Whole names, parted into first, middle and last name and suffix: `WREN, OTTO H JR`, `OTTO H WREN JR`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rxconnect.services.shapes.given_names import GIVEN_NAMES
from rxconnect.services.shapes.words import FIRST_NAMES, LAST_NAMES, is_nothing

SUFFIXES = {
    "JR": "Jr", "SR": "Sr", "JNR": "Jr", "SNR": "Sr", "II": "II", "III": "III", "IV": "IV", "VI": "VI", "VII": "VII",
    "VIII": "VIII", "2ND": "2nd", "3RD": "3rd", "4TH": "4th", "5TH": "5th", "ESQ": "Esq", "IIII": "IV", "11": "II", "111": "III",
}  # fmt: skip
# A V alone is mostly the initial of a middle name. It is a suffix after a middle name.
_FIFTH = "V"
_TITLES = frozenset(["MR", "MRS", "MS", "MISS", "MR.", "MRS.", "MS.", "DR."])
# Words that belong to the following word of a last name. `Y` joins two last names, and is in front of none.
_PARTICLES_TEXT = """
    AL BIN BINT DA DAS DE DEL DELA DELLA DELLO DEN DER DI DO DOS DU EL IBN LA LAS LE LO LOS MAC MC SAINT SAN SANTA
    ST ST. STE STE. TEN TER VAN VANDE VANDEN VANDER VON VOM ZU ZUM ZUR O O' D' ABU BEN
"""
PARTICLES = frozenset(_PARTICLES_TEXT.split())
# `DE ANDRE` is one first name.
_JOINED_FIRST = frozenset(["DE", "LA", "DA", "JA"])
_NICKNAME = re.compile(
    r"""(?:^|(?<=[\s,]))(?:"([^"]+)"|“([^”]+)”|''([^']+)''|'([^'\s][^']*)'|‘([^’]+)’|\(([^)]*)\)|\[([^\]]*)\]|\{([^}]*)\})(?=$|[\s,.;])"""
)
_ALSO = re.compile(r"[\s,;]+\(?(?:A\.?K\.?A\.?|A/K/A|ALIAS|ALSO KNOWN AS)[\s:]+", re.IGNORECASE)
_FORMER = re.compile(r"^(?:AKA|A/K/A|A\.K\.A\.|NEE|ALIAS|FKA|F/K/A)[\s:]+", re.IGNORECASE)
_OTHER_COMMAS = re.compile(r"\s*[;^|]\s*|\s+[-–]\s+|\s*/\s*")
# Marks that a list puts behind a name, for a note at its foot.
_MARKS = re.compile(r"[*#†‡+~_]+")
# Words for a name that is missing, wherever in a name they stand.
_MISSING = frozenset(
    f"{before}{word}{after}"
    for word in ("NMN", "NMI", "NFN", "NLN")
    for before, after in (("", ""), ("(", ")"), ("<", ">"))
)
_NAMES = FIRST_NAMES | LAST_NAMES
_SPANISH_LAST = re.compile(r"\w{3,}(?:EZ|ÉZ)")


# `SMITH, JOHN ALAN`: the names that are parted without more ado, unless a word of them is not a name.
_PLAIN = re.compile(r"([^\W\d_]+), ?([^\W\d_]+)(?: ([^\W\d_]+))?")
_NOT_PLAIN = (
    frozenset(SUFFIXES)
    | _MISSING
    | _TITLES
    | _JOINED_FIRST
    | frozenset(word.upper() for word in (*_NAMES, "UNKNOWN", "UNK", "TBD", "TBA", "PENDING", "AKA"))
)

# An address behind a name. `3RD` is a suffix, and no number of a house.
_ADDRESS = re.compile(
    r"[\s,;/-]+(?:\d(?!(?:ST|ND|RD|TH)\b)[\w/-]*\s.*|P\.? ?O\.? ?BOX\b.*|"
    r"(?:HOMELESS|TRANSIENT|GENERAL DELIVERY|NO (?:FIXED |PERMANENT |KNOWN )?ADDRESS|(?:UNKNOWN )?ADDRESS\b.*|UNKNOWN ADDRESS)\b.*)",
    re.IGNORECASE | re.DOTALL,
)


class Parted(NamedTuple):
    """The parts of a whole name. `alias` is another full name. `is_doubtful`: another reading is nearly as likely."""

    first: str
    middle: str
    last: str
    suffix: str = ""
    alias: str = ""
    is_doubtful: bool = False


class Order(NamedTuple):
    """How a file writes whole names: whether the last name comes first, and whether a comma or two blanks follow it.

    `is_guess` is whether no row of the file shows which name comes first.
    """

    last_first: bool = False
    has_commas: bool = True
    has_gaps: bool = False
    is_guess: bool = False


@lru_cache(maxsize=65_536)
def part_name(text: str, order: Order) -> Parted:
    """Part a whole name. What cannot be found is "", for example the first name of `SMITH`."""
    if (plain := _PLAIN.fullmatch(text)) and _NOT_PLAIN.isdisjoint(text.upper().replace(",", " ").split()):
        return Parted(plain[2], plain[3] or "", plain[1])
    return _part_unusual(text, order)


def _part_unusual(text: str, order: Order) -> Parted:
    text, nicknames = without_nicknames(text)
    text, others = _without_others(text)
    suffix, pieces = without_suffixes(pieces_of(text.strip(" ,;"), order))
    if suffix and len(pieces) == 1:
        order = order._replace(last_first=False, has_commas=False)  # `JOHN SMITH, JR`
    words = [words_of(piece) for piece in pieces]
    words = [piece for piece in words if piece] if len(pieces) != 2 else words
    match words:
        case []:
            parted = Parted("", "", "")
        case [alone]:
            suffix, alone = suffix_of_words(suffix, alone)
            parted = _part_words(alone, order)
        case [last, given, *more]:
            suffix, given = suffix_of_words(suffix, given)
            suffix, last = suffix_of_words(suffix, last)
            parted = _part_given(last, given, [word for words in more for word in words], suffix)
    suffix = parted.suffix or suffix
    others = [*(in_order(name) if " " in name else f"{name} {parted.last}".strip() for name in nicknames), *others]
    alias = "; ".join(in_order(name) for name in others)
    is_doubtful = parted.is_doubtful or (len(words) == 1 and (order.has_commas or order.is_guess))
    return parted._replace(suffix=suffix, alias=alias, is_doubtful=is_doubtful)


def without_address(text: str) -> str:
    """A name in front of an address: `WREN, OTTO 12 ELM ST` is WREN, OTTO. The address begins with a number, or says that there is none."""
    return _ADDRESS.sub("", text).rstrip(" ,;/-")


def is_suffix(text: str) -> bool:
    """Whether a text is the suffix of a name: `JR.`, `iii`, `V`."""
    plain = text.upper().strip("., ")
    return plain in SUFFIXES or plain == _FIFTH


def split_suffix(name: str) -> tuple[str, str]:
    """A first or last name without the suffix at its end, and the suffix: `John Jr.` is John, Jr."""
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return name, ""
    suffix = SUFFIXES.get(words[-1].upper().strip("."), "")
    return (" ".join(words[:-1]), suffix) if suffix else (name, "")


def in_order(name: str) -> str:
    """A full name in the order of speech: `Smith, Johnny` is Johnny Smith."""
    if "," not in name:
        return name
    parted = part_name(name, Order(last_first=True))
    return " ".join(filter(None, (parted.first, parted.middle, parted.last, parted.suffix)))


def without_nicknames(text: str) -> tuple[str, list[str]]:
    """A name without what stands in quotation marks or brackets, and those names: `ROBERT "BOBBY"` is Robert, and Bobby."""
    if not any(sign in text for sign in "\"“'‘([{"):
        return text, []
    found = [next(filter(None, match.groups()), "").strip() for match in _NICKNAME.finditer(text)]
    names = [_FORMER.sub("", name) for name in found]
    suffixes = [name for name in names if name.upper().strip(".") in SUFFIXES]
    kept = [
        name for name in names if name and not is_nothing(name) and name not in suffixes and any(map(str.isalpha, name))
    ]
    rest = " ".join(_NICKNAME.sub(" ", text).split()).replace(" ,", ",")
    return f"{rest} {' '.join(suffixes)}".strip() if suffixes else rest, kept


def _without_others(text: str) -> tuple[str, list[str]]:
    name, *others = _ALSO.split(text) if len(text) > 6 else [text]
    return name, [other.strip(" )") for other in others if other.strip(" )")]


def pieces_of(text: str, order: Order) -> list[str]:
    """The name at its commas, or at the signs that stand for them."""
    if "," in text:
        return [piece.strip() for piece in text.split(",")]
    pieces = _OTHER_COMMAS.split(text.strip())
    if len(pieces) == 1 and order.has_gaps and "  " in text.strip():
        last, _, given = text.strip().partition("  ")
        return [last.strip(), given.strip()] if order.last_first else [given.strip(), last.strip()]
    return pieces


def without_suffixes(pieces: list[str]) -> tuple[str, list[str]]:
    """The suffix that is a piece of its own, and the other pieces: `SMITH, JOHN, JR.` and `SMITH, JR, JOHN`."""
    suffix, rest = "", pieces[:1]
    for piece in pieces[1:]:
        if found := SUFFIXES.get(piece.upper().replace(".", "").strip(), ""):
            suffix = suffix or found
        else:
            rest.append(piece)
    return suffix, rest


def words_of(piece: str) -> list[str]:
    """The words of a piece that name somebody."""
    if is_nothing(piece) and piece not in _NAMES:
        return []
    words = piece.split()
    words = [word for word in words if word.upper() not in _MISSING]
    if len(words) > 1 and words[0].upper() in _TITLES:
        words = words[1:]
    if len(words) > 1:
        for count in (3, 2, 1):
            if len(words) > count and is_nothing(" ".join(words[-count:])) and words[-1] not in _NAMES:
                words = words[:-count]
                break
    return [word for word in words if not _MARKS.fullmatch(word)]


def suffix_of_words(suffix: str, words: list[str]) -> tuple[str, list[str]]:
    """The suffix at the end of these words, or in front of them as in `SMITH, JR JOHN`, and the other words."""
    if len(words) < 2:
        return suffix, words
    if found := SUFFIXES.get(words[-1].upper().strip("."), ""):
        return suffix or found, words[:-1]
    if words[-1].upper() == _FIFTH and len(words) > 2 and len(words[-2]) > 1:
        return suffix or _FIFTH, words[:-1]
    if found := SUFFIXES.get(words[0].upper().strip("."), ""):
        return suffix or found, words[1:]
    return suffix, words


def _part_given(last: list[str], given: list[str], more: list[str], suffix: str) -> Parted:
    first, middle = _first_and_middle([*given, *more])
    return Parted(first, middle, " ".join(last), suffix, is_doubtful=bool(more) and len(given) > 1)


def _first_and_middle(given: list[str]) -> tuple[str, str]:
    """`MARIA DEL CARMEN` is Maria, del Carmen. `DE ANDRE LAMAR` is De Andre, Lamar."""
    count = 2 if len(given) > 1 and given[0].upper() in _JOINED_FIRST else 1
    return " ".join(given[:count]), " ".join(given[count:])


def _part_words(words: list[str], order: Order) -> Parted:
    """Words without any sign between the names. Capitals may tell: `SMITH John A`."""
    if len(words) < 2:
        return Parted("", "", " ".join(words))
    capitals = [word.isupper() and len(word) > 1 for word in words]
    if any(capitals) and not all(capitals) and any(word != word.upper() for word in words):
        if (end := _run(capitals)) and end < len(words):
            return _last_and_given(words, end)
        if start := _run(capitals[::-1]):
            first, middle = _first_and_middle(words[:-start])
            return Parted(first, middle, " ".join(words[-start:]))
    last_first = order.last_first
    if order.has_commas and last_first:
        # The comma of this file is missing here, so only the names themselves can tell.
        last_first = not (words[0].upper() in GIVEN_NAMES and words[-1].upper() not in GIVEN_NAMES)
    return _last_first(words) if last_first else _first_last(words)


def _run(flags: list[bool]) -> int:
    return next((index for index, flag in enumerate(flags) if not flag), len(flags)) if sum(flags) < len(flags) else 0


def _last_and_given(words: list[str], end: int) -> Parted:
    suffix, given = suffix_of_words("", words[end:])
    first, middle = _first_and_middle(given)
    return Parted(first, middle, " ".join(words[:end]), suffix)


def _last_first(words: list[str]) -> Parted:
    """`DE LA CRUZ MARIA ELENA`, `SMITH JR JOHN A`."""
    end = 1
    while end < len(words) - 1 and words[end - 1].upper() in PARTICLES:
        end += 1
    suffix = ""
    if end < len(words) - 1 and (suffix := SUFFIXES.get(words[end].upper().strip("."), "")):
        words = [*words[:end], *words[end + 1 :]]
    first, middle = _first_and_middle(words[end:])
    return Parted(first, middle, " ".join(words[:end]), suffix, is_doubtful=len(words) - end > 2)


def _first_last(words: list[str]) -> Parted:
    """`MARIA ELENA DE LA CRUZ`, `JOHN A SMITH`, `LUIS LOPEZ MARTINEZ`."""
    start, is_doubtful = len(words) - 1, len(words) > 3
    if start > 1 and words[start - 1].upper() == "Y" and start > 2:
        start -= 2
    elif start > 1 and _SPANISH_LAST.fullmatch(words[start - 1].upper()):
        start, is_doubtful = start - 1, True
    moved = start
    while start > 1 and words[start - 1].upper() in PARTICLES:
        start -= 1
    if start < moved or (start == 1 and moved > 1):
        is_doubtful = len(words[:start]) > 2
    first, middle = _first_and_middle(words[:start])
    return Parted(first, middle, " ".join(words[start:]), is_doubtful=is_doubtful)
