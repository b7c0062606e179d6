"""What forms answer, in sentences: beside a field, above the form (`form`), or as a notice after a redirect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from rxconnect import routes
from rxconnect.domain import dates
from rxconnect.domain.errors import (
    Busy,
    EmailTaken,
    Invalid,
    LinkExpired,
    RxConnectError,
    Throttled,
    Unavailable,
    WrongCredentials,
)
from rxconnect.state.words import PLEASE_SIGN_IN, sentence

# By page, then by the `done` in its query.
NOTICES = {
    routes.SIGN_IN: {
        "signed-out": "You are signed out. Your drafts are kept.",
        "everywhere": "You are signed out on every device.",
        "ended": "You were signed out, so nothing was changed. Please sign in again.",
        "closed": "Your account is closed. Your unused credits are on their way back to your cards.",
    },
    routes.FORGOT_PASSWORD: {
        "1": "If an account uses this address, a link is on its way to it. Please look into your spam folder too.",
    },
    routes.CHANGE_PASSWORD: {"1": "Your new password is saved. Every other device was signed out."},
}


class FormTooLong(RxConnectError):
    """A form has more fields than any of ours."""


def too_long(most: int, length: int) -> str:
    """Of a text with far more characters than its field is for. Its beginning is shown again."""
    return f"Please use at most {most:,} characters; this has {length:,}."


def notice(path: str, query: Mapping[str, str]) -> str:
    """What to say above the form of the page at `path`, or ""."""
    if path == routes.SIGN_IN and "next" in query and "done" not in query:
        return PLEASE_SIGN_IN
    return NOTICES.get(path, {}).get(query.get("done", ""), "")


def problems(error: RxConnectError) -> dict[str, str]:  # noqa: PLR0911 - one line an error
    """A refusal as sentences by field. Raises the error itself when it is none that a form expects."""
    match error:
        case Invalid():
            return error.fields
        case EmailTaken():
            return {"email": "An account with this email address is here already. Please sign in instead."}
        case WrongCredentials():
            return {"form": "This email address and password do not belong together. Please check both."}
        case LinkExpired():
            return {"form": "This link was used before or is too old. Please ask for a new one; nothing was changed."}
        case Throttled():
            return {"form": f"Those were many tries. Please wait {_span(error.retry_after)} and try again."}
        case FormTooLong():
            return {"form": "That is more text than this form can take. Please shorten it and try again."}
        case Busy() | Unavailable():
            return {"form": sentence(error)}
    raise error


def status(error: RxConnectError) -> int:
    """The HTTP status of a refusal."""
    match error:
        case Throttled():
            return 429
        case FormTooLong():
            return 413
        case Busy() | Unavailable():
            return 503
    return 422


def headers(error: RxConnectError) -> dict[str, str]:
    """The HTTP headers of a refusal: when to try again."""
    match error:
        case Throttled():
            return {"Retry-After": str(_seconds(error.retry_after))}
        case Busy():
            return {"Retry-After": "5"}
        case Unavailable():
            return {"Retry-After": "60"}
    return {}


def _seconds(span: timedelta) -> int:
    return max(1, -(-span // timedelta(seconds=1)))


def _span(span: timedelta) -> str:
    seconds = _seconds(span)
    return dates.count(seconds, "second") if seconds < 60 else dates.count(-(-seconds // 60), "minute")
