"""The compose form, which saves itself (`message_form.js`)."""

from typing import Any

import reflex as rx

_LIBRARY = "$/utils/message_form.js"


class MessageForm(rx.Component):
    """A form around the fields `contact`, `subject` and `body`. It fills and reads them itself; State never sets them.

    The browser stores unconfirmed text under the key `account`, which other people cannot guess. If it `keeps_nothing`, as a
    shared tablet must, that text is only on the page.
    """

    library = _LIBRARY
    tag = "MessageForm"

    account: rx.Var[str]
    keeps_nothing: rx.Var[bool]
    draft: rx.Var[Any]
    # The draft's length and cost. Each answer to a save contains them, too.
    figures: rx.Var[Any]
    url: rx.Var[str]
    # Whether the page shows a problem, which the next words may have solved.
    has_problem: rx.Var[bool]
    # Whether the message has the focus as soon as the form appears.
    focuses_body: rx.Var[bool]
    # Reload the draft: its contact or a problem may have changed, or another tab changed it.
    on_reload: rx.EventHandler[rx.event.no_args_event_spec]
    # The user pressed CONTINUE, and everything is saved.
    on_go_on: rx.EventHandler[rx.event.no_args_event_spec]


class MessageFigures(rx.Component):
    """The message's cost and the characters left. It must be inside the form."""

    library = _LIBRARY
    tag = "MessageFigures"


class MessageStatus(rx.Component):
    """Whether the message is saved. It must be inside the form."""

    library = _LIBRARY
    tag = "MessageStatus"


class MessageBeginnings(rx.Component):
    """Beginnings of a letter to choose from, as long as nothing is written. It must be inside the form."""

    library = _LIBRARY
    tag = "MessageBeginnings"

    beginnings: rx.Var[list[Any]]


class MessageLeftover(rx.Component):
    """Text in this browser that was typed too late for its draft. `on_use` gets subject and body."""

    library = _LIBRARY
    tag = "MessageLeftover"

    account: rx.Var[str]
    draft: rx.Var[str]
    on_use: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


class ForgetDrafts(rx.Component):
    """Deletes all stored text from the browser after a sign-out: when the address's `done` is one of `after`."""

    library = "$/utils/forget_drafts.js"
    tag = "ForgetDrafts"

    after: rx.Var[list[str]]


forget_drafts = ForgetDrafts.create
message_beginnings = MessageBeginnings.create
message_figures = MessageFigures.create
message_form = MessageForm.create
message_status = MessageStatus.create
message_leftover = MessageLeftover.create
