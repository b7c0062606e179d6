"""Messages: lists of conversations, one message as a letter, and its timeline."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import link_button
from rxconnect.components.own_texts import written_in
from rxconnect.components.photos import photo_strip
from rxconnect.components.pieces import avatar, pill
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _


def thread_list(threads: Any) -> rx.Component:
    """A list of conversations, one line each."""
    return rx.el.ul(rx.foreach(threads, _thread_row), class_name="threads")


def _thread_row(thread: Any) -> rx.Component:
    is_unread, words = thread.unread > 0, _("{count} unread").format(count=thread.unread)
    outcome = (thread.status_label, thread.status_tone)
    return rx.el.li(
        _row(thread, is_unread, words, outcome, routes.fill(routes.THREAD, thread.contact_id)),
        class_name=rx.cond(is_unread, "unread", ""),
    )


def letter_list(letters: Any) -> rx.Component:
    """The last letters, one line each: who wrote, when, and what became of it. Each leads to the letter."""
    return rx.el.ul(rx.foreach(letters, _letter_row), class_name="threads")


def _letter_row(letter: Any) -> rx.Component:
    outcome = (letter.outcome, letter.tone)
    return rx.el.li(
        _row(letter, letter.is_unread, _("unread"), outcome, routes.fill(routes.MESSAGE, letter.id)),
        class_name=rx.cond(letter.is_unread, "unread", ""),
        key=letter.id,
    )


def _row(last: Any, is_unread: Any, unread: Any, outcome: tuple[Any, Any], href: str) -> rx.Component:
    """A link: who wrote the last letter, when, its beginning, and what became of it."""
    label, tone = outcome
    return rx.el.a(
        avatar(last.initials),
        rx.el.span(
            rx.cond(last.is_outgoing, rx.el.span(_("To"), " ", class_name="muted")),
            last.name,
            rx.cond(is_unread, rx.el.span(", ", unread, class_name="sr")),
            class_name="who",
        ),
        rx.el.span(
            rx.cond(label != "", pill(label, tone)),
            rx.el.span(last.at, class_name="num"),
            class_name="meta",
        ),
        rx.el.span(last.snippet, class_name="gist", dir="auto"),
        href=href,
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
            rx.cond(message.subject != "", rx.el.h2(message.subject, dir="auto")),
            class_name="message-head",
        ),
        rx.el.div(message.body, class_name="words", **written_in(message.written_in)),
        photo_strip(message.photos),
        class_name="card paper",
    )


def reply_link(label: str, message: Any, *, variant: str = "") -> rx.Component:
    """The link to an answer, which is written with the letter in view."""
    href = routes.with_query(routes.COMPOSE_NEW, contact=message.contact_id, answers=message.id)
    return link_button(label, href, variant=variant)


def message_in_thread(message: Any) -> rx.Component:
    """A message inside its conversation, below the day if it is the first of one. An older one shows only a line at first."""
    return rx.el.li(
        rx.cond(message.day != "", rx.el.h2(message.day, class_name="day")),
        rx.cond(
            message.is_folded,
            rx.el.details(
                rx.el.summary(
                    rx.el.span(message.from_name, class_name="strong small"),
                    _status_and_time(message),
                    rx.el.span(_subject_or(message, message.gist), class_name="gist", dir="auto"),
                ),
                _letter_parts(message, rx.el.h3(message.subject, dir="auto")),
                class_name="card paper folded",
            ),
            rx.el.article(
                rx.el.div(
                    rx.el.span(message.from_name, class_name="strong small"),
                    _status_and_time(message),
                    rx.cond(message.subject != "", rx.el.h3(message.subject, dir="auto")),
                    class_name="message-head",
                ),
                _letter_parts(message),
                class_name="card paper",
            ),
        ),
        class_name=rx.cond(message.direction == "outgoing", "mine", "theirs"),
        key=message.id,
    )


def _letter_parts(message: Any, heading: rx.Component | None = None) -> rx.Component:
    """The words and photos of a letter, and the link to its own page."""
    return rx.fragment(
        rx.cond(message.subject != "", rx.el.div(heading, class_name="message-head")) if heading is not None else None,
        rx.el.div(message.body, class_name="words", **written_in(message.written_in)),
        photo_strip(message.photos),
        rx.cond(
            message.direction == "outgoing",
            rx.el.div(
                rx.el.a(
                    _("What happened to it"),
                    rx.el.span(f": {message.title}", class_name="sr"),
                    href=routes.fill(routes.MESSAGE, message.id),
                    class_name="small",
                ),
                class_name="paper-foot",
            ),
            rx.cond(
                message.can_reply,
                rx.el.div(reply_link(_("Reply"), message, variant="plain sm"), class_name="paper-foot"),
            ),
        ),
    )


def _status_and_time(message: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(message.status_label != "", pill(message.status_label, message.status_tone)),
        rx.el.time(message.at, date_time=message.at_iso, class_name="xs muted num"),
        class_name="row",
    )


def _subject_or(message: Any, gist: Any) -> rx.Var:
    return rx.cond(message.subject != "", message.subject, gist)


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
