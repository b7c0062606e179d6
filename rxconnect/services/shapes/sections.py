"""Headings above a part of a list, as people write them: `RELEASED TODAY`, `In Custody (214)`, `Liberados hoy`."""

from __future__ import annotations

import re
import unicodedata

from rxconnect.domain.inmates import Custody
from rxconnect.services.shapes.statuses import is_flag, is_out, plain_status, read_status

_RELEASED_TEXT = """
    release releases released rel discharge discharges discharged bonded bailed freed former departed departures gone exits exited
    inactive deceased paroled liberado liberados liberada liberadas liberacion liberaciones libertad excarcelado excarcelados
    excarcelacion excarcelaciones egreso egresos egresado egresados salida salidas liberes liberees sorties sortants entlassen
"""
_MOVED_TEXT = """
    transfer transfers transferred moved extradited extraditions trasladado trasladados traslado traslados transferes
"""
_HELD_TEXT = """
    held incarcerated confined detained booked booking bookings intake intakes admission admissions admitted committed commitments
    current currently active sentenced unsentenced pretrial housed population present remaining arrests arrested confinement
    detenido detenidos detenidas preso presos presas interno internos internas recluso reclusos encarcelados ingreso ingresos
    trusty trusties weekender weekenders incustody detenus ecroues inhaftiert
"""
# These say neither, or which of the people.
_SMALL_TEXT = """
    today todays yesterday hoy ayer inmate inmates prisoner prisoners detainee detainees offender offenders person persons people
    individual individuals resident residents adult adults list lists listing report roster rosters log daily recent recently new
    newly since last past within previous prior hours hour hrs hr days day week weeks month from of in on the for to by at as this
    date dates jail jails county sheriff sheriffs office facility detention center centre department out
    male males female females men women mens womens felony misdemeanor custody custodia data table view
    los las el la de del en al con personas privadas persona dia
    january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct
    nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
"""
# With one of these nobody has left yet.
_NOT_YET_TEXT = """
    pending upcoming scheduled projected expected future eligible anticipated awaiting work tentative soon due not possible
"""
_DAYS_TEXT = """
    today todays yesterday hoy ayer january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
"""
_DAYS = frozenset(_DAYS_TEXT.split())
_GROUPS = frozenset(["male", "males", "female", "females", "men", "mens", "women", "womens", "felony", "misdemeanor"])
_RELEASED, _MOVED, _HELD = (frozenset(text.split()) for text in (_RELEASED_TEXT, _MOVED_TEXT, _HELD_TEXT))
_SMALL, _NOT_YET = frozenset(_SMALL_TEXT.split()), frozenset(_NOT_YET_TEXT.split())
_CUSTODY = frozenset(["custody", "custodia", "jail"])
_IN_CUSTODY = re.compile(r"\bin (?:custody|jail)\b")
_NO_LONGER = re.compile(r"\b(?:no longer|not (?:currently )?in|out of|previously in|formerly in)\b")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_DATES = frozenset(["date", "dates"])
_NO = frozenset(["no", "not", "longer", "formerly", "previously"])
_LONGEST, _MOST_WORDS, _SHORTEST = 80, 10, 3


def section_of(title: str) -> Custody | None:
    """Where the people under this heading are; None if it says nothing about that, or something that we do not know."""
    words = _words(title)
    if not words or len(words) > _MOST_WORDS:
        return None
    if not _DATES.isdisjoint(words) and not any(map(str.isdigit, title)):
        # `Inmate Release Dates` names a column of the list.
        return None
    plain = plain_status(" ".join(words))
    if _NO_LONGER.search(plain):
        return Custody.RELEASED if {*words} <= _KNOWN | _NO else None
    if len(plain) >= _SHORTEST and not is_flag(plain) and (status := read_status(plain, out_is_gone=False)):
        return status
    every = {*words}
    found = [custody for custody, some in _KINDS if not every.isdisjoint(some)]
    if found and _IN_CUSTODY.search(plain) and Custody.HELD not in found:
        # `In custody: 10  Released: 2` counts both.
        return None
    return _custody_of(every, found) if every <= _KNOWN else None


def is_about_anybody(title: str) -> bool:
    """Whether a heading only says of what it is a list, or of which people: `Inmate Roster`, `Females`."""
    return {*_words(title)} <= _SMALL | {"total", "count"}


def is_dated(title: str) -> bool:
    """Whether a title names a day, or has numbers and no words: `2026-06-11`, `June 11`, `Monday`."""
    words = {*_words(title)}
    return not words.isdisjoint(_DAYS) or not words


def names_group(title: str) -> bool:
    """Whether a title only says which of the people there are in its list: `Females`, `Adult Men`."""
    words = {*_words(title)}
    return words <= _SMALL and not words.isdisjoint(_GROUPS) and words.isdisjoint(_DAYS)


def hints_at_leaving(title: str) -> bool:
    """Whether a heading that we do not know has a word for leaving in it, and none for a time to come."""
    if is_out(title):
        return True
    every = {*_words(title)}
    return 0 < len(every) <= _MOST_WORDS and not every.isdisjoint(_RELEASED | _MOVED) and every.isdisjoint(_NOT_YET)


def _custody_of(words: set[str], found: list[Custody]) -> Custody | None:
    """What these known words say together, of which some say each of `found`."""
    if not words.isdisjoint(_NOT_YET):
        return Custody.HELD if found else None
    if not found and not words.isdisjoint(_CUSTODY):
        return Custody.HELD if "in" in words or "en" in words else None
    return found[0] if len(found) == 1 else None


def _words(title: str) -> list[str]:
    """The words of a heading in lower case, without accents, numbers and what stands in brackets."""
    if len(title) > _LONGEST:
        return []
    plain = "".join(ch for ch in unicodedata.normalize("NFD", title) if not unicodedata.combining(ch))
    return [word.casefold() for word in _WORD.findall(plain.replace("'", "").replace("’", ""))]


_KINDS = ((Custody.RELEASED, _RELEASED), (Custody.MOVED, _MOVED), (Custody.HELD, _HELD))
_KNOWN = _RELEASED | _MOVED | _HELD | _SMALL | _NOT_YET
