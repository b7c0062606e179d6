"""The audit: a search by person, kind, day and letter, the rows that fit, and their export."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, button_class, field, select, text_input
from rxconnect.components.more import more_button
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.domain.audit import AuditKind
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.audit import AuditState

_VIEW = AuditState.view


def audit() -> rx.Component:
    """What staff saw and did at one facility."""
    return staff_frame(
        _("Audit"),
        _facilities(),
        problem_of(AuditState),
        rx.cond(
            AuditState.ready,
            rx.cond(
                _VIEW,
                rx.el.div(_search(), _rows(), _head(), class_name="stack"),
                rx.cond(AuditState.is_refused, _refused()),
            ),
            skeleton("field", "rows", "rows"),
        ),
        section="audit",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _facilities() -> rx.Component:
    def link(one) -> rx.Component:
        return rx.el.a(
            one[1],
            href=routes.with_query(routes.AUDIT, facility=one[0]),
            custom_attrs={"aria-current": rx.cond(one[0] == _VIEW.facility_id, "page", "false")},
        )

    return rx.cond(
        _VIEW & (_VIEW.facilities.length() > 1),
        rx.el.nav(rx.foreach(_VIEW.facilities, link), class_name="segments team-places", aria_label=_("Facility")),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for auditors"),
        _("It shows what staff saw and did at a facility. Auditors and administrators may read it."),
    )


def _search() -> rx.Component:
    problems = AuditState.problems
    people = rx.foreach(_VIEW.people, lambda one: rx.el.option(one[1], value=one[0]))
    return rx.el.form(
        rx.el.div(
            field(_("Person"), select("person", rx.el.option(_("Everybody"), value=""), people), name="person"),
            field(
                _("Act"),
                select(
                    "kind",
                    rx.el.option(_("Everything"), value=""),
                    *(rx.el.option(kind.label, value=kind.value) for kind in AuditKind),
                ),
                name="kind",
            ),
            field(_("Day"), text_input("day", type="date"), name="day"),
            field(
                _("Number of the letter"),
                text_input(
                    "letter", problem=problems["letter"], max_length=12, input_mode="numeric", auto_complete="off"
                ),
                name="letter",
                problem=problems["letter"],
            ),
            class_name="filters",
        ),
        rx.el.div(
            button(_("Search"), variant="sm", type="submit"),
            native_link(_("Export as CSV"), href=AuditState.export, class_name=button_class("quiet sm")),
            class_name="row",
        ),
        on_submit=AuditState.find,
        no_validate=True,
        role="search",
        aria_label=_("Search the audit"),
        class_name="stack-sm",
    )


def _rows() -> rx.Component:
    return card(
        card_head(_("What was done")),
        rx.el.p(
            _(
                "The short code beside a row is its fingerprint. It includes the fingerprint of the row before it, so that "
                "nobody can change or remove a row unseen."
            ),
            class_name="card-body small muted",
        ),
        rx.cond(
            _VIEW.lines,
            rx.el.ul(rx.foreach(_VIEW.lines, _row), class_name="rows", aria_label=_("What was done")),
            empty_state("search", _("Nothing fits"), _("No act that was recorded fits this search.")),
        ),
        rx.cond(
            _VIEW.next > 0,
            rx.el.div(
                more_button(_("Show earlier acts"), variant="quiet sm", on_click=AuditState.more),
                class_name="card-foot",
            ),
        ),
    )


def _row(line) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            line.what,
            rx.match(
                line.times,
                (1, rx.cond(line.letter != "", " · " + _("letter {number}").format(number=line.letter), "")),
                " · " + _("letters {numbers}").format(numbers=line.letter),
            ),
            rx.cond(line.times > 1, rx.fragment(" ", pill(_("{count} times").format(count=line.times), "still"))),
            class_name="strong",
        ),
        rx.el.span(
            line.person,
            rx.cond(line.role != "", rx.fragment(", ", line.role)),
            rx.cond(line.details != "", rx.fragment(rx.el.br(), line.details)),
            class_name="small muted audit-details",
        ),
        rx.el.span(
            line.at,
            rx.el.br(),
            rx.cond(line.times > 1, f"#{line.first}–{line.number}", f"#{line.number}"),
            " ",
            rx.el.code(line.hash),
            class_name="xs muted num row-actions",
        ),
        key=line.number,
    )


def _head() -> rx.Component:
    return card(
        card_head(_("Head of the chain")),
        rx.el.div(
            rx.el.p(rx.el.code(_VIEW.head), class_name="audit-head"),
            rx.el.p(
                _(
                    "The last act that it covers is that you opened this page. Keep it outside of RxConnect: with it, an operator "
                    "can prove that nothing before it was changed or removed."
                ),
                class_name="small muted",
            ),
            class_name="card-body stack-sm",
        ),
    )
