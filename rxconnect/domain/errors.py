"""Everything that a service can refuse. Each error carries facts; `domain/refusals.py` makes the sentences."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from rxconnect.domain.photos import PhotoProblem
from rxconnect.domain.problems import Fact
from rxconnect.domain.sentences import Sentence, Value


class RxConnectError(Exception):
    """The base class of all refusals. The caller can do something about each; none is a fault of the program."""


class NotSignedIn(RxConnectError):
    """The request has no valid sign-in."""


class NotAllowed(RxConnectError):
    """The actor has no permission for this."""


class NotDriving(RxConnectError):
    """Somebody in a demo session may only look around. `driver` is the name of who may change something.

    It is "" if nobody may, and None if everyone may who has a seat that acts.
    """

    def __init__(self, driver: str | None):
        super().__init__("others act" if driver is None else driver or "paused")
        self.driver = driver


class PasswordNeeded(RxConnectError):
    """The actor may do it, but must first enter the password again, since the last time was too long ago."""


class NotFound(RxConnectError):
    """It does not exist, or it is not this actor's. The two look the same on purpose."""

    def __init__(self, what: str):
        super().__init__(what)
        self.what = what


class Invalid(RxConnectError):
    """One or more fields are invalid. `fields` holds the problem by the field's name; `form` is the whole form."""

    def __init__(self, **fields: Fact):
        super().__init__("; ".join(f"{name}: {fact}" for name, fact in fields.items()))
        self.fields = fields


class WrongCredentials(RxConnectError):
    """Email and password do not match. The error does not say which of the two was wrong."""


class WrongSecondFactor(WrongCredentials):
    """The one-time code, the recovery code or the passkey is not right, or was used before."""


class SecondStepNeeded(RxConnectError):
    """The password was right, and the account needs its second factor too. `token` names the sign-in that waits for it."""

    def __init__(self, token: str):
        super().__init__("the second factor is still to come")
        self.token = token


class ReopeningNeeded(RxConnectError):
    """The password was right, and the owner has closed the account. `token` lets them open it again, or leave it closed."""

    def __init__(self, token: str):
        super().__init__("the account is closed")
        self.token = token


class LastSecondFactor(RxConnectError):
    """It is the only second factor of an account that must have one."""


class Suspended(RxConnectError):
    """Every post of this member of staff is suspended."""


class LastAdministrator(RxConnectError):
    """The facility would be left without an administrator."""


class NotForStaff(RxConnectError):
    """The email address belongs to an account that cannot become staff."""


class WrongCode(WrongCredentials):
    """No open demo session has this code."""


class WrongPin(WrongCredentials):
    """Inmate number and PIN do not match, or the person is not here. The error does not say which."""


class NoKiosk(RxConnectError):
    """This browser is not a kiosk, or it was revoked. Its code must be entered first."""


class SessionLocked(RxConnectError):
    """The trainer lets nobody else into this demo session."""


class SessionFull(RxConnectError):
    """Every seat of this demo session is taken."""


class NoGuests(RxConnectError):
    """The trainer lets only people with an account into this demo session."""


class WhyNoKill(StrEnum):
    """Why no worker can be killed in front of a room."""

    NO_DEMONSTRATION = "no demonstration"
    ONLY_ONE = "only one"
    TOO_SOON = "too soon"


class CannotKill(RxConnectError):
    """No worker can be killed now. `wait` is the time until one can, if it is too soon."""

    def __init__(self, why: WhyNoKill, wait: timedelta = timedelta(0)):
        super().__init__(why)
        self.why, self.wait = why, wait


class TooManySessions(RxConnectError):
    """So many demo sessions are open already; the first of them ends after `retry_after` at the latest.

    `is_own` is whether all of these were started by the same account or address.
    """

    def __init__(self, most: int, retry_after: timedelta, is_own: bool):
        super().__init__(f"{most} are open; retry after {retry_after}")
        self.most, self.retry_after, self.is_own = most, retry_after, is_own


class Throttled(RxConnectError):
    """Too many attempts. The next one is possible after `retry_after`."""

    def __init__(self, retry_after: timedelta):
        super().__init__(f"retry after {retry_after}")
        self.retry_after = retry_after


class FormTooLong(RxConnectError):
    """A form has more fields than any of ours."""


class LinkExpired(RxConnectError):
    """An emailed link was used before, has expired, or was never sent by us."""


class EmailTaken(RxConnectError):
    """Another account already uses this email address."""


class FacilityClosed(RxConnectError):
    """The facility does not take messages now."""

    def __init__(self, facility: str):
        super().__init__(facility)
        self.facility = facility


class NotReachable(RxConnectError):
    """The person was released or moved, so a message would not reach them."""


class InsufficientCredits(RxConnectError):
    """The wallet holds fewer credits than the message costs."""

    def __init__(self, needed: int, available: int):
        super().__init__(f"needs {needed}, has {available}")
        self.needed, self.available = needed, available


class Overspent(RxConnectError):
    """An account of the ledger would fall below its floor. Nothing was posted."""

    def __init__(self, kind: str):
        super().__init__(kind)
        self.kind = kind


class PriceChanged(RxConnectError):
    """The facility's price is no longer the one the buyer saw. Nothing was charged; `price_cents` is the new one."""

    def __init__(self, price_cents: int):
        super().__init__(f"now {price_cents} cents")
        self.price_cents = price_cents


class TermsNotAccepted(RxConnectError):
    """A message may be sent only after the current Terms and Conditions were accepted."""


class IllegalMove(RxConnectError):
    """A status may not follow another, for example a decision on a message that was withdrawn."""

    def __init__(self, current: str, wanted: str):
        super().__init__(f"{current} -> {wanted}")
        self.current, self.wanted = current, wanted


class CannotScreen(RxConnectError):
    """A facility's rules cannot be applied at the moment. The letter waits, and is screened later."""


class NotTried(RxConnectError):
    """A rule of screening must be tried on the letters of the last days before it is switched on."""


class SecondAdministratorNeeded(RxConnectError):
    """A rule that holds too much waits for an administrator other than the one who asked for it."""


class ClaimedByAnother(RxConnectError):
    """Another reviewer has this letter open; `name` is theirs."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class NotClaimed(RxConnectError):
    """The reviewer has not claimed this letter, or the claim has lapsed. Nothing was decided."""


class DecidedBefore(RxConnectError):
    """A reviewer who decided a letter may not decide its appeal, or read it a second time."""


class TooLate(RxConnectError):
    """The time for this is over: a decision is committed, or an appeal or an undo came too late."""


class CreditsUsedMeanwhile(RxConnectError):
    """A withdrawal cannot be undone, because the credits that it returned are used."""


class AlreadyAppealed(RxConnectError):
    """A letter can be appealed once."""


class ContactWaiting(RxConnectError):
    """The facility's staff have not yet accepted this contact, so nothing may be sent to the person."""

    def __init__(self, facility: str):
        super().__init__(facility)
        self.facility = facility


class ContactBlocked(RxConnectError):
    """The facility's staff do not allow letters to this person from this account. `reason` is theirs, for the family."""

    def __init__(self, facility: str, reason: str):
        super().__init__(facility)
        self.facility, self.reason = facility, reason


class BlockedByPerson(RxConnectError):
    """The person in custody wants no more letters from this account. `name` is the person's."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class ReplyBlocked(RxConnectError):
    """The facility's staff do not allow replies to this account."""

    def __init__(self, facility: str):
        super().__init__(facility)
        self.facility = facility


class UnblockFirst(RxConnectError):
    """The person in custody has blocked this sender, and wants to reply to them."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class NoReplyPaid(RxConnectError):
    """Nobody pays for a reply to this sender now: neither they do, nor has the person a free one left."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class ReplyNoLongerPrivileged(RxConnectError):
    """A reply was written as privileged, and its receiver is no verified lawyer any more. `name` is the receiver's."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class AccountClosed(RxConnectError):
    """The account of this sender is closed, so a reply would not arrive."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class NoLongerPrivileged(RxConnectError):
    """The page called the letter privileged, and at SEND no verification held any more. Nothing was sent."""


class PrivilegedReply(RxConnectError):
    """A reply on paper to a verified lawyer. Staff may not read it, so they cannot enter it."""


class LawyerRequestChanged(RxConnectError):
    """The lawyer has corrected the request since the administrator's page showed it."""


class AnotherAdministratorNeeded(RxConnectError):
    """Somebody else than the asker, and independent of them, must agree to the opening of a privileged letter."""


class PhotoRefused(RxConnectError):
    """An uploaded file is no photo that a letter can have. Nothing of it was kept."""

    def __init__(self, problem: PhotoProblem):
        super().__init__(problem)
        self.problem = problem


class ScannerSilent(RxConnectError):
    """The virus scanner does not answer, or cannot scan. The photo waits."""


class BrowserRefused(RxConnectError):
    """Notices cannot be pushed to this browser: its push service is not one that we know, or there are too many browsers."""


class CardRefused(RxConnectError):
    """The processor refused the card. `reason` is one of `domain.purchases.Failure`; nothing was charged."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Busy(RxConnectError):
    """The database is too busy at the moment. Nothing was changed; a retry may work."""


class Unavailable(RxConnectError):
    """The database does not respond, or its disk is full. A commit that was under way may or may not have happened."""


class PageLoadedAgain(RxConnectError):
    """The page was loaded again before a press, and what was open on it for this press is closed. Nothing was changed."""


class PhotoNotStored(Unavailable):
    """The storage of photos does not answer, or has no room. Nothing of the photo is kept."""


class PhotoNotShown(Unavailable):
    """The storage of photos does not answer. The photo is still there."""


class LedgerBroken(RxConnectError):
    """An invariant of the ledger does not hold. This must never happen."""


class BadFile(RxConnectError):
    """An import file cannot be read. `BadFile("{name} is empty.", name=…)`, as a `Sentence`, which is the `reason`."""

    def __init__(self, reason: str | Sentence, /, **about: Value):
        self.reason = Sentence(reason, **about) if isinstance(reason, str) else reason
        super().__init__(self.reason)


class BadCommand(RxConnectError):
    """An operator's command has an invalid argument. `reason` is a sentence for the operator, in English."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason
