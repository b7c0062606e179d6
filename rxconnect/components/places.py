"""Links to the same page of another facility, for staff who work at several."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.i18n import _


def place_links(facilities: Any, route: str) -> rx.Component:
    """A link for each of the facilities, if there are several. `facilities` is a list of `Choice`."""
    return rx.cond(
        facilities.length() > 1,
        rx.el.nav(
            rx.foreach(
                facilities,
                lambda one: rx.el.a(
                    one.label,
                    href=routes.with_query(route, facility=one.value),
                    custom_attrs={"aria-current": rx.cond(one.is_chosen, "page", "false")},
                ),
            ),
            class_name="segments team-places",
            aria_label=_("Facility"),
        ),
    )
