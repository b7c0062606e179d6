"""The card of the room about letters that it judges together: the trainer begins and ends it, everybody goes there."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.file_text import file_text
from rxconnect.components.forms import button, button_class
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head
from rxconnect.components.sentences import plural, spliced
from rxconnect.domain.judging import LETTERS_FILE_MAX
from rxconnect.i18n import _
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.room import RoomState

_JUDGING = RoomState.view.judging
_IS_TRAINER = RoomState.view.me.is_trainer


def judging_card() -> rx.Component:
    """The card. Before the trainer has begun, nobody else sees it."""
    return rx.cond(
        _JUDGING,
        rx.cond(_JUDGING.is_over, _over(), _open()),
        rx.cond(
            _IS_TRAINER,
            card(
                card_head(_("Judge us in 20 letters")),
                rx.el.div(
                    rx.el.p(
                        _(
                            "Everybody decides the same letters, each on their own phone, and nobody sees what others decide. "
                            "Then the room sees how far it agrees, what it missed, and what screening would have done."
                        )
                    ),
                    _begin_form(_("Begin")),
                    class_name="card-body stack",
                ),
            ),
        ),
    )


def progress_words(judging: Any) -> rx.Component:
    """`9 of 12 have finished.` Nothing else is said before the end."""
    return rx.el.span(
        *spliced(_("{finished} of {judges} have finished."), finished=judging.finished, judges=judging.judges),
        class_name="num",
    )


def end_judging() -> rx.Component:
    """The trainer's button that ends the judging. The first press says what it does."""
    return asking(
        _("End, and show the result"),
        _("End the judging? Nobody can decide anything after that. Whatever is decided by now counts."),
        _("Show the result"),
        HostState.end_judging,
        id="ask-judging",
        keep=_("Let them go on"),
        variant="quiet sm",
    )


def _open() -> rx.Component:
    return card(
        card_head(
            _JUDGING.title,
            rx.el.span(plural("{count} letter", "{count} letters", _JUDGING.letters), class_name="small muted num"),
        ),
        rx.el.div(
            rx.el.p(progress_words(_JUDGING), class_name="strong", role="status"),
            rx.el.progress(
                value=_JUDGING.finished, max=_JUDGING.judges, class_name="judge-progress", aria_label=_("Have finished")
            ),
            native_link(_("Judge the letters"), href=routes.DEMO_JUDGE, class_name=button_class("")),
            rx.cond(_IS_TRAINER, end_judging()),
            class_name="card-body stack-sm",
        ),
        class_name="airmail",
    )


def _over() -> rx.Component:
    again = rx.el.details(
        rx.el.summary(_("Judge once more")),
        rx.el.div(
            rx.el.p(_("The answers and the result of before are deleted."), class_name="small"),
            _begin_form(_("Begin once more")),
            class_name="stack",
        ),
    )
    return card(
        card_head(_JUDGING.title),
        rx.el.div(
            native_link(_("See the result"), href=routes.DEMO_JUDGE, class_name=button_class("")),
            rx.cond(_IS_TRAINER, again),
            class_name="card-body stack-sm",
        ),
        class_name="airmail",
    )


def _begin_form(label: str) -> rx.Component:
    """Begin with our own letters, or with those in the field. The field says in which line something is wrong."""
    problem = HostState.problems["letters"]
    return rx.el.form(
        rx.el.details(
            rx.el.summary(_("Bring letters of your own")),
            rx.el.div(
                rx.el.p(
                    _("Paste them here, or choose a file. If this stays empty, our own twenty letters are used."),
                    " ",
                    native_link(_("Download ours as an example"), href=routes.DEMO_LETTERS),
                    class_name="small muted",
                ),
                rx.el.textarea(
                    id="letters",
                    name="letters",
                    rows="8",
                    class_name="input file-field",
                    spell_check=False,
                    max_length=LETTERS_FILE_MAX,
                    aria_label=_("Text of your letters"),
                    custom_attrs={"aria-describedby": "letters-problem"},
                ),
                file_text(field="letters", label=_("Choose a file"), most_bytes=4 * LETTERS_FILE_MAX),
                class_name="stack-sm",
            ),
        ),
        rx.el.p(problem, id="letters-problem", class_name="problem", role="alert"),
        button(label, type="submit"),
        on_submit=HostState.begin_judging,
        class_name="stack-sm",
    )
