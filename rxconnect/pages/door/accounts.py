"""Account pages: sign in, sign up, passwords, verified email. Native forms that work without any script."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.door_form import door_form
from rxconnect.components.forms import alert, button, button_class, link_button, native_field
from rxconnect.components.message_form import forget_drafts
from rxconnect.components.native import native_form, native_link, slot
from rxconnect.components.passkey import passkey_button
from rxconnect.components.sentences import spliced
from rxconnect.domain.accounts import PASSWORD_MIN
from rxconnect.i18n import _
from rxconnect.layout.door import door_page
from rxconnect.state.session import SessionState


def sign_in() -> rx.Component:
    """Sign in with email and password."""
    return door_page(
        _("Sign in"),
        forget_drafts(after=["signed-out", "everywhere", "closed"]),
        rx.cond(SessionState.turned_away != "", alert(SessionState.turned_away, "good")),
        door_form(
            _email_field(),
            native_field(_("Password"), "password", type="password", auto_complete="current-password", required=True),
            button(_("Sign in"), type="submit", variant="wide"),
            method="post",
        ),
        native_form(passkey_button(_("Staff: use a passkey"), "sign in"), method="post"),
        rx.el.p(
            rx.el.a(_("Forgot your password?"), href=routes.FORGOT_PASSWORD),
            rx.el.span(" · ", class_name="muted"),
            rx.el.a(_("Create an account"), href=routes.SIGN_UP),
            class_name="small",
        ),
        rx.cond(SessionState.is_demo, _demo_people()),
    )


def sign_up() -> rx.Component:
    """Create a family account."""
    return door_page(
        _("Create an account"),
        door_form(
            native_field(
                _("Your name"),
                "name",
                auto_complete="name",
                auto_focus=True,
                required=True,
                hint=_("As the person you write to knows you."),
            ),
            _email_field(is_first=False),
            native_field(
                _("Password"),
                "password",
                type="password",
                auto_complete="new-password",
                required=True,
                hint=_password_hint(),
            ),
            button(_("Create account"), type="submit", variant="wide"),
            method="post",
        ),
        _sign_in_link(_("Do you have an account?")),
        lead=_("It is free. You pay only for the messages that are delivered."),
    )


def forgot_password() -> rx.Component:
    """Request an email with a link to choose a new password."""
    return door_page(
        _("Choose a new password"),
        door_form(_email_field(), button(_("Send me a link"), type="submit", variant="wide"), method="post"),
        _sign_in_link(),
        lead=_("We email you a link. It works once, for one hour."),
    )


def reset_password() -> rx.Component:
    """Choose a new password: the page behind the emailed link."""
    return door_page(
        _("Your new password"),
        door_form(_new_password_field(), button(_("Save and sign in"), type="submit", variant="wide"), method="post"),
        rx.el.p(
            rx.el.a(_("Ask for a new link"), href=routes.FORGOT_PASSWORD),
            rx.el.span(" · ", class_name="muted"),
            rx.el.a(_("Sign in"), href=routes.SIGN_IN),
            class_name="small",
        ),
        lead=_("Every other browser that is signed in to your account will be signed out."),
    )


def change_password() -> rx.Component:
    """Change the password of a signed-in account."""
    return door_page(
        _("Change your password"),
        door_form(
            native_field(
                _("Your current password"),
                "current_password",
                type="password",
                auto_complete="current-password",
                required=True,
            ),
            _new_password_field(),
            button(_("Change password"), type="submit", variant="wide"),
            method="post",
        ),
        rx.el.p(native_link(_("Back to your profile"), href=routes.ACCOUNT), class_name="small"),
        lead=_("Every other browser that is signed in to your account will be signed out."),
    )


def close_account() -> rx.Component:
    """Close a signed-in account: what that means, and the password once more."""
    meaning = (
        _("Your unused credits go back to the cards that paid for them."),
        _("Messages that staff have not decided are withdrawn, and their credits go back as well."),
        _("Your stored cards are removed, and nothing is charged any more."),
        _("Your messages and receipts stay. If you sign in again, you can open your account again."),
    )
    return door_page(
        _("Close your account"),
        rx.el.ul(*(rx.el.li(line) for line in meaning), class_name="rules"),
        door_form(
            native_field(_("Password"), "password", type="password", auto_complete="current-password", required=True),
            button(_("Close my account"), type="submit", variant="quiet danger wide"),
            method="post",
        ),
        rx.el.p(rx.el.a(_("Back to your profile"), href=routes.PROFILE), class_name="small"),
    )


def reopen() -> rx.Component:
    """Ask whoever signs in to an account that they have closed whether to open it again. The server fills in since when."""
    return door_page(
        _("Open your account again?"),
        slot("closed-since", ""),
        rx.el.ul(
            rx.el.li(_("Your contacts, messages and receipts are as you left them.")),
            rx.el.li(_("You have no credits and no stored cards. Nothing is charged.")),
            class_name="rules",
        ),
        native_form(
            rx.el.button(
                _("Open it again"), type="submit", name="answer", value="open", class_name=button_class("wide")
            ),
            rx.el.button(
                _("Leave it closed"), type="submit", name="answer", value="keep", class_name=button_class("quiet wide")
            ),
            method="post",
        ),
    )


def confirm() -> rx.Component:
    """Confirm the password before money moves, then go back to the page before."""
    return door_page(
        _("Confirm that it is you"),
        door_form(
            native_field(_("Password"), "password", type="password", auto_complete="current-password", required=True),
            button(_("Confirm"), type="submit", variant="wide"),
            method="post",
        ),
        rx.el.p(
            rx.el.a(_("Forgot your password?"), href=routes.FORGOT_PASSWORD),
            rx.el.span(" · ", class_name="muted"),
            native_link(_("Not now"), href=routes.HOME),
            class_name="small",
        ),
        lead=_(
            "This is about money, so please give your password once more. Nothing has changed yet, and what you entered "
            "is kept."
        ),
    )


def verify_email() -> rx.Component:
    """Verify an email address: the page behind the link of the first email."""
    return door_page(
        _("Confirm your email"),
        native_form(
            slot("token-problem", "problem"),
            button(_("Confirm"), type="submit", variant="wide"),
            method="post",
        ),
        rx.el.p(rx.el.a(_("Ask for a new link in your profile"), href=routes.PROFILE), class_name="small"),
        lead=_("Press the button to confirm that this address is yours."),
    )


def email_confirmed() -> rx.Component:
    """The page after a verified email, separate because the form before it has nothing left to press."""
    return door_page(
        _("Your email is confirmed"),
        link_button(_("Go to your dashboard"), routes.DASHBOARD, variant="wide"),
        lead=_("Thank you. Now we can email you when something happens to your messages."),
    )


def _email_field(*, is_first: bool = True) -> rx.Component:
    return native_field(
        _("Email"),
        "email",
        type="email",
        auto_complete="username",
        auto_focus=is_first,
        required=True,
        spell_check=False,
    )


def _new_password_field() -> rx.Component:
    return native_field(
        _("New password"),
        "new_password",
        type="password",
        auto_complete="new-password",
        required=True,
        hint=_password_hint(),
    )


def _password_hint() -> str:
    return _("At least {least} characters. A few words that you will remember are best.").format(least=PASSWORD_MIN)


def _sign_in_link(before: str = "") -> rx.Component:
    return rx.el.p(before, " ", rx.el.a(_("Sign in"), href=routes.SIGN_IN), class_name="small")


def _demo_people() -> rx.Component:
    people = (
        ("rosa@example.com", _("has been here for a year")),
        ("luz@example.com", _("reads it in Spanish")),
        ("sam@example.com", _("is new")),
        ("reviewer@example.com", _("reads the mail")),
        ("admin@example.com", _("is responsible for it")),
        ("auditor@example.com", _("checks")),
        ("trainer@example.com", _("shows it")),
    )
    return rx.el.section(
        rx.el.h2(_("A demonstration with invented people")),
        rx.el.dl(*(part for email, who in people for part in (rx.el.dt(email), rx.el.dd(who)))),
        rx.el.p(
            *spliced(_("The password is {password}."), password=rx.el.strong("rxconnect-demo")),
            " ",
            rx.el.a(_("Emails it sent"), href=routes.OUTBOX),
        ),
        rx.el.p(native_link(_("The kiosk of the people in custody"), href=routes.KIOSK)),
        rx.el.p(native_link(_("Show it to a room, or join one"), href=routes.DEMO)),
        class_name="demo-box",
    )
