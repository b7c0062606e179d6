"""Notices: what was not delivered and why, and the protest."""

import reflex as rx

from rxconnect.components.forms import button, field, text_input
from rxconnect.components.pieces import card, empty_state, pill, skeleton
from rxconnect.domain.appeals import APPEAL_MAX
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.kiosk import kiosk_frame
from rxconnect.state.kiosk.notices import InsideNoticesState


def notices() -> rx.Component:
    """The person's notices."""
    return kiosk_frame(
        _("Notices"),
        problem_of(InsideNoticesState),
        rx.cond(
            InsideNoticesState.ready,
            rx.cond(
                InsideNoticesState.notices,
                rx.el.ul(rx.foreach(InsideNoticesState.notices, _notice), class_name="stack"),
                card(empty_state("check", _("No notices"), _("If something is not delivered, you read here why."))),
            ),
            rx.cond(InsideNoticesState.problem == "", skeleton("rows")),
        ),
        section="notices",
        lead=_("What was not delivered, and why."),
    )


def _notice(notice) -> rx.Component:
    is_open = InsideNoticesState.opened_id == notice.id
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.div(
                    rx.cond(notice.is_unread, pill(_("New"), "good")),
                    rx.cond(notice.protest, pill(notice.protest.label, "wait")),
                    rx.el.span(notice.at, class_name="muted num"),
                    class_name="row",
                ),
                rx.el.p(notice.what, class_name="strong"),
                rx.cond(is_open, _details(notice)),
                button(
                    rx.cond(is_open, _("Close"), _("Read why")),
                    variant="quiet",
                    on_click=InsideNoticesState.open(notice.id),
                    aria_expanded=rx.cond(is_open, "true", "false"),
                ),
                class_name="card-body stack-sm",
            )
        ),
        key=notice.id,
    )


def _details(notice) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.strong(notice.reason_label, ". "), rx.el.span(notice.rule.text, lang=notice.rule.language)),
        rx.cond(notice.remark != "", rx.el.p(notice.remark, class_name="other-words", dir="auto")),
        rx.cond(
            notice.protest,
            rx.el.div(
                rx.el.p(_("Your protest"), class_name="strong"),
                rx.el.p(notice.protest.text, class_name="other-words", dir="auto"),
                rx.el.p(rx.el.strong(notice.protest.label, ". "), notice.protest.explanation),
                rx.cond(notice.protest.answer != "", rx.el.p(notice.protest.answer)),
                class_name="stack-sm",
            ),
        ),
        rx.cond(notice.can_protest, _protest(notice)),
        class_name="stack-sm",
    )


def _protest(notice) -> rx.Component:
    return rx.el.form(
        rx.el.p(
            _("You can protest once, until {day}. Somebody who did not decide it reads it again.").format(
                day=notice.protest_until
            )
        ),
        field(
            _("Why should it be delivered?"),
            text_input(
                "text",
                of=rx.el.textarea,
                problem=InsideNoticesState.problems["text"],
                rows="5",
                max_length=APPEAL_MAX,
            ),
            name="text",
            problem=InsideNoticesState.problems["text"],
        ),
        button(_("Protest"), type="submit", variant="wide"),
        on_submit=InsideNoticesState.protest,
        no_validate=True,
        class_name="stack-sm",
    )
