"""Turns errors into sentences: what happened, that nothing was lost, and what to do. No other module does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rxconnect.domain import dates, errors, money
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.purchases import Failure
from rxconnect.i18n import N_, _, ngettext

_THREE_WORDS = N_("Try three or four words that have nothing to do with each other.")
_GUESSABLE = {
    Problem.PASSWORD_IS_KNOWN_OF_YOU: N_("This password is mostly your own name or email address, which others know."),
    Problem.PASSWORD_IS_COMMON: N_("Many people use this password or one much like it, so it is guessed first."),
    Problem.PASSWORD_IS_A_WORD: N_("This password is mostly a common word or name, so it is guessed soon."),
    Problem.PASSWORD_REPEATS: N_("This password repeats itself, so it is guessed soon."),
    Problem.PASSWORD_IS_ON_THE_KEYBOARD: N_(
        "The keys of this password stand side by side on the keyboard, so it is guessed soon."
    ),
    Problem.PASSWORD_COUNTS: N_("This password counts up or down, so it is guessed soon."),
    Problem.PASSWORD_IS_A_DATE: N_("This password is mostly a date, so it is guessed soon."),
    Problem.PASSWORD_IS_A_YEAR: N_("This password is mostly a year, so it is guessed soon."),
    Problem.PASSWORD_IS_GUESSABLE: N_("This password is too easy to guess."),
}
_PROBLEMS = {
    Problem.TOO_LONG: N_("Please use at most {most} characters; this has {length}."),
    Problem.EMAIL_MISSING: N_("Please enter your email address."),
    Problem.EMAIL_UNREADABLE: N_("This does not look like an email address, such as name@example.com."),
    Problem.NAME_MISSING: N_("Please enter your name."),
    Problem.NAME_WITHOUT_LETTERS: N_("A name needs letters. Please write it as the person you write to knows it."),
    Problem.PASSWORD_MISSING: N_("Please enter your password."),
    Problem.PASSWORD_WRONG: N_("This is not your password."),
    Problem.PASSWORD_TOO_LONG: N_("A password has at most {most} characters; this has {length}."),
    Problem.CURRENT_PASSWORD_MISSING: N_("Please enter your current password."),
    Problem.CURRENT_PASSWORD_WRONG: N_("This is not your current password."),
    Problem.NEW_PASSWORD_MISSING: N_("Please choose a password."),
    Problem.NEW_PASSWORD_TOO_SHORT: N_("Please use at least {least} characters. A few words in a row work well."),
    Problem.STATE_UNKNOWN: N_("There is no such state. Please use its name or its two letters: Washington or WA."),
    Problem.FACILITY_QUERY_TOO_LONG: N_(
        "Please use at most {most} characters: a part of the name or the city is enough."
    ),
    Problem.INMATE_QUERY_TOO_LONG: N_("Please use at most {most} characters."),
    Problem.INMATE_QUERY_TOO_SHORT: N_("Type at least two letters of a name, or four characters of the inmate number."),
    Problem.INMATE_LIST_OUTDATED: N_(
        "This list is more than a day old. Please press Search once more, and then Select."
    ),
    Problem.MESSAGE_QUERY_TOO_LONG: N_("Please use at most {most} characters: a few words of the message are enough."),
    Problem.FACILITY_MISSING: N_("Choose the facility for which you buy."),
    Problem.CREDITS_UNREADABLE: N_("Enter how many credits you want, as a whole number such as 20."),
    Problem.TOO_FEW_CREDITS: N_("{facility} sells {credits} or more at a time."),
    Problem.TOO_MANY_CREDITS: N_("{facility} sells up to {credits} at a time. You can buy again after."),
    Problem.CARD_MISSING: N_("Choose a card and enter its CVV to go on."),
    Problem.CARD_EXPIRED: N_("This card has expired. Correct its expiry date, or use another card."),
    Problem.CARD_FORGOTTEN: N_("The card processor does not know this card any more. Please enter the card again."),
    Problem.TOO_MANY_CARDS: N_("You have {most} stored cards. Remove one that you no longer use, then add this one."),
    Problem.CARD_NUMBER_MISSING: N_("Enter the card number."),
    Problem.CARD_NUMBER_MISTYPED: N_("Check the number: a digit seems to be missing or mistyped."),
    Problem.CARD_NOT_PUBLISHED: N_(
        "This is a demonstration: it takes only the test numbers listed below. Never type a real card here."
    ),
    Problem.EXPIRY_UNREADABLE: N_("Enter the expiry date as it stands on the card: month and year, like 04/29."),
    Problem.EXPIRY_PAST: N_("This date has passed. Check the expiry date on the card."),
    Problem.EXPIRY_TOO_FAR: N_("Check the year: it is further ahead than any card's."),
    Problem.CVV_MISSING: N_("Enter the CVV of this card again."),
    Problem.CVV_UNREADABLE: N_(
        "Enter the CVV: three digits on the back of the card, or four on the front of an American Express."
    ),
    Problem.CVV_OF_THREE_UNREADABLE: N_("Enter the CVV: the three digits on the back of the card."),
    Problem.CVV_OF_FOUR_UNREADABLE: N_("Enter the CVV: the four digits on the front of an American Express card."),
    Problem.POSTCODE_UNREADABLE: N_("Enter the ZIP code of the card's billing address: five digits, like 99362."),
    Problem.RELOAD_LEVEL_OUT_OF_BOUNDS: N_("Enter a number from 1 to {most}: at most what one reload buys."),
    Problem.RELOAD_LIMIT_TOO_LOW: N_("The monthly limit must allow at least one reload, {cents}."),
    Problem.RELOAD_LIMIT_TOO_HIGH: N_("The monthly limit can be at most {cents}."),
    Problem.RELOAD_AMOUNT_NOT_SOLD: N_("{facility} sells from {least} to {most} credits at a time."),
    Problem.RELOAD_CARD_MISSING: N_("Choose the card that pays."),
    Problem.RELOAD_CARD_EXPIRED: N_("This card has expired. Correct its expiry date, or choose another card."),
    Problem.RELOAD_FOR_NOBODY: N_("None of your contacts is at {facility} now. Add the person you write to first."),
    Problem.RELOAD_TERMS_CHANGED: N_("What you agree to has changed. Please read it and press the button once more."),
    Problem.RECEIPT_UNKNOWN: N_("There is no such receipt where you work. Please check the number."),
    Problem.REFUND_PAGE_OUTDATED: N_("This page is out of date. Load it again, and then refund."),
    Problem.REFUND_AMOUNT_CHANGED: N_("The amount has changed. Please look at it and press the button once more."),
    Problem.REFUND_REASON_UNREADABLE: N_(
        "Give the reason in a sentence of up to {most} characters. The family will read it."
    ),
    Problem.NOTHING_TO_REFUND: N_("There are no unused credits to refund here."),
    Problem.REFUND_OUT_OF_BOUNDS: N_("Enter a whole number from 1 to {most}."),
    Problem.REFUND_BEYOND_UNUSED: N_("Enter a whole number from 1 to {most}: so many credits of it are unused."),
    Problem.CONTACT_MISSING: N_("Choose who this message is for."),
    Problem.SUBJECT_MISSING: N_("Add a subject: a few words on what it is about."),
    Problem.BODY_MISSING: N_("There is nothing to send yet. Write a few words first."),
    Problem.DRAFT_TOO_LONG: N_("A draft holds {most} characters here. Your last change was too long to be saved."),
    Problem.SEAT_NAME_MISSING: N_("Enter your name, so that the others see you in the room."),
    Problem.SEAT_KIND_UNKNOWN: N_("Choose your seat from the list."),
    Problem.SEAT_CANNOT_DRIVE: N_("This seat only watches. Choose the family's or the staff's seat, and ask again."),
    Problem.CODE_MISSING: N_("Enter the code of the session: a word and three digits, like CEDAR-417."),
    Problem.SCENARIO_MISSING: N_("Choose a scenario from the list."),
    Problem.SCENARIO_UNREADABLE: N_("Line {line}: {reason}"),
    Problem.NOTE_MISSING: N_("Write the question down first."),
    Problem.TOO_MANY_NOTES: N_("A session keeps up to {most} questions."),
}
# Sentences for `NotFound`, by its `what`.
_THINGS = {
    "account": N_("We could not find this account."),
    "auto-reload": N_("We could not find this auto-reload."),
    "card": N_("We could not find this card."),
    "contact": N_("We could not find this contact."),
    "conversation": N_("We could not find this conversation."),
    "draft": N_("We could not find this draft."),
    "facility": N_("We could not find this facility."),
    "inmate": N_("We could not find this person."),
    "item": N_("We could not find this part of the message."),
    "list": N_("We could not find this list."),
    "location": N_("We could not find this location."),
    "message": N_("We could not find this message."),
    "page": N_("We could not find this page."),
    "person": N_("We could not find this person."),
    "post": N_("We could not find this post."),
    "purchase": N_("We could not find this purchase."),
    "receipt": N_("We could not find this receipt."),
    "seat": N_("We could not find this person in the room."),
    "scenario": N_("We could not find this scenario."),
    "session": N_("We could not find this demo session."),
    "sign-in": N_("We could not find this sign-in."),
    "step": N_("We could not find this step, or what was before it."),
    "statement": N_("We could not find this statement."),
}


def sentence(error: errors.RxConnectError) -> str:
    """An error as one or two sentences. An error that is unknown here counts as malformed (`not_understood`)."""
    made = next((make for kind in type(error).__mro__ if (make := SENTENCES.get(kind))), not_understood)
    return made(error)


def sentences_by_field(error: errors.RxConnectError) -> dict[str, str]:
    """An error as sentences by field, in the order of the page; `form` is the whole form."""
    if isinstance(error, errors.Invalid):
        return {name: field_sentence(fact) for name, fact in error.fields.items()}
    return {_FIELDS.get(type(error), "form"): sentence(error)}


def field_sentence(fact: Fact) -> str:
    """A sentence about the problem of a field, and what to do."""
    told = {name: _formatted(name, value) for name, value in fact.about.items()}
    over = int(fact.about.get("count", 0))
    if fact.problem is Problem.SUBJECT_TOO_LONG:
        text = ngettext(
            "Your subject is {count} character over the limit of {most}. Nothing was cut.",
            "Your subject is {count} characters over the limit of {most}. Nothing was cut.",
            over,
        )
    elif fact.problem is Problem.BODY_TOO_LONG:
        text = ngettext(
            "Your message is {count} character over the limit of {most}. Nothing was cut.",
            "Your message is {count} characters over the limit of {most}. Nothing was cut.",
            over,
        )
    elif fact.problem in _GUESSABLE:
        text = f"{_(_GUESSABLE[fact.problem])} {_(_THREE_WORDS)}"
    else:
        text = _(_PROBLEMS[fact.problem])
    return text.format(**told)


def not_understood(_error: Any = None) -> str:
    """The sentence for input that no page of ours sends."""
    return _("That did not reach us in a form we understand. Nothing was changed. Please try again.")


def too_long(_error: Any = None) -> str:
    """The sentence for more text than any honest browser sends."""
    return _("That is more text than fits here. Nothing was changed. Please shorten it and try again.")


def _formatted(name: str, value: int | str) -> str:
    if isinstance(value, str):
        return value
    return {"credits": money.credits, "cents": money.dollars}.get(name, "{:,}".format)(value)


def _not_found(error: errors.NotFound) -> str:
    what = _(_THINGS[error.what]) if error.what in _THINGS else _("We could not find this.")
    why = _("It may have been removed, or it belongs to another account.")
    return f"{what} {why}"


def _throttled(error: errors.Throttled) -> str:
    return _("That was a lot in a short time. Please wait {span} and try again.").format(
        span=dates.duration(error.retry_after)
    )


def _facility_closed(error: errors.FacilityClosed) -> str:
    return _("{facility} does not take messages right now, so nothing was sent and nothing was charged.").format(
        facility=error.facility
    )


def _insufficient_credits(error: errors.InsufficientCredits) -> str:
    return _(
        "This message costs {needed} and you have {available} here. Your message is saved; buy credits and come back to it."
    ).format(needed=money.credits(error.needed), available=money.credits(error.available))


def _not_driving(error: errors.NotDriving) -> str:
    if not error.driver:
        return _("The session is paused, so nothing can be changed. The trainer lets it go on.")
    return _("You are looking around. Only {driver}, who drives, can change something. Ask for the wheel.").format(
        driver=error.driver
    )


def _too_many_sessions(error: errors.TooManySessions) -> str:
    text = (
        _("You have {most} demo sessions open. End one of them, or try again in {span}.")
        if error.is_own
        else _("All {most} demo sessions are in use. Please try again in {span}, or earlier: one may end before.")
    )
    return text.format(most=error.most, span=dates.duration(error.retry_after))


def _always(sentence: str) -> Callable[[Any], str]:
    return lambda _error: _(sentence)


SENTENCES: dict[type[BaseException], Callable[[Any], str]] = {
    errors.Invalid: lambda error: " ".join(sentences_by_field(error).values()),
    errors.NotFound: _not_found,
    errors.Throttled: _throttled,
    errors.FacilityClosed: _facility_closed,
    errors.InsufficientCredits: _insufficient_credits,
    errors.CardRefused: lambda error: Failure(error.reason).sentence,
    errors.NotSignedIn: _always(N_("Please sign in to see that page.")),
    errors.WrongCredentials: _always(N_("This email address and password do not belong together. Please check both.")),
    errors.EmailTaken: _always(N_("An account with this email address is here already. Please sign in instead.")),
    errors.LinkExpired: _always(
        N_("This link was used before or is too old. Please ask for a new one; nothing was changed.")
    ),
    errors.NotReachable: _always(
        N_("This person is no longer at this facility, so a message would not arrive. Nothing was sent.")
    ),
    errors.PriceChanged: _always(
        N_(
            "The facility has changed its price since you chose. Nothing was charged. "
            "Please look at the amount once more."
        )
    ),
    errors.TermsNotAccepted: _always(N_("Please accept the Terms and Conditions before sending.")),
    errors.NotAllowed: _always(N_("Your account may not do this. Nothing was changed.")),
    errors.NotDriving: _not_driving,
    errors.WrongCode: _always(
        N_("No open session has this code. Please check it with the trainer: a word and three digits, like CEDAR-417.")
    ),
    errors.SessionLocked: _always(N_("The trainer has locked this session, so nobody else can join. Please ask them.")),
    errors.SessionFull: _always(N_("Every seat of this session is taken. Please ask the trainer.")),
    errors.NoGuests: _always(
        N_("This session takes no guests. Sign in first, or ask the trainer to allow guests, and then join.")
    ),
    errors.TooManySessions: _too_many_sessions,
    errors.PasswordNeeded: _always(N_("Please give your password once more first. Nothing was changed.")),
    errors.IllegalMove: _always(N_("This has been decided or has ended meanwhile, so it cannot be changed any more.")),
    errors.FormTooLong: _always(N_("That is more text than this form can take. Please shorten it and try again.")),
    errors.Busy: _always(N_("We are very busy right now. Nothing was changed. Please try again in a moment.")),
    errors.Unavailable: _always(
        N_(
            "Something on our side does not answer right now. It is not your fault, and nothing that was saved is lost. "
            "Please try again in a minute."
        )
    ),
}
# The field beside which each of these errors is shown.
_FIELDS = {errors.EmailTaken: "email", errors.TermsNotAccepted: "accepts", errors.WrongCode: "code"}
