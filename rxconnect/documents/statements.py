"""A yearly statement on paper."""

from __future__ import annotations

from rxconnect.documents.paper import Html, facts, pdf, sheet, table, tag
from rxconnect.domain.statements import SMALL_PRINT, FacilityYear, StatementView
from rxconnect.domain.text import count

# A hundred lines take half a second, and everybody else's PDF waits meanwhile. The sums are always those of all lines.
MOST_LINES = 400


def statement_pdf(statement: StatementView) -> bytes:
    """The statement as a PDF. Raises `CannotPrint`."""
    return pdf(statement_html(statement))


def statement_html(statement: StatementView) -> Html:
    """The statement as it is printed."""
    left, sections = MOST_LINES, []
    for one in statement.facilities:
        sections += _facility(statement, one, left)
        left = max(0, left - len(one.lines))
    return sheet(
        f"Statement {statement.year}",
        tag("h1", f"Statement for {statement.year}"),
        tag("p", f"{statement.name} · January 1 to December 31, {statement.year}", class_="muted lead"),
        *(
            [tag("p", f"The year is not over. This is how things stood on {statement.as_of}.", class_="note")]
            if statement.as_of
            else []
        ),
        tag("h2", "All facilities together"),
        facts(*_money(statement), total=("Paid in the end", statement.kept)),
        *sections,
        tag("p", SMALL_PRINT, class_="note"),
    )


def _money(statement: StatementView) -> list[tuple[str, str]]:
    rows = [("Paid", statement.paid), ("Refunded", statement.refunded)]
    return [*rows, ("Taken back by your bank", statement.taken_back)] if statement.taken_back else rows


def _facility(statement: StatementView, one: FacilityYear, most: int) -> list[Html]:
    rows = [(line.date, line.what, line.about, line.credits, line.amount) for line in one.lines]
    changes = [(change.label, change.credits) for change in one.changes]
    end = statement.as_of or f"December 31, {statement.year}"
    parts = [
        tag("h2", one.facility),
        tag("p", one.facility_place, class_="muted"),
        facts(
            (f"Credits at the beginning of {statement.year}", f"{one.opening:,}"),
            *changes,
            total=(f"Credits on {end}", f"{one.closing:,}"),
        ),
    ]
    if rows[:most]:
        parts.append(
            table(f"What happened at {one.facility}", ("Date", "What", "About", "Credits", "Amount"), rows[:most])
        )
    if len(rows) > most:
        rest = f"Not shown here: {count(len(rows) - most, 'line')}. The CSV file on the page “Receipts” has them all."
        parts.append(tag("p", rest, class_="note"))
    return parts
