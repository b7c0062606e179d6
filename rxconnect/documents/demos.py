"""The summary of a demo session as a document, and its sample roster."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from rxconnect.documents.history import escape_formula
from rxconnect.documents.paper import Html, document, facts_table, pdf, table, tag
from rxconnect.domain.demo import StepSummary, SummaryView
from rxconnect.i18n import _, number_text


def summary_pdf(summary: SummaryView) -> bytes:
    """The summary as a PDF. Raises `CannotPrint`."""
    return pdf(summary_html(summary))


def roster_csv(lines: Iterable[Iterable[str]]) -> bytes:
    """A roster as CSV, with the mark by which a spreadsheet program knows UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(escape_formula, line) for line in lines)
    return text.getvalue().encode("utf-8-sig")


def summary_html(summary: SummaryView) -> Html:
    """The summary as HTML for printing."""
    return document(
        _("Demonstration: {title}").format(title=summary.title),
        tag("h1", summary.title),
        tag("p", _("A demonstration with invented people, {day}").format(day=summary.day), class_="muted lead"),
        facts_table(
            *(((_("Shown by"), summary.trainer),) if summary.trainer else ()),
            (_("Lasted"), summary.lasted),
            (_("People"), number_text(summary.people)),
        ),
        *_requirement_list(summary),
        *_score(summary),
        *_step_list(summary),
        *_question_list(summary),
    )


def _requirement_list(summary: SummaryView) -> list[Html]:
    if not summary.requirements:
        return []
    rows = [
        (f"{one.number}", one.text, f"{one.minute}" if one.minute else _("not shown"), one.what)
        for one in summary.requirements
    ]
    told = _("{shown} of {total} requirements were shown.").format(shown=summary.shown, total=len(rows))
    columns = (_("Number"), _("Requirement"), _("At minute"), _("What was shown"))
    return [
        tag("h2", _("Requirements")),
        tag("p", told),
        table(_("Every requirement, and the minute of the session at which it was shown"), columns, rows),
    ]


def _score(summary: SummaryView) -> list[Html]:
    if summary.score is None:
        return []
    rows = [(line.label, line.value) for line in summary.score.lines]
    return [tag("h2", summary.score.title), tag("p", summary.score.meaning), facts_table(*rows)]


def _step_list(summary: SummaryView) -> list[Html]:
    rows = [(f"{step.number}", step.do, _step_duration(step)) for step in summary.steps]
    columns = (_("Step"), _("What was shown"), _("Took"))
    return [tag("h2", _("Steps")), table(_("Every step of the scenario"), columns, rows)] if rows else []


def _question_list(summary: SummaryView) -> list[Html]:
    rows = [(note.text, f"{note.step}" if note.step else "") for note in summary.notes]
    columns = (_("Question"), _("At step"))
    return [tag("h2", _("Questions")), table(_("What was asked"), columns, rows)] if rows else []


def _step_duration(step: StepSummary) -> str:
    if not step.took:
        return _("not shown")
    return _("in an earlier session") if step.is_earlier else step.took
