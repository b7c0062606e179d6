"""The pages of receipts: what is chosen is kept while one looks at a receipt, and a browser never gets a long list whole."""

import secrets

import pytest

from rxconnect import db, routes
from rxconnect.domain.receipts import LINES_PER_PAGE
from rxconnect.services.refunds import refunds
from rxconnect.state.family.receipts import ReceiptsState, ReceiptState, StatementState
from tests.services.books.test_receipt_history import copies
from tests.state.driver import sign_in


def whats(tab):
    return [line["what"] for line in tab.shown(ReceiptsState, "history")["lines"]]


@pytest.fixture
def rich(server, life):
    """The tab of a family with a purchase and a refund of it, and its life."""
    own = life()
    refunds.request_refund(own.actor, own.facility_id, 4, secrets.token_hex(8))
    return server.tab(sign_in(own.actor)).open(routes.RECEIPTS), own


def test_the_history_shows_what_was_paid_and_refunded(rich):
    tab, _own = rich
    assert whats(tab) == ["Refund of 4 credits", "20 credits bought"]
    history = tab.shown(ReceiptsState, "history")
    assert (history["paid"], history["refunded"]) == ("$5.00", "$1.00")
    assert len(tab.shown(ReceiptsState, "statement_years")) == 1


def test_what_was_chosen_is_kept_while_one_looks_at_a_receipt(rich):
    tab, own = rich
    (year,) = tab.shown(ReceiptsState, "statement_years")
    tab.call(ReceiptsState.filter_history("", str(year), "purchases"))
    assert whats(tab) == ["20 credits bought"]
    assert tab.shown(ReceiptsState, "history")["query"] == f"year={year}&kind=purchases"
    tab.go(routes.fill(routes.RECEIPT, own.receipt_number))
    assert tab.shown(ReceiptState, "receipt")["status"] == "Partly refunded"
    tab.go(routes.RECEIPTS)
    assert whats(tab) == ["20 credits bought"]
    assert tab.shown(ReceiptsState, "kind") == "purchases"
    tab.call(ReceiptsState.clear_filter())
    assert len(whats(tab)) == 2


def test_nothing_fits_a_choice_of_another_year(rich):
    tab, _own = rich
    tab.call(ReceiptsState.filter_history("", "2001", ""))
    history = tab.shown(ReceiptsState, "history")
    assert (history["lines"], history["is_filtered"]) == ([], True)


@pytest.mark.parametrize("chosen", [("x", "", ""), ("", "x", ""), ("", "", "x"), ("", "", "\a"), ("9" * 99, "", "")])
def test_a_choice_that_there_is_not_changes_nothing(rich, chosen):
    tab, _own = rich
    tab.call(ReceiptsState.filter_history(*chosen))
    assert "could not find" in tab.said(ReceiptsState)
    assert len(whats(tab)) == 2
    assert tab.go(routes.RECEIPTS).said(ReceiptsState) == ""


def test_a_long_history_is_shown_fifty_lines_at_a_time(server, life):
    own = life()
    with db.transaction() as session:
        copies(session, own.receipt_number, LINES_PER_PAGE + 9)
    tab = server.tab(sign_in(own.actor)).open(routes.RECEIPTS)
    assert len(whats(tab)) == LINES_PER_PAGE
    for _ in range(3):
        tab.call(ReceiptsState.show_older())
        assert len(whats(tab)) == 10
    tab.call(ReceiptsState.show_newer())
    assert len(whats(tab)) == LINES_PER_PAGE
    tab.call(ReceiptsState.show_newer())
    assert tab.shown(ReceiptsState, "history")["first"] == 1


def test_a_statement_shows_its_year_and_no_other(rich):
    tab, _own = rich
    (year,) = tab.shown(ReceiptsState, "statement_years")
    tab.go(routes.fill(routes.STATEMENT, year))
    statement = tab.shown(StatementState, "statement")
    assert (statement["year"], statement["paid"], statement["refunded"]) == (year, "$5.00", "$1.00")
    for nonsense in ("2001", "x", "%00", "-1", "٢٠٢٦", "9" * 4999, year + 1):
        tab.go(routes.fill(routes.STATEMENT, nonsense))
        assert "could not find" in tab.said(StatementState), nonsense
        assert tab.shown(StatementState, "statement") is None, nonsense
