"""The profile of a member of staff: password, second step, and where they are signed in."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.asking import asking
from rxconnect.components.email_changes import pending_email_change
from rxconnect.components.forms import button, button_class, field, select
from rxconnect.components.native import native_link
from rxconnect.components.pieces import card, card_head, skeleton_columns
from rxconnect.components.sentences import plural
from rxconnect.components.sign_ins import sign_ins_card, sign_out_everywhere
from rxconnect.domain.accounts import Permission
from rxconnect.domain.languages import language_choices
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import staff_frame
from rxconnect.state.session import SessionState
from rxconnect.state.staff.profile import StaffProfileState

_FACTORS = StaffProfileState.factors


def profile() -> rx.Component:
    """The account's second step, password and sign-ins."""
    return staff_frame(
        _("Your profile"),
        problem_of(StaffProfileState),
        rx.cond(
            StaffProfileState.ready & _FACTORS,
            rx.el.div(
                _second_step(),
                rx.el.div(
                    _account(),
                    _languages(),
                    sign_ins_card(StaffProfileState.sign_ins, StaffProfileState.end_sign_in),
                    class_name="stack",
                ),
                class_name="grid",
            ),
            skeleton_columns(("rows",), ("summary", "rows")),
        ),
        section="profile",
    )


def _second_step() -> rx.Component:
    """The second factors. The links lead to posted forms, which the server fills in."""
    add = native_link(
        rx.cond(_FACTORS.app_added == "", _("Add a passkey or an app"), _("Add a passkey or another app")),
        href=routes.SECOND_FACTOR,
        class_name=button_class("sm"),
    )
    return card(
        card_head(_("Second step")),
        rx.cond(
            _FACTORS.is_needed,
            None,
            rx.el.p(
                _("In the demonstration its password is enough. You can try a passkey here, and sign in with it."),
                class_name="card-body small muted",
            ),
        ),
        rx.el.ul(
            rx.foreach(_FACTORS.passkeys, _passkey),
            rx.cond(_FACTORS.app_added != "", _app()),
            class_name="rows",
            aria_label=_("Second step"),
        ),
        rx.el.div(add, class_name="card-foot"),
        rx.el.div(
            rx.el.span(
                plural("{count} recovery code is unused.", "{count} recovery codes are unused.", _FACTORS.codes_left),
                class_name="small",
            ),
            native_link(_("New recovery codes"), href=routes.RECOVERY_CODES, class_name=button_class("plain sm")),
            class_name="card-foot",
        ),
    )


def _passkey(passkey) -> rx.Component:
    remove = asking(
        _("Remove"),
        _("Remove the passkey of {name}? You cannot sign in with it then.").format(name=passkey.name),
        _("Remove it"),
        StaffProfileState.remove_passkey(passkey.id),
        id="ask-passkey-" + passkey.id.to_string(),
        aria_label=_("Remove the passkey of {name}, added {added}").format(name=passkey.name, added=passkey.added),
    )
    return _factor(_("Passkey, made in {name}").format(name=passkey.name), passkey.added, passkey.used, remove)


def _app() -> rx.Component:
    remove = asking(
        _("Remove"),
        _("Remove the app? Its codes do not sign you in then."),
        _("Remove it"),
        StaffProfileState.remove_app,
        id="ask-app",
        aria_label=_("Remove the app"),
    )
    return _factor(_("App for one-time codes"), _FACTORS.app_added, _FACTORS.app_used, remove)


def _factor(title, added, used, remove: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.span(title, class_name="strong"),
        rx.el.span(
            _("Added {added}").format(added=added),
            rx.cond(used != "", ", " + _("last used {used}").format(used=used), ""),
            class_name="small muted",
        ),
        rx.el.div(remove, class_name="row-actions"),
    )


def _account() -> rx.Component:
    state = StaffProfileState
    return card(
        card_head(_("Your account")),
        rx.el.div(
            rx.el.span(state.name, class_name="strong"),
            rx.el.br(),
            rx.el.span(state.email, class_name="small muted"),
            class_name="card-body",
        ),
        pending_email_change(state.email_change, on_cancel=state.cancel_email_change),
        rx.el.div(
            native_link(_("Change password"), href=routes.CHANGE_PASSWORD, class_name=button_class("quiet sm")),
            native_link(_("Change email address"), href=routes.CHANGE_EMAIL, class_name=button_class("quiet sm")),
            sign_out_everywhere(routes.SIGN_OUT_EVERYWHERE),
            class_name="card-foot",
        ),
    )


def _languages() -> rx.Component:
    """The languages in which a reviewer reads letters."""
    return rx.cond(
        SessionState.permissions.contains(Permission.REVIEW_MESSAGES.value),
        card(
            card_head(_("Languages you read")),
            rx.el.p(
                _("The desk can show you only letters in these languages. No letter is refused for its language."),
                class_name="card-body small muted",
            ),
            rx.el.ul(
                rx.foreach(StaffProfileState.languages, _language),
                class_name="rows",
                aria_label=_("Languages you read"),
            ),
            rx.el.form(
                field(
                    _("Another language"),
                    select(
                        "language",
                        rx.el.option(_("Choose a language"), value=""),
                        *(rx.el.option(name, value=code) for code, name in language_choices()),
                        problem=StaffProfileState.problems["language"],
                    ),
                    name="language",
                    problem=StaffProfileState.problems["language"],
                ),
                button(_("Add"), type="submit", variant="quiet sm"),
                on_submit=StaffProfileState.add_language,
                no_validate=True,
                class_name="card-body stack-sm",
            ),
        ),
    )


def _language(language) -> rx.Component:
    remove = asking(
        _("Remove"),
        _("Remove {language}? The desk then counts it among those that you do not read.").format(language=language[1]),
        _("Remove it"),
        StaffProfileState.remove_language(language[0]),
        id="ask-language-" + language[0].to_string(use_json=False),
        aria_label=_("Remove {language}").format(language=language[1]),
    )
    return rx.el.li(rx.el.span(language[1], class_name="strong"), rx.el.div(remove, class_name="row-actions"))
