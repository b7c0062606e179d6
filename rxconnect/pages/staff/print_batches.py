"""Printing: what is ready, the batches, and a batch with what became of each page."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.batches import batch_line, handover, ready_line
from rxconnect.components.forms import button, button_class, field, text_input
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import staff_frame
from rxconnect.state.staff.print_batches import PrintState

_BATCH = PrintState.batch


def print_batches() -> rx.Component:
    """What is ready to print, and the batches."""
    return staff_frame(
        _("Print"),
        problem_of(PrintState),
        rx.cond(PrintState.ready, rx.cond(_BATCH, _batch(), _overview()), skeleton("rows", "rows")),
        section="print",
        lead=_("Approved letters are printed here until your facility has tablets."),
    )


def _overview() -> rx.Component:
    return rx.el.div(
        card(
            card_head(_("Ready to print")),
            rx.cond(
                PrintState.ready_to_print,
                rx.el.ul(rx.foreach(PrintState.ready_to_print, _ready), class_name="rows"),
                empty_state("check", _("Nothing to print"), _("Letters come here when they are approved.")),
            ),
        ),
        rx.cond(
            PrintState.batches,
            card(card_head(_("Batches")), rx.el.ul(rx.foreach(PrintState.batches, _batch_line), class_name="rows")),
        ),
        class_name="stack narrow",
    )


def _ready(one) -> rx.Component:
    notices = plural("{count} notice", "{count} notices", one.notices)
    return ready_line(one, rx.fragment(_letters(one), ", ", notices), PrintState.create(one.facility_id))


def _batch_line(one) -> rx.Component:
    return batch_line(one, _letters(one), PrintState.open_batch(one.id))


def _letters(one) -> rx.Var:
    return plural("{count} letter", "{count} letters", one.letters)


def _batch() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            button(_("All batches"), variant="plain sm", on_click=PrintState.close_batch),
            native_link(
                _("Open the PDF"),
                href=routes.fill(routes.PRINT_PDF, _BATCH.id),
                class_name=button_class("quiet sm"),
            ),
            rx.cond(
                _BATCH.is_confirmed,
                pill(_BATCH.confirmed, "good"),
                button(_("Confirm as handed over"), variant="sm", on_click=PrintState.confirm),
            ),
            class_name="row",
        ),
        card(
            card_head(_BATCH.facility, rx.el.span(_BATCH.made, class_name="small muted num")),
            rx.el.ul(rx.foreach(_BATCH.pages, _page), class_name="rows"),
        ),
        class_name="stack narrow",
    )


def _page(page) -> rx.Component:
    return rx.el.li(
        rx.el.span(page.person, " · ", page.housing, class_name="strong"),
        rx.el.span(
            rx.cond(page.message_id > 0, page.sender, _("Notice: a letter was not delivered")),
            rx.cond(page.subject != "", f" · {page.subject}", ""),
            class_name="small muted",
        ),
        rx.el.div(
            handover(
                page,
                _("What became of the page for {person}").format(person=page.person),
                lambda outcome: PrintState.except_page(page.id, outcome),
                is_confirmed=_BATCH.is_confirmed,
            ),
            rx.cond(
                page.message_id > 0,
                button(_("Enter a reply"), variant="plain sm", on_click=PrintState.begin_reply(page.message_id)),
            ),
            class_name="row-actions",
        ),
        rx.cond((page.message_id > 0) & (PrintState.replying_to == page.message_id), _reply(page)),
        key=page.id,
    )


def _reply(page) -> rx.Component:
    problems = PrintState.problems
    return rx.el.form(
        field(
            _("Subject"),
            text_input("subject", problem=problems["subject"], max_length=100, auto_complete="off"),
            name="subject",
            problem=problems["subject"],
        ),
        field(
            _("What {person} wrote").format(person=page.person),
            rx.el.textarea(id="body", name="body", class_name="input", rows="8"),
            name="body",
            problem=problems["body"],
        ),
        rx.el.div(button(_("Send to the family"), variant="sm", type="submit"), class_name="row"),
        on_submit=PrintState.enter_reply,
        no_validate=True,
        class_name="stack-sm whole",
    )
