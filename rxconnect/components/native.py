"""Elements that the browser handles itself: a form that it posts, a link within the page."""

from html import escape

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class NativeForm(BaseHTML):
    """A form that the browser posts. Reflex's own form always prevents that."""

    tag = "form"

    method: rx.Var[str]
    action: rx.Var[str]
    enc_type: rx.Var[str]
    # We show problems beside the fields; the browser's own bubbles would hide them.
    no_validate: rx.Var[bool] = rx.Var.create(True)


class NativeLink(BaseHTML):
    """A link that the browser follows itself, within the page or out of the app. Reflex's own link uses the router."""

    tag = "a"

    href: rx.Var[str]


native_form = NativeForm.create
in_page_link = native_link = NativeLink.create


def native_radio(name: str, value: str, *, is_chosen: bool) -> rx.Component:
    """A radio button of a form that is posted; which one of them `is_chosen` at first. The server chooses another again."""
    attrs = {"defaultChecked": rx.Var("true")} if is_chosen else {}
    return rx.el.input(type="radio", name=name, value=value, custom_attrs=attrs)


def native_textarea(name: str, label: str, *, rows: int, described_by: str) -> rx.Component:
    """A field for many lines of a form that is posted. The server fills it in, which React would take back."""
    html = (
        f'<textarea class="input" id="{name}" name="{name}" rows="{rows}" spellcheck="false" '
        f'aria-label="{escape(label)}" aria-describedby="{described_by}"></textarea>'
    )
    attrs = {"dangerouslySetInnerHTML": {"__html": html}, "suppressHydrationWarning": rx.Var("true")}
    return rx.el.div(custom_attrs=attrs)


def slot(name: str, class_name: str, role: str = "") -> rx.Component:
    """An empty element that the server fills before it sends the page (`api/filled_page.py`).

    Its content is declared as HTML, so that React keeps the server's text.
    """
    attrs = {"dangerouslySetInnerHTML": rx.Var('{__html: ""}'), "suppressHydrationWarning": rx.Var("true")}
    return rx.el.p(id=name, class_name=class_name, role=role or None, custom_attrs=attrs)
