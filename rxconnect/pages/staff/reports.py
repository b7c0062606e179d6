"""Reports: the letters of a period, times, reasons, appeals and staff, and their exports."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, field, text_input
from rxconnect.components.pieces import card, card_head, skeleton
from rxconnect.domain.report_views import small_print
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff import report_exports
from rxconnect.state.staff.reports import ReportsState

_VIEW = ReportsState.view


def reports() -> rx.Component:
    """The report of one facility in one period."""
    return staff_frame(
        _("Reports"),
        _facilities(),
        problem_of(ReportsState),
        rx.cond(
            ReportsState.ready,
            rx.cond(
                ReportsState.is_refused,
                _refused(),
                rx.el.div(
                    _periods(),
                    _figures(),
                    *report_exports.cards(),
                    class_name="stack",
                ),
            ),
            skeleton("line", "tall"),
        ),
        section="reports",
        lead=rx.cond(ReportsState.title != "", f"{ReportsState.facility} · {ReportsState.title}", "\u00a0"),
    )


def _facilities() -> rx.Component:
    def link(one) -> rx.Component:
        return rx.el.a(
            one[1],
            href=routes.with_query(routes.REPORTS, facility=one[0]),
            custom_attrs={"aria-current": rx.cond(one[0] == ReportsState.facility_id, "page", "false")},
        )

    return rx.cond(
        ReportsState.facilities.length() > 1,
        rx.el.nav(
            rx.foreach(ReportsState.facilities, link), class_name="segments team-places", aria_label=_("Facility")
        ),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for administrators and auditors"),
        _("It shows how a facility has decided about its letters. Ask an administrator of your facility for a figure."),
    )


def _periods() -> rx.Component:
    def link(one) -> rx.Component:
        return rx.el.a(
            one.label,
            href=routes.with_query(routes.REPORTS, facility=ReportsState.facility_id, period=one.period),
            custom_attrs={"aria-current": rx.cond(one.is_chosen, "page", "false")},
        )

    problems = ReportsState.problems
    return rx.el.div(
        rx.el.nav(rx.foreach(ReportsState.periods, link), class_name="segments report-periods", aria_label=_("Period")),
        rx.el.form(
            rx.el.div(
                *(
                    field(
                        label,
                        text_input(name, type="date", problem=problems[name], given=value),
                        name=name,
                        problem=problems[name],
                    )
                    for label, name, value in (
                        (_("First day"), "first", ReportsState.first),
                        (_("Last day"), "last", ReportsState.last),
                    )
                ),
                button(_("Show these days"), variant="quiet", type="submit"),
                class_name="filters report-days",
            ),
            on_submit=ReportsState.show_dates,
            no_validate=True,
            aria_label=_("Another period"),
        ),
        class_name="stack-sm",
    )


def _figures() -> rx.Component:
    return rx.cond(
        _VIEW,
        rx.fragment(
            _letters(),
            _times(),
            rx.el.div(
                _counts(_("Reasons of rejection"), _("Reason"), _VIEW.reasons, _("Nothing was rejected in this time.")),
                _counts(_("Appeals made in this time"), _("Outcome until now"), _VIEW.appeals, ""),
                class_name="grid",
            ),
            _staff(),
            card(
                card_head(_("What is counted")),
                rx.el.ul(
                    *(rx.el.li(sentence) for sentence in small_print()), class_name="card-body small muted counted"
                ),
            ),
        ),
        skeleton("tall", "tall"),
    )


def _letters() -> rx.Component:
    def line(one) -> rx.Component:
        return _row(one.name, one.sent, rx.foreach(one.fates, lambda count: rx.el.td(count, class_name="num")))

    columns = (_column(_("Sent in")), _column(_("Sent")), rx.foreach(_VIEW.columns, _column))
    caption = _("Letters by the day on which they were sent, and what became of them")
    return card(card_head(_("Letters")), _table(caption, columns, rx.foreach(_VIEW.letters, line), "report-total"))


def _times() -> rx.Component:
    def line(one) -> rx.Component:
        return _row(
            one.name, one.decided, *(rx.el.td(value, class_name="num") for value in (one.median, one.p95, one.within))
        )

    names = (_("Decided in"), _("Decided"), _("Median"), _("19 of 20 within"), _("Within the promised time"))
    return card(
        card_head(
            _("Time to decision"),
            rx.el.span(_("promised: {promised}").format(promised=_VIEW.promised), class_name="small muted"),
        ),
        _table(
            _("Decisions about letters, and how long the letters had waited"),
            [_column(name) for name in names],
            rx.foreach(_VIEW.times, line),
            "report-total",
        ),
    )


def _counts(heading: str, first: str, lines, nothing: str) -> rx.Component:
    def line(one) -> rx.Component:
        return _row(one.name, one.count, rx.el.td(one.share, class_name="num"))

    found = _table(heading, [_column(name) for name in (first, _("Number"), _("Share"))], rx.foreach(lines, line))
    nothing_there = rx.el.p(nothing, class_name="card-body muted")
    return card(card_head(heading), rx.cond(lines, found, nothing_there) if nothing else found)


def _staff() -> rx.Component:
    def line(one) -> rx.Component:
        return _row(
            one.name,
            one.decided,
            *(
                rx.el.td(value, class_name="num")
                for value in (one.rejected, one.appeals_decided, one.appealed, one.overturned)
            ),
        )

    names = (
        _("Name"),
        _("Letters decided"),
        _("Of these rejected"),
        _("Appeals decided"),
        _("Own rejections appealed"),
        _("Of these overturned"),
    )
    return card(
        card_head(_("Staff")),
        rx.cond(
            _VIEW.staff,
            _table(
                _("Decisions by member of staff, and what became of their rejections"),
                [_column(name) for name in names],
                rx.foreach(_VIEW.staff, line),
            ),
            rx.el.p(_("Nobody decided anything in this time."), class_name="card-body muted"),
        ),
    )


def _table(caption: str, columns, lines, look: str = "") -> rx.Component:
    """A table that scrolls on a phone. Every column but the first holds figures."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr"),
            rx.el.thead(rx.el.tr(*columns)),
            rx.el.tbody(lines),
            class_name=f"table report-table {look}".strip(),
        ),
        class_name="scroll",
        role="region",
        tab_index=0,
        aria_label=caption,
    )


def _column(name) -> rx.Component:
    return rx.el.th(name, scope="col")


def _row(name, first, *cells) -> rx.Component:
    return rx.el.tr(rx.el.th(name, scope="row"), rx.el.td(first, class_name="num strong"), *cells)
