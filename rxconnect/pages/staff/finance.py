"""Finance: a facility's income and refunds, open items, and a refund in two steps."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.amounts import number_input
from rxconnect.components.charts import column_chart
from rxconnect.components.forms import button, button_class, field, text_input
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton, summary_list
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.finance import FinanceState

_VIEW = FinanceState.view


def finance() -> rx.Component:
    """The finances of one facility in one period."""
    return staff_frame(
        _("Finance"),
        problem_of(FinanceState),
        rx.cond(
            FinanceState.ready,
            rx.cond(_VIEW, _finance_cards(), rx.cond(FinanceState.is_refused, _not_allowed_card())),
            _loading(),
        ),
        section="finance",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
        action=_periods(),
    )


def _loading() -> rx.Component:
    return skeleton("line", "tall")


def _not_allowed_card() -> rx.Component:
    return refused_card(
        _("This page is for administrators and auditors"),
        _(
            "It shows what families paid and what went back to their cards. Your account may not see that. "
            "If you need a figure from it, ask an administrator of your facility."
        ),
    )


def _periods() -> rx.Component:
    return rx.cond(
        _VIEW,
        rx.el.nav(
            rx.foreach(
                _VIEW.periods,
                lambda one: rx.el.a(
                    one.label,
                    href=routes.with_query(routes.FINANCE, period=one.value, facility=_VIEW.facility_id),
                    custom_attrs={"aria-current": rx.cond(one.is_chosen, "page", "false")},
                ),
            ),
            class_name="segments",
            aria_label=_("Period"),
        ),
    )


def _finance_cards() -> rx.Component:
    return rx.el.div(
        _money_flow_card(),
        _credits_card(),
        rx.el.div(_unreconciled(), rx.cond(_VIEW.may_refund, _refund_card()), class_name="grid"),
        class_name="stack",
    )


def _money_flow_card() -> rx.Component:
    """Money in the period, as figures, as a chart and as a table."""
    return card(
        card_head(
            _VIEW.title,
            rx.el.span(
                plural("{count} purchase", "{count} purchases", _VIEW.purchases),
                class_name="small muted num",
            ),
        ),
        rx.el.dl(
            _figure(_("Takings"), _VIEW.takings),
            _figure(_("Refunds"), _VIEW.refunds),
            _figure(_("Reversed by banks"), _VIEW.disputes),
            rx.cond(_VIEW.moved != "", _figure(_("Moved with families"), _VIEW.moved)),
            _figure(_("What is left"), _VIEW.net, "tile-net"),
            class_name="tiles",
        ),
        rx.cond(_VIEW.chart.bars, _chart(), rx.el.p(_("No money moved in this time."), class_name="muted card-body")),
    )


def _chart() -> rx.Component:
    return rx.el.div(
        column_chart(
            _VIEW.chart,
            label=_("Takings and what was paid back, {title}. {summary} The table below has every amount.").format(
                title=_VIEW.title, summary=_VIEW.summary
            ),
            up=_("Takings"),
            down=_("Refunds, and payments that banks reversed"),
        ),
        rx.el.details(rx.el.summary(_("Show as a table")), _table()),
        native_link(
            icon("download"),
            _("Download as CSV"),
            href=routes.with_query(routes.FINANCE_CSV, period=_VIEW.period, facility=_VIEW.facility_id),
            class_name=button_class("quiet sm"),
        ),
        class_name="card-body",
    )


def _table() -> rx.Component:
    names = (_("When"), _("Purchases"), _("Takings"), _("Refunds"), _("Bank disputes"))
    return rx.el.div(
        rx.el.table(
            rx.el.caption(_("What came in and went out, {title}").format(title=_VIEW.title), class_name="sr"),
            rx.el.thead(rx.el.tr(*(rx.el.th(name, scope="col") for name in names))),
            rx.el.tbody(rx.foreach(_VIEW.lines, _table_line)),
            class_name="table money-table",
        ),
        class_name="scroll",
        role="region",
        tab_index=0,
        aria_label=_("Table of takings and refunds"),
    )


def _table_line(line) -> rx.Component:
    return rx.el.tr(
        rx.el.th(line.name, scope="row"),
        *(rx.el.td(value, class_name="num") for value in (line.purchases, line.takings, line.refunds, line.disputes)),
    )


def _credits_card() -> rx.Component:
    """The credits in all wallets now, for any period."""
    return card(
        card_head(
            _("Credits in wallets"),
            rx.el.a(_("Ledger"), href=routes.with_query(routes.LEDGER, facility=_VIEW.facility_id)),
        ),
        rx.el.dl(
            _figure(_("Unused"), _VIEW.unused),
            _figure(_("Set aside for messages"), _VIEW.held),
            _figure(_("Frozen by bank disputes"), _VIEW.frozen),
            class_name="tiles",
        ),
    )


def _figure(name: str, value, class_name: str = "") -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name=f"tile {class_name}".strip())


def _unreconciled() -> rx.Component:
    count = rx.cond(
        _VIEW.unreconciled_count > 0,
        pill(_("{unreconciled_count} open").format(unreconciled_count=_VIEW.unreconciled_count), "wait"),
    )
    return card(
        card_head(_("Needs a look"), count),
        rx.cond(
            _VIEW.unreconciled,
            rx.el.ul(rx.foreach(_VIEW.unreconciled, _open_item), class_name="rows open-items"),
            empty_state(
                "check",
                _("Nothing open"),
                _(
                    "No known difference from the card processor’s books, no late refund and no payment without an outcome."
                ),
            ),
        ),
    )


def _open_item(item) -> rx.Component:
    return rx.el.li(
        rx.el.span(item.what, class_name="strong"),
        rx.el.span(item.amount, class_name="strong num push"),
        rx.el.span(item.explanation, class_name="small muted whole"),
        rx.el.span(
            rx.cond(item.number != "", item.number, item.about), " · ", item.since, class_name="xs muted num whole"
        ),
        key=item.key,
    )


def _refund_card() -> rx.Component:
    """Look up a receipt, then refund some of it."""
    return card(
        card_head(_("Refund a purchase")),
        rx.el.div(
            rx.el.form(
                field(
                    _("Receipt number"),
                    text_input(
                        "number",
                        problem=FinanceState.problems["number"],
                        hint=True,
                        placeholder="RX-",
                        auto_complete="off",
                        auto_capitalize="characters",
                        spell_check=False,
                    ),
                    name="number",
                    problem=FinanceState.problems["number"],
                    hint=_("It stands on the family’s receipt, such as RX-7K3M-92QF-TR4D."),
                ),
                button(_("Look up"), variant="quiet", type="submit"),
                on_submit=FinanceState.look_up_receipt,
                no_validate=True,
                class_name="stack-sm",
            ),
            rx.cond(FinanceState.found, _receipt_found(FinanceState.found)),
            class_name="card-body stack-sm",
        ),
    )


def _receipt_found(found) -> rx.Component:
    return rx.el.div(
        rx.el.h3(found.number, class_name="num"),
        summary_list(
            (_("Bought by"), found.buyer),
            (_("Date"), found.issued),
            (_("Bought"), _("{bought} for {paid}").format(bought=found.bought, paid=found.paid)),
            (_("Unused"), rx.cond(found.credits > 0, f"{found.credits}", _("none"))),
        ),
        rx.cond(
            found.credits > 0,
            _refund_form(found),
            rx.el.p(_("Nothing of this purchase is unused, so nothing can be refunded."), class_name="muted small"),
        ),
        class_name="found stack-sm",
        key=found.number,
    )


def _refund_form(found) -> rx.Component:
    problems = FinanceState.problems
    return rx.el.form(
        field(
            _("Credits to refund"),
            number_input(
                "credits", problem=problems["credits"], given=FinanceState.credits, on_tell=FinanceState.type_credits
            ),
            name="credits",
            problem=problems["credits"],
            hint=_("Up to {credits}, all that is unused.").format(credits=found.credits),
        ),
        field(
            _("Reason"),
            text_input(
                "reason",
                problem=problems["reason"],
                hint=True,
                given=FinanceState.reason,
                auto_complete="off",
                max_length=200,
            ),
            name="reason",
            problem=problems["reason"],
            hint=_("The family reads it in an email and beside the receipt."),
        ),
        rx.el.div(
            button(
                rx.cond(FinanceState.refund_label != "", FinanceState.refund_label, _("Refund credits")),
                type="submit",
            ),
            button(_("Cancel"), variant="plain", on_click=FinanceState.close_refund),
            class_name="row",
        ),
        on_submit=FinanceState.refund,
        no_validate=True,
        class_name="stack-sm",
    )
