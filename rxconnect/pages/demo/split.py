"""The split view of a demo session, for a projector, and the page that each of its frames begins with."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.native import in_page_link, native_link
from rxconnect.components.pieces import skeleton
from rxconnect.components.split import split as split_places
from rxconnect.components.usher import usher
from rxconnect.i18n import _
from rxconnect.layout.frame import notices
from rxconnect.state.demo.room import RoomState


def split() -> rx.Component:
    """Two or four seats side by side. Whoever opens it chooses them."""
    return rx.el.div(
        _stylesheet(),
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        rx.el.header(
            rx.el.h1(_("All sides"), id="page-title", tab_index=-1),
            rx.el.p(
                _("Demonstration"),
                " · ",
                rx.cond(RoomState.ready, rx.el.span(RoomState.view.code, class_name="num strong"), "\u00a0"),
            ),
            native_link(_("Room"), href=routes.back_to_room(), class_name="split-room"),
            class_name="split-top",
        ),
        rx.el.main(
            rx.cond(RoomState.ready, None, skeleton("tall")),
            split_places(state=RoomState.get_full_name(), frame=routes.DEMO_FRAME),
            class_name="split-main",
        ),
        notices(),
        class_name="split-page",
    )


def frame() -> rx.Component:
    """What a frame shows until the seat that it shows opens a page."""
    return rx.el.div(
        _stylesheet(),
        rx.el.main(
            usher(state=RoomState.get_full_name(), says=""),
            rx.el.h1(_("As soon as a page is opened at this seat, it is shown here."), class_name="split-waits"),
        ),
        notices(),
    )


def _stylesheet() -> rx.Component:
    return rx.el.link(rel="stylesheet", href="/demo.css", custom_attrs={"precedence": "default"})
