"""Periods of reports: what an address or a form may name, and the parts in which a report shows them."""

from datetime import date

import pytest

from rxconnect.domain.errors import Invalid
from rxconnect.domain.report_periods import ReportPeriod, offered

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "first", "last", "title"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "February 2026"),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31), "December 2025"),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "Quarter 4 of 2025"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        ("2026-03-05..2026-03-05", date(2026, 3, 5), date(2026, 3, 5), "Mar 5, 2026 to Mar 5, 2026"),
        ("2023-03-01..2024-02-29", date(2023, 3, 1), date(2024, 2, 29), "Mar 1, 2023 to Feb 29, 2024"),
    ],
)
def test_a_period_is_read_from_an_address(text, first, last, title):
    found = ReportPeriod.parse(text, TODAY)
    assert (found.text, found.first, found.last, found.title) == (text, first, last, title)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-13", "2026-Q5", "0000", "9999", "٢٠٢٦", "2026-03-05..2026-03-04", "2020-01-01..2026-01-01", "20260301..20260302", ".."],
)  # fmt: skip
def test_anything_else_is_the_last_30_days(text):
    assert ReportPeriod.parse(text, TODAY).text == "2026-02-09..2026-03-10"


def test_the_parts_of_a_month_are_its_weeks_and_those_of_a_year_its_months():
    march = ReportPeriod.parse("2026-03", TODAY).edges()
    assert [edge.day for edge in march] == [1, 2, 9, 16, 23, 30, 1]
    assert march[-1] == date(2026, 4, 1)
    year = ReportPeriod.parse("2026", TODAY)
    assert (len(year.edges()), year.edges()[-1]) == (13, date(2027, 1, 1))


def test_whole_months_are_those_that_are_over():
    days = ReportPeriod.parse("2026-01-20..2026-03-05", TODAY)
    assert days.whole_months(TODAY) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert days.whole_months(date(2026, 4, 1))[-1] == date(2026, 4, 1)
    assert len(ReportPeriod.parse("2026-03", TODAY).whole_months(TODAY)) == 1


def test_two_dates_of_a_form_make_a_period_or_say_what_is_wrong():
    assert ReportPeriod.between(" 2026-03-05", "2026-03-09").text == "2026-03-05..2026-03-09"
    for first, last, field in (("", "2026-03-09", "first"), ("2026-03-05", "soon", "last")):
        with pytest.raises(Invalid) as refused:
            ReportPeriod.between(first, last)
        assert list(refused.value.fields) == [field]
    for last in ("2026-03-04", "2027-03-06"):
        with pytest.raises(Invalid) as refused:
            ReportPeriod.between("2026-03-05", last)
        assert list(refused.value.fields) == ["last"]


def test_seven_periods_are_offered():
    assert [period.text for _label, period in offered(TODAY)] == [
        "2026-02-09..2026-03-10", "2026-03", "2026-02", "2026-Q1", "2025-Q4", "2026", "2025",
    ]  # fmt: skip
