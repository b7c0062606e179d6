"""A yearly statement: payments, refunds, transfers and spent credits, by facility."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.pieces import back_link, card, card_head, skeleton, summary_list
from rxconnect.domain.statements import small_print
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.receipts import file_link
from rxconnect.state.family.receipts import StatementState


def statement() -> rx.Component:
    """The statement of one year."""
    year = StatementState.statement
    return frame(
        rx.cond(year, _("Statement for {year}").format(year=year.year), _("Statement")),
        problem_of(StatementState),
        rx.cond(
            year,
            rx.el.div(
                _money_card(year),
                rx.foreach(year.facilities, _facility_card),
                rx.el.p(small_print(), class_name="small muted"),
                class_name="stack narrow",
            ),
            rx.cond(StatementState.ready, None, skeleton("summary", "rows", narrow=True)),
        ),
        section="receipts",
        screen=StatementState,
        above=back_link(_("All receipts"), routes.RECEIPTS),
        lead=rx.cond(
            year,
            rx.cond(
                year.as_of != "",
                _("The year is not over. This is how things stood on {as_of}.").format(as_of=year.as_of),
                _("The whole year."),
            ),
            "\u00a0",
        ),
        action=rx.cond(year, file_link(_("Download PDF"), routes.fill(routes.STATEMENT_PDF, year.year))),
    )


def statement_name(otherwise: str) -> rx.Var[str]:
    """The statement's name for the browser's title."""
    year = StatementState.statement
    return rx.cond(year, _("Statement for {year}").format(year=year.year), otherwise)


def _money_card(year) -> rx.Component:
    rows = ((_("Paid"), year.paid), (_("Refunded"), year.refunded))
    total = (_("Paid after refunds"), year.kept)
    return card(
        card_head(_("All facilities together")),
        rx.el.div(
            rx.cond(
                year.taken_back != "",
                summary_list(*rows, (_("Reversed by your bank"), year.taken_back), total=total),
                summary_list(*rows, total=total),
            ),
            class_name="card-body",
        ),
    )


def _facility_card(one) -> rx.Component:
    return card(
        card_head(one.facility, rx.el.span(one.facility_place, class_name="small muted")),
        rx.el.div(
            rx.el.dl(
                rx.el.dt(_("Credits at the beginning")),
                rx.el.dd(one.opening),
                rx.foreach(one.changes, lambda change: rx.fragment(rx.el.dt(change.label), rx.el.dd(change.credits))),
                rx.el.dt(_("Credits at the end"), class_name="total"),
                rx.el.dd(one.closing, class_name="total"),
                class_name="sum",
            ),
            class_name="card-body",
        ),
        rx.el.ul(rx.foreach(one.lines, _movement_row), class_name="rows"),
        rx.cond(
            one.hidden > 0,
            rx.el.p(
                _("{hidden} more are in the PDF.").format(hidden=one.hidden), class_name="card-foot small muted num"
            ),
        ),
        key=one.facility_id,
    )


def _movement_row(line) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.what, class_name="strong"),
        rx.el.span(line.date, rx.cond(line.about != "", f" · {line.about}", ""), class_name="small muted num"),
        rx.el.span(
            rx.el.span(line.amount, class_name="strong"),
            rx.cond(line.credits != "", rx.el.span(_signed_credits(line.credits), class_name="small muted")),
            class_name="num row-actions figures",
        ),
    )


def _signed_credits(signed) -> rx.Var:
    return rx.match(signed, ("+1", _("+1 credit")), ("−1", _("−1 credit")), _("{signed} credits").format(signed=signed))
