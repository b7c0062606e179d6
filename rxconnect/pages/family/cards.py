"""Stored cards, and the step "Payment" with a stored or a new card."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.card_fields import card_fields, expiry_input
from rxconnect.components.forms import button, checkbox, field, text_input
from rxconnect.components.journeys import buy_steps
from rxconnect.components.pieces import back_link, card, card_head, empty_state, pill, skeleton_columns, summary_list
from rxconnect.components.sentences import named, spliced
from rxconnect.components.stored_cards import stored_card
from rxconnect.components.test_cards import test_cards, test_cards_hint
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.cards import CardsState, PaymentState
from rxconnect.state.session import SessionState


def stored_cards() -> rx.Component:
    """The account's stored cards: edit, choose the default, remove, add."""
    return frame(
        _("Cards"),
        problem_of(CardsState),
        rx.cond(
            CardsState.ready,
            rx.el.div(
                rx.el.div(
                    card(
                        card_head(_("Stored cards")),
                        rx.cond(
                            CardsState.cards,
                            rx.el.ul(rx.foreach(CardsState.cards, _stored_card_row), aria_label=_("Stored cards")),
                            empty_state(
                                "credits", _("No cards yet"), _("Add one here, or save it when you next buy credits.")
                            ),
                        ),
                    ),
                    _add_card_form(),
                    class_name="stack",
                ),
                rx.cond(CardsState.test_cards, test_cards(CardsState.test_cards)),
                class_name="grid",
            ),
            skeleton_columns(("rows", "form"), ("block",)),
        ),
        section="profile",
        lead=_("Only the card processor has your card numbers. We see the last four digits."),
        above=back_link(_("Profile"), routes.PROFILE),
    )


def payment() -> rx.Component:
    """Step "Payment": a stored card with its CVV entered again, or a new card."""
    return frame(
        _("Payment"),
        problem_of(PaymentState),
        rx.cond(
            PaymentState.ready & PaymentState.purchase,
            rx.el.div(
                card(
                    rx.cond(PaymentState.cards, _stored_or_new_switch()),
                    rx.cond(PaymentState.uses_stored, _stored_card_form(), _new_card()),
                ),
                rx.el.div(
                    _order_summary(PaymentState.purchase),
                    rx.cond(PaymentState.test_cards, test_cards(PaymentState.test_cards)),
                    class_name="stack",
                ),
                class_name="grid",
            ),
            rx.cond(PaymentState.problem == "", skeleton_columns(("form",), ("summary",))),
        ),
        section="credits",
        screen=PaymentState,
        above=rx.fragment(
            buy_steps(1, SessionState.steps_done),
            rx.cond(
                PaymentState.purchase,
                back_link(_("Back"), routes.with_query(routes.BUY_CREDITS, purchase=PaymentState.purchase.id)),
                back_link(_("Back"), routes.BUY_CREDITS),
            ),
        ),
        lead=_("Nothing is charged until you press Submit."),
    )


def _stored_card_row(stored) -> rx.Component:
    state = CardsState
    return rx.el.li(
        rx.el.div(
            rx.el.span(stored.label, class_name="strong"),
            rx.el.span(
                _("Expires {expiry}").format(expiry=stored.expiry),
                rx.cond(stored.is_default, pill(_("Default"), "good")),
                rx.cond(stored.is_expired, pill(_("Expired"), "bad")),
                class_name="small muted num row",
            ),
            rx.cond(
                stored.reloads,
                rx.el.span(
                    *spliced(_("Pays for auto-reload at {facilities}"), facilities=stored.reloads.join(", ")),
                    class_name="small muted",
                ),
            ),
            class_name="stack-xs",
        ),
        rx.cond(stored.id == state.edited_card_id, _edit_card_form(state), _card_actions(stored)),
        class_name="stored-card",
        key=stored.id,
    )


def _card_actions(stored) -> rx.Component:
    return rx.el.div(
        button(
            _("Edit"),
            variant="quiet sm",
            on_click=CardsState.edit_card(stored.id),
            aria_label=_("Edit {label}").format(label=stored.label),
        ),
        rx.cond(
            stored.is_default,
            None,
            button(
                _("Make default"),
                variant="quiet sm",
                on_click=CardsState.make_default(stored.id),
                aria_label=named(_("Make default"), stored.label),
            ),
        ),
        asking(
            _("Remove"),
            _("Remove {label}? You can add it again at any time.").format(label=stored.label),
            _("Remove this card"),
            CardsState.remove(stored.id),
            id="ask-card-" + stored.id.to_string(),
            more=rx.cond(
                stored.reloads,
                rx.el.p(*spliced(_("Auto-reload stops at {facilities}."), facilities=stored.reloads.join(", "))),
            ),
            aria_label=_("Remove {label}").format(label=stored.label),
        ),
        class_name="row",
    )


def _add_card_form() -> rx.Component:
    """The card processor's form, without a purchase."""
    return card(
        card_head(_("Add a card")),
        rx.el.div(
            rx.el.p(_("Nothing is charged."), class_name="small muted"),
            test_cards_hint(CardsState.test_cards),
            card_fields(
                kind="card",
                token_url=routes.SANDBOX_TOKENS,
                publishable_key=CardsState.publishable_key,
                submit_label=_("Add card"),
                on_token=CardsState.add,
            ),
            class_name="card-body stack-sm",
        ),
    )


def _stored_or_new_switch() -> rx.Component:
    def choice(label: str, is_stored: bool) -> rx.Component:
        is_chosen = PaymentState.uses_stored == is_stored
        return rx.el.button(
            label,
            type="button",
            on_click=PaymentState.choose_stored_or_new(is_stored),
            aria_pressed=rx.cond(is_chosen, "true", "false"),
        )

    return rx.el.div(
        rx.el.div(
            choice(_("Use a stored card"), True),
            choice(_("Use a new card"), False),
            class_name="segments",
            role="group",
            aria_label=_("Which card"),
        ),
        class_name="card-body above",
    )


def _stored_card_form() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(PaymentState.cards, _stored_card_choice),
            rx.el.p(PaymentState.problems["card"], id="card-problem", class_name="problem", role="alert"),
            id="card",
            tab_index=-1,
            custom_attrs={"aria-describedby": "card-problem"},
            class_name="choices",
            role="group",
            aria_label=_("Stored cards"),
        ),
        rx.cond(
            PaymentState.edited_card_id > 0,
            _edit_card_form(PaymentState),
            card_fields(
                kind="cvc",
                token_url=routes.SANDBOX_CVC_TOKENS,
                publishable_key=PaymentState.publishable_key,
                submit_label=_("Confirm"),
                total=PaymentState.purchase.total,
                refused=PaymentState.problems["cvv"],
                on_token=PaymentState.use_stored_card,
            ),
        ),
        class_name="card-body stack",
    )


def _stored_card_choice(stored) -> rx.Component:
    edit = button(
        _("Edit"),
        variant="plain sm",
        on_click=PaymentState.edit_card(stored.id),
        aria_label=_("Edit {label}").format(label=stored.label),
    )
    return stored_card(stored, PaymentState, edit)


def _edit_card_form(state) -> rx.Component:
    """The form for expiry and postcode. A new number would be a new card."""
    expiry = text_input(
        "expiry",
        problem=state.problems["expiry"],
        of=expiry_input,
        default_value=state.expiry,
        on_change=state.type_expiry,
        auto_complete="off",
        input_mode="numeric",
    )
    postcode = text_input(
        "postcode",
        problem=state.problems["postcode"],
        given=state.postcode,
        on_tell=state.type_postcode,
        auto_complete="off",
        input_mode="numeric",
    )
    return rx.el.form(
        rx.el.h2(_("Edit this card")),
        rx.el.div(
            field(_("Expiry (MM/YY)"), expiry, name="expiry", problem=state.problems["expiry"]),
            field(_("Billing ZIP code"), postcode, name="postcode", problem=state.problems["postcode"]),
            class_name="fields",
        ),
        rx.el.p(_("For another number, add a new card."), class_name="hint"),
        rx.el.div(
            button(_("Save"), type="submit", variant="sm"),
            button(_("Cancel"), variant="plain sm", on_click=state.close_edit),
            class_name="row",
        ),
        on_submit=state.save_edit,
        no_validate=True,
        class_name="stack-sm",
        key=state.edited_card_id,
    )


def _new_card() -> rx.Component:
    return rx.el.div(
        test_cards_hint(PaymentState.test_cards),
        card_fields(
            checkbox(
                _("Save this card for next time. We never keep its number."),
                name="saves_card",
                given=PaymentState.saves_card,
                on_tell=PaymentState.choose_to_save_card,
            ),
            kind="card",
            token_url=routes.SANDBOX_TOKENS,
            publishable_key=PaymentState.publishable_key,
            submit_label=_("Continue"),
            total=PaymentState.purchase.total,
            on_token=PaymentState.use_new_card,
        ),
        class_name="card-body stack-sm",
    )


def _order_summary(purchase) -> rx.Component:
    return card(
        card_head(_("Your order")),
        rx.el.div(
            summary_list(
                (_("Facility"), purchase.facility),
                (
                    _("Message credits"),
                    _("{credits} at {price}").format(credits=purchase.credits, price=purchase.price),
                ),
                total=(_("Total"), purchase.total),
            ),
            class_name="card-body",
        ),
    )
