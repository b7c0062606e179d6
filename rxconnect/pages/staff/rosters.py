"""The rosters of a facility: a file is uploaded, looked at, imported, and the last import can be taken back."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.forms import button, field, link_button
from rxconnect.components.native import native_form
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.components.places import place_links
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.roster_previews import roster_lines, roster_preview
from rxconnect.state.staff.rosters import RostersState

_VIEW = RostersState.view
_RUNNING = RostersState.running


def rosters() -> rx.Component:
    """The upload, or what an uploaded file would change, and the imports."""
    return staff_frame(
        _("Rosters"),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.ROSTERS)),
        problem_of(RostersState),
        rx.cond(
            RostersState.ready,
            rx.cond(
                _VIEW,
                rx.el.div(
                    rx.el.div(
                        rx.cond(RostersState.running, _running(), _file_or_upload()),
                        _kept(),
                        class_name="stack",
                    ),
                    rx.el.div(_imports(), class_name="stack"),
                    class_name="grid",
                ),
                rx.cond(RostersState.is_refused, _refused()),
            ),
            skeleton("block", "tall"),
        ),
        section="rosters",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _file_or_upload() -> rx.Component:
    return rx.cond(
        RostersState.upload_id > 0,
        roster_preview(),
        rx.cond(_VIEW.may_import, rx.fragment(_waiting(), _upload())),
    )


def _running() -> rx.Component:
    """How far the import of the file is."""
    return card(
        card_head(_("Being imported")),
        rx.el.div(
            rx.el.p(_RUNNING.file_name, class_name="strong"),
            rx.el.progress(
                value=_RUNNING.share,
                max=100,
                class_name="import-progress",
                aria_label=_("Share of the file that is read"),
            ),
            rx.el.p(_RUNNING.progress, role="status", class_name="num"),
            rx.el.p(
                _("You can leave this page: the import goes on without it, and its report appears here."),
                class_name="small muted",
            ),
            class_name="card-body stack-sm",
        ),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for the staff of the mail room"),
        _("Administrators import a facility's roster; its reviewers and auditors see when that was done."),
    )


def _upload() -> rx.Component:
    return card(
        card_head(_("Import a roster")),
        native_form(
            rx.el.input(type="hidden", name="facility", value=_VIEW.facility_id),
            field(
                _("File"),
                rx.el.input(
                    type="file",
                    id="roster",
                    name="roster",
                    class_name="input",
                    custom_attrs={"aria-describedby": "roster-hint"},
                ),
                name="roster",
                hint=_(
                    "The list of everybody in custody here, up to {most} MB. It may be {kinds}, also zipped or gzipped. You see "
                    "first what it would change."
                ).format(most=_VIEW.most_mb, kinds=_VIEW.kinds),
            ),
            rx.el.div(button(_("Look at the file"), type="submit", variant="sm")),
            method="post",
            action=routes.ROSTER_UPLOAD,
            enc_type="multipart/form-data",
            class_name="card-body stack-sm",
        ),
    )


def _waiting() -> rx.Component:
    """Files that somebody has uploaded and left."""
    return rx.cond(
        RostersState.waiting,
        card(
            card_head(_("Uploaded, not imported yet")),
            rx.el.ul(
                rx.foreach(RostersState.waiting, _file),
                id="waiting-rosters",
                class_name="rows",
                aria_label=_("Uploaded, not imported yet"),
            ),
        ),
    )


def _file(one) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(one.file_name, class_name="strong"),
            rx.cond(one.is_asked, pill(_("Being imported"), "wait")),
            class_name="row",
        ),
        rx.el.span(
            link_button(
                _("Look at it"),
                routes.with_query(routes.ROSTERS, facility=one.facility_id, upload=one.id),
                variant="quiet sm",
            ),
            class_name="row-actions",
        ),
        key=one.id,
    )


def _kept() -> rx.Component:
    return rx.cond(
        RostersState.kept,
        card(card_head(_("What stays as it is")), rx.el.div(roster_lines(RostersState.kept), class_name="card-body")),
    )


def _imports() -> rx.Component:
    return card(
        card_head(_("Imports")),
        rx.cond(
            _VIEW.imports,
            rx.el.ul(rx.foreach(_VIEW.imports, _import), class_name="rows", aria_label=_("Imports")),
            empty_state("people", _("No roster was imported yet"), _("Each import stays here with its report.")),
        ),
    )


def _import(one) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(
                rx.el.span(one.file_name, class_name="strong"),
                rx.cond(one.is_undone, pill(_("Undone"), "wait")),
                class_name="row",
            ),
            rx.el.span(one.at, rx.cond(one.by != "", f" · {one.by}", ""), class_name="small muted num"),
            class_name="import-head",
        ),
        rx.el.span(one.told.join(" · "), class_name="small whole"),
        rx.cond(
            one.notes,
            rx.el.details(rx.el.summary(_("Report")), roster_lines(one.notes), class_name="whole"),
        ),
        rx.cond(
            one.merges,
            rx.el.details(
                rx.el.summary(_("Known under a new number"), rx.el.span(one.merges.length(), class_name="count")),
                rx.el.ul(rx.foreach(one.merges, _merge), class_name="merges"),
                class_name="whole",
            ),
        ),
        rx.cond(
            one.may_undo,
            rx.el.div(
                asking(
                    _("Undo this import"),
                    _("Undo the import of {file}? Everybody on the list is then as they were before it.").format(
                        file=one.file_name
                    ),
                    _("Undo the import"),
                    RostersState.undo(one.id),
                    id="ask-import-" + one.id.to_string(),
                    variant="quiet sm",
                    aria_label=_("Undo this import: {file}").format(file=one.file_name),
                ),
                class_name="row-actions",
            ),
        ),
        key=one.id,
    )


def _merge(one) -> rx.Component:
    """Somebody who was found under a new number, because name and birth date are the same."""
    return rx.el.li(
        rx.el.span(one.text, class_name="num"),
        rx.cond(one.is_split, pill(_("Two people again"), "wait")),
        rx.cond(
            one.may_split,
            asking(
                _("Not the same person"),
                _("Make two people of {person} again?").format(person=one.text),
                _("Make two people of it"),
                RostersState.split(one.id),
                more=rx.el.p(
                    _(
                        "The contacts, letters and credits stay with the old number, which is then missing from the list. Whoever "
                        "has the new number begins without any."
                    ),
                    class_name="small",
                ),
                id="ask-merge-" + one.id.to_string(),
                variant="quiet sm",
                aria_label=_("Not the same person: {person}").format(person=one.text),
            ),
        ),
        key=one.id,
    )
