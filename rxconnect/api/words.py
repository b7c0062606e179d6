"""The sentences of native forms: beside a field, above the form (`form`), or as a notice after a redirect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from rxconnect import routes
from rxconnect.domain import refusals
from rxconnect.domain.errors import (
    Busy,
    EmailTaken,
    FormTooLong,
    Invalid,
    LastSecondFactor,
    LinkExpired,
    NoGuests,
    NotAllowed,
    NotDriving,
    NotForStaff,
    NotSignedIn,
    RxConnectError,
    SessionFull,
    SessionLocked,
    Suspended,
    Throttled,
    TooManySessions,
    Unavailable,
    WrongCredentials,
)
from rxconnect.i18n import N_, _

_EXPECTED = (
    *(Invalid, EmailTaken, WrongCredentials, LinkExpired, Throttled, FormTooLong, Busy, Unavailable),
    *(LastSecondFactor, NotForStaff, Suspended),
    *(NotAllowed, NotDriving, SessionLocked, SessionFull, NoGuests, TooManySessions),
)

# By page, then by the `done` in its query.
NOTICES = {
    routes.SIGN_IN: {
        "signed-out": N_("You are signed out. Your drafts are kept."),
        "everywhere": N_("You are signed out on every device."),
        "ended": N_("You were signed out, so nothing was changed. Please sign in again."),
        "late": N_("That took more than fifteen minutes, so please enter your password again."),
        "still-closed": N_("Your account stays closed. You can sign in again at any time."),
        "closed": N_("Your account is closed. Your unused credits are on their way back to your cards."),
    },
    routes.FORGOT_PASSWORD: {
        "1": N_("If an account uses this address, a link is on its way to it. Please look into your spam folder too."),
    },
    routes.RECOVERY_CODES: {
        "first": N_("Your second step is set up, and you are signed in. Now make your recovery codes."),
    },
    routes.KIOSK: {
        "signed-out": N_("You are signed out. Nothing of yours stays on this tablet."),
        "ended": N_("You were signed out, as nobody pressed anything for a while. Your drafts are kept."),
        "ready": N_("This tablet is a kiosk now."),
    },
    routes.EMAIL_CHANGED: {
        "asked": N_(
            "We sent a link to your new address and an email to your old one. Please look into both mailboxes."
        ),
        "new": N_("Thank you. Now please open the link that we sent to your new address."),
        "old": N_("Thank you. Now please open the link that we sent to your old address."),
        "changed": N_("Your email address is changed. Please sign in with the new one from now on."),
        "stopped": N_("The change is stopped, and your address stays as it was."),
    },
    routes.CHANGE_PASSWORD: {"1": N_("Your new password is saved. Every other device was signed out.")},
}


def notice(path: str, query: Mapping[str, str]) -> str:
    """The notice above the form of the page at `path`, or ""."""
    if path == routes.SIGN_IN and "next" in query and "done" not in query:
        return refusals.sentence(NotSignedIn())
    sentence = NOTICES.get(path, {}).get(query.get("done", ""))
    return _(sentence) if sentence else ""


def problems(error: RxConnectError) -> dict[str, str]:
    """A refusal as sentences by field. Raises the error itself if a form does not expect it."""
    if isinstance(error, _EXPECTED):
        return refusals.sentences_by_field(error)
    raise error


def links(error: RxConnectError, following: str) -> dict[str, tuple[str, str]]:
    """The link after a refusal's sentence, by field: its words and its address. `following` is where the form leads."""
    if isinstance(error, EmailTaken):
        sign_in = routes.with_query(routes.SIGN_IN, next=following) if following else routes.SIGN_IN
        return {"email": (_("Please sign in instead."), sign_in)}
    return {}


def http_status(error: RxConnectError) -> int:
    """The HTTP status for a refusal."""
    match error:
        case Throttled() | TooManySessions():
            return 429
        case FormTooLong():
            return 413
        case Busy() | Unavailable():
            return 503
    return 422


def http_headers(error: RxConnectError) -> dict[str, str]:
    """The HTTP headers for a refusal: when to retry."""
    match error:
        case Throttled() | TooManySessions():
            return {"Retry-After": str(_seconds(error.retry_after))}
        case Busy():
            return {"Retry-After": "5"}
        case Unavailable():
            return {"Retry-After": "60"}
    return {}


def _seconds(span: timedelta) -> int:
    return max(1, -(-span // timedelta(seconds=1)))
