"""Recipients: find people and facilities with one text, whatever it is."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid
from rxconnect.domain.inmates import QUERY_NAME_MAX, InmateQuery
from rxconnect.domain.problems import Problem
from rxconnect.domain.recipients import Recipients
from rxconnect.domain.text import one_line
from rxconnect.search.normalise import folded_words
from rxconnect.services.directory import facilities, inmates

_PEOPLE, _FACILITIES = 6, 5
# People whose names only come near, below the facility that is more likely meant.
_PEOPLE_BELOW = 3


def count_search(session: Session, actor: Actor, text: str, address: str = "") -> None:
    """Count the search for people, as `inmates.count_search` does. Call it before `find`.

    Raises `Invalid` (recipient), `NotAllowed` and `Throttled`.
    """
    if len(one_line(text)) > QUERY_NAME_MAX:
        raise Invalid(recipient=Problem.FACILITY_QUERY_TOO_LONG(most=QUERY_NAME_MAX))
    inmates.count_search(session, actor, _query_of(text), address)


def find(session: Session, actor: Actor, text: str) -> Recipients:
    """The people and facilities that `text` may mean. Too little text finds none. Raises `NotAllowed`."""
    if not facilities.is_long_enough(text):
        return Recipients()
    places = facilities.search(session, actor, text, limit=_FACILITIES)
    query = _query_of(text)
    if not inmates.is_searchable(query):
        return Recipients(facilities=places)
    people, has_more = inmates.find(session, actor, None, query)
    here = {place.id for place in facilities.my_locations(session, actor)}
    # Somebody who is exactly meant comes first, and among equals somebody at a facility of one's own.
    people = sorted(people, key=lambda person: (person.why != "", person.facility_id not in here))
    is_exact = bool(people) and not people[0].why
    shown = people[: _PEOPLE if is_exact or not places else _PEOPLE_BELOW]
    found = Recipients(shown, places, has_more or len(people) > len(shown))
    if found.exact:
        # A facility that only sounds like the name is in the way.
        return Recipients(found.people, [place for place in places if _has_words(place.name, text)], found.has_more)
    return found


def _query_of(text: str) -> InmateQuery:
    """The search for a person with this number or name. `search.typed` tells the two apart."""
    return InmateQuery(last_name=text, is_everywhere=True)


def _has_words(name: str, text: str) -> bool:
    """Whether a name has each word that was typed."""
    return set(folded_words(text).split()) <= set(folded_words(name).split())
