"""How long something lasts, counted down in the browser (`time_left.js`)."""

from typing import Any

import reflex as rx

from rxconnect.i18n import ngettext


class TimeLeft(rx.Component):
    """The sentence for `one` minute, or for `many`, in which `{count}` is replaced."""

    library = "$/utils/time_left.js"
    tag = "TimeLeft"

    seconds: rx.Var[int]
    one: rx.Var[str]
    many: rx.Var[str]


def time_left(seconds: Any) -> rx.Component:
    """`12 minutes left`, for a number of seconds that State has looked up."""
    one, many = (ngettext("{count} minute left", "{count} minutes left", number) for number in (1, 2))
    return TimeLeft.create(seconds=seconds, one=one.replace("{count}", "1"), many=many)
