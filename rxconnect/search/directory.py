"""Maintains the search index of people. Every change of a roster calls it in the same transaction."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy import insert as insert_into
from sqlmodel import Session, col

from rxconnect.domain.inmates import Custody
from rxconnect.models import DirectoryVersion, Facility, Inmate, InmateName, NameKeyBlock, NameWord, RosterSheet
from rxconnect.search import names, sheets, word_keys
from rxconnect.search.normalise import first_name, last_name
from rxconnect.search.raw_sql import execute, fetch_rows, quoted, quoted_list

_AT_ONCE = 1_000  # rows or values in one statement
_NAMED = "SELECT id, first_name, middle_name, last_name, aliases FROM inmate WHERE"
_ON_SHEET = "SELECT custody, number_key, id, first_name, middle_name, last_name, suffix, aliases FROM inmate WHERE"
_WORDS = "SELECT text, id FROM name_word WHERE text IN"
_COUNTED = "ON CONFLICT (id) DO UPDATE SET people = name_word.people + excluded.people"

T = TypeVar("T")


class Named(NamedTuple):
    """A person's names as on the roster; `aliases` are full names separated by `;`."""

    inmate_id: int
    first_name: str
    middle_name: str
    last_name: str
    aliases: str


def lock_directory(session: Session) -> None:
    """Lock the directory until this transaction ends. Must be called before anything is read."""
    session.execute(update(DirectoryVersion).values(people=secrets.randbits(31)))


def insert_people(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store new people (columns of `Inmate`) and index their names. The caller then calls `write_sheets`."""
    newest = session.scalar(select(func.max(col(Inmate.id)))) or 0
    if rows:
        session.connection().execute(insert_into(Inmate), rows)
        _add_names(session, _select_named(session, f"id > {newest}"))


def rename_people(session: Session, before: Iterable[Named], after: Iterable[Named]) -> None:
    """Index people under their new names instead of their old ones. The caller then calls `write_sheets`."""
    pairs = _word_pairs(before)
    ids = _word_ids(session, {word for pair in pairs for word in pair[:2]})
    gone = [(ids[last], ids[first], inmate_id) for last, first, inmate_id in pairs if last in ids and first in ids]
    key = tuple_(col(InmateName.last_id), col(InmateName.first_id), col(InmateName.inmate_id))
    for some in _batches(gone):
        session.connection().execute(delete(InmateName).where(key.in_(some)))
    _add_names(session, after)


def namesakes(session: Session, people: Iterable[Named], birth_dates: Collection[date], *, newer_than: int) -> set[int]:
    """The ids above `newer_than` of people who share a last and a first word of their names with one of these people.

    They were born on one of these dates. Others than the ones meant are among them, so the caller compares in full.
    """
    pairs = {pair[:2] for pair in _word_pairs(people)}
    ids = _word_ids(session, {word for pair in pairs for word in pair})
    wanted = [(ids[last], ids[first]) for last, first in pairs if last in ids and first in ids]
    found: set[int] = set()
    for some in _batches(wanted):
        alike = select(col(InmateName.inmate_id)).join(Inmate, col(Inmate.id) == col(InmateName.inmate_id))
        alike = alike.where(
            tuple_(col(InmateName.last_id), col(InmateName.first_id)).in_(some),
            col(InmateName.inmate_id) > newer_than,
            col(Inmate.birth_date).in_(birth_dates),
        )
        found.update(session.connection().execute(alike).scalars())
    return found


def remove_people(session: Session, people: Collection[Named]) -> None:
    """Take people out of the index, and delete their rows. The caller then calls `write_sheets`."""
    rename_people(session, people, [])
    for some in _batches([person.inmate_id for person in people]):
        session.connection().execute(delete(Inmate).where(col(Inmate.id).in_(some)))


def write_sheets(session: Session, facility_ids: Collection[int]) -> None:
    """Rebuild the sheets of these facilities from their people, including those who moved away."""
    session.flush()
    for facility_id in facility_ids:
        entries = sheets.entries_in_order(_people_on_sheet(session, facility_id))
        session.connection().execute(delete(RosterSheet).where(col(RosterSheet.facility_id) == facility_id))
        session.connection().execute(
            insert_into(RosterSheet), [{"facility_id": facility_id, "body": sheets.pack_sheet(entries)}]
        )


def is_complete(session: Session) -> bool:
    """Whether all people are in the index in its present format. Some migrations leave it incomplete."""
    return not (_lacks_keys(session) or _facilities_without_sheet(session) or _facilities_with_empty_sheet(session))


def add_missing_entries(session: Session) -> None:
    """Add the missing entries to the index."""
    lock_directory(session)
    if _lacks_keys(session):
        words = session.execute(select(col(NameWord.text), col(NameWord.id)).order_by(col(NameWord.id)))
        word_keys.store_words(session, {row.text: row.id for row in words})
    facility_ids = _facilities_without_sheet(session)
    for facility_id in facility_ids:
        _add_names(session, _select_named(session, f"facility_id = {facility_id}"))
    write_sheets(session, [*facility_ids, *_facilities_with_empty_sheet(session)])


def _lacks_keys(session: Session) -> bool:
    """Whether there are words without keys, as after the migration that packed the keys."""
    return (
        session.scalar(select(select(col(NameWord.id)).exists() & ~select(col(NameKeyBlock.block)).exists())) or False
    )


def _facilities_without_sheet(session: Session) -> list[int]:
    """The facilities whose people are not in the directory, as after the migration that created it."""
    has_people = select(col(Inmate.id)).where(col(Inmate.facility_id) == col(Facility.id)).exists()
    has_sheet = select(col(RosterSheet.facility_id)).where(col(RosterSheet.facility_id) == col(Facility.id)).exists()
    return list(session.scalars(select(col(Facility.id)).where(has_people, ~has_sheet)))


def _facilities_with_empty_sheet(session: Session) -> list[int]:
    """The facilities whose sheets a migration emptied, because the format had changed."""
    return list(session.scalars(select(col(RosterSheet.facility_id)).where(func.length(col(RosterSheet.body)) == 0)))


def _select_named(session: Session, condition: str) -> Iterator[Named]:
    return map(Named._make, fetch_rows(session, f"{_NAMED} {condition}"))


def _people_on_sheet(session: Session, facility_id: int) -> Iterator[tuple[bool, str, int, list[names.Booked]]]:
    """(is held, number key, inmate id, names) of the people at a facility and of those who moved away, for its sheet."""
    gone = f"SELECT inmate_id FROM inmate_move WHERE from_facility_id = {facility_id}"
    sql = (
        f"{_ON_SHEET} facility_id = {facility_id} UNION ALL {_ON_SHEET} facility_id <> {facility_id} AND id IN ({gone})"
    )
    for custody, number, inmate_id, *name in fetch_rows(session, sql):
        yield custody == Custody.HELD, number, inmate_id, names.booked_names(*name)


def _add_names(session: Session, people: Iterable[Named]) -> None:
    pairs = _word_pairs(people)
    counts = Counter(word for last, first, _ in pairs for word in (last, first))
    ids = _count_words(session, counts)
    for rows in _batches(sorted((ids[last], ids[first], inmate_id) for last, first, inmate_id in pairs)):
        execute(session, f"INSERT INTO inmate_name (last_id, first_id, inmate_id) VALUES {str(rows)[1:-1]}")


def _word_pairs(people: Iterable[Named]) -> set[tuple[str, str, int]]:
    """(last word, first word, inmate id) for each pair of words that finds these people."""
    return {
        (last, first, person.inmate_id)
        for person in people
        for name in names.booked_names(person.first_name, "", person.last_name, "", person.aliases)
        for last in last_name(name.last).words or {""}
        for first in first_name(name.first).forms or {""}
    }


def _count_words(session: Session, counts: Counter[str]) -> dict[str, int]:
    """The ids of these words, with their counts updated. New words are added in alphabetical order."""
    ids = _word_ids(session, counts)
    last = session.scalar(select(func.max(col(NameWord.id)))) or 0
    new = {word: last + number for number, word in enumerate(sorted(counts.keys() - ids.keys()), start=1)}
    ids |= new
    for words in _batches(ids):
        rows = ", ".join(f"({ids[word]}, {quoted(word)}, {counts[word]})" for word in words)
        execute(session, f"INSERT INTO name_word (id, text, people) VALUES {rows} {_COUNTED}")
    word_keys.store_words(session, new)
    return ids


def _word_ids(session: Session, words: Collection[str]) -> dict[str, int]:
    """The ids of those of these words that are stored."""
    rows = (fetch_rows(session, f"{_WORDS} ({quoted_list(some)})") for some in _batches(sorted(words)))
    return dict(chain.from_iterable(rows))


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
