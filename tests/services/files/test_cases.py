"""Cases of real rosters, by their numbers."""

import pytest

from rxconnect.services.files import mojibake
from rxconnect.services.files.cells import without_decimals, without_text_mark
from tests.services.files.reading import cells_of, read


@pytest.fixture
def file(tmp_path):
    """`file("line", …, name=…)` writes a file and returns its path."""

    def write(*lines, name="roster.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    "value", ["true", "34.0", '["theft"]', '{"a": {"b": [1]}}', "null", "[]", "1e400", "[" * 50 + "]" * 50]
)
def test_case_15_values_that_nobody_reads_may_be_anything(file, value):
    path = file(
        f'{{"inmate_id": "A1", "last_name": "Smit", "extra": {value}}}',
        '{"inmate_id": 2, "last_name": "Roe", "extra": "x"}',
        name="roster.jsonl",
    )

    header, cells, _ = read(path)

    found = [(row[header.index("inmate_id")], row[header.index("last_name")]) for row in cells]
    assert found == [("A1", "Smit"), ("2", "Roe")]


@pytest.mark.parametrize("name", ["roster.json", "roster.txt"])
def test_case_15_an_array_is_read_whether_on_one_line_or_many(file, name):
    for lines in (
        ['[{"id": "A1", "charges": [{"n": 1}]}, {"id": "A2"}]'],
        ["[", '{"id": "A1",', '"charges": []},', '{"id": "A2"}]'],
        ['{"total": 2, "inmates": [{"id": "A1"}, {"id": "A2"}]}'],
        ["{", '"inmates": [', '{"id": "A1"}, {"id": "A2"}', "]}"],
    ):
        assert [row[0] for row in cells_of(file(*lines, name=name))] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("'00123", "00123"),
        ('="00123"', "00123"),
        ('="SMITH, ""JACK"""', 'SMITH, "JACK"'),
        ("’0042-A", "0042-A"),
        ("'Okalani", "'Okalani"),
        ("O'Neill 3", "O'Neill 3"),
        ('="1"&"2"', '="1"&"2"'),
        ("=1+2", "=1+2"),
        ("=", "="),
        ("'", "'"),
        ("", ""),
    ],
)
def test_case_16_the_marks_that_keep_zeros_fall_away(cell, kept):
    assert without_text_mark(cell) == kept


def test_case_16_marks_fall_away_in_every_row(file):
    path = file("Inmate Number,Last Name", "'00123,SMITH", '="00124",DOE', '"=""00125""",ROE', "'H-7,'Okalani")

    assert cells_of(path) == [["00123", "SMITH"], ["00124", "DOE"], ["00125", "ROE"], ["H-7", "'Okalani"]]


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("12345.0", "12345"),
        ("12345.00", "12345"),
        ("00123.0", "00123"),
        ("123.50", "123.50"),
        ("A.0", "A.0"),
        (".0", ".0"),
    ],
)
def test_case_16_decimals_that_a_program_added_fall_away(number, kept):
    assert without_decimals(number) == kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_case_17_text_that_was_misread_once_is_repaired_with_a_note(file, encoding):
    path = file(
        "Number,Last", "M1,CASTAÃ‘EDA", "M2,MuÃ±oz", "M3,GÃ³mez", "M4,O\u00e2\u20ac\u2122Neill", encoding=encoding
    )

    _, cells, notes = read(path)

    assert [row[1] for row in cells] == ["CASTAÑEDA", "Muñoz", "Gómez", "O’Neill"]
    assert len(notes) == 1
    assert "“CASTAÃ‘EDA” as “CASTAÑEDA”" in notes[0]


def test_case_17_a_misread_letter_is_repaired_in_json_and_in_a_file_of_two_encodings(file, tmp_path):
    escaped = file('{"id": "1", "last": "PE\\u00c3\\u2018A"}', name="roster.jsonl")
    assert read(escaped)[1:] == (
        [["1", "PEÑA"]],
        ["Some text was UTF-8 that another program had misread, so we read “PEÃ‘A” as “PEÑA”. Check the accents."],
    )

    mixed = tmp_path / "mixed.csv"
    mixed.write_bytes(b"id,last\n1," + "PEÑA".encode() + b"\n2," + "Núñez".encode("cp1252") + b"\n")
    assert cells_of(mixed) == [["1", "PEÑA"], ["2", "Núñez"]]


@pytest.mark.parametrize(
    "name", ["JOSÉ’S", "JOÃO", "BENÉŠ", "Ångström", "SÃO", "Åsa", "ÂNGELA", "Müller–Ö", "Łukasz", "Ñ"]
)
def test_case_17_good_text_stays(name):
    assert mojibake.repaired(name) == name


@pytest.mark.parametrize("letter", [chr(code) for code in range(0xC0, 0x180)])
def test_case_17_every_letter_of_europe_comes_back(letter):
    misread = "".join(
        bytes([byte]).decode("cp1252" if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "latin-1")
        for byte in letter.encode()
    )

    assert mojibake.repaired(f"A{misread}B") == f"A{letter}B"
    assert mojibake.SUSPECT.search(misread.encode())


@pytest.mark.parametrize(
    "lines",
    [
        ('"Name, Last";"Name, First";"Number, Inmate";Unit', "SMITH;JOHN;M1;A"),
        ("Last|First, Middle|Number|Unit", "SMITH|JOHN, X|M1|A", "DOE|A, B|M2|C"),
        ("Name, Last;Name, First;Unit", "SMITH;JOHN;A", "DOE;JANE;B"),
        ('"Inmate\nNumber";"Name, all, of, it";Unit', "1;SMITH;A"),
        ("number,aliases,unit", "1,A;B;C;D;E,X", "2,,Y", "3,A;B,Z"),
    ],
)
def test_case_19_the_delimiter_is_what_divides_the_lines_evenly(file, lines):
    header, cells, _ = read(file(*lines))

    assert len(header) in (3, 4)
    assert cells[0][-1] in ("A", "X")
    assert len(cells[0]) == len(header)
