"""Step "Find inmate": by number and/or name; SELECT adds the person to the contacts. Then inbox or credits."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, field, link_button, text_input
from rxconnect.components.icons import icon
from rxconnect.components.journeys import find_steps
from rxconnect.components.pieces import back_link, card, pill, skeleton
from rxconnect.layout.frame import frame, problem_of
from rxconnect.state.contacts import FoundState
from rxconnect.state.inmates import FindInmateState

_PAUSE = 250  # milliseconds without a key before a search


def find_inmate() -> rx.Component:
    """Type what you remember; the matches are listed below."""
    return frame(
        "Find inmate",
        rx.cond(FindInmateState.ready, card(_form(), _matches()), skeleton("block")),
        section="messaging",
        above=rx.fragment(find_steps(1), back_link("Another facility", routes.FIND_FACILITY)),
        lead=rx.cond(
            FindInmateState.ready,
            f"At {FindInmateState.facility}. Not sure of the spelling? Type what you remember.",
            "\u00a0",
        ),
    )


def added() -> rx.Component:
    """The person is among the contacts: on to the inbox, or to buying credits."""
    contact = FoundState.contact
    return frame(
        rx.cond(FoundState.ready, f"{contact.name} is in your contacts", "Added to your contacts"),
        problem_of(FoundState),
        rx.cond(
            FoundState.ready,
            card(
                rx.el.div(
                    rx.el.p(f"{contact.number} · {contact.facility}", class_name="muted num"),
                    rx.el.p(
                        rx.cond(
                            contact.credits > 0,
                            f"You have {contact.credits} message credits here.",
                            f"To write to {contact.first_name} you need message credits at this facility.",
                        )
                    ),
                    class_name="card-body stack-sm",
                ),
                rx.el.div(
                    link_button("Go to inbox", routes.INBOX, variant="quiet"),
                    link_button("Buy credits", f"{routes.BUY_CREDITS}?facility={contact.facility_id}"),
                    class_name="card-foot",
                ),
                class_name="narrow",
            ),
            skeleton("block"),
        ),
        section="messaging",
        above=find_steps(2),
    )


def _form() -> rx.Component:
    state = FindInmateState
    return rx.el.form(
        problem_of(state),
        rx.el.div(
            _typed("Inmate number", "number", state.number, state.type_number, input_mode="text"),
            _typed("First name", "first_name", state.first_name, state.type_first_name),
            _typed("Last name", "last_name", state.last_name, state.type_last_name),
            class_name="fields",
        ),
        rx.el.div(button(rx.fragment(icon("search"), "Search"), type="submit", variant="quiet sm")),
        on_submit=state.search,
        no_validate=True,
        class_name="card-body stack",
        role="search",
    )


def _typed(label: str, name: str, value, on_type, **props) -> rx.Component:
    problem = FindInmateState.problems[name]
    control = text_input(
        name, problem=problem, default_value=value, on_change=on_type.debounce(_PAUSE), auto_complete="off", **props
    )
    return field(label, control, name=name, problem=problem)


def _matches() -> rx.Component:
    state = FindInmateState
    return rx.el.div(
        rx.el.p(_found(), role="status", class_name="card-foot small muted"),
        rx.el.ul(rx.foreach(state.results, _match), class_name="rows"),
        rx.cond(
            state.has_more,
            rx.el.div(button("Show more", variant="quiet sm", on_click=state.more), class_name="card-foot"),
        ),
    )


def _found() -> rx.Component:
    """How many match, or what to try."""
    state = FindInmateState
    return rx.cond(
        ~state.has_searched,
        "Two letters of a name, or four digits of the number, are enough to begin.",
        rx.match(
            state.results.length(),
            (0, "Nobody here matches that. Try fewer letters, another spelling, or only the last name."),
            (1, "One person matches."),
            rx.cond(
                state.has_more,
                f"The {state.results.length()} likeliest. Type more to narrow it down.",
                f"{state.results.length()} people match, the likeliest first.",
            ),
        ),
    )


def _match(person) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(person.name, class_name="strong"),
            rx.cond(person.why != "", rx.el.span(" ", person.why, class_name="small muted")),
        ),
        rx.el.span(
            rx.el.span(person.detail),
            rx.cond(person.custody_label != "", pill(person.custody_label, "wait")),
            class_name="small muted num row",
        ),
        rx.el.div(
            button(
                "Select",
                variant="sm",
                on_click=FindInmateState.select(person.id),
                aria_label=f"Select {person.name}, {person.number}",
            ),
            class_name="row-actions",
        ),
    )
