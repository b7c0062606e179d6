"""The settings of a facility: administrators change them, reviewers and auditors read them."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.field import area_field
from rxconnect.components.forms import alert, button, field, select, text_input
from rxconnect.components.pieces import card, card_head, empty_state, skeleton_columns
from rxconnect.components.places import place_links
from rxconnect.domain.facilities import WaitingLetters
from rxconnect.domain.facility_settings import RULE_TEXT_MAX, Setting
from rxconnect.domain.inside import Period
from rxconnect.domain.languages import language_choices
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.facility_settings import REASON_FIELDS, FacilitySettingsState

_STATE = FacilitySettingsState
_VIEW = FacilitySettingsState.view


def facility_settings() -> rx.Component:
    """The settings, the reasons for a rejection, and what was changed by whom."""
    return staff_frame(
        _("Settings"),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.FACILITY_SETTINGS)),
        problem_of(_STATE),
        rx.cond(
            _STATE.ready,
            rx.cond(
                _VIEW,
                rx.el.div(
                    rx.el.div(rx.cond(_VIEW.may_change, _form(), _values()), class_name="stack"),
                    rx.el.div(
                        rx.cond(_VIEW.may_change, _reasons_form(), _reasons()),
                        rx.foreach(_VIEW.translations, _translations),
                        _changes(),
                        class_name="stack",
                    ),
                    class_name="grid",
                ),
                rx.cond(_STATE.is_refused, _refused()),
            ),
            skeleton_columns(("form", "form"), ("form",)),
        ),
        section="settings",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for the staff of the mail room"),
        _("Administrators keep a facility's settings; its reviewers and auditors read them."),
    )


def _values() -> rx.Component:
    def line(one) -> rx.Component:
        return rx.el.li(rx.el.span(one[0], class_name="strong"), rx.el.span(one[1], class_name="small whole"))

    return card(
        card_head(_("How messages work here")),
        rx.el.ul(rx.foreach(_VIEW.told, line), class_name="rows", aria_label=_("How messages work here")),
        rx.el.p(_("An administrator can change this."), class_name="card-foot small muted"),
    )


def _form() -> rx.Component:
    return card(
        card_head(_("How messages work here")),
        rx.el.form(
            rx.cond(
                _VIEW.openings,
                _choice(Setting.OPENING, rx.foreach(_VIEW.openings, lambda one: rx.el.option(one[1], value=one[0]))),
            ),
            _number(
                Setting.PROMISED_HOURS,
                _("In hours. Families read it, and letters are due by it. It holds for new letters."),
            ),
            _number(
                Setting.PRICE_CENTS,
                _(
                    "In cents, everything included. Credits that were bought stay; a purchase that has begun shows the new price first."
                ),
            ),
            _number(
                Setting.MOST_PHOTOS,
                _("At most so many, 0 for none. Staff look at each photo, whatever the rules for words say."),
            ),
            _number(Setting.PHOTO_CREDITS, _("In credits for each. It holds for letters that are sent from now on.")),
            _choice(Setting.WHEN_MOVED, *(rx.el.option(rule.label, value=rule.value) for rule in WaitingLetters)),
            _number(
                Setting.RELEASE_AFTER_DAYS,
                _("In days, once two lists lack them. Their families' credits then go back."),
            ),
            _choice(
                Setting.ASKS_FOR_CONTACTS,
                rx.el.option(_("Families may write at once"), value="no"),
                rx.el.option(_("Staff accept each new contact before the first letter"), value="yes"),
            ),
            _number(
                Setting.SECOND_READING_SHARE,
                _("In percent. Another reviewer reads these again and is not told what was decided."),
            ),
            _number(
                Setting.FOREIGN_READING_SHARE,
                _(
                    "In percent of the letters in each of these languages, as far as a rule or a reviewer needs languages."
                ),
            ),
            _choice(
                Setting.HAS_WARM_UP,
                rx.el.option(_("None"), value="no"),
                rx.el.option(_("Six invented letters with feedback, which can be skipped"), value="yes"),
            ),
            _choice(
                Setting.READS_ON_KIOSKS,
                rx.el.option(_("On paper: staff print them and hand them over"), value="no"),
                rx.el.option(_("On kiosks: they arrive once they are approved, and are not printed"), value="yes"),
            ),
            _choice(
                Setting.LANGUAGE,
                *(rx.el.option(name, value=code) for code, name in language_choices()),
            ),
            _choice(
                Setting.SHOWS_OPENED,
                rx.el.option(_("No"), value="no"),
                rx.el.option(_("Yes"), value="yes"),
            ),
            _number(
                Setting.FREE_REPLIES,
                _("0 for none. Replies that families have paid for are used first, and do not count."),
            ),
            _choice(Setting.FREE_REPLIES_PER, *(rx.el.option(one.label, value=one.value) for one in Period)),
            _number(
                Setting.REPLY_CREDIT_DAYS,
                _("In days after the letter was delivered. Then the credit for the answer goes back to the family."),
            ),
            rx.el.div(button(_("Save"), type="submit", variant="sm")),
            on_submit=_STATE.save,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
    )


def _number(setting: Setting, hint: str) -> rx.Component:
    name = setting.value
    problem = _STATE.problems[name]
    control = text_input(
        name, problem=problem, hint=True, given=_STATE.given[name], input_mode="numeric", auto_complete="off"
    )
    return field(setting.label, control, name=name, problem=problem, hint=hint)


def _choice(setting: Setting, *options: rx.Component) -> rx.Component:
    name = setting.value
    problem = _STATE.problems[name]
    control = select(name, *options, problem=problem, given=_STATE.given[name])
    return field(setting.label, control, name=name, problem=problem)


def _reasons() -> rx.Component:
    def line(reason) -> rx.Component:
        return rx.el.li(
            rx.el.span(reason.label, class_name="strong"), rx.el.span(reason.text, class_name="small whole")
        )

    return card(
        card_head(_("Reasons for a rejection")),
        rx.el.ul(rx.foreach(_VIEW.reasons, line), class_name="rows", aria_label=_("Reasons for a rejection")),
    )


def _reasons_form() -> rx.Component:
    return card(
        card_head(_("Reasons for a rejection")),
        rx.el.form(
            rx.el.p(
                _("The family reads the text of the reason. Leave a field empty for the standard text below it."),
                class_name="small muted",
            ),
            *(_reason_field(name, reason.label, reason.rule) for name, reason in REASON_FIELDS.items()),
            rx.el.div(button(_("Save the reasons"), type="submit", variant="sm")),
            on_submit=_STATE.save_reasons,
            no_validate=True,
            class_name="card-body stack-sm",
        ),
    )


def _reason_field(name: str, label: str, standard: str) -> rx.Component:
    problem = _STATE.problems[name]
    control = text_input(
        name, problem=problem, hint=True, given=_STATE.given[name], max_length=RULE_TEXT_MAX, auto_complete="off"
    )
    return field(label, control, name=name, problem=problem, hint=standard)


def _translations(texts) -> rx.Component:
    """The facility's own texts in one other language, each below the text as the facility has written it."""
    title = _("Your texts in {language}").format(language=texts.name)
    return card(
        card_head(title),
        rx.el.form(
            rx.cond(texts.missing != "", alert(texts.missing, "wait")),
            rx.el.p(
                _("We never translate what you have written. A text without a translation is shown as it is."),
                class_name="small muted",
            ),
            rx.el.input(type="hidden", name="text_language", value=texts.language),
            rx.foreach(texts.lines, lambda line: _translation(line, texts)),
            rx.cond(_VIEW.may_change, rx.el.div(button(_("Save the texts"), type="submit", variant="sm"))),
            on_submit=_STATE.save_translations,
            no_validate=True,
            aria_label=title,
            class_name="card-body stack-sm",
        ),
    )


def _translation(line, texts) -> rx.Component:
    problem = _STATE.problems[line.key]
    control = text_input(
        line.key,
        problem=problem,
        of=area_field,
        given=_STATE.given[line.key],
        rows=2,
        max_length=RULE_TEXT_MAX,
        read_only=~_VIEW.may_change,
        lang=texts.language,
    )
    label = rx.el.span(line.text, lang=texts.written)
    return rx.el.div(field(label, control, name=line.key, problem=problem), key=line.key)


def _changes() -> rx.Component:
    return card(
        card_head(_("What was changed")),
        rx.cond(
            _VIEW.changes,
            rx.el.ul(rx.foreach(_VIEW.changes, _change), class_name="rows", aria_label=_("What was changed")),
            empty_state("pen", _("Nothing was changed yet"), _("Each change stays here, with its account.")),
        ),
    )


def _change(change) -> rx.Component:
    return rx.el.li(
        rx.el.span(change.label, class_name="strong whole"),
        rx.el.span(change.by, " · ", change.at, class_name="small muted num whole"),
        rx.el.span(
            rx.cond(change.before != "", rx.el.span(change.before, " → ", class_name="muted")),
            change.after,
            class_name="small whole",
        ),
        key=change.id,
    )
