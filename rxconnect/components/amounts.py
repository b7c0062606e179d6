"""Suggested numbers of credits, each with what it costs."""

from typing import Any

import reflex as rx

from rxconnect.i18n import _


def suggested_amounts(amounts: Any, chosen: Any, on_choose: Any) -> rx.Component:
    """A button for each of `amounts` (credits, total); `chosen` is the number that stands in the field now."""

    def amount(one: Any) -> rx.Component:
        return rx.el.button(
            rx.el.strong(one["credits"], class_name="num"),
            rx.el.span(one["total"], class_name="small muted num"),
            type="button",
            class_name="amount",
            on_click=on_choose(one["credits"]),
            aria_pressed=rx.cond(chosen == one["credits"], "true", "false"),
            aria_label=_("{credits} credits, {total}").format(credits=one["credits"], total=one["total"]),
        )

    return rx.el.div(
        rx.foreach(amounts, amount), class_name="choices-row", role="group", aria_label=_("Suggested amounts")
    )
