"""The search in the inbox: what to look for, and the messages found, by person."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import field, text_input
from rxconnect.components.marks import highlighted
from rxconnect.components.pieces import card, card_head, empty_state, pill
from rxconnect.domain.message_search import MessageFilter
from rxconnect.i18n import N_, _
from rxconnect.state.family.messages import InboxState

_DEBOUNCE = 250  # milliseconds after the last key, before a search

_FILTERS = {
    MessageFilter.ALL: N_("All"),
    MessageFilter.UNREAD: N_("Unread"),
    MessageFilter.IN_REVIEW: N_("In review"),
    MessageFilter.NOT_DELIVERED: N_("Not delivered"),
}


def search_fields() -> rx.Component:
    """The field, the filters, and the number of messages found, which a screen reader hears when it changes."""
    problem = InboxState.problems["search"]
    control = text_input(
        "search",
        type="search",
        problem=problem,
        given=InboxState.text,
        on_tell=InboxState.search,
        pause=_DEBOUNCE,
        auto_complete="off",
    )
    return rx.el.div(
        field(_("Search your messages"), control, name="search", problem=problem),
        rx.el.div(
            *(_filter(which, label) for which, label in _FILTERS.items()),
            class_name="segments",
            role="group",
            aria_label=_("Which messages"),
        ),
        rx.el.p(InboxState.summary, id="found", role="status", class_name="small muted"),
        class_name="narrow stack-sm search",
        role="search",
    )


def found_messages() -> rx.Component:
    """The messages found, a card for each person."""
    return rx.cond(
        InboxState.found.people,
        rx.el.div(rx.foreach(InboxState.found.people, _person), class_name="stack"),
        rx.cond(
            InboxState.problems["search"],
            None,
            card(
                rx.cond(
                    InboxState.text == "",
                    empty_state("check", _("Nothing here"), _("None of your messages is in this state now.")),
                    empty_state(
                        "search",
                        _("Nothing found"),
                        _("No message has all these words. Try fewer, or the beginning of one."),
                    ),
                )
            ),
        ),
    )


def _filter(which: MessageFilter, label: str) -> rx.Component:
    return rx.el.button(
        _(label),
        type="button",
        on_click=InboxState.choose_filter(which.value),
        aria_pressed=rx.cond(InboxState.which == which.value, "true", "false"),
    )


def _person(person) -> rx.Component:
    return card(
        card_head(
            rx.el.a(person.name, href=routes.fill(routes.THREAD, person.contact_id), class_name="row-link"),
            rx.el.span(person.facility, class_name="small muted"),
        ),
        rx.el.ul(rx.foreach(person.messages, _message), class_name="rows found"),
    )


def _message(message) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.cond(message.subject, highlighted(message.subject), _("Without a subject")),
            href=routes.fill(routes.MESSAGE, message.id),
            class_name="row-link",
            dir="auto",
        ),
        rx.el.span(message.at, class_name="xs muted num"),
        rx.el.span(highlighted(message.snippet), class_name="gist", dir="auto"),
        rx.cond(message.status_label != "", pill(message.status_label, message.status_tone)),
        rx.cond(message.is_unread, pill(_("Unread"), "wait")),
    )
