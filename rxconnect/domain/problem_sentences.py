"""Turns the problem of a field into a sentence: what is wrong with it, and what to do."""

from __future__ import annotations

from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.sentences import value_text
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
    Problem.EMAIL_IS_THE_SAME: N_("This is your address already. Please enter the new one."),
    Problem.EMAIL_TAKEN: N_("Another account uses this address, so yours cannot. Nothing was changed."),
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
    Problem.FACILITY_NAME_MISSING: N_("Please enter the facility's name."),
    Problem.TOO_MANY_RULES: N_("Please write at most {most} rules; these are {length}."),
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
    Problem.RELOAD_LEVEL_OUT_OF_BOUNDS: N_("Enter a number from 1 to {most}. It can be no more than one reload buys."),
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
    Problem.BODY_MISSING: N_("There is nothing to send yet. Write a few words first."),
    Problem.DRAFT_TOO_LONG: N_("A draft holds {most} characters here. Your last change was too long to be saved."),
    Problem.SEAT_NAME_MISSING: N_("Enter your name, so that the others see you in the room."),
    Problem.SEAT_KIND_UNKNOWN: N_("Choose your seat from the list."),
    Problem.SEAT_CANNOT_BE_FOLLOWED: N_(
        "They see somebody else's pages just now, so there is nothing of theirs to follow."
    ),
    Problem.SEAT_CANNOT_DRIVE: N_("This seat only watches. Choose a seat that acts, and ask again."),
    Problem.CODE_MISSING: N_("Enter the code of the session: a word and three digits, like CEDAR-417."),
    Problem.SCENARIO_MISSING: N_("Choose a scenario from the list."),
    Problem.SCENARIO_UNREADABLE: N_("Line {line}: {reason}"),
    Problem.LETTERS_UNREADABLE: N_("Line {line}: {reason}"),
    Problem.NOTE_MISSING: N_("Write the question down first."),
    Problem.TOO_MANY_NOTES: N_("A session keeps up to {most} questions."),
    Problem.REQUIREMENTS_MISSING: N_("Paste the requirements first, one a line."),
    Problem.REQUIREMENTS_KNOWN: N_("All of these are in the list already."),
    Problem.REQUIREMENT_TOO_LONG: N_(
        "Requirement {line} has {length} characters; at most {most} fit. Nothing was added. Please shorten it, or split it."
    ),
    Problem.TOO_MANY_REQUIREMENTS: N_(
        "A session keeps up to {most} requirements; with these there would be {length}. Nothing was added."
    ),
    Problem.WORLD_FILE_MISSING: N_("Choose the file that you took with you. Its name ends with .rxdemo."),
    Problem.WORLD_FILE_UNKNOWN: N_(
        "This is not a file that a demo session was taken with. The name of such a file ends with .rxdemo."
    ),
    Problem.WORLD_FILE_ALTERED: N_(
        "This file is not as it was when you took it with you: a part of it is missing or was changed. It was not opened. "
        "Please use another copy of it."
    ),
    Problem.WORLD_FILE_OF_OTHERS: N_("This file was made by another installation of RxConnect, and opens only there."),
    Problem.WORLD_FILE_TOO_LARGE: N_("Such a file has at most {most} MB. This one is larger, and was not opened."),
    Problem.WORLD_FILE_TOO_NEW: N_(
        "This file was made by a newer version of RxConnect than the one that runs here. It opens once this installation is "
        "updated."
    ),
}


def problem_sentence(fact: Fact) -> str:
    """A sentence about the problem of a field, and what to do."""
    told = {name: value_text(name, value) for name, value in fact.about.items()}
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
