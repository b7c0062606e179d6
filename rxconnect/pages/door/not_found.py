"""The page for unknown addresses."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import link_button
from rxconnect.i18n import _
from rxconnect.layout.frame import plain_frame


def not_found() -> rx.Component:
    """Say that the page does not exist, with links. Without a sign-in, each of them leads to the sign-in page."""
    return plain_frame(
        _("This page does not exist"),
        rx.el.div(
            link_button(_("Go to your dashboard"), routes.DASHBOARD),
            link_button(_("Messaging"), routes.INBOX, variant="quiet"),
            class_name="row",
        ),
        lead=_(
            "The address may be mistyped, or what was here has moved. Your messages and credits are where they were."
        ),
    )
