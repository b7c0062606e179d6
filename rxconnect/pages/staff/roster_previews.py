"""An uploaded roster before its import: what it would change, the columns as they were read, and words that only people know."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import alert, button, field, link_button, select, text_input
from rxconnect.components.pieces import card, card_head
from rxconnect.domain.inmates import Custody
from rxconnect.domain.rosters import RosterField
from rxconnect.i18n import _
from rxconnect.state.staff.rosters import COLUMN_FIELDS, RostersState

_PREVIEW = RostersState.preview


def roster_preview() -> rx.Component:
    """The file's preview, with forms that correct how it is read, and *Import*."""
    return rx.fragment(rx.cond(RostersState.words, _words()), rx.cond(_PREVIEW, _dry_run()), _columns())


def _dry_run() -> rx.Component:
    return card(
        card_head(_("What would change")),
        rx.el.div(
            rx.el.p(
                _("Nothing was changed yet. This is what importing {file} would do.").format(
                    file=RostersState.file_name
                ),
                class_name="small",
            ),
            rx.cond(_PREVIEW.suspicious, alert(_("This looks wrong:"), "bad", roster_lines(_PREVIEW.suspicious))),
            rx.el.dl(rx.foreach(RostersState.counts, _count), class_name="sum"),
            _people(
                _("Missing from the list"),
                _PREVIEW.missing,
                _("They count as released only when later lists lack them, too."),
            ),
            _people(_("Known under a new number"), _PREVIEW.merges, ""),
            _people(_("What else was noticed"), _PREVIEW.notes, ""),
            _bad_rows(),
            _first_people(),
            _decide(),
            class_name="card-body stack",
        ),
    )


def _columns() -> rx.Component:
    """The columns as they were read. Without a preview, the file could not be read with these."""
    return card(
        card_head(_("Columns of the file")),
        rx.el.form(
            rx.el.p(
                _("If something was read from the wrong column, write the name of the right one."),
                class_name="small muted",
            ),
            *(_column(name, RosterField(value).label) for name, value in COLUMN_FIELDS.items()),
            rx.el.div(
                button(_("Read it again"), type="submit", variant="quiet sm"),
                link_button(_("Another file"), _fresh_page(), variant="plain sm"),
                class_name="row",
            ),
            on_submit=RostersState.read_again,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
    )


def _words() -> rx.Component:
    """Words for a status, and titles of parts of the list, of which only a person knows what they mean."""
    return card(
        card_head(_("What these words mean")),
        rx.el.form(
            rx.el.p(
                _(
                    "The file says these words of people, or stands them above a part of its list, and does not say whether the "
                    "people are in custody. Nothing changes for them until you say what a word means. Your answer is kept for the "
                    "next file."
                ),
                class_name="small",
            ),
            rx.foreach(RostersState.words, _word),
            rx.el.div(button(_("Read it again"), type="submit", variant="sm"), class_name="row"),
            on_submit=RostersState.explain_words,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
    )


def _word(word) -> rx.Component:
    field_name, text, meaning = word[0], word[1], word[2]
    return rx.el.div(
        rx.el.label(text, html_for=field_name),
        select(
            field_name,
            rx.el.option(_("I do not know: change nothing"), value=""),
            rx.el.option(_("These people are in custody here"), value=Custody.HELD.value),
            rx.el.option(_("These people were released"), value=Custody.RELEASED.value),
            rx.el.option(_("These people were moved to another facility"), value=Custody.MOVED.value),
            given=meaning,
        ),
        class_name="field",
    )


def _column(name: str, label: str) -> rx.Component:
    return field(label, text_input(name, given=RostersState.columns[name], auto_complete="off"), name=name)


def _fresh_page() -> str:
    return routes.with_query(routes.ROSTERS, facility=RostersState.view.facility_id)


def _count(count) -> rx.Component:
    return rx.fragment(rx.el.dt(count[0]), rx.el.dd(count[1], class_name="num"))


def roster_lines(lines: Any) -> rx.Component:
    """A list of sentences about a roster."""
    return rx.el.ul(rx.foreach(lines, rx.el.li), class_name="rules small")


def _people(title: str, lines: Any, hint: str) -> rx.Component:
    return rx.cond(
        lines,
        rx.el.details(
            rx.el.summary(title, rx.el.span(lines.length(), class_name="count")),
            rx.el.p(hint, class_name="small muted") if hint else None,
            roster_lines(lines),
        ),
    )


def _bad_rows() -> rx.Component:
    def line(row) -> rx.Component:
        return rx.el.li(
            rx.cond(
                row.sheet != "",
                _("{sheet}, row {number}: {reason}").format(sheet=row.sheet, number=row.line, reason=row.reason),
                _("Line {number}: {reason}").format(number=row.line, reason=row.reason),
            )
        )

    return rx.cond(
        _PREVIEW.bad,
        rx.el.details(
            rx.el.summary(_("Rows that would be left out"), rx.el.span(_PREVIEW.bad.length(), class_name="count")),
            rx.el.ul(rx.foreach(_PREVIEW.bad, line), class_name="rules small"),
        ),
    )


def _first_people() -> rx.Component:
    def line(person) -> rx.Component:
        return rx.el.tr(*(rx.el.td(person[place], class_name="small") for place in range(5)))

    names = (_("Number"), _("Name"), _("Born"), _("Housing"), _("Custody"))
    return rx.el.details(
        rx.el.summary(_("The first people, as they were read")),
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(*(rx.el.th(name, scope="col") for name in names))),
                rx.el.tbody(rx.foreach(_PREVIEW.people, line)),
                class_name="table",
            ),
            class_name="table-scroll",
            tab_index=0,
            role="region",
            aria_label=_("The first people, as they were read"),
        ),
    )


def _decide() -> rx.Component:
    return rx.el.form(
        rx.cond(
            _PREVIEW.suspicious,
            rx.el.label(
                rx.el.input(type="checkbox", name="accept"),
                rx.el.span(_("I have checked it, and the file is right")),
                class_name="check",
            ),
        ),
        rx.el.div(
            button(_("Import"), type="submit", variant="sm"),
            link_button(_("Do not import"), _fresh_page(), variant="plain sm"),
            class_name="row",
        ),
        on_submit=RostersState.import_file,
        class_name="stack-sm",
    )
