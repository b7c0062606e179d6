"""The ledger of a facility, as plain lines that add up."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.pieces import card, card_head, empty_state, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.ledger import LedgerState

_VIEW = LedgerState.view


def ledger() -> rx.Component:
    """The newest movements at one facility."""
    return staff_frame(
        _("Ledger"),
        problem_of(LedgerState),
        rx.cond(
            LedgerState.ready,
            rx.cond(
                _VIEW,
                _cards(),
                rx.cond(
                    LedgerState.is_refused,
                    refused_card(
                        _("This page is for administrators and auditors"),
                        _("It shows how credits and money move. Your account may not see that."),
                    ),
                ),
            ),
            skeleton("field", "rows"),
        ),
        section="finance",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
        action=rx.el.a(_("Finance"), href=routes.FINANCE, class_name=button_class("quiet")),
    )


def _cards() -> rx.Component:
    return rx.el.div(
        card(
            card_head(_("Newest movements"), rx.el.span(_("Each line adds up to nothing."), class_name="small muted")),
            rx.cond(
                _VIEW.lines,
                rx.el.ol(rx.foreach(_VIEW.lines, _line), class_name="rows open-items ledger"),
                empty_state("check", _("Nothing moved yet"), _("As soon as credits or money move, it is shown here.")),
            ),
        ),
        card(
            card_head(_("Credits"), rx.el.span(_("now"), class_name="small muted")),
            rx.el.dl(
                _figure(_("Unused"), _VIEW.unused),
                _figure(_("Set aside for messages"), _VIEW.held),
                _figure(_("Charged for deliveries"), _VIEW.earned),
                class_name="tiles",
            ),
        ),
        class_name="stack",
    )


def _figure(name: str, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="tile")


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.what, class_name="strong"),
        rx.el.span(line.at, class_name="xs muted num push"),
        rx.el.span(rx.foreach(line.postings, _entry), class_name="ledger-entries whole num"),
        key=line.number,
    )


def _entry(entry: Any) -> rx.Component:
    return rx.el.span(
        entry.account,
        " ",
        rx.el.strong(entry.amount),
        class_name=rx.cond(entry.is_in, "ledger-entry in", "ledger-entry"),
    )
