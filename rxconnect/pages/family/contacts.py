"""Contacts: the people the account may write to."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, link_button
from rxconnect.components.pieces import card, empty_state, pill, skeleton
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.contacts import ContactsState


def contacts() -> rx.Component:
    """The contacts, each with a button to write to them."""
    return frame(
        _("Contacts"),
        problem_of(ContactsState),
        rx.cond(ContactsState.ready, card(_list()), skeleton("block")),
        section="contacts",
        lead=_("The people you may write to."),
        action=link_button(_("Find someone"), routes.FIND_FACILITY),
    )


def _list() -> rx.Component:
    return rx.cond(
        ContactsState.contacts,
        rx.el.ul(rx.foreach(ContactsState.contacts, _contact), class_name="rows"),
        empty_state(
            "people",
            _("No contacts yet"),
            _("Find the person you want to write to; selecting them adds them here."),
            link_button(_("Find someone"), routes.FIND_FACILITY, variant="quiet"),
        ),
    )


def _contact(contact) -> rx.Component:
    return rx.el.li(
        rx.el.a(contact.name, href=routes.fill(routes.THREAD, contact.id), class_name="row-link"),
        rx.el.span(
            f"{contact.number} · {contact.facility}",
            rx.cond(contact.custody_label != "", pill(contact.custody_label, "wait")),
            rx.cond(contact.absence_label != "", pill(contact.absence_label, "wait")),
            class_name="small muted num row",
        ),
        rx.cond(contact.blocked_by_staff != "", rx.el.span(contact.blocked_by_staff, class_name="small whole")),
        rx.el.div(
            button(
                _("Remove"),
                variant="plain sm",
                on_click=ContactsState.remove(contact.id),
                aria_label=_("Remove {name} from contacts").format(name=contact.name),
            ),
            rx.cond(
                contact.is_reachable & (contact.blocked_by_staff == ""),
                button(
                    _("Write"),
                    variant="quiet sm",
                    on_click=ContactsState.write_to(contact.id),
                    aria_label=_("Write to {name}").format(name=contact.name),
                ),
            ),
            class_name="row-actions",
        ),
        class_name="tall",
    )
