"""Make the world theirs: the audience's facility, and a try of its roster."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.field import area_field
from rxconnect.components.forms import alert, button, button_class, field, link_button, text_input
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, skeleton
from rxconnect.domain.own_facility import CITY_MAX, NAME_MAX
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame, post_button
from rxconnect.layout.frame import problem_of
from rxconnect.state.demo.own_facility import OwnFacilityState

_STATE = OwnFacilityState


def own_facility() -> rx.Component:
    """The trainer's page."""
    return demo_frame(
        _("Your own facility"),
        problem_of(_STATE),
        rx.cond(
            _STATE.ready,
            rx.el.div(_form(), _roster_card(), class_name="own-facility"),
            skeleton("block", "tall"),
        ),
        lead=_(
            "The administrator of this session saves it, so it is in the session's audit. People, letters and money stay "
            "invented."
        ),
        beside=link_button(_("Back to the room"), routes.DEMO_ROOM, variant="quiet sm"),
    )


def _form() -> rx.Component:
    return card(
        card_head(_("The facility")),
        rx.el.form(
            _line("name", _("Name"), max_length=NAME_MAX),
            rx.el.div(
                _line("city", _("Town"), max_length=CITY_MAX),
                _line("state", _("State"), hint=_("Such as WA"), max_length=20),
                class_name="own-place",
            ),
            rx.el.div(
                _line(
                    "price_cents", _("Price of a credit"), hint=_("In cents, everything included"), input_mode="numeric"
                ),
                _line("promised_hours", _("Promised time to decide"), hint=_("In hours"), input_mode="numeric"),
                class_name="own-numbers",
            ),
            _lines(
                "rules",
                _("Published rules, one a line"),
                _("Families read them while they write, people in custody on the kiosk, and staff beside each letter."),
                rows="5",
            ),
            _lines(
                "words",
                _("Words and phrases to hold, one a line"),
                _(
                    "A letter with one of them waits for staff with the word marked. Capitals and accents do not matter."
                ),
                rows="3",
            ),
            _line(
                "pattern",
                _("A pattern to hold"),
                hint=_("A regular expression, for those who know them. Numbers such as 555-0142: [0-9]+-[0-9]+"),
            ),
            rx.el.div(button(_("Save"), type="submit"), class_name="row"),
            rx.el.div(rx.cond(_STATE.hint != "", alert(_STATE.hint, "good")), role="status"),
            on_submit=_STATE.save,
            no_validate=True,
            class_name="card-body stack",
        ),
    )


def _line(name: str, label: str, *, hint: str | None = None, **props: Any) -> rx.Component:
    problem = _STATE.problems[name]
    control = text_input(
        name, problem=problem, hint=hint is not None, given=_STATE.given[name], auto_complete="off", **props
    )
    return field(label, control, name=name, problem=problem, hint=hint)


def _lines(name: str, label: str, hint: str, *, rows: str) -> rx.Component:
    problem = _STATE.problems[name]
    control = text_input(name, of=area_field, problem=problem, hint=True, given=_STATE.given[name], rows=rows)
    return field(label, control, name=name, problem=problem, hint=hint)


def _roster_card() -> rx.Component:
    return card(
        card_head(_("Their roster")),
        rx.el.div(
            rx.el.p(
                _(
                    "You go on to the product, as this session's administrator and with the wheel. There you choose or drop a "
                    "list: a spreadsheet, CSV, JSON or what else their system exports. You see what it would change, and "
                    "nothing is imported before you press Import."
                )
            ),
            post_button(_("Try a roster"), routes.DEMO_TRY_ROSTER),
            rx.el.p(
                _("To try it without a list of your own, take ours: a few people have left, moved or come."),
            ),
            rx.el.div(
                native_link(
                    icon("download"),
                    _("Download a sample"),
                    href=routes.DEMO_ROSTER,
                    class_name=button_class("quiet sm"),
                )
            ),
            rx.el.p(
                icon("lock"),
                rx.el.span(
                    rx.el.strong(_("Use invented names only.")),
                    " ",
                    _(
                        "We cannot tell invented names from real ones. Everybody in the room sees your list. When the session ends, "
                        "its world is kept as a file for a day, so that you can take it along, and your list is in that file."
                    ),
                ),
                class_name="start-note",
            ),
            rx.el.p(
                _(
                    "A list of a few people is met with a warning, since almost everybody would be missing from it. That is as "
                    "it should be: tick that it is right, and go on."
                ),
                class_name="small muted",
            ),
            class_name="card-body stack",
        ),
    )
