"""Credits: what is left at each facility, refunds of unused credits, and links to auto-reload and cards."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.amounts import number_input
from rxconnect.components.forms import button, field, link_button
from rxconnect.components.pieces import card, card_head, credit_count, pill, skeleton_columns
from rxconnect.components.sentences import spliced
from rxconnect.components.wallets import wallet_list
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.wallets import CreditsState


def credits() -> rx.Component:
    """The account's wallets, and how credits work."""
    return frame(
        _("Credits"),
        rx.cond(CreditsState.refunded_id == 0, problem_of(CreditsState)),
        rx.cond(
            CreditsState.ready,
            rx.el.div(
                rx.el.div(card(wallet_list(CreditsState.wallets, _wallet_tools)), _refunds(), class_name="stack"),
                _how_it_works(),
                class_name="grid",
            ),
            skeleton_columns(("wallets",), ("block",)),
        ),
        section="credits",
        lead=_("A credit belongs to one facility, because each sets its own price."),
        action=link_button(_("Buy credits"), routes.BUY_CREDITS),
    )


def _wallet_tools(wallet) -> rx.Component:
    """The auto-reload link and the refund form of one wallet."""
    state = CreditsState
    reloads, stopped = state.reloads[wallet.facility_id], state.stopped[wallet.facility_id]
    return rx.el.div(
        rx.cond(reloads, rx.el.p(pill(_("Auto-reload on"), "good"), " ", reloads, class_name="small num")),
        rx.cond(stopped, rx.el.p(pill(_("Auto-reload stopped"), "wait"), " ", stopped, class_name="small")),
        rx.cond(
            state.refunded_id == wallet.facility_id,
            _refund_form(wallet),
            rx.el.div(
                link_button(
                    _("Auto-reload"),
                    routes.fill(routes.AUTO_RELOAD, wallet.facility_id),
                    variant="quiet sm",
                    aria_label=_("Auto-reload at {facility}").format(facility=wallet.facility),
                ),
                rx.cond(
                    state.refundable[wallet.facility_id] > 0,
                    button(
                        _("Refund"),
                        variant="quiet sm",
                        on_click=state.open_refund(wallet.facility_id),
                        aria_label=_("Refund credits at {facility}").format(facility=wallet.facility),
                    ),
                ),
                class_name="row",
            ),
        ),
        class_name="wallet-tools stack-sm",
    )


def _refund_form(wallet) -> rx.Component:
    """The refund form: the number of credits, their value to the cent, and the card."""
    state = CreditsState
    number = number_input(
        "credits", problem=state.problems["credits"], given=state.credits, on_tell=state.type_credits, auto_focus=True
    )
    return rx.el.form(
        problem_of(state),
        field(
            _("Credits to refund"),
            number,
            name="credits",
            problem=state.problems["credits"],
            hint=_("Up to {refundable}.").format(refundable=state.refundable[wallet.facility_id]),
        ),
        rx.cond(
            state.offers.length() > 1,
            rx.el.ul(
                rx.foreach(
                    state.offers,
                    lambda offer: rx.el.li(
                        *spliced(
                            _("{amount} to {card}, for {credits}"),
                            amount=offer.amount,
                            card=offer.card_label,
                            credits=credit_count(offer.credits),
                        ),
                    ),
                ),
                class_name="rules num",
                aria_label=_("What goes back to which card"),
            ),
        ),
        rx.cond(
            wallet.held > 0,
            rx.el.p(
                _(
                    "Set aside for messages in review and for answers: {held}. If a message is not delivered, they come back, and "
                    "then you can have them refunded, too."
                ).format(held=wallet.held),
                class_name="small muted",
            ),
        ),
        rx.cond(
            wallet.frozen > 0,
            rx.el.p(
                _(
                    "Frozen while your bank looks into a payment: {frozen}. In the end you have either the money or the "
                    "credits."
                ).format(frozen=wallet.frozen),
                class_name="small muted",
            ),
        ),
        rx.cond(
            state.reloads[wallet.facility_id],
            rx.el.p(_("Auto-reload stops here when credits are refunded."), class_name="small muted"),
        ),
        rx.el.div(
            rx.cond(state.refund_label != "", button(state.refund_label, type="submit")),
            button(_("Keep my credits"), variant="plain", on_click=state.close_refund),
            class_name="row",
        ),
        on_submit=state.request_refund,
        no_validate=True,
        class_name="refund stack-sm",
        key=state.refunded_id,
    )


def _refunds() -> rx.Component:
    return rx.cond(
        CreditsState.refunds,
        card(
            card_head(_("Refunds"), rx.el.a(_("All receipts"), href=routes.RECEIPTS, class_name="small")),
            rx.el.ul(rx.foreach(CreditsState.refunds, _refund_line), class_name="rows", aria_label=_("Refunds")),
        ),
    )


def _refund_line(one) -> rx.Component:
    tone = rx.match(one.status, ("paid", "good"), ("failed", "bad"), "wait")
    return rx.el.li(
        rx.el.a(
            _("{amount} to {card_label}").format(amount=one.amount, card_label=one.card_label),
            href=routes.fill(routes.RECEIPT, one.receipt_number),
            class_name="row-link num",
        ),
        rx.el.span(f"{one.facility} · {one.at}", class_name="small muted num"),
        rx.el.div(pill(one.status_label, tone), class_name="row-actions"),
    )


def _how_it_works() -> rx.Component:
    lines = (
        _("When you send, the credit is set aside. It is spent only when the message is delivered."),
        _("If a message is not delivered, its credit comes back at once."),
        _("Credits never expire, and there are no fees on top."),
        _("You can get back what you do not use, to the card that paid for it."),
    )
    return rx.el.div(
        rx.el.h2(_("How credits work")),
        rx.el.ul(*(rx.el.li(line) for line in lines), class_name="rules"),
        rx.el.p(
            rx.el.a(_("Receipts"), href=routes.RECEIPTS), rx.el.a(_("Cards"), href=routes.CARDS), class_name="small row"
        ),
        class_name="stack-sm",
    )
