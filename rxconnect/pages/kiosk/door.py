"""The kiosk before sign-in: the code of a tablet, number and PIN, and the own PIN. Native forms, which need no script."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, native_field
from rxconnect.components.native import native_form, native_link
from rxconnect.domain.kiosk import PIN_MAX, PIN_MIN
from rxconnect.i18n import _
from rxconnect.layout.kiosk import kiosk_door


def sign_in() -> rx.Component:
    """Inmate number and PIN."""
    return kiosk_door(
        _("Your letters"),
        native_form(
            native_field(_("Your number"), "number", auto_complete="off", spell_check=False, required=True),
            _pin_field(_("PIN"), "pin"),
            button(_("Sign in"), type="submit", variant="wide"),
            method="post",
            custom_attrs={"autoComplete": "off"},
        ),
        rx.el.p(_("No PIN, or forgotten? Staff give you a new one."), class_name="muted"),
    )


def device() -> rx.Component:
    """The code that makes a tablet a kiosk."""
    return kiosk_door(
        _("Set up this tablet"),
        native_form(
            native_field(
                _("Code"),
                "device_code",
                auto_complete="off",
                spell_check=False,
                required=True,
                hint=_("Staff make it under Kiosks. It works once."),
            ),
            button(_("Use this tablet as a kiosk"), type="submit", variant="wide"),
            method="post",
            custom_attrs={"autoComplete": "off"},
        ),
        rx.el.p(native_link(_("Families and staff sign in here"), href=routes.SIGN_IN)),
        lead=_("People in custody read and answer their letters here."),
    )


def choose_pin() -> rx.Component:
    """The own PIN, which replaces the one that staff gave."""
    return kiosk_door(
        _("Choose your own PIN"),
        native_form(
            _pin_field(
                _("New PIN"),
                "new_pin",
                hint=_("{least} to {most} digits. Not your number, and nothing like 1234.").format(
                    least=PIN_MIN, most=PIN_MAX
                ),
            ),
            _pin_field(_("The same PIN again"), "pin_again"),
            button(_("Save my PIN"), type="submit", variant="wide"),
            method="post",
            custom_attrs={"autoComplete": "off"},
        ),
        native_form(
            button(_("Sign out"), type="submit", variant="quiet wide"), method="post", action=routes.KIOSK_SIGN_OUT
        ),
        lead=_("Staff know the PIN that they gave you. From now on only you know yours."),
    )


def _pin_field(label: str, name: str, hint: str = "") -> rx.Component:
    """A field for digits, which a browser neither shows nor offers to store."""
    return native_field(
        label, name, hint=hint, type="password", input_mode="numeric", auto_complete="off", required=True
    )
