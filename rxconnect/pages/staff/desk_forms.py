"""The forms below the open letter: rejecting, setting aside, escalating, notes, and the answer to an appeal."""

from typing import Any

import reflex as rx

from rxconnect.components.desk import key_button
from rxconnect.components.forms import button, checkbox, field, text_input
from rxconnect.domain.review import Outcome
from rxconnect.i18n import _
from rxconnect.state.staff.desk import DeskState


def panels() -> rx.Component:
    """The form that is open, if any."""
    return rx.match(
        DeskState.panel,
        ("reject", _reject()),
        ("aside", _aside()),
        ("escalate", _note_form(_("Escalate to an administrator"), _("Escalate"), DeskState.escalate)),
        ("return", _note_form(_("Answer to the reviewers"), _("Give back"), DeskState.return_to_reviewers)),
        ("note", _note_form(_("Internal note"), _("Save"), DeskState.add_note)),
        ("appeal", _appeal_form()),
        ("block", _block_form()),
        rx.fragment(),
    )


def _reject() -> rx.Component:
    return rx.el.form(
        field(
            _("Reason"),
            text_input(
                "reason",
                problem=DeskState.problems["reason"],
                hint=True,
                given="",
                pause=0,
                on_tell=DeskState.type_reason,
                auto_focus=True,
                auto_complete="off",
            ),
            name="reason",
            problem=DeskState.problems["reason"],
            hint=_("Type the number or the first letters, then press Enter."),
        ),
        rx.el.ol(
            rx.foreach(
                DeskState.reasons,
                lambda reason: rx.el.li(
                    button(
                        rx.fragment(rx.el.kbd(reason[0]), rx.el.span(reason[1])),
                        variant="plain sm",
                        on_click=DeskState.reject_for(reason[0]),
                    )
                ),
            ),
            id="reasons",
            class_name="desk-reasons",
        ),
        field(
            _("For whoever wrote it, if you want to add something"),
            text_input("remark", max_length=400, auto_complete="off"),
            name="remark",
        ),
        rx.cond(
            DeskState.parts.length() > 0,
            checkbox(
                _("Let the other parts through at the same time"),
                name="lets_rest_through",
                given=DeskState.lets_rest_through,
                on_tell=DeskState.choose_rest,
            ),
        ),
        rx.el.div(button(_("Reject"), variant="sm", type="submit"), cancel(), class_name="row"),
        on_submit=DeskState.reject,
        no_validate=True,
        class_name="card card-body stack-sm",
    )


def _aside() -> rx.Component:
    choices = (_("1 hour"), _("4 hours"), _("Tomorrow"), _("3 days"))
    return rx.el.div(
        rx.el.h3(_("Set aside until it comes back by itself")),
        rx.el.div(
            *(
                key_button(label, str(n), DeskState.put_aside(n), id=f"aside-{n}")
                for n, label in enumerate(choices, start=1)
            ),
            cancel(),
            class_name="row",
        ),
        class_name="card card-body stack-sm",
    )


def _note_form(title: str, label: str, on_submit: Any) -> rx.Component:
    return rx.el.form(
        field(
            title,
            text_input(
                "note",
                problem=DeskState.problems["note"],
                hint=True,
                max_length=1000,
                auto_focus=True,
                auto_complete="off",
            ),
            name="note",
            problem=DeskState.problems["note"],
            hint=_("Only staff of this facility read it, never the family."),
        ),
        rx.el.div(button(label, variant="sm", type="submit", id="send-note"), cancel(), class_name="row"),
        on_submit=on_submit,
        no_validate=True,
        class_name="card card-body stack-sm",
    )


def _block_form() -> rx.Component:
    return rx.el.form(
        field(
            _("Why nothing further may be sent between these two"),
            text_input(
                "reason",
                problem=DeskState.problems["reason"],
                hint=True,
                max_length=400,
                auto_focus=True,
                auto_complete="off",
            ),
            name="reason",
            problem=DeskState.problems["reason"],
            hint=_("The family reads it. This letter is decided as usual, and you can lift the block at Contacts."),
        ),
        rx.el.div(button(_("Block the pair"), variant="sm", type="submit"), cancel(), class_name="row"),
        on_submit=DeskState.block_pair,
        no_validate=True,
        class_name="card card-body stack-sm",
    )


def _appeal_form() -> rx.Component:
    def answer(label: str, outcome: Outcome, variant: str) -> rx.Component:
        return rx.el.form(
            field(
                label,
                text_input(
                    "answer", max_length=400, auto_complete="off", placeholder=_("Your answer to whoever appeals")
                ),
                name="answer",
            ),
            button(label, variant=variant, type="submit"),
            on_submit=lambda form: DeskState.answer_appeal(outcome.value, form),
            no_validate=True,
            class_name="stack-sm",
        )

    return rx.el.div(
        answer(_("Let the letter through"), Outcome.OVERTURNED, "sm"),
        answer(_("Keep the rejection"), Outcome.UPHELD, "quiet sm"),
        cancel(),
        class_name="card card-body stack",
    )


def cancel() -> rx.Component:
    """A button that closes the open form."""
    return button(_("Cancel"), variant="plain sm", on_click=DeskState.show_panel(""))
