"""The letter that is begun on the dashboard."""

import reflex as rx

from rxconnect.components.field import area_field
from rxconnect.components.forms import button
from rxconnect.components.go_keys import go_keys
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _
from rxconnect.state.family.quick_letters import QuickLetterState

_PAUSE = 400  # milliseconds after the last key, before it is saved


def quick_letter() -> rx.Component:
    """A sheet for a letter to the person of the newest one. Nothing is shown to somebody without letters."""
    state = QuickLetterState
    return rx.cond(state.letter, _sheet(state, state.letter))


def _sheet(state, letter) -> rx.Component:
    problem = rx.cond(state.problem != "", state.problem, state.problems["body"])
    return rx.el.form(
        # In full, since another day the letter here is to somebody else.
        rx.el.label(
            *spliced(_("To {name}"), name=letter.name),
            rx.el.span(" · ", letter.number, class_name="muted num"),
            html_for="body",
            class_name="quick-to",
        ),
        area_field(
            id="body",
            name="body",
            given=state.body,
            on_tell=state.keep,
            pause=_PAUSE,
            dir="auto",
            placeholder=_("Write here"),
            custom_attrs={
                "aria-describedby": "body-problem body-cost",
                "aria-invalid": rx.cond(problem, "true", "false"),
            },
        ),
        rx.el.p(problem, id="body-problem", class_name="problem", role="alert"),
        rx.el.div(
            rx.el.span(_cost(state, letter), id="body-cost", class_name="muted num"),
            rx.el.div(
                button(_("Add photos or a subject"), variant="plain sm", on_click=state.open_page),
                button(_("Continue"), type="submit", variant="sm", id="quick-continue"),
                class_name="row",
            ),
            class_name="paper-foot",
        ),
        go_keys(target="quick-continue"),
        on_submit=state.go_on,
        no_validate=True,
        class_name="card paper quick",
    )


def _cost(state, letter) -> rx.Var:
    """What the letter costs. Before anything is written, how many credits there are."""
    figures = state.figures
    cost = rx.cond(figures.credits_after != "", f"{figures.cost} · {figures.credits_after}", figures.cost)
    return rx.cond(figures.cost != "", rx.cond(figures.is_over, figures.left, cost), letter.has)
