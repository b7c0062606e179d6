"""The queue of the desk: its figures, its shelves, its filters, and a line for each letter."""

from typing import Any

import reflex as rx

from rxconnect.components.asking import asking
from rxconnect.components.forms import button, field, select, text_input
from rxconnect.components.more import more_button
from rxconnect.components.pieces import empty_state
from rxconnect.domain.languages import MY_LANGUAGES, language_choices
from rxconnect.domain.review import HoldReason, Queue, Shelf
from rxconnect.i18n import _
from rxconnect.state.staff.desk import DeskState

_LETTER = DeskState.letter


def counts() -> rx.Component:
    """The figures above the desk: what waits now, and how long the letters decided today have waited."""
    now, times = DeskState.counts, DeskState.times
    return rx.el.p(
        rx.el.span(rx.el.strong(now.waiting), " ", _("waiting")),
        rx.el.span(rx.el.strong(now.overdue), " ", _("overdue"), class_name=rx.cond(now.overdue > 0, "overdue", "")),
        rx.cond(
            times & (times.median != ""),
            rx.fragment(
                rx.el.span(rx.el.strong(times.median), " ", _("median today")),
                rx.el.span(rx.el.strong(times.p95), " ", _("for 19 of 20 today")),
                rx.el.span(rx.el.strong(times.misses), " ", _("missed in 90 days")),
            ),
        ),
        class_name="desk-counts num",
        role="status",
    )


def queue() -> rx.Component:
    """The letters of the chosen shelf, the one that is due first at the top."""
    return rx.el.section(
        _shelves(),
        _colleagues(),
        _filters(),
        rx.cond(
            DeskState.lines,
            rx.el.ol(rx.foreach(DeskState.lines, _line), class_name="desk-lines"),
            empty_state("check", _("Nothing waits here"), _("New letters appear by themselves.")),
        ),
        rx.cond(
            DeskState.next_cursor != "",
            more_button(_("Show more"), variant="plain sm wide", on_click=DeskState.more),
        ),
        class_name="card desk-queue",
        aria_label=_("Queue"),
    )


def _colleagues() -> rx.Component:
    """The others who have a letter open just now."""
    return rx.cond(
        DeskState.looking,
        rx.el.ul(
            rx.foreach(
                DeskState.looking,
                lambda one: rx.cond(
                    one.is_me, None, rx.el.li(_("{name} opened a letter {when}.").format(name=one.name, when=one.since))
                ),
            ),
            class_name="desk-colleagues xs muted",
        ),
    )


def _shelves() -> rx.Component:
    counts = DeskState.counts
    return rx.el.div(
        _shelf("shelf-waiting", _("Waiting"), counts.waiting, Queue.LETTERS, Shelf.WAITING),
        _shelf("shelf-appeals", _("Appeals"), counts.appeals, Queue.APPEALS, Shelf.WAITING),
        _shelf("shelf-aside", _("Set aside"), counts.set_aside, Queue.LETTERS, Shelf.SET_ASIDE),
        _shelf("shelf-escalated", _("Escalated"), counts.escalated, Queue.LETTERS, Shelf.ESCALATED),
        class_name="segments desk-shelves",
        role="group",
        aria_label=_("Which letters"),
    )


def _shelf(control: str, label: str, count: Any, queue: Queue, shelf: Shelf) -> rx.Component:
    is_chosen = (DeskState.shown.queue == queue.value) & (DeskState.shown.shelf == shelf.value)
    return rx.el.button(
        label,
        rx.cond(count > 0, rx.el.span(" ", count, class_name="num muted")),
        type="button",
        id=control,
        on_click=DeskState.choose(queue.value, shelf.value),
        aria_pressed=rx.cond(is_chosen, "true", "false"),
    )


def _filters() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Filter")),
        rx.cond(DeskState.saved, rx.el.div(rx.foreach(DeskState.saved, _saved_filter), class_name="row")),
        rx.el.form(
            rx.cond(
                DeskState.facilities.length() > 1,
                field(
                    _("Facility"),
                    select(
                        "facility",
                        rx.el.option(_("All"), value=""),
                        rx.foreach(DeskState.facilities, lambda one: rx.el.option(one[1], value=one[0].to_string())),
                    ),
                    name="facility",
                ),
            ),
            field(
                _("Why it waits"),
                select(
                    "held_for",
                    rx.el.option(_("Any reason"), value=""),
                    *(rx.el.option(reason.label, value=reason.value) for reason in HoldReason),
                ),
                name="held_for",
            ),
            field(
                _("Language"),
                select(
                    "language",
                    rx.el.option(_("Any language"), value=""),
                    rx.el.option(_("My languages"), value=MY_LANGUAGES),
                    *(rx.el.option(name, value=code) for code, name in language_choices()),
                ),
                name="language",
            ),
            field(
                _("Who has it open"),
                select(
                    "claim",
                    rx.el.option(_("Anybody or nobody"), value=""),
                    rx.el.option(_("Nobody"), value="free"),
                    rx.el.option(_("I"), value="mine"),
                ),
                name="claim",
            ),
            rx.el.label(
                rx.el.input(type="checkbox", name="is_overdue"), rx.el.span(_("Only overdue")), class_name="check"
            ),
            button(_("Show"), variant="quiet sm", type="submit"),
            on_submit=DeskState.filter,
            class_name="stack-sm",
        ),
        rx.el.form(
            field(
                _("Save this filter as"),
                text_input("name", problem=DeskState.problems["name"], max_length=40),
                name="name",
                problem=DeskState.problems["name"],
            ),
            button(_("Save"), variant="quiet sm", type="submit"),
            on_submit=DeskState.save_filter,
            reset_on_submit=True,
            class_name="stack-sm",
        ),
        class_name="desk-filters",
    )


def _saved_filter(saved) -> rx.Component:
    return rx.el.span(
        button(saved.name, variant="quiet sm", on_click=DeskState.use_filter(saved.id)),
        asking(
            "×",
            _("Delete the filter {name}?").format(name=saved.name),
            _("Delete it"),
            DeskState.delete_filter(saved.id),
            id="ask-filter-" + saved.id.to_string(),
            aria_label=_("Delete the filter {name}").format(name=saved.name),
        ),
        class_name="row",
    )


def _line(line) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.cond(line.is_reply, line.person, line.sender),
                rx.el.span(" → ", class_name="muted"),
                rx.cond(line.is_reply, line.sender, line.person),
                class_name="strong small whole",
            ),
            rx.el.span(
                rx.cond(line.subject != "", line.subject, _("Without a subject")), class_name="desk-subject", dir="auto"
            ),
            rx.el.span(
                rx.cond(
                    line.claimed_by != "",
                    rx.cond(line.is_mine, _("open here"), _("open at {name}’s").format(name=line.claimed_by)),
                    rx.cond(line.until != "", line.until, line.due),
                ),
                class_name=rx.cond(line.is_overdue, "xs num overdue", "xs num muted"),
            ),
            type="button",
            on_click=DeskState.open(line.message_id),
            title=line.held_for,
            custom_attrs={
                "aria-current": rx.cond(_LETTER & (_LETTER.message_id == line.message_id), "true", "false"),
                "data-mark": rx.cond(DeskState.shown.shelf == Shelf.ESCALATED.value, "escalated-letter", ""),
            },
        ),
        key=line.message_id,
    )
