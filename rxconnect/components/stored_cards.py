"""The choice of a stored card to pay with."""

import reflex as rx

from rxconnect.components.field import tick_field
from rxconnect.components.pieces import pill
from rxconnect.i18n import _


def stored_card(stored, state, *beside: rx.Component) -> rx.Component:
    """A radio button for a stored card, with `beside` after its name. `state` has `card_id` and `choose_card`."""
    return rx.el.label(
        tick_field(
            type="radio",
            name="card",
            value=stored.id.to_string(),
            given=state.card_id == stored.id,
            on_tell=state.choose_card(stored.id),
        ),
        rx.el.span(stored.label, class_name="strong"),
        *beside,
        rx.el.span(
            _("Expires {expiry}").format(expiry=stored.expiry),
            rx.cond(stored.is_expired, pill(_("Expired"), "bad")),
            class_name="hint num row",
        ),
        class_name="choice",
    )
