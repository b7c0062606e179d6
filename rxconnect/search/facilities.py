"""Find facilities by what people call them: words in any order, abbreviations, places, ZIP codes, typing errors.

Every word typed is compared with every word of every facility; there are a few thousand facilities, so this takes
milliseconds and needs no index but `Facility.search_text`, which `searchable` makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlmodel import Session, col, select

from rxconnect.domain import states
from rxconnect.domain.facilities import Opening
from rxconnect.models import Facility
from rxconnect.search.normalise import words

_ABBREVIATIONS = {
    "cc": "correctional center",
    "cf": "correctional facility",
    "ci": "correctional institution",
    "cj": "county jail",
    "co": "county",
    "ctr": "center",
    "dc": "detention center",
    "dept": "department",
    "doc": "department of corrections",
    "fcc": "federal correctional complex",
    "fci": "federal correctional institution",
    "fdc": "federal detention center",
    "fmc": "federal medical center",
    "fpc": "federal prison camp",
    "ft": "fort",
    "ice": "immigration and customs enforcement",
    "jdc": "juvenile detention center",
    "mdc": "metropolitan detention center",
    "mt": "mount",
    "pen": "penitentiary",
    "rc": "reception center",
    "sci": "state correctional institution",
    "sp": "state prison",
    "st": "saint",
    "usp": "united states penitentiary",
    "ydc": "youth development center",
}
# Words that many names share. They help to rank but not to find.
_COMMON = {word for phrase in _ABBREVIATIONS.values() for word in phrase.split()} - {"fort", "mount", "saint"}
_COMMON |= _ABBREVIATIONS.keys() - {"ft", "mt", "st"} | {"a", "at", "for", "in", "jail", "the", "unit"}
_COMMON_WEIGHT = 0.25
_PLACE_WEIGHT = 0.9
_BEGINNING_WEIGHT, _SIMILAR_WEIGHT, _LEAST_SIMILARITY = 0.85, 0.85, 0.75
# A facility is shown when this much of what was typed is found in it, and it is not far behind the best.
_ENOUGH, _BEHIND = 0.5, 0.25
_WORDS_MAX = 12


class _Candidate(NamedTuple):
    id: int
    name: str
    is_open: bool


class _Index(NamedTuple):
    """Which candidates, by position, have a word in their name, and which in their place."""

    named: dict[str, list[int]]
    placed: dict[str, list[int]]


def searchable(name: str, city: str, county: str, state: str, zip_code: str) -> str:
    """What `find` compares with, for `Facility.search_text`: the words of the name `|` the words of the place."""
    named = words(name).split()
    text = f" {' '.join(named)} "
    extra = [short for short, long in _ABBREVIATIONS.items() if f" {long} " in text]
    extra += [long for short, long in _ABBREVIATIONS.items() if f" {short} " in text]
    initials = "".join(word[0] for word in named if word not in ("and", "at", "for", "of", "the"))
    placed = words(f"{city} {county} {states.name_of(state)} {state} {zip_code}")
    return f"{' '.join(named + extra)} {initials if len(initials) > 2 else ''} | {placed}"


def find(session: Session, text: str, *, limit: int) -> list[int]:
    """The ids of the facilities that fit, best first, open ones first among equals, always in the same order."""
    wanted = words(text).split()[:_WORDS_MAX]
    if not wanted:
        return []
    candidates, index = _read(session)
    scores = [0.0] * len(candidates)
    weights = [_COMMON_WEIGHT if word in _COMMON else 1.0 for word in wanted]
    for word, weight in zip(wanted, weights, strict=True):
        for position, found in _found(word, index).items():
            scores[position] += found * weight / sum(weights)
    least = max(_ENOUGH, max(scores, default=0) - _BEHIND)
    ranked = sorted(_rank(score, candidates[position]) for position, score in enumerate(scores) if score >= least)
    return [facility_id for *_, facility_id in ranked[:limit]]


def _read(session: Session) -> tuple[list[_Candidate], _Index]:
    candidates: list[_Candidate] = []
    index = _Index(defaultdict(list), defaultdict(list))
    rows = session.exec(select(Facility.id, Facility.name, Facility.opening, col(Facility.search_text)))
    for position, (facility_id, name, opening, search_text) in enumerate(rows):
        candidates.append(_Candidate(facility_id or 0, name, opening == Opening.OPEN))
        named, _, placed = search_text.partition("|")
        for word in named.split():
            index.named[word].append(position)
        for word in placed.split():
            index.placed[word].append(position)
    return candidates, index


def _found(typed: str, index: _Index) -> dict[int, float]:
    """How well a typed word is found in each candidate, from 0 to 1, by the candidate's position."""
    best: dict[int, float] = {}
    for word, likeness in _alike(typed, index.named.keys() | index.placed.keys()).items():
        for positions, worth in ((index.named, likeness), (index.placed, likeness * _PLACE_WEIGHT)):
            for position in positions.get(word, ()):
                best[position] = max(best.get(position, 0), worth)
    return best


def _alike(typed: str, vocabulary: Set[str]) -> dict[str, float]:
    """How like the typed word each known word is, from 0 to 1; words unlike it are left out."""
    alike: dict[str, float] = {}
    if len(typed) >= 4 and not typed.isdigit():
        near = process.extract(
            typed, list(vocabulary), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_SIMILARITY, limit=None
        )
        alike = {word: _SIMILAR_WEIGHT * similarity for word, similarity, _ in near}
    if len(typed) >= 2:
        alike |= {word: _BEGINNING_WEIGHT for word in vocabulary if word.startswith(typed)}
    return alike | {typed: 1.0}


def _rank(score: float, candidate: _Candidate) -> tuple[float, bool, int, str, int]:
    """Better first; among equals open ones, then the shorter name, which is nearer to what was typed."""
    return -round(score, 2), not candidate.is_open, len(candidate.name), candidate.name, candidate.id
