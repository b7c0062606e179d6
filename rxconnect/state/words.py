"""Turns refusals into a State's sentences: one for the whole form, and one for each field."""

from pydantic import ValidationError

from rxconnect.domain import refusals
from rxconnect.domain.errors import RxConnectError
from rxconnect.i18n import _


def refusal_sentences(error: RxConnectError | ValidationError) -> tuple[str, dict[str, str]]:
    """Return `(sentence for the whole form, sentences by field)`. Either may be empty."""
    told = _parse_error_sentences(error) if isinstance(error, ValidationError) else refusals.sentences_by_field(error)
    return told.pop("form", ""), told


def refusal_text(error: RxConnectError | ValidationError) -> str:
    """Return an error as one text, for a page without the fields it is about."""
    whole, by_field = refusal_sentences(error)
    return " ".join(filter(None, (whole, *by_field.values())))


def is_too_long(error: ValidationError) -> bool:
    """Whether an argument is longer than our pages ever send."""
    return bool(_too_long_locations(error))


def password_confirmed_notice() -> str:
    """The notice for a user who comes back with the password."""
    return _("Thank you. What you entered is still here: please press the button once more.")


def signed_out_reason() -> str:
    """The sign-in page's reason for a user whose sign-in has ended."""
    return _("You were signed out. Sign in again; what you wrote is kept.")


def _parse_error_sentences(error: ValidationError) -> dict[str, str]:
    """Sentences for arguments that did not parse. A location's last part is a form's field."""
    places = _too_long_locations(error)
    if not places:
        return {"form": refusals.not_understood()}
    return {str(place[-1]): refusals.too_long() for place in places if len(place) > 1} or {"form": refusals.too_long()}


def _too_long_locations(error: ValidationError) -> list[tuple[int | str, ...]]:
    """The locations of arguments that are longer than our pages ever send."""
    return [problem["loc"] for problem in error.errors() if problem["type"] == "string_too_long"]
