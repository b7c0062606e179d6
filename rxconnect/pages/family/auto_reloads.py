"""Auto-reload at one facility."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.amounts import number_input, suggested_amounts
from rxconnect.components.forms import alert, button, field, link_button
from rxconnect.components.pieces import back_link, card, card_head, empty_state, pill, skeleton_columns, summary_list
from rxconnect.components.stored_cards import stored_card
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.auto_reloads import AutoReloadState


def auto_reload() -> rx.Component:
    """Auto-reload: how many credits, with which card, up to what cost a month, on or off."""
    state = AutoReloadState
    return frame(
        _("Auto-reload"),
        problem_of(state),
        rx.cond(
            state.ready & state.auto_reload,
            rx.el.div(
                card(_facility_and_status(), rx.cond(state.cards, _form(), _no_cards())),
                rx.el.div(_this_months_reloads(), _how_it_works(), class_name="stack"),
                class_name="grid",
            ),
            rx.cond(state.problem == "", skeleton_columns(("form",), ("block",))),
        ),
        section="credits",
        screen=AutoReloadState,
        lead=_("Auto-reload buys credits for you when few are left, so that a message does not have to wait."),
        above=back_link(_("Credits"), routes.CREDITS),
    )


def _facility_and_status() -> rx.Component:
    return card_head(
        AutoReloadState.auto_reload.facility,
        rx.cond(
            AutoReloadState.auto_reload.is_on, pill(_("On"), "good"), rx.el.span(_("Off"), class_name="small muted")
        ),
    )


def _form() -> rx.Component:
    state = AutoReloadState
    return rx.el.form(
        rx.el.div(
            rx.cond(
                state.auto_reload.paused != "",
                alert(_("It has stopped. {paused}").format(paused=state.auto_reload.paused), "wait"),
            ),
            rx.cond(state.is_open, None, alert(state.closed_because, "wait")),
            field(
                _("Buy when I have fewer credits than"),
                _number_field("level", state.level, state.type_level),
                name="level",
                problem=state.problems["level"],
                hint=_("You have {unused} now.").format(unused=state.auto_reload.unused),
            ),
            suggested_amounts(state.suggestions, state.credits, state.choose_suggested),
            field(
                _("Credits to buy"),
                _number_field("credits", state.credits, state.type_credits),
                name="credits",
                problem=state.problems["credits"],
                hint=state.bounds,
            ),
            summary_list((_("Price"), state.price), total=(_("One reload costs"), state.cost)),
            field(
                _("Monthly limit in dollars"),
                _number_field("cap", state.cap, state.type_cap, input_mode="decimal"),
                name="cap",
                problem=state.problems["cap"],
                hint=_("Once a reload would go beyond it, nothing is bought until the next month begins."),
            ),
            _cards(),
            class_name="card-body stack",
        ),
        _consent_and_buttons(),
        on_submit=state.turn_on,
        no_validate=True,
    )


def _number_field(name: str, given, on_tell, *, input_mode: str = "numeric") -> rx.Component:
    problem = AutoReloadState.problems[name]
    return number_input(name, problem=problem, given=given, on_tell=on_tell, input_mode=input_mode)


def _cards() -> rx.Component:
    state = AutoReloadState
    return rx.el.fieldset(
        rx.el.legend(_("Card"), class_name="legend"),
        rx.el.div(rx.foreach(state.cards, lambda stored: stored_card(stored, state)), class_name="choices"),
        rx.el.p(state.problems["card"], id="card-problem", class_name="problem", role="alert"),
        rx.el.a(_("Add or correct a card"), href=routes.CARDS, class_name="small tap"),
        id="card",
        custom_attrs={"tabIndex": -1, "aria-describedby": "card-problem"},
        class_name="stack-sm",
    )


def _consent_and_buttons() -> rx.Component:
    """The consent text, right above its button."""
    state = AutoReloadState
    return rx.el.div(
        rx.cond(
            state.consent != "",
            rx.el.p(state.consent, class_name="small", id="consent"),
        ),
        rx.el.div(
            button(
                rx.cond(state.auto_reload.is_on, _("Save changes"), _("Turn on")),
                type="submit",
                custom_attrs={"aria-describedby": "consent"},
            ),
            rx.cond(
                state.auto_reload.is_on,
                button(_("Turn off"), variant="quiet danger", on_click=state.turn_off),
            ),
            class_name="row",
        ),
        class_name="card-foot stacked",
    )


def _no_cards() -> rx.Component:
    return empty_state(
        "credits",
        _("Store a card first"),
        _("Auto-reload charges a card that you have stored."),
        link_button(_("Add a card"), routes.CARDS),
    )


def _this_months_reloads() -> rx.Component:
    auto_reload = AutoReloadState.auto_reload
    return rx.cond(
        auto_reload.is_new,
        None,
        card(
            card_head(_("Charged this month")),
            rx.el.div(
                rx.el.p(auto_reload.spent, class_name="strong num"),
                rx.cond(
                    auto_reload.rests_until != "",
                    rx.el.p(
                        _("The limit is reached, so it buys nothing more until {rests_until}.").format(
                            rests_until=auto_reload.rests_until
                        ),
                        class_name="small",
                    ),
                ),
                class_name="card-body stack-xs",
            ),
            rx.cond(
                auto_reload.this_month,
                rx.el.ul(
                    rx.foreach(auto_reload.this_month, _reload_row),
                    class_name="rows",
                    aria_label=_("This month's reloads"),
                ),
            ),
        ),
    )


def _reload_row(one) -> rx.Component:
    what = rx.el.a(one.what, href=routes.fill(routes.RECEIPT, one.number), class_name="row-link num")
    return rx.el.li(
        rx.cond(one.number != "", what, rx.el.span(one.what, class_name="num")),
        rx.el.span(one.at, class_name="small muted num"),
        rx.el.div(pill(one.label, one.tone), class_name="row-actions"),
    )


def _how_it_works() -> rx.Component:
    lines = (
        _("It is off until you turn it on, and you can turn it off at any time."),
        _("You get an email and a receipt each time."),
        _(
            "It stops by itself and tells you when the price changes, when your card cannot be charged, when credits here are "
            "refunded, and when none of your contacts is at the facility any more."
        ),
        _("A refund does not raise the limit: it counts everything that we charge in a calendar month."),
    )
    return rx.el.div(
        rx.el.h2(_("How auto-reload works")),
        rx.el.ul(*(rx.el.li(line) for line in lines), class_name="rules"),
        class_name="stack-sm",
    )
