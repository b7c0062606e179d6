"""The form in which a letter is written, which saves itself (`letter_form.js`)."""

from typing import Any

import reflex as rx

_SCRIPT = rx.asset("letter_form.js", shared=True)
_FORGETTING = rx.asset("forget_letters.js", shared=True)


class LetterForm(rx.Component):
    """A form around fields named `contact`, `subject` and `body`, which it fills in and reads: they get no value of ours.

    What the server has not confirmed is kept in the browser under `account`, which nobody can guess.
    """

    library = f"$/public{_SCRIPT}"
    tag = "LetterForm"

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


class LetterFigures(rx.Component):
    """What the letter costs and how much room is left; somewhere inside its form."""

    library = f"$/public{_SCRIPT}"
    tag = "LetterFigures"


class LetterStatus(rx.Component):
    """Whether the letter is saved; somewhere inside its form."""

    library = f"$/public{_SCRIPT}"
    tag = "LetterStatus"


class LetterLeftover(rx.Component):
    """The words in this browser that came too late for a draft. `on_use` gets subject and body."""

    library = f"$/public{_SCRIPT}"
    tag = "LetterLeftover"

    account: rx.Var[str]
    draft: rx.Var[str]
    on_use: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


class ForgetLetters(rx.Component):
    """Removes all that the browser keeps, once somebody has signed out: the address's `done` is one of `after`."""

    library = f"$/public{_FORGETTING}"
    tag = "ForgetLetters"

    after: rx.Var[list[str]]


forget_letters = ForgetLetters.create
letter_figures = LetterFigures.create
letter_form = LetterForm.create
letter_status = LetterStatus.create
letter_leftover = LetterLeftover.create
