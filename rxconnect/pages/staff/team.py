"""The team of a facility: who works there as what, invitations, and what each role may do."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.forms import button, field, select, text_input
from rxconnect.components.pieces import card, card_head, pill, skeleton_columns
from rxconnect.components.places import place_links
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.team import TeamState

_VIEW = TeamState.view


def team() -> rx.Component:
    """One facility's staff."""
    return staff_frame(
        _("Team"),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.TEAM)),
        problem_of(TeamState),
        rx.cond(
            TeamState.ready,
            rx.cond(
                _VIEW,
                rx.el.div(
                    rx.el.div(_members(), _invitations(), class_name="stack"),
                    rx.el.div(_invite(), _roles(), class_name="stack"),
                    class_name="grid",
                ),
                rx.cond(TeamState.is_refused, _refused()),
            ),
            skeleton_columns(("rows", "rows"), ("form",)),
        ),
        section="team",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for administrators"),
        _("It shows who works at a facility. If somebody should join or leave, ask an administrator of yours."),
    )


def _members() -> rx.Component:
    return card(
        card_head(_("Who works here")),
        rx.el.ul(rx.foreach(_VIEW.members, _member), class_name="rows", aria_label=_("Who works here")),
    )


def _member(member) -> rx.Component:
    is_open = TeamState.editing == member.account_id
    change = button(
        rx.cond(is_open, _("Close"), _("Change")),
        variant="plain sm",
        on_click=TeamState.edit(member.account_id),
        aria_expanded=rx.cond(is_open, "true", "false"),
        aria_label=rx.cond(
            is_open, _("Close {name}").format(name=member.name), _("Change {name}").format(name=member.name)
        ),
    )
    return rx.el.li(
        rx.el.span(
            rx.el.span(member.name, class_name="strong"),
            rx.cond(member.is_me, pill(_("You"), "good")),
            rx.cond(member.is_suspended, pill(_("Suspended"), "bad")),
            class_name="row",
        ),
        rx.el.span(
            member.role_label,
            " · ",
            member.email,
            rx.el.br(),
            member.second_factor,
            rx.cond(member.last_seen != "", ", " + _("last here {when}").format(when=member.last_seen), ""),
            class_name="small muted",
        ),
        rx.el.div(change, class_name="row-actions"),
        rx.cond(is_open, _changes(member)),
    )


def _changes(member) -> rx.Component:
    """A member's role, and the ways out."""
    access = rx.cond(
        member.is_suspended,
        button(_("Give the access back"), variant="quiet sm", on_click=TeamState.reinstate(member.account_id)),
        button(_("Suspend"), variant="quiet sm danger", on_click=TeamState.suspend(member.account_id)),
    )
    remove = asking(
        _("Remove from this facility"),
        _("Remove {name} from this facility? Only a new invitation brings them back.").format(name=member.name),
        _("Remove {name}").format(name=member.name),
        TeamState.remove(member.account_id),
        id="ask-member-" + member.account_id.to_string(),
        keep=_("Keep them"),
        variant="plain sm danger",
    )
    return rx.el.div(
        rx.el.div(
            rx.foreach(TeamState.roles, lambda role: _role_button(role, member)),
            class_name="choices-row",
            role="group",
            aria_label=_("Role of {name}").format(name=member.name),
        ),
        rx.el.div(access, remove, class_name="row"),
        class_name="member-changes stack-sm",
    )


def _role_button(role, member) -> rx.Component:
    return rx.el.button(
        role.label,
        type="button",
        class_name="choice role-choice",
        on_click=TeamState.change_role(member.account_id, role.value),
        aria_pressed=rx.cond(role.value == member.role, "true", "false"),
    )


def _invitations() -> rx.Component:
    return rx.cond(
        _VIEW.invitations,
        card(
            card_head(_("Invited")),
            rx.el.ul(rx.foreach(_VIEW.invitations, _invitation), class_name="rows", aria_label=_("Invited")),
        ),
    )


def _invitation(invitation) -> rx.Component:
    withdraw = asking(
        _("Withdraw the invitation"),
        _("Withdraw the invitation of {name}? The link in their email stops working.").format(name=invitation.name),
        _("Withdraw it"),
        TeamState.withdraw(invitation.id),
        id="ask-invitation-" + invitation.id.to_string(),
        aria_label=_("Withdraw the invitation of {name}").format(name=invitation.name),
    )
    return rx.el.li(
        rx.el.span(
            rx.el.span(invitation.name, class_name="strong"),
            rx.cond(invitation.is_expired, pill(_("Expired"), "wait")),
            class_name="row",
        ),
        rx.el.span(
            invitation.role_label,
            " · ",
            invitation.email,
            " · ",
            _("sent {when}").format(when=invitation.sent),
            class_name="small muted",
        ),
        rx.el.div(withdraw, class_name="row-actions"),
    )


def _invite() -> rx.Component:
    state = TeamState
    return card(
        card_head(_("Invite somebody")),
        rx.el.form(
            field(
                _("Name"),
                text_input("name", problem=state.problems["name"], given=state.name, auto_complete="off"),
                name="name",
                problem=state.problems["name"],
            ),
            field(
                _("Email at work"),
                text_input(
                    "email",
                    problem=state.problems["email"],
                    given=state.email,
                    type="email",
                    auto_complete="off",
                ),
                name="email",
                problem=state.problems["email"],
            ),
            field(
                _("Role"),
                select(
                    "role",
                    rx.foreach(state.roles, lambda role: rx.el.option(role.label, value=role.value)),
                    problem=state.problems["role"],
                    given=state.role,
                ),
                name="role",
                problem=state.problems["role"],
            ),
            rx.el.div(button(_("Send the invitation"), type="submit", variant="sm")),
            on_submit=state.invite,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
    )


def _roles() -> rx.Component:
    return card(
        card_head(_("What each role may do")),
        rx.el.ul(rx.foreach(TeamState.roles, _role), class_name="rows roles", aria_label=_("What each role may do")),
        rx.el.p(_("Nobody sees anything of another facility."), class_name="card-foot small muted"),
    )


def _role(role) -> rx.Component:
    return rx.el.li(
        rx.el.h3(role.label),
        rx.el.p(role.purpose, class_name="small muted"),
        rx.el.ul(rx.foreach(role.may, _line), class_name="rules small"),
    )


def _line(sentence) -> rx.Component:
    return rx.el.li(sentence)
