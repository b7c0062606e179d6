"""The emails of a facility's administrators to their staff: short, plain text."""

from __future__ import annotations

from rxconnect.i18n import _
from rxconnect.services.accounts.account_emails import signed


def invitation_email(facility: str, role: str, link: str) -> tuple[str, str]:
    """Subject and body of an invitation to a facility's staff."""
    return signed(
        _("Work with RxConnect at {facility}").format(facility=facility),
        _(
            "Hello,\n\n"
            "An administrator of {facility} has invited you to RxConnect, as: {role}. Open this link to choose a password and "
            "to set up the second step of your sign-in:\n\n"
            "{link}\n\n"
            "The link works once, for 7 days. If you did not expect this, you can ignore this email."
        ).format(facility=facility, role=role, link=link),
    )
