"""The emails about an account: short, plain text.

No email carries the account's name, because anyone can sign up with a stranger's address and an advertisement as a
name.
"""

from __future__ import annotations

from rxconnect.i18n import _


def verification_email(link: str) -> tuple[str, str]:
    """Subject and body of the email that asks the reader to confirm the address."""
    return _("Please confirm your email address"), (
        _(
            "Hello,\n\n"
            "welcome to RxConnect. Please open this link to confirm that this is your email address, so that news"
            " of your messages reaches you:\n\n"
            "{link}\n\n"
            "The link works once, for 7 days. If you did not sign up, you can leave this email alone."
        ).format(link=link)
        + signature()
    )


def reset_email(link: str) -> tuple[str, str]:
    """Subject and body of the email with a link to choose a new password."""
    return _("Choose a new password"), (
        _(
            "Hello,\n\n"
            "someone, most likely you, asked for a new password at RxConnect. Open this link to choose one:\n\n"
            "{link}\n\n"
            "The link works once, for one hour. If it was not you, you can leave this email alone: your password stays as it is."
        ).format(link=link)
        + signature()
    )


def new_device_email(device: str, link: str) -> tuple[str, str]:
    """Subject and body of the email about a sign-in on a new device. `link` leads to the form that asks for a reset."""
    return _("A new device signed in to your account"), (
        _(
            "Hello,\n\n"
            "someone, most likely you, has just signed in to your RxConnect account with a browser that we did "
            "not know: {device}. If that was you, there is nothing to do.\n\n"
            "If it was not you, please choose a new password here. That signs every other device out:\n\n"
            "{link}"
        ).format(device=device, link=link)
        + signature()
    )


def many_guesses_email(link: str) -> tuple[str, str]:
    """Subject and body of the email about many wrong passwords. `link` leads to the form that asks for a reset."""
    return _("Somebody is trying to sign in to your account"), (
        _(
            "Hello,\n\n"
            "a wrong password was tried for your RxConnect account several times today. Nobody got in, and your "
            "messages and credits are safe. Devices that you have signed in with before work as always.\n\n"
            "If it was you and you forgot the password, or if you use the same password elsewhere, please choose a new one here:\n\n"
            "{link}\n\n"
            "Otherwise there is nothing to do. We write about this once a day at most."
        ).format(link=link)
        + signature()
    )


def account_closed_email() -> tuple[str, str]:
    """Subject and body of the email that confirms the closing of an account."""
    return _("Your account is closed"), (
        _(
            "Hello,\n\n"
            "your RxConnect account is closed, as you asked. Unused credits are on their way back to the cards that paid for "
            "them, and your stored cards are removed.\n\n"
            "Your messages and receipts stay. If you ever want them, or want to write again, sign in as before, and your "
            "account opens again."
        )
        + signature()
    )


def password_changed_email(link: str) -> tuple[str, str]:
    """Subject and body of the email about a changed password. `link` leads to the form that asks for a reset."""
    return _("Your password was changed"), (
        _(
            "Hello,\n\n"
            "the password of your RxConnect account was just changed, and every other device was signed out. If "
            "that was you, there is nothing to do. If it was not, please choose a new password here:\n\n"
            "{link}"
        ).format(link=link)
        + signature()
    )


def signature() -> str:
    """The end of every email about an account."""
    return "\n\n" + _("Warm regards,\nRxConnect\n")
