"""Ctrl+Enter or Cmd+Enter presses a page's main button (`go_keys.js`)."""

import reflex as rx


class GoKeys(rx.Component):
    """Listens on the whole page. `target` is the button's id."""

    library = "$/utils/go_keys.js"
    tag = "GoKeys"

    target: rx.Var[str]


go_keys = GoKeys.create
