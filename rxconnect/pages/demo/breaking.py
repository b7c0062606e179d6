"""Break it in front of the room: three buttons of the trainer, and what came of each."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.again import again
from rxconnect.components.breaks import outcome
from rxconnect.components.forms import alert, button, link_button
from rxconnect.components.pieces import card, card_head, skeleton
from rxconnect.domain.breaking import BreakKind
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.demo.breaking import BreakingState

_STATE = BreakingState
_VIEW = BreakingState.view


def breaking() -> rx.Component:
    """The trainer's page."""
    return demo_frame(
        _("Break it in front of us"),
        problem_of(_STATE),
        rx.cond(
            _STATE.ready & (_VIEW != None),  # noqa: E711 - a Var
            rx.el.div(_worker_card(), _audit_card(), _letter_card(), class_name="breaks"),
            skeleton("block", "block"),
        ),
        lead=_(
            "Each button really does it. Everybody in the room reads what came of it, on the room's page and at the top of "
            "every other."
        ),
        beside=link_button(_("Back to the room"), routes.DEMO_ROOM, variant="quiet sm"),
    )


def _worker_card() -> rx.Component:
    return _break_card(
        BreakKind.WORKER,
        _("Kill a worker"),
        _(
            "The server runs as several processes, its workers. This kills the one that serves this page, with SIGKILL: "
            "it can save nothing and say nothing. Letters and credits are counted before and after it, and so are the pages "
            "that come back."
        ),
        rx.cond(
            _VIEW.why_no_kill == "",
            button(_("Kill a worker"), variant="quiet danger", on_click=_STATE.kill_worker),
            rx.fragment(alert(_VIEW.why_no_kill, "wait"), again(on_look=_STATE.reload)),
        ),
        _VIEW.worker,
    )


def _audit_card() -> rx.Component:
    return _break_card(
        BreakKind.AUDIT,
        _("Alter a row of the audit"),
        _(
            "As somebody might who can write to the database: one rejection becomes an approval, in plain SQL and without "
            "the application. Then the real “verify” reads the whole chain."
        ),
        rx.cond(
            _VIEW.is_altered,
            button(_("Put the row back"), on_click=_STATE.put_row_back),
            button(_("Alter a row"), variant="quiet danger", on_click=_STATE.alter_row),
        ),
        _VIEW.audit,
        rx.cond(_VIEW.row != "", _row()),
    )


def _row() -> rx.Component:
    """The altered row, as it was written and as it stands now."""
    return rx.el.dl(
        rx.el.dt(_("Row {row}, as it was written").format(row=_VIEW.row)),
        rx.el.dd(rx.el.code(_VIEW.before)),
        rx.el.dt(_("Row {row}, as it stands now").format(row=_VIEW.row)),
        rx.el.dd(rx.el.code(_VIEW.after), class_name=rx.cond(_VIEW.is_altered, "altered", "")),
        class_name="row-change",
    )


def _letter_card() -> rx.Component:
    return _break_card(
        BreakKind.LETTER,
        _("Open a lawyer's letter"),
        _(
            "The newest letter of the demonstration's lawyer waits to be printed sealed. This tries to read it as the "
            "administrator, in every way that the services offer, and searches what comes back for the letter's words."
        ),
        button(_("Try to open it"), variant="quiet danger", on_click=_STATE.try_letter),
        _VIEW.letter,
        rx.cond(_VIEW.attempts, _attempts()),
        rx.el.p(
            _(
                "Two ways are not tried, since they are there to be used: an administrator who has just entered the password "
                "prints it sealed, which its sender reads, and two administrators together open it for half an hour, which "
                "its sender and every auditor learn."
            ),
            class_name="small muted",
        ),
        class_name="break-wide",
    )


def _attempts() -> rx.Component:
    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(one.way),
            rx.el.span(one.answer, class_name=rx.cond(one.tone == "bad", "answer answer-bad", "answer")),
        )

    return rx.el.details(
        rx.el.summary(_("Each way, and its answer"), rx.el.span(_VIEW.attempts.length(), class_name="count")),
        rx.el.ol(rx.foreach(_VIEW.attempts, line), class_name="attempts"),
        open=True,
    )


def _break_card(
    kind: BreakKind, title: str, about: str, do: rx.Component, came: Any, *more: Any, class_name: str = ""
) -> rx.Component:
    return card(
        card_head(title),
        rx.el.div(
            rx.el.p(about, class_name="break-about"),
            rx.el.div(do, class_name="row"),
            rx.el.div(
                rx.cond(came, outcome(came)),
                id=f"came-of-{kind}",
                role="status",
            ),
            *more,
            class_name="card-body stack-sm",
        ),
        class_name=class_name,
    )
