"""Runs in the process of `converter`: what an answer of a server says about the length of its list.

Servers send long lists in pages. Whoever saves one page has a part of the list, and everybody on the others would be missing.
"""

from __future__ import annotations

import re

from rxconnect.domain.sentences import Sentence

# The names, without signs and in small letters, under which an answer says how many rows there are.
_TOTALS = re.compile(
    r"(?:total|num|number|odata|nb)?(?:of)?(?:record|row|result|item|element|feature|inmate|offender|hit|people)?s?"
    r"(?:total|count|cnt|found|filtered)?"
)
_COUNTS = re.compile(r"total|count|cnt|found|filtered|numberof|nbhits")
# Names of a value that says that more rows follow, of one that says whether these are the last, and of the number of pages.
_GOES_ON_TEXT = """
    exceededtransferlimit hasmore hasnext hasnextpage morerecords moreresults more truncated istruncated ispartial partial
    incomplete odatanextlink nextlink nextpage nextpageurl nextpagetoken nextcursor nexturl nexttoken continuationtoken next
"""
_GOES_ON = frozenset(_GOES_ON_TEXT.split())
_ENDS = frozenset(["last", "islast", "islastpage"])
_PAGES = frozenset(["totalpages", "pagecount", "numpages", "lastpage", "pages"])
# A link or a number may be the only value of an object of its own: `{"next": {"href": "…"}}`.
_INNER = frozenset(["href", "url", "value"])
_NO = frozenset(["", "0", "false", "no", "none", "null"])
_SIGNS = re.compile(r"[^a-z]+")


class Length:
    """Collects what stands beside a list, and doubts that the list is whole. `doubt` is None if nothing speaks against it."""

    def __init__(self) -> None:
        self._more = ""
        self._totals: list[tuple[int, str]] = []

    def see(self, where: str, value: object) -> None:
        """Look at a value that is not part of the list. `where` are the names under which it stands."""
        path = [_SIGNS.sub("", part) for part in where.casefold().replace("odata.", "odata").split(".")]
        shown = where.rpartition(".")[2] if path[-1] not in _INNER else where
        name = path[-1] if path[-1] not in _INNER or len(path) < 2 else path[-2]
        text = "" if value is None or isinstance(value, dict | list) else str(value).strip().casefold()
        is_page = name in _PAGES and text.isdecimal() and text not in ("0", "1")
        if is_page or (name in _GOES_ON and text not in _NO) or (name in _ENDS and text == "false"):
            self._more = self._more or shown
        elif text.isdecimal() and len(text) < 10 and _COUNTS.search(name) and _TOTALS.fullmatch(name):
            self._totals.append((int(text), shown))

    def doubt(self, rows: int) -> Sentence | None:
        """The end of a sentence about a list of so many rows that is only a part; None if it seems whole."""
        if self._more:
            return Sentence(
                "the list goes on after the {rows} rows of this file, as “{name}” in it says: people on the rest of the list would "
                "count as missing. Get the whole list",
                rows=rows,
                name=self._more,
            )
        if bigger := [(total, name) for total, name in self._totals if total > rows]:
            total, name = max(bigger)
            return Sentence(
                "the file has {rows} rows, and “{name}” in it says that there are {total}: people on the rest of the list would "
                "count as missing. Get the whole list",
                rows=rows,
                name=name,
                total=total,
            )
        return None
