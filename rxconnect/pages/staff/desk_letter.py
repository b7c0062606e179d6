"""The open letter of the desk, and the buttons that decide it."""

import reflex as rx

from rxconnect.components.desk import key_button, key_cap, shortcut
from rxconnect.components.desk_photos import desk_photos
from rxconnect.components.forms import alert, button
from rxconnect.components.marks import marked
from rxconnect.components.own_texts import written_in
from rxconnect.components.pieces import card, empty_state, pill
from rxconnect.components.sentences import spliced
from rxconnect.domain.review import Queue, Shelf
from rxconnect.i18n import _
from rxconnect.pages.staff.desk_beside import beside
from rxconnect.pages.staff.desk_forms import panels
from rxconnect.state.staff.desk import DeskState

_LETTER = DeskState.letter


def nothing_open() -> rx.Component:
    """The place of the letter while none is open."""
    return card(
        empty_state(
            "envelope",
            _("No letter is open"),
            _("The next one is the letter that is due first. You can do everything here with the keyboard."),
            rx.el.div(
                button(
                    rx.fragment(_("Open the next letter"), key_cap("N")),
                    on_click=DeskState.next,
                    id="next-letter",
                    custom_attrs=shortcut("n"),
                ),
                key_button(_("Keys"), "?", DeskState.show_panel("keys"), variant="plain"),
                class_name="row",
            ),
        )
    )


def letter() -> rx.Component:
    """The letter with what belongs to it."""
    return rx.el.div(
        rx.el.div(
            _paper(), desk_photos(_LETTER.photos), _parts(), _why_not(), panels(), class_name="stack-sm desk-reading"
        ),
        beside(),
        _actions(),
        class_name="desk-open",
        key=_LETTER.message_id,
    )


def _paper() -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.span(
                *spliced(
                    _("From {sender} to {recipient}"),
                    sender=rx.cond(_LETTER.is_reply, _LETTER.person, _LETTER.sender),
                    recipient=rx.cond(_LETTER.is_reply, _LETTER.sender, _LETTER.person),
                ),
                class_name="small muted",
            ),
            rx.el.span(_LETTER.sent, class_name="small muted num"),
            rx.el.h2(
                rx.cond(
                    _LETTER.subject != "",
                    marked(_LETTER.subject_pieces),
                    rx.cond(_LETTER.is_reply, _("A reply"), _("Without a subject")),
                ),
                id="letter-title",
                tab_index=-1,
            ),
            rx.el.p(
                _LETTER.number,
                rx.cond(_LETTER.housing != "", f" · {_LETTER.housing}", ""),
                " · ",
                rx.el.span(_LETTER.due, class_name=rx.cond(_LETTER.is_overdue, "overdue", "")),
                class_name="xs muted num whole",
            ),
            rx.el.p(
                rx.cond(_LETTER.is_reply, pill(_("From inside"), "wait")),
                pill(_LETTER.held_for, "wait"),
                rx.cond(_LETTER.language != "", pill(_LETTER.language, "wait")),
                rx.cond(_LETTER.shelf != Shelf.WAITING.value, pill(_LETTER.status_label, "wait")),
                class_name="row whole",
            ),
            class_name="message-head",
        ),
        rx.el.div(marked(_LETTER.pieces), class_name="words", **written_in(_LETTER.written_in)),
        rx.cond(_LETTER.appeal, _appeal(_("The family’s appeal"), _LETTER.appeal)),
        rx.cond(_LETTER.protest, _appeal(_("The protest of the person in custody"), _LETTER.protest)),
        class_name="card paper",
        aria_label=_("Letter"),
    )


def _appeal(title: str, appeal) -> rx.Component:
    return rx.el.div(
        rx.el.h3(title),
        rx.el.p(appeal.text, class_name="small"),
        rx.el.p(appeal.at, class_name="xs muted num"),
        class_name="card-body desk-appeal stack-sm",
    )


def _parts() -> rx.Component:
    """The parts of a letter, when it has several that are decided one by one."""
    return rx.cond(
        _LETTER["items"].length() > 1,
        rx.el.fieldset(
            rx.el.legend(_("Decide only some parts"), class_name="legend"),
            rx.foreach(
                _LETTER["items"],
                lambda item: rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        checked=DeskState.parts.contains(item.id),
                        disabled=~item.is_open,
                        on_change=lambda _value: DeskState.choose_part(item.id),
                    ),
                    rx.el.span(item.label, " · ", item.status_label),
                    class_name="check",
                ),
            ),
        ),
    )


def _why_not() -> rx.Component:
    return rx.cond(_LETTER.why_not != "", alert(_LETTER.why_not, "wait"))


def _actions() -> rx.Component:
    """The buttons below the letter, each with its key."""
    is_appeal = _LETTER.queue == Queue.APPEALS.value
    return rx.el.div(
        rx.cond(
            _LETTER.may_decide,
            rx.fragment(
                rx.cond(
                    is_appeal,
                    key_button(_("Decide the appeal"), "D", DeskState.show_panel("appeal"), variant=""),
                    rx.fragment(
                        key_button(_("Approve"), "A", DeskState.approve, variant="", id="approve-letter"),
                        key_button(
                            _("Reject"), "R", DeskState.show_panel("reject"), variant="quiet danger", id="reject-letter"
                        ),
                    ),
                ),
                rx.cond(
                    _LETTER.shelf == Shelf.WAITING.value,
                    rx.fragment(
                        key_button(_("Set aside"), "S", DeskState.show_panel("aside"), id="aside-letter"),
                        key_button(_("Escalate"), "E", DeskState.show_panel("escalate"), id="escalate-letter"),
                    ),
                    rx.cond(
                        _LETTER.shelf == Shelf.ESCALATED.value,
                        key_button(_("Give back"), "B", DeskState.show_panel("return")),
                        key_button(_("Put back"), "B", DeskState.put_back),
                    ),
                ),
            ),
        ),
        key_button(_("Note"), "T", DeskState.show_panel("note"), variant="plain"),
        button(_("Block the pair"), variant="plain sm", on_click=DeskState.show_panel("block")),
        rx.el.span(
            key_button(_("Previous"), "P", DeskState.previous, variant="plain"),
            key_button(_("Next"), "N", DeskState.next, variant="plain"),
            key_button(_("Close"), "Escape", DeskState.close, variant="plain"),
            key_button(_("Keys"), "?", DeskState.show_panel("keys"), variant="plain"),
            class_name="row push",
        ),
        class_name="desk-actions",
        role="toolbar",
        aria_label=_("Decide"),
    )
