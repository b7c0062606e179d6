"""Words for a person's status, as jails and prisons write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rxconnect.domain.inmates import Custody

_HELD = """
active | held | holding | in | in custody | in jail | in prison | in facility | in house | inhouse | inside | incarcerated
currently incarcerated | currently in custody | currently held | currently confined | currently housed | current
current inmate | still in custody | still incarcerated | remains in custody | confined | confinement | detained | detention
housed | booked | booked in | booked into jail | jailed | imprisoned | committed | remanded | remand | lodged | admitted
admission | intake | in intake | in processing | in process | new admission | new booking | present | on site | onsite
prisoner | detainee
inmate | active inmate | active custody | active in custody | custody | full custody | physical custody | in our custody
in doc custody | in state custody | in county custody | in actual custody | arrested
sentenced | sentenced inmate | sentenced felon | sentenced felony | sentenced misdemeanor | county sentenced
state sentenced | serving sentence | serving | serving time | sentence | convicted | un sentenced | unsentenced
pretrial | pre trial | pre trial detainee | pretrial detainee | pre trial felony | pre trial misdemeanor | pretrial felony
pretrial misdemeanor | pre sentence | presentence | awaiting trial | awaiting court | awaiting sentencing | awaiting sentence
awaiting transfer | awaiting transport | awaiting release | awaiting bond | awaiting hearing | awaiting arraignment
awaiting extradition | pending release | pending transfer | pending trial | release pending | to be released | transfer pending
hold | on hold | hold for other agency | holding for other agency | held for other agency | ice hold | ice detainer | us marshal hold
probation revocation | parole revocation | prob rev | par rev | prob viol
probation hold | parole hold | probation violation | parole violation | parole violator | probation violator | detainer
weekender | weekend | work release | on work release | trusty | inmate worker | bond set | bond not posted
no bond | held without bond | held without bail | not released | remains held
out to court | at court | in court | out on writ | court | out to hospital | in hospital | hospital | at hospital | hospitalized
out to medical | out for medical | medical | out count | outcount | temporarily out | temporary leave | temporary absence
temporary release | temp out | temporary out | temp absence | temp release | temp leave | out temporarily | housed out | transferred in
transfer in | out on furlough | furlough | furloughed | on furlough | out to work | out on work release | in transit
out to other agency | housed elsewhere | housed out of county | boarded out | y | yes | true | 1 | act | actv
activo | activa | detenido | detenida | preso | presa | recluido | recluida | interno | interna | ingresado | ingresada
en custodia | bajo custodia | procesado | procesada | sentenciado | sentenciada | condenado | condenada
"""
_RELEASED = """
released | release | out | out of custody | out of jail | out of facility | not in custody | no longer in custody
not in jail | not incarcerated | not currently incarcerated | not currently in custody | no longer incarcerated | inactive
discharged | discharge | dismissed | freed | set free | exited | departed | gone | previously incarcerated
past inmate | former inmate | formerly incarcerated | former | booked out | checked out
bonded | bonded out | bond out | bond posted | posted bond | bailed | bailed out | bail posted | out on bond | out on bail
released on bond | released on bail | released to bond | surety bond | cash bond posted | released by bond
ror | or | r o r | o r | own recognizance | released on own recognizance | released on recognizance | released own recognizance
released on her own recognizance | released on his own recognizance | recognizance | pr bond | personal recognizance
paroled | parole | on parole | released on parole | released to parole | probation | on probation | released to probation
released on probation | supervised release | released to supervision | under supervision | community supervision
time served | released time served | sentence served | sentence complete | sentence completed | sentence expired | expired sentence
expiration of sentence | max out | maxed out | term expired
released by court | released court order | court ordered release | released per court order | court release
cited and released | cite and release | cited out | released on citation | citation
deceased | dead | died | death | died in custody | expired | deported | removed from custody | released to family
released to self | released to community | released to public | released from custody | released from jail
n | no | false | 0 | rel | rlsd | disch
liberado | liberada | egresado | egresada | excarcelado | excarcelada | puesto en libertad | puesta en libertad | en libertad
fuera de custodia | fallecido | fallecida | inactivo | inactiva
"""
_MOVED = """
moved | transferred | transfer | transferred out | transfer out | transferred to doc | transferred to prison
transferred to state prison | transferred to state | transferred to other agency | transferred to another agency
transferred to another facility | transferred to other facility | transferred to other jurisdiction | transferred to federal
released to other agency | released to another agency | released to other jurisdiction | released to doc
released to department of corrections | released to state prison | released to prison | released to ice | released to federal
released to other facility | released to other county | released to another facility | released to us marshal
released to usms | released to marshals | turned over to other agency | sent to prison | sent to doc | sent to state prison
extradited | moved to another facility | moved to other facility | relocated | shipped | xfer | xfr | trf | tfr | trfd | trsf
trasladado | trasladada | transferido | transferida
"""
# What a prison calls the degree of supervision in it. It does not say whether a person is there.
_LEVELS_TEXT = """
    min minimum med medium max maximum close closed super supermax low high community unclassified reclass general
    administrative admin gp population ad seg segregation protective pc minimumin minimumout trustee level i ii iii
    iv v vi 1 2 3 4 5 6 a b c d security custody restricted unrestricted mixed intermediate pending initial special
    in out outside inside limited moderate lowest highest standard dorm
"""
_LEVELS = frozenset(_LEVELS_TEXT.split())
_CERTAIN_LEVELS_TEXT = """
    min minimum med medium max maximum close supermax low high moderate level unclassified
"""
_CERTAIN_LEVELS = frozenset(_CERTAIN_LEVELS_TEXT.split())
_SIGNS = re.compile(r"[^a-z0-9]+")
# In a column that asks whether somebody is in or out.
_IN_OR_OUT = {"i": Custody.HELD, "o": Custody.RELEASED}
# A code before its meaning: `A - Active`. And a date behind it: `Released 02/01/2026`.
_CODE = re.compile(r"[A-Za-z0-9]{1,3}\s*[-–:=]\s*(.+)")
_DATE = re.compile(r"\s*(?:\b(?:on|since|as of|effective|at))?\s*:?\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}.*", re.IGNORECASE)
_PARTS = re.compile(r"\s+-+\s+|\s*[/:;,()\[\]]\s*|\s+–\s+")


def _table(words: str, custody: Custody) -> dict[str, Custody]:
    every = (word.strip() for line in words.splitlines() for word in line.split("|"))
    return {form: custody for word in every if word for form in (word, word.replace(" ", ""))}


_WORDS = _table(_HELD, Custody.HELD) | _table(_MOVED, Custody.MOVED) | _table(_RELEASED, Custody.RELEASED)
# Where somebody is out to, besides the words for a status.
_OUT_TO = _table("bond | bail | cash bond | surety | own recognizance", Custody.RELEASED) | _table(
    "prison | state prison | to prison | to state prison | doc | to doc | other agency | to other agency", Custody.MOVED
)
# Somebody who is out may be out to court. Only the opposite, in the same column, says that they have left.
_OUT, _IN = frozenset(["out", "out of facility"]), frozenset(["in", "in custody", "in jail", "in facility", "in house"])
_FLAGS = frozenset(["y", "yes", "true", "1", "n", "no", "false", "0"])
# Whoever holds somebody, a hold is a reason to be in custody: `FEDERAL HOLD`, `ICE DETAINER`, `OTHER COUNTY HOLD`.
_HOLDS = frozenset(["hold", "holds", "detainer", "detainers"])
_HELD_FOR = (["held", "for"], ["hold", "for"], ["holding", "for"])
_NO_HOLD = frozenset(["no", "released", "lifted", "cleared", "dropped", "without"])
# PostgreSQL writes these into a column that is a flag. In other columns they may be the first letters of any word.
_LETTERS = {"t": Custody.HELD, "f": Custody.RELEASED}


# How the reason of a release begins that takes somebody to other custody, and where to.
_TRANSFER = re.compile(
    r"(?:transfer\w*|trans|transp\w*|xfe?r\w*|turned over|extradit\w*|shipped)\b(?! to (?:court|hospital|medical|parole|probation|bond))|"
    r"(?:(?:rel\w*|sent|taken|moved|turned over|deliver\w*) )?to (?:[a-z]+ ){0,2}?(?:doc|docr|prison|penitentiary|ice|usms|bop|marshals?|"
    r"department of corrections|dept of corrections|(?:other|another) (?:agency|county|facility|jail|jurisdiction|state))\b"
)


def plain_status(text: str) -> str:
    """The form in which words for a status are compared: `In-Custody` and `IN CUSTODY` are `in custody`."""
    return _SIGNS.sub(" ", text.casefold()).strip()


@lru_cache(maxsize=4_096)
def read_status(text: str, *, is_flag: bool = False, out_is_gone: bool = True) -> Custody | None:
    """The status that a cell states; None for other words. An empty cell is about somebody who is on the list: held.

    `is_flag` is whether the column asks a question, such as *In Custody*, and `out_is_gone` whether a mere *Out* means that
    somebody has left (`says_who_left`). A cell may add a reason, as in `RELEASED - BOND POSTED`. It is read when no part of it
    says otherwise.
    """
    plain = plain_status(text)
    if not plain:
        return None if text.strip("-. ") else Custody.HELD
    if plain in _OUT and not out_is_gone:
        return None
    if whole := _WORDS.get(plain) or _of_a_hold(plain) or (_LETTERS.get(plain) if is_flag else None):
        return whole
    parts = [plain_status(part) for part in _PARTS.split(text)]
    if len(parts) > 1 and parts[0] in _WORDS and parts[0] not in _FLAGS:
        return _of_parts(parts)
    if (shorter := _DATE.sub("", text)) != text and shorter.strip():
        return read_status(shorter, out_is_gone=out_is_gone)
    coded = _CODE.fullmatch(text)
    return read_status(coded[1], out_is_gone=out_is_gone) if coded and plain_status(coded[1]) not in _FLAGS else None


def _of_parts(parts: Sequence[str]) -> Custody | None:
    """The status of a word and what is said about it. Where somebody is *out* to counts, as in `OUT - COURT` or `OUT - BONDED`."""
    if parts[0] in _OUT:
        where = {_WORDS.get(part) or _OUT_TO.get(part) for part in parts[1:]}
        return where.pop() if len(where) == 1 else None
    known = [_WORDS[part] for part in parts if part in _WORDS and part not in _FLAGS]
    return known[0] if len(set(known)) == 1 or set(known) == {Custody.RELEASED, Custody.MOVED} else None


def _of_a_hold(plain: str) -> Custody | None:
    """Held, if the last word is a hold that stands, or for what somebody is held: `Held for Court`."""
    words = plain.split()
    if words[:2] in _HELD_FOR and len(words) > 2:
        return Custody.HELD
    return Custody.HELD if words[-1] in _HOLDS and _NO_HOLD.isdisjoint(words) else None


def says_who_left(words: Iterable[str]) -> bool:
    """Whether a mere *Out* means among these words of a column that somebody has left: where others are *In*."""
    return not _IN.isdisjoint(map(plain_status, words))


def letter_of_in_or_out(text: str) -> Custody | None:
    """What a letter says in a column *In/Out*: `I` or `O`."""
    return _IN_OR_OUT.get(plain_status(text))


def is_out(text: str) -> bool:
    """Whether a cell or a heading says no more than *Out*."""
    return plain_status(text) in _OUT


def is_flag(text: str) -> bool:
    """Whether a cell is an answer, such as *yes* or *0*, and not a word for a status."""
    return text.casefold() in _FLAGS


def is_gone_word(text: str) -> bool:
    """Whether a cell says, in whichever column, that somebody has left."""
    return plain_status(text) not in _FLAGS | {"out", "or", "court", "bond", "parole", "probation"} and read_status(
        text
    ) in (Custody.RELEASED, Custody.MOVED)


def is_transfer(reason: str) -> bool:
    """Whether the reason of a release is that somebody is held elsewhere now: `TRANSFERRED TO STATE DOC`."""
    return read_status(reason) == Custody.MOVED or _TRANSFER.match(plain_status(reason)) is not None


def are_security_levels(texts: set[str]) -> bool:
    """Whether the values of a column (without empty ones) are degrees of security, such as CLOSE, MEDIUM and MINIMUM."""
    every = [set(plain_status(text).split()) for text in texts]
    return bool(every) and all(words <= _LEVELS for words in every) and any(words & _CERTAIN_LEVELS for words in every)
