"""A reply: a form that saves itself, what it costs, and SEND."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.forms import alert, button
from rxconnect.components.message_form import message_figures, message_form, message_status
from rxconnect.components.pieces import card, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.kiosk import kiosk_frame
from rxconnect.state.kiosk.replies import ReplyState
from rxconnect.state.session import SessionState

_DRAFT = ReplyState.draft


def reply() -> rx.Component:
    """Write a reply."""
    return kiosk_frame(
        rx.cond(ReplyState.ready & _DRAFT, _("Reply to {name}").format(name=_DRAFT.name), _("Reply")),
        problem_of(ReplyState),
        rx.cond(
            ReplyState.ready & _DRAFT,
            rx.el.div(
                _form(),
                asking(
                    _("Delete this draft"),
                    _("Delete this draft? What you wrote is gone then."),
                    _("Delete it"),
                    ReplyState.discard,
                    id="ask-draft",
                    variant="plain wide",
                ),
                class_name="stack",
            ),
            rx.cond(ReplyState.problem == "", skeleton("letter")),
        ),
        section="inbox",
        back=rx.cond(_DRAFT, routes.fill(routes.KIOSK_THREAD, _DRAFT.contact_id), routes.KIOSK_INBOX),
    )


def _form() -> rx.Component:
    state = ReplyState
    return message_form(
        card(
            # The form of a letter has these two as well. Here they are settled.
            rx.el.input(type="hidden", name="contact"),
            rx.el.input(type="hidden", name="subject"),
            rx.el.label(_("Your reply"), html_for="body", class_name="sr"),
            rx.el.textarea(
                id="body",
                name="body",
                placeholder=_("Write here"),
                dir="auto",
                auto_complete="off",
                custom_attrs={
                    "aria-describedby": "body-problem body-count",
                    "aria-invalid": rx.cond(state.problems["body"], "true", "false"),
                },
            ),
            rx.el.div(message_figures(), message_status(), class_name="paper-foot"),
            class_name="paper",
        ),
        rx.el.p(state.problems["body"], id="body-problem", class_name="problem", role="alert"),
        rx.el.div(
            rx.cond(_DRAFT.is_privileged, alert(_DRAFT.review_note, "good"), rx.el.p(_DRAFT.review_note)),
            button(_("Send"), type="submit", variant="wide"),
            class_name="stack-sm kiosk-send",
        ),
        account=SessionState.browser_key,
        keeps_nothing=True,
        draft=_DRAFT,
        figures=state.figures,
        has_problem=(state.problem != "") | (state.problems.length() > 0),
        url=routes.fill(routes.KIOSK_KEEP_REPLY, _DRAFT.id),
        on_reload=state.reload,
        on_go_on=state.send,
        key=_DRAFT.id,
    )
