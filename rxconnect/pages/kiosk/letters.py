"""Letters at the kiosk: the inbox, a conversation, and one letter."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, button_class
from rxconnect.components.more import more_button
from rxconnect.components.own_texts import written_in
from rxconnect.components.photos import photo_image
from rxconnect.components.pieces import avatar, card, card_head, empty_state, pill, skeleton
from rxconnect.components.sentences import plural
from rxconnect.domain.photos import Size
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.kiosk import kiosk_frame, kiosk_link
from rxconnect.state.kiosk.letters import ConversationState, InsideState, LetterState

_HOME = InsideState.home
_THREAD = ConversationState.thread
_LETTER = LetterState.letter


def inbox() -> rx.Component:
    """The conversations, and what waits beside them."""
    return kiosk_frame(
        _("Your letters"),
        problem_of(InsideState),
        rx.cond(
            InsideState.ready & _HOME,
            rx.el.div(
                rx.cond(_HOME.unread_notices > 0, _notices_wait()),
                card(
                    rx.cond(
                        _HOME.threads,
                        rx.el.ul(rx.foreach(_HOME.threads, _thread_row), id="conversations", class_name="threads"),
                        empty_state(
                            "envelope", _("No letters yet"), _("When somebody writes to you, you find it here.")
                        ),
                    )
                ),
                rx.cond(_HOME.drafts, _drafts(_HOME.drafts)),
                class_name="stack",
            ),
            rx.cond(InsideState.problem == "", skeleton("threads")),
        ),
        section="inbox",
        lead=rx.cond(InsideState.ready & _HOME, _HOME.allowance.free, "\u00a0"),
    )


def conversation() -> rx.Component:
    """All letters and replies with one person."""
    return kiosk_frame(
        rx.cond(ConversationState.ready & _THREAD, _THREAD.name, _("Conversation")),
        problem_of(ConversationState),
        rx.cond(
            ConversationState.ready & _THREAD,
            rx.el.div(
                rx.cond(
                    _THREAD.is_blocked, alert(_("You have blocked this person. You find that under People."), "wait")
                ),
                _reply(),
                rx.cond(_THREAD.drafts, _drafts(_THREAD.drafts)),
                rx.el.ol(rx.foreach(_THREAD.messages, _message), class_name="thread"),
                rx.cond(
                    _THREAD.has_older,
                    more_button(_("Show older ones"), variant="quiet", on_click=ConversationState.show_older),
                ),
                class_name="stack",
            ),
            rx.cond(ConversationState.problem == "", skeleton("letter", "folded")),
        ),
        section="inbox",
        back=routes.KIOSK_INBOX,
    )


def letter() -> rx.Component:
    """One letter, or one reply."""
    message = _LETTER.message
    return kiosk_frame(
        rx.cond(
            LetterState.ready & _LETTER,
            rx.cond(message.subject != "", message.subject, rx.cond(message.is_mine, _("Your reply"), _("Letter"))),
            _("Letter"),
        ),
        problem_of(LetterState),
        rx.cond(
            LetterState.ready & _LETTER,
            rx.el.div(
                rx.cond(_LETTER.lane_note != "", alert(_LETTER.lane_note, "good")),
                _paper(message),
                rx.cond(message.status_note != "", rx.el.p(message.status_note)),
                rx.cond(_LETTER.notice, _why(_LETTER.notice)),
                _letter_actions(message),
                class_name="stack",
            ),
            rx.cond(LetterState.problem == "", skeleton("letter")),
        ),
        section="inbox",
        back=rx.cond(_LETTER, routes.fill(routes.KIOSK_THREAD, message.contact_id), routes.KIOSK_INBOX),
    )


def _reply() -> rx.Component:
    """The way to a reply and who pays for it, or why there is none now."""
    return rx.cond(
        _THREAD.can_reply,
        rx.el.div(
            button(_("Write a reply"), variant="wide", on_click=ConversationState.reply),
            rx.el.p(_THREAD.pays, class_name="muted"),
            class_name="stack-sm",
        ),
        rx.cond(_THREAD.why_no_reply != "", alert(_THREAD.why_no_reply, "wait")),
    )


def _letter_actions(message) -> rx.Component:
    return rx.el.div(
        rx.cond(
            _LETTER.can_reply,
            button(
                _("Write a reply"), id="write-reply", variant="wide", on_click=LetterState.reply(message.contact_id)
            ),
        ),
        rx.cond(
            _LETTER.can_ask_for_print,
            button(_("I want it on paper"), id="want-paper", variant="quiet wide", on_click=LetterState.ask_for_print),
        ),
        rx.cond(_LETTER.print_note != "", rx.el.p(_LETTER.print_note, class_name="muted")),
        class_name="stack-sm",
    )


def _why(notice) -> rx.Component:
    """Why it was not delivered, in short. The notice itself has the protest."""
    return alert(
        notice.reason_label,
        "wait",
        kiosk_link(_("See the notice"), href=routes.KIOSK_NOTICES, class_name=button_class("quiet")),
    )


def _notices_wait() -> rx.Component:
    return alert(
        plural("There is a notice for you.", "There are {count} notices for you.", _HOME.unread_notices),
        "wait",
        kiosk_link(_("Read"), href=routes.KIOSK_NOTICES, class_name=button_class("quiet")),
    )


def _thread_row(thread) -> rx.Component:
    return rx.el.li(
        kiosk_link(
            avatar(thread.initials),
            rx.el.span(thread.name, class_name="who"),
            rx.el.span(
                rx.cond(thread.unread > 0, pill(plural("1 new", "{count} new", thread.unread), "good")),
                rx.cond(thread.added != "", pill(thread.added, "good")),
                rx.cond(thread.answers_paid > 0, pill(_("Answer paid"), "")),
                rx.cond(thread.is_blocked, pill(_("Blocked"), "wait")),
                rx.el.span(thread.at, class_name="num"),
                class_name="meta",
            ),
            rx.el.span(
                rx.cond(thread.is_mine, rx.el.span(_("You:"), " ", class_name="muted")),
                thread.snippet,
                class_name="gist",
                dir="auto",
            ),
            href=routes.fill(routes.KIOSK_THREAD, thread.contact_id),
        ),
        class_name=rx.cond(thread.unread > 0, "unread", ""),
        key=thread.contact_id,
    )


def _drafts(drafts) -> rx.Component:
    return card(
        card_head(_("Not sent yet")),
        rx.el.ul(rx.foreach(drafts, _draft_row), class_name="threads kiosk-drafts"),
    )


def _draft_row(draft) -> rx.Component:
    return rx.el.li(
        kiosk_link(
            rx.el.span(_("To {name}").format(name=draft.name), class_name="who"),
            rx.el.span(draft.saved, class_name="meta"),
            rx.el.span(draft.snippet, class_name="gist", dir="auto"),
            href=routes.fill(routes.KIOSK_REPLY, draft.id),
        ),
        key=draft.id,
    )


def _message(message) -> rx.Component:
    return rx.el.li(
        rx.cond(message.is_unread, _closed(message), _paper(message, in_thread=True)),
        class_name=rx.cond(message.is_mine, "mine", "theirs"),
        key=message.id,
    )


def _closed(message) -> rx.Component:
    """A letter that was not opened yet. Opening it is a press of its own, since its sender may learn of it."""
    return card(
        rx.el.div(
            rx.el.p(
                rx.el.span(_("New letter"), class_name="strong"),
                " · ",
                rx.el.time(message.at, date_time=message.at_iso),
            ),
            rx.cond(message.subject != "", rx.el.p(message.subject, dir="auto")),
            kiosk_link(
                _("Open the letter"),
                rx.el.span(" ", message.subject, class_name="sr"),
                href=routes.fill(routes.KIOSK_LETTER, message.id),
                class_name=button_class("wide"),
            ),
            class_name="card-body stack-sm",
        )
    )


def _paper(message, *, in_thread: bool = False) -> rx.Component:
    foot = rx.cond(
        message.is_mine,
        rx.el.div(pill(message.status_label, message.status_tone), class_name="paper-foot"),
    )
    more = (
        kiosk_link(
            _("Open"),
            rx.el.span(" ", message.subject, message.at, class_name="sr"),
            href=routes.fill(routes.KIOSK_LETTER, message.id),
            class_name=button_class("plain"),
        )
        if in_thread
        else None
    )
    return rx.el.article(
        rx.el.div(
            rx.el.span(rx.cond(message.is_mine, _("You"), message.name), class_name="strong"),
            rx.el.time(message.at, date_time=message.at_iso, class_name="muted num"),
            rx.cond(message.added != "", pill(message.added, "good")),
            rx.cond(message.subject != "", rx.el.h2(message.subject, dir="auto")) if in_thread else None,
            class_name="message-head",
        ),
        rx.cond(
            message.is_part_missing,
            rx.el.p(_("The words of this letter were not delivered."), class_name="muted words"),
            rx.el.div(message.body, class_name="words", **written_in(message.written_in)),
        ),
        rx.el.div(rx.foreach(message.photos, _photo)),
        foot,
        more,
        class_name="card paper",
    )


def _photo(photo) -> rx.Component:
    """A photo in its whole width. It is no link: another tab would stay on the tablet for the next person."""
    return rx.el.figure(
        photo_image(photo, Size.VIEW, route=routes.KIOSK_PHOTO),
        rx.cond(photo.caption != "", rx.el.figcaption(photo.caption, dir="auto")),
        class_name="kiosk-photo",
    )
