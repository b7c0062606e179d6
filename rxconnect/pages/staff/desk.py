"""The first page for staff. It says which tools are not built yet."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class, link_button
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, skeleton
from rxconnect.components.sign_ins import sign_ins_card
from rxconnect.i18n import _
from rxconnect.layout.frame import plain_frame, problem_of, sign_out
from rxconnect.state.session import SessionState
from rxconnect.state.staff.desk import StaffState


def staff() -> rx.Component:
    """The account's roles, the note on missing tools, and its sign-ins."""
    return plain_frame(
        rx.cond(
            SessionState.first_name != "",
            _("Hello, {first_name}").format(first_name=SessionState.first_name),
            _("Hello"),
        ),
        problem_of(StaffState),
        rx.cond(
            StaffState.ready,
            rx.el.div(
                _actions_card(), sign_ins_card(StaffState.sign_ins, StaffState.end_sign_in), class_name="narrow stack"
            ),
            skeleton("block"),
        ),
        lead=rx.cond(StaffState.ready, StaffState.lead, "\u00a0"),
    )


def _actions_card() -> rx.Component:
    # This is a plain link, since the page behind it has posted forms that the server fills in.
    show = native_link(_("Show RxConnect to a room"), href=routes.DEMO, class_name=button_class("sm"))
    actions = rx.el.div(
        rx.foreach(StaffState.posts, _finance),
        rx.cond(StaffState.may_show_demos, show),
        sign_out("quiet sm"),
        class_name="row",
    )
    return card(rx.el.div(_not_built_yet(), actions, class_name="card-body stack"))


def _finance(post) -> rx.Component:
    """The link to a facility's finance. It names the facility if the account works for several."""
    label = rx.cond(
        StaffState.posts.length() > 1, _("Finance, {facility}").format(facility=post.facility), _("Finance")
    )
    return rx.cond(
        post.may_see_finance,
        link_button(label, routes.with_query(routes.FINANCE, facility=post.facility_id), variant="sm"),
    )


def _not_built_yet() -> rx.Component:
    return rx.el.div(
        rx.el.h2(_("The review desk is not built yet")),
        rx.el.p(
            _(
                "You can sign in, and messages for your facility already wait with a full record of what happened to each. "
                "The pages for reading and deciding them, for the roster and for reports come with a later version."
            )
        ),
        rx.el.p(
            _("Until then an operator works with the command line; rxconnect --help lists what it does."),
            class_name="muted",
        ),
        class_name="stack-sm",
    )
