"""The part of the page about privileged letters that prints them: what is ready, the batches, and the open one."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.batches import batch_line, handover, ready_line
from rxconnect.components.forms import button, button_class
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, pill
from rxconnect.components.sentences import plural
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.state.staff.sealed import SealedState

_BATCH = SealedState.batch


def sealed_cards() -> rx.Component:
    """Batches to print and seal, or the one that is open."""
    return rx.fragment(problem_of(SealedState), rx.cond(_BATCH, _batch(), _overview()))


def _overview() -> rx.Component:
    return rx.cond(
        SealedState.ready_to_print | SealedState.batches,
        card(
            card_head(_("To print and seal")),
            rx.el.p(
                _(
                    "Each letter comes behind a cover sheet. Put its pages into an envelope unread, with the cover sheet "
                    "outside. It is opened by the person, or in front of them."
                ),
                class_name="card-body small muted",
            ),
            rx.el.ul(
                rx.foreach(SealedState.ready_to_print, _ready),
                rx.foreach(SealedState.batches, _line),
                id="letters-to-seal",
                class_name="rows",
                aria_label=_("To print and seal"),
            ),
        ),
    )


def _ready(one) -> rx.Component:
    return ready_line(one, _letters(one), SealedState.create(one.facility_id))


def _line(one) -> rx.Component:
    return batch_line(one, _letters(one), SealedState.open_batch(one.id))


def _letters(one) -> rx.Var:
    return plural("{count} privileged letter", "{count} privileged letters", one.letters)


def _batch() -> rx.Component:
    return card(
        card_head(_BATCH.facility, rx.el.span(_BATCH.made, class_name="small muted num")),
        rx.el.div(
            button(_("All batches"), variant="plain sm", on_click=SealedState.close_batch),
            rx.cond(
                _BATCH.is_confirmed,
                pill(_BATCH.confirmed, "good"),
                rx.fragment(
                    native_link(
                        _("Get the PDF, which is recorded"),
                        href=routes.fill(routes.SEALED_PDF, _BATCH.id),
                        class_name=button_class("quiet sm"),
                    ),
                    button(_("Confirm as handed over"), variant="sm", on_click=SealedState.confirm),
                ),
            ),
            class_name="card-body row",
        ),
        rx.el.ul(rx.foreach(_BATCH.pages, _page), class_name="rows"),
    )


def _page(page) -> rx.Component:
    return rx.el.li(
        rx.el.span(_("1 privileged letter, sent {when}").format(when=page.sent), class_name="strong num whole"),
        rx.el.span(_("Letter {number}").format(number=page.message_id), class_name="small muted num whole"),
        rx.el.div(
            handover(
                page,
                _("What became of letter {number}").format(number=page.message_id),
                lambda outcome: SealedState.except_page(page.id, outcome),
                is_confirmed=_BATCH.is_confirmed,
            ),
            class_name="row whole",
        ),
        key=page.id,
    )
