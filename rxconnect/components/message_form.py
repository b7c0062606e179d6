"""The form in which a message is written, which saves itself (`message_form.js`)."""

from typing import Any

import reflex as rx

_LIBRARY = "$/utils/message_form.js"


class MessageForm(rx.Component):
    """A form around fields named `contact`, `subject` and `body`, which it fills in and reads: they get no value of ours.

    What the server has not confirmed is kept in the browser under `account`, which nobody can guess.
    """

    library = _LIBRARY
    tag = "MessageForm"

    account: rx.Var[str]
    draft: rx.Var[Any]
    # What the draft costs, as the answers to what is saved say it too.
    figures: rx.Var[Any]
    url: rx.Var[str]
    # Whether the page says of the draft what may not be true of the next words.
    has_problem: rx.Var[bool]
    # Look at the draft: its contact is another, it may be mended, or something happened to it elsewhere.
    on_look: rx.EventHandler[rx.event.no_args_event_spec]
    # CONTINUE was pressed, and everything is saved.
    on_go_on: rx.EventHandler[rx.event.no_args_event_spec]


class MessageFigures(rx.Component):
    """What the message costs and how much room is left; somewhere inside its form."""

    library = _LIBRARY
    tag = "MessageFigures"


class MessageStatus(rx.Component):
    """Whether the message is saved; somewhere inside its form."""

    library = _LIBRARY
    tag = "MessageStatus"


class MessageLeftover(rx.Component):
    """The words in this browser that came too late for a draft. `on_use` gets subject and body."""

    library = _LIBRARY
    tag = "MessageLeftover"

    account: rx.Var[str]
    draft: rx.Var[str]
    on_use: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


class ForgetDrafts(rx.Component):
    """Removes all that the browser keeps, once somebody has signed out: the address's `done` is one of `after`."""

    library = "$/utils/forget_drafts.js"
    tag = "ForgetDrafts"

    after: rx.Var[list[str]]


forget_drafts = ForgetDrafts.create
message_figures = MessageFigures.create
message_form = MessageForm.create
message_status = MessageStatus.create
message_leftover = MessageLeftover.create
