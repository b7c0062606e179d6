"""Lists in XML: flat, nested, with attributes, in groups, and documents that are no lists."""

import pytest

from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import Suspicious
from rxconnect.services.imports import imports
from tests.services.rosters.lists import read
from tests.services.rosters.test_cases_of_shapes import plan

BOTH = ["26-0101 Otto Wren 1990-02-13 B-12", "26-0102 Ann Lark 1985-04-13 C-1"]
FLAT = """<?xml version="1.0" encoding="utf-8"?><Roster agency="ALDER" printed="2026-10-01">
<Inmate><BookingNo>26-0101</BookingNo><LastName>WREN</LastName><FirstName>OTTO</FirstName><DOB>1990-02-13</DOB><Cell>B-12</Cell></Inmate>
<Inmate><BookingNo>26-0102</BookingNo><LastName>LARK</LastName><FirstName>ANN</FirstName><DOB>1985-04-13</DOB><Cell>C-1</Cell></Inmate>
</Roster>"""
ATTRIBUTES = """<rs:data xmlns:rs="urn:rowset" xmlns:z="#RowsetSchema">
<z:row bookno="26-0101" name="WREN, OTTO" dob="1990-02-13" cell="B-12"/><z:row bookno="26-0102" name="LARK, ANN" dob="1985-04-13" cell="C-1"/>
</rs:data>"""
GROUPED = """<Report Name="Roster"><Pods><Pod Housing="B-12"><Details><Detail BookNo="26-0101" InmateName="WREN, OTTO" DOB="1990-02-13"/>
</Details></Pod><Pod Housing="C-1"><Details><Detail BookNo="26-0102" InmateName="LARK, ANN" DOB="1985-04-13"/></Details></Pod></Pods></Report>"""
NESTED = """<j:Export xmlns:j="urn:j" xmlns:s="urn:s"><j:Sender><j:PersonGivenName>MAE</j:PersonGivenName><j:PersonSurName>CLERK</j:PersonSurName></j:Sender>
{}</j:Export>"""
RECORD = """<j:Record s:id="R{1}"><j:Booking><j:Event><j:ID>{1}{1}</j:ID></j:Event><j:Subject><j:InmateIdentification><j:ID>26-010{1}</j:ID>
</j:InmateIdentification><j:PersonBirthDate><j:Date>{2}</j:Date></j:PersonBirthDate><j:PersonName><j:PersonGivenName>{3}</j:PersonGivenName>
<j:PersonSurName>{4}</j:PersonSurName></j:PersonName><j:AliasName><j:PersonSurName>BIRD</j:PersonSurName></j:AliasName></j:Subject>
<j:Officer><j:PersonName><j:PersonGivenName>AL</j:PersonGivenName><j:PersonSurName>COP</j:PersonSurName></j:PersonName></j:Officer></j:Booking>
<j:Housing>{0}</j:Housing></j:Record>"""
CHARGES = """<jail><run>10/01/2026</run><inmates>
<inmate id="26-0101"><name>WREN, OTTO</name><dob>1990-02-13</dob><cell>B-12</cell><charges><charge><id>1</id><name>THEFT</name></charge>
<charge><id>2</id><name>ARSON, FIRST</name></charge></charges></inmate>
<inmate id="26-0102"><name>LARK, ANN</name><dob>1985-04-13</dob><cell>C-1</cell><charges/></inmate></inmates></jail>"""


@pytest.mark.parametrize(
    "text",
    [
        FLAT,
        FLAT.replace("utf-8", "ISO-8859-1"),
        ATTRIBUTES,
        GROUPED,
        CHARGES,
        NESTED.format(
            RECORD.format("B-12", 1, "1990-02-13", "OTTO", "WREN")
            + RECORD.format("C-1", 2, "1985-04-13", "ANN", "LARK")
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_in_xml_is_read(tmp_path, text, encoding):
    (tmp_path / "roster.xml").write_text(text, encoding=encoding)

    assert read(tmp_path / "roster.xml").lines == BOTH


@pytest.mark.parametrize("text", [FLAT, CHARGES, ATTRIBUTES])
def test_a_list_of_one_person_is_read(tmp_path, text):
    start = max(
        text.find("<Inmate><BookingNo>26-0102"), text.find('<inmate id="26-0102"'), text.find('<z:row bookno="26-0102"')
    )
    end = min(place for tag in ("</Roster>", "</inmates>", "</rs:data>") if (place := text.find(tag)) > 0)
    (tmp_path / "roster.xml").write_text(text[:start] + text[end:])

    assert read(tmp_path / "roster.xml").lines == BOTH[:1]


def test_letters_outside_of_ascii_survive_the_encoding_that_the_file_names(tmp_path):
    text = FLAT.replace("utf-8", "iso-8859-1").replace("WREN", "PEÑA")
    (tmp_path / "roster.xml").write_bytes(text.encode("iso-8859-1"))

    assert read(tmp_path / "roster.xml").names["26-0101"] == "Otto Peña"


def test_a_text_with_breaks_and_entities_is_whole(tmp_path):
    (tmp_path / "roster.xml").write_text(FLAT.replace(">WREN<", ">O&apos;DAY <b>WREN</b><br/>JR<"))

    assert read(tmp_path / "roster.xml").names["26-0101"] == "Otto O'Day"


@pytest.mark.parametrize("group", ["{}", "<Inmates>{}</Inmates>", "<Row><Roster>{}</Roster></Row>"])
def test_parts_whose_names_say_who_left_are_read_as_such(tmp_path, group):
    people = [f"<Inmate>{part}" for part in FLAT.split("<Inmate>")[1:]]
    there, gone = group.format(people[0]), group.format(people[1].replace("</Roster>", ""))
    (tmp_path / "r.xml").write_text(f"<Jail><InCustody>{there}</InCustody><Released>{gone}</Released></Jail>")

    found = read(tmp_path / "r.xml").people

    assert {number: person.custody.value for number, person in found.items()} == {
        "26-0101": "held",
        "26-0102": "released",
    }


@pytest.mark.parametrize("times", [1, 2])
def test_two_lists_of_people_are_refused(tmp_path, times):
    people = [f"<Inmate>{part}" for part in FLAT.split("<Inmate>")[1:]]
    one, two = people[0], people[1].replace("</Roster>", "")
    (tmp_path / "r.xml").write_text(f"<Jail><East>{one * times}</East><West>{two * times}</West></Jail>")

    with pytest.raises(BadFile, match="several lists"):
        read(tmp_path / "r.xml")


def test_a_count_that_is_larger_than_the_list_is_asked_about(tmp_path, alder):
    (tmp_path / "r.xml").write_text(FLAT.replace("<Inmate>", "<RecordCount>57</RecordCount><Inmate>", 1))

    with imports.open_rosters(tmp_path / "r.xml", facility="alder") as roster, pytest.raises(Suspicious, match="57"):
        imports.import_rosters(roster)


def test_short_names_are_asked_about_with_the_likeliest_columns(tmp_path):
    rows = [
        ("WREN", "ROBERT", "JAMES", "26-0101"),
        ("LARK", "MARY", "ANN", "26-0102"),
        ("CROW", "JOHN", "", "26-0103"),
        ("DOVE", "LINDA", "MARIE", "26-0104"),
    ]
    row = "<in><nl>{}</nl><nf>{}</nf><nm>{}</nm><wt>{}</wt><bn>{}</bn></in>"
    text = "".join(row.format(*names, 150 + place, number) for place, (*names, number) in enumerate(rows))
    (tmp_path / "r.xml").write_text(f"<jr><ins>{text}</ins></jr>")

    with pytest.raises(BadFile) as refused:
        read(tmp_path / "r.xml")

    asked = '--map number="bn" --map first_name="nf" --map last_name="nl" --map middle_name="nm"'
    assert asked in str(refused.value)
    named = {"number": "bn", "first_name": "nf", "last_name": "nl", "middle_name": "nm"}
    assert read(tmp_path / "r.xml", **named).lines[0] == "26-0101 Robert James Wren"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<note><to>Ann</to><body>Hello</body></note>", "is XML, not a table"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/><path d="M1 1"/></svg>', "is XML, not a table"),
        (
            "<Workbook><Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>",
            "no table with a header",
        ),
        (FLAT[:-40], "damaged"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><r><i>&a;</i></r>', "declares XML entities"),
        ("<a>" * 80 + "</a>" * 80, "nested too deeply"),
    ],
)
def test_other_xml_is_refused_with_a_reason(tmp_path, text, reason):
    (tmp_path / "r.xml").write_text(text)

    with pytest.raises(BadFile, match=reason):
        read(tmp_path / "r.xml")


# Workbooks of 2003.

BOOK = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>
<Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="five"><NumberFormat ss:Format="00000"/></Style>
<Style ss:ID="gone"><Font ss:StrikeThrough="1"/></Style></Styles>
<Worksheet ss:Name="List"><Table><Row><Cell ss:MergeAcross="2"><Data ss:Type="String">Alder Jail</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data ss:Type="String">Booking #</Data></Cell><Cell><Data ss:Type="String">Name</Data></Cell>
<Cell><Data ss:Type="String">DOB</Data></Cell><Cell><Data ss:Type="String">Cell</Data></Cell></Row>
<Row><Cell ss:StyleID="five"><Data ss:Type="Number">71</Data></Cell><Cell><Data ss:Type="String">Wren, <B>Otto</B></Data>
<Comment><ss:Data>Dove, Ed</ss:Data></Comment></Cell><Cell><Data ss:Type="DateTime">1990-02-13T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="String">B-1</Data></Cell></Row>
<Row STYLE><Cell ss:StyleID="five"><Data ss:Type="Number">72</Data></Cell><Cell><Data ss:Type="String">Lark, Ann</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">C-2</Data></Cell></Row>
<Row><Cell ss:StyleID="five"><Data ss:Type="Number">73</Data></Cell><Cell><Data ss:Type="String">Crow, Ivo</Data></Cell>
<Cell ss:StyleID="day"><Data ss:Type="Number">31000</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="Notes"><Table><Row><Cell><Data ss:Type="String">None</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("name", ["roster.xls", "roster.xml"])
def test_a_workbook_of_2003_is_read_as_it_is_shown(tmp_path, name):
    (tmp_path / name).write_text(BOOK.replace("STYLE", ""))

    found = read(tmp_path / name)

    assert found.lines == ["00071 Otto Wren 1990-02-13 B-1", "00072 Ann Lark C-2", "00073 Ivo Crow 1984-11-14"]
    assert found.bad == []


def test_a_person_struck_through_in_a_workbook_of_2003_is_asked_about(tmp_path, alder):
    struck = BOOK.replace("STYLE", 'ss:StyleID="gone"').replace(
        ' ss:StyleID="five"><Data ss:Type="Number">72', '><Data ss:Type="Number">72'
    )
    (tmp_path / "roster.xls").write_text(struck)

    assert (
        "1 of 3 rows on the sheet “List” are struck through, such as row 6"
        in plan(tmp_path / "roster.xls").suspicious[0]
    )


@pytest.mark.parametrize("row", ["0", "1", "99999999999", "1048577"])
def test_rows_out_of_order_in_a_workbook_of_2003_are_refused(tmp_path, row):
    (tmp_path / "roster.xls").write_text(BOOK.replace("STYLE", f'ss:Index="{row}"'))

    with pytest.raises(BadFile, match="rows are not in order"):
        read(tmp_path / "roster.xls")
