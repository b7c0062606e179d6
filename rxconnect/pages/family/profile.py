"""The profile: locations, name and email, appearance, sign-outs."""

import reflex as rx
from reflex.style import set_color_mode

from rxconnect import routes
from rxconnect.components.email_changes import pending_email_change
from rxconnect.components.facilities import facility_search, opening_status, town_and_state
from rxconnect.components.forms import alert, button, button_class, field, link_button, text_input
from rxconnect.components.icons import icon
from rxconnect.components.install import install_card
from rxconnect.components.languages import language_choice
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, skeleton_columns
from rxconnect.components.sign_ins import sign_ins_card, sign_out_everywhere
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of, sign_out_button
from rxconnect.pages.family.lawyers import lawyer_card
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.profile import ProfileState


def profile() -> rx.Component:
    """The account's locations and its own data."""
    return frame(
        _("Profile"),
        rx.cond(
            LocationsState.ready & ProfileState.ready,
            rx.el.div(
                rx.el.div(_way_back_link(), _locations(), _ways(), lawyer_card(), _sign_ins(), class_name="stack"),
                rx.el.div(_account(), _appearance(), _language(), install_card(), _sign_out_card(), class_name="stack"),
                class_name="grid",
            ),
            skeleton_columns(("rows", "rows"), ("form", "block")),
        ),
        section="profile",
    )


def _way_back_link() -> rx.Component:
    """The link back to the step that sent the user here to add a facility."""
    state = LocationsState
    return rx.cond(
        state.way_back != "",
        rx.cond(
            state.added_name != "",
            alert(
                _("{added_name} is added.").format(added_name=state.added_name),
                "good",
                link_button(state.way_back_name, state.way_back, variant="sm"),
            ),
            rx.el.div(
                rx.el.span(_("Find the facility and add it. Then you go on where you were.")),
                link_button(_("Back"), state.way_back, variant="quiet sm"),
                class_name="alert",
            ),
        ),
    )


def _locations() -> rx.Component:
    state = LocationsState
    return card(
        card_head(_("My locations")),
        rx.el.div(
            problem_of(state),
            facility_search(state),
            class_name="card-body",
            role="search",
        ),
        rx.cond(
            state.has_searched,
            rx.cond(
                state.results,
                rx.el.ul(
                    rx.foreach(state.results, _search_result_row), class_name="rows", aria_label=_("Facilities found")
                ),
                rx.el.p(
                    _("No facility matches that. Try the town, or fewer letters. Not sure where they are?"),
                    " ",
                    rx.el.a(
                        _("Search for the person everywhere"),
                        href=routes.with_query(routes.FIND_INMATE, everywhere="yes"),
                    ),
                    class_name="card-foot small muted",
                    role="status",
                ),
            ),
            rx.cond(
                state.locations,
                rx.el.ul(rx.foreach(state.locations, _location), class_name="rows", aria_label=_("My locations")),
                rx.el.p(
                    _("No locations yet. The facilities you add are listed here."), class_name="card-foot small muted"
                ),
            ),
        ),
    )


def _search_result_row(facility) -> rx.Component:
    add = button(
        _("Add"),
        variant="sm",
        on_click=LocationsState.add(facility.id),
        aria_label=_("Add {name}").format(name=facility.name),
    )
    return _facility_row(
        facility, rx.cond(facility.is_my_location, rx.el.span(_("Added"), class_name="small muted"), add)
    )


def _location(facility) -> rx.Component:
    remove = button(
        _("Remove"),
        variant="plain sm",
        on_click=LocationsState.remove(facility.id),
        aria_label=_("Remove {name} from my locations").format(name=facility.name),
    )
    return _facility_row(facility, remove)


def _facility_row(facility, action: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.span(facility.name, class_name="strong"),
        rx.el.span(town_and_state(facility), opening_status(facility), class_name="small muted row"),
        rx.el.div(action, class_name="row-actions"),
        key=facility.id,
    )


def _ways() -> rx.Component:
    """The ways to what has a page of its own."""
    return card(
        rx.el.ul(
            _way("envelope", _("Notices"), _("What we write to you about, and when"), routes.NOTICES),
            _way("credits", _("Cards"), _("The cards that you pay with"), routes.CARDS),
            _way("receipt", _("Receipts"), _("Everything you paid, got back or moved"), routes.RECEIPTS),
            class_name="threads ways",
        )
    )


def _way(picture: str, name: str, hint: str, href: str) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            icon(picture),
            rx.el.span(name, class_name="strong"),
            rx.el.span(hint, class_name="small muted"),
            href=href,
        )
    )


def _account() -> rx.Component:
    state = ProfileState
    name = text_input("name", problem=state.problems["name"], given=state.name, auto_complete="name")
    return card(
        card_head(_("Your account")),
        rx.el.form(
            problem_of(state),
            field(_("Your name"), name, name="name", problem=state.problems["name"]),
            rx.el.div(button(_("Save name"), type="submit", variant="quiet sm")),
            on_submit=state.change_name,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
        rx.el.div(
            rx.el.span(
                rx.el.span(state.email, class_name="strong address"),
                rx.el.br(),
                rx.el.span(
                    rx.cond(
                        state.comes_back,
                        _("Emails to this address come back. Does it work again? Then open the link that we send you."),
                        rx.cond(
                            state.is_verified, _("This address is confirmed."), _("This address is not confirmed yet.")
                        ),
                    ),
                    class_name=rx.cond(state.comes_back, "small problem", "small muted"),
                ),
            ),
            rx.cond(
                state.is_verified & ~state.comes_back,
                None,
                rx.cond(
                    state.link_was_sent,
                    rx.el.span(_("We sent you a link."), role="status", class_name="small"),
                    button(_("Send the link again"), variant="quiet sm", on_click=state.resend_verification_email),
                ),
            ),
            class_name="card-foot",
        ),
        pending_email_change(state.email_change, on_cancel=state.cancel_email_change),
        rx.el.div(
            native_link(_("Change email address"), href=routes.CHANGE_EMAIL, class_name=button_class("plain sm")),
            link_button(_("Change password"), routes.CHANGE_PASSWORD, variant="plain sm"),
            class_name="card-foot",
        ),
    )


def _sign_ins() -> rx.Component:
    return sign_ins_card(ProfileState.sign_ins, ProfileState.end_sign_in)


def _appearance() -> rx.Component:
    """Choose light, dark, or the device's setting. The browser stores the choice."""

    def choice(label: str, mode: str) -> rx.Component:
        is_chosen = rx.cond(rx.color_mode == mode, "true", "false")
        return rx.el.button(label, type="button", on_click=set_color_mode(mode), aria_pressed=is_chosen)

    return card(
        card_head(_("Appearance")),
        rx.el.div(
            rx.el.div(
                choice(_("Automatic"), "system"),
                choice(_("Light"), "light"),
                choice(_("Dark"), "dark"),
                class_name="segments",
                role="group",
                aria_label=_("Appearance"),
            ),
            class_name="card-body",
        ),
    )


def _language() -> rx.Component | None:
    choice = language_choice()
    return card(card_head(_("Language")), rx.el.div(choice, class_name="card-body")) if choice else None


def _sign_out_card() -> rx.Component:
    return card(
        card_head(_("Sign out")),
        rx.el.div(
            sign_out_button("quiet sm"),
            sign_out_everywhere(routes.SIGN_OUT_EVERYWHERE),
            class_name="card-body row",
        ),
        rx.el.div(link_button(_("Close account"), routes.CLOSE_ACCOUNT, variant="plain sm"), class_name="card-foot"),
    )
