"""The emails about an account's second factors: short, plain text, and without the account's name."""

from __future__ import annotations

from rxconnect.i18n import _
from rxconnect.services.accounts.account_emails import signed


def factors_changed_email(change: str, link: str) -> tuple[str, str]:
    """Subject and body of the email about a changed second step; `change` is a sentence that says how it changed."""
    return signed(
        _("The second step of your sign-in was changed"),
        _(
            "Hello,\n\n"
            "{change} If that was you, there is nothing to do.\n\n"
            "If it was not you, please choose a new password here, which signs every device out, and tell an administrator "
            "of your facility:\n\n"
            "{link}"
        ).format(change=change, link=link),
    )


def wrong_codes_email(link: str) -> tuple[str, str]:
    """Subject and body of the email about wrong codes after the right password. `link` leads to the form for a reset."""
    return signed(
        _("Somebody knows your password"),
        _(
            "Hello,\n\n"
            "Somebody entered your right password, and then several wrong codes. Nobody got in. Unless it was you, somebody else "
            "knows your password: please choose a new one here:\n\n"
            "{link}\n\n"
            "We write about this once a day at most."
        ).format(link=link),
    )
