"""Lists that name each value: blocks of labels, cards and small tables of web pages, and rows that repeat their labels."""

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.rosters.lists import read

PEOPLE = [("DELGADO, MARCUS", "20418873", "02/23/1990", "B-12"), ("WREN, OTTO", "20418874", "12/31/1980", "B-13"),
          ("LARK, ANN", "20418875", "07/04/1975", "C-1")]  # fmt: skip
LABELS = ("Name", "Booking #", "DOB", "Housing")
EVERYBODY = [
    "20418873 Marcus Delgado 1990-02-23 B-12",
    "20418874 Otto Wren 1980-12-31 B-13",
    "20418875 Ann Lark 1975-07-04 C-1",
]


def _blocks(line, *, between="\n\n", joined="\n", before="", after=""):
    pairs = (joined.join(line.format(*pair) for pair in zip(LABELS, person, strict=True)) for person in PEOPLE)
    return before + between.join(pairs) + after + "\n"


TEXTS = {
    "blank lines": _blocks("{}: {}", before="ALDER COUNTY JAIL\nas of today\n\n", after="\n\nTotal: 3"),
    "rules": _blocks("{}: {}", between="\n" + "-" * 40 + "\n"),
    "dots": _blocks("{} ....: {}", between="\n" + "=" * 40 + "\n"),
    "tabs": _blocks("{}:\t{}"),
    "nothing between": _blocks("{}: {}", between="\n"),
    "two in a line": _blocks("{}: {}", joined="     "),
    "carriage returns": _blocks("{}: {}").replace("\n", "\r\n"),
    "values below": _blocks("{}:\n  {}"),
    "charges behind a blank line": _blocks("{}: {}", between="\n\nCharges:\n  THEFT\n  BURGLARY: FIRST\n\n"),
    "several charges": _blocks("{}: {}", between="\nCharge: THEFT\nCharge: ARSON\n\n"),
    "heading of a unit": _blocks("{}: {}", before="Report: Roster\n\n"),
}


def test_a_label_may_have_no_value(tmp_path):
    path = tmp_path / "roster.txt"
    path.write_text(TEXTS["blank lines"].replace("07/04/1975", ""))
    assert read(path).lines[2] == "20418875 Ann Lark C-1"


@pytest.mark.parametrize("kind", TEXTS)
def test_a_block_of_labels_is_a_person(tmp_path, kind):
    path = tmp_path / "roster.txt"
    path.write_bytes(TEXTS[kind].encode())

    found = read(path)

    assert (found.lines, found.bad) == (EVERYBODY, [])


def test_a_report_names_the_line_where_a_block_begins(tmp_path):
    path = tmp_path / "roster.txt"
    path.write_text("Alder\n\n" + TEXTS["blank lines"].replace("WREN, OTTO", ""))

    assert read(path).bad == ["the name is missing"]


def test_two_people_in_one_block_are_never_one(tmp_path):
    path = tmp_path / "roster.txt"
    path.write_text(TEXTS["blank lines"].replace("B-12\n\nName: WREN, OTTO\n", "B-12\n"))

    found = read(path)

    assert "20418874" not in found.people
    assert found.people["20418873"].birth_date.year == 1990
    assert len(found.bad) == 1


def test_a_unit_heads_the_blocks_below_it(tmp_path):
    path = tmp_path / "roster.txt"
    blocks = [f"Name: {name}\nBooking #: {number}\n\n" for name, number, _, _ in PEOPLE]
    path.write_text(f"Housing Unit: A-POD\n\n{blocks[0]}{blocks[1]}Housing Unit: B-POD\n\n{blocks[2]}")

    assert read(path).housing == ["A-POD", "A-POD", "B-POD"]


CARD = (
    "BEGIN:VCARD\nVERSION:3.0\nN;CHARSET=UTF-8:{};{};Luis;;Jr\nFN:{} {}\nUID:{}\nBDAY:1990-02-23\nNOTE:{}\nEND:VCARD\n"
)
ENTRY = "dn: uid={2},ou=inmates\nobjectClass: person\nobjectClass: top\ninmateNumber: {2}\nsn: {0}\ngivenName:: {1}\ndateOfBirth: 1990-02-23\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "people.vcf",
            CARD.format("DELGADO", "MARCUS", "MARCUS", "DELGADO", 1, "a\n b")
            + CARD.format(*["WREN", "OTTO"] * 2, 2, ""),
        ),
        (
            "people.ldif",
            "version: 1\n\n" + ENTRY.format("DELGADO", "TUFSQ1VT", 1) + "\n" + ENTRY.format("WREN", "T1RUTw==", 2),
        ),
    ],
)
def test_cards_and_directories_are_read(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)

    found = read(path)

    assert found.names == {"1": "Marcus Delgado", "2": "Otto Wren"}
    assert {person.birth_date.isoformat() for person in found.people.values()} == {"1990-02-23"}


def _page(card, *, pair, between=""):
    cards = (
        card.format("".join(pair.format(*one) for one in zip(LABELS, person, strict=True)), *person)
        for person in PEOPLE
    )
    return f"<!DOCTYPE html><html><body><nav>Home: here</nav><h1>Inmates</h1>{between.join(cards)}<footer>By: us</footer></body></html>"


TABLE = "<table>{0}</table>"
PAGES = {
    "terms": _page("<dl>{0}</dl>", pair="<dt>{0}</dt><dd>{1}</dd>"),
    "terms without ends": _page("<dl>{0}</dl>", pair="<dt>{0}:<dd>{1}"),
    "cards": _page("<div class='card'>{0}</div>", pair="<p>{0}: {1}</p>"),
    "cards in bold": _page("<div class='card'>{0}</div>", pair="<b>{0}</b> {1}<br>"),
    "cards with classes": _page("<li>{0}</li>", pair="<span class='label'>{0}</span><span class='value'>{1}</span>"),
    "cards with blocks": _page("<li>{0}</li>", pair="<div class='field-label'>{0}</div><div>{1}</div>"),
    "cards, rules between": _page("<p>{0}</p>", pair="{0}: {1}<br>", between="<hr>"),
    "tables": _page(TABLE, pair="<tr><td>{0}</td><td>{1}</td></tr>"),
    "tables with headings": _page(TABLE, pair="<tr><th>{0}</th><td>{1}</td></tr>"),
    "tables beside those of charges": _page(
        f"{TABLE}<table><tr><th>Charge<th>Law<th>Bail</tr><tr><td>THEFT<td>13A<td>100</table>",
        pair="<tr><td>{0}:</td><td>{1}</td></tr>",
    ),
    "the name as a heading": _page(
        "<div><h3>{1}</h3><p>Booking #: {2}</p><p>DOB: {3}</p><p>Housing: {4}</p></div>", pair=""
    ),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_card_of_a_web_page_is_a_person(tmp_path, kind):
    path = tmp_path / "roster.html"
    path.write_text(PAGES[kind])

    found = read(path)

    assert (found.lines, found.bad) == (EVERYBODY, [])


def test_a_table_of_people_wins_over_labels(tmp_path):
    rows = "".join(f"<tr><td>{name}<td>{number}<td>{born}</tr>" for name, number, born, _ in PEOPLE)
    path = tmp_path / "roster.html"
    path.write_text(f"<p>Name: Alder</p><p>Number: 5</p><table><tr><th>Name<th>Booking #<th>DOB</tr>{rows}</table>")

    assert len(read(path).people) == 3


def test_a_page_without_people_is_refused(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html><body><h1>Jail</h1><p>Hours: 9 to 5</p><p>Phone: 555 0100</p></body></html>")

    with pytest.raises(BadFile, match="no table"):
        read(path)


def _rows(form, *more):
    return "".join(",".join(f'"{cell}"' for cell in form(person)) + "\n" for person in PEOPLE) + "".join(more)


REPORTS = {
    "each label before its value": _rows(
        lambda p: ["Alder County", *(x for pair in zip(LABELS, p, strict=True) for x in pair), "Page 1"]
    ),
    "labels with colons": _rows(
        lambda p: [x for label, value in zip(LABELS, p, strict=True) for x in (f"{label}:", value)]
    ),
    "all labels before all values": _rows(lambda p: ["Inmate Roster", *LABELS, *p]),
    "labels, values and a footer": _rows(lambda p: ["Inmate Roster", *LABELS, *p, "Printed by", "MILLER"]),
    "a total below": _rows(lambda p: ["Inmate Roster", *LABELS, *p], '"Total","3"\n'),
}


@pytest.mark.parametrize("kind", REPORTS)
def test_rows_that_repeat_their_labels_are_read(write, kind):
    found = read(write(*REPORTS[kind].splitlines()))

    assert (found.lines, found.bad) == (EVERYBODY, [])


def test_words_that_all_rows_share_are_no_labels(write):
    people = [f"Alder,Held,Unit,P{at},WREN{'ABC'[at]},OTTO" for at in range(3)]

    assert len(read(write("Jail,Status,Kind,Inmate Number,Last Name,First Name", *people)).people) == 3


def _page(number):
    return (
        f"10/01/26      ALDER COUNTY SHERIFF       117\n06:00         ALL INMATES       Page:  {number}\n"
        + "=" * 50
        + "\n"
    )


FOOTER = "\nrpt-7.x3                        10/01/26\n\f"
NAMED = [
    ("26-0101", "WREN, OTTO"),
    ("26-0102", "LARK, ANN"),
    ("26-0103", "CROW, IVO"),
    ("26-0104", "DOVE, MAE"),
    ("26-0105", "FINCH, SY"),
]
WHOLE = ["26-0101 Otto Wren 1990-02-13 B-12", "26-0102 Ann Lark 1990-02-13 B-12", "26-0103 Ivo Crow 1990-02-13 B-12",
         "26-0104 Mae Dove 1990-02-13 B-12", "26-0105 Sy Finch 1990-02-13 B-12"]  # fmt: skip


def _printed(tmp_path, form, cut, between):
    """People in this form, with a page that ends after so many lines."""
    blocks = (form.format(number=number, name=name) + between for number, name in NAMED)
    lines = "".join(blocks).splitlines(keepends=True)
    (tmp_path / "list.txt").write_text(_page(1) + "".join(lines[:cut]) + FOOTER + _page(2) + "".join(lines[cut:]))
    return read(tmp_path / "list.txt")


@pytest.mark.parametrize("cut", range(1, 12))
@pytest.mark.parametrize("between", ["-" * 50 + "\n", "\n", ""])
def test_a_page_may_end_in_the_middle_of_a_person(tmp_path, cut, between):
    form = "Booking #: {number}     Name: {name}\nDOB: 02/13/1990        Location: B-12  Agency: ACSO\n     THEFT      DIST   500.00\n"

    assert _printed(tmp_path, form, cut, between).lines == WHOLE


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_value_below_its_label_at_the_end_of_a_page_is_kept(tmp_path, cut):
    form = "Booking #: {number}\nName:\n   {name}\nDOB: 02/13/1990\nLocation: B-12\n"

    assert _printed(tmp_path, form, cut, "\n").lines == WHOLE


def test_whoever_begins_below_the_heading_of_a_page_is_nobody_above_it(tmp_path):
    form = "Name: {name}\nBooking #: {number}\nDOB: 02/13/1990\nLocation: B-12\n"
    blocks = [form.format(number=number, name=name) for number, name in NAMED]
    text = _page(1) + "\n".join(blocks[:2]) + "\nName: HERON, SOL\n" + FOOTER + _page(2) + "\n".join(blocks[2:])
    (tmp_path / "list.txt").write_text(text)

    assert read(tmp_path / "list.txt").lines == WHOLE
