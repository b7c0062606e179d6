"""A button for a passkey (`passkey.js`)."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class


class Passkey(rx.Component):
    """Asks the browser for a passkey for a `purpose`, and posts its answer as the field `credential` of the form around it."""

    library = "$/utils/passkey.js"
    tag = "Passkey"

    url: rx.Var[str]
    purpose: rx.Var[str]
    label: rx.Var[str]
    variant: rx.Var[str]


def passkey_button(label: str, purpose: str, *, variant: str = "quiet wide") -> rx.Component:
    """The button, for use inside a `native_form`. A browser without passkeys or scripts does without it.

    `purpose` is a value of `services.second_factors.challenges.Purpose`.
    """
    return Passkey.create(url=routes.PASSKEY_OPTIONS, purpose=purpose, label=label, variant=button_class(variant))
