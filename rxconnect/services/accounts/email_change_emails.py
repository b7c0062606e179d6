"""The emails about a change of address. None names the account, nor the other address, as the reader may be a stranger."""

from __future__ import annotations

from rxconnect.i18n import _
from rxconnect.services.accounts.account_emails import signed


def to_new_address(link: str) -> tuple[str, str]:
    """Subject and body of the email to the new address, with the link that confirms it."""
    return signed(
        _("Please confirm your new email address"),
        _(
            "Hello,\n\n"
            "Somebody, most likely you, wants to use this address for an RxConnect account. Please open this link to confirm"
            " that you read emails here:\n\n"
            "{link}\n\n"
            "The link works once, for 2 days. If it was not you, please open the link and press “Stop this change”, or leave"
            " this email alone: then nothing changes."
        ).format(link=link),
    )


def to_old_address(link: str) -> tuple[str, str]:
    """Subject and body of the email to the old address, with the link that agrees to the change, or stops it."""
    return signed(
        _("Do you want to change your email address?"),
        _(
            "Hello,\n\n"
            "Somebody who knows your password, most likely you, asked us to use another email address for your RxConnect"
            " account. Please open this link and confirm it, or stop it there:\n\n"
            "{link}\n\n"
            "The link works for 2 days. Nothing changes until both addresses have confirmed. If it was not you, please stop"
            " the change there and then choose a new password."
        ).format(link=link),
    )


def notice_to_old_address(link: str) -> tuple[str, str]:
    """Subject and body of the email to an old address that never confirmed, or from which emails came back."""
    return signed(
        _("Your email address is about to change"),
        _(
            "Hello,\n\n"
            "Somebody who knows your password, most likely you, asked us to use another email address for your RxConnect"
            " account. It changes as soon as the other address has confirmed.\n\n"
            "If it was not you, please open this link within 2 days and press “Stop this change”. Then choose a new"
            " password:\n\n"
            "{link}"
        ).format(link=link),
    )


def changed_email() -> tuple[str, str]:
    """Subject and body of the email to both addresses after the change."""
    return signed(
        _("Your email address was changed"),
        _(
            "Hello,\n\n"
            "The email address of your RxConnect account was changed, because both the old and the new address confirmed it"
            " or the old one could not be asked. From now on, sign in with the new address. Your password, messages and"
            " credits stay as they are."
        ),
    )
