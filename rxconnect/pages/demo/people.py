"""The people of a demo session: who is in the room, who acts, and one's own seat."""

from typing import Any

import reflex as rx

from rxconnect.components.asking import asking
from rxconnect.components.forms import alert, button
from rxconnect.components.pieces import avatar, card, card_head, pill
from rxconnect.components.sentences import named, plural, spliced
from rxconnect.domain.demo import SeatKind
from rxconnect.i18n import _
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.room import RoomState

_VIEW = RoomState.view
_ME = RoomState.view.me


def people_card() -> rx.Component:
    """The people in the room, with the buttons for each, and the choice whether everyone acts."""
    count = _VIEW.people.length()
    return card(
        card_head(
            _("People"),
            rx.el.span(plural("{count} person", "{count} people", count), class_name="small muted num"),
        ),
        rx.cond(_ME.is_trainer, rx.el.div(_who_acts(), class_name="card-body")),
        rx.el.ul(rx.foreach(_VIEW.people, _person), class_name="rows people"),
    )


def _who_acts() -> rx.Component:
    """The trainer's choice between one driver, and everyone at their own seat."""
    return rx.el.div(
        *(
            button(
                label,
                on_click=do,
                custom_attrs={"aria-pressed": rx.cond(is_on, "true", "false")},
            )
            for label, do, is_on in (
                (_("One drives"), HostState.let_one_drive, ~_VIEW.everyone_acts),
                (_("Everyone acts at their own seat"), HostState.let_everyone_act, _VIEW.everyone_acts),
            )
        ),
        class_name="segments",
        role="group",
        aria_label=_("Who acts"),
    )


def _person(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            avatar(one.name[0]),
            rx.el.div(
                rx.el.span(one.name, class_name="strong"),
                rx.cond(one.is_me, rx.el.span(" ", _("(you)"), class_name="muted")),
                rx.cond(one.asks, rx.el.div(pill(_("Asks for the wheel"), "wait")), _person_status(one)),
            ),
            class_name=rx.cond(one.acts, "person drives", "person"),
        ),
        rx.el.div(
            rx.cond(one.drives, pill(rx.cond(_VIEW.everyone_acts, _("Watched"), _("Drives")), "good")),
            _person_buttons(one),
            class_name="row person-actions",
        ),
    )


def _person_status(one: Any) -> rx.Component:
    follows = rx.cond(one.sees_name == _VIEW.driver, _("following"), _("follows {name}").format(name=one.sees_name))
    looks = rx.cond(one.follows, follows, rx.cond(one.acts, _("acting"), _("looking around")))
    does = rx.fragment(" · ", looks)
    return rx.el.div(
        rx.cond(one.is_trainer, rx.fragment(_("Trainer"), " · ")),
        one.kind_label,
        rx.cond(one.drives & ~_VIEW.everyone_acts, None, does),
        class_name="small muted",
    )


def _person_buttons(one: Any) -> rx.Component:
    """The buttons for a person: to follow them, and those that the trainer or the driver has."""
    hand_over = button(
        rx.cond(_VIEW.everyone_acts, _("Show"), _("Hand over")),
        variant="quiet sm",
        on_click=RoomState.hand_over_wheel(one.id),
        aria_label=rx.cond(
            _VIEW.everyone_acts,
            _("Show {name} to those who watch").format(name=one.name),
            named(_("Hand over"), one.name),
        ),
    )
    take_back = button(_("Take back"), variant="quiet sm", on_click=HostState.take_back_wheel)
    remove = asking(
        _("Remove"),
        _(
            "Remove {name}? They see that they are out, and can come back with the code unless you lock the session."
        ).format(name=one.name),
        _("Remove them"),
        HostState.remove_seat(one.id),
        id="ask-seat-" + one.id.to_string(),
        keep=_("Keep them"),
        variant="plain sm danger",
    )
    follow = button(
        _("Follow"),
        variant="quiet sm",
        on_click=RoomState.follow_seat(one.id),
        aria_label=_("Follow {name}").format(name=one.name),
    )
    sees = _ME.follows & (_ME.sees == one.id)
    return rx.fragment(
        rx.cond(one.acts & ~one.is_me & ~_ME.drives & ~sees, follow),
        rx.cond(
            one.is_me,
            rx.cond(one.is_trainer & ~one.drives & ~_VIEW.everyone_acts, take_back),
            rx.cond(one.may_drive & ~one.drives & (_ME.is_trainer | _ME.drives), hand_over),
        ),
        rx.cond(_ME.is_trainer & ~one.is_trainer, remove),
    )


def my_seat_card() -> rx.Component:
    """The driver, the kind of one's own seat, and a participant's way to ask for the wheel."""
    return card(
        card_head(_("Your seat")),
        rx.el.div(
            rx.el.p(_who_drives()),
            rx.el.div(*map(_kind, SeatKind), class_name="segments", role="group", aria_label=_("Your seat")),
            rx.cond(
                _ME.acts | _ME.is_trainer,
                None,
                rx.cond(
                    _ME.may_drive,
                    rx.cond(
                        _ME.asks,
                        alert(
                            _("You have asked for the wheel. Whoever drives, or the trainer, can give it to you."),
                            "good",
                        ),
                        rx.cond(
                            _VIEW.everyone_acts,
                            button(_("Act at my seat"), on_click=RoomState.stop_following),
                            button(_("Ask for the wheel"), variant="quiet", on_click=RoomState.ask_for_wheel),
                        ),
                    ),
                    rx.el.p(_("To act yourself, take another seat first."), class_name="small muted"),
                ),
            ),
            class_name="card-body stack",
        ),
    )


def _who_drives() -> rx.Component:
    return rx.cond(
        _VIEW.everyone_acts,
        rx.cond(
            _ME.acts,
            _("Everyone acts at their own seat. What you do is seen at the others."),
            rx.el.span(*spliced(_("Everyone acts. Those who watch see {driver}."), driver=rx.el.strong(_VIEW.driver))),
        ),
        rx.cond(
            _ME.drives,
            _("You drive. Everybody who follows sees what you do."),
            rx.el.span(*spliced(_("{driver} drives."), driver=rx.el.strong(_VIEW.driver))),
        ),
    )


def _kind(kind: SeatKind) -> rx.Component:
    choice = button(
        kind.label,
        on_click=RoomState.change_seat_kind(kind.value),
        custom_attrs={"aria-pressed": rx.cond(_ME.kind == kind.value, "true", "false")},
    )
    # The wheel always returns to the trainer, whose seat must be able to drive.
    return choice if kind.may_drive else rx.cond(_ME.is_trainer, None, choice)
