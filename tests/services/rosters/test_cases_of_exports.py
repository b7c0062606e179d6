"""Lists as other programs export them: with rulers, names of tables, scripts, sums, and headers with single blanks."""

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read

NAMES = {"26-0101": "Otto Wren", "26-0102": "Ann Lark"}


def saved(tmp_path, text, name="roster.txt"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize(
    "text",
    [
        "| Booking # | Name | DOB |\n|---|:--|--:|\n| 26-0101 | WREN, OTTO | 02/13/1990 |\n| 26-0102 | LARK, ANN | |\n",
        "Booking # | Name | DOB\n--- | --- | ---\n26-0101 | WREN, OTTO | 02/13/1990\n26-0102 | LARK, ANN |\n",
        "+---------+------------+\n| bookno  | name       |\n+---------+------------+\n| 26-0101 | WREN, OTTO |\n"
        "| 26-0102 | LARK, ANN  |\n+---------+------------+\n2 rows in set (0.00 sec)\n",
        "+---------+------------+\n| bookno  | name       |\n+=========+============+\n| 26-0101 | WREN, OTTO |\n"
        "+---------+------------+\n| 26-0102 | LARK, ANN  |\n+---------+------------+\n",
        " bookno  |    name    |    dob\n---------+------------+------------\n 26-0101 | WREN, OTTO | 1990-02-13\n"
        " 26-0102 | LARK, ANN  | 1985-04-13\n(2 rows)\n\n",
        "=======  ==========  ==========\nbookno   name        dob\n=======  ==========  ==========\n"
        "26-0101  WREN, OTTO  1990-02-13\n26-0102  LARK, ANN   1985-04-13\n=======  ==========  ==========\n",
        "-[ RECORD 1 ]------\nbookno | 26-0101\nname   | WREN, OTTO\n-[ RECORD 2 ]------\nbookno | 26-0102\nname   | LARK, ANN\n",
        "*************************** 1. row ***************************\nbookno: 26-0101\n  name: WREN, OTTO\n"
        "*************************** 2. row ***************************\nbookno: 26-0102\n  name: LARK, ANN\n",
    ],
)
def test_what_draws_a_table_is_no_row(tmp_path, text):
    found = read(saved(tmp_path, text))

    assert (found.names, found.bad) == (NAMES, [])


@pytest.mark.parametrize(
    "header",
    [
        "Roster[BookNo],Roster[LastName],Roster[FirstName],Roster[DOB],Charges[Name]",
        "'Jail Roster'[BookNo],'Jail Roster'[LastName],'Jail Roster'[FirstName],'Jail Roster'[DOB],Officers[Name]",
        "[BookNo],[LastName],[FirstName],[DOB],[Race]",
        "dbo.Inmate.BookNo,dbo.Inmate.LastName,dbo.Inmate.FirstName,dbo.Inmate.DOB,dbo.Officer.LastName",
        "vwJail.BookNo,vwJail.LastName,vwJail.FirstName,vwJail.DOB,Officer.Name",
    ],
)
def test_a_column_may_be_named_with_its_table(write, header):
    found = read(write(header, "26-0101,WREN,OTTO,02/13/1990,SMITH", "26-0102,LARK,ANN,04/13/1985,SMITH"))

    assert found.lines == ["26-0101 Otto Wren 1990-02-13", "26-0102 Ann Lark 1985-04-13"]


def test_a_column_may_be_chosen_with_its_table(write):
    rows = ["[Ref],Roster[Who],[DOB]", '26-0101,"WREN, OTTO",1990-02-13', '26-0102,"LARK, ANN",1985-04-13']

    assert read(write(*rows), number="[Ref]", name="Roster[Who]").names == NAMES


def test_the_columns_of_an_offence_are_not_a_persons(write):
    header = "id,last_name,first_name,offense.name,offense.status,offense.code"

    assert {person.custody.value for person in read(write(header, "7,WREN,OTTO,THEFT,RELEASED,1")).people.values()} == {
        "held"
    }


@pytest.mark.parametrize(
    "text",
    [
        'google.visualization.Query.setResponse({"table":{"cols":[{"label":"Booking #"},{"label":"Name"},{"label":"DOB"}],'
        '"rows":[{"c":[{"v":"26-0101"},{"v":"WREN, OTTO"},{"v":"Date(1990,1,13)"}]},'
        '{"c":[{"v":"26-0102"},{"v":"LARK, ANN"},{"v":"Date(1985,3,13)","f":"13.4."}]}]}});',
        'callback([{"id":"26-0101","name":"WREN, OTTO","dob":"1990-02-13"},{"id":"26-0102","name":"LARK, ANN","dob":"1985-04-13"}])',
        'var data = [{"id":"26-0101","name":"WREN, OTTO","dob":"1990-02-13"},\n'
        '{"id":"26-0102","name":"LARK, ANN","dob":"1985-04-13"}];\n',
        '/*O_o*/\nwindow.jail.rows = {"rows":[{"id":"26-0101","name":"WREN, OTTO","dob":"1990-02-13"},'
        '{"id":"26-0102","name":"LARK, ANN","dob":"1985-04-13"}]};',
    ],
)
def test_a_script_around_json_is_passed_over(tmp_path, text):
    assert read(saved(tmp_path, text, "roster.js")).lines == [
        "26-0101 Otto Wren 1990-02-13",
        "26-0102 Ann Lark 1985-04-13",
    ]


def test_a_script_that_is_no_json_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(BadFile, match="is a script, and what is in it is not plain JSON"):
        read(saved(tmp_path, "var data = [{id: 7, name: 'WREN, OTTO'}];"))


@pytest.mark.parametrize(
    "total",
    ["B,,,Total for Block B: 2", ",,,Grand Total: 2", ",,2,TOTAL", "Block B total,,2,", ",,,Sub-total 2", ",2,,Total"],
)  # fmt: skip
def test_a_sum_is_nobody_whichever_column_has_its_label(write, total):
    rows = ['B,1,26-0101,"WREN, OTTO"', 'B,2,26-0102,"LARK, ANN"', total]

    found = read(write("Block,Cell,Booking #,Name", *rows, 'C,1,26-0103,"TOTAL, ED"'))

    assert (found.names, found.bad) == (NAMES | {"26-0103": "Ed Total"}, [])


def test_a_header_with_single_blanks_is_parted_where_every_row_has_one(tmp_path):
    lines = ["BKGNBR LSTNAM          FSTNAM       MI SFX DOBCYMD SEX HBLK HCELL",
             "260101 WREN            OTTO         H  JR  0900213 M   B    12",
             "260102 DE LA CRUZ      ANN                 0850413 F   C    2",
             "260103 DOVE            ED           R      0860413 M   C    3"]  # fmt: skip

    assert read(saved(tmp_path, "\n".join(lines) + "\n")).lines == [
        "260101 Otto H Wren Jr 1990-02-13 B / 12",
        "260102 Ann de la Cruz 1985-04-13 C / 2",
        "260103 Ed R Dove 1986-04-13 C / 3",
    ]


def test_a_name_of_two_words_above_one_column_stays(tmp_path):
    lines = ["INMATE NO LAST NAME       FIRST NAME   DOB", "260101    WREN            OTTO         02/13/1990",
             "260102    LARK            ANN          04/13/1985"]  # fmt: skip

    assert read(saved(tmp_path, "\n".join(lines) + "\n")).lines == [
        "260101 Otto Wren 1990-02-13",
        "260102 Ann Lark 1985-04-13",
    ]


def test_columns_may_be_named_in_spanish(write):
    rows = ["10045,WREN DÍAZ,OTTO,13/02/1990,A", "10046,PEÑA,ANA,13/04/1985,F"]

    found = read(write("Número de interno,Apellidos,Nombres,Fecha de nacimiento,Pabellón", *rows))

    assert found.lines == ["10045 Otto Wren Díaz 1990-02-13 A", "10046 Ana Peña 1985-04-13 F"]


def test_a_further_table_is_found_behind_the_first_megabyte(tmp_path):
    rows = [f"26-{n:05},LARK,ANN,{'x' * 200} 2026" for n in range(6_000)]
    text = "\n".join(
        [
            "Inmate Number,Last Name,First Name,Notes",
            *rows,
            "First Name,Last Name,Inmate Number",
            "OTTO,WREN,27-00001",
            "",
        ]
    )

    found = read(saved(tmp_path, text, "roster.csv"))

    assert (len(found.people), found.names["27-00001"], found.names["26-05999"]) == (6_001, "Otto Wren", "Ann Lark")


def test_the_same_names_in_another_order_are_a_header_whatever_they_are(tmp_path):
    rows = ["Number,Last Name,First Name,Notes", "26-1,LARK,ANN,", "First Name,Last Name,Number", "OTTO,WREN,26-2", ""]

    assert read(saved(tmp_path, "\n".join(rows), "roster.csv")).names == {"26-1": "Ann Lark", "26-2": "Otto Wren"}


@pytest.mark.parametrize("mark", ['="00042"', "'00042"])
def test_marks_of_text_are_found_behind_the_first_megabyte(tmp_path, mark):
    rows = [f"1{n:05},LARK,ANN,{'x' * 200}" for n in range(6_000)]
    text = "\n".join(["Number,Last Name,First Name,Notes", *rows, f"{mark},WREN,OTTO,", ""])

    assert "00042" in read(saved(tmp_path, text, "roster.csv")).people


def test_cells_of_a_web_page_are_read_without_its_marks(write):
    rows = [
        """101,"<a href=""/i/1"">WREN, OTTO &quot;OZZIE&quot;</a>",A&nbsp;1<br>CELL 4""",
        "102,<b>PE&Ntilde;A</b>&#44; ANN,<i>A 2</i>",
        "103,O&#39;LARK&comma; <strong>IDA</strong>,",
    ]

    found = read(write("Booking #,Inmate&nbsp;Name,Housing", *rows))

    assert found.lines == ["101 Otto Wren A 1 CELL 4", "102 Ann Peña A 2", "103 Ida O'Lark"]
    assert found.people["101"].aliases == "Ozzie Wren"


def test_texts_of_json_are_read_without_the_marks_of_a_web_page(tmp_path):
    found = read(saved(tmp_path, '{"inmate_id":"1","first_name":"Ann","last_name":"O&#39;Lark"}\n', "roster.jsonl"))

    assert found.names == {"1": "Ann O'Lark"}


@pytest.mark.parametrize("cell", ["<NMN>", "<unknown>", "<None>"])
def test_a_word_in_angle_brackets_is_no_mark(write, cell):
    found = read(write("Number,Last Name,First Name,Middle Name", f"1,<i>LARK</i>,ANN,{cell}", "2,<b>WREN</b>,OTTO,"))

    assert found.lines == ["1 Ann Lark", "2 Otto Wren"]


def test_a_single_cell_with_marks_of_a_web_page_is_not_read(write):
    found = read(write("Number,Last Name,First Name", "1,LARK,ANN", "2,<b>WREN</b>,OTTO", "3,DOVE,EVA"))

    assert [*found.people] == ["1", "3"]
    assert "not part of a name: <" in found.bad[0]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp850", ["PEÑA,JOSÉ", "LÓPEZ,ANN", "MÜLLER,ÍÑIGO"]),
        ("cp437", ["PEÑA,JOSé", "Ibáñez,ANN", "GARCíA,LUZ"]),
        ("cp1252", ["PEÑA,JOSÉ", "O’LARK,ANN", "MÜLLER,ŽAN"]),
        ("cp1252", ["PEÑA,ANN", "WREN,OTTO\xa0H"]),
    ],
)
def test_the_code_page_of_dos_is_told_from_windows(tmp_path, encoding, names):
    rows = [f"{number},{name}" for number, name in enumerate(names, 1)]
    (tmp_path / "roster.csv").write_bytes("\r\n".join(["BOOKNO,LASTNAME,FIRSTNAME", *rows, ""]).encode(encoding))

    found = read(tmp_path / "roster.csv")

    stored = [f"{person.last_name},{person.first_name}".casefold() for person in found.people.values()]
    assert stored == [name.replace("’", "'").replace("\xa0", " ").casefold() for name in names]
    assert any(("DOS" if encoding != "cp1252" else "Windows-1252") in note for note in found.notes)


@pytest.mark.parametrize("sign", ["~", "^"])
def test_cells_may_be_parted_by_a_sign_that_no_text_has(tmp_path, sign):
    rows = ["BOOKNO,NAME,DOB", "'00101,WREN/OTTO,1990-02-13", "'00102,LARK/ANN,1985-04-13"]

    found = read(saved(tmp_path, "\n".join(rows).replace(",", sign).replace("/", ", ") + "\n"))

    assert found.lines == ["00101 Otto Wren 1990-02-13", "00102 Ann Lark 1985-04-13"]
