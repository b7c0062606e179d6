"""The result of letters that a room has judged: for the room in sums, readable from the last row, and for each judge their own."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button
from rxconnect.components.pieces import card, card_head, empty_state, pill
from rxconnect.components.sentences import plural, spliced
from rxconnect.i18n import _
from rxconnect.state.demo.judging import JudgingResultState

_STATE, _SCORE, _OWN = JudgingResultState, JudgingResultState.score, JudgingResultState.own
_AGREEMENT = JudgingResultState.score.agreement


def judging_result() -> rx.Component:
    """The room's result, or one's own."""
    return rx.cond(
        _SCORE,
        rx.el.div(
            rx.cond(_OWN, _choice()),
            rx.cond(_STATE.is_own, _own_result(), _room_result()),
            class_name="judged stack",
        ),
        card(
            empty_state("envelope", _("It is over"), _("Nobody has decided a letter, so there is no result.")),
            class_name="judge narrow",
        ),
    )


def _choice() -> rx.Component:
    def one(label: str, is_on: Any, on_click: Any) -> rx.Component:
        return button(label, on_click=on_click, custom_attrs={"aria-pressed": rx.cond(is_on, "true", "false")})

    return rx.el.div(
        one(_("Your result"), _STATE.is_own, _STATE.show_own),
        one(_("The room"), ~_STATE.is_own, _STATE.show_room),
        class_name="segments judged-choice",
        role="group",
        aria_label=_("Whose result"),
    )


def _room_result() -> rx.Component:
    return rx.fragment(
        _verdict(),
        _figures(),
        rx.cond(_SCORE.splits.length() > 0, _splits()),
        _screening(),
        rx.cond(_STATE.named.length() > 0, _named()),
        _all_letters(),
    )


def _verdict() -> rx.Component:
    """How far the room agrees: the sentence first, then the figure and its bounds on a scale."""
    return card(
        rx.el.div(
            rx.el.p(
                rx.cond(_SCORE.judges == 1, _("One judge"), plural("{count} judge", "{count} judges", _SCORE.judges)),
                ", ",
                plural("{count} letter", "{count} letters", _SCORE.letters),
                class_name="muted num",
            ),
            rx.el.h2(_AGREEMENT.meaning, class_name="verdict-words"),
            rx.cond(_AGREEMENT.figure != "", _scale()),
            class_name="verdict",
        ),
        class_name="airmail",
    )


def _scale() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.strong(_AGREEMENT.figure, class_name="verdict-figure num"),
            rx.el.span(_("agreement beyond chance"), class_name="figure-label"),
            class_name="verdict-number",
        ),
        rx.el.div(
            rx.el.svg(
                rx.el.rect(x="0%", y="40%", width="100%", height="20%", rx="4", class_name="scale-all"),
                rx.el.rect(
                    x=f"{_AGREEMENT.starts}%",
                    y="25%",
                    width=f"{_AGREEMENT.ends - _AGREEMENT.starts}%",
                    height="50%",
                    rx="6",
                    class_name="scale-bounds",
                ),
                rx.el.circle(cx=f"{_AGREEMENT.at}%", cy="50%", r="11", class_name="scale-at"),
                class_name="scale-picture",
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.el.div(
                rx.el.span(_("0: as if everybody guessed")),
                rx.el.span(_("1: always alike")),
                class_name="scale-ends muted",
            ),
            rx.el.p(
                *spliced(
                    _("With so few letters, the true figure lies between {low} and {high}, 19 times of 20."),
                    low=rx.el.strong(_AGREEMENT.low, class_name="num"),
                    high=rx.el.strong(_AGREEMENT.high, class_name="num"),
                ),
                " ",
                _("People who guess also decide alike sometimes. That share is taken out (Gwet’s AC1)."),
                class_name="muted scale-note",
            ),
        ),
        class_name="verdict-scale",
    )


def _figures() -> rx.Component:
    """The main figures. The minutes stand beside the misses, and never alone."""
    return card(
        rx.el.dl(
            _figure(_("Right, by the rules"), rx.fragment(_SCORE.agreement_with_key, "%"), _("of all decisions")),
            _figure(
                _("Misses"),
                _SCORE.misses,
                rx.el.span(
                    *spliced(_("of {count} decisions about letters that break a rule"), count=_SCORE.on_rejects)
                ),
                "bad",
            ),
            _figure(
                _("Rejected needlessly"),
                _SCORE.needless,
                rx.el.span(*spliced(_("of {count} decisions about harmless letters"), count=_SCORE.on_approves)),
                "wait",
            ),
            _figure(
                _("Minutes"),
                rx.cond(_SCORE.median_minutes, _SCORE.median_minutes, "–"),
                rx.cond(
                    _SCORE.median_minutes,
                    _("Half of those who finished took longer. Look at the misses first."),
                    _("Nobody has finished."),
                ),
            ),
            class_name="judged-figures",
        )
    )


def _figure(label: str, value: Any, note: Any, tone: str = "") -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="figure-label"),
        rx.el.dd(value, class_name=f"figure-value num {tone and f'figure-{tone}'}".strip()),
        rx.el.dd(note, class_name="muted figure-note"),
    )


def _splits() -> rx.Component:
    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(_name(one), class_name="split-name"),
            _bar(one),
            _right_answer(one),
        )

    return card(
        card_head(_("Where you split")),
        rx.el.ol(rx.foreach(_SCORE.splits, line), class_name="splits"),
    )


def _name(one: Any) -> rx.Component:
    return rx.fragment(
        rx.el.span(one.number, ". ", class_name="muted num"),
        rx.el.strong(rx.cond(one.subject != "", one.subject, one.sender)),
    )


def _bar(one: Any) -> rx.Component:
    """How many have approved and rejected a letter. The words say it as well as the bar."""
    return rx.el.div(
        rx.el.svg(
            rx.el.rect(x="0%", y="0", width=f"{one.approved_share}%", height="100%", class_name="bar-approved"),
            rx.el.rect(
                x=f"{one.approved_share}%",
                y="0",
                width=f"{one.rejected_share}%",
                height="100%",
                class_name="bar-rejected",
            ),
            class_name="bar",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.p(
            rx.el.span(
                *spliced(_("{count} approved"), count=rx.el.strong(one.approved)), class_name="key key-approved"
            ),
            rx.el.span(
                *spliced(_("{count} rejected"), count=rx.el.strong(one.rejected)), class_name="key key-rejected"
            ),
            class_name="bar-words num",
        ),
        class_name="bar-box",
    )


def _right_answer(one: Any) -> rx.Component:
    return rx.el.p(
        rx.cond(one.is_approved, pill(_("Approve"), "good"), pill(_("Reject"), "bad")),
        " ",
        one.explanation,
        class_name="right-answer",
    )


def _screening() -> rx.Component:
    return card(
        card_head(_("What screening would have done")),
        rx.el.div(
            rx.el.dl(
                _figure(
                    _("Held, and rightly"),
                    _SCORE.screening_held,
                    rx.el.span(*spliced(_("of {count} letters that break a rule"), count=_SCORE.to_reject)),
                ),
                _figure(
                    _("Missed"), _SCORE.screening_missed, _("Without a reader, these would have been delivered."), "bad"
                ),
                _figure(
                    _("Held needlessly"),
                    _SCORE.screening_needless,
                    rx.el.span(*spliced(_("of {count} harmless letters"), count=_SCORE.to_approve)),
                    "wait",
                ),
                class_name="judged-figures",
            ),
            rx.el.p(
                _(
                    "These are the rules of this session’s facility. A rule never rejects a letter: it holds it for a reader."
                ),
                class_name="muted card-body",
            ),
        ),
    )


def _named() -> rx.Component:
    """Those who show their names, in the order of these and not of their results."""

    def line(one: Any) -> rx.Component:
        return rx.el.li(rx.el.strong(one.name), _own_words(one))

    return card(
        card_head(_("Who shows their result")), rx.el.ul(rx.foreach(_STATE.named, line), class_name="rows judged-named")
    )


def _own_words(one: Any) -> rx.Component:
    """`17 of 20 right, 2 misses, 1 needless rejection, 9 minutes`"""
    return rx.el.span(
        *spliced(_("{right} of {decided} right"), right=one.right, decided=one.decided),
        ", ",
        plural("{count} miss", "{count} misses", one.misses),
        ", ",
        plural("{count} needless rejection", "{count} needless rejections", one.needless),
        ", ",
        plural("{count} minute", "{count} minutes", one.minutes),
        class_name="muted num",
    )


def _all_letters() -> rx.Component:
    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(_name(one.letter), class_name="split-name"), _bar(one.letter)), _more(one.letter)
        )

    return card(card_head(_("All letters")), rx.el.ol(rx.foreach(_STATE.answers, line), class_name="splits"))


def _more(one: Any) -> rx.Component:
    """The letter itself, the right answer and why, and what screening would have done."""
    return rx.fragment(
        _right_answer(one),
        rx.cond(one.rule != "", rx.el.p(one.rule, class_name="small muted")),
        rx.el.p(
            rx.cond(
                one.held_by != "",
                rx.el.span(*spliced(_("Screening would have held it: {rules}."), rules=one.held_by)),
                _("No rule of screening would have held it."),
            ),
            class_name="small muted",
        ),
        rx.el.details(
            rx.el.summary(_("Read the letter")),
            rx.el.p(
                *spliced(
                    _("{sender} to {recipient}"),
                    sender=rx.el.strong(one.sender),
                    recipient=rx.el.strong(one.recipient),
                ),
                class_name="small muted",
            ),
            rx.el.div(one.body, class_name="words judged-words", dir="auto"),
        ),
    )


def _own_result() -> rx.Component:
    return rx.fragment(
        card(
            rx.el.dl(
                _figure(_("Right"), _OWN.right, rx.el.span(*spliced(_("of {count} letters"), count=_OWN.decided))),
                _figure(_("Misses"), _OWN.misses, _("You approved a letter that breaks a rule."), "bad"),
                _figure(_("Rejected needlessly"), _OWN.needless, _("You rejected a harmless letter."), "wait"),
                _figure(_("Minutes"), _OWN.minutes, _("To be quick is only good without misses.")),
                class_name="judged-figures",
            ),
            rx.el.div(
                rx.cond(
                    _STATE.shows_name,
                    rx.fragment(
                        rx.el.p(_("The room sees your result with your name."), class_name="small"),
                        button(_("Hide my name again"), variant="quiet sm", on_click=_STATE.hide_name),
                    ),
                    rx.fragment(
                        rx.el.p(_("Nobody but you sees this."), class_name="small muted"),
                        button(_("Show my result with my name"), variant="quiet sm", on_click=_STATE.show_name),
                    ),
                ),
                class_name="card-foot",
            ),
            class_name="airmail",
        ),
        card(
            card_head(_("Letter by letter")),
            rx.el.ol(rx.foreach(_STATE.answers, _own_letter), class_name="splits"),
        ),
    )


def _own_letter(one: Any) -> rx.Component:
    was_right = rx.cond(
        one.is_right,
        pill(_("Right"), "good"),
        rx.cond(one.letter.is_approved, pill(_("Rejected needlessly"), "wait"), pill(_("A miss"), "bad")),
    )
    yours = rx.cond(
        one.decision == "reject",
        rx.fragment(_("You rejected it:"), " ", one.rule),
        rx.cond(one.decision == "approve", _("You approved it."), _("You did not decide it.")),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(_name(one.letter), class_name="split-name"),
            rx.cond(one.decision != "", was_right),
            class_name="own-head",
        ),
        rx.el.p(yours, class_name="small muted"),
        _more(one.letter),
    )
