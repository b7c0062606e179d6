"""The directory: the search index of the names on all rosters. Only `search.directory` writes it.

Names are made of words, and there are few of these: two million people share some three hundred thousand. So search looks
for misspellings among the words, and finds people by exact words.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rxconnect.models.types import SortedText

# SQLite keeps the rows in the index of the primary key, since they have no other columns.
_KEY_ONLY = {"sqlite_with_rowid": False}


class NameWord(SQLModel, table=True):
    """A word of names, folded (`search.normalise`). `people` counts the names that it was ever part of."""

    __tablename__ = "name_word"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str = Field(max_length=80, sa_type=SortedText, unique=True)
    people: int = 0


class NameKeyBlock(SQLModel, table=True):
    """A packed block of (hash of a possible misspelling, id of the word), as `search.word_keys` describes."""

    __tablename__ = "name_key_block"

    block: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body: bytes


class InmateName(SQLModel, table=True):
    """A last and a first word of a person's name. A person with two surnames has several rows.

    PostgreSQL has no primary key here, but an index on the last and first word (migration 0005).
    """

    __tablename__ = "inmate_name"
    __table_args__ = (
        Index("ix_inmate_name_first", "first_id", "last_id"),
        Index("ix_inmate_name_last", "last_id", "first_id").ddl_if(dialect="postgresql"),
        _KEY_ONLY,
    )

    last_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    first_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    inmate_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class RosterSheet(SQLModel, table=True):
    """All names of one facility's roster, packed (`search.sheets`), to be read at once and compared in memory."""

    __tablename__ = "roster_sheet"

    facility_id: int = Field(primary_key=True, foreign_key="facility.id", sa_column_kwargs={"autoincrement": False})
    body: bytes


class DirectoryVersion(SQLModel, table=True):
    """The only row holds two random versions: `facilities` changes with every facility, `people` with every name.

    Processes with a cache of the directory compare them. They are random because a counter would repeat a version after a
    rollback or a restore. A transaction that changes people holds a lock on this row.
    """

    __tablename__ = "directory_version"

    id: int = Field(default=1, primary_key=True)
    facilities: int = 0
    people: int = 0
