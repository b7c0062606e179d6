"""The session has ended, or the trainer has removed this browser from it. The server fills in which (`api/demo_forms.py`)."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.icons import icon
from rxconnect.components.native import slot
from rxconnect.components.pieces import card
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame, post_button


def over() -> rx.Component:
    """The page after a session. Each button deletes the seat's cookie, so that the browser's own sign-in counts again."""
    return demo_frame(
        _("The session is over for you"),
        card(
            rx.el.div(
                icon("leave"),
                slot("why-over", "strong"),
                slot("consequence", ""),
                slot("summary", "for-trainer"),
                post_button(_("Read the summary"), routes.with_query(routes.DEMO_LEAVE, summary="yes")),
                rx.el.div(
                    post_button(_("Join another session"), _leave_address(routes.DEMO_JOIN), variant="quiet"),
                    post_button(_("Go on to RxConnect"), _leave_address(routes.HOME), variant="quiet"),
                    class_name="actions",
                ),
                class_name="empty",
            ),
            class_name="airmail narrow",
        ),
    )


def _leave_address(to) -> str:
    return routes.with_query(routes.DEMO_LEAVE, next=to)
