"""Words for a person's status, as jails and prisons write them."""

from __future__ import annotations

import re
from functools import lru_cache

from rxconnect.domain.inmates import Custody

_HELD = """
active | held | holding | in | in custody | in jail | in prison | in facility | in house | inhouse | inside | incarcerated
currently incarcerated | currently in custody | currently held | currently confined | currently housed | current
current inmate | still in custody | still incarcerated | remains in custody | confined | confinement | detained | detention
housed | booked | booked in | booked into jail | jailed | imprisoned | committed | remanded | remand | lodged | admitted
admission | intake | in intake | in processing | in process | new admission | new booking | present | on site | onsite
inmate | active inmate | active custody | active in custody | custody | full custody | physical custody | in our custody
in doc custody | in state custody | in county custody | in actual custody | arrested
sentenced | sentenced inmate | sentenced felon | sentenced felony | sentenced misdemeanor | county sentenced
state sentenced | serving sentence | serving | serving time | sentence | convicted | un sentenced | unsentenced
pretrial | pre trial | pre trial detainee | pretrial detainee | pre trial felony | pre trial misdemeanor | pretrial felony
pretrial misdemeanor | pre sentence | presentence | awaiting trial | awaiting court | awaiting sentencing | awaiting sentence
awaiting transfer | awaiting transport | awaiting release | awaiting bond | awaiting hearing | awaiting arraignment
awaiting extradition | pending release | pending transfer | pending trial | release pending | to be released | transfer pending
hold | on hold | hold for other agency | holding for other agency | held for other agency | ice hold | ice detainer | us marshal hold
probation hold | parole hold | probation violation | parole violation | parole violator | probation violator | detainer
weekender | weekend | work release | on work release | trusty | inmate worker | bond set | bond not posted
no bond | held without bond | held without bail | not released | remains held
out to court | at court | in court | out on writ | court | out to hospital | in hospital | hospital | at hospital | hospitalized
out to medical | out for medical | medical | out count | outcount | temporarily out | temporary leave | temporary absence
temporary release | out on furlough | furlough | furloughed | on furlough | out to work | out on work release | in transit
out to other agency | housed elsewhere | housed out of county | boarded out | y | yes | true | 1
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
n | no | false | 0
"""
_MOVED = """
moved | transferred | transfer | transferred out | transfer out | transferred to doc | transferred to prison
transferred to state prison | transferred to state | transferred to other agency | transferred to another agency
transferred to another facility | transferred to other facility | transferred to other jurisdiction | transferred to federal
released to other agency | released to another agency | released to other jurisdiction | released to doc
released to department of corrections | released to state prison | released to prison | released to ice | released to federal
released to other facility | released to other county | released to another facility | released to us marshal
released to usms | released to marshals | turned over to other agency | sent to prison | sent to doc | sent to state prison
extradited | moved to another facility | moved to other facility | relocated | shipped
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
# A code before its meaning: `A - Active`. And a date behind it: `Released 02/01/2026`.
_CODE = re.compile(r"[A-Za-z0-9]{1,3}\s*[-–:=]\s*(.+)")
_DATE = re.compile(r"\s*(?:\b(?:on|since|as of|effective|at))?\s*:?\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}.*", re.IGNORECASE)
_PARTS = re.compile(r"\s+-+\s+|\s*[/:;,()\[\]]\s*|\s+–\s+")


def _table(words: str, custody: Custody) -> dict[str, Custody]:
    every = (word.strip() for line in words.splitlines() for word in line.split("|"))
    return {form: custody for word in every if word for form in (word, word.replace(" ", ""))}


_WORDS = _table(_HELD, Custody.HELD) | _table(_MOVED, Custody.MOVED) | _table(_RELEASED, Custody.RELEASED)
_FLAGS = frozenset(["y", "yes", "true", "1", "n", "no", "false", "0"])
# Whoever holds somebody, a hold is a reason to be in custody: `FEDERAL HOLD`, `ICE DETAINER`, `OTHER COUNTY HOLD`.
_HOLDS = frozenset(["hold", "holds", "detainer", "detainers"])
_NO_HOLD = frozenset(["no", "released", "lifted", "cleared", "dropped", "without"])
# PostgreSQL writes these into a column that is a flag. In other columns they may be the first letters of any word.
_LETTERS = {"t": Custody.HELD, "f": Custody.RELEASED}


def plain_status(text: str) -> str:
    """The form in which words for a status are compared: `In-Custody` and `IN CUSTODY` are `in custody`."""
    return _SIGNS.sub(" ", text.casefold()).strip()


@lru_cache(maxsize=4_096)
def read_status(text: str, *, is_flag: bool = False) -> Custody | None:
    """The status that a cell states; None for other words. An empty cell is about somebody who is on the list: held.

    `is_flag` is whether the column asks a question, such as *In Custody*. A cell may add a reason, as in `RELEASED - BOND
    POSTED`. It is read when no part of it says otherwise.
    """
    plain = plain_status(text)
    if not plain:
        return None if text.strip("-. ") else Custody.HELD
    if whole := _WORDS.get(plain) or _of_a_hold(plain):
        return whole
    if is_flag and plain in _LETTERS:
        return _LETTERS[plain]
    parts = [plain_status(part) for part in _PARTS.split(text)]
    known = [_WORDS[part] for part in parts if part in _WORDS and part not in _FLAGS]
    if len(parts) > 1 and parts[0] in _WORDS and parts[0] not in _FLAGS:
        return known[0] if len(set(known)) == 1 or set(known) == {Custody.RELEASED, Custody.MOVED} else None
    if (shorter := _DATE.sub("", text)) != text and shorter.strip():
        return read_status(shorter)
    coded = _CODE.fullmatch(text)
    return read_status(coded[1]) if coded and plain_status(coded[1]) not in _FLAGS else None


def _of_a_hold(plain: str) -> Custody | None:
    """Held, if the last word is a hold that stands."""
    words = plain.split()
    return Custody.HELD if words[-1] in _HOLDS and _NO_HOLD.isdisjoint(words) else None


def is_flag(text: str) -> bool:
    """Whether a cell is an answer, such as *yes* or *0*, and not a word for a status."""
    return text.casefold() in _FLAGS


def is_gone_word(text: str) -> bool:
    """Whether a cell says, in whichever column, that somebody has left."""
    return plain_status(text) not in _FLAGS | {"out", "or", "court", "bond", "parole", "probation"} and read_status(
        text
    ) in (Custody.RELEASED, Custody.MOVED)


def are_security_levels(texts: set[str]) -> bool:
    """Whether the values of a column (without empty ones) are degrees of security, such as CLOSE, MEDIUM and MINIMUM."""
    every = [set(plain_status(text).split()) for text in texts]
    return bool(every) and all(words <= _LEVELS for words in every) and any(words & _CERTAIN_LEVELS for words in every)
