"""The demonstration's outbox."""

import reflex as rx

from rxconnect.components.pieces import card, empty_state, skeleton
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _
from rxconnect.layout.frame import plain_frame
from rxconnect.state.door.outbox import OutboxState


def outbox() -> rx.Component:
    """The newest emails, which a real installation would have sent."""
    return plain_frame(
        _("Outbox"),
        rx.cond(
            OutboxState.ready,
            rx.cond(
                OutboxState.emails,
                rx.el.ul(rx.foreach(OutboxState.emails, _email), class_name="stack"),
                card(
                    empty_state(
                        "envelope", _("No emails yet"), _("Emails appear here when the product writes to someone.")
                    )
                ),
            ),
            skeleton("rows"),
        ),
        lead=_("This is a demonstration: instead of being sent, emails are kept here for everyone to read."),
    )


def _email(email) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h2(email.subject),
                rx.el.span(email.at, class_name="small muted num"),
                rx.el.span(*spliced(_("To {name}"), name=email.recipient), class_name="small muted"),
                class_name="message-head",
            ),
            rx.el.div(email.body, class_name="words", dir="auto"),
            rx.cond(
                email.link != "",
                rx.el.div(rx.el.a(_("Open the link of this email"), href=email.link), class_name="card-foot small"),
            ),
        )
    )
