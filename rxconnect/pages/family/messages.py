"""Messaging: the inbox, one conversation, one message."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, field, link_button, text_input
from rxconnect.components.messages import message_as_letter, message_in_thread, thread_list, timeline
from rxconnect.components.pieces import back_link, card, card_head, empty_state, pill, skeleton
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
            rx.el.div(
                _search_field(), rx.cond(InboxState.has_searched, _search_results(), _threads()), class_name="stack"
            ),
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
        rx.cond(ThreadState.ready & contact & (contact.absence_note != ""), alert(contact.absence_note, "wait")),
        rx.cond(
            ThreadState.ready & contact & (contact.blocked_by_staff != ""), alert(contact.blocked_by_staff, "wait")
        ),
        rx.cond(ThreadState.ready, _messages(), skeleton("block", "block", "block")),
        section="messaging",
        above=back_link(_("Inbox"), routes.INBOX),
        lead=rx.cond(ThreadState.ready & contact, f"{contact.number} · {contact.facility}", "\u00a0"),
        action=rx.cond(
            ThreadState.ready & contact,
            rx.cond(
                contact.is_reachable & (contact.blocked_by_staff == ""),
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
                    rx.cond(message.lane_note != "", _lane_note(message)),
                    message_as_letter(message),
                    rx.cond(message.reason_label != "", _rejection_reason_card(message)),
                    _appeal(message),
                    class_name="stack",
                ),
                rx.cond(message.direction == "outgoing", _timeline_card(message)),
                class_name="grid",
            ),
            rx.cond(MessageState.problem == "", skeleton("tall")),
        ),
        _undo_bar(message),
        section="messaging",
        above=rx.cond(
            message,
            back_link(message.contact, routes.fill(routes.THREAD, message.contact_id)),
            back_link(_("Inbox"), routes.INBOX),
        ),
    )


def _search_field() -> rx.Component:
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
            empty_state(
                "envelope",
                _("No messages yet"),
                _("Find the person you want to write to, buy credits, and write. We lead you through it."),
                link_button(_("Get started"), routes.START),
            ),
        )
    )


def _search_results() -> rx.Component:
    return card(
        rx.cond(
            InboxState.found,
            rx.el.ul(rx.foreach(InboxState.found, _found_message), class_name="rows"),
            empty_state(
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
                ThreadState.has_older,
                button(_("Show older messages"), variant="quiet", on_click=ThreadState.show_older),
            ),
            class_name="stack",
        ),
        card(empty_state("pen", _("Nothing written yet"), _("Your first message to this person will be here."))),
    )


def _lane_note(message) -> rx.Component:
    tone = rx.cond(message.times_seen > 0, "alert alert-bad", "alert alert-good")
    return rx.el.p(message.lane_note, class_name=tone, role="status")


def _timeline_card(message) -> rx.Component:
    return card(
        card_head(_("What happened to it"), pill(message.status_label, message.status_tone)),
        timeline(message.timeline),
        rx.cond(message.reply_credit != "", rx.el.p(message.reply_credit, class_name="card-body small")),
        rx.el.div(
            rx.el.span(
                message.cost,
                rx.el.br(),
                rx.cond(
                    message.times_seen > 0,
                    plural("Seen by staff: {count} time", "Seen by staff: {count} times", message.times_seen),
                    _("Seen by staff: never"),
                ),
                rx.cond(
                    message.times_sealed > 0,
                    rx.fragment(
                        rx.el.br(),
                        plural(
                            "Printed to be sealed: {count} time",
                            "Printed to be sealed: {count} times",
                            message.times_sealed,
                        ),
                    ),
                ),
                class_name="small muted num",
            ),
            rx.cond(
                message.can_withdraw,
                button(_("Withdraw"), variant="quiet sm danger", on_click=MessageState.withdraw),
                # A rejected letter has it beside the reason.
                rx.cond(message.can_write_again & (message.reason_label == ""), _write_again()),
            ),
            class_name="card-foot",
        ),
    )


def _undo_bar(message) -> rx.Component:
    """Says that the message was withdrawn, and goes when that can no longer be undone."""
    told = rx.el.span(_("The message was withdrawn and your credits were returned."))
    undo = rx.el.button(_("Undo"), type="button", on_click=MessageState.undo_withdrawal, class_name="notice-act")
    return rx.el.div(
        rx.cond(
            MessageState.ready & message & (message.undo_seconds > 0),
            rx.el.div(told, undo, class_name=message.undo_key, key=message.undo_key),
        ),
        class_name="notice",
        role="status",
        aria_live="polite",
    )


def _rejection_reason_card(message) -> rx.Component:
    return card(
        card_head(_("Why it was not delivered")),
        rx.el.div(
            rx.el.h3(message.reason_label),
            rx.el.p(message.reason_rule),
            rx.cond(message.reason_note != "", rx.el.p(message.reason_note, class_name="muted")),
            rx.el.p(message.reviewed_by, class_name="small muted num"),
            class_name="card-body stack-sm",
        ),
        rx.cond(
            message.can_write_again & ~message.can_appeal,
            rx.el.div(_write_again(), class_name="card-foot"),
        ),
    )


def _write_again() -> rx.Component:
    return button(_("Edit and send again"), variant="quiet sm", on_click=MessageState.write_again)


def _appeal(message) -> rx.Component:
    """The family's appeal and its answer, or the form for one."""
    return rx.cond(
        message.appeal,
        card(
            card_head(_("Your appeal"), rx.el.span(message.appeal.at, class_name="small muted num")),
            rx.el.div(
                rx.el.p(message.appeal.text, class_name="other-words"),
                rx.el.p(rx.el.strong(message.appeal.label, ". "), message.appeal.explanation),
                rx.cond(message.appeal.answer != "", rx.el.p(message.appeal.answer, class_name="muted")),
                rx.cond(
                    message.appeal.decided_at != "",
                    rx.el.p(message.appeal.decided_by, " · ", message.appeal.decided_at, class_name="small muted num"),
                ),
                class_name="card-body stack-sm",
            ),
        ),
        rx.cond(message.can_appeal, _appeal_form(message)),
    )


def _appeal_form(message) -> rx.Component:
    return card(
        card_head(_("Was that wrong?")),
        rx.el.form(
            rx.el.p(
                _(
                    "You can appeal once, until {day}. Somebody who did not make the decision reads your letter again. "
                    "If they let it through, it costs you nothing."
                ).format(day=message.appeal_until)
            ),
            field(
                _("Why should it be delivered?"),
                text_input(
                    "text",
                    of=rx.el.textarea,
                    problem=MessageState.problems["text"],
                    rows="5",
                    max_length=1000,
                ),
                name="text",
                problem=MessageState.problems["text"],
            ),
            rx.el.div(
                button(_("Appeal"), type="submit"), rx.cond(message.can_write_again, _write_again()), class_name="row"
            ),
            on_submit=MessageState.appeal,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
    )
