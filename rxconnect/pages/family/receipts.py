"""Receipts: the payment history, and one receipt."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, button_class, field, link_button, select
from rxconnect.components.icons import icon
from rxconnect.components.journeys import buy_steps
from rxconnect.components.more import more_button
from rxconnect.components.native import native_link
from rxconnect.components.pieces import (
    back_link,
    card,
    card_head,
    credit_count,
    empty_state,
    pill,
    skeleton,
    skeleton_columns,
    summary_list,
)
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.receipts import ReceiptsState, ReceiptState
from rxconnect.state.session import SessionState


def receipts() -> rx.Component:
    """Payments, refunds and transfers, newest first, and the yearly statements."""
    state = ReceiptsState
    return frame(
        _("Receipts"),
        problem_of(state),
        rx.cond(
            state.ready & state.history,
            rx.el.div(
                rx.el.div(_filters(state.history), _history(state.history), class_name="stack"),
                rx.cond(state.statement_years, _statements()),
                class_name="grid",
            ),
            rx.cond(state.ready, None, skeleton_columns(("field", "rows"), ("rows",))),
        ),
        section="receipts",
        lead=_("Everything you paid, got back or moved. It stays here."),
    )


def receipt() -> rx.Component:
    """One receipt."""
    one = ReceiptState.receipt
    # Its height is kept, because only the receipt says whether it is the last step of a purchase.
    above = rx.el.div(
        rx.cond(
            one,
            rx.cond(
                one.is_last_step,
                buy_steps(3, SessionState.steps_done),
                back_link(_("All receipts"), routes.RECEIPTS),
            ),
        ),
        class_name="receipt-above",
    )
    return frame(
        _("Receipt"),
        problem_of(ReceiptState),
        rx.cond(
            one,
            rx.el.div(
                _receipt_card(one),
                rx.cond(one.refunds, _refunds(one)),
                _next_step_links(one),
                class_name="stack narrow",
            ),
            rx.cond(ReceiptState.ready, None, skeleton("summary", narrow=True)),
        ),
        section="receipts",
        screen=ReceiptState,
        above=above,
    )


def receipt_name(otherwise: str) -> rx.Var[str]:
    """The receipt's name for the browser's title."""
    one = ReceiptState.receipt
    return rx.cond(one, _("Receipt {number}").format(number=one.number), otherwise)


def file_link(label: str, href, *, variant: str = "quiet", **props) -> rx.Component:
    """A link to a download, which does not leave the page."""
    return native_link(icon("download"), label, href=href, class_name=button_class(variant), **props)


def _filters(history) -> rx.Component:
    """The filters that have a choice: none for an account with one facility and one year."""
    state = ReceiptsState
    return rx.cond(
        history.facilities | history.years | history.kinds,
        rx.el.div(
            _filter(
                _("Facility"), "facility", history.facilities, state.facility, lambda v: (v, state.year, state.kind)
            ),
            _filter(_("Year"), "year", history.years, state.year, lambda v: (state.facility, v, state.kind)),
            _filter(_("Kind"), "kind", history.kinds, state.kind, lambda v: (state.facility, state.year, v)),
            class_name="filters",
            role="search",
            aria_label=_("Filter"),
        ),
    )


def _filter(label: str, name: str, choices, chosen, arguments) -> rx.Component:
    options = rx.foreach(choices, lambda choice: rx.el.option(choice.label, value=choice.value))
    control = select(
        name,
        rx.el.option(_("All"), value=""),
        options,
        given=chosen,
        on_tell=lambda value: ReceiptsState.filter_history(*arguments(value)),
    )
    return rx.cond(choices, field(label, control, name=name))


def _history(history) -> rx.Component:
    everything = rx.cond(
        history.is_filtered,
        empty_state(
            "search",
            _("Nothing fits"),
            _("None of your payments, refunds and moved credits fits this choice."),
            button(_("Show everything"), variant="quiet", on_click=ReceiptsState.clear_filter),
        ),
        empty_state(
            "receipt",
            _("No receipts yet"),
            _("When you buy credits, the receipt comes here."),
            link_button(_("Buy credits"), routes.BUY_CREDITS, variant="quiet"),
        ),
    )
    return card(
        rx.cond(
            history.lines,
            rx.fragment(
                _totals(history),
                rx.el.ul(rx.foreach(history.lines, _history_row), class_name="rows"),
                _pagination(history),
            ),
            everything,
        )
    )


def _totals(history) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            *spliced(_("Paid {amount}"), amount=rx.el.span(history.paid, class_name="strong")),
            " · ",
            *spliced(_("Refunded {amount}"), amount=rx.el.span(history.refunded, class_name="strong")),
            rx.cond(
                history.taken_back != "",
                rx.fragment(
                    " · ",
                    *spliced(
                        _("Reversed by your bank {amount}"),
                        amount=rx.el.span(history.taken_back, class_name="strong"),
                    ),
                ),
            ),
            class_name="num",
            aria_live="polite",
        ),
        file_link(
            "CSV",
            rx.cond(
                history.query != "", routes.with_raw_query(routes.RECEIPTS_CSV, history.query), routes.RECEIPTS_CSV
            ),
            variant="quiet sm",
            aria_label=_("Download this list as CSV, for a spreadsheet"),
        ),
        class_name="card-head",
    )


def _history_row(one) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(
                one.number != "",
                rx.el.a(one.what, href=routes.fill(routes.RECEIPT, one.number), class_name="row-link"),
                rx.el.span(one.what, class_name="strong"),
            ),
            rx.cond(one.status != "", pill(one.status, one.tone)),
            class_name="row",
        ),
        rx.el.div(
            rx.el.div(one.about, class_name="num"),
            rx.cond(one.note != "", rx.el.div(one.note, class_name="num")),
            class_name="small muted",
        ),
        rx.el.span(one.amount, class_name="strong num row-actions"),
        key=one.key,
    )


def _pagination(history) -> rx.Component:
    return rx.cond(
        history.total > history.lines.length(),
        rx.el.div(
            rx.el.span(
                _("{first}–{last} of {total}").format(first=history.first, last=history.last, total=history.total),
                class_name="small muted num",
                role="status",
            ),
            rx.el.div(
                rx.cond(
                    history.first > 1,
                    more_button(_("Show newer"), variant="quiet sm", on_click=ReceiptsState.show_newer),
                ),
                rx.cond(
                    history.last < history.total,
                    more_button(_("Show older"), variant="quiet sm", on_click=ReceiptsState.show_older),
                ),
                class_name="row",
            ),
            class_name="card-foot",
        ),
    )


def _statements() -> rx.Component:
    return card(
        card_head(_("Yearly statements")),
        rx.el.ul(rx.foreach(ReceiptsState.statement_years, _statement), class_name="rows"),
    )


def _statement(year) -> rx.Component:
    return rx.el.li(
        rx.el.a(year, href=routes.fill(routes.STATEMENT, year), class_name="row-link num"),
        rx.el.span(_("Paid, refunded, moved and spent"), class_name="small muted"),
        rx.el.span(
            file_link(
                "PDF",
                routes.fill(routes.STATEMENT_PDF, year),
                variant="quiet sm",
                aria_label=_("Download the statement of {year} as PDF").format(year=year),
            ),
            class_name="row-actions",
        ),
    )


def _receipt_card(one) -> rx.Component:
    return card(
        rx.el.div(
            rx.cond(
                one.is_last_step & (one.explanation == ""),
                rx.fragment(
                    rx.el.span(icon("check"), class_name="tick"), rx.el.h2(_("Thank you. Your credits are ready."))
                ),
                rx.el.h2(one.status),
            ),
            rx.cond(
                one.explanation == "",
                rx.el.p(
                    _("{total} was charged to {card_label}.").format(total=one.total, card_label=one.card_label),
                    class_name="muted num",
                ),
                rx.el.p(one.explanation, class_name="muted"),
            ),
            class_name="receipt-head",
        ),
        rx.el.div(
            summary_list(
                (_("Receipt number"), one.number),
                (_("Date"), one.issued),
                (_("Bought by"), one.buyer),
                (_("Facility"), one.facility),
                (_("Place"), one.facility_place),
                (_("Message credits"), _("{credits} at {price}").format(credits=one.credits, price=one.price)),
                (_("Fees"), _("none")),
                (_("Card"), one.card_label),
                (_("Status"), pill(one.status, one.status_tone)),
                total=(_("Total"), one.total),
            ),
            class_name="card-body",
        ),
        class_name="airmail paper",
    )


def _refunds(one) -> rx.Component:
    return card(
        card_head(_("Refunds")),
        rx.el.ul(rx.foreach(one.refunds, _refund), class_name="rows"),
        rx.cond(
            one.refunded != "",
            rx.el.div(
                summary_list((_("Refunded, or on its way"), one.refunded), total=(_("Paid after refunds"), one.kept)),
                class_name="card-body",
            ),
        ),
    )


def _refund(refund) -> rx.Component:
    tone = rx.match(refund.status, ("paid", "good"), ("pending", "wait"), "bad").to(str)
    return rx.el.li(
        rx.el.div(
            rx.el.span(credit_count(refund.credits), class_name="strong num"),
            pill(refund.status_label, tone),
            class_name="row",
        ),
        rx.el.div(
            rx.el.div(f"{refund.at} · {refund.card_label}", class_name="num"),
            rx.el.div(refund.cause, rx.cond(refund.reason != "", f": {refund.reason}", "")),
            class_name="small muted",
        ),
        rx.el.span(refund.amount, class_name="strong num row-actions"),
    )


def _next_step_links(one) -> rx.Component:
    return rx.el.div(
        button(_("Write a message"), on_click=ReceiptState.write_message),
        link_button(_("Go to inbox"), routes.INBOX, variant="quiet"),
        file_link(_("Download PDF"), routes.fill(routes.RECEIPT_PDF, one.number)),
        class_name="actions",
    )
