"""The session has ended, or the trainer has removed this browser from it."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.icons import icon
from rxconnect.components.pieces import card
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame, post_button
from rxconnect.state.demo.room import RoomState


def over() -> rx.Component:
    """The page after a session. Each button deletes the seat's cookie, so that the browser's own sign-in counts again."""
    return demo_frame(
        _("You are no longer in the session"),
        card(
            rx.el.div(
                icon("leave"),
                rx.el.p(
                    _("The trainer has ended the session, its time is over, or you were removed from it."),
                    class_name="strong",
                ),
                rx.el.p(
                    _(
                        "Its invented people and messages are thrown away. If you expected to be in it still, ask the trainer."
                    )
                ),
                rx.el.div(
                    rx.cond(
                        RoomState.summary != "",
                        post_button(_("Read the summary"), _leaving(RoomState.summary)),
                    ),
                    post_button(_("Join another session"), _leaving(routes.DEMO_JOIN), variant="quiet"),
                    post_button(_("Go on to RxConnect"), _leaving(routes.HOME), variant="quiet"),
                    class_name="actions",
                ),
                class_name="empty",
            ),
            class_name="airmail narrow",
        ),
    )


def _leaving(to) -> str:
    return routes.with_query(routes.DEMO_LEAVE, next=to)
