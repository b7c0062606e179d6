"""The keys of the review desk (`desk.js`)."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button

_LIBRARY = "$/utils/desk.js"


class Desk(rx.Component):
    """Everything that single keys press. `on_stay` fires every 20 s while `is_claimed` and somebody is there.

    `opened` is the id of the open letter, or 0. Its words are brought into sight.
    """

    library = _LIBRARY
    tag = "Desk"

    is_claimed: rx.Var[bool]
    opened: rx.Var[int]
    on_stay: rx.EventHandler[rx.event.no_args_event_spec]


class KeySwitch(rx.Component):
    """A checkbox that switches the keys off in this browser."""

    library = _LIBRARY
    tag = "KeySwitch"

    label: rx.Var[str]


desk = Desk.create
key_switch = KeySwitch.create


def shortcut(key: str) -> dict[str, Any]:
    """The attributes of a control that `key` presses."""
    return {"aria-keyshortcuts": key}


def key_cap(key: str) -> rx.Component:
    """A key as shown on a button. Screen readers get it from `aria-keyshortcuts`."""
    return rx.el.kbd(key, custom_attrs={"aria-hidden": "true"})


def key_button(label: str, key: str, on_click: Any, *, variant: str = "quiet", **props: Any) -> rx.Component:
    """A button with the key that presses it."""
    cap = {"Escape": "Esc"}.get(key, key)
    return button(
        rx.fragment(rx.el.span(label), key_cap(cap)),
        variant=f"{variant} sm".strip(),
        on_click=on_click,
        custom_attrs=shortcut(key.lower() if len(key) == 1 else key),
        **props,
    )
