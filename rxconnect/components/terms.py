"""The Terms and Conditions, section by section."""

import reflex as rx

from rxconnect.domain import terms


def terms_sections(heading=rx.el.h2) -> list[rx.Component]:
    """The sections, each with its `heading`."""
    return [
        rx.el.section(heading(title), *(rx.el.p(paragraph) for paragraph in text.split("\n\n")), class_name="stack-sm")
        for title, text in terms.sections()
    ]
