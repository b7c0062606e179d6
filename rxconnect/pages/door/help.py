"""Help, for everybody: the questions, and a page for each."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.native import native_link, slot
from rxconnect.components.pieces import card, card_head
from rxconnect.domain.text import unwrap
from rxconnect.i18n import _
from rxconnect.layout.public import public_frame
from rxconnect.pages.door.help_questions import GROUPS, Question, facts
from rxconnect.state.session import SessionState


def help_index() -> rx.Component:
    """Every question, by subject."""
    return public_frame(
        _("Help"),
        rx.el.div(*(_group(_(heading), questions) for heading, questions in GROUPS), class_name="help-groups"),
        lead=_("Short answers to what families ask. You need no account to read them."),
    )


def help_question(question: Question) -> rx.Component:
    """One question and its answer, and the other questions of its group."""
    heading, group = next((heading, questions) for heading, questions in GROUPS if question in questions)
    others = tuple(one for one in group if one is not question)
    return public_frame(
        _(question.title),
        rx.el.div(
            rx.el.div(
                slot("help-prices", "help-prices") if question.route == routes.HELP_COST else None,
                *(rx.el.p(part) for part in unwrap(_(question.text)).format(**facts()).split("\n\n")),
                _links(question),
                class_name="stack narrow",
            ),
            _group(_(heading), others),
            class_name="grid",
        ),
        back=(_("All questions"), routes.HELP),
    )


def _links(question: Question) -> rx.Component | None:
    if not question.links:
        return None
    return rx.el.div(*(_link(_(label), address) for label, address in question.links), class_name="row")


def _link(label: str, address: str) -> rx.Component:
    """Somebody who is signed in is not asked to sign up."""
    link = native_link(label, href=address, class_name=button_class("quiet sm"))
    return rx.cond(SessionState.name == "", link) if address == routes.SIGN_UP else link


def _group(heading: str, questions: tuple[Question, ...]) -> rx.Component:
    rows = (
        rx.el.li(native_link(_(question.title), href=question.route, class_name="help-link")) for question in questions
    )
    return card(card_head(heading), rx.el.ul(*rows, class_name="help-list"))
