"""Receipts to take away: one's own, under the right name, never kept by anything between; and nobody else's."""

from __future__ import annotations

import csv
import io

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.services.accounts import sign_ins
from tests.printing import take_pango_away
from tests.services.buying import buy

NOW = clock.now().year


@pytest.fixture
def place(facility):
    return facility(name="=Cedar Ridge", price_cents=25, time_zone="UTC")


@pytest.fixture
def sam_visits(visitor, sam):
    """Sam's browser, and who Sam is."""
    client = visitor()
    client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, sam))
    return client, Actor(sam, "Sam Rivera", "sam@example.com", ActorKind.FAMILY)


def table(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_a_receipt_comes_as_a_pdf_under_its_own_name(printer, sam_visits, place):
    client, sam = sam_visits
    number = buy(sam, place).receipt_number
    response = client.get(f"/receipts/{number}.pdf")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    assert response.headers["content-disposition"] == f'attachment; filename="RxConnect-receipt-{number}.pdf"'
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.content.startswith(b"%PDF-1.7")
    assert client.get(f"/receipts/{number.lower()}.pdf").content == response.content


def test_a_statement_comes_as_a_pdf_under_its_year(printer, sam_visits, place):
    client, sam = sam_visits
    buy(sam, place)
    response = client.get(f"/statements/{NOW}.pdf")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    assert response.headers["content-disposition"] == f'attachment; filename="RxConnect-statement-{NOW}.pdf"'
    assert response.headers["cache-control"] == "no-store"
    assert response.content.startswith(b"%PDF-1.7")


def test_the_history_comes_as_a_table_of_what_is_asked_for(sam_visits, place, facility):
    client, sam = sam_visits
    buy(sam, place, 20)
    buy(sam, facility(name="Birch", time_zone="UTC"), 10)
    response = client.get("/receipts.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["content-disposition"] == 'attachment; filename="RxConnect-receipts.csv"'
    assert response.headers["cache-control"] == "no-store"
    assert [(row["Facility"], row["Credits"]) for row in table(response)] == [("Birch", "10"), ("'=Cedar Ridge", "20")]
    chosen = client.get(f"/receipts.csv?facility={place}&year={NOW}&kind=purchases")
    assert [row["Credits"] for row in table(chosen)] == ["20"]
    assert f"RxConnect-receipts-{NOW}-purchases.csv" in chosen.headers["content-disposition"]
    assert table(client.get("/receipts.csv?kind=refunds")) == []


def test_anothers_receipt_is_answered_exactly_like_one_that_does_not_exist(sam_visits, place, actor):
    client, _sam = sam_visits
    theirs = client.get(f"/receipts/{buy(actor(), place).receipt_number}.pdf")
    none = client.get("/receipts/RX-0000-0000-0000.pdf")
    assert theirs.status_code == none.status_code == 404
    assert (theirs.content, theirs.headers) == (none.content, none.headers)
    assert client.get(f"/statements/{NOW}.pdf").status_code == 404
    assert table(client.get(f"/receipts.csv?facility={place}")) == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/receipts/.pdf",
            "/receipts/x.pdf",
            "/receipts/%00.pdf",
            "/receipts/..%2f..%2fetc.pdf",
            "/receipts/RX-%FF.pdf",
        ),
        f"/receipts/{'9' * 5000}.pdf",
        *(
            "/statements/.pdf",
            "/statements/0000.pdf",
            "/statements/9999.pdf",
            "/statements/%D9%A2%D9%A0%D9%A2%D9%A6.pdf",
        ),
        *("/statements/2026.5.pdf", "/statements/-2026.pdf", f"/statements/{'9' * 5000}.pdf"),
        *(
            "/receipts.csv?year=x",
            "/receipts.csv?facility=%00",
            "/receipts.csv?kind=%27",
            "/receipts.csv?year=99999999999999",
        ),
    ],
)
def test_an_address_that_nobody_was_given_is_not_found(sam_visits, place, address):
    client, sam = sam_visits
    buy(sam, place)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/receipts/RX-AAAA-BBBB-CCCC.pdf", "/receipts/RX-AAAA-BBBB-CCCC"),
        ("/statements/2026.pdf", "/statements/2026"),
        ("/receipts.csv?year=2026", "/receipts"),
    ],
)
def test_whoever_is_not_signed_in_is_led_to_the_page_through_the_door(visitor, database, address, page):
    response = visitor().get(address)
    assert (response.status_code, response.headers["location"]) == (303, f"/sign-in?next={page}")
    stale = visitor()
    stale.cookies.set(sign_ins.cookie_name(), "nobody's")
    assert stale.get(address).status_code == 303


def test_staff_have_no_receipts(visitor, actor, place):
    desk = visitor()
    staff = actor(role=Role.ADMINISTRATOR, facility_id=place)
    desk.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, staff.account_id))
    number = buy(actor(), place).receipt_number
    for address in (f"/receipts/{number}.pdf", f"/statements/{NOW}.pdf", "/receipts.csv"):
        assert desk.get(address).status_code == 404


def test_only_reading_is_possible(sam_visits, place):
    client, sam = sam_visits
    number = buy(sam, place).receipt_number
    assert client.post(f"/receipts/{number}.pdf").status_code == 405


def test_the_pages_of_receipts_are_still_the_apps(sam_visits):
    client, _sam = sam_visits
    for address in ("/receipts", "/receipts/RX-AAAA-BBBB-CCCC", "/statements/2026"):
        assert "content-disposition" not in client.get(address).headers


def test_many_pdfs_in_an_hour_are_too_many(printer, sam_visits, place, monkeypatch):
    client, sam = sam_visits
    number = buy(sam, place).receipt_number
    monkeypatch.setattr("rxconnect.api.downloads._PDFS_PER_HOUR", 2)
    first, second, response = (client.get(f"/receipts/{number}.pdf") for _ in range(3))
    assert (first.status_code, second.status_code) == (200, 200)
    assert response.status_code == 429
    assert "many files" in response.text
    assert client.get("/receipts.csv").status_code == 200


def test_without_pango_a_pdf_is_refused_in_a_sentence_and_everything_else_works(sam_visits, place, monkeypatch):
    client, sam = sam_visits
    number = buy(sam, place).receipt_number
    take_pango_away(monkeypatch)
    response = client.get(f"/receipts/{number}.pdf")
    assert response.status_code == 503
    assert "your browser can print it" in response.text
    assert "pango" not in response.text.lower()
    assert client.get("/receipts.csv").status_code == 200
