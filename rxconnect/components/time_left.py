"""A countdown in the browser (`time_left.js`)."""

from typing import Any

import reflex as rx

from rxconnect.i18n import ngettext


class TimeLeft(rx.Component):
    """The time left in minutes. `one` and `many` are its sentences, and `{count}` in `many` is replaced."""

    library = "$/utils/time_left.js"
    tag = "TimeLeft"

    seconds: rx.Var[int]
    one: rx.Var[str]
    many: rx.Var[str]


def time_left(seconds: Any) -> rx.Component:
    """Shows `12 minutes left`, for a Var of seconds."""
    one, many = (ngettext("{count} minute left", "{count} minutes left", number) for number in (1, 2))
    return TimeLeft.create(seconds=seconds, one=one.replace("{count}", "1"), many=many)
