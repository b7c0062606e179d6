"""Privileged letters: that there were some and when, requests to open one, and the letter that was opened."""

import reflex as rx

from rxconnect.components.desk_photos import desk_photos
from rxconnect.components.forms import button, field, text_input
from rxconnect.components.pieces import card, card_head, empty_state, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.sealed import sealed_cards
from rxconnect.state.staff.privileged import PrivilegedState

_VIEW = PrivilegedState.view
_LETTER = PrivilegedState.letter


def privileged() -> rx.Component:
    """What staff may know of the letters of verified lawyers."""
    return staff_frame(
        _("Privileged letters"),
        problem_of(PrivilegedState),
        rx.cond(
            PrivilegedState.ready,
            rx.cond(
                _VIEW,
                rx.cond(_LETTER, _opened(), _lists()),
                rx.cond(PrivilegedState.is_refused, _refused()),
            ),
            skeleton("rows", "rows"),
        ),
        section="privileged",
        lead=_("Letters with verified lawyers. Staff learn that there was one, and when."),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for administrators and auditors"),
        _("It says only when privileged letters were sent. Nobody reads them here."),
    )


def _lists() -> rx.Component:
    return rx.el.div(
        rx.cond(_VIEW.can_seal, sealed_cards()),
        rx.cond(
            _VIEW.requests,
            card(
                card_head(_("Requests to open a letter")),
                rx.el.ul(
                    rx.foreach(_VIEW.requests, _request), class_name="rows", aria_label=_("Requests to open a letter")
                ),
            ),
        ),
        card(
            card_head(_("Letters")),
            rx.cond(
                _VIEW.letters,
                rx.el.ul(
                    rx.foreach(_VIEW.letters, _letter),
                    id="privileged-letters",
                    class_name="rows",
                    aria_label=_("Letters"),
                ),
                empty_state("envelope", _("No privileged letters"), _("Letters of verified lawyers are counted here.")),
            ),
        ),
        class_name="stack narrow",
    )


def _letter(letter) -> rx.Component:
    is_open = PrivilegedState.asking == letter.message_id
    return rx.el.li(
        rx.el.span(_("1 privileged letter, sent {when}").format(when=letter.sent), class_name="strong num"),
        rx.el.span(
            _("Letter {number}").format(number=letter.message_id), " · ", letter.facility, class_name="small muted"
        ),
        rx.cond(
            _VIEW.can_ask,
            rx.el.div(
                button(
                    _("Ask to open"),
                    variant="plain sm",
                    on_click=PrivilegedState.open_form(letter.message_id),
                    aria_label=_("Ask to open letter {number}").format(number=letter.message_id),
                    aria_expanded=rx.cond(is_open, "true", "false"),
                ),
                class_name="row-actions",
            ),
        ),
        rx.cond(is_open, _ask_form()),
        key=letter.message_id,
    )


def _ask_form() -> rx.Component:
    problem = PrivilegedState.problems["reason"]
    return rx.el.form(
        field(
            _("Reason"),
            text_input(
                "reason",
                problem=problem,
                hint=True,
                max_length=400,
                auto_complete="off",
                given=PrivilegedState.reason,
            ),
            name="reason",
            problem=problem,
            hint=_(
                "Another administrator must agree. Auditors and administrators are told now, and the lawyer when the letter is opened."
            ),
        ),
        rx.el.div(button(_("Ask to open this letter"), variant="sm danger", type="submit"), class_name="row"),
        on_submit=PrivilegedState.ask,
        no_validate=True,
        class_name="stack-sm whole",
    )


def _request(one) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            _("Letter {number}").format(number=one.message_id), " · ", one.state_label, class_name="strong num whole"
        ),
        rx.el.span(
            _("Sent {when}").format(when=one.sent),
            " · ",
            one.facility,
            rx.el.br(),
            _("{name} asked, {when}").format(name=one.asked_by, when=one.asked),
            rx.cond(one.answered_by != "", " · " + _("{name} answered").format(name=one.answered_by), ""),
            rx.cond(one.open_until != "", " · " + _("open until {when}").format(when=one.open_until), ""),
            class_name="small muted num whole",
        ),
        rx.el.span(_("Reason: {reason}").format(reason=one.reason), class_name="small whole"),
        rx.el.div(
            rx.cond(
                one.can_answer,
                rx.fragment(
                    button(_("Agree"), variant="quiet sm danger", on_click=PrivilegedState.agree(one.id)),
                    button(_("Decline"), variant="quiet sm", on_click=PrivilegedState.decline(one.id)),
                ),
            ),
            rx.cond(one.can_read, button(_("Read it now"), variant="sm", on_click=PrivilegedState.read(one.id))),
            class_name="row whole",
        ),
        key=one.id,
    )


def _opened() -> rx.Component:
    return rx.el.div(
        rx.el.div(button(_("Close the letter"), variant="quiet sm", on_click=PrivilegedState.close), class_name="row"),
        rx.el.p(
            _("It is open for you until {when}. This look at it was recorded.").format(when=_LETTER.until),
            class_name="alert alert-wait",
            role="status",
        ),
        rx.el.article(
            rx.el.div(
                rx.el.span(
                    _("From {sender} to {recipient}").format(sender=_LETTER.sender, recipient=_LETTER.recipient),
                    " · ",
                    _LETTER.sent,
                    class_name="small muted",
                ),
                rx.cond(_LETTER.subject != "", rx.el.h2(_LETTER.subject)),
                class_name="message-head",
            ),
            rx.el.div(_LETTER.body, class_name="words", dir="auto"),
            class_name="card paper",
        ),
        desk_photos(_LETTER.photos),
        class_name="stack narrow",
    )
