"""Takes a text apart into an inmate number, its label, and names: `DOC# 20418873 Delgado`."""

from __future__ import annotations

import re
from typing import NamedTuple

from rxconnect.domain.text import composed
from rxconnect.search.normalise import SUFFIXES, folded_words, number_key

_LABEL_WORDS = """
number num numb nbr nr no nos id ids ident identification identifier code inmate offender prisoner detainee resident
client person people individual defendant arrestee subject booking book booked bk bkg bkng case file docket cause
court register reg registration registry permanent perm state county city jail prison federal fed national bureau
sheriff sheriffs agency department dept corrections correctional system record records master name jacket entry intake
admission commitment arrest warrant charge badge account acct ref reference xref cross local global unique current old
new my his her their the is doc docs dc idoc ndoc odoc mdoc wdoc tdoc gdc adc adcrr adoc cdc cdcr cdoc tdcj txdcj fdc
fdoc ncdps scdc vadoc vdoc bop boprn usms usm ice anumber alien din nysid sid fbi cii mni pid pin pno spn so sono sn
ssid gid gcn gdcid ofn oid ofnd oln cin cid cno eid fid iid jid jms lid mid mcn mdc nid ncic opus omnis rid rin rn sbi
sbid sp tid uid vin acis apn bid de del el la numero nro recluso recluido preso interno reo registro expediente
identificacion matricula reclusa caso tdcjid sons daughters husbands wifes brothers sisters fathers mothers dads moms
boyfriends girlfriends partners cousins nephews mi su hijo esposo hermano
"""
# Words that stand before a number on lists, on letters and in the names that agencies have for it. Some of them are last
# names, too, so in a field for names they count only directly before a number.
LABELS = frozenset(_LABEL_WORDS.split())
# What people write who do not know the number, as folded words.
_UNKNOWN = re.compile(
    r"(?:i |we )?(?:(?:dont|do not|didnt|cant|cannot) (?:know|have|remember|recall)|have no idea|am not sure|forgot)"
    r"(?: (?:it|one|the|his|her|their|inmate|number|id|yet|what it is))*"
    r"|(?:number |no |id )?(?:unknown|unkown|unknow|unk|unkn)(?: number| id)?|not (?:known|sure|available|applicable|yet|given)"
    r"|no (?:idea|number|id|clue)(?: yet)?|idk|dk|n a|na|none|nil|null|nothing|tbd|tba|pending|x+$"
    r"|(?:yo )?(?:no|ya no) (?:lo )?(?:se|tengo|recuerdo|conozco)(?: (?:el|su|numero))*|no se sabe|sin numero|ninguno|nada"
    r"|(?:numero )?desconocido|se desconoce"
)
_WORD = re.compile(r"[^\s:;,=#()\[\]<>\"“”*|?!]+|,")
_GROWN_TOGETHER = re.compile(r"(?<=[^\W\d_]{3})[-/_.]*(?=\d{4})|(?<=\d{4})[-/_.]*(?=[^\W\d_]{3})")
_SHORT_LABEL = re.compile(r"([a-z]{2})(?=\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTERS_OF_A_NUMBER, _LEAST_ALONE = 2, 5
_MOST_NUMBERS = 3


class Parts(NamedTuple):
    """What one text holds: numbers that may be meant (`number_key`s, the likeliest first), and the rest as names."""

    numbers: tuple[str, ...]
    names: str


def without_unknown(text: str) -> str | None:
    """The rest of a text that says that the number is unknown: `34` for `don't know, 34`. None if it does not say so."""
    folded = folded_words(text)
    found = _UNKNOWN.match(folded)
    if found and not folded[found.end() :][:1].isalnum():
        return folded[found.end() :].strip()
    return folded if text.lstrip().startswith("?") else None


def is_only_a_number(text: str) -> bool:
    """Whether the text is a number as rosters have it: at most two letters in front, and single ones elsewhere."""
    runs = _LETTERS.finditer(composed(text, "NFKC"))  # `№` is two letters
    short = all(len(run[0]) <= (1 if run.start() else 2) and run[0].lower() not in LABELS for run in runs)
    return short and "?" not in text and "/" not in text and _has_digit(text)


def take_apart(text: str, least: int) -> Parts:
    """The numbers with at least so many letters and digits, and the names in the text."""
    words = [
        (word[0], number_key(word[0])) for word in _WORD.finditer(_GROWN_TOGETHER.sub(" ", composed(text, "NFKC")))
    ]
    words = [(word, key) for word, key in words if key or word == ","]
    kinds = _kinds([key for _, key in words])
    digits = [key for (_, key), kind in zip(words, kinds, strict=True) if kind == "number"]
    if sum(map(len, digits)) < least or not _has_digit("".join(digits)):
        return Parts((), " ".join(text.split()))
    names = [(word, key) for (word, key), kind in zip(words, kinds, strict=True) if kind == "name"]
    if all(key in LABELS for _, key in names):
        names = []
    return Parts(_candidate_numbers(digits), " ".join(word for word, _ in names).strip(" ,-–—"))


def _candidate_numbers(keys: list[str]) -> tuple[str, ...]:
    """All parts as one number, without and with a label that was typed onto it, and each longer part by itself."""
    found = ["".join(keys), *(key for key in keys if len(key) >= _LEAST_ALONE and _has_digit(key))]
    labels = (_SHORT_LABEL.match(key) for key in found)
    bare = [label.string[2:] for label in labels if label and label[1] in LABELS]
    return tuple(dict.fromkeys([*bare, *found]))[:_MOST_NUMBERS]


def _kinds(keys: list[str]) -> list[str]:
    """For each word whether it is part of the `number`, its `label`, or a `name`."""
    kinds = ["number" if _has_digit(key) and key not in SUFFIXES else "name" for key in keys]
    for at in reversed(range(len(keys))):
        after = kinds[at + 1 : at + 2]
        if kinds[at] != "name" or after not in (["number"], ["label"]):
            continue
        if keys[at] in LABELS:
            kinds[at] = "label"
        elif after == ["number"] and len(keys[at]) <= _LETTERS_OF_A_NUMBER and LABELS.issuperset(keys[:at]):
            kinds[at] = "number"  # the `H` of `No. H 55210`
    return kinds


def _has_digit(key: str) -> bool:
    return any(map(str.isdigit, key))
