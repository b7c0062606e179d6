"""Our errors as sentences for people: what happened, that nothing was lost, and what to do."""

from datetime import timedelta

from pydantic import ValidationError

from rxconnect.domain import errors, money
from rxconnect.domain.purchases import Failure

TOO_LONG = "That is more text than fits here. Nothing was changed. Please shorten it and try again."
NOT_UNDERSTOOD = "That did not reach us in a form we understand. Nothing was changed. Please try again."
PLEASE_SIGN_IN = "Please sign in to see that page."
BUSY = "We are very busy right now. Nothing was changed. Please try again in a moment."
UNAVAILABLE = (
    "Something on our side does not answer right now. It is not your fault, and nothing that was saved is lost. "
    "Please try again in a minute."
)
CONFIRMED = "Thank you. What you entered is still here: please press the button once more."
SIGNED_OUT = "You were signed out. Sign in again; what you wrote is kept."


def refusal(error: errors.RxConnectError | ValidationError) -> tuple[str, dict[str, str]]:
    """An error as `(sentence for the whole form, sentences by field)`; one of the two may be empty."""
    if isinstance(error, errors.Invalid):
        return error.fields.get("form", ""), {k: v for k, v in error.fields.items() if k != "form"}
    if isinstance(error, errors.TermsNotAccepted):
        return "", {"accepts": sentence(error)}
    if isinstance(error, ValidationError) and (places := _too_long(error)):
        # A form's field is named after its form.
        fields = {str(place[-1]): TOO_LONG for place in places if len(place) > 1}
        return "" if fields else TOO_LONG, fields
    return sentence(error), {}


def in_one(error: errors.RxConnectError | ValidationError) -> str:
    """An error as one text, for a page that does not have the fields it is about."""
    whole, by_field = refusal(error)
    return " ".join(filter(None, (whole, *by_field.values())))


def sentence(error: errors.RxConnectError | ValidationError) -> str:  # noqa: C901, PLR0911, PLR0912 - one line an error
    """An error as one sentence."""
    match error:
        case errors.NotFound():
            return f"We could not find this {error.what}. It may have been removed, or it belongs to another account."
        case errors.Throttled():
            return f"That was a lot in a short time. Please wait {_span(error.retry_after)} and try again."
        case errors.FacilityClosed():
            return f"{error.facility} does not take messages right now, so nothing was sent and nothing was charged."
        case errors.NotReachable():
            return "This person is no longer at this facility, so a message would not arrive. Nothing was sent."
        case errors.InsufficientCredits():
            return (
                f"This message costs {money.credits(error.needed)} and you have {money.credits(error.available)} here. "
                "Your message is saved; buy credits and come back to it."
            )
        case errors.PriceChanged():
            return "The facility has changed its price since you chose. Nothing was charged. Please look at the amount once more."
        case errors.TermsNotAccepted():
            return "Please accept the Terms and Conditions before sending."
        case errors.NotAllowed():
            return "Your account may not do this. Nothing was changed."
        case errors.PasswordNeeded():
            return "Please give your password once more first. Nothing was changed."
        case errors.IllegalMove():
            return "This has already been decided, so it cannot be changed any more."
        case errors.CardRefused():
            return Failure(error.reason).sentence
        case errors.Busy():
            return BUSY
        case errors.Unavailable():
            return UNAVAILABLE
        case _:
            return NOT_UNDERSTOOD


def is_too_long(error: ValidationError) -> bool:
    """Whether there was more text than any honest browser sends."""
    return bool(_too_long(error))


def _too_long(error: ValidationError) -> list[tuple[int | str, ...]]:
    """The arguments with more text than any honest browser sends."""
    return [problem["loc"] for problem in error.errors() if problem["type"] == "string_too_long"]


def _span(span: timedelta) -> str:
    minutes = max(1, -(-int(span.total_seconds()) // 60))
    return "a minute" if minutes == 1 else f"{minutes} minutes"
