"""The language choice, when there are several. It works without any script."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.native import native_form
from rxconnect.config import settings
from rxconnect.i18n import catalogs, language


def language_choice() -> rx.Component | None:
    """A button for each other language, with its own name: `Español`."""
    others = [one for one in settings().spoken if one != language()]
    if not others:
        return None
    return native_form(
        *(
            rx.el.button(
                catalogs.own_name(one),
                type="submit",
                name="language",
                value=one,
                lang=one,
                class_name=button_class("plain sm"),
            )
            for one in others
        ),
        method="post",
        action=routes.LANGUAGE,
        class_name="row",
    )
