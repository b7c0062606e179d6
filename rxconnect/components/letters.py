"""Letters: lists of conversations, one letter as a sheet, and what happened to it."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.pieces import avatar, pill


def thread_list(threads: Any) -> rx.Component:
    """Conversations, one line each."""
    return rx.el.ul(rx.foreach(threads, _thread), class_name="letters")


def _thread(thread: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            avatar(thread.initials),
            rx.el.span(
                rx.cond(thread.is_outgoing, rx.el.span("To ", class_name="muted")),
                thread.name,
                rx.cond(thread.unread > 0, rx.el.span(f", {thread.unread} unread", class_name="sr")),
                class_name="who",
            ),
            rx.el.span(
                rx.cond(thread.status_label != "", pill(thread.status_label, thread.status_tone)),
                rx.el.span(thread.at, class_name="num"),
                class_name="meta",
            ),
            rx.el.span(thread.snippet, class_name="gist"),
            href=routes.fill(routes.THREAD, thread.contact_id),
        ),
        class_name=rx.cond(thread.unread > 0, "unread", ""),
    )


def sheet(message: Any) -> rx.Component:
    """A letter as it is read."""
    return rx.el.article(
        rx.el.div(
            rx.el.span("From ", message.from_name, " to ", message.to_name, class_name="small muted"),
            rx.el.time(message.at, date_time=message.at_iso, class_name="small muted num"),
            rx.cond(message.subject != "", rx.el.h2(message.subject)),
            class_name="letter-head",
        ),
        rx.el.div(message.body, class_name="words"),
        class_name="card sheet",
    )


def letter_in_thread(message: Any) -> rx.Component:
    """A letter inside its conversation, with its status; the whole story is one link away."""
    mine = message.direction == "outgoing"
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                rx.el.span(message.from_name, class_name="strong small"),
                rx.el.time(message.at, date_time=message.at_iso, class_name="xs muted num"),
                rx.cond(message.subject != "", rx.el.h2(message.subject)),
                class_name="letter-head",
            ),
            rx.el.div(message.body, class_name="words"),
            rx.cond(
                mine,
                rx.el.div(
                    pill(message.status_label, message.status_tone),
                    rx.el.a(
                        "What happened to it",
                        rx.el.span(f": {message.subject}", class_name="sr"),
                        href=routes.fill(routes.MESSAGE, message.id),
                        class_name="small",
                    ),
                    class_name="sheet-foot",
                ),
            ),
            class_name="card sheet",
        ),
        class_name=rx.cond(mine, "mine", "theirs"),
    )


def timeline(events: Any) -> rx.Component:
    """What happened, stamped, and what is still to come."""
    return rx.el.ol(rx.foreach(events, _event), class_name="timeline")


def _event(event: Any) -> rx.Component:
    return rx.el.li(
        rx.el.strong(event.label),
        rx.cond(~event.is_done, rx.el.span(" (still to come)", class_name="sr")),
        rx.cond(event.at != "", rx.el.div(event.at, class_name="small muted num")),
        rx.cond(event.note != "", rx.el.div(event.note, class_name="small muted")),
        class_name=rx.cond(event.is_done, "", "next"),
    )
