"""Buying credits: the amount, and the review before the payment."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.amounts import number_input, suggested_amounts
from rxconnect.components.forms import alert, button, button_class, field, link_button, select
from rxconnect.components.journeys import buy_steps
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, empty_state, skeleton, summary_list
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.purchases import AmountState, ReviewState
from rxconnect.state.session import SessionState


def amount() -> rx.Component:
    """Step "Amount": the facility and the number of message credits."""
    return frame(
        _("Buy credits"),
        problem_of(AmountState),
        rx.cond(
            AmountState.ready,
            card(
                rx.cond(AmountState.locations, _amount_form(), _no_locations()),
                class_name="narrow",
            ),
            skeleton("form", narrow=True),
        ),
        section="credits",
        screen=AmountState,
        above=buy_steps(0, SessionState.steps_done),
        lead=rx.cond(
            AmountState.recipient != "",
            _("{name} is in your contacts. To write you need credits: one price, with everything included.").format(
                name=AmountState.recipient
            ),
            _("One price, with everything included."),
        ),
    )


def review() -> rx.Component:
    """Step "Review": the amount to be charged, and SUBMIT."""
    return frame(
        _("Review your purchase"),
        rx.cond(
            ReviewState.problem != "",
            alert(
                ReviewState.problem,
                "bad",
                rx.cond(
                    ReviewState.purchase & ~ReviewState.is_at_bank,
                    link_button(
                        _("Use another card"), routes.fill(routes.PAYMENT, ReviewState.purchase.id), variant="quiet sm"
                    ),
                ),
            ),
        ),
        rx.cond(
            ReviewState.ready & ReviewState.purchase,
            card(
                rx.el.div(_purchase_summary(ReviewState.purchase), class_name="card-body"),
                rx.cond(ReviewState.is_at_bank, _bank_page_link(), _submit_button()),
                class_name="narrow",
            ),
            rx.cond(ReviewState.problem == "", skeleton("summary", narrow=True)),
        ),
        section="credits",
        screen=ReviewState,
        above=buy_steps(2, SessionState.steps_done),
        lead=rx.cond(
            ReviewState.is_charging | ReviewState.is_at_bank,
            _("You have pressed Submit. You do not need to press it again."),
            _("Nothing is charged until you press Submit."),
        ),
    )


def _amount_form() -> rx.Component:
    state = AmountState
    facility = select(
        "facility_id",
        rx.foreach(state.locations, lambda one: rx.el.option(f"{one.name}, {one.place}", value=one.id.to_string())),
        problem=state.problems["facility_id"],
        given=state.facility_id,
        on_tell=state.choose_facility,
    )
    number = number_input("credits", problem=state.problems["credits"], given=state.credits, on_tell=state.type_credits)
    return rx.el.form(
        rx.el.div(
            field(_("Facility"), facility, name="facility_id", problem=state.problems["facility_id"]),
            rx.cond(state.is_open, None, alert(state.closed_because, "wait")),
            suggested_amounts(state.suggestions, state.credits, state.choose_suggested),
            field(_("Message credits"), number, name="credits", problem=state.problems["credits"], hint=state.bounds),
            summary_list((_("Price"), state.price), total=(_("Total"), state.total)),
            class_name="card-body stack",
        ),
        rx.el.div(
            rx.el.span(_("You see everything once more before you pay."), class_name="small muted"),
            button(_("Next"), type="submit"),
            class_name="card-foot thumb",
        ),
        on_submit=state.continue_to_payment,
        no_validate=True,
    )


def _no_locations() -> rx.Component:
    return empty_state(
        "place",
        _("Add a facility first"),
        _("Credits are bought for one facility. Add the one you write to in your profile."),
        link_button(_("Add a facility"), routes.with_query(routes.PROFILE, for_="credits")),
    )


def _purchase_summary(purchase) -> rx.Component:
    return summary_list(
        (_("Facility"), purchase.facility),
        (_("Message credits"), _("{credits} at {price}").format(credits=purchase.credits, price=purchase.price)),
        (_("Fees"), _("none")),
        (_("Card"), purchase.card_label),
        total=(_("Total"), purchase.total),
    )


def _bank_page_link() -> rx.Component:
    """The link to the bank's own page, where the buyer confirms the payment."""
    return rx.el.div(
        rx.el.div(
            rx.el.p(_("Your bank wants to check that it is you"), class_name="strong"),
            rx.el.p(
                _(
                    "It asks you on a page of its own and then brings you back here. Nothing has been charged so far, and "
                    "you will not be charged twice."
                ),
                class_name="small muted",
            ),
            role="status",
            class_name="stack-xs",
        ),
        rx.el.div(
            button(_("I have answered my bank"), variant="quiet", on_click=ReviewState.recheck_payment),
            native_link(_("Go to your bank"), href=ReviewState.purchase.action_url, class_name=button_class("")),
            class_name="row",
        ),
        class_name="card-foot thumb",
    )


def _submit_button() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ReviewState.is_charging,
            rx.el.span(
                _(
                    "We are checking with the card processor. You will not be charged twice, and you may leave this page."
                ),
                role="status",
                class_name="small muted",
            ),
            link_button(_("Back"), routes.fill(routes.PAYMENT, ReviewState.purchase.id), variant="quiet"),
        ),
        button(
            rx.cond(ReviewState.is_charging, _("One moment"), _("Submit")),
            id="submit",
            on_click=ReviewState.submit,
            custom_attrs={"aria-disabled": rx.cond(ReviewState.is_charging, "true", "false")},
        ),
        class_name="card-foot thumb",
    )
