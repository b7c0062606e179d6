"""The rules of the person's facility, and what they may send."""

import reflex as rx

from rxconnect.components.own_texts import own_text_item
from rxconnect.components.pieces import card, card_head, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.kiosk import kiosk_frame
from rxconnect.state.kiosk.rules import InsideRulesState

_RULES = InsideRulesState.rules
_ALLOWANCE = InsideRulesState.allowance


def rules() -> rx.Component:
    """What the facility has published, and the person's allowance."""
    return kiosk_frame(
        _("Rules"),
        problem_of(InsideRulesState),
        rx.cond(
            InsideRulesState.ready & _RULES,
            rx.el.div(
                _allowance(),
                _reading(),
                rx.cond(_RULES.rules, _facility_rules()),
                _reasons(),
                class_name="stack",
            ),
            rx.cond(InsideRulesState.problem == "", skeleton("summary", "summary")),
        ),
        section="rules",
        lead=rx.cond(InsideRulesState.ready & _RULES, _RULES.facility, "\u00a0"),
    )


def _allowance() -> rx.Component:
    return card(
        card_head(_("What you can send")),
        rx.el.div(
            rx.el.p(_ALLOWANCE.free),
            rx.el.ul(
                rx.foreach(_ALLOWANCE.prepaid_by, _prepaid),
                class_name="stack-sm",
            ),
            class_name="card-body stack-sm",
        ),
    )


def _prepaid(one) -> rx.Component:
    return rx.el.li(_("{name} has paid for your answer").format(name=one[1]), " (", one[2], ")")


def _reading() -> rx.Component:
    return card(
        card_head(_("Who reads")),
        rx.el.div(
            rx.el.p(_RULES.reading),
            rx.cond(_RULES.review_time != "", rx.el.p(_RULES.review_time)),
            rx.el.p(_RULES.opened),
            rx.el.p(_RULES.protest),
            class_name="card-body stack-sm",
        ),
    )


def _facility_rules() -> rx.Component:
    return card(
        card_head(_("Rules of this place")),
        rx.el.div(rx.el.ul(rx.foreach(_RULES.rules, own_text_item), class_name="rules"), class_name="card-body"),
    )


def _reasons() -> rx.Component:
    return card(
        card_head(_("What is not let through")),
        rx.el.dl(rx.foreach(_RULES.reasons, _reason), class_name="card-body stack-sm"),
    )


def _reason(reason) -> rx.Component:
    return rx.el.div(rx.el.dt(reason[0], class_name="strong"), rx.el.dd(reason[1].text, lang=reason[1].language))
