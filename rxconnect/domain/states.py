"""The states and territories: two-letter codes (USPS), names, and the time zone of most of their facilities."""

from __future__ import annotations

from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Problem

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"

_TABLE: dict[str, tuple[str, str]] = {
    "AK": ("Alaska", "America/Anchorage"),
    "AL": ("Alabama", _CENTRAL),
    "AR": ("Arkansas", _CENTRAL),
    "AS": ("American Samoa", "Pacific/Pago_Pago"),
    "AZ": ("Arizona", "America/Phoenix"),
    "CA": ("California", _PACIFIC),
    "CO": ("Colorado", _MOUNTAIN),
    "CT": ("Connecticut", _EASTERN),
    "DC": ("District of Columbia", _EASTERN),
    "DE": ("Delaware", _EASTERN),
    "FL": ("Florida", _EASTERN),
    "GA": ("Georgia", _EASTERN),
    "GU": ("Guam", "Pacific/Guam"),
    "HI": ("Hawaii", "Pacific/Honolulu"),
    "IA": ("Iowa", _CENTRAL),
    "ID": ("Idaho", "America/Boise"),
    "IL": ("Illinois", _CENTRAL),
    "IN": ("Indiana", "America/Indiana/Indianapolis"),
    "KS": ("Kansas", _CENTRAL),
    "KY": ("Kentucky", _EASTERN),
    "LA": ("Louisiana", _CENTRAL),
    "MA": ("Massachusetts", _EASTERN),
    "MD": ("Maryland", _EASTERN),
    "ME": ("Maine", _EASTERN),
    "MI": ("Michigan", "America/Detroit"),
    "MN": ("Minnesota", _CENTRAL),
    "MO": ("Missouri", _CENTRAL),
    "MP": ("Northern Mariana Islands", "Pacific/Guam"),
    "MS": ("Mississippi", _CENTRAL),
    "MT": ("Montana", _MOUNTAIN),
    "NC": ("North Carolina", _EASTERN),
    "ND": ("North Dakota", _CENTRAL),
    "NE": ("Nebraska", _CENTRAL),
    "NH": ("New Hampshire", _EASTERN),
    "NJ": ("New Jersey", _EASTERN),
    "NM": ("New Mexico", _MOUNTAIN),
    "NV": ("Nevada", _PACIFIC),
    "NY": ("New York", _EASTERN),
    "OH": ("Ohio", _EASTERN),
    "OK": ("Oklahoma", _CENTRAL),
    "OR": ("Oregon", _PACIFIC),
    "PA": ("Pennsylvania", _EASTERN),
    "PR": ("Puerto Rico", "America/Puerto_Rico"),
    "RI": ("Rhode Island", _EASTERN),
    "SC": ("South Carolina", _EASTERN),
    "SD": ("South Dakota", _CENTRAL),
    "TN": ("Tennessee", _CENTRAL),
    "TX": ("Texas", _CENTRAL),
    "UT": ("Utah", _MOUNTAIN),
    "VA": ("Virginia", _EASTERN),
    "VI": ("Virgin Islands", "America/Puerto_Rico"),
    "VT": ("Vermont", _EASTERN),
    "WA": ("Washington", _PACIFIC),
    "WI": ("Wisconsin", _CENTRAL),
    "WV": ("West Virginia", _EASTERN),
    "WY": ("Wyoming", _MOUNTAIN),
}
NAMES = {code: name for code, (name, _zone) in _TABLE.items()}
_CODES = {name.casefold(): code for code, (name, _zone) in _TABLE.items()}


def code_of(text: str) -> str:
    """The code for a state's code or name in any case, "" when there is no such state."""
    text = text.strip()
    return text.upper() if text.upper() in _TABLE else _CODES.get(text.casefold(), "")


def code_for_search(text: str) -> str:
    """The code for a state's code or name, "" for an empty text. Raises `Invalid` (state) when there is no such state."""
    code = code_of(text)
    if text.strip() and not code:
        raise Invalid(state=Problem.STATE_UNKNOWN())
    return code


def name_of(code: str) -> str:
    """`WA` -> `Washington`, "" for an unknown code."""
    return _TABLE[code][0] if code in _TABLE else ""


def zone_of(code: str) -> str:
    """The time zone of most of the state; Eastern when the state is not known."""
    return _TABLE[code][1] if code in _TABLE else _EASTERN
