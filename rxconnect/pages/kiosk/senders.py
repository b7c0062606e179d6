"""People: who writes to the person at the kiosk, and whom they block."""

import reflex as rx

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
            rx.cond(SendersState.problem == "", skeleton("block")),
        ),
        section="senders",
        lead=_("If you want no more letters from somebody, block them."),
    )


def _sender(sender) -> rx.Component:
    is_asked = SendersState.asking_id == sender.contact_id
    block = button(
        _("Block"),
        variant="quiet danger",
        on_click=SendersState.ask_to_block(sender.contact_id),
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
        rx.cond(is_asked, None, rx.el.div(rx.cond(sender.is_blocked, unblock, block), class_name="row-actions")),
        rx.cond(is_asked, _really(sender)),
        key=sender.contact_id,
    )


def _really(sender) -> rx.Component:
    return rx.el.div(
        rx.el.p(_("{name} can send you no new letters then. You can unblock them later.").format(name=sender.name)),
        rx.el.div(
            button(_("Block"), variant="danger quiet", on_click=SendersState.block(sender.contact_id)),
            button(_("No, keep them"), variant="plain", on_click=SendersState.keep),
            class_name="row",
        ),
        class_name="whole stack-sm",
    )
