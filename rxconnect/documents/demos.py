"""The summary of a demo session as a document."""

from __future__ import annotations

from rxconnect.documents.paper import Html, document, facts, pdf, table, tag
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
        facts((_("Lasted"), _minutes(summary.minutes)), (_("People"), f"{summary.people:,}")),
        *_steps(summary),
        *_questions(summary),
    )


def _steps(summary: SummaryView) -> list[Html]:
    rows = [(f"{step.number}", step.do, _took(step)) for step in summary.steps]
    columns = (_("Step"), _("What was shown"), _("Took"))
    return [tag("h2", _("Steps")), table(_("Every step of the scenario"), columns, rows)] if rows else []


def _questions(summary: SummaryView) -> list[Html]:
    rows = [(note.text, f"{note.step}" if note.step else "") for note in summary.notes]
    columns = (_("Question"), _("At step"))
    return [tag("h2", _("Questions")), table(_("What was asked"), columns, rows)] if rows else []


def _took(step: StepSummary) -> str:
    return _("not shown") if step.minutes is None else _minutes(step.minutes)


def _minutes(minutes: int) -> str:
    return counted("{count} minute", "{count} minutes", minutes)
