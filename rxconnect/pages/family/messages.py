"""Messaging: the inbox, one conversation, one message."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, field, link_button, select, text_input
from rxconnect.components.keeping import keep_letters
from rxconnect.components.messages import message_as_letter, message_in_thread, reply_link, thread_list, timeline
from rxconnect.components.more import more_button
from rxconnect.components.pieces import back_link, card, card_head, empty_state, pill, skeleton, skeleton_columns
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.message_search import found_messages, search_fields
from rxconnect.state.family.messages import InboxState, MessageState, ThreadState


def inbox() -> rx.Component:
    """The conversations, unread first, and the search in all of them."""
    return frame(
        _("Messaging"),
        problem_of(InboxState),
        rx.cond(
            InboxState.ready,
            rx.el.div(
                search_fields(), rx.cond(InboxState.has_searched, found_messages(), _threads()), class_name="stack"
            ),
            skeleton("field", "threads"),
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
        rx.cond(ThreadState.ready & contact & contact.is_removed, _removed(contact)),
        rx.cond(ThreadState.ready & contact & (contact.fate_note != ""), alert(contact.fate_note, "wait")),
        rx.cond(
            ThreadState.ready & contact & (contact.blocked_by_staff != ""), alert(contact.blocked_by_staff, "wait")
        ),
        rx.cond(ThreadState.ready, _messages(), skeleton("letter", "folded", "folded", narrow=True)),
        rx.cond(ThreadState.ready & contact & ThreadState.messages, _keep_conversation(contact)),
        section="messaging",
        screen=ThreadState,
        above=back_link(_("Inbox"), routes.INBOX),
        lead=rx.cond(
            ThreadState.ready & contact,
            rx.fragment(
                contact.number,
                " · ",
                rx.el.a(contact.facility, href=routes.fill(routes.FACILITY, contact.facility_key)),
            ),
            "\u00a0",
        ),
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


def _removed(contact) -> rx.Component:
    """Why nothing can be written to a contact that was removed, and the way back."""
    return rx.el.div(
        rx.el.span(
            _("You removed {first_name} from your contacts, so you cannot write now. Your letters stay here.").format(
                first_name=contact.first_name
            )
        ),
        button(_("Add again"), variant="quiet sm", on_click=ThreadState.add_again),
        class_name="alert alert-wait",
    )


def message() -> rx.Component:
    """One message and its timeline."""
    message = MessageState.message
    return frame(
        rx.cond(MessageState.ready & message, message.title, _("Message")),
        problem_of(MessageState),
        rx.cond(MessageState.ready & message & message.outlook, _outlook(message.outlook)),
        rx.cond(
            MessageState.ready & message,
            rx.el.div(
                rx.el.div(
                    rx.cond(message.lane_note != "", _lane_note(message)),
                    message_as_letter(message),
                    keep_letters(_("Keep this letter"), pdf=routes.fill(routes.MESSAGE_PDF, message.id)),
                    rx.cond(message.reason_label != "", _rejection_reason_card(message)),
                    _appeal(message),
                    class_name="stack",
                ),
                rx.cond(
                    message.direction == "outgoing",
                    _timeline_card(message),
                ),
                class_name=rx.cond(message.outlook, "grid waits", "grid"),
            ),
            rx.cond(MessageState.problem == "", skeleton_columns(("letter",), ("timeline",))),
        ),
        section="messaging",
        screen=MessageState,
        action=rx.cond(
            MessageState.ready & message & (message.direction == "incoming") & message.can_reply,
            reply_link(_("Reply"), message),
        ),
        above=rx.cond(
            message,
            back_link(message.contact, routes.fill(routes.THREAD, message.contact_id)),
            back_link(_("Inbox"), routes.INBOX),
        ),
    )


def thread_name(otherwise: str) -> rx.Var[str]:
    """The conversation's name for the browser's title: the person."""
    return rx.cond(ThreadState.ready & ThreadState.contact, ThreadState.contact.name, otherwise)


def message_name(otherwise: str) -> rx.Var[str]:
    """The message's name for the browser's title: subject and person."""
    message = MessageState.message
    named = rx.cond(message.subject != "", message.subject + " · " + message.contact, message.contact)
    return rx.cond(MessageState.ready & message, named, otherwise)


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


def _messages() -> rx.Component:
    return rx.cond(
        ThreadState.messages,
        rx.el.div(
            rx.cond(ThreadState.months.length() > 1, _jump_to_a_date()),
            rx.el.ol(rx.foreach(ThreadState.messages, message_in_thread), class_name="thread"),
            rx.cond(
                ThreadState.has_older,
                more_button(_("Show older messages"), variant="quiet", on_click=ThreadState.show_older),
            ),
            class_name="stack narrow",
        ),
        card(
            empty_state("pen", _("Nothing written yet"), _("Your first message to this person will be here.")),
            class_name="narrow",
        ),
    )


def _jump_to_a_date() -> rx.Component:
    """The months in which there are letters. Choosing one shows its letters and those before."""
    control = select(
        "month",
        rx.el.option(_("Newest first"), value=""),
        rx.foreach(
            ThreadState.months,
            lambda one: rx.el.option(_("{month} ({count})").format(month=one.label, count=one.letters), value=one.key),
        ),
        given=ThreadState.month,
        on_tell=ThreadState.jump,
    )
    return rx.el.div(field(_("Jump to a date"), control, name="month"), class_name="jump", role="search")


def _keep_conversation(contact) -> rx.Component:
    return keep_letters(
        _("Keep this conversation"),
        pdf=routes.fill(routes.THREAD_PDF, contact.id),
        archive=routes.fill(routes.THREAD_ZIP, contact.id),
    )


def _lane_note(message) -> rx.Component:
    tone = rx.cond(message.times_seen > 0, "alert alert-bad", "alert alert-good")
    return rx.el.p(message.lane_note, class_name=tone, role="status")


def _outlook(outlook) -> rx.Component:
    """What happens now to a letter that waits."""
    return rx.el.section(
        rx.el.h2(_("Your message is on its way.")),
        rx.cond(outlook.reading != "", rx.el.p(outlook.reading)),
        rx.foreach(outlook.emails, rx.el.p),
        rx.cond(
            outlook.no_email != "",
            rx.el.p(outlook.no_email, " ", rx.el.a(_("Your emails"), href=routes.NOTICES)),
        ),
        class_name="outlook stack-xs",
    )


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
                    rx.cond(
                        message.can_withdraw & ~message.is_privileged,
                        _("Seen by staff: not yet"),
                        _("Seen by staff: never"),
                    ),
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


def _rejection_reason_card(message) -> rx.Component:
    return card(
        card_head(_("Why it was not delivered")),
        rx.el.div(
            rx.el.h3(message.reason_label),
            rx.el.p(message.reason_rule, lang=message.reason_rule_language),
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
    return button(_("Edit and send again"), variant="sm", on_click=MessageState.write_again)


def _appeal(message) -> rx.Component:
    """The family's appeal and its answer, or the form for one."""
    return rx.cond(
        message.appeal,
        card(
            card_head(_("Your appeal"), rx.el.span(message.appeal.at, class_name="small muted num")),
            rx.el.div(
                rx.el.p(message.appeal.text, class_name="other-words", dir="auto"),
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
        card_head(_("Do you think this is wrong?")),
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
