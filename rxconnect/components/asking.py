"""The question before something that cannot be undone. It is the same everywhere, and opens without the server.

It is a native popover: Escape and a press beside it close it, and the focus returns to the button that opened it.
"""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button, button_class
from rxconnect.components.native import native_form
from rxconnect.i18n import _


def asking(
    label: Any,
    question: Any,
    yes: Any,
    on_yes: Any = None,
    *,
    id: Any,
    keep: Any = None,
    variant: str = "plain sm",
    action: str = "",
    more: rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """A button that asks `question` first, and then lets the user choose between `yes` and `keep`.

    `yes` calls `on_yes`, or posts a native form to `action`. `id` is the page's own for this question: in a list it has
    the row's id in it. `more` are further sentences.
    """
    question_id = id + "-question"
    return rx.fragment(
        button(label, variant=variant, custom_attrs={"popoverTarget": id, "aria-haspopup": "dialog"}, **props),
        rx.el.div(
            rx.el.p(question, id=question_id, class_name="strong"),
            more,
            rx.el.div(
                _yes(yes, on_yes, action, id),
                button(keep or _("Keep it"), variant="quiet", custom_attrs=_closing(id)),
                class_name="row",
            ),
            id=id,
            role="alertdialog",
            tab_index=-1,
            class_name="ask",
            custom_attrs={"popover": "auto", "autofocus": "", "aria-labelledby": question_id},
        ),
    )


def _yes(yes: Any, on_yes: Any, action: str, id: Any) -> rx.Component:
    if action:
        posting = rx.el.button(yes, type="submit", class_name=button_class("quiet danger"))
        return native_form(posting, method="post", action=action)
    return button(yes, variant="quiet danger", on_click=on_yes, custom_attrs=_closing(id))


def _closing(id: Any) -> dict[str, Any]:
    return {"popoverTarget": id, "popoverTargetAction": "hide"}
