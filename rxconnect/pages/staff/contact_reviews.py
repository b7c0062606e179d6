"""Contacts at the desk: those that wait for staff, and the blocked pairs."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button, field, text_input
from rxconnect.components.pieces import card, card_head, empty_state, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import staff_frame
from rxconnect.state.staff.contact_reviews import ContactReviewsState


def contact_reviews() -> rx.Component:
    """The contacts that wait, and the blocked pairs."""
    return staff_frame(
        _("Contacts"),
        problem_of(ContactReviewsState),
        rx.cond(ContactReviewsState.ready, _lists(), skeleton("rows", "rows")),
        section="contacts",
        lead=_("Who may write to whom, where your facility decides that before the first letter."),
    )


def _lists() -> rx.Component:
    return rx.el.div(
        card(
            card_head(_("Waiting for you")),
            rx.cond(
                ContactReviewsState.waiting,
                rx.el.ul(rx.foreach(ContactReviewsState.waiting, _waiting), class_name="rows"),
                empty_state("check", _("Nobody waits"), _("New contacts appear here by themselves.")),
            ),
        ),
        rx.cond(
            ContactReviewsState.blocked,
            card(
                card_head(_("Blocked")),
                rx.el.ul(rx.foreach(ContactReviewsState.blocked, _blocked), class_name="rows"),
            ),
        ),
        class_name="stack narrow",
    )


def _waiting(one) -> rx.Component:
    return rx.el.li(
        *_pair(one),
        rx.el.div(
            button(_("Accept"), variant="sm", on_click=ContactReviewsState.accept(*_ids(one))),
            button(_("Block"), variant="quiet sm danger", on_click=ContactReviewsState.begin_block(one.key)),
            class_name="row-actions",
        ),
        rx.cond(ContactReviewsState.blocking == one.key, _block_form()),
        key=one.key,
    )


def _blocked(one) -> rx.Component:
    return rx.el.li(
        *_pair(one),
        rx.el.div(
            button(_("Lift the block"), variant="quiet sm", on_click=ContactReviewsState.accept(*_ids(one))),
            class_name="row-actions",
        ),
        rx.el.span(one.reason, class_name="small whole"),
    )


def _pair(one) -> tuple[rx.Component, ...]:
    return (
        rx.el.span(one.family, rx.el.span(" → ", class_name="muted"), one.person, class_name="strong"),
        rx.el.span(one.number, " · ", one.facility, " · ", one.asked, class_name="small muted num"),
    )


def _block_form() -> rx.Component:
    problem = ContactReviewsState.problems["reason"]
    return rx.el.form(
        field(
            _("Reason"),
            text_input("reason", problem=problem, hint=True, max_length=400, auto_complete="off"),
            name="reason",
            problem=problem,
            hint=_("The family reads it."),
        ),
        rx.el.div(button(_("Block"), variant="sm", type="submit"), class_name="row"),
        on_submit=ContactReviewsState.block,
        no_validate=True,
        class_name="stack-sm whole",
    )


def _ids(one) -> tuple[Any, Any, Any]:
    return one.account_id, one.inmate_id, one.facility_id
