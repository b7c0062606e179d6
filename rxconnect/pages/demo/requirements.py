"""The card of the room in which the trainer ticks off the requirements of a tender. Nobody else sees it."""

from typing import Any

import reflex as rx

from rxconnect.components.asking import asking
from rxconnect.components.field import text_field
from rxconnect.components.forms import button
from rxconnect.components.icons import icon
from rxconnect.components.more import more_button
from rxconnect.components.pieces import card, card_head, pill
from rxconnect.components.sentences import named
from rxconnect.domain.demo import REMARK_MAX, RequirementFilter
from rxconnect.i18n import _
from rxconnect.state.demo.requirements import RequirementsState

_VIEW = RequirementsState.view
# Fewer than these can be overlooked without a search.
_MANY = 8
_DEBOUNCE = 250


def requirements_card() -> rx.Component:
    """A pasted list, each with a tick. The summary says at which minute it was shown."""
    return rx.cond(
        RequirementsState.ready & (_VIEW != None),  # noqa: E711 - a Var
        card(
            card_head(_("Requirements"), rx.cond(_VIEW.total > 0, _count())),
            rx.cond(
                (_VIEW.total == 0) | RequirementsState.is_pasting,
                _paste_form(),
                rx.el.div(
                    button(_("Add more"), variant="quiet sm", on_click=RequirementsState.begin_pasting),
                    rx.cond(_VIEW.total >= _MANY, _filters()),
                    class_name="row requirement-tools",
                ),
            ),
            rx.cond(_VIEW.total > 0, _list()),
            class_name="requirements",
        ),
    )


def _count() -> rx.Component:
    return rx.el.span(
        _("{shown} of {total} shown").format(shown=_VIEW.shown, total=_VIEW.total), class_name="small muted num"
    )


def _paste_form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.label(_("Requirements, one a line"), html_for="requirements"),
            rx.el.textarea(
                id="requirements",
                name="requirements",
                rows="5",
                class_name="input",
                spell_check=False,
                custom_attrs={"aria-describedby": "requirements-hint requirements-problem"},
            ),
            rx.el.span(
                _("Paste the list of a tender. Bullets and numbers in front are left out."),
                id="requirements-hint",
                class_name="hint",
            ),
            rx.el.p(
                RequirementsState.problems["requirements"],
                id="requirements-problem",
                class_name="problem",
                role="alert",
            ),
            class_name="field",
        ),
        rx.el.div(
            button(_("Add the list"), type="submit", variant="quiet"),
            rx.cond(_VIEW.total > 0, button(_("Cancel"), variant="plain", on_click=RequirementsState.stop_pasting)),
            class_name="row",
        ),
        on_submit=RequirementsState.add_requirements,
        class_name="card-body stack-sm",
    )


def _filters() -> rx.Component:
    return rx.fragment(
        rx.el.label(_("Search the requirements"), html_for="find_requirement", class_name="sr"),
        text_field(
            id="find_requirement",
            type="search",
            class_name="input requirement-search",
            placeholder=_("Search"),
            given=RequirementsState.query,
            on_tell=RequirementsState.search,
            pause=_DEBOUNCE,
            auto_complete="off",
        ),
        rx.el.div(
            *map(_choice, RequirementFilter),
            class_name="segments",
            role="group",
            aria_label=_("Which requirements"),
        ),
    )


def _choice(which: RequirementFilter) -> rx.Component:
    return button(
        which.label,
        on_click=RequirementsState.choose(which.value),
        custom_attrs={"aria-pressed": rx.cond(RequirementsState.which == which.value, "true", "false")},
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(_VIEW.requirements, _requirement), class_name="requirements-list"),
        rx.cond(_VIEW.found == 0, rx.el.p(_("None is like this."), class_name="card-body muted small")),
        rx.cond(
            _VIEW.has_more,
            rx.el.div(
                more_button(
                    _("Show more of {count}").format(count=_VIEW.found),
                    variant="quiet sm",
                    on_click=RequirementsState.show_more,
                ),
                class_name="card-foot",
            ),
        ),
    )


def _requirement(one: Any) -> rx.Component:
    is_shown = one.minute > 0
    return rx.el.li(
        rx.el.button(
            icon("check"),
            type="button",
            class_name="requirement-tick",
            on_click=rx.cond(is_shown, RequirementsState.unmark_shown(one.id), RequirementsState.mark_shown(one.id)),
            aria_label=_("Shown: {requirement}").format(requirement=one.text),
            custom_attrs={"aria-pressed": rx.cond(is_shown, "true", "false")},
        ),
        rx.el.div(
            rx.el.p(rx.el.span(one.number, class_name="muted num requirement-number"), one.text),
            rx.cond(RequirementsState.editing == one.id, _remark_form(), rx.cond(is_shown, _shown(one))),
            class_name="requirement-words",
        ),
        asking(
            _("Remove"),
            _("Remove this requirement? It leaves the list and the summary."),
            _("Remove it"),
            RequirementsState.remove_requirement(one.id),
            id="ask-requirement-" + one.id.to_string(),
            aria_label=_("Remove: {requirement}").format(requirement=one.text),
        ),
        key=one.id,
        class_name=rx.cond(is_shown, "is-shown", ""),
    )


def _shown(one: Any) -> rx.Component:
    return rx.el.div(
        pill(_("Minute {minute}").format(minute=one.minute), "good"),
        rx.el.span(one.what, class_name="small muted"),
        button(
            rx.cond(one.what != "", _("Change"), _("Say what was shown")),
            variant="plain sm",
            on_click=RequirementsState.edit_remark(one.id),
            aria_label=named(rx.cond(one.what != "", _("Change"), _("Say what was shown")), one.text),
        ),
        class_name="requirement-shown",
    )


def _remark_form() -> rx.Component:
    return rx.el.form(
        rx.el.label(_("What was shown"), html_for="remark", class_name="sr"),
        text_field(
            id="remark",
            name="remark",
            class_name="input",
            given=RequirementsState.remark,
            on_tell=RequirementsState.write_remark,
            pause=_DEBOUNCE,
            max_length=REMARK_MAX,
            auto_complete="off",
        ),
        button(_("Save"), type="submit", variant="quiet sm"),
        button(_("Cancel"), variant="plain sm", on_click=RequirementsState.stop_editing),
        on_submit=RequirementsState.save_remark,
        class_name="row requirement-remark",
    )
