"""Receipts: all of mine, and one."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, link_button
from rxconnect.components.icons import icon
from rxconnect.components.journeys import buy_steps
from rxconnect.components.pieces import back_link, card, empty, skeleton, summary
from rxconnect.layout.frame import frame, problem_of
from rxconnect.state.receipts import ReceiptsState, ReceiptState


def receipts() -> rx.Component:
    """All receipts, newest first."""
    return frame(
        "Receipts",
        problem_of(ReceiptsState),
        rx.cond(ReceiptsState.ready, card(_list(), class_name="narrow"), skeleton("block")),
        section="receipts",
        lead="Proof of everything you paid. They stay here.",
    )


def receipt() -> rx.Component:
    """One receipt."""
    return frame(
        "Receipt",
        problem_of(ReceiptState),
        rx.cond(
            ReceiptState.receipt,
            rx.el.div(_paper(ReceiptState.receipt), _next_steps(), class_name="receipt"),
            rx.cond(ReceiptState.ready, None, skeleton("tall")),
        ),
        section="receipts",
        above=rx.fragment(buy_steps(3), back_link("All receipts", routes.RECEIPTS)),
    )


def _list() -> rx.Component:
    return rx.cond(
        ReceiptsState.receipts,
        rx.el.ul(rx.foreach(ReceiptsState.receipts, _line), class_name="rows"),
        empty(
            "receipt",
            "No receipts yet",
            "When you buy credits, the receipt comes here.",
            link_button("Buy credits", routes.BUY_CREDITS, variant="quiet"),
        ),
    )


def _line(one) -> rx.Component:
    return rx.el.li(
        rx.el.a(one.facility, href=f"/receipts/{one.number}", class_name="row-link"),
        rx.el.span(f"{one.issued} · {one.credits} credits · {one.number}", class_name="small muted num"),
        rx.el.span(one.total, class_name="strong num row-actions"),
    )


def _paper(one) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.span(icon("check"), class_name="tick"),
            rx.el.h2("Thank you. Your credits are ready."),
            rx.el.p(f"{one.total} was charged to {one.card_label}.", class_name="muted num"),
            class_name="receipt-head",
        ),
        rx.el.div(
            summary(
                ("Receipt number", one.number),
                ("Date", one.issued),
                ("Bought by", one.buyer),
                ("Facility", one.facility),
                ("Place", one.facility_place),
                ("Message credits", f"{one.credits} at {one.price}"),
                ("Fees", "none"),
                ("Card", one.card_label),
                ("Status", one.status),
                total=("Total", one.total),
            ),
            class_name="card-body",
        ),
        class_name="airmail sheet",
    )


def _next_steps() -> rx.Component:
    return rx.el.div(
        button("Write a message", on_click=ReceiptState.write_message),
        link_button("Go to inbox", routes.INBOX, variant="quiet"),
        class_name="actions",
    )
