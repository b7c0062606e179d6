"""Messaging: the inbox, one conversation, one message."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, field, link_button, text_input
from rxconnect.components.messages import message_in_thread, message_paper, thread_list, timeline
from rxconnect.components.pieces import back_link, card, card_head, empty, pill, skeleton
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.messages import InboxState, MessageState, ThreadState

_DEBOUNCE = 250  # milliseconds after the last key, before a search


def inbox() -> rx.Component:
    """The conversations, unread first, and the search in all of them."""
    return frame(
        _("Messaging"),
        problem_of(InboxState),
        rx.cond(
            InboxState.ready,
            rx.el.div(_search(), rx.cond(InboxState.has_searched, _found(), _threads()), class_name="stack"),
            skeleton("line", "tall"),
        ),
        section="messaging",
        lead=rx.cond(
            InboxState.drafts > 0,
            rx.el.a(
                plural("One draft is waiting", "{count} drafts are waiting", InboxState.drafts),
                href=routes.DRAFTS,
            ),
            _("Your conversations, unread first."),
        ),
        action=link_button(_("Write a message"), routes.COMPOSE_NEW),
    )


def thread() -> rx.Component:
    """All messages with one contact."""
    contact = ThreadState.contact
    return frame(
        rx.cond(ThreadState.ready & contact, contact.name, _("Conversation")),
        problem_of(ThreadState),
        rx.cond(ThreadState.ready, _messages(), skeleton("block", "block", "block")),
        section="messaging",
        above=back_link(_("Inbox"), routes.INBOX),
        lead=rx.cond(ThreadState.ready & contact, f"{contact.number} · {contact.facility}", "\u00a0"),
        action=rx.cond(
            ThreadState.ready & contact,
            rx.cond(
                contact.is_reachable,
                link_button(
                    _("Write to {first_name}").format(first_name=contact.first_name),
                    routes.with_query(routes.COMPOSE_NEW, contact=contact.id),
                ),
            ),
        ),
    )


def message() -> rx.Component:
    """One message and its timeline."""
    message = MessageState.message
    return frame(
        rx.cond(
            MessageState.ready & message, rx.cond(message.subject != "", message.subject, _("Message")), _("Message")
        ),
        problem_of(MessageState),
        rx.cond(
            MessageState.ready & message,
            rx.el.div(
                rx.el.div(
                    message_paper(message), rx.cond(message.reason_label != "", _reason(message)), class_name="stack"
                ),
                rx.cond(message.direction == "outgoing", _timeline_card(message)),
                class_name="grid",
            ),
            rx.cond(MessageState.problem == "", skeleton("tall")),
        ),
        section="messaging",
        above=rx.cond(
            message,
            back_link(message.contact, routes.fill(routes.THREAD, message.contact_id)),
            back_link(_("Inbox"), routes.INBOX),
        ),
    )


def _search() -> rx.Component:
    control = text_input(
        "search",
        type="search",
        given=InboxState.text,
        on_tell=InboxState.search,
        pause=_DEBOUNCE,
        auto_complete="off",
    )
    return rx.el.div(field(_("Search your messages"), control, name="search"), class_name="narrow", role="search")


def _threads() -> rx.Component:
    return card(
        rx.cond(
            InboxState.threads,
            thread_list(InboxState.threads),
            empty(
                "envelope",
                _("No messages yet"),
                _("Find the person you want to write to, buy credits, and write. We lead you through it."),
                link_button(_("Get started"), routes.START),
            ),
        )
    )


def _found() -> rx.Component:
    return card(
        rx.cond(
            InboxState.found,
            rx.el.ul(rx.foreach(InboxState.found, _found_message), class_name="rows"),
            empty(
                "search",
                _("Nothing found"),
                _("No message of yours has all these words. Try fewer, or the beginning of one."),
            ),
        )
    )


def _found_message(one) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.cond(one.subject, one.subject, _("Without a subject")),
            href=routes.fill(routes.MESSAGE, one.id),
            class_name="row-link",
        ),
        rx.el.span(one.name, " · ", one.snippet, class_name="small muted"),
        rx.el.span(one.at, class_name="xs muted num row-actions"),
    )


def _messages() -> rx.Component:
    return rx.cond(
        ThreadState.messages,
        rx.el.div(
            rx.el.ol(rx.foreach(ThreadState.messages, message_in_thread), class_name="thread"),
            rx.cond(
                ThreadState.has_older, button(_("Show older messages"), variant="quiet", on_click=ThreadState.older)
            ),
            class_name="stack",
        ),
        card(empty("pen", _("Nothing written yet"), _("Your first message to this person will be here."))),
    )


def _timeline_card(message) -> rx.Component:
    return card(
        card_head(_("What happened to it"), pill(message.status_label, message.status_tone)),
        timeline(message.timeline),
        rx.el.div(
            rx.el.span(message.cost, class_name="small muted num"),
            rx.cond(
                message.can_withdraw,
                button(_("Withdraw"), variant="quiet sm danger", on_click=MessageState.withdraw),
            ),
            class_name="card-foot",
        ),
    )


def _reason(message) -> rx.Component:
    return card(
        card_head(_("Why it was not delivered")),
        rx.el.div(
            rx.el.h3(message.reason_label),
            rx.el.p(message.reason_rule),
            rx.cond(message.reason_note != "", rx.el.p(message.reason_note, class_name="muted")),
            rx.el.p(message.reviewed_by, class_name="small muted num"),
            class_name="card-body stack-sm",
        ),
    )
