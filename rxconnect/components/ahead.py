"""Fetches the scripts of further pages while the browser is idle (`ahead.js`)."""

import re

import reflex as rx

# `/compose/[draft_id]` is `/compose/:draft_id` to the router.
_VARYING = re.compile(r"\[(\w+)\]")


class Ahead(rx.Component):
    """Fetches the scripts of `pages`, which are paths as the browser's router has them, unless the browser saves data."""

    library = "$/utils/ahead.js"
    tag = "Ahead"

    pages: rx.Var[list[str]]


def fetch_ahead(*pages: str) -> rx.Component:
    """Fetch the scripts of these pages (`routes`)."""
    return Ahead.create(pages=[_VARYING.sub(r":\1", page) for page in pages])
