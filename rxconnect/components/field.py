"""Controls that State can set, and that are never remounted while the user types (`field.js`)."""

import reflex as rx
from reflex_components_core.el.elements.forms import Input, Select, Textarea

_LIBRARY = "$/utils/field.js"


class TextField(Input):
    """A one-line input. `given` is State's value; `on_tell` gets the text, `pause` milliseconds after the last key."""

    library = _LIBRARY
    tag = "TextField"

    given: rx.Var[str]
    pause: rx.Var[int]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class AreaField(Textarea):
    """A field of several lines. `given` and `on_tell` are as in `TextField`."""

    library = _LIBRARY
    tag = "AreaField"

    given: rx.Var[str]
    pause: rx.Var[int]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class SelectField(Select):
    """A native select. `given` is State's choice; `on_tell` gets the user's."""

    library = _LIBRARY
    tag = "SelectField"

    given: rx.Var[str]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class TickField(Input):
    """A checkbox or a radio button. `given` is State's value; `on_tell` gets True or False."""

    library = _LIBRARY
    tag = "TickField"

    given: rx.Var[bool]
    on_tell: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


text_field = TextField.create
area_field = AreaField.create
select_field = SelectField.create
tick_field = TickField.create
