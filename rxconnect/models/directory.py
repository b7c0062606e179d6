"""The directory: what search keeps about the names on all rosters. Written by `search.directory` alone.

A name is made of words, and the country has few of them: two million people share some three hundred thousand. So
slips of the pen are looked for among the words, and people only by words that are right.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rxconnect.models.types import SortedText

# Rows live in the primary key itself, which is all there is to them.
_KEY_ONLY = {"sqlite_with_rowid": False}


class NameWord(SQLModel, table=True):
    """A word of somebody's name, folded (`search.normalise`); `people` counts the names it was ever part of."""

    __tablename__ = "name_word"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str = Field(max_length=80, sa_type=SortedText, unique=True)
    people: int = 0


class NameKeyPage(SQLModel, table=True):
    """What words may be misspelled as: hashes, each with the id of a word, packed (`search.word_keys`)."""

    __tablename__ = "name_key_page"

    page: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body: bytes


class InmateName(SQLModel, table=True):
    """That a person goes by this last and this first word; people with two surnames have several rows.

    PostgreSQL keeps it without the primary key and with an index of last and first word (migration 0005).
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
    """All names of one facility's roster on one sheet, packed (`search.sheets`): read whole, compared in memory."""

    __tablename__ = "roster_sheet"

    facility_id: int = Field(primary_key=True, foreign_key="facility.id", sa_column_kwargs={"autoincrement": False})
    body: bytes


class DirectoryVersion(SQLModel, table=True):
    """One row of two marks, random ones, that every change of a facility and every change of people sets anew.

    Processes that keep a part of the directory in memory compare them. A number that counts would come again after a
    rollback or a restore, for something else. Whoever changes people holds the row's lock.
    """

    __tablename__ = "directory_version"

    id: int = Field(default=1, primary_key=True)
    facilities: int = 0
    people: int = 0
