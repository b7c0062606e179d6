"""Start a demo session, or join one with its code. The form is native, so it works without any script."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button
from rxconnect.components.icons import icon
from rxconnect.components.native import native_form, native_link, native_radio, native_textarea, slot
from rxconnect.components.pieces import card
from rxconnect.components.seats import guest_choices, seat_name_field
from rxconnect.domain.demo import LASTS, OWN_SCENARIO
from rxconnect.i18n import _, ngettext
from rxconnect.layout.demo import demo_frame, form_message_slots


def start(scenarios: Mapping[str, Any]) -> rx.Component:
    """The page to start a session. `scenarios` are the built-in ones by key."""
    return demo_frame(
        _("Show RxConnect to a room"),
        form_message_slots(),
        # On a phone the form to join stands below all scenarios.
        rx.el.p(native_link(_("Join with a code"), href=routes.DEMO_JOIN, class_name="tap"), class_name="start-short"),
        rx.el.div(
            native_form(
                _scenario_choices(scenarios),
                _trainer_fields(),
                _chosen_and_start(scenarios),
                method="post",
                action=routes.DEMO,
                class_name="start-form",
            ),
            rx.el.div(_join_with_code_form(), _open_file_link(), class_name="start-join stack"),
            class_name="start",
        ),
        lead=_(
            "Everybody joins from their own phone or laptop and sees what you do, while you do it. People, messages and "
            "money are invented. A day after the end, all of it is deleted; until then, you can read the summary and take the "
            "world with you."
        ),
    )


def _scenario_choices(scenarios: Mapping[str, Any]) -> rx.Component:
    built_in = (_scenario_choice(key, one, is_first=place == 0) for place, (key, one) in enumerate(scenarios.items()))
    return rx.el.fieldset(
        rx.el.legend(_("What do you want to show?"), class_name="start-legend"),
        rx.el.div(*built_in, _own_scenario_choice(), class_name="scenes"),
        _own_scenario_field(),
        slot("scenario-problem", "problem"),
        class_name="start-scenes",
    )


def _scenario_choice(key: str, scenario: Any, *, is_first: bool) -> rx.Component:
    minutes = ngettext("minute", "minutes", scenario.minutes)
    return rx.el.label(
        native_radio("scenario", key, is_chosen=is_first),
        rx.el.span(
            rx.el.span(_(scenario.title), class_name="scene-title"),
            rx.el.span(_(scenario.about), class_name="scene-about"),
        ),
        rx.el.span(rx.el.span(rx.el.strong(scenario.minutes), minutes), class_name="credit-badge"),
        class_name="scene",
    )


def _own_scenario_choice() -> rx.Component:
    return rx.el.label(
        native_radio("scenario", OWN_SCENARIO, is_chosen=False),
        rx.el.span(
            rx.el.span(_("Your own"), class_name="scene-title"),
            rx.el.span(
                _("A scenario that you or a colleague have written: a small text file."), class_name="scene-about"
            ),
        ),
        icon("pen"),
        class_name="scene scene-own",
    )


def _own_scenario_field() -> rx.Component:
    """The field for an own scenario. CSS shows it when its card is chosen."""
    return rx.el.div(
        rx.el.p(
            _("Paste its text here. Whoever writes one for the first time changes one of ours:"),
            " ",
            native_link(_("download “A first letter”"), href=routes.fill(routes.DEMO_SCENARIO, "first-letter")),
            class_name="small muted",
        ),
        native_textarea("own_scenario", _("Text of your scenario"), rows=10, described_by="scenario-problem"),
        class_name="own",
    )


def _trainer_fields() -> rx.Component:
    return card(
        rx.el.div(
            seat_name_field(is_trainer=True),
            guest_choices(),
            rx.el.p(
                icon("lock"),
                rx.el.span(
                    _(
                        "It lasts {minutes} minutes unless you extend it. No card is charged and no email is sent."
                    ).format(minutes=int(LASTS.total_seconds() // 60))
                ),
                class_name="start-note",
            ),
            class_name="card-body stack",
        ),
        class_name="airmail start-host",
    )


def _chosen_and_start(scenarios: Mapping[str, Any]) -> rx.Component:
    """The chosen scenario's name beside the button, in sight at the bottom. CSS shows the name at the place of the chosen card."""
    titles = (*(_(one.title) for one in scenarios.values()), _("Your own"))
    return rx.el.div(
        rx.el.p(*map(rx.el.span, titles), class_name="start-chosen"),
        button(_("Start the session"), type="submit"),
        class_name="start-go",
    )


def _join_with_code_form() -> rx.Component:
    """A second form, which leads to the page to join with its code."""
    return card(
        native_form(
            rx.el.h2(_("Join with a code")),
            rx.el.p(_("The trainer says it, or shows it on a screen."), class_name="small muted"),
            rx.el.div(
                rx.el.label(_("Code of the session"), html_for="code", class_name="sr"),
                rx.el.input(
                    id="code",
                    name="code",
                    class_name="input",
                    placeholder="CEDAR-417",
                    auto_complete="off",
                    auto_capitalize="characters",
                    spell_check=False,
                    custom_attrs={"suppressHydrationWarning": rx.Var("true")},
                ),
                button(_("Join"), type="submit", variant="quiet"),
                class_name="code-row",
            ),
            method="get",
            action=routes.DEMO_JOIN,
            class_name="card-body stack-sm",
        ),
    )


def _open_file_link() -> rx.Component:
    return rx.el.p(native_link(_("Open a session that you took with you"), href=routes.DEMO_OPEN), class_name="small")
