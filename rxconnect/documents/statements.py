"""A yearly statement as a PDF."""

from __future__ import annotations

from rxconnect.documents.paper import Html, document, facts_table, pdf, table, tag
from rxconnect.domain.statements import FacilityYear, StatementView, small_print
from rxconnect.i18n import _, counted, number_text

# A hundred lines take half a second, while other PDFs wait. The sums are always of all lines.
MOST_LINES = 400


def statement_pdf(statement: StatementView) -> bytes:
    """Print a statement. Raises `CannotPrint`."""
    return pdf(statement_html(statement))


def statement_html(statement: StatementView) -> Html:
    """The statement's HTML for print."""
    left, sections = MOST_LINES, []
    for one in statement.facilities:
        sections += _facility_section(statement, one, left)
        left = max(0, left - len(one.lines))
    return document(
        _("Statement {year}").format(year=statement.year),
        tag("h1", _("Statement for {year}").format(year=statement.year)),
        tag(
            "p",
            statement.name + " · " + _("January 1 to December 31, {year}").format(year=statement.year),
            class_="muted lead",
        ),
        *(
            [
                tag(
                    "p",
                    _("The year is not over. This is how things stood on {as_of}.").format(as_of=statement.as_of),
                    class_="note",
                )
            ]
            if statement.as_of
            else []
        ),
        tag("h2", _("All facilities together")),
        facts_table(*_money_rows(statement), total=(_("Paid after refunds"), statement.kept)),
        *sections,
        tag("p", small_print(), class_="note"),
    )


def _money_rows(statement: StatementView) -> list[tuple[str, str]]:
    rows = [(_("Paid"), statement.paid), (_("Refunded"), statement.refunded)]
    return [*rows, (_("Reversed by your bank"), statement.taken_back)] if statement.taken_back else rows


def _facility_section(statement: StatementView, one: FacilityYear, most: int) -> list[Html]:
    rows = [(line.date, line.what, line.about, line.credits, line.amount) for line in one.lines]
    changes = [(change.label, change.credits) for change in one.changes]
    end = statement.as_of or _("December 31, {year}").format(year=statement.year)
    parts = [
        tag("h2", one.facility),
        tag("p", one.facility_place, class_="muted"),
        facts_table(
            (_("Credits at the beginning of {year}").format(year=statement.year), number_text(one.opening)),
            *changes,
            total=(_("Credits on {end}").format(end=end), number_text(one.closing)),
        ),
    ]
    if rows[:most]:
        parts.append(
            table(
                _("What happened at {facility}").format(facility=one.facility),
                (_("Date"), _("What"), _("About"), _("Credits"), _("Amount")),
                rows[:most],
            )
        )
    if len(rows) > most:
        rest = counted(
            "Not shown here: {count} line. The CSV file on the page “Receipts” has them all.",
            "Not shown here: {count} lines. The CSV file on the page “Receipts” has them all.",
            len(rows) - most,
        )
        parts.append(tag("p", rest, class_="note"))
    return parts
