"""What can be taken from a report: a PDF, a table, an export for public-records requests, and the head of the audit chain."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, button_class
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, pill
from rxconnect.i18n import _
from rxconnect.state.staff.reports import ReportsState


def cards() -> tuple[rx.Component, ...]:
    """A card for each of them."""
    return _prints(), _records(), _head()


def _prints() -> rx.Component:
    return card(
        card_head(_("Take it with you")),
        rx.el.div(
            rx.el.p(
                _(
                    "The PDF has the head of the audit chain, and a page with which a qualified person certifies it for a "
                    "court. It is made in the background, and kept here for a day."
                ),
                class_name="small muted",
            ),
            rx.el.div(
                button(_("Make a PDF"), variant="sm", on_click=ReportsState.make_pdf),
                native_link(_("Download as CSV"), href=ReportsState.table, class_name=button_class("quiet sm")),
                class_name="row",
            ),
            class_name="card-body stack-sm",
        ),
        rx.el.ul(
            rx.foreach(ReportsState.prints, _print),
            class_name="rows",
            aria_label=_("PDFs of reports"),
            aria_live="polite",
        ),
    )


def _print(one) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.title, class_name="strong"),
        rx.el.span(_("asked for {at}").format(at=one.asked), class_name="small muted"),
        rx.el.span(
            rx.cond(
                one.is_ready,
                native_link(
                    _("Download PDF"), href=routes.fill(routes.REPORT_PDF, one.id), class_name=button_class("quiet sm")
                ),
                rx.cond(
                    one.is_failed,
                    pill(_("This server cannot make PDFs"), "bad"),
                    pill(_("{share} % done").format(share=one.share), "wait"),
                ),
            ),
            class_name="row-actions",
        ),
        key=one.id,
    )


def _records() -> rx.Component:
    return card(
        card_head(_("For a public-records request")),
        rx.el.div(
            rx.el.p(
                _(
                    "A table with a line for each letter of the months that have a day in this period and of which no letter "
                    "waits any more: what became of it, why, how long it took, and whether an appeal changed that. It has no "
                    "words, no names, no numbers of persons and no exact times. Letters get another random number in every "
                    "export, and facts that fewer than five letters of a month share are withheld."
                ),
                class_name="small muted",
            ),
            rx.el.p(
                _("Letters with a lawyer are not in it. Counsel decides whether something more has to be left out."),
                class_name="small muted",
            ),
            rx.cond(
                ReportsState.months != "",
                rx.el.div(
                    native_link(
                        _("Export without words and names"),
                        href=ReportsState.records,
                        class_name=button_class("quiet sm"),
                    ),
                    rx.el.span(ReportsState.months, class_name="small muted"),
                    class_name="row",
                ),
                rx.el.p(
                    _(
                        "No month of this period has been over for longer than letters can wait at this facility. Choose an "
                        "earlier period above."
                    ),
                    class_name="small strong",
                ),
            ),
            class_name="card-body stack-sm",
        ),
    )


def _head() -> rx.Component:
    return card(
        card_head(_("Head of the audit chain")),
        rx.el.div(
            rx.el.p(rx.el.code(ReportsState.head), class_name="audit-head"),
            rx.el.p(
                _(
                    "The last act that it covers is that you opened this report. With it, an operator can prove that no act of "
                    "staff before it was changed or removed."
                ),
                class_name="small muted",
            ),
            class_name="card-body stack-sm",
        ),
    )
