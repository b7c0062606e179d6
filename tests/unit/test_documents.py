"""Documents: PDFs that a screen reader can read and that fetch nothing, and tables that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from rxconnect import i18n
from rxconnect.documents import paper
from rxconnect.documents.history import history_csv
from rxconnect.documents.receipts import receipt_html, receipt_pdf
from rxconnect.documents.reports import report_html, report_pdf
from rxconnect.documents.statements import MOST_LINES, statement_html, statement_pdf
from rxconnect.domain.audit_chain import Head
from rxconnect.domain.receipts import Movement, MovementKind, ReceiptView
from rxconnect.domain.refunds import RefundView
from rxconnect.domain.report_periods import ReportPeriod
from rxconnect.domain.report_views import report_view
from rxconnect.domain.reports import AskedReport, PeriodPart, ReportFigures, StaffCounts
from rxconnect.domain.statements import CreditChange, FacilityYear, StatementLine, StatementView
from rxconnect.world import World
from tests.printing import inside, take_pango_away

REFUND = RefundView(
    id="1",
    receipt_number="RX-7K3M-92QF-TR4D",
    facility="Cedar Ridge",
    credits=10,
    cents=250,
    amount="$2.50",
    card_label="Visa ending 4242",
    cause="By the facility's staff",
    reason="The kiosk was broken.",
    status="paid",
    status_label="Refunded",
    at="Mar 3, 2026, 3:42 PM PST",
)
RECEIPT = ReceiptView(
    number="RX-7K3M-92QF-TR4D",
    issued="Feb 20, 2026, 3:42 PM PST",
    buyer="José Ñandú",
    facility_id=1,
    facility="Cedar Ridge",
    facility_place="Walla Walla, WA",
    credits=40,
    price="25\u00a0¢",
    total="$10.00",
    card_label="Visa ending 4242",
    status="Partly refunded",
    status_tone="good",
    explanation="A part of this payment is back on your card.",
    refunds=[REFUND],
    refunded="$2.50",
    kept="$7.50",
)
LINE = StatementLine("Mar 3, 2026", "Credits bought", "RX-7K3M-92QF-TR4D, Visa ending 4242", "+40", "$10.00")
YEAR = FacilityYear(
    facility_id=1,
    facility="Cedar Ridge",
    facility_place="Walla Walla, WA",
    opening=12,
    changes=[CreditChange("Bought", "+40"), CreditChange("Spent on delivered messages", "−20")],
    closing=32,
    paid_cents=1000,
    refunded_cents=0,
    taken_back_cents=0,
    lines=[LINE],
)
STATEMENT = StatementView(2026, "José Ñandú", "Mar 9, 2026", "$10.00", "$0.00", "", "$10.00", [YEAR])
MOVEMENT = Movement(
    kind=MovementKind.PURCHASE,
    at=datetime(2026, 3, 3, 23, 42, tzinfo=UTC),
    zone="America/Los_Angeles",
    what="40 credits bought",
    facility_id=1,
    facility="Cedar Ridge",
    credits=40,
    price_cents=25,
    paid_cents=1000,
    card_label="Visa ending 4242",
    number="RX-7K3M-92QF-TR4D",
    status="Paid",
)
MARCH = ReportPeriod.parse("2026-03", date(2026, 3, 1))
HEAD = Head(20_418, "a1" * 32)
ASKED = AskedReport(1, "cedar", "Cedar Ridge", "UTC", 48, 30, MARCH, HEAD, datetime(2026, 4, 1, 9, tzinfo=UTC))
FIGURES = ReportFigures(
    facility_id=1,
    facility="Cedar Ridge",
    zone="UTC",
    promised_hours=48,
    period=MARCH,
    as_of="Apr 1, 2026, 9:00 AM UTC",
    parts=[
        PeriodPart(
            begins, begins, letters=Counter(delivered=40, rejected=2), minutes=Counter({90: 30, 4_000: 12}), late=12
        )
        for begins in MARCH.edges()[:-1]
    ],
    reasons=Counter({"threat": 9, "coded language": 3}),
    appeals=Counter(upheld=2, overturned=1),
    staff=[StaffCounts("Denise Walker", 252, 12, 0, 3, 1)],
)
DOCUMENTS = {
    "Letters and decisions, March 2026": lambda: report_pdf(ASKED, FIGURES),
    "Receipt RX-7K3M-92QF-TR4D": lambda: receipt_pdf(RECEIPT),
    "Statement 2026": lambda: statement_pdf(STATEMENT),
}


def words(html):
    """What a document says, its style left away."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))


def rows(table):
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("title", DOCUMENTS)
def test_a_document_is_a_pdf_that_a_screen_reader_can_read(printer, title):
    content = inside(DOCUMENTS[title]())
    assert b'pdfuaid:part="1"' in content
    assert f"{title} · RxConnect".encode() in content
    for needed in (rb"/StructTreeRoot", rb"/Marked true", rb"/DisplayDocTitle true", rb"/Lang \(en\)"):
        assert re.search(needed, content), needed
    for role in (b"H1", b"Table", b"TH", b"TD", b"P"):
        assert re.search(rb"/S /" + role + rb"\b", content), role
    # Every cell that is no heading says which headings are its own.
    assert len(re.findall(rb"/S /TD\b", content)) == len(re.findall(rb"/Headers \[", content)) > 0


@pytest.mark.parametrize("language", [*i18n.available_languages()[1:], *i18n.PSEUDO_LANGUAGES])
def test_a_document_has_the_same_parts_in_every_language(language):
    for make in (
        lambda: receipt_html(RECEIPT),
        lambda: statement_html(STATEMENT),
        lambda: report_html(ASKED, report_view(FIGURES)),
    ):
        english = make()
        with i18n.using_language(language):
            foreign = make()
        assert f'<html lang="{language}" dir="{i18n.direction(language)}">' in foreign
        assert re.findall(r"<[a-z]\w*", foreign) == re.findall(r"<[a-z]\w*", english)
        # Names, numbers and money are written alike everywhere.
        assert re.findall(r"\$[\d,.]+\d|RX-[\w-]+", foreign) == re.findall(r"\$[\d,.]+\d|RX-[\w-]+", english)


@pytest.mark.parametrize(("language", "words"), [("en", '"Page "'), ("es", '"Página "')])
def test_the_number_of_a_page_is_said_in_the_readers_language(language, words):
    """The words of a style stand in no element, so a comparison of elements does not see them."""
    with i18n.using_language(language):
        assert words in paper.document("Title")
    assert not re.search(r'content: "[^"]*[A-Za-z]{2}', paper._STYLE)


@pytest.mark.parametrize("title", DOCUMENTS)
def test_the_same_document_gives_the_same_bytes(printer, title):
    assert DOCUMENTS[title]() == DOCUMENTS[title]()


def test_nothing_is_fetched_whatever_a_name_holds(printer, monkeypatch):
    opened = []
    monkeypatch.setattr("socket.socket.connect", lambda *args: opened.append(args))
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args, **kwargs: opened.append(args))
    hostile = '<img src="http://127.0.0.1:9/x"><link rel=stylesheet href="file:///etc/passwd"><style>@import "http://127.0.0.1:9"</style>'
    receipt_pdf(replace(RECEIPT, buyer=hostile, refunds=[replace(REFUND, reason=hostile)]))
    # And what would stand in our own markup is not fetched either.
    paper.pdf(paper.document("Test", paper.Html(hostile)))
    assert opened == []


def test_what_people_typed_is_text_and_never_markup():
    html = receipt_html(
        replace(RECEIPT, buyer='<b>Rosa</b> & "Co"', refunds=[replace(REFUND, reason="</td><script>1")])
    )
    assert "&lt;b&gt;Rosa&lt;/b&gt; &amp; &quot;Co&quot;" in html
    assert "<script>" not in html


@pytest.mark.parametrize("html", [receipt_html(RECEIPT), statement_html(STATEMENT)])
def test_a_document_has_a_language_a_title_and_headings_for_every_cell(html):
    tree = ElementTree.fromstring(html.replace("<!DOCTYPE html>", ""))
    assert tree.get("lang") == "en"
    assert tree.findtext("head/title").endswith("RxConnect")
    assert len(tree.findall(".//h1")) == 1
    assert all(heading.get("scope") in ("row", "col") for heading in tree.iter("th"))
    assert all(row.find("th") is not None for row in tree.iter("tr"))


def test_a_receipt_on_paper_says_what_its_page_says():
    said = words(receipt_html(RECEIPT))
    for part in (
        "number",
        "issued",
        "buyer",
        "facility",
        "facility_place",
        "price",
        "total",
        "card_label",
        "status",
        "kept",
    ):
        assert str(getattr(RECEIPT, part)).replace("\N{NO-BREAK SPACE}", " ") in said, part
    for part in ("amount", "at", "card_label", "status_label", "reason"):
        assert getattr(REFUND, part) in said.replace("&#x27;", "'"), part
    assert "Refunds" not in words(receipt_html(replace(RECEIPT, refunds=[], refunded="", kept="")))


def test_a_statement_on_paper_has_every_sum_and_every_line():
    said = words(statement_html(STATEMENT))
    assert "Credits at the beginning of 2026 12" in said
    assert "Credits on Mar 9, 2026 32" in said
    assert " ".join([LINE.date, LINE.what]) in said
    assert "Reversed" not in said
    assert "Reversed by your bank $1.00" in words(statement_html(replace(STATEMENT, taken_back="$1.00")))
    assert "Credits on December 31, 2026" in words(statement_html(replace(STATEMENT, as_of="")))


def test_a_statement_as_long_as_a_book_says_where_the_rest_is():
    long = replace(YEAR, lines=[LINE] * (MOST_LINES + 1))
    html = statement_html(replace(STATEMENT, facilities=[long, YEAR]))
    assert html.count("Credits bought") == MOST_LINES
    assert html.count("Not shown here: 1 line.") == 2


def test_without_pango_printing_is_refused_with_its_name(monkeypatch):
    take_pango_away(monkeypatch)
    with pytest.raises(paper.CannotPrint, match="cannot load library"):
        receipt_pdf(RECEIPT)


def test_a_table_is_csv_as_the_rfc_has_it_and_marked_as_utf_8():
    table = history_csv([MOVEMENT, replace(MOVEMENT, note='A "quoted", part\nand a line')])
    assert table.startswith(b"\xef\xbb\xbfDate,Time zone,Kind")
    assert table.endswith(b"\r\n")
    head, first, second = rows(table)
    assert dict(zip(head, first, strict=True)) == {
        "Date": "2026-03-03 15:42",
        "Time zone": "America/Los_Angeles",
        "Kind": "Purchase",
        "What": "40 credits bought",
        "Facility": "Cedar Ridge",
        "To facility": "",
        "Credits": "40",
        "Price each": "0.25",
        "Paid": "10.00",
        "Refunded": "",
        "Taken back by the bank": "",
        "Card": "Visa ending 4242",
        "Status": "Paid",
        "Receipt": "RX-7K3M-92QF-TR4D",
        "Note": "",
    }
    assert second[-1] == 'A "quoted", part\nand a line'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "  @"])
def test_no_cell_is_a_formula(start):
    evil = f'{start}HYPERLINK("http://x","y")'
    _head, row = rows(history_csv([replace(MOVEMENT, facility=evil, note=evil, to_facility=evil)]))
    assert [row[4], row[5], row[-1]] == [f"'{evil}"] * 3


def test_a_table_of_nothing_has_its_head_alone():
    assert len(rows(history_csv([]))) == 1


def test_what_is_printed_in_a_demo_session_says_so_on_each_page(tmp_path):
    assert "Demonstration" not in receipt_html(RECEIPT)
    with World("0123456789abcdef-0", f"sqlite:///{tmp_path}/rxconnect.db", tmp_path).bound():
        marked = receipt_html(RECEIPT)
    assert '<p class="mark">Demonstration</p>' in marked
    assert "content: string(mark)" in marked


def test_a_report_says_what_it_leaves_out_and_has_a_page_to_certify_it():
    told = words(report_html(ASKED, report_view(FIGURES)))
    for needed in (
        "Letters with a lawyer (the privileged lane) are not in this report",
        "20,418 rows",
        f"rxconnect audit verify --facility cedar --head 20418:{'a1' * 32}",
        "Rule 902(14)",
        "Signature",
        "RxConnect has certified nothing",
    ):
        assert needed in told, needed


def test_a_report_names_what_became_of_rejections_wherever_it_counts_decisions_of_somebody():
    told = words(report_html(ASKED, report_view(FIGURES)))
    assert "Denise Walker 252 12 0 3 1" in told
    assert "Own rejections appealed Of these overturned" in told
    assert "All 252 240 0" not in told
    assert "All 252 0 0 240 12 0 0 0" in told
