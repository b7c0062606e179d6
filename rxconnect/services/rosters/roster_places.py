"""Looks facilities up by what a roster calls them, key or name. `services.imports` loads it once for each file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlmodel import Session

from rxconnect.domain import states
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Facility
from rxconnect.search.normalise import folded_words

_MOST_NAMED = 5


class FacilityLookup:
    """Looks facilities up by what a file calls them. `facilities` are (key, name, state)."""

    def __init__(self, facilities: Iterable[tuple[str, str, str]]):
        self._keys: set[str] = set()
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for key, name, state in facilities:
            self._keys.add(key)
            for form in _forms(name, state):
                self._by_name[form].append(key)
        self._named: dict[str, str] = {}
        self._cache: dict[str, str] = {}

    def name(self, given: Mapping[str, str]) -> None:
        """Take these names for these keys, whatever else they may name."""
        self._named |= {folded_words(name): key for name, key in given.items()}

    def key_of(self, text: str) -> str:
        """The key of the facility, or the text itself if no facility or more than one fits."""
        if (key := self._cache.get(text)) is None:
            key = self._cache[text] = self._key_of(text)
        return key

    def is_ambiguous(self, text: str) -> bool:
        """Whether a text is the name of two facilities or more."""
        return self.key_of(text) not in self._keys and len(self._by_name.get(folded_words(text), [])) > 1

    def is_unknown(self, text: str) -> bool:
        """Whether a text is neither the key nor the name of any facility."""
        return self.key_of(text) not in self._keys and not self._by_name.get(folded_words(text))

    def reason(self, text: str) -> Sentence:
        """Why a text names no facility, and what to say."""
        if not text:
            return Sentence("the facility is missing")
        if not self.is_ambiguous(text):
            return Sentence("there is no facility with the key or the name “{name}”", name=text[:60])
        return self.ambiguous(text, f'--place "{text[:60]}=KEY"')

    def ambiguous(self, text: str, option: str) -> Sentence:
        """`“Birch Prison” is the name of 2 facilities (birch-nv, birch-ut): say which with …`."""
        keys = self._by_name[folded_words(text)]
        return Sentence(
            "“{name}” is the name of {facilities} facilities ({keys}): say which with {option}",
            name=text[:60],
            facilities=len(keys),
            keys=keys[:_MOST_NAMED],
            option=option,
        )

    def _key_of(self, text: str) -> str:
        words = folded_words(text)
        if words in self._named:
            return self._named[words]
        if text in self._keys:
            return text
        keys = self._by_name.get(words, [])
        return keys[0] if len(keys) == 1 else text


def load_facility_lookup(session: Session) -> FacilityLookup:
    """All facilities, to look them up by name."""
    columns = (getattr(Facility, name) for name in ("key", "name", "state"))
    return FacilityLookup([(key, name, state) for key, name, state in session.execute(select(*columns))])


def _forms(name: str, state: str) -> set[str]:
    """The ways to write a facility: `Cedar Ridge`, `Cedar Ridge, OR`, `Cedar Ridge (Oregon)`."""
    plain = folded_words(name)
    return {plain, *(f"{plain} {folded_words(form)}" for form in (state, states.name_of(state)) if form)}
