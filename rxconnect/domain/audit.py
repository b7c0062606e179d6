"""The audit: the kinds of acts that are recorded, and what the page for auditors shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import N_, _


class AuditKind(StrEnum):
    """What somebody did. A value is stored and hashed, so it never changes its meaning."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    CONFIRMED = "confirmed password"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - an act
    EMAIL_CHANGED = "email changed"
    FACTOR_CHANGED = "second factor changed"
    QUEUE_SHOWN = "queue shown"
    SEARCHED = "searched"
    FILTER_SAVED = "filter saved"
    FILTER_DELETED = "filter deleted"
    LETTER_OPENED = "letter opened"
    LETTER_BESIDE = "letter beside"
    LETTER_PRINTED = "letter printed"
    LETTER_CLOSED = "letter closed"
    DECIDED = "decided"
    UNDONE = "decision undone"
    COMMITTED = "decision took effect"
    SET_ASIDE = "set aside"
    TAKEN_BACK = "taken back"
    ESCALATED = "escalated"
    RETURNED = "returned to reviewers"
    NOTE_ADDED = "note added"
    CONTACTS_SHOWN = "contacts shown"
    CONTACT_ACCEPTED = "contact accepted"
    CONTACT_BLOCKED = "contact blocked"
    PRINTING_SHOWN = "printing shown"
    BATCH_MADE = "batch made"
    BATCH_SHOWN = "batch shown"
    BATCH_EXPORTED = "batch exported"
    BATCH_CONFIRMED = "batch confirmed"
    REPLY_ENTERED = "reply entered"
    FIGURES_SHOWN = "figures shown"
    FINANCE_SHOWN = "finance shown"
    FINANCE_EXPORTED = "finance exported"
    LEDGER_SHOWN = "ledger shown"
    RECEIPT_SHOWN = "receipt shown"
    REFUND_MADE = "refund made"
    RULES_SHOWN = "rules shown"
    RULE_CHANGED = "rule changed"
    SCREENING_CHANGED = "screening changed"
    SETTINGS_SHOWN = "settings shown"
    SETTING_CHANGED = "setting changed"
    ROSTERS_SHOWN = "rosters shown"
    ROSTER_UPLOADED = "roster uploaded"
    ROSTER_PREVIEWED = "roster previewed"
    ROSTER_IMPORT_BEGUN = "roster import begun"
    ROSTER_IMPORTED = "roster imported"
    LANGUAGES_CHANGED = "languages changed"
    TEAM_SHOWN = "team shown"
    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation withdrawn"
    POST_GIVEN = "post given"
    ROLE_CHANGED = "role changed"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REMOVED = "removed"
    LETTER_READ_AGAIN = "letter read again"
    READINGS_SHOWN = "second readings shown"
    READING_GIVEN = "second reading given"
    READING_LEFT = "second reading left"
    DISAGREEMENTS_SHOWN = "disagreements shown"
    DISAGREEMENT_JUDGED = "disagreement judged"
    QUALITY_SHOWN = "quality shown"
    WARM_UP_SHOWN = "warm-up shown"
    WARM_UP_BEGUN = "warm-up begun"
    WARM_UP_ANSWERED = "warm-up answered"
    WARM_UP_ENDED = "warm-up ended"
    WARM_UP_SKIPPED = "warm-up skipped"
    AUDIT_SHOWN = "audit shown"
    AUDIT_EXPORTED = "audit exported"
    REPORT_SHOWN = "report shown"
    REPORT_ASKED = "report asked"
    REPORT_EXPORTED = "report exported"
    RECORDS_EXPORTED = "records exported"
    LAWYERS_SHOWN = "lawyers shown"
    LAWYER_VERIFIED = "lawyer verified"
    LAWYER_REFUSED = "lawyer refused"
    LAWYER_ENDED = "lawyer ended"
    PRIVILEGED_SHOWN = "privileged shown"
    SEALED_MADE = "sealed batch made"
    SEALED_SHOWN = "sealed batch shown"
    SEALED_EXPORTED = "sealed batch exported"
    SEALED_CONFIRMED = "sealed batch confirmed"
    LETTER_SEALED = "letter printed sealed"
    GLASS_ASKED = "opening asked"
    GLASS_AGREED = "opening agreed"
    GLASS_DECLINED = "opening declined"
    PRIVILEGED_READ = "privileged letter read"
    PRIVILEGED_PHOTO = "privileged photo seen"
    KIOSKS_SHOWN = "kiosks shown"
    KIOSK_MADE = "kiosk made"
    KIOSK_RENEWED = "kiosk renewed"
    KIOSK_ENTERED = "kiosk entered"
    KIOSK_REVOKED = "kiosk revoked"
    PIN_LOOKED_UP = "pin looked up"
    PIN_SET = "pin set"
    PIN_UNLOCKED = "pin unlocked"

    @property
    def label(self) -> str:
        """The act as staff read it, after a name."""
        return _(_KINDS[self])


_KINDS = {
    AuditKind.SIGNED_IN: N_("Signed in"),
    AuditKind.SIGNED_OUT: N_("Signed out"),
    AuditKind.CONFIRMED: N_("Gave password and second step again"),
    AuditKind.PASSWORD_CHANGED: N_("Changed the password"),
    AuditKind.EMAIL_CHANGED: N_("Changed the email address"),
    AuditKind.FACTOR_CHANGED: N_("Changed the second step of the sign-in"),
    AuditKind.QUEUE_SHOWN: N_("Saw the queue"),
    AuditKind.SEARCHED: N_("Searched the queue"),
    AuditKind.FILTER_SAVED: N_("Saved a filter"),
    AuditKind.FILTER_DELETED: N_("Deleted a filter"),
    AuditKind.LETTER_OPENED: N_("Opened a letter"),
    AuditKind.LETTER_BESIDE: N_("Saw a letter beside another"),
    AuditKind.LETTER_PRINTED: N_("Had a letter in a PDF to print"),
    AuditKind.LETTER_CLOSED: N_("Closed a letter"),
    AuditKind.DECIDED: N_("Decided a letter"),
    AuditKind.UNDONE: N_("Undid a decision"),
    AuditKind.COMMITTED: N_("A decision took effect"),
    AuditKind.SET_ASIDE: N_("Set a letter aside"),
    AuditKind.TAKEN_BACK: N_("Took a letter back"),
    AuditKind.ESCALATED: N_("Escalated a letter"),
    AuditKind.RETURNED: N_("Returned a letter to the reviewers"),
    AuditKind.NOTE_ADDED: N_("Added an internal note"),
    AuditKind.CONTACTS_SHOWN: N_("Saw the contacts"),
    AuditKind.CONTACT_ACCEPTED: N_("Accepted a contact"),
    AuditKind.CONTACT_BLOCKED: N_("Blocked a contact"),
    AuditKind.PRINTING_SHOWN: N_("Saw what is printed"),
    AuditKind.BATCH_MADE: N_("Made a batch to print"),
    AuditKind.BATCH_SHOWN: N_("Saw a batch"),
    AuditKind.BATCH_EXPORTED: N_("Made the PDF of a batch"),
    AuditKind.BATCH_CONFIRMED: N_("Confirmed a batch as handed over"),
    AuditKind.REPLY_ENTERED: N_("Entered a reply from paper"),
    AuditKind.FIGURES_SHOWN: N_("Saw the figures"),
    AuditKind.FINANCE_SHOWN: N_("Saw the finances"),
    AuditKind.FINANCE_EXPORTED: N_("Exported the finances"),
    AuditKind.LEDGER_SHOWN: N_("Saw the ledger"),
    AuditKind.RECEIPT_SHOWN: N_("Looked a receipt up"),
    AuditKind.REFUND_MADE: N_("Made a refund"),
    AuditKind.RULES_SHOWN: N_("Saw the rules"),
    AuditKind.RULE_CHANGED: N_("Wrote, tried or switched a rule"),
    AuditKind.SCREENING_CHANGED: N_("Changed how letters are screened"),
    AuditKind.SETTINGS_SHOWN: N_("Saw the settings"),
    AuditKind.SETTING_CHANGED: N_("Changed a setting"),
    AuditKind.ROSTERS_SHOWN: N_("Saw the imports of rosters"),
    AuditKind.ROSTER_UPLOADED: N_("Uploaded a roster"),
    AuditKind.ROSTER_PREVIEWED: N_("Saw what a roster would change"),
    AuditKind.ROSTER_IMPORT_BEGUN: N_("Began to import a roster"),
    AuditKind.ROSTER_IMPORTED: N_("Imported a roster"),
    AuditKind.LANGUAGES_CHANGED: N_("Changed the languages they read"),
    AuditKind.TEAM_SHOWN: N_("Saw the team"),
    AuditKind.INVITED: N_("Invited somebody to the staff"),
    AuditKind.INVITATION_WITHDRAWN: N_("Withdrew an invitation"),
    AuditKind.POST_GIVEN: N_("Somebody was given a role"),
    AuditKind.ROLE_CHANGED: N_("Changed a role"),
    AuditKind.SUSPENDED: N_("Suspended a member of staff"),
    AuditKind.REINSTATED: N_("Reinstated a member of staff"),
    AuditKind.REMOVED: N_("Removed a member of staff"),
    AuditKind.LETTER_READ_AGAIN: N_("Opened a letter for a second reading"),
    AuditKind.READINGS_SHOWN: N_("Saw the page of second readings"),
    AuditKind.READING_GIVEN: N_("Gave a second reading"),
    AuditKind.READING_LEFT: N_("Left a second reading to others"),
    AuditKind.DISAGREEMENTS_SHOWN: N_("Saw the readings that disagree"),
    AuditKind.DISAGREEMENT_JUDGED: N_("Judged two readings that disagree"),
    AuditKind.QUALITY_SHOWN: N_("Saw how well readings agree"),
    AuditKind.WARM_UP_SHOWN: N_("Saw the page of the warm-up"),
    AuditKind.WARM_UP_BEGUN: N_("Began a warm-up"),
    AuditKind.WARM_UP_ANSWERED: N_("Answered a letter of a warm-up"),
    AuditKind.WARM_UP_ENDED: N_("Ended a warm-up"),
    AuditKind.WARM_UP_SKIPPED: N_("Skipped the warm-up"),
    AuditKind.AUDIT_SHOWN: N_("Looked at the audit"),
    AuditKind.AUDIT_EXPORTED: N_("Exported the audit"),
    AuditKind.REPORT_SHOWN: N_("Saw a report"),
    AuditKind.REPORT_ASKED: N_("Asked for the PDF of a report"),
    AuditKind.REPORT_EXPORTED: N_("Downloaded a report"),
    AuditKind.RECORDS_EXPORTED: N_("Exported letters without words and names, for a public-records request"),
    AuditKind.LAWYERS_SHOWN: N_("Saw the lawyers"),
    AuditKind.LAWYER_VERIFIED: N_("Verified a lawyer"),
    AuditKind.LAWYER_REFUSED: N_("Did not accept somebody as a lawyer"),
    AuditKind.LAWYER_ENDED: N_("Ended the verification of a lawyer"),
    AuditKind.PRIVILEGED_SHOWN: N_("Saw when privileged letters were sent"),
    AuditKind.SEALED_MADE: N_("Made a batch of privileged letters"),
    AuditKind.SEALED_SHOWN: N_("Saw a batch of privileged letters"),
    AuditKind.SEALED_EXPORTED: N_("Made the PDF of a batch of privileged letters"),
    AuditKind.SEALED_CONFIRMED: N_("Confirmed privileged letters as handed over"),
    AuditKind.LETTER_SEALED: N_("Had a privileged letter in a PDF to print and seal"),
    AuditKind.GLASS_ASKED: N_("Asked to open a privileged letter"),
    AuditKind.GLASS_AGREED: N_("Agreed to open a privileged letter"),
    AuditKind.GLASS_DECLINED: N_("Declined to open a privileged letter"),
    AuditKind.PRIVILEGED_READ: N_("Read a privileged letter"),
    AuditKind.PRIVILEGED_PHOTO: N_("Saw a photo in a privileged letter"),
    AuditKind.KIOSKS_SHOWN: N_("Saw the kiosks"),
    AuditKind.KIOSK_MADE: N_("Set up a kiosk"),
    AuditKind.KIOSK_RENEWED: N_("Made a new code for a kiosk"),
    AuditKind.KIOSK_ENTERED: N_("Made a tablet a kiosk, when its code was entered there"),
    AuditKind.KIOSK_REVOKED: N_("Took a kiosk out of use"),
    AuditKind.PIN_LOOKED_UP: N_("Looked up whether somebody has a PIN"),
    AuditKind.PIN_SET: N_("Gave somebody a new PIN"),
    AuditKind.PIN_UNLOCKED: N_("Let somebody try their PIN again"),
}


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What an auditor looks for. Empty fields do not limit it: 0 for ids, "" for `kind`, None for the `day`, which is the facility's."""

    account_id: int = 0
    kind: str = ""
    day: date | None = None
    message_id: int = 0

    @classmethod
    def parse(cls, person: str = "", kind: str = "", day: str = "", letter: str = "") -> AuditSearch:
        """The search that a form or an address describes. What is no value of a field does not limit the search."""
        return cls(
            whole_number(person) or 0,
            kind if kind in list(AuditKind) else "",
            _day(day),
            whole_number(letter) or 0,
        )

    @property
    def fields(self) -> dict[str, str]:
        """The fields that limit it, as `parse` takes them."""
        named = {
            "person": str(self.account_id or ""),
            "kind": self.kind,
            "day": self.day.isoformat() if self.day else "",
            "letter": str(self.message_id or ""),
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A row of the chain as an auditor reads it: its sequence as `number`, `details` in words, and the hash's beginning.

    Of `times` rows that are shown as one (`folded`), `number` and `hash` are those of the newest, and `first` is the number
    of the oldest.
    """

    number: int
    at: str
    person: str
    role: str
    what: str
    letter: str
    details: str
    hash: str
    first: int = 0
    times: int = 1


def folded(lines: Iterable[AuditLine]) -> list[AuditLine]:
    """The lines, newest first, with those as one that only say which letters a person saw beside the one that they opened."""
    beside, found = AuditKind.LETTER_BESIDE.label, list[AuditLine]()
    for line in lines:
        last = found[-1] if found else None
        if last and line.what == beside and _who(line) == _who(last):
            found[-1] = replace(last, letter=f"{last.letter}, {line.letter}", first=line.number, times=last.times + 1)
        else:
            found.append(line)
    return found


def _who(line: AuditLine) -> tuple[str, ...]:
    return line.what, line.person, line.role, line.details, line.at


@dataclass(frozen=True, slots=True)
class AuditView:
    """A page of a facility's chain, the newest rows first. `next` is 0 when there is no further page."""

    facility_id: int
    facility: str
    facilities: list[tuple[int, str]]
    people: list[tuple[str, str]]
    lines: list[AuditLine]
    next: int
    head: str


def _day(text: str) -> date | None:
    """The day; None for anything else, also for the first and last days of Python's calendar, which end outside of it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None
