"""Number fields that show a cost, and buttons for suggested numbers of credits."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import text_input
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _

_DEBOUNCE = 200  # milliseconds after the last key, before the cost is shown


def number_input(
    name: str, *, problem: Any, given: Any, on_tell: Any, input_mode: str = "numeric", **props: Any
) -> rx.Component:
    """A number field. After a pause in the typing, `on_tell` gets the text and shows the cost or value."""
    return text_input(
        name,
        problem=problem,
        hint=True,
        given=given,
        on_tell=on_tell,
        pause=_DEBOUNCE,
        input_mode=input_mode,
        auto_complete="off",
        **props,
    )


def suggested_amounts(amounts: Any, chosen: Any, on_choose: Any) -> rx.Component:
    """A button for each of `amounts` (credits, total). `chosen` is the field's current number."""

    def amount(one: Any) -> rx.Component:
        return rx.el.button(
            # One sees two figures, and hears them as a sentence.
            *(
                rx.el.span(part, class_name="sr") if isinstance(part, str) else part
                for part in spliced(
                    _("{credits} credits, {total}"),
                    credits=rx.el.strong(one["credits"], class_name="num"),
                    total=rx.el.span(one["total"], class_name="small muted num"),
                )
            ),
            type="button",
            class_name="amount",
            on_click=on_choose(one["credits"]),
            aria_pressed=rx.cond(chosen == one["credits"], "true", "false"),
        )

    return rx.el.div(
        rx.foreach(amounts, amount), class_name="choices-row", role="group", aria_label=_("Suggested amounts")
    )
