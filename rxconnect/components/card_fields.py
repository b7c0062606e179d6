"""Card fields that the browser sends straight to the card processor (`card_fields.js`)."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.forms import Input


class CardFields(rx.Component):
    """A form for a new card (`kind` "card") or for the CVV of a stored one (`kind` "cvc").

    `on_token` gets the processor's token, and the app never sees more. With a `publishable_key` the token comes from
    Stripe, otherwise from `token_url`. `total` is what will be paid, "" for nothing; `refused` is why the CVV that was sent
    was refused.
    """

    library = "$/utils/card_fields.js"
    tag = "CardFields"

    kind: rx.Var[str]
    token_url: rx.Var[str]
    publishable_key: rx.Var[str]
    submit_label: rx.Var[str]
    total: rx.Var[str]
    refused: rx.Var[str]
    on_token: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def card_fields(
    *children: rx.Component,
    kind: str,
    token_url: str,
    publishable_key: Any,
    submit_label: str,
    on_token: Any,
    total: Any = "",
    refused: Any = "",
) -> rx.Component:
    """The form, with `children` between its fields and its button."""
    return CardFields.create(
        *children,
        kind=kind,
        token_url=token_url,
        publishable_key=publishable_key,
        submit_label=submit_label,
        total=total,
        refused=refused,
        on_token=on_token,
    )


class ExpiryInput(Input):
    """An input for an expiry date, which adds the slash by itself."""

    library = "$/utils/card_typing.js"
    tag = "ExpiryInput"


expiry_input = ExpiryInput.create
