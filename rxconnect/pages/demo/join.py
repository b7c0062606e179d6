"""Join a demo session with its code, a name and a kind of seat. The form is native, so it works without any script."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, native_field
from rxconnect.components.native import native_form, native_link, native_radio, slot
from rxconnect.components.pieces import card
from rxconnect.components.seats import seat_name_field
from rxconnect.domain.demo import SeatKind
from rxconnect.i18n import N_, _
from rxconnect.layout.demo import demo_frame, form_message_slots

_WHAT_FOR = {
    SeatKind.WATCH: N_("You see what the presenter sees."),
    SeatKind.FAMILY: N_("You can act as the family, when it is your turn."),
    SeatKind.REVIEWER: N_("You can read letters and decide, when it is your turn."),
    SeatKind.ADMINISTRATOR: N_("You can act as the facility's administrator, when it is your turn."),
    SeatKind.AUDITOR: N_("You see who decided what, and what it cost."),
    SeatKind.KIOSK: N_("You can read and answer inside the facility, when it is your turn."),
}


def join() -> rx.Component:
    """The page to join a session."""
    return demo_frame(
        _("Join a demo session"),
        rx.el.div(form_message_slots(), _form(), class_name="join stack"),
        lead=_(
            "Everything you will see is invented. You need no account, and your name is deleted when the session ends."
        ),
    )


def _form() -> rx.Component:
    return rx.fragment(
        card(
            native_form(
                native_field(
                    _("Code of the session"),
                    "code",
                    auto_complete="off",
                    auto_capitalize="characters",
                    placeholder="CEDAR-417",
                    spell_check=False,
                    required=True,
                    hint=_("A word and three digits. Capitals and the dash do not matter."),
                ),
                seat_name_field(),
                _seat_kind_choices(),
                button(_("Join"), type="submit", variant="wide"),
                method="post",
                class_name="card-body stack",
            ),
            class_name="airmail",
        ),
        rx.el.p(native_link(_("Start a session of your own"), href=routes.DEMO), class_name="small"),
    )


def _seat_kind_choices() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Your seat"), class_name="legend"),
        rx.el.div(
            *(_seat_kind_choice(kind, is_first=place == 0) for place, kind in enumerate(SeatKind)), class_name="choices"
        ),
        slot("kind-problem", "problem"),
    )


def _seat_kind_choice(kind: SeatKind, *, is_first: bool) -> rx.Component:
    what_for = _WHAT_FOR.get(kind)
    return rx.el.label(
        native_radio("kind", kind.value, is_chosen=is_first),
        rx.el.span(kind.label, class_name="strong"),
        rx.el.span(_(what_for), class_name="hint") if what_for else None,
        class_name="choice",
    )
