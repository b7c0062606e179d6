"""The rules of screening: what each holds and how often in vain, and for administrators a form to write one."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.forms import button, field, select, text_input
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton_columns
from rxconnect.components.places import place_links
from rxconnect.components.sentences import named
from rxconnect.domain.screening import RuleKind, RuleState
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.rules import RulesState

_VIEW = RulesState.view


def rules() -> rx.Component:
    """One facility's rules."""
    return staff_frame(
        _("Rules"),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.RULES)),
        problem_of(RulesState),
        rx.cond(
            RulesState.ready,
            rx.cond(
                _VIEW,
                rx.el.div(
                    rx.el.div(_lists(), class_name="stack", id="rules"),
                    rx.el.div(_new_rule(), _settings(), _changes(), class_name="stack"),
                    class_name="grid",
                ),
                rx.cond(RulesState.is_refused, _refused()),
            ),
            skeleton_columns(("rows", "rows"), ("form",)),
        ),
        section="rules",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("Your role does not read the rules"),
        _("Reviewers, auditors and administrators see here by which rules letters are held."),
    )


# What there is


def _lists() -> rx.Component:
    return rx.cond(
        _VIEW.groups,
        rx.fragment(rx.foreach(_VIEW.groups, _group)),
        card(empty_state("check", _("No rules yet"), _("Staff read every letter here, until a rule is switched on."))),
    )


def _group(group) -> rx.Component:
    return card(
        card_head(group.label),
        rx.el.p(group.purpose, class_name="card-body small muted"),
        rx.el.ul(rx.foreach(group.rules, _rule), class_name="rows", aria_label=group.label),
    )


def _rule(rule) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(rule.name, class_name="strong"),
            pill(rule.state_label, rx.cond(rule.state == RuleState.ON.value, "good", "wait")),
            rx.cond(rule.rate != "", pill(rule.rate, rx.cond(rule.is_too_high, "bad", "good"))),
            class_name="row whole",
        ),
        rx.el.span(
            rx.el.span(rule.what, class_name="rule-what"),
            rx.foreach(rule.details, lambda one: rx.el.span(rx.el.br(), one)),
            rx.el.br(),
            rule.figures,
            rx.cond(rule.trial != "", rx.el.span(rx.el.br(), rule.trial)),
            rx.cond(
                rule.is_published,
                rx.el.span(rx.el.br(), _("Families read: “{text}”").format(text=rule.published_text)),
                rx.el.span(rx.el.br(), _("Not published")),
            ),
            rx.el.br(),
            rule.written,
            class_name="small muted num whole",
        ),
        rx.cond(
            _VIEW.may_change,
            rx.el.div(
                _buttons(rule),
                rx.cond(rule.why_not != "", rx.el.span(rule.why_not, class_name="small muted")),
                class_name="row whole",
            ),
        ),
        key=rule.id,
    )


def _buttons(rule) -> rx.Component:
    return rx.fragment(
        button(
            _("Try"),
            variant="quiet sm",
            on_click=RulesState.try_rule(rule.id),
            aria_label=_("Try {name}").format(name=rule.name),
            custom_attrs={"data-mark": rx.cond(rule.state == RuleState.OFF.value, "try-rule", "")},
        ),
        rx.cond(
            rule.may_switch_on,
            button(
                _("Switch on"),
                variant="sm",
                on_click=RulesState.switch_on(rule.id),
                aria_label=named(_("Switch on"), rule.name),
                custom_attrs={"data-mark": "switch-rule-on"},
            ),
        ),
        rx.cond(
            rule.state != RuleState.OFF.value,
            asking(
                _("Switch off"),
                _("Switch {name} off? New letters are not held for it then.").format(name=rule.name),
                _("Switch it off"),
                RulesState.switch_off(rule.id),
                id="ask-rule-" + rule.id.to_string(),
                keep=_("Leave it on"),
                aria_label=named(_("Switch off"), rule.name),
            ),
        ),
    )


# A new one


def _new_rule() -> rx.Component:
    return rx.cond(
        _VIEW.may_change,
        card(
            card_head(
                _("Write a rule"),
                button(
                    rx.cond(RulesState.is_writing, _("Close"), _("Write")),
                    variant="quiet sm",
                    on_click=RulesState.open_form,
                    aria_expanded=rx.cond(RulesState.is_writing, "true", "false"),
                ),
            ),
            rx.cond(RulesState.is_writing, _form(), rx.el.p(_how_it_works(), class_name="card-body small muted")),
        ),
    )


def _how_it_works() -> str:
    return _(
        "A rule only decides whether staff read a letter first. It is tried on the letters of the last 30 days before "
        "it is switched on, and it is never changed afterwards: write another one instead."
    )


def _form() -> rx.Component:
    problems = RulesState.problems
    return rx.el.form(
        field(
            _("What it looks at"),
            select(
                "kind",
                rx.foreach(RulesState.kinds, lambda one: rx.el.option(one[1], value=one[0])),
                problem=problems["kind"],
                given=RulesState.kind,
                on_tell=RulesState.choose_kind,
            ),
            name="kind",
            problem=problems["kind"],
        ),
        _line("name", _("Name"), hint=_("Reviewers read it beside the letter."), max_length=80),
        *(_only_for(kinds, part) for kinds, part in _parts()),
        _only_for([kind for kind in RuleKind if kind.can_be_published], _publication()),
        rx.el.div(button(_("Write the rule"), type="submit", variant="sm")),
        on_submit=RulesState.add_rule,
        no_validate=True,
        class_name="card-body stack-sm",
    )


def _parts() -> list[tuple[list[RuleKind], rx.Component]]:
    """The fields that only some kinds have."""
    sender, person = _("Name or email of the sender"), _("Inmate number")
    return [
        ([RuleKind.WORDS], _words()),
        ([RuleKind.PATTERN], _line("pattern", _("Pattern"), hint=_pattern_hint(), max_length=500)),
        ([RuleKind.SENDER, RuleKind.PAIR], _line("sender", sender, max_length=254)),
        ([RuleKind.PERSON, RuleKind.PAIR], _line("person", person, max_length=24)),
        ([RuleKind.PAIR], _line("until", _("Until"), type="date")),
        ([RuleKind.LANGUAGE], _line("languages", _("Languages"), hint=_("With commas between: Spanish, Finnish"))),
        ([RuleKind.CHARACTERS], _line("most", _("More characters than"), input_mode="numeric")),
        ([RuleKind.LETTERS], _line("most", _("More letters in 24 hours than"), input_mode="numeric")),
        ([RuleKind.SAMPLE], _line("most", _("Of 100 letters"), input_mode="numeric")),
        (
            [RuleKind.SENDER, RuleKind.PERSON, RuleKind.PAIR],
            _line("reason", _("Reason"), hint=_("Only staff read it."), max_length=200),
        ),
    ]


def _only_for(kinds: list[RuleKind], part: rx.Component) -> rx.Component:
    is_chosen = RulesState.kind == kinds[0].value
    for kind in kinds[1:]:
        is_chosen |= RulesState.kind == kind.value
    return rx.cond(is_chosen, part)


def _pattern_hint() -> str:
    return _("A regular expression. Capitals do not matter. Numbers such as 555-0142: [0-9]+-[0-9]+")


def _line(name: str, label: str, *, hint: str | None = None, **props) -> rx.Component:
    problem = RulesState.problems[name]
    return field(
        label,
        text_input(name, problem=problem, hint=hint is not None, auto_complete="off", **props),
        name=name,
        problem=problem,
        hint=hint,
    )


def _words() -> rx.Component:
    problem = RulesState.problems["words"]
    return field(
        _("Words and phrases, one a line"),
        text_input("words", of=rx.el.textarea, problem=problem, hint=True, rows="6"),
        name="words",
        problem=problem,
        hint=_("Whole words. Capitals and accents do not matter."),
    )


def _publication() -> rx.Component:
    return rx.fragment(
        rx.el.label(
            rx.el.input(type="checkbox", name="is_published"),
            rx.el.span(_("Published: families read it before they send")),
            class_name="check",
        ),
        _line(
            "published_text",
            _("What families read"),
            hint=_("Such as: This looks like a telephone number of another person."),
            max_length=200,
        ),
    )


def _settings() -> rx.Component:
    return rx.cond(
        _VIEW.may_change,
        card(
            card_head(_("How letters are screened")),
            rx.el.form(
                field(
                    _("Letters in which no rule finds anything"),
                    select(
                        "releases_clean",
                        rx.el.option(_("Staff read them too"), value=""),
                        rx.el.option(_("They are released unread"), value="yes"),
                        given=rx.cond(_VIEW.releases_clean, "yes", ""),
                    ),
                    name="releases_clean",
                ),
                field(
                    _("Most letters held in vain, in percent"),
                    text_input(
                        "ceiling",
                        problem=RulesState.problems["ceiling"],
                        hint=True,
                        given=_VIEW.ceiling.to_string(),
                        input_mode="numeric",
                    ),
                    name="ceiling",
                    problem=RulesState.problems["ceiling"],
                    hint=_(
                        "Above this, a rule needs two administrators to be switched on. Whoever raises it needs another one too."
                    ),
                ),
                rx.el.div(button(_("Save"), type="submit", variant="quiet sm")),
                on_submit=RulesState.change_settings,
                no_validate=True,
                class_name="card-body stack-sm",
            ),
        ),
        card(
            card_head(_("How letters are screened")),
            rx.el.p(
                rx.cond(
                    _VIEW.releases_clean,
                    _("Letters in which no rule finds anything are released unread."),
                    _("Staff read every letter. The rules show them where to look."),
                ),
                class_name="card-body small",
            ),
        ),
    )


def _changes() -> rx.Component:
    return rx.cond(
        _VIEW.changes,
        card(
            card_head(_("What was changed")),
            rx.el.ul(
                rx.foreach(
                    _VIEW.changes,
                    lambda change: rx.el.li(
                        rx.el.span(change.what, ": ", change.rule, class_name="small whole"),
                        rx.el.span(change.by, " · ", change.at, class_name="xs muted num whole"),
                    ),
                ),
                class_name="rows changes",
                aria_label=_("What was changed"),
            ),
        ),
    )
