"""About two hundred hostile files, none of which is a roster: each is refused in a sentence, in little memory.

Every file is made from its name alone, so that a failure can be repeated: `write(name, path, size)`.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

from tests.services.files import books

# Bytes of the contents that are meant to be too large.
LARGE, SMALL = 1024**3, 96 * 1024**2
_HEADER = "number,first_name,last_name\n"
_TABLE = [
    ["number", "first_name", "last_name"],
    *([str(n), "Ann", "Lee" + "abcdefghij"[n % 10]] for n in range(1, 400)),
]
_PIECE = 1024**2

Make = Callable[[Path, int], None]


@cache
def files() -> dict[str, Make]:
    """Every file by its name; what makes it gets the path and the size of large contents."""
    groups = (
        _bombs,
        _entities,
        _columns,
        _cells,
        _nested,
        _cut,
        _flipped,
        _other_kinds,
        _locked,
        _formulas,
        _texts,
        _books,
        _sheets,
        _old,
        _documents,
        _csv,
        _pages,
        _labels,
        _fixed,
        _xml,
        _dumps,
    )
    return {name: make for group in groups for name, make in group()}


def _content(content: bytes) -> Make:
    return lambda path, _size: path.write_bytes(content) and None


def _large(before: bytes, unit: bytes, after: bytes = b"") -> Callable[[int], Iterator[bytes]]:
    """Pieces that repeat a unit until they have the size."""

    def pieces(size: int) -> Iterator[bytes]:
        yield before
        piece = unit * (_PIECE // len(unit))
        for _ in range(size // len(piece) + 1):
            yield piece
        yield after

    return pieces


def _plain(pieces: Callable[[int], Iterator[bytes]]) -> Make:
    def make(path: Path, size: int) -> None:
        with path.open("wb") as file:
            file.writelines(pieces(size))

    return make


def _gzip(pieces: Callable[[int], Iterator[bytes]]) -> Make:
    def make(path: Path, size: int) -> None:
        with gzip.open(path, "wb", compresslevel=1) as file:
            for piece in pieces(size):
                file.write(piece)

    return make


def _zip(parts: dict[str, bytes | Callable[[int], Iterator[bytes]]]) -> Make:
    def make(path: Path, size: int) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, part in parts.items():
                with archive.open(name, "w", force_zip64=True) as entry:
                    for piece in [part] if isinstance(part, bytes) else part(size):
                        entry.write(piece)

    return make


_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "xl/worksheets/sheet1.xml"
_GOOD = {
    "[Content_Types].xml": b"<Types/>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
    "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>number</t></si><si><t>first_name</t></si><si><t>last_name</t></si></sst>'.encode(),
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>'.encode(),
}
_FIRST = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'


def _sheet_of(rows: str) -> bytes:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _book(
    sheet: bytes | Callable[[int], Iterator[bytes]] | None = None, **parts: bytes | Callable[[int], Iterator[bytes]]
) -> Make:
    """A workbook with this sheet, and other parts replaced (`styles`, `sharedStrings`, `workbook`)."""
    named = {f"xl/{name}.xml": part for name, part in parts.items()}
    return _zip({**_GOOD, **named, _SHEET: sheet or _sheet_of(_FIRST)})


_ODS = books._NAMES
_ODS_HEAD = f"<office:document-content {_ODS}><office:body><office:spreadsheet>"


def _ods(content: bytes | Callable[[int], Iterator[bytes]], manifest: bytes = b"<manifest/>") -> Make:
    return _zip({"mimetype": books.ODS_TYPE.encode(), "META-INF/manifest.xml": manifest, "content.xml": content})


def _ods_rows(rows: str) -> bytes:
    return f'{_ODS_HEAD}<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'.encode()


def _bombs() -> Iterator[tuple[str, Make]]:
    zeros, rows, blanks = _large(b"", b"\x00"), _large(_HEADER.encode(), b"1,Ann,Lee\n" * 8), _large(b"<a>", b" ")
    yield "gzip bomb of zeros", _gzip(zeros)
    yield "gzip bomb of rows", _gzip(rows)
    yield "zip bomb of zeros", _zip({"a.csv": zeros})
    yield "zip bomb of rows", _zip({"a.csv": rows})
    yield "workbook, bomb in the sheet", _book(blanks)
    yield "workbook, bomb of rows", _book(_large(b"<worksheet><sheetData>", b"<row/>"))
    yield "workbook, bomb of cells", _book(_large(b"<worksheet><sheetData><row>", b"<c/>"))
    for part in ("sharedStrings", "styles", "workbook"):
        yield f"workbook, bomb in {part}", _book(None, **{part: blanks})
    yield "workbook, bomb of shared texts", _book(None, sharedStrings=_large(b"<sst>", b"<si><t>a</t></si>"))
    yield "workbook, bomb of styles", _book(None, styles=_large(b"<s><cellXfs>", b'<xf numFmtId="5"/>'))
    yield "workbook, bomb of sheets", _book(None, workbook=_large(b"<w><sheets>", b'<sheet name="a" id="r1"/>'))
    yield "sheet of LibreOffice, bomb", _ods(blanks)
    yield (
        "sheet of LibreOffice, bomb of rows",
        _ods(_large(_ODS_HEAD.encode() + b"<table:table>", b"<table:table-row/>")),
    )
    yield (
        "sheet of LibreOffice, bomb in the manifest",
        _zip({"mimetype": b"x", "META-INF/manifest.xml": blanks, "content.xml": b"<a/>"}),
    )
    yield "zip in a zip in a zip", _wrapped(4)
    yield "archive of 60,000 files", _many_members
    for times in (3, 10, 100):
        yield f"gzip packed {times} times", _gzipped_again(times)


def _wrapped(times: int) -> Make:
    def make(path: Path, size: int) -> None:
        _zip({"a.csv": _HEADER.encode() + b"1,Ann,Lee\n"})(path, size)
        for _ in range(times):
            _zip({"a.zip": path.read_bytes()})(path, size)

    return make


def _gzipped_again(times: int) -> Make:
    def make(path: Path, _size: int) -> None:
        content = _HEADER.encode() + b"1,Ann,Lee\n"
        for _ in range(times):
            content = gzip.compress(content)
        path.write_bytes(content)

    return make


def _many_members(path: Path, _size: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.csv", b"")


def _entities() -> Iterator[tuple[str, Make]]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    kinds = {
        "a billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]><a>&l9;</a>',
        "an external entity": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
        "an entity of the network": '<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]><a>&e;</a>',
        "a parameter entity": '<!DOCTYPE a [<!ENTITY % e SYSTEM "file:///etc/hostname"> %e;]><a/>',
        "a DTD elsewhere": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        "a long entity, often": f'<!DOCTYPE a [<!ENTITY e "{"x" * 50_000}">]><a>{"&e;" * 5_000}</a>',
        "an unknown entity": "<a>&unknown;</a>",
    }
    for kind, xml in kinds.items():
        for part in ("sharedStrings", "styles", "workbook"):
            yield f"workbook, {kind} in {part}", _book(None, **{part: xml.encode()})
        yield f"workbook, {kind} in the sheet", _book(xml.encode())
        yield f"sheet of LibreOffice, {kind}", _ods(xml.encode())
        yield f"sheet of LibreOffice, {kind} in the manifest", _ods(b"<a/>", xml.encode())


def _columns() -> Iterator[tuple[str, Make]]:
    many = 1_000_000
    for sign, name in ((",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        yield f"CSV, a million {name}", _content((sign * many).encode() + b"\n1\n")
        yield f"CSV, a million columns between {name}", _content(sign.join(map(str, range(many))).encode() + b"\n1\n")
    yield (
        "CSV, a million columns on a million lines",
        _content(b",".join(b'"%d\n"' % n for n in range(many)) + b"\n1\n"),
    )
    yield "JSON lines, a million names", _content(json.dumps({str(n): n for n in range(many)}).encode() + b"\n")
    yield "JSON lines, new names in every line", _content(b"".join(b'{"a%d": 1}\n' % n for n in range(20_000)))
    yield "JSON, a million names", _content(json.dumps([{str(n): n for n in range(many)}]).encode())
    yield "JSON, a row of a million", _content(json.dumps([list(range(many))] * 2).encode())
    wide = "".join(f'<c r="{column}1" t="str"><v>{column}</v></c>' for column in ("A", "B", "XFD"))
    yield "workbook, 16,384 columns", _book(_sheet_of(f'<row r="1">{wide}</row>'))
    yield (
        "workbook, a million columns",
        _book(_sheet_of(f"<row>{'<c t=' + chr(34) + 'str' + chr(34) + '><v>a</v></c>' * many}</row>")),
    )
    repeated = '<table:table-cell table:number-columns-repeated="1000000" office:value-type="string"><text:p>a</text:p></table:table-cell>'
    yield "sheet of LibreOffice, a million columns", _ods(_ods_rows(f"<table:table-row>{repeated}</table:table-row>"))
    row = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
    cell = '<table:table-cell table:number-columns-repeated="900" office:value-type="string"><text:p>aaaaaaaaaaaaaaaa</text:p></table:table-cell>'
    yield "sheet of LibreOffice, a million rows from one", _ods(_ods_rows(row.format(1_000_000, cell)))
    yield "sheet of LibreOffice, 10^15 rows", _ods(_ods_rows(row.format(10**15, cell)))
    yield "sheet of LibreOffice, -1 rows", _ods(_ods_rows(row.format(-1, cell)))


def _cells() -> Iterator[tuple[str, Make]]:
    yield "CSV, a cell without an end", _plain(_large(b'number,first,last\n1,Ann,"', b"x" * 64))
    yield "CSV, a cell of a gigabyte", _plain(_large(b'number,first,last\n1,Ann,"', b"x" * 63 + b"\n", b'"\n'))
    yield "CSV, a line without an end", _plain(_large(_HEADER.encode(), b"x" * 64))
    yield "CSV, a header without an end", _plain(_large(b"", b"x" * 64))
    yield "gzip, a cell of a gigabyte", _gzip(_large(b'number,first,last\n1,Ann,"', bytes(range(65, 91)) * 9, b'"\n'))
    yield "JSON lines, a cell of a gigabyte", _plain(_large(b'{"number": "', b"x" * 64, b'"}\n'))
    yield "JSON, a cell of a gigabyte", _plain(_large(b'[{"number": "', b"x" * 64, b'"}]'))
    yield "JSON, a number of a gigabyte", _plain(_large(b'[{"number": ', b"1" * 64, b"}]"))
    yield "JSON, a name of a gigabyte", _plain(_large(b'[{"', b"x" * 64, b'": 1}]'))
    random = Random(1)
    noise = bytes(random.choice(b"abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(_PIECE // 4))
    start = f"<worksheet><sheetData>{_FIRST}"
    for kind, before in (
        ("text", "<row><c t='inlineStr'><is><t>"),
        ("value", "<row><c><v>"),
        ("formula", "<row><c><f>"),
        ("attribute", "<row><c r='"),
        ("name", "<row><c"),
        ("comment", "<!--"),
    ):
        yield f"workbook, a gigabyte of {kind}", _book(_large((start + before).encode(), noise))
    yield "workbook, a shared text of a gigabyte", _book(None, sharedStrings=_large(b"<sst><si><t>", noise))
    yield (
        "workbook, a gigabyte of shared texts",
        _book(None, sharedStrings=_large(b"<sst>", b"<si><t>" + noise[:200] + b"</t></si>")),
    )
    row = b'<table:table-row><table:table-cell office:value-type="string"><text:p>'
    yield "sheet of LibreOffice, a cell of a gigabyte", _ods(_large(_ODS_HEAD.encode() + b"<table:table>" + row, noise))


def _nested() -> Iterator[tuple[str, Make]]:
    for depth in (1_000, 100_000, 3_000_000):
        yield f"JSON, {depth:,} arrays in each other", _content(b"[" * depth)
        yield f"JSON, {depth:,} closed arrays in each other", _content(b"[" * depth + b"]" * depth)
        yield f"JSON, {depth:,} objects in each other", _content(b'[{"a":' + b'{"a":' * depth)
        yield f"JSON lines, {depth:,} objects in each other", _content(b'{"a":' * depth + b"\n")
        yield f"workbook, {depth:,} elements in each other", _book(b"<worksheet><sheetData>" + b"<row>" * depth)
        yield f"sheet of LibreOffice, {depth:,} elements in each other", _ods(_ODS_HEAD.encode() + b"<text:p>" * depth)


def _cut() -> Iterator[tuple[str, Make]]:
    for form in ("XLSX", "XLS", "ODS", "CSV, gzip", "CSV, zip", "a JSON array", "a JSON object with one array"):
        for share in (0.2, 0.6, 0.97):

            def make(path: Path, _size: int, form: str = form, share: float = share) -> None:
                books.FORMATS[form](path, _TABLE)
                content = path.read_bytes()
                path.write_bytes(content[: int(len(content) * share)])

            yield f"{form}, cut off at {share:.0%}", make


def _flipped() -> Iterator[tuple[str, Make]]:
    """Archives with one wrong byte in the middle of their largest part."""
    for form in ("XLSX", "ODS", "CSV, gzip", "CSV, zip"):
        for seed in range(3):

            def make(path: Path, _size: int, form: str = form, seed: int = seed) -> None:
                books.FORMATS[form](path, _TABLE)
                content = bytearray(path.read_bytes())
                begin, size = 40, len(content) - 60
                if form != "CSV, gzip":
                    with zipfile.ZipFile(path) as archive:
                        part = max(archive.infolist(), key=lambda entry: ("sheet" in entry.filename, entry.file_size))
                        begin, size = part.header_offset + 30 + len(part.filename), part.compress_size
                content[begin + size // 4 + Random(seed).randrange(size // 2)] ^= 0x55
                path.write_bytes(content)

            yield f"{form}, one wrong byte, {seed}", make


def _other_kinds() -> Iterator[tuple[str, Make]]:
    for name, content in {
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "a photograph": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200),
        "a program": b"\x7fELF\x02\x01\x01" + bytes(200),
        "a program of Windows": b"MZ\x90\x00\x03" + bytes(200),
        "a PDF": b"%PDF-1.7\n%\xe2\xe3\n",
        "a web page": b"<!DOCTYPE html><html><table><tr><td>number</td></tr></table></html>",
        "a web page that says it is a workbook": b"<table><tr><td>number</td><td>first</td><td>last</td></tr></table>",
        "XML of Excel 2003": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "RTF": b"{\\rtf1\\ansi number}",
        "a database": b"SQLite format 3\x00" + bytes(100),
        "a database of Access": b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(100),
        "parquet": b"PAR1" + bytes(100),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "rar": b"Rar!\x1a\x07\x00" + bytes(100),
        "bzip2": b"BZh91AY&SY" + bytes(100),
        "xz": b"\xfd7zXZ\x00" + bytes(100),
        "zstandard": b"\x28\xb5\x2f\xfd" + bytes(100),
        "an email": b"From: a@example.org\nTo: b@example.org\nSubject: roster\n\nplease see attached\n",
        "a private key": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "one word": b"hello",
        "nothing": b"",
        "blank lines": b"\n \n\t\n",
        "a mark alone": b"\xef\xbb\xbf",
    }.items():
        yield f"not a table: {name}", _content(content)
    yield "not a table: a tar archive, gzipped", _tar
    yield (
        "not a table: a text document",
        _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}),
    )
    yield "not a table: slides", _zip({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"})
    yield (
        "not a table: a text of LibreOffice",
        _zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
    )
    yield (
        "not a table: a workbook in binary form",
        _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x00"}),
    )
    yield "not a table: an empty archive", _zip({})
    yield "not a table: a sheet of Apple", _zip({"Index/Document.iwa": b"\x00", "Metadata/a.plist": b"\x00"})
    for seed in range(8):
        yield f"not a table: random bytes, {seed}", _content(Random(seed).randbytes(5_000))


def _tar(path: Path, _size: int) -> None:
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("roster.csv")
        entry.size = len(_HEADER)
        archive.addfile(entry, io.BytesIO(_HEADER.encode()))


def _fixed() -> Iterator[tuple[str, Make]]:
    row = b"0000006781 WREN            19900213 B2\n"
    yield "fixed widths, a line of tabs below the people", _content(row * 300 + row[:-1] + b"\t" * 50_000)
    yield "fixed widths, a record of a gigabyte", _plain(_large(row.strip() * 3, b"x" * 64))
    yield "fixed widths, numbers without line breaks", _plain(_large(b"", b"0123456789 " * 5 + b"A"))
    yield "fixed widths, digits alone", _plain(_large(b"", b"1" * 64))
    yield "fixed widths, a number in every column", _content((b"12 " * 20_000 + b"\n") * 3)


def _xml() -> Iterator[tuple[str, Make]]:
    person = "<p><number>{n}</number><first_name>Ann</first_name><last_name>Lee</last_name></p>"
    laughs = "".join(f'<!ENTITY e{n} "' + f"&e{n - 1};" * 10 + '">' for n in range(1, 10))
    for name, text in {
        "entities that grow": f'<!DOCTYPE r [<!ENTITY e0 "ha">{laughs}]><r><p><number>&e9;</number></p></r>',
        "an entity of another file": f'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>{person.format(n="&e;")}</r>',
        "a definition on another server": '<!DOCTYPE r SYSTEM "http://a.example/r.dtd"><r><p>1</p><p>2</p></r>',
        "an encoding that nobody knows": '<?xml version="1.0" encoding="x-none"?><r><p>1</p></r>',
        "cut": f"<r>{person.format(n=1)}<p><number>2</num",
        "two at once": "<r><p>1</p></r><r><p>1</p></r>",
        "a hundred thousand deep": "<a>" * 100_000,
        "a hundred thousand names": "<r>" + "".join(f"<a{n}>1</a{n}>" for n in range(100_000)) + "</r>",
        "a hundred thousand attributes": "<r><p" + "".join(f" a{n}='1'" for n in range(100_000)) + "/></r>",
        "two lists of people": f"<r><a>{person.format(n=1)}</a><b>{person.format(n=2)}{person.format(n=3)}</b></r>",
        "nobody": "<r/>",
    }.items():
        yield f"XML, {name}", _content(text.encode())
    yield "XML, one text", _plain(_large(b"<r><p><number>", b"1", b"</number></p></r>"))
    yield "XML, one name", _plain(_large(b"<r><", b"a", b"/></r>"))
    yield "XML, elements without end", _plain(_large(b"<r>", b"<p><q>1</q></p>"))


def _dumps() -> Iterator[tuple[str, Make]]:
    begin = b"INSERT INTO inmates (number, first_name, last_name) VALUES ("
    for name, text in {
        "a text without end": begin + b"'1', 'Ann, 'Lee');\n",
        "a row without end": begin + b"'1', 'Ann'",
        "a command": begin + b"1, 'Ann', (SELECT load_file('/etc/passwd')));\nDROP TABLE inmates;\n",
        "a hundred thousand columns": b"INSERT INTO a VALUES (" + b"1," * 100_000 + b"1);\n",
        "two lists of people": (begin + b"'1', 'Ann', 'Lee');\n")
        + (begin + b"'2', 'Bo', 'Ray');\n").replace(b"inmates", b"people"),
        "a copy of nothing": b"COPY inmates (number, first_name, last_name) FROM stdin;\n\\.\n",
        "a table alone": b"CREATE TABLE inmates (number text, first_name text, last_name text);\n",
    }.items():
        yield f"SQL, {name}", _content(text)
    yield "SQL, one text", _plain(_large(begin + b"'", b"1"))
    yield "SQL, rows without end", _plain(_large(begin + b"1, 2, 3)", b",(1, 2, 3)"))


def _locked() -> Iterator[tuple[str, Make]]:
    def zip_with_password(path: Path, size: int) -> None:
        _zip({"roster.csv": _HEADER.encode()})(path, size)
        content = bytearray(path.read_bytes())
        content[6] |= 1
        content[content.rindex(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(content)

    yield "protected zip", zip_with_password
    yield (
        "protected workbook",
        _content(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1_000)
        ),
    )
    yield (
        "protected sheet of LibreOffice",
        _ods(b"\x00\x01", b"<manifest><file-entry><encryption-data/></file-entry></manifest>"),
    )


def _formulas() -> Iterator[tuple[str, Make]]:
    for number, formula in enumerate(
        (
            "=cmd|' /C calc'!A0",
            '=HYPERLINK("http://a.example","Lee")',
            "@SUM(1+1)",
            "+1+2",
            "-1+2",
            "=1+1",
            "=DDE(1)",
            '=IMPORTXML("http://a.example")',
        )
    ):
        rows = [["number", "first_name", "last_name"], ["1", formula, "Lee"], ["2", "Ann", formula]]
        for form in ("CSV", "JSON lines"):
            yield f"{form}, formula {number}", lambda path, _size, form=form, rows=rows: books.FORMATS[form](path, rows)
        cells = "".join(f'<c t="str"><f>1+1</f><v>{text.replace("&", "").replace("<", "")}</v></c>' for text in rows[1])
        yield f"workbook, formula {number}", _book(_sheet_of(f"{_FIRST}<row>{cells}</row>"))


def _texts() -> Iterator[tuple[str, Make]]:
    yield "CSV with zeros", _content(_HEADER.encode() + b"1,A\x00nn,Lee\n")
    yield "CSV with control characters", _content(_HEADER.encode() + b"1,A\x1b[31mnn,Lee\n")
    yield "half of UTF-16", _content(b"\xff\xfe\xd8\xd8\xd8")
    yield "bytes of no encoding", _content(b"\x81\x8d\x8f\x90\x9d")
    yield "UTF-32", _content(f"{_HEADER}1,Ann,Lee\n".encode("utf-32"))
    yield (
        "JSON lines, half a character",
        _content(b'{"number": "1", "first_name": "\\ud800", "last_name": "\\udc00\\ud800"}\n'),
    )
    yield "JSON, half a character", _content(b'[{"number": "1", "first_name": "\\ud800", "last_name": "\\ud800"}]')
    yield "CSV, other writing directions", _content(f"{_HEADER}\u202e1,\u202e,\u2066\n".encode())


def _books() -> Iterator[tuple[str, Make]]:
    for name, row in {
        "a shared text that is missing": "<row><c t='s'><v>99</v></c></row>",
        "a shared text before the first": "<row><c t='s'><v>-99</v></c></row>",
        "a shared text that is no number": "<row><c t='s'><v>x</v></c></row>",
        "a style that is missing": "<row><c s='99'><v>1</v></c></row>",
        "a style that is no number": "<row><c s='x'><v>1</v></c></row>",
        "a cell without a place": "<row><c r='!!'><v>1</v></c></row>",
        "a cell far to the right": "<row><c r='ZZZZZZ1'><v>1</v></c></row>",
        "a row that is too far": "<row r='999999999'><c><v>1</v></c></row>",
        "rows in the wrong order": "<row r='9'><c><v>1</v></c></row><row r='3'><c><v>1</v></c></row>",
        "only a header": "",
        "values without cells": "<v>1</v><row><v>2</v></row>",
        "an escaped zero": "<row><c t='str'><v>_x0000_</v></c><c t='str'><v>_xD800_</v></c><c t='str'><v>_x0008_</v></c></row>",
    }.items():
        yield f"workbook, {name}", _book(_sheet_of(_FIRST + row))
    for target in ("../../../etc/hostname", "http://127.0.0.1:9/", "/etc/hostname", "", "worksheets/none.xml"):
        rels = f'<R><Relationship Id="r1" Target="{target}" TargetMode="External"/></R>'.encode()
        yield (
            f"workbook, a sheet at {target or 'nowhere'}",
            _zip({**_GOOD, "xl/_rels/workbook.xml.rels": rels, _SHEET: _sheet_of(_FIRST)}),
        )
    yield "workbook without its parts", _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"})
    yield "workbook of nothing", _zip({"[Content_Types].xml": b"", "xl/workbook.xml": b""})
    yield "workbook, the sheet in UTF-16 without a mark", _book(_sheet_of(_FIRST).decode().encode("utf-16-be"))
    yield "workbook, the sheet in an unknown encoding", _book(b'<?xml version="1.0" encoding="ebcdic-xyz"?><a/>')


def _sheets() -> Iterator[tuple[str, Make]]:
    def many(path: Path, size: int) -> None:
        sheets = "".join(f'<sheet name="{n}" r:id="r1"/>' for n in range(5_000))
        book = f'<workbook xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>'.encode()
        _zip({**_GOOD, "xl/workbook.xml": book, _SHEET: _sheet_of(_FIRST)})(path, size)

    yield "workbook of 5,000 sheets", many
    tables = '<table:table table:name="A"><table:table-row/></table:table>' * 50_000
    yield (
        "sheet of LibreOffice of 50,000 tables",
        _ods(f"{_ODS_HEAD}{tables}</office:spreadsheet></office:body></office:document-content>".encode()),
    )


def _old() -> Iterator[tuple[str, Make]]:
    signature = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield "old workbook, only its signature", _content(signature)
    for seed in range(6):
        yield f"old workbook of random bytes, {seed}", _content(signature + Random(seed).randbytes(20_000))
    header = signature + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    loop = struct.pack("<IIIIIIIII", 1, 0, 0, 4096, 1, 1, 0xFFFFFFFE, 0, 0) + struct.pack("<109I", *[0] * 109)
    yield "old workbook, a table that points to itself", _content(header[:44] + loop + bytes(4 * 512))
    yield (
        "old workbook, sectors of 2^65535 bytes",
        _content(signature + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 65535, 6) + bytes(2_000)),
    )
    for version in (0x0009, 0x0209, 0x0409, 0x0809):
        yield (
            f"old workbook, a bare stream {version:#06x}",
            _content(struct.pack("<HHHH", version, 4, 0, 0x10) + Random(version).randbytes(2_000)),
        )
    for seed in range(4):

        def make(path: Path, _size: int, seed: int = seed) -> None:
            books.as_xls(path, _TABLE)
            content, random = bytearray(path.read_bytes()), Random(seed)
            content[512 : 512 + 400] = random.randbytes(400)
            path.write_bytes(content)

        yield f"old workbook with a wrong beginning, {seed}", make


def _documents() -> Iterator[tuple[str, Make]]:
    for name, content in {
        "an empty array": "[]",
        "an array of nothing": "[null, null]",
        "an array of numbers": "[1, 2, 3]",
        "an array of empty objects": "[{}, {}]",
        "an array that goes on after its end": '[{"number": 1}] [{"number": 2}]',
        "an array without an end": '[{"number": 1},',
        "a missing comma": '[{"number": 1} {"number": 2}]',
        "a missing colon": '{"inmates" [{"number": 1}]}',
        "names without quotation marks": "[{number: 1}]",
        "a comma at the end": '[{"number": 1},]',
        "a name that is a number": '{\n1: [{"number": 1}]\n}',
        "two lists": '{"a": [{"number": 1}], "b": [{"number": 2}]}',
        "no list": '{\n"a": {"b": 1},\n"c": [1]\n}',
        "a number of a million digits": '[{"number": ' + "9" * 1_000_000 + "}]",
        "not a number": '[{"number": NaN, "first_name": Infinity, "last_name": -Infinity}]',
        "people by their number": '{"1": {"first_name": "Ann"}, "2": {"first_name": "Bob"}}',
        "a string": '"number"',
        "rows of different kinds": '[{"number": 1}, 2, [3]]',
    }.items():
        yield f"JSON, {name}", _content(content.encode())


def _csv() -> Iterator[tuple[str, Make]]:
    for name, content in {
        "only a header": _HEADER,
        "a quotation mark that is never closed": f'{_HEADER}1,"Ann,Lee\n2,Bob,Ray\n',
        "a million quotation marks": '"' * 1_000_001,
        "a delimiter and nothing else": "sep=;\n",
        "cut off in a row": f"{_HEADER}1,Ann,Lee\n2,Bo",
        "no cell with a name": f"{_HEADER}1,,\n2,,\n",
        "two columns of one name": "number,number,first_name,last_name\n1,2,Ann,Lee\n",
        "rows that are longer than the header": f"{_HEADER}1,Ann,Lee,x,y\n2,Bob,Ray,z\n",
        "a sentence": "Please find attached the roster of this week.\nKind regards\n",
        "a script": "import os\nos.system('true')\n",
    }.items():
        yield f"CSV, {name}", _content(content.encode())


def _pages() -> Iterator[tuple[str, Make]]:
    head = b"<table><tr><th>number<th>first_name<th>last_name</tr>"
    yield "web page, a tag without an end", _plain(_large(head + b"<td class='", b"x" * 64))
    yield "web page, a comment without an end", _plain(_large(head + b"<!--", b"x-" * 32))
    yield "web page, a cell of a gigabyte", _plain(_large(head + b"<tr><td>", b"x" * 64))
    yield "web page, tables in each other", _plain(_large(b"", b"<table><tr><td>"))
    yield "web page, a million columns", _plain(_large(head + b"<tr>", b"<td>1"))
    yield "web page, cells over all rows and columns", _content(head + b"<tr><td rowspan=9999 colspan=9999>x" * 999)
    ruled = b"NUMBER  FIRST  LAST\n------  -----  ----\n"
    yield "printed report, a line without an end", _plain(_large(ruled, b"x" * 64))
    yield "printed report, a million columns", _content(b"A  " * 10**6 + b"\n" + b"-  " * 10**6 + b"\n")


def _labels() -> Iterator[tuple[str, Make]]:
    card = b"<dl><dt>Name<dd>LEE, ANN<dt>Number<dd>1</dl>"
    yield "web page, a card with a text of a gigabyte", _plain(_large(b"<dl><dt>Name<dd>", b"x" * 64))
    yield (
        "web page, a card of a million labels",
        _content(b"<dl>" + b"".join(b"<dt>L%d<dd>x" % at for at in range(10**5))),
    )
    yield "web page, a row of a million cells", _plain(_large(b"<p>" + b"<table><tr>", b"<td>x"))
    yield "web page, a card without a number", _content(card.replace(b"Number", b"Race"))
    block = b"Name: LEE, ANN\nNumber: 1\n\n"
    yield "labels, a value of a gigabyte", _plain(_large(block + b"Name: x\nNotes: ", b"x" * 64))
    yield "labels, a value of a million lines", _plain(_large(block + b"Name: x\nNotes:\n", b"    more\n"))
    yield "labels, a million of them", _content(block + b"".join(b"L%d: x\n" % at for at in range(10**5)))
    yield "labels, a block that never ends", _plain(_large(b"Name: LEE, ANN\nNumber: 1\n", b"Race: x\n"))
    yield "labels, colons alone", _plain(_large(b"", b"a:b:c:d:\n"))
    row = b'"Name:","LEE, ANN","Number:","1"\n'
    yield (
        "rows of labels, without a last quotation mark",
        _plain(_large(row + row.replace(b"1", b"2") + b'"', b"x" * 64)),
    )
    yield "rows of labels, the same person", _content(row * 3)
    names = b'{"columns": ["number", "first_name", "last_name"], "data": [["1", "Ann", "Lee"]'
    yield "JSON, columns and rows that break off", _content(names)
    yield "JSON, a million names of columns", _plain(_large(b'{"data": [[1]], "columns": ["number"', b', "x"'))
    yield "JSON, columns in columns in columns", _plain(_large(b'{"a": [[1]], "b": ', b'{"columns": '))
    yield (
        "JSON, a column of a gigabyte",
        _plain(_large(b'{"number": [1, 2], "last_name": ["Lee"], "first_name": ["', b"x" * 64)),
    )
