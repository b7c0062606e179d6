"""Hostile files are refused in a sentence, in little memory. `python -m tests.soak rosters` tries all of them."""

import pytest

from tests.soak import hostile_files, rosters

# One of each kind, and those that have been read wrongly once.
NAMES = [
    "gzip bomb of zeros",
    "workbook, bomb of cells",
    "zip in a zip in a zip",
    "workbook, a billion laughs in sharedStrings",
    "sheet of LibreOffice, an external entity",
    "CSV, a million columns between commas",
    "CSV, a million columns on a million lines",
    "JSON, a million names",
    "workbook, 16,384 columns",
    "sheet of LibreOffice, a million rows from one",
    "CSV, a cell of a gigabyte",
    "JSON, a cell of a gigabyte",
    "workbook, a gigabyte of attribute",
    "JSON, 3,000,000 arrays in each other",
    "sheet of LibreOffice, 100,000 elements in each other",
    "XLS, cut off at 60%",
    "ODS, cut off at 97%",
    "XLSX, one wrong byte, 0",
    "not a table: a web page that says it is a workbook",
    "not a table: a text document",
    "protected workbook",
    "protected zip",
    "CSV, formula 0",
    "workbook, formula 1",
    "JSON lines, half a character",
    "workbook, a shared text that is missing",
    "workbook, a sheet at ../../../etc/hostname",
    "workbook of 5,000 sheets",
    "old workbook of random bytes, 0",
    "old workbook, a table that points to itself",
    "JSON, people by their number",
    "CSV, cut off in a row",
    "web page, a tag without an end",
    "web page, a cell of a gigabyte",
    "web page, tables in each other",
    "web page, cells over all rows and columns",
    "printed report, a line without an end",
    "printed report, a million columns",
    "web page, a card with a text of a gigabyte",
    "web page, a card of a million labels",
    "web page, a card without a number",
    "labels, a value of a gigabyte",
    "labels, a value of a million lines",
    "labels, a million of them",
    "labels, a block that never ends",
    "rows of labels, the same person",
    "JSON, columns and rows that break off",
    "JSON, a million names of columns",
    "JSON, a column of a gigabyte",
    "JSON, a name of a gigabyte",
    "XML, an entity of another file",
    "XML, a hundred thousand deep",
    "XML, one text",
    "SQL, a text without end",
    "SQL, a command",
]


def test_there_are_two_hundred_hostile_files():
    assert len(hostile_files.files()) >= 200


@pytest.mark.parametrize("size", [4 * 1024**2])
def test_hostile_files_are_refused_in_a_sentence_and_change_nothing(size):
    found, most, _ = rosters.in_a_world(NAMES, size)

    assert found == []
    assert most <= rosters.MOST_MEMORY
