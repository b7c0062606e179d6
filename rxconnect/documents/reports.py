"""A report as CSV and as a PDF with the head of the audit chain and a certification to sign; and public records as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from rxconnect.documents.certification import certification, head_section
from rxconnect.documents.history import escape_formula
from rxconnect.documents.paper import Html, document, facts_table, pdf, table, tag
from rxconnect.domain.public_records import FEWEST, LetterFacts, RedactedLetter
from rxconnect.domain.report_views import ReportView, report_view, small_print
from rxconnect.domain.reports import AskedReport, PeriodPart, ReportFigures, percentile
from rxconnect.i18n import _

# Names for programs, which are not translated.
COLUMNS = ("part", "begins", "ends", "name", "measure", "value")
LETTER_FACTS = ("letter", "month", *LetterFacts._fields)


def report_csv(asked: AskedReport, figures: ReportFigures) -> Iterator[bytes]:
    """A line for each figure. The first lines, `about`, name the period, the facility and the head of the chain."""
    yield _line(COLUMNS)
    about = {
        "facility": figures.facility,
        "period": figures.period.text,
        "as of": figures.as_of,
        "head": str(asked.head),
    }
    lines = chain(
        (("about", "", "", "", name, value) for name, value in about.items()),
        (("about", "", "", "", "counts", sentence) for sentence in small_print()),
        *(_part_lines(part) for part in figures.parts),
        (("reasons", "", "", reason, "rejections", count) for reason, count in figures.reasons.most_common()),
        (("appeals", "", "", status, "appeals", count) for status, count in figures.appeals.most_common()),
        _staff_lines(figures),
    )
    for line in lines:
        yield _line(line)


def _part_lines(part: PeriodPart) -> Iterator[tuple[object, ...]]:
    span = part.begins.isoformat(), part.ends.isoformat()
    for status, count in sorted(part.letters.items()):
        yield "letters", *span, "", status, count
    times = {
        "decided": part.decided,
        "median minutes": percentile(part.minutes, 50),
        "95th percentile minutes": percentile(part.minutes, 95),
        "within the promised time": part.decided - part.late,
    }
    for measure, value in times.items():
        yield "times", *span, "", measure, "" if value is None else value


def _staff_lines(figures: ReportFigures) -> Iterator[tuple[object, ...]]:
    for one in figures.staff:
        counts = {
            "letters decided": one.decided,
            "letters rejected": one.rejected,
            "appeals decided": one.appeals_decided,
            "own rejections appealed": one.appealed,
            "own rejections overturned": one.overturned,
        }
        for measure, count in counts.items():
            yield "staff", "", "", one.name, measure, count


def letters_csv(asked: AskedReport, letters: Iterable[RedactedLetter]) -> Iterator[bytes]:
    """Lines that say what the file is, each after a `#`, then the columns, and a line for each letter."""
    for sentence in _about_letters(asked):
        yield _line((f"# {sentence}",))
    yield _line(LETTER_FACTS)
    for one in letters:
        yield _line((one.letter, one.month, *one.facts))


def _about_letters(asked: AskedReport) -> list[str]:
    return [
        _("Letters to people in custody and what was decided about them: {facility}, {months}.").format(
            facility=asked.facility,
            months=asked.months or "–",
        ),
        _("Each line is one letter. Its words, names, numbers and exact times are not in this file."),
        _("Its number in the first column is random: the same letter has another one in every other export."),
        _("Letters with a lawyer (the privileged lane) are not in this file."),
        _(
            "“withheld” stands where fewer than {fewest} letters of a month share all facts of the line, so that nobody is "
            "recognised by them."
        ).format(fewest=FEWEST),
        _("Head of the facility’s audit chain when this file was made: {head}").format(head=asked.head),
    ]


def _line(cells: Iterable[object]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(escape_formula(cell) if isinstance(cell, str) else cell for cell in cells)
    return text.getvalue().encode()


def report_pdf(asked: AskedReport, figures: ReportFigures) -> bytes:
    """Print a report. Raises `CannotPrint`."""
    return pdf(report_html(asked, report_view(figures)))


def report_html(asked: AskedReport, report: ReportView) -> Html:
    """The report's HTML for print. The head of the chain is also among the document's keywords, for programs."""
    title = report.heading
    lane_left_out, *rest = small_print()
    return document(
        title,
        tag("h1", title),
        tag("p", report.facility, class_="muted lead"),
        tag("p", lane_left_out, class_="note"),
        facts_table(
            (_("Made"), report.as_of),
            (_("Promised time to decision"), report.promised),
        ),
        *_letters(report),
        *_times(report),
        *_counts(report),
        *_staff(report),
        tag("h2", _("What is counted")),
        *(tag("p", sentence, class_="note") for sentence in rest),
        *head_section(asked, report),
        *certification(asked, report),
        keywords=str(asked.head),
    )


def _letters(report: ReportView) -> list[Html]:
    rows = [(line.name, line.sent, *line.fates) for line in report.letters]
    caption = _("Letters by the day on which they were sent, and what became of them")
    return [
        tag("h2", _("Letters")),
        table(caption, (_("Sent in"), _("Sent"), *report.columns), rows, look="counts total"),
    ]


def _times(report: ReportView) -> list[Html]:
    rows = [(line.name, line.decided, line.median, line.p95, line.within) for line in report.times]
    columns = (_("Decided in"), _("Decided"), _("Median"), _("19 of 20 within"), _("Within the promised time"))
    return [
        tag("h2", _("Time to decision")),
        table(_("Decisions about letters, and how long the letters had waited"), columns, rows, look="counts total"),
    ]


def _counts(report: ReportView) -> Iterator[Html]:
    for heading, first, lines in (
        (_("Reasons of rejection"), _("Reason"), report.reasons),
        (_("Appeals made in this time"), _("Outcome until now"), report.appeals),
    ):
        yield tag("h2", heading)
        if lines:
            rows = [(line.name, line.count, line.share) for line in lines]
            yield table(heading, (first, _("Number"), _("Share")), rows, look="counts")
        else:
            yield tag("p", _("None."), class_="muted")


def _staff(report: ReportView) -> Iterator[Html]:
    yield tag("h2", _("Staff"))
    if not report.staff:
        yield tag("p", _("Nobody decided anything in this time."), class_="muted")
        return
    columns = (
        _("Name"),
        _("Letters decided"),
        _("Of these rejected"),
        _("Appeals decided"),
        _("Own rejections appealed"),
        _("Of these overturned"),
    )
    rows = [
        (one.name, one.decided, one.rejected, one.appeals_decided, one.appealed, one.overturned) for one in report.staff
    ]
    yield table(_("Decisions by member of staff, and what became of their rejections"), columns, rows, look="counts")
