"""A yearly statement: what was paid, refunded, moved and spent, facility by facility."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.pieces import back_link, card, card_head, skeleton, summary
from rxconnect.domain.statements import SMALL_PRINT
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.family.receipts import file_link
from rxconnect.state.family.receipts import StatementState


def statement() -> rx.Component:
    """One year."""
    year = StatementState.statement
    return frame(
        rx.cond(year, f"Statement for {year.year}", "Statement"),
        problem_of(StatementState),
        rx.cond(
            year,
            rx.el.div(
                _money(year),
                rx.foreach(year.facilities, _facility),
                rx.el.p(SMALL_PRINT, class_name="small muted"),
                class_name="stack narrow",
            ),
            rx.cond(StatementState.ready, None, skeleton("block", "tall")),
        ),
        section="receipts",
        above=back_link("All receipts", routes.RECEIPTS),
        lead=rx.cond(
            year,
            rx.cond(
                year.as_of != "", f"The year is not over. This is how things stood on {year.as_of}.", "The whole year."
            ),
            "\u00a0",
        ),
        action=rx.cond(year, file_link("Download PDF", routes.fill(routes.STATEMENT_PDF, year.year))),
    )


def _money(year) -> rx.Component:
    rows = (("Paid", year.paid), ("Refunded", year.refunded))
    total = ("Paid in the end", year.kept)
    return card(
        card_head("All facilities together"),
        rx.el.div(
            rx.cond(
                year.taken_back != "",
                summary(*rows, ("Taken back by your bank", year.taken_back), total=total),
                summary(*rows, total=total),
            ),
            class_name="card-body",
        ),
    )


def _facility(one) -> rx.Component:
    return card(
        card_head(one.facility, rx.el.span(one.facility_place, class_name="small muted")),
        rx.el.div(
            rx.el.dl(
                rx.el.dt("Credits at the beginning"),
                rx.el.dd(one.opening),
                rx.foreach(one.changes, lambda change: rx.fragment(rx.el.dt(change.label), rx.el.dd(change.credits))),
                rx.el.dt("Credits at the end", class_name="total"),
                rx.el.dd(one.closing, class_name="total"),
                class_name="sum",
            ),
            class_name="card-body",
        ),
        rx.el.ul(rx.foreach(one.lines, _line), class_name="rows"),
        rx.cond(one.hidden > 0, rx.el.p(f"{one.hidden} more are in the PDF.", class_name="card-foot small muted num")),
        key=one.facility_id,
    )


def _line(line) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.what, class_name="strong"),
        rx.el.span(line.date, rx.cond(line.about != "", f" · {line.about}", ""), class_name="small muted num"),
        rx.el.span(
            rx.el.span(line.amount, class_name="strong"),
            rx.cond(line.credits != "", rx.el.span(_credits(line.credits), class_name="small muted")),
            class_name="num row-actions figures",
        ),
    )


def _credits(signed) -> rx.Var:
    return rx.match(signed, ("+1", "+1 credit"), ("−1", "−1 credit"), f"{signed} credits")
