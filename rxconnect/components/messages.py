"""Messages: lists of conversations, one message as a letter, and its timeline."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.photos import photo_strip
from rxconnect.components.pieces import avatar, pill
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _


def thread_list(threads: Any) -> rx.Component:
    """A list of conversations, one line each."""
    return rx.el.ul(rx.foreach(threads, _thread_row), class_name="threads")


def _thread_row(thread: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            avatar(thread.initials),
            rx.el.span(
                rx.cond(thread.is_outgoing, rx.el.span(_("To"), " ", class_name="muted")),
                thread.name,
                rx.cond(
                    thread.unread > 0,
                    rx.el.span(", ", _("{count} unread").format(count=thread.unread), class_name="sr"),
                ),
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


def message_as_letter(message: Any) -> rx.Component:
    """One message, shown as a letter."""
    return rx.el.article(
        rx.el.div(
            rx.el.span(
                *spliced(_("From {sender} to {recipient}"), sender=message.from_name, recipient=message.to_name),
                class_name="small muted",
            ),
            rx.el.time(message.at, date_time=message.at_iso, class_name="small muted num"),
            rx.cond(message.subject != "", rx.el.h2(message.subject)),
            class_name="message-head",
        ),
        rx.el.div(message.body, class_name="words"),
        photo_strip(message.photos),
        class_name="card paper",
    )


def message_in_thread(message: Any) -> rx.Component:
    """A message inside its conversation, with its status and a link to its own page."""
    mine = message.direction == "outgoing"
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                rx.el.span(message.from_name, class_name="strong small"),
                rx.el.time(message.at, date_time=message.at_iso, class_name="xs muted num"),
                rx.cond(message.subject != "", rx.el.h2(message.subject)),
                class_name="message-head",
            ),
            rx.el.div(message.body, class_name="words"),
            photo_strip(message.photos),
            rx.cond(
                mine,
                rx.el.div(
                    pill(message.status_label, message.status_tone),
                    rx.el.a(
                        _("What happened to it"),
                        rx.el.span(f": {message.subject}", class_name="sr"),
                        href=routes.fill(routes.MESSAGE, message.id),
                        class_name="small",
                    ),
                    class_name="paper-foot",
                ),
            ),
            class_name="card paper",
        ),
        class_name=rx.cond(mine, "mine", "theirs"),
    )


def timeline(events: Any) -> rx.Component:
    """The past events with their times, and the events still to come."""
    return rx.el.ol(rx.foreach(events, _timeline_event), class_name="timeline")


def _timeline_event(event: Any) -> rx.Component:
    return rx.el.li(
        rx.el.strong(event.label),
        rx.cond(~event.is_done, rx.el.span(" ", _("(still to come)"), class_name="sr")),
        rx.cond(event.at != "", rx.el.div(event.at, class_name="small muted num")),
        rx.cond(event.note != "", rx.el.div(event.note, class_name="small muted")),
        class_name=rx.cond(event.is_done, "", "next"),
    )
