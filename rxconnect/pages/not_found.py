"""The page for addresses that lead nowhere."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import link_button
from rxconnect.layout.frame import plain_frame


def not_found() -> rx.Component:
    """Say so, and offer the ways on."""
    return plain_frame(
        "This page does not exist",
        rx.el.div(
            link_button("Dashboard", routes.DASHBOARD),
            link_button("Messaging", routes.INBOX, variant="quiet"),
            link_button("Sign in", routes.SIGN_IN, variant="plain"),
            class_name="row",
        ),
        lead="The address may be mistyped, or what was here has moved. Your messages and credits are where they were.",
    )
