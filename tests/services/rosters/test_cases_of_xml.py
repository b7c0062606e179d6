"""Lists in XML: flat, nested, with attributes, in groups, and documents that are no lists."""

import pytest

from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import Suspicious
from rxconnect.services.imports import imports
from tests.services.rosters.lists import read

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
            "is XML, not a table",
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
