"""The warning before somebody is signed out for being idle (`idle.js`), and what a kiosk does to leave nothing behind."""

import reflex as rx


class Idle(rx.Component):
    """A dialog `warn` seconds before the sign-in of the `account` ends. `account` is the `browser_key` of its text.

    With `sign_out`, the address that a shared tablet posts to, a touch anywhere counts as use, and nothing is kept. `mark` is the
    sign-in's, so that a page which is still open signs nobody else out.
    """

    library = "$/utils/idle.js"
    tag = "Idle"

    left: rx.Var[float]
    warn: rx.Var[int]
    account: rx.Var[str]
    sign_in: rx.Var[str]
    sign_out: rx.Var[str]
    mark: rx.Var[str]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]
    on_stay: rx.EventHandler[rx.event.no_args_event_spec]


class Leave(rx.Component):
    """The form that signs out of a shared tablet. It posts to `sign_out`, and `sign_in` takes the page's place in the history."""

    library = "$/utils/leaving.js"
    tag = "Leave"

    sign_in: rx.Var[str]
    sign_out: rx.Var[str]
    mark: rx.Var[str]


class FreshPage(rx.Component):
    """Part of a kiosk's page before sign-in: the page is loaded as a whole, and forgets what somebody typed and left."""

    library = "$/utils/leaving.js"
    tag = "FreshPage"


idle_warning = Idle.create
leave_form = Leave.create
fresh_page = FreshPage.create
