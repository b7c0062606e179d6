"""The profile: locations, name and email, appearance, sign-outs."""

import reflex as rx
from reflex.style import set_color_mode

from rxconnect import routes
from rxconnect.components.facilities import opening_status, town_and_state
from rxconnect.components.forms import alert, button, button_class, field, link_button, text_input
from rxconnect.components.languages import language_choice
from rxconnect.components.native import native_form
from rxconnect.components.pieces import card, card_head, skeleton
from rxconnect.components.sign_ins import sign_ins_card
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of, sign_out_button
from rxconnect.pages.family.lawyers import lawyer_card
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.profile import ProfileState

_DEBOUNCE = 250  # milliseconds after the last key, before a search


def profile() -> rx.Component:
    """The account's locations and its own data."""
    return frame(
        _("Profile"),
        rx.cond(
            LocationsState.ready & ProfileState.ready,
            rx.el.div(
                rx.el.div(_way_back_link(), _locations(), lawyer_card(), _sign_ins(), class_name="stack"),
                rx.el.div(
                    _account(), _notices(), _cards(), _appearance(), _language(), _sign_out_card(), class_name="stack"
                ),
                class_name="grid",
            ),
            skeleton("block", "block"),
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
            alert(
                _("Find the facility and add it; then go on where you were."),
                "wait",
                link_button(_("Back"), state.way_back, variant="quiet sm"),
            ),
        ),
    )


def _locations() -> rx.Component:
    state = LocationsState
    control = text_input(
        "facility",
        type="search",
        problem=state.problems["text"],
        hint=True,
        given=state.text,
        on_tell=state.search,
        pause=_DEBOUNCE,
        auto_complete="off",
    )
    return card(
        card_head(_("My locations")),
        rx.el.div(
            problem_of(state),
            field(
                _("Find a facility"),
                control,
                name="facility",
                problem=state.problems["text"],
                hint=_("Its name, town, county, state or ZIP code. Half a name is enough."),
            ),
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
    )


def _notices() -> rx.Component:
    """The way to the page of notices."""
    return card(
        card_head(_("Notices")),
        rx.el.div(
            rx.el.p(_("What we write to you about, and when."), class_name="small muted"),
            rx.el.div(link_button(_("Choose notices"), routes.NOTICES, variant="quiet sm")),
            class_name="card-body stack-sm",
        ),
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
                rx.el.span(state.email, class_name="strong"),
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
        rx.el.div(
            rx.el.a(_("Change password"), href=routes.CHANGE_PASSWORD, class_name="small"), class_name="card-foot"
        ),
    )


def _cards() -> rx.Component:
    return card(
        card_head(_("Cards")),
        rx.el.div(link_button(_("Stored cards"), routes.CARDS, variant="quiet sm"), class_name="card-body"),
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
                choice(_("As my device"), "system"),
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
        card_head(_("Leaving")),
        rx.el.div(
            sign_out_button("quiet sm"),
            native_form(
                rx.el.button(_("Sign out everywhere"), type="submit", class_name=button_class("plain sm")),
                method="post",
                action=routes.SIGN_OUT_EVERYWHERE,
            ),
            class_name="card-body row",
        ),
        rx.el.div(rx.el.a(_("Close account"), href=routes.CLOSE_ACCOUNT, class_name="small"), class_name="card-foot"),
    )
