"""Texts that are no tables: the refusal says what they look like, and what to do."""

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read

SENTENCES = """\
The following people are in custody at the Alder County Jail on June 13, 2026.
Otto Wren, booking number 1001, born February 13, 1990, is held in B2 on a charge of murder.
Ann Lark, booking number 1002, born April 13, 1985, is held in C1.
John Crow, booking number 1003, was released this morning.
"""
LETTER = "Dear team,\n\nPlease add Otto Wren (1001) to the list. Ann Lark left yesterday.\n\nThanks\nSgt Miller\n"
BULLETS = """\
Alder County Jail - Current Inmates

Otto Wren (#1001) Age 36
- Murder 1st, bond $50,000

Ann Lark (#1002) Age 41
- DUI, bond $1,000
"""
RUN_TOGETHER = "1001,Wren,Otto,1990-02-13;1002,Lark,Ann,1985-04-13;1003,Crow,John,1970-12-31;"
UNDER_EACH_PERSON = """\
Number,Name,DOB,Housing
1001,"WREN, OTTO",02/13/1990,B2
Charge,Statute,Bond,Court
MURDER 1ST,13A-6-2,50000,CIRCUIT
1002,"LARK, ANN",04/13/1985,C1
Charge,Statute,Bond,Court
DUI,32-5A-191,1000,DISTRICT
"""


def refusal_of(tmp_path, text):
    path = tmp_path / "list.txt"
    path.write_text(text)
    with pytest.raises(BadFile) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.parametrize("text", [SENTENCES, LETTER, BULLETS])
def test_sentences_are_no_table_and_the_list_is_asked_for_as_one(tmp_path, text):
    refusal = refusal_of(tmp_path, text)

    assert refusal.startswith(f"This is a text and not a table: it begins with “{text[:9]}")
    assert "Export the list as a spreadsheet or as CSV, with a row for each person" in refusal


@pytest.mark.parametrize("text", [RUN_TOGETHER, RUN_TOGETHER * 2_000, SENTENCES.replace("\n", " ")])
def test_a_text_without_line_breaks_is_asked_for_with_a_line_for_each_person(tmp_path, text):
    assert refusal_of(tmp_path, text) == (
        "list.txt has no line breaks, so nobody can tell where a person ends. Export the list again as a spreadsheet, or as "
        "CSV with a line for each person."
    )


def test_a_table_of_charges_below_each_person_is_not_taken_for_people(tmp_path):
    refusal = refusal_of(tmp_path, UNDER_EACH_PERSON)

    assert "rows of another table (Charge, Statute, Bond, Court)" in refusal
    assert "with a row for each person and without that table" in refusal


@pytest.mark.parametrize(
    ("header", "row"),
    [
        # Most rows have a sentence, in a column with a name that we know or not.
        ("Ref,Surname,Charge", "{n},Wren,failure to appear on a charge"),
        ("Ref,Who,DOB,Why", "{n},Wren,1990-02-13,failure to appear on a charge"),
    ],
)
def test_a_table_with_sentences_in_a_column_is_still_one(tmp_path, header, row):
    refusal = refusal_of(tmp_path, "\n".join([header, *(row.format(n=1000 + n) for n in range(20))]))

    assert refusal.startswith("This is not a roster: there is no column for number")


def test_charges_of_the_person_above_are_no_other_table(tmp_path):
    path = tmp_path / "list.csv"
    further = [',,CONTEMPT OF COURT,NO BOND', ',,CONTEMPT OF COURT,NO BOND']  # fmt: skip
    path.write_text("\n".join(["Number,Name,Charge,Bail", '1001,"WREN, OTTO",THEFT,100', *further]))

    assert [*read(path).people] == ["1001"]
