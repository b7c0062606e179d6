"""The room of a demo session: its code, its people, the scenario, and the trainer's controls."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, button_class
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.components.pieces import avatar, card, card_head, pill, skeleton
from rxconnect.components.sentences import plural, spliced
from rxconnect.components.time_left import time_left
from rxconnect.components.usher import usher
from rxconnect.domain.demo import NOTE_MAX, SeatKind
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame, post_button
from rxconnect.layout.frame import problem_of
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.room import RoomState

_VIEW = RoomState.view
_ME = RoomState.view.me


def room() -> rx.Component:
    """One page for everyone. The trainer sees more of it."""
    return demo_frame(
        rx.cond(RoomState.ready, _VIEW.title, _("Demo session")),
        problem_of(RoomState),
        problem_of(HostState),
        usher(state=RoomState.get_full_name(), says=_("As soon as the presenter opens a page, yours follows.")),
        rx.cond(
            RoomState.ready & (_VIEW != None),  # noqa: E711 - a Var
            rx.el.div(
                _join_card(),
                rx.el.div(_my_seat(), _people(), _questions_card(), class_name="stack"),
                _scenario_card(),
                class_name=rx.cond(_ME.is_trainer, "room", "room room-guest"),
            ),
            skeleton("tall", "block"),
        ),
        lead=rx.cond(RoomState.ready, _VIEW.about, "\u00a0"),
        beside=_leave_or_end_button(),
    )


def _leave_or_end_button() -> rx.Component:
    return rx.cond(
        RoomState.ready,
        rx.cond(
            _ME.is_trainer,
            _confirmed_action(
                _("End"),
                _("Everybody leaves, and the invented world is thrown away. You get the summary."),
                post_button(_("End the session"), routes.DEMO_END, variant="quiet sm danger"),
            ),
            post_button(_("Leave"), routes.DEMO_LEAVE, variant="quiet sm"),
        ),
    )


def _join_card() -> rx.Component:
    """The code and the address to join, large enough for the last row of a room, and the link to the product."""
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.p(_("Join with this code"), class_name="muted"),
                rx.el.p(_VIEW.code, class_name="code num", id="code"),
                rx.el.p(rx.el.span(RoomState.address, class_name="ticket-address"), class_name="ticket-link"),
                class_name="ticket-words",
            ),
            _qr_code(),
            class_name="ticket",
        ),
        rx.el.div(
            pill(time_left(RoomState.seconds_left), "still"),
            rx.cond(_VIEW.is_paused, pill(_("Paused"), "bad")),
            rx.cond(_VIEW.is_locked, pill(_("Locked"), "bad")),
            rx.cond(_VIEW.allows_guests, None, rx.el.span(_("Only with an account"), class_name="small muted")),
            class_name="row ticket-state",
        ),
        rx.el.div(
            native_link(_("Go to the product"), href=_VIEW.start, class_name=button_class("")),
            rx.cond(_ME.is_trainer, _trainer_buttons()),
            class_name="card-foot ticket-foot",
        ),
        class_name="airmail",
    )


def _qr_code() -> rx.Component:
    size = RoomState.qr_size
    return rx.el.svg(
        rx.el.path(d=RoomState.qr_path),
        view_box=f"0 0 {size} {size}",
        role="img",
        class_name="qr",
        custom_attrs={
            "aria-label": _("QR code that leads to the page where one joins"),
            "shape-rendering": "crispEdges",
        },
    )


def _trainer_buttons() -> rx.Component:
    return rx.el.div(
        _toggle_button(_VIEW.is_paused, (_("Go on"), HostState.resume_session), (_("Pause"), HostState.pause_session)),
        _toggle_button(_VIEW.is_locked, (_("Unlock"), HostState.unlock_session), (_("Lock"), HostState.lock_session)),
        _toggle_button(
            _VIEW.allows_guests,
            (_("Refuse guests"), HostState.refuse_guests),
            (_("Allow guests"), HostState.allow_guests),
        ),
        rx.cond(_VIEW.can_extend, button(_("Extend"), variant="quiet sm", on_click=HostState.extend_session)),
        class_name="row",
    )


def _toggle_button(condition: Any, yes: tuple[str, Any], no: tuple[str, Any]) -> rx.Component:
    """One button for both directions, so that it keeps the focus when its label changes."""
    return button(rx.cond(condition, yes[0], no[0]), variant="quiet sm", on_click=rx.cond(condition, yes[1], no[1]))


def _people() -> rx.Component:
    count = _VIEW.people.length()
    return card(
        card_head(
            _("People"),
            rx.el.span(plural("{count} person", "{count} people", count), class_name="small muted num"),
        ),
        rx.el.ul(rx.foreach(_VIEW.people, _person), class_name="rows people"),
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
            class_name=rx.cond(one.drives, "person drives", "person"),
        ),
        rx.el.div(
            rx.cond(one.drives, pill(_("Drives"), "good")),
            _person_buttons(one),
            class_name="row person-actions",
        ),
    )


def _person_status(one: Any) -> rx.Component:
    does = rx.fragment(" · ", rx.cond(one.follows, _("following"), _("looking around")))
    return rx.el.div(
        rx.cond(one.is_trainer, rx.fragment(_("Trainer"), " · ")),
        one.kind_label,
        rx.cond(one.drives, None, does),
        class_name="small muted",
    )


def _person_buttons(one: Any) -> rx.Component:
    """The buttons that the trainer or the driver has for a person."""
    hand_over = button(
        _("Hand over"),
        variant="quiet sm",
        on_click=RoomState.hand_over_wheel(one.id),
        aria_label=_("Hand the wheel over to {name}").format(name=one.name),
    )
    take_back = button(_("Take back"), variant="quiet sm", on_click=HostState.take_back_wheel)
    remove = _confirmed_action(
        _("Remove"),
        _("They see that they are out, and can come back with the code unless you lock the session."),
        button(_("Remove"), variant="quiet sm danger", on_click=HostState.remove_seat(one.id)),
    )
    return rx.fragment(
        rx.cond(
            one.is_me,
            rx.cond(one.is_trainer & ~one.drives, take_back),
            rx.cond(one.may_drive & ~one.drives & (_ME.is_trainer | _ME.drives), hand_over),
        ),
        rx.cond(_ME.is_trainer & ~one.is_trainer, remove),
    )


def _my_seat() -> rx.Component:
    """The driver, the kind of one's own seat, and a participant's way to ask for the wheel."""
    return card(
        card_head(_("Your seat")),
        rx.el.div(
            rx.el.p(
                rx.cond(
                    _ME.drives,
                    _("You drive. Everybody who follows sees what you do."),
                    rx.el.span(*spliced(_("{driver} drives."), driver=rx.el.strong(_VIEW.driver))),
                )
            ),
            rx.el.div(*map(_kind, SeatKind), class_name="segments", role="group", aria_label=_("Your seat")),
            rx.cond(
                _ME.drives | _ME.is_trainer,
                None,
                rx.cond(
                    _ME.may_drive,
                    rx.cond(
                        _ME.asks,
                        alert(
                            _("You have asked for the wheel. Whoever drives, or the trainer, can give it to you."),
                            "good",
                        ),
                        button(_("Ask for the wheel"), variant="quiet", on_click=RoomState.ask_for_wheel),
                    ),
                    rx.el.p(
                        _("To drive yourself, take the family's or the staff's seat first."), class_name="small muted"
                    ),
                ),
            ),
            class_name="card-body stack",
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


def _scenario_card() -> rx.Component:
    """The scenario, step by step. Steps that have really happened are ticked off."""
    return rx.cond(
        _VIEW.steps.length() > 0,
        card(
            card_head(_("The scenario")),
            rx.el.ol(rx.foreach(_VIEW.steps, _scenario_step), class_name="script"),
        ),
    )


def _scenario_step(step: Any) -> rx.Component:
    state = rx.cond(step.is_done, "done", rx.cond(step.is_next, "next", ""))
    return rx.el.li(
        rx.el.span(rx.cond(step.is_done, icon("check"), step.number), class_name="script-number num"),
        rx.el.div(
            rx.el.p(
                step.do, rx.cond(step.is_done, rx.el.span(", ", _("done"), class_name="sr")), class_name="script-do"
            ),
            rx.cond((step.say != "") & _ME.is_trainer, rx.el.p(step.say, class_name="script-say")),
            rx.cond(
                step.can_reset & _ME.is_trainer,
                _confirmed_action(
                    rx.cond(step.is_next, _("Begin this step again"), _("Go back to before this step")),
                    _("Everything since then is undone, for everybody."),
                    button(_("Undo it"), variant="quiet sm danger", on_click=HostState.reset_to_step(step.number)),
                ),
            ),
        ),
        class_name=state,
        custom_attrs={"aria-current": rx.cond(step.is_next, "step", "false")},
    )


def _questions_card() -> rx.Component:
    return rx.cond(
        _ME.is_trainer,
        card(
            card_head(_("Questions")),
            rx.el.div(
                rx.el.form(
                    rx.el.label(_("A question for later"), html_for="note", class_name="sr"),
                    rx.el.input(
                        id="note",
                        name="note",
                        class_name="input",
                        placeholder=_("What does it cost in Texas?"),
                        max_length=NOTE_MAX,
                        auto_complete="off",
                    ),
                    button(_("Note it"), type="submit", variant="quiet"),
                    on_submit=HostState.add_note,
                    reset_on_submit=True,
                    class_name="code-row",
                ),
                rx.cond(
                    _VIEW.notes.length() > 0,
                    rx.el.ul(rx.foreach(_VIEW.notes, lambda note: rx.el.li(note.text)), class_name="rules"),
                    rx.el.p(_("Whatever you note here stands in the summary."), class_name="small muted"),
                ),
                class_name="card-body stack",
            ),
        ),
    )


def _confirmed_action(label: Any, meaning: str, do: rx.Component) -> rx.Component:
    """An action that cannot be undone. The first press explains it, and the second does it."""
    return rx.el.details(
        rx.el.summary(label), rx.el.div(rx.el.p(meaning), do, class_name="sure"), class_name="sure-box"
    )
