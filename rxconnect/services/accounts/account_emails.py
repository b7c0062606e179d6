"""The emails about an account: short, plain text.

No email carries the account's name, because anyone can sign up with a stranger's address and an advertisement as a
name.
"""

from __future__ import annotations

from rxconnect.i18n import _


def verification_email(link: str) -> tuple[str, str]:
    """Subject and body of the email that asks the reader to confirm the address."""
    return signed(
        _("Please confirm your email address"),
        _(
            "Hello,\n\n"
            "Welcome to RxConnect. Please open this link to confirm that this is your email address, so that news"
            " of your messages reaches you:\n\n"
            "{link}\n\n"
            "The link works once, for 7 days. If you did not sign up, you can ignore this email."
        ).format(link=link),
    )


def reset_email(link: str) -> tuple[str, str]:
    """Subject and body of the email with a link to choose a new password."""
    return signed(
        _("Choose a new password"),
        _(
            "Hello,\n\n"
            "Someone, most likely you, asked for a new password at RxConnect. Open this link to choose one:\n\n"
            "{link}\n\n"
            "The link works once, for one hour. If it was not you, you can ignore this email: your password stays as it is."
        ).format(link=link),
    )


def new_device_email(device: str, link: str) -> tuple[str, str]:
    """Subject and body of the email about a sign-in on a new device. `link` leads to the form that asks for a reset."""
    return signed(
        _("A new device signed in to your account"),
        _(
            "Hello,\n\n"
            "Someone, most likely you, has just signed in to your RxConnect account with a browser that we did "
            "not know: {device}. If that was you, there is nothing to do.\n\n"
            "If it was not you, please choose a new password here. That signs every other device out:\n\n"
            "{link}"
        ).format(device=device, link=link),
    )


def many_guesses_email(link: str) -> tuple[str, str]:
    """Subject and body of the email about many wrong passwords. `link` leads to the form that asks for a reset."""
    return signed(
        _("Somebody is trying to sign in to your account"),
        _(
            "Hello,\n\n"
            "Somebody tried to sign in to your RxConnect account with a wrong password several times today. Nobody got in, and your "
            "messages and credits are safe. Devices that you have signed in with before work as always.\n\n"
            "If it was you and you forgot the password, or if you use the same password elsewhere, please choose a new one here:\n\n"
            "{link}\n\n"
            "Otherwise there is nothing to do. We write about this once a day at most."
        ).format(link=link),
    )


def account_closed_email() -> tuple[str, str]:
    """Subject and body of the email that confirms the closing of an account."""
    return signed(
        _("Your account is closed"),
        _(
            "Hello,\n\n"
            "Your RxConnect account is closed, as you asked. Unused credits are on their way back to the cards that paid for "
            "them, and your stored cards are removed.\n\n"
            "Your messages and receipts stay. If you ever want them, or want to write again, sign in as before. We then ask "
            "you whether to open your account again."
        ),
    )


def password_changed_email(link: str) -> tuple[str, str]:
    """Subject and body of the email about a changed password. `link` leads to the form that asks for a reset."""
    return signed(
        _("Your password was changed"),
        _(
            "Hello,\n\n"
            "The password of your RxConnect account was just changed, and every other device was signed out. If "
            "that was you, there is nothing to do. If it was not, please choose a new password here:\n\n"
            "{link}"
        ).format(link=link),
    )


def signed(subject: str, body: str) -> tuple[str, str]:
    """Subject and body of an email about an account, with the end that each of them has."""
    return subject, body + "\n\n" + _("Warm regards,\nRxConnect\n")
