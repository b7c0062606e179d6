"""The Terms and Conditions, for everyone to read."""

import reflex as rx

from rxconnect.components.terms import terms_sections
from rxconnect.domain import terms as text
from rxconnect.i18n import _
from rxconnect.layout.frame import plain_frame


def terms() -> rx.Component:
    """The text, section by section."""
    return plain_frame(
        _("Terms and Conditions"),
        rx.el.div(*terms_sections(), class_name="stack narrow"),
        lead=_("Version {version}. In plain words, because you should know what you agree to.").format(
            version=text.VERSION
        ),
    )
