"""The Terms and Conditions, for everyone to read."""

import reflex as rx

from rxconnect.domain import terms as text
from rxconnect.layout.frame import plain_frame


def terms() -> rx.Component:
    """The text, section by section."""
    return plain_frame(
        "Terms and Conditions",
        rx.el.div(*(_section(*section) for section in text.SECTIONS), class_name="stack narrow"),
        lead=f"Version {text.VERSION}. In plain words, because you should know what you agree to.",
    )


def _section(title: str, body: str) -> rx.Component:
    paragraphs = (rx.el.p(paragraph) for paragraph in body.split("\n\n"))
    return rx.el.section(rx.el.h2(title), *paragraphs, class_name="stack-sm")
