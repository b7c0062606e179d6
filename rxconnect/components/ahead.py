"""Fetches the scripts of further pages while the browser is idle (`ahead.js`)."""

import reflex as rx


class Ahead(rx.Component):
    """Fetches the scripts of `pages`, which are addresses without a varying part, unless the browser saves data."""

    library = "$/utils/ahead.js"
    tag = "Ahead"

    pages: rx.Var[list[str]]


def fetch_ahead(*pages: str) -> rx.Component:
    """Fetch the scripts of these pages."""
    return Ahead.create(pages=list(pages))
