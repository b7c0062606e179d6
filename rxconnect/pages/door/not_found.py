"""The page for addresses that lead nowhere."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import link_button
from rxconnect.layout.frame import plain_frame


def not_found() -> rx.Component:
    """Say so, and offer the ways on. Whoever is not signed in comes to the sign-in on each of them."""
    return plain_frame(
        "This page does not exist",
        rx.el.div(
            link_button("Go to your dashboard", routes.DASHBOARD),
            link_button("Messaging", routes.INBOX, variant="quiet"),
            class_name="row",
        ),
        lead="The address may be mistyped, or what was here has moved. Your messages and credits are where they were.",
    )
