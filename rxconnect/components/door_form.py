"""Native forms with a password: what was typed stays when the form is refused, and can be shown (`door_form.js`)."""

import reflex as rx

from rxconnect.components.native import NativeForm

_LIBRARY = "$/utils/door_form.js"


class DoorForm(NativeForm):
    """A native form of a page before sign-in. Once its script is there, it is answered without loading the page again."""

    library = _LIBRARY
    tag = "DoorForm"


class ShowPassword(rx.Component):
    """A button that shows and hides what stands in the password field with the id `of`."""

    library = _LIBRARY
    tag = "ShowPassword"

    of: rx.Var[str]


door_form = DoorForm.create
show_password = ShowPassword.create
