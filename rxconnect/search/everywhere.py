"""Finds people of the whole country who match a typed name, through the index of words (`vocabulary`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlmodel import Session

from rxconnect.search import likeness, vocabulary
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.names import ANOTHER_FIRST_NAME, SWAPPED, TypedName
from rxconnect.search.normalise import Name, Part, name_key
from rxconnect.search.raw_sql import fetch_rows, quoted
from rxconnect.search.vocabulary import Joined, Meant, Word

# An approximate cost for each person, by id.
RoughCosts = dict[int, int]

# The highest total cost of two words, query by query. Later queries run only until enough people are found.
_TIERS = (12, 24, 40, TOO_FAR)
_, _NEAR, _FAR, _ = _TIERS
_MOST, _RARE, _MANY, _FEW, _MOST_ALSO, _MOST_WORDS, _MOST_ONE = (400, 300, 100, 1_000, 8, 60, 30)
_MOST_LASTS_OF_TWO = 10  # words for one of two last names; each person with one of them is checked for the other
_STRONG, _STRONG_WORDS, _BEGINNING, _BEGINNING_LETTERS = 16, 6, 8, 2
_ONE_SLIP = 18  # the highest cost of a word with one typing error

_IN_STATE = "JOIN inmate i ON i.id = n.inmate_id JOIN facility f ON f.id = i.facility_id AND f.state ="


class _Reading(NamedTuple):
    """One interpretation of the query: words for the first name and for the last; None for a name that was not typed.

    `also` are words for a second last name, which the person must have too. `begins` stands for a name too short to
    look up, or too unfinished: (the column of the other name, the first letters). `extra` is a cost for the reading itself.
    """

    firsts: list[Word] | None
    lasts: list[Word] | None
    also: list[Word]
    begins: tuple[str, str] | None
    extra: int


def candidates(session: Session, names: Sequence[TypedName], state: str, enough: int) -> RoughCosts:
    """The ids of people who may match, each with an approximate cost; at least `enough` if there are that many.

    `names` are ways to read the typed name. Those after the first share a search, since they rarely all fit somebody.
    """
    forms = {form for typed in names for form in _forms_to_look_up(typed)}
    meant = vocabulary.words_meant(session, forms)
    as_typed, apart = (_Search(session, state, enough) for _ in range(2))
    for typed in names:
        _search_for(session, as_typed if typed is names[0] else apart, typed, meant)
    for inmate_id, cost in apart.found.items():
        as_typed.record_cost([inmate_id], cost)
    return as_typed.found


def _search_for(session: Session, search: _Search, typed: TypedName, meant: dict[str, Meant]) -> None:
    """Search with one way to read the name. Adds the words that it looks up to `meant`."""
    search.search_with(_with_all_last_names(typed, meant), up_to=_NEAR)
    one = typed.last.whole if len(typed.last.parts) == 1 else ""
    # Even a common name is split, so that many people called Fitzgerald do not hide one called Fitz Gerald.
    if one in meant and (two := meant[one].two):
        search.search_with(_with_all_last_names(_with_last_name_split(typed, two, meant), meant), up_to=_NEAR)
    search.search_with(_as_one_name(typed, meant), up_to=_NEAR)
    if search.least_cost > _ONE_SLIP:
        search.search_with(_with_one_of_the_last_names(typed, meant), up_to=_NEAR)
    if search.least_cost > _ONE_SLIP:
        search.search_by_middle_name(typed.first, _words_meant(typed.last.forms, meant).lasts)
        if one and (three := vocabulary.three_names_in(session, one)):
            search.search_with(_with_all_last_names(_with_last_name_split(typed, three, meant), meant), up_to=_NEAR)
    if search.least_cost > _ONE_SLIP:
        unlikely = {form for form in _forms_to_look_up(typed) if not _is_common_last_name(meant[form])}
        less_likely = vocabulary.meant_with_two_slips(session, unlikely)
        meant |= {form: vocabulary.merge_meant((meant[form], less_likely[form])) for form in unlikely}
        search.search_with(_with_all_last_names(typed, meant), up_to=_FAR, above=_NEAR)
    if search.least_cost > _ONE_SLIP:
        search.search_with(_as_one_name(typed, meant), up_to=_FAR, above=_NEAR)
        search.search_with(_with_one_of_the_last_names(typed, meant), up_to=_FAR, above=_NEAR)
    if not search.found and typed.first.whole and typed.last.whole:
        # This finds a nickname together with a last name that has two errors, as a search at one facility does.
        search.search_with(
            [*_with_all_last_names(typed, meant), *_as_one_name(typed, meant)], up_to=TOO_FAR, above=_FAR
        )


def _forms_to_look_up(typed: TypedName) -> set[str]:
    return {form for name in (typed.first, typed.last) for form in name.forms if len(form) > 1}


def _with_last_name_split(typed: TypedName, names: Joined, meant: dict[str, Meant]) -> TypedName:
    """The query with its last name split into these names, as in `garciatorres`. Adds them to `meant`."""
    meant |= {name: Meant([], [word], {}) for name, word in names.items() if name not in meant}
    return typed._replace(last=Name(typed.last.whole, tuple(Part(name, name) for name in names)))


def _is_common_last_name(meant: Meant) -> bool:
    """Whether the typed word is a common last name, so that another one is unlikely to be meant."""
    return bool(meant.lasts) and meant.lasts[0].cost == 0 and meant.lasts[0].people >= _MANY


def _as_one_name(typed: TypedName, meant: dict[str, Meant]) -> list[_Reading]:
    """Readings that treat all typed last names as one name, with and without its particles."""
    return [
        _build_reading(
            first, last, meant, [_words_meant({last.whole, *cores}, meant).lasts] if last.whole else [], extra
        )
        for first, last, extra in _as_typed_and_swapped(typed)
        for cores in [{last.parts[0].core} if len(last.parts) == 1 else set()]
    ]


def _with_all_last_names(typed: TypedName, meant: dict[str, Meant]) -> list[_Reading]:
    """Readings for two typed last names: the person has both."""
    return [
        _build_reading(
            first,
            last,
            meant,
            sorted((_words_meant(part, meant).lasts for part in last.parts), key=_people_count),
            extra,
        )
        for first, last, extra in _as_typed_and_swapped(typed)
        if len(last.parts) > 1
    ]


def _with_one_of_the_last_names(typed: TypedName, meant: dict[str, Meant]) -> list[_Reading]:
    """Readings for several typed last names: the person has only one of them."""
    return [
        _build_reading(first, last, meant, [_words_meant(last.words, meant).lasts], extra + likeness.MORE_THAN_BOOKED)
        for first, last, extra in _as_typed_and_swapped(typed)
        if len(last.parts) > 1
    ]


def _as_typed_and_swapped(typed: TypedName) -> tuple[tuple[Name, Name, int], ...]:
    """(first name, last name, extra cost): as typed, and swapped."""
    return (typed.first, typed.last, 0), (typed.last, typed.first, typed.swapped)


def _build_reading(first: Name, last: Name, meant: dict[str, Meant], lasts: list[list[Word]], extra: int) -> _Reading:
    """Build a reading from names and words.

    A name of one or two letters is searched by its beginning, and so is a last name that begins more words than were
    looked up.
    """
    firsts = _first_name_words(first, meant) if first.whole else None
    begins = None
    if _is_short(first):
        begins = ("last_id", first.whole)
    elif (
        _is_short(last) or sum(0 < word.cost <= likeness.MOST_BEGUN for word in (lasts or [[]])[0]) >= vocabulary.BEGUN
    ):
        begins = ("first_id", last.whole)
    return _Reading(firsts, lasts[0] if lasts else None, lasts[1] if len(lasts) > 1 else [], begins, extra)


def _first_name_words(name: Name, meant: dict[str, Meant]) -> list[Word]:
    """Words for a first name. A single one of several typed names costs more."""
    whole = _words_meant([name.whole], meant).firsts
    if len(name.parts) == 1:
        return whole
    parts = [
        word._replace(cost=word.cost + likeness.MORE_THAN_BOOKED) for word in _words_meant(name.words, meant).firsts
    ]
    return sorted(whole + parts)


def _words_meant(forms: Iterable[str], meant: dict[str, Meant]) -> Meant:
    """The words that may be meant by any of these forms of a name."""
    return vocabulary.merge_meant(meant[form] for form in set(forms) if form in meant)


def _people_count(words: list[Word]) -> int:
    """The number of people with the likeliest of these words. Rare words are looked up first."""
    return words[0].people if words else 0


def _is_short(name: Name) -> bool:
    """Whether a name is too short to look up as a word."""
    return 0 < len(name.whole) <= _BEGINNING_LETTERS


class _Search:
    """Runs one query after another, and stores the least cost of each person found."""

    def __init__(self, session: Session, state: str, enough: int) -> None:
        self.found: RoughCosts = {}
        self._session, self._enough = session, enough
        self._in_state = f"{_IN_STATE} {quoted(state)}" if state else ""
        self._most = min(3 * enough, _MOST)  # people in one answer

    @property
    def least_cost(self) -> int:
        """The least cost so far."""
        return min(self.found.values(), default=TOO_FAR)

    def search_with(self, readings: list[_Reading], *, up_to: int, above: int = -1) -> None:
        """Search with these readings, for words or pairs of words whose cost is over `above` and at most `up_to`."""
        if any(reading.firsts is None or reading.lasts is None for reading in readings):
            self._search_by_one_name(readings)
        elif readings:
            self._search_by_both_names(readings, above, up_to)

    def _search_by_both_names(self, readings: list[_Reading], above: int, up_to: int) -> None:
        """Search by pairs of words, the best pairs first. Few people have a rare name, so its pairs are tried all at once."""
        tiers = [tier for tier in _TIERS if above < tier <= up_to]
        for tier in [up_to] if all(map(_has_a_rare_name, readings)) else tiers:
            self._search_by_pairs(readings, above, tier)
            if above < 0:
                self._search_by_beginnings(readings)
            if len(self.found) >= self._enough:
                return
            above = tier
        if up_to >= _FAR and not readings[0].also:
            self._search_by_rare_last_names(readings[0])

    def _search_by_one_name(self, readings: list[_Reading]) -> None:
        """Search by single words, as a first and as a last name."""
        words = [
            (word.cost + reading.extra, column, word, reading.also[:_MOST_ALSO])
            for reading in readings
            for column, of_name in (("first_id", reading.firsts), ("last_id", reading.lasts))
            for word in of_name or ()
        ]
        for cost, column, word, also in sorted(words)[:_MOST_ONE]:
            if len(self.found) >= self._enough and cost > self.least_cost:
                return
            self.record_cost(self._people_with_word(column, word, also), cost)

    def _search_by_pairs(self, readings: list[_Reading], above: int, up_to: int) -> None:
        """Search by the pairs of words with a total cost over `above` and at most `up_to`.

        The database forms the pairs, since a query with hundreds of pairs takes longer to write than to run.
        """
        asked = [sql for reading in readings if (sql := self._pairs_sql(reading, above, up_to))]
        if asked:
            sql = f"{' UNION ALL '.join(asked)} ORDER BY 2, 1 LIMIT {self._most}"
            for inmate_id, cost in fetch_rows(self._session, sql):
                self.record_cost([inmate_id], cost)

    def _pairs_sql(self, reading: _Reading, above: int, up_to: int) -> str:
        """The people with a pair of the reading's words, as SQL rows of id and cost; "" without words."""
        most = up_to - reading.extra
        lasts = _as_sql_rows((reading.lasts or ())[: _MOST_LASTS_OF_TWO if reading.also else _MOST_WORDS], most)
        firsts = _as_sql_rows((reading.firsts or ())[:_MOST_WORDS], most)
        if not lasts or not firsts:
            return ""
        also = [word for word in reading.also[:_MOST_ALSO] if word.cost <= most]
        cost = f"a.column2 + z.column2 + {reading.extra}"
        return (
            f"SELECT n.inmate_id, {cost} FROM (VALUES {lasts}) z CROSS JOIN (VALUES {firsts}) a "
            f"CROSS JOIN inmate_name n {'CROSS JOIN inmate_name b' if also else ''} {self._in_state} WHERE {cost} > {above} "
            f"AND {cost} <= {up_to} AND n.last_id = z.column1 AND n.first_id = a.column1 {_also_sql(also)}"
        )

    def _search_by_beginnings(self, readings: list[_Reading]) -> None:
        """Search by a word for one name and the first letters of the other."""
        for reading in readings:
            if reading.begins:
                column, letters = reading.begins
                words = (reading.lasts if column == "last_id" else reading.firsts) or []
                for word in words[:_STRONG_WORDS]:
                    # Longer beginnings are only worth it beside a name as it was typed that few people have.
                    if word.cost <= _STRONG and (
                        len(letters) <= _BEGINNING_LETTERS or (word.cost == 0 and word.people <= _FEW)
                    ):
                        inmate_ids = self._people_with_word(column, word, reading.also[:_MOST_ALSO], letters)
                        self.record_cost(inmate_ids, word.cost + _BEGINNING + reading.extra)

    def _search_by_rare_last_names(self, reading: _Reading) -> None:
        """Search by a rare last name alone, since no list has every nickname."""
        for word in reading.lasts or ():
            if word.cost == 0 and word.people <= _RARE:
                self.record_cost(self._people_with_word("last_id", word), ANOTHER_FIRST_NAME)

    def search_by_middle_name(self, first: Name, lasts: Iterable[Word]) -> None:
        """Search the people with one of these last names whose middle name was typed as their first name."""
        for word in lasts if first.whole else ():
            if word.cost == 0 and word.people <= _FEW:
                join = f"JOIN inmate m ON m.id = n.inmate_id AND m.middle_name <> '' {self._in_state}"
                rows = fetch_rows(
                    self._session, f"SELECT m.id, m.middle_name FROM inmate_name n {join} WHERE n.last_id = {word.id}"
                )
                called = [inmate_id for inmate_id, middle in rows if f" {first.whole}" in f" {name_key(middle)}"]
                self.record_cost(called, likeness.MIDDLE)

    def _people_with_word(self, column: str, word: Word, also: Sequence[Word] = (), begins: str = "") -> list[int]:
        """The ids of people with this word in a column. `also` and `begins` narrow them (`_Reading`)."""
        other = "first_id" if column == "last_id" else "last_id"
        join = f"JOIN name_word w ON w.id = n.{other} AND {vocabulary.begins_with_sql(begins)}" if begins else ""
        two = "inmate_name n CROSS JOIN inmate_name b"
        # SQLite keeps this order. For each person with the first name of these two, it looks for the second: here for one
        # word, and otherwise for each one of several.
        if column == "last_id" and sum(second.people for second in also) < word.people * len(also):
            two = "inmate_name b CROSS JOIN inmate_name n"
        rows = fetch_rows(
            self._session,
            f"SELECT n.inmate_id FROM {two if also else 'inmate_name n'} {join} {self._in_state} "
            f"WHERE n.{column} = {word.id} {_also_sql(also)} ORDER BY n.{other}, n.inmate_id LIMIT {self._most}",
        )
        return [inmate_id for (inmate_id,) in rows]

    def record_cost(self, inmate_ids: Iterable[int], cost: int) -> None:
        """Store a cost for these people, unless a lower one is known."""
        for inmate_id in inmate_ids:
            if cost < self.found.get(inmate_id, TOO_FAR + SWAPPED):
                self.found[inmate_id] = cost


def _has_a_rare_name(reading: _Reading) -> bool:
    """Whether few people have one of these first names, or one of these last names."""
    return any(sum(word.people for word in words or ()) <= _FEW for words in (reading.firsts, reading.lasts))


def _also_sql(also: Sequence[Word]) -> str:
    """The condition that a person `n` also has one of these words as another last name `b`."""
    ids = ", ".join(str(word.id) for word in also)
    twice = "AND b.inmate_id = n.inmate_id AND b.first_id = n.first_id AND b.last_id <> n.last_id AND b.last_id IN"
    return f"{twice} ({ids})" if also else ""


def _as_sql_rows(words: Iterable[Word], up_to: int) -> str:
    """The words that cost no more than `up_to`, as SQL rows of id and cost."""
    return ", ".join(f"({word.id}, {word.cost})" for word in words if word.cost <= up_to)
