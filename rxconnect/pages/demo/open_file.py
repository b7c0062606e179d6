"""Open the world of a demo session again, from the file that its trainer took along. The form is native."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button
from rxconnect.components.native import native_form, native_link, slot
from rxconnect.components.pieces import card
from rxconnect.components.seats import guest_choices, seat_name_field
from rxconnect.domain.demo import WORLD_FILE_SUFFIX
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame, form_message_slots


def open_file() -> rx.Component:
    """The page to open a file."""
    return demo_frame(
        _("Open a session that you took with you"),
        rx.el.div(form_message_slots(), _form(), class_name="join stack"),
        lead=_(
            "Its letters, credits and steps are as they were when you took it, and its time goes on from there. The people "
            "who were in the room are not in it."
        ),
    )


def _form() -> rx.Component:
    return rx.fragment(
        card(
            native_form(
                _file_field(),
                seat_name_field(is_trainer=True),
                guest_choices(),
                button(_("Open the session"), type="submit", variant="wide"),
                method="post",
                enc_type="multipart/form-data",
                class_name="card-body stack",
            ),
            class_name="airmail",
        ),
        rx.el.p(native_link(_("Start a new session"), href=routes.DEMO), class_name="small"),
    )


def _file_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(_("Your file"), html_for="world_file"),
        rx.el.input(
            id="world_file",
            name="world_file",
            type="file",
            accept=WORLD_FILE_SUFFIX,
            required=True,
            class_name="input",
            custom_attrs={
                "aria-describedby": "world_file-hint world_file-problem",
                "suppressHydrationWarning": rx.Var("true"),
            },
        ),
        rx.el.span(
            _("Such as cedar-417.rxdemo. It opens only in the installation that made it."),
            id="world_file-hint",
            class_name="hint",
        ),
        slot("world_file-problem", "problem"),
        class_name="field",
    )
