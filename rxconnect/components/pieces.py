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


def steps(names: list[str], current: int, part: str = "", done: Any = None) -> rx.Component:
    """The current step among `names`; on a phone "Step 2 of 4". `current` counts from 0; `part` names a sub-step.

    Each step before it counts as done, unless `done` says of each whether it is.
    """
    within = rx.el.span(f" · {part}", class_name="part") if part else None

    def item(index: int, name: str) -> rx.Component:
        if index == current:
            return rx.el.li(name, within, custom_attrs={"aria-current": "step"})
        is_done = done[index] if done is not None else rx.Var.create(index < current)
        said = rx.cond(is_done, rx.el.span(", ", _("done"), class_name="sr"))
        return rx.el.li(name, said, class_name=rx.cond(is_done, "done", ""))

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


def skeleton(*shapes: str, narrow: bool = False) -> rx.Component:
    """A placeholder while the page loads, one for each of `shapes`, in the shape of what comes.

    `line`, `block` and `tall` are plain; `threads`, `rows`, `wallets`, `summary`, `form`, `field`, `letter`, `folded` and
    `timeline` are drawn by the stylesheet. `narrow` is for the page of one narrow column.
    """
    # The key makes React replace it. Otherwise React would reuse these blocks for the content, which counts as a layout
    # shift.
    return rx.el.div(
        *_bones(shapes),
        rx.el.span(_("Loading"), class_name="sr"),
        class_name="stack narrow" if narrow else "stack",
        role="status",
        key="skeleton",
    )


def skeleton_columns(left: tuple[str, ...], right: tuple[str, ...]) -> rx.Component:
    """The placeholder of a page of two columns. The shapes are those of `skeleton`."""
    return rx.el.div(
        rx.el.div(*_bones(left), class_name="stack"),
        rx.el.div(*_bones(right), class_name="stack"),
        rx.el.span(_("Loading"), class_name="sr"),
        class_name="grid",
        role="status",
        key="skeleton",
    )


def _bones(shapes: tuple[str, ...]) -> list[rx.Component]:
    return [rx.el.div(class_name=f"skeleton skeleton-{shape}") for shape in shapes]


def summary_list(*lines: tuple[str, Any], total: tuple[str, Any] | None = None) -> rx.Component:
    """Labels and values, with the total last and largest."""
    rows = [part for label, value in lines for part in (rx.el.dt(label), rx.el.dd(value))]
    if total:
        rows += [rx.el.dt(total[0], class_name="total"), rx.el.dd(total[1], class_name="total")]
    return rx.el.dl(*rows, class_name="sum")


def back_link(label: Any, href: Any) -> rx.Component:
    """A back link at the top of a page."""
    return rx.el.a(icon("back"), label, href=href, class_name="back")
