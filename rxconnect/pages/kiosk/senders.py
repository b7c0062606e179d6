"""People: who writes to the person at the kiosk, and whom they block."""

import reflex as rx

from rxconnect.components.asking import asking
from rxconnect.components.forms import button
from rxconnect.components.pieces import card, empty_state, pill, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.kiosk import kiosk_frame
from rxconnect.state.kiosk.senders import SendersState


def senders() -> rx.Component:
    """Everybody who has written."""
    return kiosk_frame(
        _("People who write to you"),
        problem_of(SendersState),
        rx.cond(
            SendersState.ready,
            card(
                rx.cond(
                    SendersState.senders,
                    rx.el.ul(rx.foreach(SendersState.senders, _sender), class_name="rows"),
                    empty_state("people", _("Nobody yet"), _("When somebody writes to you, you find them here.")),
                )
            ),
            rx.cond(SendersState.problem == "", skeleton("rows")),
        ),
        section="senders",
        lead=_("If you want no more letters from somebody, block them."),
    )


def _sender(sender) -> rx.Component:
    block = asking(
        _("Block"),
        _("{name} can send you no new letters then. You can unblock them later.").format(name=sender.name),
        _("Block"),
        SendersState.block(sender.contact_id),
        id="ask-sender-" + sender.contact_id.to_string(),
        keep=_("No, keep them"),
        variant="quiet danger",
        aria_label=_("Block {name}").format(name=sender.name),
    )
    unblock = button(
        _("Unblock"),
        variant="quiet",
        on_click=SendersState.unblock(sender.contact_id),
        aria_label=_("Unblock {name}").format(name=sender.name),
    )
    return rx.el.li(
        rx.el.span(sender.name, class_name="strong"),
        rx.cond(sender.is_blocked, rx.el.span(pill(_("Blocked since {day}").format(day=sender.blocked), "wait"))),
        rx.el.div(rx.cond(sender.is_blocked, unblock, block), class_name="row-actions"),
        key=sender.contact_id,
    )
