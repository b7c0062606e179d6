"""Controls that State can set, and that are never made anew while somebody types in them (`field.js`)."""

import reflex as rx
from reflex_components_core.el.elements.forms import Input, Select

_LIBRARY = "$/utils/field.js"


class TextField(Input):
    """A one-line input. `given` is what State has; `on_tell` gets the text, `pause` milliseconds after the last key."""

    library = _LIBRARY
    tag = "TextField"

    given: rx.Var[str]
    pause: rx.Var[int]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class SelectField(Select):
    """A native select. `given` is what State has chosen; `on_tell` gets what is chosen here."""

    library = _LIBRARY
    tag = "SelectField"

    given: rx.Var[str]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class TickField(Input):
    """A checkbox or a radio button. `given` is whether it is ticked; `on_tell` gets whether it is now."""

    library = _LIBRARY
    tag = "TickField"

    given: rx.Var[bool]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


text_field = TextField.create
select_field = SelectField.create
tick_field = TickField.create
