"""Judging letters together, on everybody's own phone: what it is, the letters one by one, and one's own answers."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.desk import desk, key_cap, key_switch, shortcut
from rxconnect.components.forms import button, button_class
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, empty_state, skeleton
from rxconnect.components.sentences import plural, spliced
from rxconnect.i18n import _
from rxconnect.layout.demo import demo_frame
from rxconnect.layout.frame import problem_of
from rxconnect.pages.demo.judging_card import end_judging, progress_words
from rxconnect.pages.demo.judging_result import judging_result
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.judging import JudgeState, JudgingResultState
from rxconnect.state.demo.room import RoomState

_STATE, _VIEW, _LETTER = JudgeState, JudgeState.view, JudgeState.letter


def judging() -> rx.Component:
    """The page, whatever stage the judging is at."""
    stages = {
        "none": _none(),
        "intro": _intro(),
        "letter": _letter(),
        "overview": _overview(),
        "finished": _finished(),
        "over": judging_result(),
    }
    return demo_frame(
        rx.cond(_VIEW, _VIEW.status.title, _("Letters to judge")),
        problem_of(_STATE),
        problem_of(JudgingResultState),
        problem_of(HostState),
        # One element for all stages, since the keys watch it (`desk.js`).
        desk(
            rx.el.div(
                rx.cond(
                    _STATE.ready,
                    rx.match(_STATE.stage, *stages.items(), _none()),
                    skeleton("line", "tall"),
                ),
                custom_attrs={"data-answers": ""},
            ),
            is_claimed=False,
        ),
        beside=native_link(_("Room"), href=routes.back_to_room(), class_name=button_class("quiet sm")),
    )


def _none() -> rx.Component:
    return card(
        empty_state(
            "envelope",
            _("There is nothing to judge yet"),
            _("As soon as the trainer begins, the letters are here by themselves."),
        ),
        class_name="judge narrow",
    )


def _intro() -> rx.Component:
    return rx.el.div(
        card(
            rx.el.div(
                rx.el.p(_VIEW.about, class_name="judge-lead"),
                rx.el.ul(
                    rx.el.li(_("Everybody in the room decides the same letters, in an order of their own.")),
                    rx.el.li(
                        _("Nobody sees your answers. At the end, the room sees sums, and you see your own result.")
                    ),
                    rx.el.li(
                        _(
                            "If you reject a letter, you say which rule it breaks. You can change an answer until you finish."
                        )
                    ),
                    rx.el.li(_("Take the time that you would take at the desk.")),
                    class_name="rules",
                ),
                button(_("Begin"), variant="wide", on_click=_STATE.show_letter(_VIEW.place)),
                class_name="card-body stack",
            ),
            class_name="airmail",
        ),
        _rules_card(is_open=True),
        class_name="judge narrow stack",
    )


def _rules_card(*, is_open: bool) -> rx.Component:
    """The published rules. `is_open` is whether they are unfolded at first."""
    rules = rx.el.ol(rx.foreach(_VIEW.rules, lambda rule: rx.el.li(rule.text)), class_name="judge-rules")
    if is_open:
        return card(card_head(_("The rules")), rx.el.div(rules, class_name="card-body"))
    return rx.el.details(rx.el.summary(_("The rules")), rules, class_name="judge-fold")


def _letter() -> rx.Component:
    return rx.el.div(
        _progress(),
        rx.el.article(
            rx.el.div(
                rx.el.p(
                    *spliced(
                        _("{sender} to {recipient}"),
                        sender=rx.el.strong(_LETTER.sender),
                        recipient=rx.el.strong(_LETTER.recipient),
                    ),
                    class_name="small muted",
                ),
                rx.el.h2(
                    rx.cond(_LETTER.subject != "", _LETTER.subject, _("A letter without a subject")),
                    id="letter-title",
                    tab_index=-1,
                ),
                class_name="message-head judge-head",
            ),
            rx.el.div(_LETTER.body, class_name="words", dir="auto"),
            class_name="card paper",
            aria_label=_("Invented letter"),
        ),
        _rules_card(is_open=False),
        _keys_help(),
        rx.cond(_STATE.is_rejecting, _rule_question(), _decide_bar()),
        class_name="judge narrow stack-sm",
        key="letter",
    )


def _progress() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                *spliced(_("{place} of {letters}"), place=_LETTER.place, letters=_VIEW.status.letters),
                class_name="strong num",
            ),
            rx.cond(
                _VIEW.minutes > 0,
                rx.el.span(plural("{count} minute", "{count} minutes", _VIEW.minutes), class_name="small muted num"),
            ),
            rx.cond(
                _VIEW.decided > 0,
                button(_("Your answers"), variant="plain sm", on_click=_STATE.show_overview),
            ),
            class_name="judge-top",
        ),
        rx.el.progress(
            value=_VIEW.decided, max=_VIEW.status.letters, class_name="judge-progress", aria_label=_("Letters decided")
        ),
    )


def _decide_bar() -> rx.Component:
    is_rejected = _LETTER.decision == "reject"
    return rx.el.div(
        _decision_button(_("Reject"), "r", _STATE.begin_reject, "quiet danger", is_rejected),
        _decision_button(_("Approve"), "a", _STATE.approve(_LETTER.place), "", _LETTER.decision == "approve"),
        class_name="judge-bar",
        role="toolbar",
        aria_label=_("Decide"),
    )


def _decision_button(label: str, key: str, on_click: Any, variant: str, is_chosen: Any) -> rx.Component:
    """A decision, with its key. One that was made before has a tick."""
    return button(
        rx.fragment(rx.cond(is_chosen, icon("check")), rx.el.span(label), key_cap(key)),
        variant=variant,
        on_click=on_click,
        custom_attrs=shortcut(key) | {"aria-pressed": rx.cond(is_chosen, "true", "false")},
    )


def _rule_question() -> rx.Component:
    """Which rule does it break? The numbers are also the keys."""

    def choice(rule: Any) -> rx.Component:
        is_named = (_LETTER.decision == "reject") & (_LETTER.rule == rule.number)
        return button(
            rx.fragment(
                rx.el.span(rule.number, class_name="judge-number num", custom_attrs={"aria-hidden": "true"}),
                rx.el.span(rule.text),
            ),
            variant="quiet",
            on_click=_STATE.reject(_LETTER.place, rule.number),
            custom_attrs={"aria-keyshortcuts": rule.number, "aria-pressed": rx.cond(is_named, "true", "false")},
        )

    return rx.el.div(
        rx.el.div(
            rx.el.h3(_("Which rule does it break?"), id="rule-question", tab_index=-1),
            button(
                rx.fragment(_("Back"), key_cap("Esc")),
                variant="plain sm",
                on_click=_STATE.cancel_reject,
                custom_attrs=shortcut("Escape"),
            ),
            class_name="judge-top",
        ),
        rx.el.div(rx.foreach(_VIEW.rules, choice), class_name="judge-choices"),
        class_name="judge-bar judge-question",
        role="group",
        aria_label=_("Which rule does it break?"),
    )


def _keys_help() -> rx.Component:
    """For a keyboard. A phone, which has none, does not show it."""
    return rx.el.details(
        rx.el.summary(_("Keys")),
        rx.el.p(
            *spliced(
                _("{a} approves, {r} asks for the rule, and the digits name it. {esc} goes back."),
                a=key_cap("a"),
                r=key_cap("r"),
                esc=key_cap("Esc"),
            ),
            class_name="small",
        ),
        key_switch(label=_("Use these keys in this browser")),
        class_name="judge-fold judge-keys",
    )


def _overview() -> rx.Component:
    is_done = _VIEW.place == 0
    return rx.el.div(
        card(
            rx.el.div(
                rx.el.h2(
                    rx.cond(
                        is_done,
                        _("You have decided every letter"),
                        rx.el.span(
                            *spliced(
                                _("{decided} of {letters} decided"),
                                decided=_VIEW.decided,
                                letters=_VIEW.status.letters,
                            )
                        ),
                    ),
                    id="overview-title",
                    tab_index=-1,
                ),
                rx.cond(
                    is_done,
                    rx.fragment(
                        rx.el.p(
                            _("Look through your answers once more, or finish. After that, they stay as they are.")
                        ),
                        button(_("Finish"), variant="wide", on_click=_STATE.finish),
                    ),
                    button(_("Go on"), variant="wide", on_click=_STATE.show_letter(_VIEW.place)),
                ),
                class_name="card-body stack-sm",
            ),
            class_name="airmail",
        ),
        card(card_head(_("Your answers")), rx.el.ol(rx.foreach(_VIEW.places, _place), class_name="judge-places")),
        class_name="judge narrow stack",
    )


def _place(one: Any) -> rx.Component:
    tone = rx.match(one.decision, ("approve", "pill good"), ("reject", "pill bad"), "pill still")
    words = rx.match(one.decision, ("approve", _("Approved")), ("reject", _("Rejected")), _("Not decided yet"))
    return rx.el.li(
        rx.el.button(
            rx.el.span(one.place, class_name="num muted"),
            rx.el.span(
                rx.el.span(rx.cond(one.subject != "", one.subject, one.sender), class_name="strong"),
                rx.cond(one.rule != "", rx.el.span(one.rule, class_name="hint")),
                class_name="stack-xs",
            ),
            rx.el.span(words, class_name=tone),
            type="button",
            on_click=_STATE.show_letter(one.place),
        )
    )


def _finished() -> rx.Component:
    return card(
        rx.el.div(
            icon("check"),
            rx.el.p(_("You have finished. Thank you."), class_name="strong"),
            rx.el.p(progress_words(_VIEW.status), role="status"),
            rx.el.p(_("The result is here by itself as soon as everybody has finished, or the trainer ends it.")),
            rx.cond(RoomState.view.me.is_trainer, end_judging()),
            class_name="empty",
        ),
        class_name="judge narrow airmail",
    )
