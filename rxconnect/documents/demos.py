"""The summary of a demo session as a document."""

from __future__ import annotations

from rxconnect.documents.paper import Html, document, facts_table, pdf, table, tag
from rxconnect.domain.demo import StepSummary, SummaryView
from rxconnect.i18n import _, counted


def summary_pdf(summary: SummaryView) -> bytes:
    """The summary as a PDF. Raises `CannotPrint`."""
    return pdf(summary_html(summary))


def summary_html(summary: SummaryView) -> Html:
    """The summary as HTML for printing."""
    return document(
        _("Demonstration: {title}").format(title=summary.title),
        tag("h1", summary.title),
        tag("p", _("A demonstration with invented people, {day}").format(day=summary.day), class_="muted lead"),
        facts_table((_("Lasted"), _minutes_text(summary.minutes)), (_("People"), f"{summary.people:,}")),
        *_step_list(summary),
        *_question_list(summary),
    )


def _step_list(summary: SummaryView) -> list[Html]:
    rows = [(f"{step.number}", step.do, _step_duration(step)) for step in summary.steps]
    columns = (_("Step"), _("What was shown"), _("Took"))
    return [tag("h2", _("Steps")), table(_("Every step of the scenario"), columns, rows)] if rows else []


def _question_list(summary: SummaryView) -> list[Html]:
    rows = [(note.text, f"{note.step}" if note.step else "") for note in summary.notes]
    columns = (_("Question"), _("At step"))
    return [tag("h2", _("Questions")), table(_("What was asked"), columns, rows)] if rows else []


def _step_duration(step: StepSummary) -> str:
    return _("not shown") if step.minutes is None else _minutes_text(step.minutes)


def _minutes_text(minutes: int) -> str:
    return counted("{count} minute", "{count} minutes", minutes)
