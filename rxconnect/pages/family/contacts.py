"""Contacts: the people one may write to."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, link_button
from rxconnect.components.pieces import card, empty, pill, skeleton
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.contacts import ContactsState


def contacts() -> rx.Component:
    """Everyone among the contacts, with the way to write to each."""
    return frame(
        "Contacts",
        problem_of(ContactsState),
        rx.cond(ContactsState.ready, card(_list()), skeleton("block")),
        section="contacts",
        lead="The people you may write to.",
        action=link_button("Find someone", routes.FIND_FACILITY),
    )


def _list() -> rx.Component:
    return rx.cond(
        ContactsState.contacts,
        rx.el.ul(rx.foreach(ContactsState.contacts, _contact), class_name="rows"),
        empty(
            "people",
            "No contacts yet",
            "Find the person you want to write to; selecting them adds them here.",
            link_button("Find someone", routes.FIND_FACILITY, variant="quiet"),
        ),
    )


def _contact(contact) -> rx.Component:
    return rx.el.li(
        rx.el.a(contact.name, href=routes.fill(routes.THREAD, contact.id), class_name="row-link"),
        rx.el.span(
            f"{contact.number} · {contact.facility}",
            rx.cond(contact.custody_label != "", pill(contact.custody_label, "wait")),
            class_name="small muted num row",
        ),
        rx.el.div(
            button(
                "Remove",
                variant="plain sm",
                on_click=ContactsState.remove(contact.id),
                aria_label=f"Remove {contact.name} from contacts",
            ),
            rx.cond(
                contact.is_reachable,
                button(
                    "Write",
                    variant="quiet sm",
                    on_click=ContactsState.write_to(contact.id),
                    aria_label=f"Write to {contact.name}",
                ),
            ),
            class_name="row-actions",
        ),
        class_name="tall",
    )
