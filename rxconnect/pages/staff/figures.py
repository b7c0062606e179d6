"""The desk's figures: today, and the last 90 days by queue, rule, reason or outcome."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.pieces import card, card_head, empty_state, skeleton
from rxconnect.domain.figures import FigureGroup
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import staff_frame
from rxconnect.state.staff.figures import FiguresState

_TODAY = FiguresState.today


def figures() -> rx.Component:
    """Today's figures, and a line for each rule, reason or outcome."""
    return staff_frame(
        _("Figures"),
        problem_of(FiguresState),
        rx.cond(FiguresState.ready, rx.el.div(_facilities(), _now(), _weeks(), class_name="stack"), skeleton("tall")),
        section="figures",
    )


def _facilities() -> rx.Component:
    def link(post) -> rx.Component:
        return rx.el.a(
            post.facility,
            href=routes.with_query(routes.FIGURES, facility=post.facility_id, by=FiguresState.group),
            custom_attrs={"aria-current": rx.cond(post.facility_id == FiguresState.facility_id, "page", "false")},
        )

    return rx.cond(
        FiguresState.facilities.length() > 1,
        rx.el.nav(rx.foreach(FiguresState.facilities, link), class_name="segments", aria_label=_("Facility")),
    )


def _now() -> rx.Component:
    return card(
        card_head(_("Today")),
        rx.el.dl(
            _figure(_("Waiting"), _TODAY.waiting),
            _figure(_("Overdue"), _TODAY.overdue),
            _figure(_("Decided"), _TODAY.decided),
            _figure(_("Rejected"), _TODAY.rejected),
            _figure(_("Median time"), rx.cond(_TODAY.median != "", _TODAY.median, "–")),
            _figure(_("19 of 20 within"), rx.cond(_TODAY.p95 != "", _TODAY.p95, "–")),
            _figure(_("Misses in 90 days"), _TODAY.misses),
            class_name="tiles",
        ),
    )


def _figure(name: str, value) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="tile")


def _weeks() -> rx.Component:
    return card(
        card_head(_("Decisions of the last 90 days"), _groups()),
        rx.cond(
            FiguresState.lines,
            rx.el.table(
                rx.el.caption(_("Decisions in each of the last 13 weeks"), class_name="sr"),
                rx.el.tbody(rx.foreach(FiguresState.lines, _line)),
                class_name="table weeks-table",
            ),
            empty_state("chart", _("No decisions yet"), _("They appear here as letters are decided.")),
        ),
    )


def _groups() -> rx.Component:
    def link(group: FigureGroup) -> rx.Component:
        return rx.el.a(
            group.label,
            href=routes.with_query(routes.FIGURES, facility=FiguresState.facility_id, by=group.value),
            custom_attrs={"aria-current": rx.cond(FiguresState.group == group.value, "page", "false")},
        )

    return rx.el.nav(*(link(group) for group in FigureGroup), class_name="segments", aria_label=_("Group by"))


def _line(line) -> rx.Component:
    return rx.el.tr(
        rx.el.th(line.label, scope="row"),
        rx.el.td(
            rx.el.svg(
                rx.foreach(
                    line.bars, lambda bar: rx.el.rect(x=bar.x, y=bar.y, width=bar.width, height=bar.height, rx="2")
                ),
                class_name="weeks",
                role="img",
                custom_attrs={"aria-label": line.weeks.join(", ")},
            )
        ),
        rx.el.td(line.total, class_name="num strong"),
    )
