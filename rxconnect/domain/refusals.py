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
    Problem.ONE_TIME_CODE_MISSING: N_("Please enter the six digits of your app, or a recovery code."),
    Problem.ONE_TIME_CODE_WRONG: N_(
        "This code does not fit. Please enter the six digits that your app shows now; the clock of its device must be right."
    ),
    Problem.TOO_MANY_PASSKEYS: N_("You have {most} passkeys. Remove one that you no longer use, then add this one."),
    Problem.ROLE_UNKNOWN: N_("Choose a role from the list."),
    Problem.ALREADY_ON_THE_TEAM: N_("Somebody with this address works here already. Change their role in the list."),
    Problem.KIOSK_CODE_MISSING: N_("Please enter the code of this kiosk. Staff have it."),
    Problem.KIOSK_CODE_WRONG: N_(
        "This code opens no kiosk. A code works once and for seven days; an administrator can make a new one."
    ),
    Problem.KIOSK_NAME_MISSING: N_("Please name the kiosk, so that staff know which one it is."),
    Problem.INMATE_NUMBER_MISSING: N_("Please enter your number."),
    Problem.PIN_MISSING: N_("Please enter your PIN."),
    Problem.NEW_PIN_MISSING: N_("Please choose a PIN."),
    Problem.PIN_UNREADABLE: N_("A PIN has {least} to {most} digits."),
    Problem.PIN_IS_COMMON: N_("This PIN is easy to guess. Please mix the digits more."),
    Problem.PIN_IS_THE_NUMBER: N_("This PIN is a part of your number. Please choose another one."),
    Problem.PIN_IS_THE_SAME: N_("This is the PIN that staff gave you. Please choose another one."),
    Problem.PINS_DIFFER: N_("The two PINs are not the same. Please type both again."),
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
    Problem.LETTER_NUMBER_UNREADABLE: N_("Write the number of a letter, such as 1234, or leave this empty."),
    Problem.DAY_UNREADABLE: N_("Choose a day, such as 03/14/2026."),
    Problem.PERIOD_OUT_OF_BOUNDS: N_(
        "The last day must not be before the first, and at most {most} days may be between."
    ),
    Problem.REFUND_PAGE_OUTDATED: N_("This page is out of date. Load it again, and then refund."),
    Problem.REFUND_AMOUNT_CHANGED: N_("The amount has changed. Please look at it and press the button once more."),
    Problem.REFUND_REASON_UNREADABLE: N_(
        "Give the reason in a sentence of up to {most} characters. The family will read it."
    ),
    Problem.NOTHING_TO_REFUND: N_("There are no unused credits to refund here."),
    Problem.REFUND_OUT_OF_BOUNDS: N_("Enter a whole number from 1 to {most}."),
    Problem.REFUND_BEYOND_UNUSED: N_("Enter a whole number from 1 to {most}: so many credits of it are unused."),
    Problem.REASON_MISSING: N_("Choose the reason. The family reads the rule that it stands for."),
    Problem.REMARK_TOO_LONG: N_("Please use at most {most} characters; this has {length}."),
    Problem.NOTE_TOO_LONG: N_("Please use at most {most} characters; this has {length}."),
    Problem.NOTE_NEEDED: N_("Write a note, so that the next reader knows why."),
    Problem.RETURN_TIME_WRONG: N_("Choose a time within the next {most} days."),
    Problem.APPEAL_MISSING: N_("Write in your own words why the letter should be delivered."),
    Problem.APPEAL_TOO_LONG: N_("Please use at most {most} characters; this has {length}. Nothing was cut."),
    Problem.FILTER_NAME_MISSING: N_("Give the filter a name."),
    Problem.SETTING_NOT_OFFERED: N_("Choose one from the list."),
    Problem.HOURS_OUT_OF_BOUNDS: N_("Enter whole hours, from {least} to {most}."),
    Problem.REPLIES_OUT_OF_BOUNDS: N_("Enter a whole number, from {least} to {most}."),
    Problem.DAYS_OUT_OF_BOUNDS: N_("Enter whole days, from {least} to {most}."),
    Problem.PRICE_OUT_OF_BOUNDS: N_("Enter whole cents, from {least} to {most}."),
    Problem.PHOTOS_OUT_OF_BOUNDS: N_("Enter a whole number of photos, from {least} to {most}."),
    Problem.PHOTO_CREDITS_OUT_OF_BOUNDS: N_("Enter a whole number of credits, from {least} to {most}."),
    Problem.TOO_MANY_PHOTOS: N_("A letter to this facility has at most this many photos: {most}. Please remove some."),
    Problem.NO_PHOTOS_HERE: N_("This facility takes no photos. Please remove them; your words can be sent."),
    Problem.PHOTO_NOT_READY: N_("One of the photos cannot be sent yet. It says why. Wait a moment, or remove it."),
    Problem.PERCENT_OUT_OF_BOUNDS: N_("Enter a whole number of percent, from {least} to {most}."),
    Problem.BLOCK_REASON_MISSING: N_("Give the reason. The family will read it."),
    Problem.LANGUAGE_UNKNOWN: N_("We do not recognise {language}. Choose the language from the list."),
    Problem.RULE_KIND_UNKNOWN: N_("Choose what the rule looks at."),
    Problem.RULE_NAME_MISSING: N_("Give the rule a name. Reviewers read it beside each letter that it holds."),
    Problem.RULE_REASON_MISSING: N_("Give the reason. Whoever looks at this rule later needs it."),
    Problem.WORDS_MISSING: N_("Write the words or phrases, one a line."),
    Problem.WORD_WITHOUT_LETTERS: N_("“{word}” has neither a letter nor a digit, so it would never be found."),
    Problem.WORD_TOO_LONG: N_("“{word}…” is too long. A word or phrase has at most {most} characters."),
    Problem.TOO_MANY_WORDS: N_("The rules of a facility hold {most} words in all; with these there would be {length}."),
    Problem.PATTERN_MISSING: N_("Write the pattern, such as [0-9]+-[0-9]+ for two numbers with a dash."),
    Problem.PATTERN_NOT_CLOSED: N_("A bracket of this pattern is not closed, or was never opened: check ( ) and [ ]."),
    Problem.PATTERN_REPEATS_NOTHING: N_(
        "A *, + or ? of this pattern has nothing before it to repeat. Write [*] for a star."
    ),
    Problem.PATTERN_TOO_LARGE: N_(
        "This pattern repeats too much. Use smaller numbers between the braces, up to 1000 in all."
    ),
    Problem.PATTERN_LOOKS_AROUND: N_(
        "Patterns cannot look around here, as (?= and (?! do: such patterns can take forever. Write what is to be found."
    ),
    Problem.PATTERN_ESCAPES: N_(
        "A backslash stands before a character with which it means nothing here. For a digit write [0-9], for a dot [.]."
    ),
    Problem.PATTERN_UNREADABLE: N_("This pattern cannot be read. Try a part of it first."),
    Problem.PATTERN_MATCHES_NOTHING: N_("This pattern also fits a text of no length, so it would hold every letter."),
    Problem.TOO_MANY_PATTERNS: N_(
        "The rules of a facility hold {most} patterns. Switch off one that you no longer need."
    ),
    Problem.SENDER_UNKNOWN: N_("Nobody with this name or email address writes to people here."),
    Problem.SENDER_AMBIGUOUS: N_("Several senders have this name. Please enter the email address."),
    Problem.PERSON_UNKNOWN: N_("Nobody here has this inmate number."),
    Problem.LANGUAGES_MISSING: N_("Write one or more languages with commas between, such as Spanish, Finnish."),
    Problem.RULE_DATE_WRONG: N_("Choose a day from tomorrow on, within the next {most} days."),
    Problem.OUT_OF_BOUNDS: N_("Enter a whole number from {least} to {most}."),
    Problem.CANNOT_BE_PUBLISHED: N_(
        "A rule of this kind cannot be published: it is about one person, or about chance."
    ),
    Problem.PUBLISHED_TEXT_MISSING: N_("Write the sentence that families read when this rule finds something."),
    Problem.HANDOVER_UNKNOWN: N_("Choose from the list what became of each page."),
    Problem.EMAIL_NOT_CONFIRMED: N_("Confirm your email address first. We write there what the facility decides."),
    Problem.LOCATION_MISSING: N_("Choose the facility. Add it to your locations first if it is not in the list."),
    Problem.BAR_NUMBER_UNREADABLE: N_("Enter your bar number as your bar gives it: letters and digits, up to {most}."),
    Problem.BAR_STATE_MISSING: N_("Choose the state whose bar gave you this number."),
    Problem.END_OUT_OF_BOUNDS: N_("Choose a day from tomorrow on, and at most {years} years ahead."),
    Problem.REFUSAL_REASON_MISSING: N_("Give the reason. The lawyer will read it."),
    Problem.ENDING_REASON_MISSING: N_("Give the reason why it ends early. The lawyer will read it."),
    Problem.OPENING_REASON_TOO_SHORT: N_("Give the reason in a sentence. The auditors read it."),
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
    "app": N_("We could not find this app."),
    "appeal": N_("We could not find this appeal."),
    "auto-reload": N_("We could not find this auto-reload."),
    "batch": N_("We could not find this print batch."),
    "card": N_("We could not find this card."),
    "contact": N_("We could not find this contact."),
    "conversation": N_("We could not find this conversation."),
    "decision": N_("We could not find this decision."),
    "draft": N_("We could not find this draft."),
    "facility": N_("We could not find this facility."),
    "filter": N_("We could not find this filter."),
    "import": N_("We could not find this import."),
    "import to take back": N_("There is no import that could be taken back."),
    "inmate": N_("We could not find this person."),
    "invitation": N_("We could not find this invitation."),
    "item": N_("We could not find this part of the message."),
    "lawyer": N_("We could not find this lawyer's request."),
    "list": N_("We could not find this list."),
    "location": N_("We could not find this location."),
    "member": N_("We could not find this member of staff."),
    "merge": N_("We could not find this merge."),
    "message": N_("We could not find this message."),
    "notice": N_("We could not find this notice."),
    "opening": N_("We could not find this request to open a letter, or its time is over."),
    "page": N_("We could not find this page."),
    "passkey": N_("We could not find this passkey."),
    "person": N_("We could not find this person."),
    "photo": N_("We could not find this photo."),
    "post": N_("We could not find this post."),
    "purchase": N_("We could not find this purchase."),
    "reading": N_("We could not find this second reading."),
    "receipt": N_("We could not find this receipt."),
    "report": N_("We could not find this report."),
    "rule": N_("We could not find this rule."),
    "scenario": N_("We could not find this scenario."),
    "seat": N_("We could not find this person in the room."),
    "session": N_("We could not find this demo session."),
    "kiosk": N_("We could not find this kiosk. It may be out of use."),
    "sign-in": N_("We could not find this sign-in."),
    "statement": N_("We could not find this statement."),
    "step": N_("We could not find this step, or what was before it."),
    "upload": N_("We could not find this file. It may have been imported or deleted."),
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


def _contact_blocked(error: errors.ContactBlocked) -> str:
    text = _("{facility} does not allow letters from you to this person. Nothing was sent and nothing was charged.")
    why = _("The reason given: {reason}").format(reason=error.reason) if error.reason else ""
    return " ".join(filter(None, (text.format(facility=error.facility), why)))


def _always(sentence: str) -> Callable[[Any], str]:
    return lambda _error: _(sentence)


SENTENCES: dict[type[BaseException], Callable[[Any], str]] = {
    errors.Invalid: lambda error: " ".join(sentences_by_field(error).values()),
    errors.NotFound: _not_found,
    errors.Throttled: _throttled,
    errors.FacilityClosed: _facility_closed,
    errors.InsufficientCredits: _insufficient_credits,
    errors.PhotoRefused: lambda error: error.problem.sentence,
    errors.ScannerSilent: _always(
        N_("The virus check does not answer just now. The photo waits, and we try again by ourselves.")
    ),
    errors.CardRefused: lambda error: Failure(error.reason).sentence,
    errors.NotSignedIn: _always(N_("Please sign in to see that page.")),
    errors.WrongCredentials: _always(N_("This email address and password do not belong together. Please check both.")),
    errors.WrongPin: _always(
        N_("This number and PIN do not belong together here. Please check both, or ask staff for a new PIN.")
    ),
    errors.NoKiosk: _always(N_("This tablet is not set up yet. Please ask staff.")),
    errors.WrongSecondFactor: _always(
        N_(
            "This code or passkey does not fit, or it was used before. Please wait for the next code of your app, and try again."
        )
    ),
    errors.SecondStepNeeded: _always(N_("One step is still to come before you are signed in.")),
    errors.BrowserRefused: _always(
        N_("This browser cannot show notices of RxConnect. Nothing was changed, and emails come as before.")
    ),
    errors.LastSecondFactor: _always(
        N_("This is your only second step, and staff need one. Add another one first, then remove this one.")
    ),
    errors.Suspended: _always(
        N_("Your access is suspended, so you cannot sign in now. Please ask an administrator of your facility.")
    ),
    errors.LastAdministrator: _always(
        N_(
            "This facility would be left without an administrator. Make somebody else an administrator first. Nothing was changed."
        )
    ),
    errors.NotForStaff: _always(
        N_(
            "This email address belongs to an account of a family, which cannot become staff. Please ask for an invitation "
            "to another address."
        )
    ),
    errors.EmailTaken: _always(N_("An account with this email address is here already. Please sign in instead.")),
    errors.LinkExpired: _always(
        N_("This link was used before or is too old. Please ask for a new one; nothing was changed.")
    ),
    errors.NotReachable: _always(
        N_("This person is no longer at this facility, so a message would not arrive. Nothing was sent.")
    ),
    errors.ClaimedByAnother: lambda error: _(
        "{name} has this letter open now. You can decide it when they close it."
    ).format(name=error.name),
    errors.CannotScreen: _always(
        N_("The rules of the facility cannot be applied right now. The letter waits, and nothing is lost.")
    ),
    errors.NotClaimed: _always(
        N_("Nothing was decided: this letter is no longer open for you. Please open it again; somebody may have it.")
    ),
    errors.NotTried: _always(N_("Try the rule on the letters of the last days first. Nothing was switched on.")),
    errors.SecondAdministratorNeeded: _always(
        N_(
            "This rule holds too much in vain, so another administrator must switch it on. You have asked for it already."
        )
    ),
    errors.DecidedBefore: _always(N_("You have decided this letter before, so somebody else must look at it now.")),
    errors.CreditsUsedMeanwhile: _always(
        N_("Your credits were used in the meantime, so the message stays withdrawn. You can write it again.")
    ),
    errors.TooLate: _always(N_("It is too late for that. Nothing was changed.")),
    errors.AlreadyAppealed: _always(N_("You have appealed this letter already. A letter can be appealed once.")),
    errors.ContactWaiting: lambda error: _(
        "{facility} must accept this contact before your first letter. Nothing was sent and nothing was charged."
    ).format(facility=error.facility),
    errors.ContactBlocked: _contact_blocked,
    errors.BlockedByPerson: lambda error: _(
        "{name} has asked for no more letters from you. Nothing was sent and nothing was charged."
    ).format(name=error.name),
    errors.ReplyBlocked: lambda error: _("{facility} does not allow replies to this person. Nothing was sent.").format(
        facility=error.facility
    ),
    errors.UnblockFirst: lambda error: _("You have blocked {name}. To reply, unblock them first.").format(
        name=error.name
    ),
    errors.NoReplyPaid: lambda error: _(
        "You have no free reply left, and {name} has not paid for an answer. What you wrote is saved."
    ).format(name=error.name),
    errors.ReplyNoLongerPrivileged: lambda error: _(
        "{name} is no longer a verified lawyer here, so staff would read this reply. Nothing was sent. Go back and open "
        "it again."
    ).format(name=error.name),
    errors.AccountClosed: lambda error: _("{name} has closed their account, so a reply would not arrive.").format(
        name=error.name
    ),
    errors.NoLongerPrivileged: _always(
        N_(
            "Your verification as a lawyer has ended, so staff would read this letter. Nothing was sent. "
            "Load this page again to see it as it stands now."
        )
    ),
    errors.PrivilegedReply: _always(
        N_(
            "This reply is for a verified lawyer, so staff may not read it. Nothing was sent. "
            "Send the paper sealed, by post, as legal mail."
        )
    ),
    errors.LawyerRequestChanged: _always(N_("The request has changed. Compare it again. Nothing was verified.")),
    errors.AnotherAdministratorNeeded: _always(
        N_(
            "You have asked for this yourself, or one of you two has invited the other. Another administrator must agree. "
            "Nothing was opened."
        )
    ),
    errors.PriceChanged: _always(
        N_(
            "The facility has changed its price since you chose. Nothing was charged. "
            "Please look at the amount once more."
        )
    ),
    errors.TermsNotAccepted: _always(N_("Please accept the Terms and Conditions before sending.")),
    # Written for operators, and for staff who import a roster.
    errors.BadFile: lambda error: error.reason,
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
_FIELDS = {
    errors.WrongSecondFactor: "one_time_code",
    errors.EmailTaken: "email",
    errors.TermsNotAccepted: "accepts",
    errors.WrongCode: "code",
}
