"""The language choice, when there are several. It works without any script."""

from collections.abc import Iterable, Iterator
from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.native import NativeForm, native_form
from rxconnect.config import settings
from rxconnect.i18n import catalogs, language

# The form of a page before sign-in, which its language choice posts along with itself.
PAGE_FORM = "page-form"


class Typed(rx.Component):
    """Keeps what was typed on the page while its language changes (`languages.js`)."""

    library = "$/utils/languages.js"
    tag = "Typed"


def language_choice() -> rx.Component | None:
    """A button for each other language, with its own name: `Español`. The page stays, and what was typed on it."""
    buttons = _buttons()
    if not buttons:
        return None
    return native_form(*buttons, Typed.create(), method="post", action=routes.LANGUAGE, class_name="languages row")


def language_choice_of_form(children: Iterable[Any]) -> rx.Component | None:
    """The same below the `children` of a page before sign-in.

    It posts their first form to the page itself, which comes back in the other language with what was typed, before any script
    has loaded. It must stand after the form: Enter presses the first button of a form.
    """
    form = next(_forms(children), None)
    if form is None:
        return language_choice()
    form.id = PAGE_FORM
    buttons = _buttons({"form": PAGE_FORM, "formNoValidate": rx.Var("true")})
    return rx.el.div(*buttons, class_name="languages row") if buttons else None


def _buttons(attributes: dict[str, Any] | None = None) -> list[rx.Component]:
    return [
        rx.el.button(
            catalogs.own_name(one),
            type="submit",
            name="language",
            value=one,
            lang=one,
            class_name=button_class("plain sm"),
            custom_attrs=attributes or {},
        )
        for one in settings().spoken
        if one != language()
    ]


def _forms(children: Iterable[Any]) -> Iterator[NativeForm]:
    """The forms that the browser posts to their own page, in their order. One with a file cannot be posted along."""
    for child in children:
        if isinstance(child, NativeForm):
            is_of_page = child.action is None or str(child.action).strip('"') in (routes.DEMO, routes.DEMO_JOIN)
            if is_of_page and "get" not in str(child.method) and "multipart" not in str(child.enc_type):
                yield child
        elif isinstance(child, rx.Component):
            yield from _forms(child.children)
