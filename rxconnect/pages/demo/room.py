"""The room of a demo session: its code, its people, the scenario, and the trainer's controls."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.breaks import outcome
from rxconnect.components.forms import button, button_class
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, pill, skeleton
from rxconnect.components.sentences import spliced
from rxconnect.components.time_left import time_left
from rxconnect.components.usher import usher
from rxconnect.domain.demo import NOTE_MAX
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame, post_button
from rxconnect.layout.frame import problem_of
from rxconnect.pages.demo.judging_card import judging_card
from rxconnect.pages.demo.people import my_seat_card, people_card
from rxconnect.pages.demo.requirements import requirements_card
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.requirements import RequirementsState
from rxconnect.state.demo.room import RoomState

_VIEW = RoomState.view
_ME = RoomState.view.me


def room() -> rx.Component:
    """One page for everyone. The trainer sees more of it."""
    return demo_frame(
        rx.cond(RoomState.ready, _VIEW.title, _("Demo session")),
        problem_of(RoomState),
        problem_of(HostState),
        problem_of(RequirementsState),
        usher(state=RoomState.get_full_name(), says=_("As soon as the presenter opens a page, yours follows.")),
        rx.cond(
            RoomState.ready & (_VIEW != None),  # noqa: E711 - a Var
            rx.el.div(
                _join_card(),
                rx.el.div(judging_card(), my_seat_card(), people_card(), _questions_card(), class_name="stack"),
                rx.el.div(
                    _breaks_card(),
                    _scenario_card(),
                    _more_card(),
                    rx.cond(_ME.is_trainer, _take_card()),
                    class_name="stack",
                ),
                rx.cond(_ME.is_trainer, requirements_card()),
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
            asking(
                _("End"),
                _(
                    "End the session? Everybody leaves. Until tomorrow you can read the summary and take the invented world "
                    "with you; then all of it is deleted."
                ),
                _("End the session"),
                id="ask-end",
                keep=_("Let it go on"),
                variant="quiet sm danger",
                action=routes.DEMO_END,
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
            rx.el.span(
                rx.cond(_VIEW.newest != "", _("{name} has joined.").format(name=_VIEW.newest), ""),
                class_name="small strong",
                role="status",
            ),
            rx.cond(_VIEW.is_paused, pill(_("Paused"), "bad")),
            rx.cond(_VIEW.is_locked, pill(_("Locked"), "bad")),
            rx.cond(_VIEW.allows_guests, None, rx.el.span(_("Only with an account"), class_name="small muted")),
            class_name="row ticket-state",
        ),
        rx.el.div(
            rx.el.div(
                native_link(_("Go to the product"), href=_VIEW.start, class_name=button_class("")),
                native_link(_("Show all sides"), href=routes.DEMO_SPLIT, class_name=button_class("quiet")),
                class_name="row",
            ),
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


def _scenario_card() -> rx.Component:
    """The scenario, step by step. Steps that have really happened are ticked off."""
    return rx.cond(
        _VIEW.steps.length() > 0,
        card(
            card_head(_("The scenario")),
            rx.cond(_VIEW.next_step == 0, _all_shown()),
            rx.el.ol(rx.foreach(_VIEW.steps, _scenario_step), class_name="script"),
        ),
    )


def _all_shown() -> rx.Component:
    """What a trainer is told after the last step, with what they may do now."""
    return rx.el.div(
        rx.el.p(
            _("All {count} steps were shown.").format(count=_VIEW.steps.length()), class_name="strong", role="status"
        ),
        rx.cond(
            _ME.is_trainer,
            rx.el.p(
                *spliced(
                    _("You can end the session at the top of this page, or show something else: {link}."),
                    link=native_link(_("the product"), href=_VIEW.start),
                ),
                class_name="small muted",
            ),
        ),
        class_name="card-body stack-xs",
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
            rx.cond(step.is_next & _ME.is_trainer, _way_to(step)),
            rx.cond(
                step.can_reset & _ME.is_trainer,
                asking(
                    rx.cond(step.is_next, _("Begin this step again"), _("Go back to before this step")),
                    _("Go back? Everything since then is undone, for everybody."),
                    _("Undo it"),
                    HostState.reset_to_step(step.number),
                    id="ask-step-" + step.number.to_string(),
                    keep=_("Stay here"),
                ),
            ),
        ),
        class_name=state,
        custom_attrs={"aria-current": rx.cond(step.is_next, "step", "false")},
    )


def _way_to(step: Any) -> rx.Component:
    """What the trainer presses to begin a step: its seat, or else its page."""
    return rx.cond(
        (step.seat != "") & (step.seat != _ME.kind),
        button(step.take, variant="quiet sm", on_click=RoomState.begin_step(step.number)),
        rx.cond(step.page != "", native_link(_("Go there"), href=step.page, class_name=button_class("quiet sm"))),
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


def _take_card() -> rx.Component:
    """The way to take the world along before the end, as it is now."""
    return card(
        card_head(_("Take this world with you")),
        rx.el.div(
            rx.el.p(
                _(
                    "A file with the letters, credits and steps as they are now. It opens the same world again, in this "
                    "installation alone. Nobody who is in the room is in it."
                ),
                class_name="small muted",
            ),
            native_link(
                icon("download"), _("Download the file"), href=routes.DEMO_WORLD, class_name=button_class("quiet")
            ),
            class_name="card-body stack-sm",
        ),
    )


def _breaks_card() -> rx.Component:
    """What the trainer has broken in front of everybody, the newest first."""

    def line(one: Any) -> rx.Component:
        return rx.el.li(rx.el.h3(one.title), outcome(one), key=one.id)

    return rx.cond(
        _VIEW.breaks.length() > 0,
        card(
            card_head(_("Broken in front of you")),
            rx.el.div(rx.el.ul(rx.foreach(_VIEW.breaks, line), class_name="card-body stack"), role="status"),
        ),
    )


def _more_card() -> rx.Component:
    """What else a trainer can show."""
    links = (
        (
            _("Break it in front of us"),
            routes.DEMO_BREAK,
            _("Kill a worker, alter the audit, try a lawyer's letter."),
        ),
        (_("Your own facility"), routes.DEMO_FACILITY, _("Their name, price, rules, and a try of their roster.")),
    )
    return rx.cond(
        _ME.is_trainer,
        card(
            card_head(_("More to show")),
            rx.el.ul(
                *(
                    rx.el.li(
                        rx.el.a(title, href=address, class_name="strong"),
                        rx.el.p(about, class_name="small muted"),
                    )
                    for title, address, about in links
                ),
                class_name="card-body stack",
            ),
        ),
    )
