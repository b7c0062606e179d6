"""Fields and buttons. A field's problem is shown below it, describes it to a screen reader, and is announced."""

from typing import Any

import reflex as rx

from rxconnect.components.door_form import show_password
from rxconnect.components.field import select_field, text_field, tick_field
from rxconnect.components.native import slot

_PASSWORDS = {"current-password", "new-password"}


def field(label: Any, control: rx.Component, *, name: str, problem: Any = None, hint: Any = None) -> rx.Component:
    """A labelled control with its hint and its problem. One of the functions below makes `control`."""
    return rx.el.div(
        rx.el.label(label, html_for=name),
        control,
        rx.el.span(hint, id=f"{name}-hint", class_name="hint") if hint is not None else None,
        _problem_element(name, problem),
        class_name="field",
    )


def text_input(name: str, *, problem: Any = None, hint: bool = False, of: Any = None, **props: Any) -> rx.Component:
    """A one-line input with its hint and problem as accessible description. `of` makes another kind of input.

    `given` is State's value, and `on_tell` sends State what the user types (`components/field.py`).
    """
    of = of or (text_field if "given" in props else rx.el.input)
    return of(id=name, name=name, class_name="input", **_described_by(name, problem, hint), **props)


def select(name: str, *options: rx.Component, problem: Any = None, hint: bool = False, **props: Any) -> rx.Component:
    """A native select, with the phone's own picker. `given` and `on_tell` are as in `text_input`."""
    of = select_field if "given" in props else rx.el.select
    props |= _described_by(name, problem, hint)
    # State does not know what is chosen in a filter, so a browser that drives tells those who follow (`following.js`).
    props["custom_attrs"] |= {"data-shared": ""}
    return of(*options, id=name, name=name, class_name="input", **props)


def native_field(label: str, name: str, *, hint: str = "", **props: Any) -> rx.Component:
    """A field of a native form; the server fills in its value and its problem."""
    described = f"{name}-hint {name}-problem" if hint else f"{name}-problem"
    # A browser must not send a shown password to a service that checks its spelling.
    is_password = props.get("auto_complete") in _PASSWORDS
    props |= {"spell_check": False, "auto_capitalize": "none"} if is_password else {}
    control = rx.el.input(
        id=name,
        name=name,
        class_name="input",
        custom_attrs={"aria-describedby": described, "suppressHydrationWarning": rx.Var("true")},
        **props,
    )
    return rx.el.div(
        rx.el.label(label, html_for=name),
        rx.el.div(control, show_password(of=name), class_name="password") if is_password else control,
        rx.el.span(hint, id=f"{name}-hint", class_name="hint") if hint else None,
        slot(f"{name}-problem", "problem"),
        class_name="field",
    )


def button(label: Any, *, variant: str = "", **props: Any) -> rx.Component:
    """A button; `variant` is any of quiet, plain, sm, wide, danger."""
    return rx.el.button(label, type=props.pop("type", "button"), class_name=button_class(variant), **props)


def link_button(label: Any, href: Any, *, variant: str = "", **props: Any) -> rx.Component:
    """A link that looks like a button."""
    return rx.el.a(label, href=href, class_name=button_class(variant), **props)


def button_class(variant: str) -> str:
    """The classes of a button: `quiet sm` -> `btn btn-quiet btn-sm`."""
    return " ".join(["btn", *("danger" if v == "danger" else f"btn-{v}" for v in variant.split())])


def checkbox(label: Any, *, name: str, given: Any, on_tell: Any, problem: Any = None) -> rx.Component:
    """A checkbox with its label and its problem. After a lost connection it shows the server's value."""
    box = tick_field(
        type="checkbox", id=name, name=name, given=given, on_tell=on_tell, **_described_by(name, problem, False)
    )
    return rx.fragment(rx.el.label(box, rx.el.span(label), class_name="check"), _problem_element(name, problem))


def alert(text: Any, tone: str = "bad", *more: rx.Component) -> rx.Component:
    """An important sentence, announced when it appears."""
    return rx.el.div(rx.el.span(text), *more, class_name=f"alert alert-{tone}", role="alert")


def _problem_element(name: str, problem: Any) -> rx.Component | None:
    """The problem's element, which `_description` refers to. It always exists, so that a new sentence is announced."""
    return None if problem is None else rx.el.p(problem, id=f"{name}-problem", class_name="problem", role="alert")


def _described_by(name: str, problem: Any, hint: bool) -> dict[str, Any]:
    attrs: dict[str, Any] = {}
    if hint:
        attrs["aria-describedby"] = f"{name}-hint"
    if problem is not None:
        # The problem stands in the place of the hint, which says the same.
        before = f"{name}-hint {name}-problem" if hint else f"{name}-problem"
        attrs["aria-describedby"] = rx.cond(problem, f"{name}-problem", before) if hint else before
        attrs["aria-invalid"] = rx.cond(problem, "true", "false")
    return {"custom_attrs": attrs}
