"""The summary of a demo session: the requirements that were shown, the score of letters, the steps and their time, and the questions."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, skeleton
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.demo.summary import SummaryState

_VIEW = SummaryState.view


def summary() -> rx.Component:
    """The summary, with a PDF to download. It is deleted after a day."""
    return demo_frame(
        rx.cond(_VIEW, _VIEW.title, _("Summary")),
        problem_of(SummaryState),
        rx.cond(
            SummaryState.ready,
            rx.cond(
                _VIEW,
                rx.el.div(
                    _figures(),
                    _requirements(),
                    _score(),
                    _steps(),
                    _questions(),
                    _take(),
                    _download_and_restart_links(),
                    class_name="stack narrow",
                ),
            ),
            skeleton("block", "tall"),
        ),
        lead=_("What is kept of the demo session. It can be read until tomorrow."),
    )


def _figures() -> rx.Component:
    figures = (
        (_("Shown by"), _VIEW.trainer),
        (_("Day"), _VIEW.day),
        (_("Lasted"), _VIEW.lasted),
        (_("Took part"), plural("{count} person", "{count} people", _VIEW.people)),
    )
    return card(
        rx.el.dl(
            *(
                rx.cond(value != "", rx.el.div(rx.el.dt(label), rx.el.dd(value, class_name="num")))
                for label, value in figures
            ),
            class_name="figures-row",
        ),
        class_name="airmail",
    )


def _requirements() -> rx.Component:
    shown = _("{shown} of {total} shown").format(shown=_VIEW.shown, total=_VIEW.requirements.length())
    return rx.cond(
        _VIEW.requirements.length() > 0,
        card(
            card_head(_("Requirements"), rx.el.span(shown, class_name="small muted num")),
            rx.el.ol(rx.foreach(_VIEW.requirements, _requirement), class_name="script answers"),
        ),
    )


def _requirement(one: Any) -> rx.Component:
    is_shown = one.minute > 0
    return rx.el.li(
        rx.el.span(one.number, class_name="script-number num"),
        rx.el.div(
            rx.el.p(one.text, class_name="script-do"),
            rx.cond(
                is_shown,
                rx.el.p(
                    rx.el.span(_("Shown at minute {minute}").format(minute=one.minute), class_name="num strong"),
                    rx.cond(one.what != "", rx.fragment(" · ", one.what)),
                    class_name="small muted",
                ),
                rx.el.p(_("Not shown"), class_name="small muted"),
            ),
            class_name="stack-xs",
        ),
        class_name=rx.cond(is_shown, "done", ""),
    )


def _score() -> rx.Component:
    score = _VIEW.score
    return rx.cond(
        score,
        card(
            card_head(score.title),
            rx.el.div(
                rx.el.p(score.meaning, class_name="strong"),
                rx.el.dl(
                    rx.foreach(
                        score.lines,
                        lambda line: rx.el.div(rx.el.dt(line.label), rx.el.dd(line.value, class_name="num")),
                    ),
                    class_name="score-lines",
                ),
                class_name="card-body stack-sm",
            ),
        ),
    )


def _steps() -> rx.Component:
    return rx.cond(
        _VIEW.steps.length() > 0,
        card(card_head(_("What was shown")), rx.el.ol(rx.foreach(_VIEW.steps, _step), class_name="script")),
    )


def _step(step: Any) -> rx.Component:
    is_done = step.took != ""
    took = rx.cond(is_done, rx.cond(step.is_earlier, _("In an earlier session"), step.took), _("Not done"))
    return rx.el.li(
        rx.el.span(rx.cond(is_done, icon("check"), step.number), class_name="script-number num"),
        rx.el.div(
            rx.el.p(step.do, class_name="script-do"), rx.el.p(took, class_name="small muted num"), class_name="stack-xs"
        ),
        class_name=rx.cond(is_done, "done", ""),
    )


def _questions() -> rx.Component:
    return rx.cond(
        _VIEW.notes.length() > 0,
        card(
            card_head(_("Questions")),
            rx.el.ul(rx.foreach(_VIEW.notes, lambda note: rx.el.li(note.text)), class_name="rules card-body"),
        ),
    )


def _take() -> rx.Component:
    """Only for the browser of the trainer."""
    return rx.cond(
        _VIEW.has_file,
        card(
            card_head(_("Take this world with you")),
            rx.el.div(
                rx.el.p(
                    _(
                        "A file that opens the same world again, in this installation alone: its letters, credits and steps. "
                        "Only you see this, in this browser. We keep the file until tomorrow at most, and then delete it with "
                        "this summary."
                    ),
                    class_name="small",
                ),
                native_link(
                    icon("download"),
                    _("Download the file"),
                    href=routes.fill(routes.DEMO_SUMMARY_WORLD, _VIEW.number),
                    class_name=button_class("quiet"),
                ),
                class_name="card-body stack-sm",
            ),
        ),
    )


def _download_and_restart_links() -> rx.Component:
    return rx.el.div(
        native_link(
            icon("download"),
            _("Download as PDF"),
            href=routes.fill(routes.DEMO_SUMMARY_PDF, _VIEW.number),
            class_name=button_class(""),
        ),
        native_link(_("Show another scenario"), href=routes.DEMO, class_name=button_class("quiet")),
        class_name="actions",
    )
