"""What agencies call the number of a person: `SPN`, `TDCJ #`, `GDC ID`, `X-Ref`.

The names are from public search pages, forms and data dictionaries: of the departments of corrections of AL (AIS), AR and AZ
(ADC), CA (CDCR, CDC, CII), DE and NJ (SBI), FL (DC), GA (GDC, EF), IA, ID, IL, IN, KS (KDOC), LA, MD (SID), ME, MI, MN (OID),
MO, MS (MDOC), MT (AO), NC (OPUS, OCA), NE (NDCS), NM (NMCD), NV (NDOC), NY (DIN, NYSID), OH (ODRC), OK (ODOC), OR (SID), PA
(PADOC), SC (SCDC), TN (TDOC, TOMIS), TX (TDCJ, SID), UT (UDC), VA, WA, WI, WV and WY; of the Bureau of Prisons (register), the
Marshals (USMS) and immigration (A number); and of jails and their systems: SPN, SO, XREF, SWIS, PFN, MNI, PERMID, ICN,
CCN, LE, JID, CIN, jacket, name id.
"""

from __future__ import annotations

import re

# The likeliest first. These say by themselves that a number follows.
_ALONE = """
    doc adc adcrr ais aisn aispin cdcr cdc din gdc gdoc idoc kdoc kasper ladoc ldoc mdoc modoc mtdoc ndoc ncdoc ncdac ndcs nmcd
    opus odrc odoc docr padoc scdc tdoc tomis obscis tdcj udc vadoc wadoc widoc wdoc wvdoc doccs fdc edoc eomis otis omni oid
    njdoc sdoc ddoc medoc midoc mndoc msdoc nhdoc akdoc hidps bop fbop usm usms register
    spn so xref crossref crossreference pfn mni permid icn ccn jid jacket jkt swis cin lasid pid pin iid
    nysid sid cii sbi oca alien anumber jms oms rms cjis booknum
"""
# These say it only with a word for a number: `Name ID`, `Control Number`, `Person ID`.
_WITH_NUMBER = """
    dc ao ef le ir mid len dps registration reg permanent perm control prison jail custody
    commitment identification person resident subject name entity global master system sys unique uid file state a record
"""
_RANKS = {word: rank for rank, word in enumerate(f"{_ALONE} {_WITH_NUMBER}".split())}
_NEEDS_NUMBER = frozenset(_WITH_NUMBER.split())
_NUMBER_TEXT = """
    number no num nbr nr numb nmbr id ids identifier identification ident key idno idnum idnumber
"""
_NUMBER = frozenset(_NUMBER_TEXT.split())
_IDENTIFIES = frozenset(["id", "identifier", "identification", "ident", "idno", "idnum", "idnumber"])
_PERSON_TEXT = """
    inmate inmates offender offenders prisoner prisoners detainee detainees resident arrestee individual person
    persons defendant def subject ofndr offndr offdr inm inmt aic pic iic client convict suspect
"""
_PERSON = frozenset(_PERSON_TEXT.split())
_BOOKING_TEXT = """
    booking book bookings bookin bkg bk bkng admission intake incarceration confinement detention received arrest
"""
_BOOKING = frozenset(_BOOKING_TEXT.split())
_SMALL_TEXT = """
    federal current curr cur currently the of in actual primary prim committed s case and attribute attributes property properties
    fields detail details data info information demographic demographics profile personal display
"""
_SMALL = frozenset(_SMALL_TEXT.split())
# Departments of corrections, of public safety or of a sheriff have such names in most states and counties.
_ABBREVIATION = re.compile(
    r"[a-z]{0,4}(?:doc|docr|docs|dcr|dcj|dps|dpscs|dcs|cdc)|[a-z]{1,4}(?:so|sd|pd|cso)|[a-z]{1,2}dc"
)
_AGENCIES_TEXT = """
    bop fbop usms tdcj cdcr adc adcrr doccs idoc scdc ncdac so pd sheriff sheriffs jms
    jims jailtracker odyssey spillman tyler zuercher eagle oms omni tomis ais
"""
_AGENCIES = frozenset(_AGENCIES_TEXT.split())
# A booking is theirs, but a number of theirs alone is not a person's.
_OWNERS = frozenset(["agency", "county", "local", "department", "dept"])
_OF_PERSON, _OF_AGENCY, _OF_BOOKING, _KEY, _ANY = 0, 100, 500, 600, 900


def rank_of_number(words: list[str]) -> int | None:
    """How likely a column named with these words (in lower case) holds the inmate's number; None if it does not.

    A person's own number comes before an agency's, and that before the number of a booking, which is another one each time.
    """
    parts = [part for word in words for part in _parts(word)]
    named = [part for part in parts if part in _RANKS and part not in _PERSON | _NUMBER]
    others = set(parts) - _NUMBER - _PERSON - _BOOKING - _SMALL - set(named)
    if others - (_OWNERS if not _BOOKING.isdisjoint(parts) else set()):
        return None
    has_number, is_persons = not _NUMBER.isdisjoint(parts), not _PERSON.isdisjoint(parts)
    if not _BOOKING.isdisjoint(parts):
        return _OF_BOOKING + len(parts) if has_number else None
    if named:
        return (
            _OF_AGENCY + min(map(_RANKS.__getitem__, named))
            if has_number or not _NEEDS_NUMBER.issuperset(named)
            else None
        )
    if is_persons and _NUMBER.intersection(parts) == {"key"}:
        # A database counts its rows by it, and nobody else knows it.
        return _KEY + len(parts)
    if is_persons:
        return _OF_PERSON + len(parts) if has_number else None
    return None if _IDENTIFIES.isdisjoint(parts) else _ANY - len(parts)


def is_agency(word: str) -> bool:
    """Whether a word in lower case is the name or the abbreviation of an agency: `mdoc`, `tdcj`, `bcso`, `sheriff`."""
    return word in _AGENCIES or _ABBREVIATION.fullmatch(word) is not None


def _parts(word: str) -> list[str]:
    """A word, or the two that it is made of: `spnno`, `bookingid`, `inmateno`."""
    known = _RANKS.keys() | _NUMBER | _PERSON | _BOOKING | _SMALL
    if word in known:
        return [word]
    for end in range(len(word) - 1, 1, -1):
        if word[end:] in _NUMBER and word[:end] in known:
            return [word[:end], word[end:]]
        if word[:end] in _PERSON and word[end:] in known:
            return [word[:end], word[end:]]
    return [word]
