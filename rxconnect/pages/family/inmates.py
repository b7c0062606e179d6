"""Step "Find inmate": search by number and/or name; SELECT adds the person to the contacts."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.arrow_keys import arrow_keys
from rxconnect.components.field import tick_field
from rxconnect.components.forms import alert, button, button_class, field, link_button, select, text_input
from rxconnect.components.icons import icon
from rxconnect.components.journeys import first_message_steps
from rxconnect.components.marks import highlighted
from rxconnect.components.pieces import back_link, card, pill, skeleton
from rxconnect.components.sentences import named, plural
from rxconnect.domain.states import NAMES
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.contacts import FoundState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.session import SessionState

_DEBOUNCE = 150  # milliseconds after the last key, before a search


def find_inmate() -> rx.Component:
    """The search form, with the matches below."""
    state = FindInmateState
    return frame(
        _("Find inmate"),
        rx.cond(state.ready, card(arrow_keys(_form(), _matches(), count=state.results.length())), skeleton("form")),
        section="messaging",
        above=rx.fragment(
            first_message_steps(1, SessionState.steps_done),
            back_link(
                rx.cond(state.facility_id > 0, _("Another facility"), _("Choose a facility")), routes.FIND_FACILITY
            ),
        ),
        lead=_("Not sure of the spelling? Type what you remember."),
    )


def added() -> rx.Component:
    """The page after SELECT: go on to the inbox, or buy credits."""
    contact = FoundState.contact
    return frame(
        rx.cond(
            FoundState.ready, _("{name} is in your contacts").format(name=contact.name), _("Added to your contacts")
        ),
        problem_of(FoundState),
        rx.cond(
            FoundState.ready,
            card(
                rx.el.div(
                    rx.el.p(f"{contact.number} · {contact.facility}", class_name="muted num"),
                    rx.cond(contact.fate_note != "", alert(contact.fate_note, "wait")),
                    rx.cond(
                        contact.is_reachable,
                        rx.el.p(
                            rx.cond(
                                contact.credits > 0,
                                plural(
                                    "You have {count} message credit here.",
                                    "You have {count} message credits here.",
                                    contact.credits,
                                ),
                                _("To write to {first_name} you need message credits at this facility.").format(
                                    first_name=contact.first_name
                                ),
                            )
                        ),
                        alert(
                            _(
                                "{first_name} is no longer held there, so a message would not arrive. You need no credits for now."
                            ).format(first_name=contact.first_name),
                            "wait",
                        ),
                    ),
                    rx.cond(FoundState.is_new, _take_back(contact)),
                    class_name="card-body stack-sm",
                ),
                rx.el.div(
                    link_button(_("Go to inbox"), routes.INBOX, variant="quiet"),
                    rx.cond(
                        contact.is_reachable,
                        link_button(
                            _("Buy credits"), routes.with_query(routes.BUY_CREDITS, facility=contact.facility_id)
                        ),
                        link_button(_("Find someone else"), routes.FIND_FACILITY),
                    ),
                    class_name="card-foot thumb",
                ),
                class_name="narrow",
            ),
            skeleton("summary", narrow=True),
        ),
        section="messaging",
        above=first_message_steps(2, SessionState.steps_done),
    )


def _take_back(contact) -> rx.Component:
    """Undoes the press that has added the person."""
    return rx.el.div(
        rx.el.span(_("Not the right person?"), class_name="small muted"),
        button(
            _("Undo"),
            variant="plain sm",
            on_click=FoundState.take_back,
            aria_label=named(_("Undo"), contact.name),
        ),
        class_name="row",
    )


def _form() -> rx.Component:
    """The search form. The Search button sends the fields; the scope (facility or state) acts at once."""
    state = FindInmateState
    return rx.el.div(
        _scope(),
        rx.el.form(
            problem_of(state),
            rx.el.div(
                _query_field(_("Inmate number"), "number", state.number, state.type_number, input_mode="text"),
                _query_field(_("First name"), "first_name", state.first_name, state.type_first_name),
                _query_field(_("Last name"), "last_name", state.last_name, state.type_last_name),
                _query_field(_("Year of birth, or age, if you know it"), "born", state.born, state.type_born),
                class_name="fields names",
            ),
            rx.el.div(button(rx.fragment(icon("search"), _("Search")), type="submit", variant="quiet sm")),
            on_submit=state.search,
            no_validate=True,
            class_name="stack",
        ),
        class_name="card-body stack",
        role="search",
    )


def _scope() -> rx.Component:
    """Where to search: the chosen facility, or everywhere, or one state."""
    state = FindInmateState
    return rx.el.div(
        rx.cond(
            state.facility_id > 0,
            rx.el.fieldset(
                rx.el.legend(_("Where to look"), class_name="sr"),
                _scope_choice(_("At {facility}").format(facility=state.facility), is_everywhere=False),
                _scope_choice(_("Everywhere"), is_everywhere=True),
                class_name="segments",
            ),
            rx.el.span(_("Everywhere"), class_name="strong small"),
        ),
        rx.cond(state.is_everywhere, _states()),
        class_name="row where",
    )


def _scope_choice(label, *, is_everywhere: bool) -> rx.Component:
    state = FindInmateState
    return rx.el.label(
        tick_field(
            type="radio",
            name="where",
            given=state.is_everywhere == is_everywhere,
            on_tell=state.search_everywhere(is_everywhere),
        ),
        label,
    )


def _states() -> rx.Component:
    by_name = sorted(NAMES.items(), key=lambda item: item[1])
    options = [rx.el.option(_("Any state"), value=""), *(rx.el.option(name, value=code) for code, name in by_name)]
    return rx.el.div(
        rx.el.label(_("State"), html_for="in_state"),
        select("in_state", *options, given=FindInmateState.in_state, on_tell=FindInmateState.search_in_state),
        class_name="field",
    )


def _query_field(label: str, name: str, given, on_tell, **props) -> rx.Component:
    problem = FindInmateState.problems[name]
    control = text_input(
        name, problem=problem, given=given, on_tell=on_tell, pause=_DEBOUNCE, auto_complete="off", **props
    )
    return field(label, control, name=name, problem=problem)


def _matches() -> rx.Component:
    state = FindInmateState
    has_searched = state.summary != ""
    is_nobody = has_searched & (state.results.length() == 0)
    return rx.el.div(
        rx.el.p(
            rx.cond(
                has_searched,
                state.summary,
                _("Two letters of a name, or four digits of the number, are enough to begin."),
            ),
            id="matches",
            tab_index=-1,
            role="status",
            class_name="card-foot small muted landing",
        ),
        rx.el.ul(rx.foreach(state.results, _match), id="results", key=state.matches_key, class_name="rows matches"),
        rx.cond(
            state.has_more,
            rx.el.div(button(_("Show more"), variant="quiet sm", on_click=state.load_more), class_name="card-foot"),
            rx.cond(is_nobody & (~state.is_everywhere | (state.in_state != "")), _widen_search_button()),
        ),
    )


def _widen_search_button() -> rx.Component:
    state = FindInmateState
    label = rx.cond(state.is_everywhere, _("Search in all states instead"), _("Search everywhere instead"))
    return rx.el.div(button(label, variant="quiet sm", on_click=state.widen_search), class_name="card-foot")


def _match(person, place) -> rx.Component:
    # They are sorted, and only the likeliest has the page's main button.
    is_likeliest = place == 0
    return rx.el.li(
        rx.el.span(
            rx.el.span(highlighted(person.pieces), class_name="strong"),
            rx.cond(person.why != "", rx.el.span(" ", person.why, class_name="small muted")),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(highlighted(person.detail_pieces)),
                rx.cond(person.custody_label != "", pill(person.custody_label, "wait")),
                rx.cond(person.is_contact, pill(_("In your contacts"), "good")),
                class_name="num row",
            ),
            rx.cond(FindInmateState.is_everywhere, rx.el.div(f"{person.facility}, {person.place}")),
            class_name="small muted",
        ),
        rx.el.div(
            rx.el.button(
                _("Select"),
                type="button",
                class_name=rx.cond(is_likeliest, button_class("sm"), button_class("quiet sm")),
                on_click=FindInmateState.select_match(person.ticket),
                aria_label=_("Select {name}, {number}").format(name=person.name, number=person.number),
            ),
            class_name="row-actions",
        ),
    )
