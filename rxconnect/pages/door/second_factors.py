"""The second step of staff: give it, set it up, and make recovery codes. Native forms, as on the pages before sign-in."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.door_form import door_form
from rxconnect.components.forms import button, button_class, native_field
from rxconnect.components.native import native_form, native_link, slot
from rxconnect.components.passkey import passkey_button
from rxconnect.i18n import _
from rxconnect.layout.door import door_page
from rxconnect.layout.frame import sign_out_button
from rxconnect.state.session import SessionState


def second_step() -> rx.Component:
    """Give the second factor after the password."""
    return door_page(
        _("One more step"),
        native_form(
            _code(hint=_("Or one of your recovery codes, such as ABCDE-FGHJK.")),
            button(_("Sign in"), type="submit", variant="wide"),
            method="post",
        ),
        native_form(passkey_button(_("Use a passkey"), "second step"), method="post"),
        rx.el.p(
            _("Neither your phone nor a recovery code at hand?"),
            " ",
            _("Ask the operator of RxConnect to reset your second step."),
            class_name="small muted",
        ),
        rx.el.p(native_link(_("Start again"), href=routes.SIGN_IN), class_name="small"),
        lead=_("Your password is right. Now enter the six digits that your app shows."),
    )


def set_up() -> rx.Component:
    """Set up a passkey, or an app for one-time codes: at the first sign-in, and later for another one."""
    return door_page(
        _("Set up a second step"),
        rx.el.section(
            rx.el.h2(_("A passkey")),
            rx.el.p(
                _(
                    "Your device or a security key proves that it is you, with a PIN, a finger or your face. No code to type."
                ),
                class_name="small muted",
            ),
            native_form(passkey_button(_("Make a passkey"), "register", variant="wide"), method="post"),
            class_name="stack-sm",
        ),
        rx.el.section(
            rx.el.h2(_("Or an app for one-time codes")),
            rx.el.p(
                _("Scan this with an authenticator app on your phone, or type the key into it."),
                class_name="small muted",
            ),
            rx.el.img(
                src=routes.SECOND_FACTOR_QR,
                alt=_("QR code of the key below"),
                class_name="qr-code",
            ),
            slot("code-app-secret", "key-text"),
            native_form(
                _code(hint=_("The six digits that the app shows then.")),
                button(_("Use this app"), type="submit", variant="quiet wide"),
                method="post",
            ),
            class_name="stack-sm",
        ),
        _leaving(),
        lead=_(
            "Staff read other people's letters, so a password alone is not enough. One of these two is added to it."
        ),
    )


def recovery_codes() -> rx.Component:
    """Make ten recovery codes, which are shown once."""
    return door_page(
        _("Recovery codes"),
        slot("recovery-codes", "recovery-codes"),
        rx.el.ul(
            rx.el.li(_("Each code signs you in once when your passkey or your phone is not at hand.")),
            rx.el.li(
                _("They are shown once: print them, or keep them with your passwords, but not on the phone itself.")
            ),
            rx.el.li(_("New codes end the earlier ones.")),
            class_name="rules",
        ),
        native_form(button(_("Make new recovery codes"), type="submit", variant="quiet wide"), method="post"),
        native_link(_("Done"), href=routes.HOME, class_name=button_class("wide")),
        sign_out_button("plain sm"),
    )


def staff_confirm() -> rx.Component:
    """Confirm the password and the second factor, then go back to the page before."""
    return door_page(
        _("Confirm that it is you"),
        door_form(
            native_field(_("Password"), "password", type="password", auto_complete="current-password", required=True),
            _code(hint=_("The six digits of your app, or a recovery code.")),
            button(_("Confirm"), type="submit", variant="wide"),
            passkey_button(_("Use a passkey instead of a code"), "confirm"),
            method="post",
        ),
        rx.cond(
            SessionState.is_demo,
            rx.el.p(_("In the demonstration its password is enough."), class_name="small muted"),
        ),
        _leaving(),
        lead=_(
            "You gave your password a while ago, and this needs it again, with your second step. Nothing was changed yet, and "
            "what you entered is kept."
        ),
    )


def invitation() -> rx.Component:
    """Accept an invitation to a facility's staff: the page behind the emailed link."""
    return door_page(
        _("Join the staff"),
        door_form(
            slot("token-problem", "problem"),
            native_field(_("Your name"), "name", auto_complete="name", auto_focus=True, required=True),
            native_field(
                _("Password"),
                "password",
                type="password",
                auto_complete="new-password",
                required=True,
                hint=_(
                    "Choose one of at least 10 characters. If you work with RxConnect elsewhere already, enter that one."
                ),
            ),
            button(_("Go on"), type="submit", variant="wide"),
            method="post",
        ),
        lead=_("An administrator has invited you. After this comes the second step of your sign-in."),
    )


def _leaving() -> rx.Component:
    return rx.el.div(
        native_link(_("Not now"), href=routes.HOME, class_name=button_class("plain sm")),
        sign_out_button("plain sm"),
        class_name="row",
    )


def _code(hint: str) -> rx.Component:
    return native_field(
        _("Code"),
        "one_time_code",
        type="text",
        auto_complete="one-time-code",
        auto_capitalize="characters",
        spell_check=False,
        hint=hint,
    )
