"""What stands beside the open letter: notes, decisions, both histories, earlier letters, and the rules."""

from typing import Any

import reflex as rx

from rxconnect.components.own_texts import own_text_item, written_in
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.state.staff.desk import DeskState

_LETTER = DeskState.letter


def beside() -> rx.Component:
    """The column beside the letter."""
    return rx.el.aside(
        _details(
            _("Found by rules"),
            rx.foreach(_LETTER.found_by, _found),
            is_shown=_LETTER.found_by.length() > 0,
            is_open=True,
        ),
        _details(_("Notes"), rx.foreach(_LETTER.notes, _note), is_shown=_LETTER.notes.length() > 0, is_open=True),
        _details(_("Decisions"), rx.foreach(_LETTER.decisions, _decision), is_shown=_LETTER.decisions.length() > 0),
        _history(rx.cond(_LETTER.is_reply, _("The family"), _("The sender")), _LETTER.sender_history),
        _history(_("The person in custody"), _LETTER.person_history),
        _details(_("Earlier letters"), rx.foreach(_LETTER.beside, _earlier), is_shown=_LETTER.beside.length() > 0),
        rx.el.details(
            rx.el.summary(_("Rules of {facility}").format(facility=_LETTER.facility)),
            rx.cond(_LETTER.untranslated != "", rx.el.p(_LETTER.untranslated, class_name="small muted")),
            rx.el.ul(rx.foreach(_LETTER.rules, own_text_item), class_name="rules"),
        ),
        class_name="desk-beside card card-body",
        aria_label=_("Beside the letter"),
    )


def _details(title: str, content: Any, *, is_shown: Any, is_open: bool = False) -> rx.Component:
    return rx.cond(
        is_shown, rx.el.details(rx.el.summary(title), rx.el.ul(content, class_name="stack-sm"), open=is_open)
    )


def _found(rule) -> rx.Component:
    return rx.el.li(
        rx.el.span(rule.name, class_name="small strong"),
        rx.el.span(
            " · ",
            rule.label,
            rx.cond(rule.count > 0, rx.el.span(" · ", plural("{count} passage", "{count} passages", rule.count))),
            class_name="xs muted num",
        ),
    )


def _note(note) -> rx.Component:
    return rx.el.li(rx.el.p(note.text, class_name="small"), rx.el.p(note.by, " · ", note.at, class_name="xs muted num"))


def _decision(decision) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            decision.outcome_label,
            rx.cond(decision.reason_label != "", f": {decision.reason_label}", ""),
            class_name="small",
        ),
        rx.el.p(decision.by, " · ", decision.at, " · ", decision.state_label, class_name="xs muted num"),
    )


def _history(title: Any, history) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.span(title, ": ", history.name),
            rx.cond(history.rejected > 0, rx.el.span(history.rejected, class_name="count")),
        ),
        rx.el.p(
            plural("{count} letter in a year", "{count} letters in a year", history.letters),
            ", ",
            plural("{count} rejected", "{count} rejected", history.rejected),
            rx.cond(
                history.overturned > 0,
                rx.el.span(", ", _("{count} overturned").format(count=history.overturned)),
            ),
            class_name="small",
        ),
        rx.el.ul(
            rx.foreach(history.reasons, lambda reason: rx.el.li(reason[0], " · ", reason[1], class_name="xs muted")),
        ),
    )


def _earlier(letter) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.cond(letter.is_from_family, _("Family"), _("Their reply")),
            " · ",
            letter.at,
            " · ",
            letter.status_label,
            class_name="xs muted num",
        ),
        rx.el.p(rx.cond(letter.subject != "", letter.subject, ""), class_name="small strong"),
        rx.el.p(letter.body, class_name="small desk-earlier", **written_in(letter.written_in)),
    )
