"""Small components that many pages share: cards, pills, badges, steps, empty states, skeletons."""

from typing import Any

import reflex as rx

from rxconnect.components.icons import icon
from rxconnect.components.sentences import plural
from rxconnect.i18n import _, ngettext


def card(*children: Any, class_name: str = "", **props: Any) -> rx.Component:
    """A section on a raised surface."""
    return rx.el.section(*children, class_name=f"card {class_name}".strip(), **props)


def card_head(title: Any, *beside: rx.Component) -> rx.Component:
    """A card's title, with `beside` at its right."""
    return rx.el.div(rx.el.h2(title), *beside, class_name="card-head")


def pill(label: Any, tone: Any) -> rx.Component:
    """A status in words, coloured by `tone`: good, wait or bad."""
    return rx.el.span(label, class_name=f"pill {tone}")


def credit_badge(count: Any) -> rx.Component:
    """Credits on a badge that looks like a postage stamp. `count` is a number."""
    return rx.el.div(
        rx.el.span(
            rx.el.strong(count), rx.cond(count == 1, ngettext("credit", "credits", 1), ngettext("credit", "credits", 2))
        ),
        class_name="credit-badge",
    )


def avatar(initials: Any) -> rx.Component:
    """A person's initials, hidden from screen readers."""
    return rx.el.span(initials, class_name="ava", custom_attrs={"aria-hidden": "true"})


def steps(names: list[str], current: int, part: str = "") -> rx.Component:
    """The current step among `names`; on a phone "Step 2 of 4". `current` counts from 0; `part` names a sub-step."""
    within = rx.el.span(f" · {part}", class_name="part") if part else None

    def item(index: int, name: str) -> rx.Component:
        if index < current:
            return rx.el.li(name, rx.el.span(", ", _("done"), class_name="sr"), class_name="done")
        if index == current:
            return rx.el.li(name, within, custom_attrs={"aria-current": "step"})
        return rx.el.li(name)

    return rx.el.nav(
        rx.el.ol(*(item(index, name) for index, name in enumerate(names)), class_name="steps"),
        rx.el.p(
            _("Step {number} of {total}: {name}").format(number=current + 1, total=len(names), name=names[current]),
            within,
            class_name="steps-words",
            custom_attrs={"aria-hidden": "true"},
        ),
        aria_label=_("Steps"),
    )


def credit_count(number: Any) -> rx.Var:
    """`1 credit`, `20 credits`, for a number that only the browser knows."""
    return plural("{count} credit", "{count} credits", number)


def empty_state(icon_name: str, title: str, text: Any, *actions: rx.Component) -> rx.Component:
    """An empty state: what it means, and the button that changes it."""
    return rx.el.div(icon(icon_name), rx.el.p(title, class_name="strong"), rx.el.p(text), *actions, class_name="empty")


def skeleton(*shapes: str) -> rx.Component:
    """A placeholder while the page loads, one block for each of `shapes`: line, block or tall."""
    blocks = (rx.el.div(class_name=f"skeleton {shape}") for shape in shapes)
    # The key makes React replace it. Otherwise React would reuse these blocks for the content, which counts as a layout
    # shift.
    return rx.el.div(
        *blocks, rx.el.span(_("Loading"), class_name="sr"), class_name="stack", role="status", key="skeleton"
    )


def summary_list(*lines: tuple[str, Any], total: tuple[str, Any] | None = None) -> rx.Component:
    """Labels and values, with the total last and largest."""
    rows = [part for label, value in lines for part in (rx.el.dt(label), rx.el.dd(value))]
    if total:
        rows += [rx.el.dt(total[0], class_name="total"), rx.el.dd(total[1], class_name="total")]
    return rx.el.dl(*rows, class_name="sum")


def back_link(label: Any, href: Any) -> rx.Component:
    """A back link at the top of a page."""
    return rx.el.a(icon("back"), label, href=href, class_name="back")
