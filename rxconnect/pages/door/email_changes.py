"""Change of an account's email address: the form, the page behind both links, and the page after it."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, button_class, native_field
from rxconnect.components.native import native_form, native_link, slot
from rxconnect.i18n import _
from rxconnect.layout.door import door_page


def change_email() -> rx.Component:
    """Ask for another address."""
    return door_page(
        _("Change your email address"),
        rx.el.div(
            rx.el.span(_("Your address now"), class_name="small muted"),
            slot("present-email", "strong"),
        ),
        native_form(
            native_field(
                _("New email address"), "email", type="email", auto_complete="email", required=True, spell_check=False
            ),
            native_field(_("Password"), "password", type="password", auto_complete="current-password", required=True),
            button(_("Send both emails"), type="submit", variant="wide"),
            method="post",
        ),
        rx.el.p(native_link(_("Back to your profile"), href=routes.ACCOUNT), class_name="small"),
        lead=_(
            "We email both addresses. Yours changes when both have confirmed. Until then you sign in as before, and nothing "
            "is lost."
        ),
    )


def confirm_email() -> rx.Component:
    """Confirm, or stop it. Opening the link alone does neither, because programs that check emails open links too."""
    return door_page(
        _("Confirm the change of your email address"),
        native_form(
            slot("token-problem", "problem"),
            button(_("Yes, this is right"), type="submit", variant="wide"),
            button(_("Stop this change"), type="submit", variant="quiet danger wide", name="act", value="stop"),
            method="post",
        ),
        rx.el.p(native_link(_("Go to RxConnect"), href=routes.HOME), class_name="small"),
        lead=_("An RxConnect account is to use another address. Did you ask for that?"),
    )


def email_changed() -> rx.Component:
    """What became of it. The server fills in the sentence."""
    return door_page(
        _("Your email address"),
        native_link(_("Go on"), href=routes.ACCOUNT, class_name=button_class("wide")),
    )
