"""The published test numbers, shown beside the card fields in the demonstration."""

from typing import Any

import reflex as rx

from rxconnect.components.native import in_page_link
from rxconnect.i18n import _

_ID = "test-cards"


def test_cards(cards: Any) -> rx.Component:
    """The card numbers that the demonstration accepts, and the effect of each."""
    line = lambda card: rx.el.tr(  # noqa: E731 - one line of a table
        rx.el.td(card.number, class_name="num"), rx.el.td(card.explanation)
    )
    return rx.el.details(
        rx.el.summary(_("Test cards of the demonstration")),
        rx.el.p(
            _(
                "No real card works here, and none should be typed. Take one of these published test numbers, any later "
                "expiry date, any CVV (000 is always wrong) and any ZIP code."
            ),
            class_name="small muted",
        ),
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.el.th(_("Number"), scope="col"), rx.el.th(_("What it does"), scope="col"))),
                rx.el.tbody(rx.foreach(cards, line)),
                class_name="table",
            ),
            class_name="scroll",
            tab_index=0,
            role="region",
            aria_label=_("Test cards"),
        ),
        open=True,
        id=_ID,
        class_name="demo-box",
    )


def test_cards_hint(cards: Any) -> rx.Component:
    """A line near the fields that says where `test_cards` are."""
    link = in_page_link(_("Take one of the test cards listed below"), href=f"#{_ID}")
    return rx.cond(cards, rx.el.p(_("No real card works here."), " ", link, class_name="small muted"))
