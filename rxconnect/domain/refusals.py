"""Turns errors into sentences: what happened, that nothing was lost, and what to do.

The sentence of a field's problem is in `domain/problem_sentences.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rxconnect.domain import dates, errors, money
from rxconnect.domain.problem_sentences import problem_sentence
from rxconnect.domain.purchases import Failure
from rxconnect.i18n import N_, _

# Sentences for `NotFound`, by its `what`. One that gives no reason gets the usual one.
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
    "inmate": N_("We could not find this person."),
    "invitation": N_("We could not find this invitation."),
    "item": N_("We could not find this part of the message."),
    "judge": N_("We could not find this judge."),
    "lawyer": N_("We could not find this lawyer's request."),
    "letter": N_("We could not find this letter."),
    "letters": N_("We could not find these letters."),
    "list": N_("We could not find this list."),
    "location": N_("We could not find this location."),
    "member": N_("We could not find this member of staff."),
    "merge": N_("We could not find this merge."),
    "message": N_("We could not find this message."),
    "notice": N_("We could not find this notice."),
    "page": N_("We could not find this page."),
    "passkey": N_("We could not find this passkey."),
    "person": N_("We could not find this person."),
    "photo": N_("We could not find this photo."),
    "post": N_("We could not find this post."),
    "purchase": N_("We could not find this purchase."),
    "reading": N_("We could not find this second reading."),
    "receipt": N_("We could not find this receipt."),
    "report": N_("We could not find this report."),
    "requirement": N_("We could not find this requirement."),
    "roster": N_("We could not find this roster."),
    "rule": N_("We could not find this rule."),
    "scenario": N_("We could not find this scenario."),
    "seat": N_("We could not find this person in the room."),
    "session": N_("We could not find this demo session."),
    "sign-in": N_("We could not find this sign-in."),
    "statement": N_("We could not find this statement."),
}
_THINGS_WITH_REASON = {
    "import to take back": N_("There is no import that could be taken back."),
    "kiosk": N_("We could not find this kiosk. It may be out of use."),
    "merge to split": N_("This merge cannot be split any more: the person has had another number or facility since."),
    "opening": N_("We could not find this request to open a letter, or its time is over."),
    "row": N_("We could not find a row that could be changed, or put back."),
    "step": N_("We could not find this step, or what was before it."),
    "upload": N_("We could not find this file. It may have been imported or deleted."),
    "world": N_("We could not find this world. Only its trainer takes it along."),
}


def sentence(error: errors.RxConnectError) -> str:
    """An error as one or two sentences. An error that is unknown here counts as malformed (`not_understood`)."""
    made = next((make for kind in type(error).__mro__ if (make := SENTENCES.get(kind))), not_understood)
    return made(error)


def sentences_by_field(error: errors.RxConnectError) -> dict[str, str]:
    """An error as sentences by field, in the order of the page; `form` is the whole form."""
    if isinstance(error, errors.Invalid):
        return {name: problem_sentence(fact) for name, fact in error.fields.items()}
    return {_FIELDS.get(type(error), "form"): sentence(error)}


def not_understood(_error: Any = None) -> str:
    """The sentence for input that no page of ours sends."""
    return _("That did not reach us in a form we understand. Nothing was changed. Please try again.")


def too_long(_error: Any = None) -> str:
    """The sentence for more text than any honest browser sends."""
    return _("That is more text than fits here. Nothing was changed. Please shorten it and try again.")


def _not_found(error: errors.NotFound) -> str:
    if error.what in _THINGS_WITH_REASON:
        return _(_THINGS_WITH_REASON[error.what])
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
    if error.driver is None:
        return _("You are looking on. Everyone acts at their own seat: choose one in the room, or stop following.")
    if not error.driver:
        return _("The session is paused, so nothing can be changed. The trainer lets it go on.")
    return _("You are looking around. Only {driver}, who drives, can change something. Ask for the wheel.").format(
        driver=error.driver
    )


_NO_KILLS = {
    errors.WhyNoKill.NO_DEMONSTRATION: N_(
        "This installation serves real people, so nobody kills its workers. In an installation that is itself a "
        "demonstration, this page can."
    ),
    errors.WhyNoKill.ONLY_ONE: N_(
        "Only one worker is ready, and without it nobody would answer. With Redis and two or more workers, this page can kill "
        "one of them."
    ),
    errors.WhyNoKill.TOO_SOON: N_(
        "A worker was killed less than a minute ago, here or in another session. Wait {span}, until it is replaced."
    ),
}


def _cannot_kill(error: errors.CannotKill) -> str:
    return _(_NO_KILLS[error.why]).format(span=dates.duration(error.wait))


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
    errors.ReopeningNeeded: _always(N_("This account is closed. You can open it again.")),
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
    errors.EmailTaken: _always(N_("An account with this email address is here already.")),
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
    errors.BadFile: lambda error: str(error.reason),
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
    errors.CannotKill: _cannot_kill,
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
    errors.PageLoadedAgain: _always(
        N_("This page had to be loaded again, so nothing was done. Please look at it, and press once more.")
    ),
    errors.PhotoNotStored: _always(
        N_(
            "This photo could not be stored, because something on our side does not answer. Your letter is kept. Please try "
            "again in a few minutes."
        )
    ),
    errors.PhotoNotShown: _always(
        N_("This photo cannot be shown right now. It is not lost. Please try again in a few minutes.")
    ),
}
# The field beside which each of these errors is shown.
_FIELDS = {
    errors.WrongSecondFactor: "one_time_code",
    errors.EmailTaken: "email",
    errors.TermsNotAccepted: "accepts",
    errors.WrongCode: "code",
}
