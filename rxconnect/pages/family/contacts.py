"""Contacts: the people the account may write to."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, button_class, link_button
from rxconnect.components.icons import icon
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
        rx.cond(ContactsState.ready, card(_list()), skeleton("rows")),
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
            _("Find the person you want to write to. When you select them, they are added here."),
            link_button(_("Find someone"), routes.FIND_FACILITY, variant="quiet"),
        ),
    )


def _contact(contact) -> rx.Component:
    return rx.el.li(
        rx.el.a(contact.name, href=routes.fill(routes.THREAD, contact.id), class_name="row-link"),
        rx.el.span(
            rx.el.span(
                contact.number,
                " · ",
                rx.el.a(contact.facility_short, href=routes.fill(routes.FACILITY, contact.facility_key)),
            ),
            rx.cond(contact.fate_label != "", pill(contact.fate_label, "wait")),
            class_name="small muted num row",
        ),
        rx.cond(contact.fate_note != "", rx.el.span(contact.fate_note, class_name="small whole")),
        rx.cond(contact.blocked_by_staff != "", rx.el.span(contact.blocked_by_staff, class_name="small whole")),
        rx.el.div(
            _favourite_button(contact),
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
        key=contact.id,
    )


def _favourite_button(contact) -> rx.Component:
    """A star that is on or off. A screen reader hears one name and whether it is pressed."""
    return rx.el.button(
        icon("star"),
        type="button",
        class_name=button_class("plain sm") + " star",
        aria_label=_("Show {name} first").format(name=contact.name),
        aria_pressed=rx.cond(contact.is_favourite, "true", "false"),
        title=rx.cond(contact.is_favourite, _("Shown first"), _("Show first")),
        on_click=ContactsState.mark_favourite(contact.id, ~contact.is_favourite),
    )
