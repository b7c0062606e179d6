import gzip
import io
import zipfile
from datetime import date

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.files import books
from tests.services.files.books import Shown
from tests.services.files.reading import cells_of, lines_of, read

HEADER = ["Inmate Number", "Last Name", "First Name", "DOB", "Unit", "Suffix"]
ROWS = [
    HEADER,
    [Shown(42, "00000", "00042"), "NÚÑEZ", "Ana", Shown(date(1990, 12, 31), "mm/dd/yyyy", "12/31/1990"), "B-7", None],
    [
        Shown(1234567, "00000", "1234567"),
        "O'Neill",
        "Li, Bo",
        Shown(date(1961, 1, 5), "d-mmm-yy", "5-Jan-61"),
        "",
        "Jr",
    ],
]
CELLS = [["00042", "NÚÑEZ", "Ana", "1990-12-31", "B-7", ""], ["1234567", "O'Neill", "Li, Bo", "1961-01-05", "", "Jr"]]


@pytest.mark.parametrize("form", books.FORMATS)
def test_a_table_reads_the_same_from_every_format(tmp_path, form):
    # The name promises another format: it is told by what is in the file.
    path = tmp_path / "roster.csv"
    books.FORMATS[form](path, ROWS)

    header, cells, _ = read(path)

    assert (header, cells) == (HEADER, CELLS)


def test_the_row_of_a_sheet_is_its_line(tmp_path):
    title = [["Harbor County Sheriff"], [], ["As of", date(2026, 6, 12)], []]
    rows = [*title, HEADER, ["1", "Lee", "Ann", None, "A", "Jr"], [], [None] * 6, ["2", "Ray", "Bob\nC."]]
    for name, write in (("xlsx", books.as_xlsx), ("xls", books.as_xls), ("ods", books.as_ods)):
        write(tmp_path / name, rows)

        header, cells, _ = read(tmp_path / name)

        assert (header, lines_of(tmp_path / name)) == (HEADER, [6, 9])
        assert cells[1] == ["2", "Ray", "Bob C.", "", "", ""]


def test_a_title_above_the_header_of_a_csv_file_is_passed_over(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Harbor County, MN\nprinted 6/12/2026\n\nNumber;Last;First\n1;Lee;Ann\n2;Ray;Bob\n")

    assert read(path)[:2] == (["Number", "Last", "First"], [["1", "Lee", "Ann"], ["2", "Ray", "Bob"]])
    assert lines_of(path) == [5, 6]


def test_numbers_arrive_as_the_sheet_shows_them_where_that_matters(tmp_path):
    shown = [
        (Shown(42, "00000", "00042"), "00042"),
        (Shown(421234, "000-00-0000", "000-42-1234"), "000-42-1234"),
        (Shown(42, '"H-"00000', "H-00042"), "H-00042"),
        (Shown(20418873, "General", "20418873"), "20418873"),
        (Shown(12345.0, "0.00", "12345.00"), "12345"),
        (Shown(1234567, "#,##0", "1,234,567"), "1234567"),
        (Shown(date(1990, 12, 31), "[$-409]mmmm d, yyyy;@", "December 31, 1990"), "1990-12-31"),
        (Shown(5, "[Red]0", "5"), "5"),
        (True, "TRUE"),
        ("#N/A", "#N/A"),
        ("00042", "00042"),
    ]
    for name, write in (("xlsx", books.as_xlsx), ("xls", books.as_xls), ("ods", books.as_ods)):
        write(tmp_path / name, [["Value", "Name"], *([value, "x"] for value, _ in shown)])

        assert [cells[0] for cells in cells_of(tmp_path / name)] == [text for _, text in shown], name


def test_formulas_keep_the_values_that_were_stored_with_them(tmp_path):
    path = tmp_path / "roster.xlsx"
    books.as_xlsx(path, [["Number", "Last"], ["1", '=HYPERLINK("http://example.org","Lee")'], ["2", "Ray"]])

    # Nobody has opened this workbook, so that it holds no value of the formula.
    assert cells_of(path) == [["1", ""], ["2", "Ray"]]


def test_sheets_without_a_table_are_passed_over_and_each_further_table_stands_below_its_title(tmp_path):
    """What a title says of its people is decided later, and asked for where it says nothing."""
    path = tmp_path / "roster.xlsx"
    notes, other = [["Please read"], ["Call us"]], [HEADER, ["9", "No", "Body", None, None, None]]
    books.as_xlsx(path, notes, ("Men", ROWS), ("Sheet 3", other), ("Empty", []), title="Read me")

    _, cells, told = read(path)

    title, person = ["Sheet 3", *[""] * len(HEADER)], ["9", "No", "Body", "", "", ""]
    assert cells == [*CELLS, title, HEADER, person]
    assert told == ["The tables “Men”, “Sheet 3” were read one after the other."]


def test_cells_beside_the_table_are_passed_over_with_a_note(tmp_path):
    path = tmp_path / "roster.xlsx"
    books.as_xlsx(path, [["Number", "Last", "First"], ["1", "Lee", "Ann", None, "call!"], ["2", "Ray", "Bob"]])

    assert read(path)[1:] == (
        [["1", "Lee", "Ann"], ["2", "Ray", "Bob"]],
        ["Cells to the right of the header were not read (1 row)."],
    )


def test_repeated_rows_cells_and_comments_of_libreoffice(tmp_path):
    path = tmp_path / "roster.ods"
    comment = "<office:annotation><dc:creator>Kim</dc:creator><text:p>not this</text:p></office:annotation>"

    def cell(text, more=""):
        return (
            f'<table:table-cell {more} office:value-type="string">{comment}<text:p>{text}</text:p></table:table-cell>'
        )

    far = 'table:number-columns-repeated="16380"'
    books.write_ods(
        path,
        f'<table:table table:name="A"><table:table-row>{cell("Number")}{cell("Last")}{cell("First")}<table:table-cell {far}/>'
        f'</table:table-row><table:table-row table:number-rows-repeated="2">{cell("7<text:s/>8")}'
        f"{cell('<text:span>Lee</text:span></text:p><text:p>Jr', 'table:number-columns-repeated=' + chr(34) + '2' + chr(34))}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1048573"><table:table-cell {far}/></table:table-row></table:table>',
    )

    assert cells_of(path) == [["7 8", "Lee Jr", "Lee Jr"]] * 2
    assert lines_of(path) == [2, 3]


def test_values_of_json_become_cells(tmp_path):
    path = tmp_path / "roster.json"
    path.write_text(
        '{"meta": {"page": 1}, "data": {"inmates": [\n {"id": 12345.00, "name": {"first": "Ann", "last": "Lee"}, '
        '"aka": ["Di Lee", "D. L."], "held": true, "charges": [{"code": 1}], "note": null, "long": 12345678901234567890}]}}'
    )

    header, cells, _ = read(path)

    assert header == ["id", "name.first", "name.last", "aka", "held", "charges", "note", "long"]
    assert cells == [["12345.00", "Ann", "Lee", "Di Lee;D. L.", "true", '[{"code": "1"}]', "", "12345678901234567890"]]


def test_the_properties_of_a_map_are_columns(tmp_path):
    path = tmp_path / "jails.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"NAME": "Oak", "FACILITYID": 5}, '
        '"geometry": {"type": "Point", "coordinates": [1.5, 2]}}]}'
    )

    assert read(path)[:2] == (["NAME", "FACILITYID"], [["Oak", "5"]])


def test_two_lists_in_a_document_are_refused_by_name(tmp_path):
    path = tmp_path / "roster.json"
    path.write_text('{"inmates": [{"id": 1}], "staff": [{"id": 2}]}')

    with pytest.raises(BadFile, match=r"several lists \(inmates, staff\)"):
        read(path)


def test_the_whole_of_a_large_document_is_read_in_pieces(tmp_path):
    path = tmp_path / "roster.json"
    rows = [["id", "last"], *([str(number), "x" * (number % 700)] for number in range(3_000))]
    books.as_json(path, rows)

    assert cells_of(path) == rows[1:]


def test_only_a_file_alone_in_its_archive_is_read(tmp_path):
    path = tmp_path / "rosters.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("men.csv", "a,b\n1,2\n")
        archive.writestr("women.csv", "a,b\n1,2\n")

    with pytest.raises(BadFile, match="holds 2 files; unpack it"):
        read(path)


def test_what_is_packed_several_times_is_refused(tmp_path):
    path = tmp_path / "roster.gz"
    content = b"a,b\n1,2\n"
    for _ in range(2):
        content = gzip.compress(content)
    path.write_bytes(content)
    assert cells_of(path) == [["1", "2"]]

    path.write_bytes(gzip.compress(content))
    with pytest.raises(BadFile, match="packed several times"):
        read(path)


def test_a_workbook_in_a_form_that_is_not_read_says_what_to_do(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", b"\x00")
    (tmp_path / "roster.xlsx").write_bytes(content.getvalue())

    with pytest.raises(BadFile, match="binary form; save the sheet as CSV"):
        read(tmp_path / "roster.xlsx")
