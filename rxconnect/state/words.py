"""Refusals as a State shows them: a sentence for the whole form, and one for each field."""

from pydantic import ValidationError

from rxconnect.domain import refusals
from rxconnect.domain.errors import RxConnectError
from rxconnect.i18n import _


def refusal(error: RxConnectError | ValidationError) -> tuple[str, dict[str, str]]:
    """An error as `(sentence for the whole form, sentences by field)`; one of the two may be empty."""
    told = _unreadable(error) if isinstance(error, ValidationError) else refusals.fields(error)
    return told.pop("form", ""), told


def in_one(error: RxConnectError | ValidationError) -> str:
    """An error as one text, for a page that does not have the fields it is about."""
    whole, by_field = refusal(error)
    return " ".join(filter(None, (whole, *by_field.values())))


def is_too_long(error: ValidationError) -> bool:
    """Whether there was more text than any honest browser sends."""
    return bool(_too_long(error))


def confirmed() -> str:
    """For somebody who comes back with the password."""
    return _("Thank you. What you entered is still here: please press the button once more.")


def signed_out() -> str:
    """At the sign-in, for somebody whose sign-in has ended."""
    return _("You were signed out. Sign in again; what you wrote is kept.")


def _unreadable(error: ValidationError) -> dict[str, str]:
    """What came was no argument of the handler's. A form's field is named after its form."""
    places = _too_long(error)
    if not places:
        return {"form": refusals.not_understood()}
    return {str(place[-1]): refusals.too_long() for place in places if len(place) > 1} or {"form": refusals.too_long()}


def _too_long(error: ValidationError) -> list[tuple[int | str, ...]]:
    """The arguments with more text than any honest browser sends."""
    return [problem["loc"] for problem in error.errors() if problem["type"] == "string_too_long"]
