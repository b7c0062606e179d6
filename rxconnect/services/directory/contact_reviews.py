"""Reviews of contacts: staff accept a new contact where their facility asks for it, and block letters between two people.

The person in custody may block a sender too.

Each review is about an account, a person and a facility. Without a row, letters are allowed. While the account is a verified lawyer,
no review holds, and staff do not see the pair: whether somebody may write to their lawyer is not for the mail room to decide.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from rxconnect.db import add_once
from rxconnect.domain import clock, dates, refusals
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.contacts import REASON_MAX, ContactReviewView, ContactState
from rxconnect.domain.errors import BlockedByPerson, ContactBlocked, ContactWaiting, Invalid, NotFound
from rxconnect.domain.messages import Lane
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.live import publish
from rxconnect.models import Account, Contact, ContactReview, Facility, Inmate
from rxconnect.services.audit.recording import record
from rxconnect.services.lawyers import verifications

_SHOWN = 200
# Built once, since building it takes longer than running it.
_BLOCKED_BY_PERSON = select(Contact.id).where(
    Contact.account_id == bindparam("account"),
    Contact.inmate_id == bindparam("person"),
    col(Contact.blocked_at).is_not(None),
)


def ask_if_needed(session: Session, account_id: int, inmate: Inmate, facility: Facility) -> None:
    """Let a new contact wait for staff, if the facility asks for it. Does nothing if it was reviewed before.

    That of a verified lawyer waits too: it is ignored while the verification holds, and reviewed after it.
    """
    assert inmate.id is not None
    assert facility.id is not None
    if not facility.asks_for_contacts:
        return
    row = ContactReview(account_id=account_id, inmate_id=inmate.id, facility_id=facility.id, state=ContactState.WAITING)
    if add_once(session, row):
        publish(session, Topic(Subject.DESK, facility.id))


def state_of(session: Session, account_id: int, inmate: Inmate) -> tuple[ContactState, str]:
    """Whether letters to a person are allowed at their present facility, and the staff's reason for a block."""
    row = session.get(ContactReview, (account_id, inmate.id, inmate.facility_id))
    if row is None or _is_lawyer(session, account_id, inmate.facility_id):
        return ContactState.ACCEPTED, ""
    return ContactState(row.state), row.reason


def require_allowed(session: Session, account_id: int, inmate: Inmate, facility: Facility) -> None:
    """Raise `ContactWaiting`, `ContactBlocked` or `BlockedByPerson` unless letters to the person are allowed and wanted."""
    state, reason = state_of(session, account_id, inmate)
    if state is ContactState.WAITING:
        raise ContactWaiting(facility.name)
    if state is ContactState.BLOCKED:
        raise ContactBlocked(facility.name, reason)
    # Whom to hear from is the person's own choice, also of lawyers. Staff do not see it, and cannot lift it.
    if session.exec(_BLOCKED_BY_PERSON, params={"account": account_id, "person": inmate.id}).first():
        raise BlockedByPerson(inmate.full_name)


def block_sender(session: Session, contact: Contact) -> None:
    """The person in custody wants no more letters from a contact's account. Those that were sent already still arrive."""
    contact.blocked_at = contact.blocked_at or clock.now()
    publish(session, Topic(Subject.THREADS, contact.account_id))


def unblock_sender(session: Session, contact: Contact) -> None:
    """The person in custody wants letters from a contact's account again."""
    contact.blocked_at = None
    publish(session, Topic(Subject.THREADS, contact.account_id))


def why_not(session: Session, account_id: int, inmate: Inmate, facility: Facility) -> str:
    """Why letters to the person are not allowed, as its family reads it; "" if they are."""
    try:
        require_allowed(session, account_id, inmate, facility)
    except (ContactWaiting, ContactBlocked, BlockedByPerson) as error:
        return refusals.sentence(error)
    return ""


def waiting(session: Session, actor: Actor) -> list[ContactReviewView]:
    """The contacts that wait at the actor's facilities, the oldest first."""
    return _views(session, actor, ContactState.WAITING)


def blocked(session: Session, actor: Actor) -> list[ContactReviewView]:
    """The blocked pairs of the actor's facilities, the oldest first."""
    return _views(session, actor, ContactState.BLOCKED)


def accept(session: Session, actor: Actor, account_id: int, inmate_id: int, facility_id: int) -> None:
    """Accept a contact that waits, or lift a block. Raises `NotFound` and `NotAllowed`."""
    _decide(session, actor, (account_id, inmate_id, facility_id), ContactState.ACCEPTED, "")


def block(session: Session, actor: Actor, account_id: int, inmate_id: int, facility_id: int, reason: str) -> None:
    """Block letters from an account to a person at a facility. The family reads the reason.

    Letters that wait already are decided as usual. Raises `Invalid` (reason), `NotFound` and `NotAllowed`.
    """
    reason = one_line(reason)
    if not reason:
        raise Invalid(reason=Problem.BLOCK_REASON_MISSING())
    if len(reason) > REASON_MAX:
        raise Invalid(reason=Problem.TOO_LONG(most=REASON_MAX, length=len(reason)))
    key = (account_id, inmate_id, facility_id)
    if facility_id in actor.must(Permission.BLOCK_CONTACTS) and _is_contact_there(session, *key):
        add_once(
            session,
            ContactReview(
                account_id=account_id, inmate_id=inmate_id, facility_id=facility_id, state=ContactState.ACCEPTED
            ),
        )
    _decide(session, actor, key, ContactState.BLOCKED, reason)


def _decide(session: Session, actor: Actor, key: tuple[int, int, int], state: ContactState, reason: str) -> None:
    account_id, inmate_id, facility_id = key
    if facility_id not in actor.must(Permission.BLOCK_CONTACTS) or _is_lawyer(session, account_id, facility_id):
        raise NotFound("contact")
    mine = (
        col(ContactReview.account_id) == account_id,
        col(ContactReview.inmate_id) == inmate_id,
        col(ContactReview.facility_id) == facility_id,
    )
    decided = {"state": state, "reason": reason, "decided_at": clock.now(), "decided_by_account_id": actor.account_id}
    if not session.exec(update(ContactReview).where(*mine).values(**decided)).rowcount:
        raise NotFound("contact")
    kind = AuditKind.CONTACT_BLOCKED if state is ContactState.BLOCKED else AuditKind.CONTACT_ACCEPTED
    record(session, actor, facility_id, kind, family=account_id, person=inmate_id)
    publish(session, Topic(Subject.DESK, facility_id))
    publish(session, Topic(Subject.THREADS, account_id))


def _is_lawyer(session: Session, account_id: int, facility_id: int) -> bool:
    return verifications.lane_of(session, account_id, facility_id) is Lane.PRIVILEGED


def _is_contact_there(session: Session, account_id: int, inmate_id: int, facility_id: int) -> bool:
    found = (
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.account_id == account_id, Contact.inmate_id == inmate_id, Inmate.facility_id == facility_id)
    )
    return session.exec(found).first() is not None


def _views(session: Session, actor: Actor, state: ContactState) -> list[ContactReviewView]:
    query: Any = (
        select(ContactReview, Account, Inmate, Facility)
        .join(Account, col(Account.id) == ContactReview.account_id)
        .join(Inmate, col(Inmate.id) == ContactReview.inmate_id)
        .join(Facility, col(Facility.id) == ContactReview.facility_id)
        .where(col(ContactReview.facility_id).in_(actor.must(Permission.BLOCK_CONTACTS)), ContactReview.state == state)
        .where(~verifications.is_verified(col(ContactReview.account_id), col(ContactReview.facility_id)))
        .order_by(col(ContactReview.asked_at))
        .limit(_SHOWN)
    )
    return [
        ContactReviewView(
            key=f"{row.account_id}-{row.inmate_id}-{row.facility_id}",
            account_id=row.account_id,
            inmate_id=row.inmate_id,
            facility_id=row.facility_id,
            facility=facility.name,
            family=account.name,
            person=inmate.full_name,
            number=inmate.number,
            asked=dates.ago(row.asked_at),
            reason=row.reason,
        )
        for row, account, inmate, facility in session.exec(query)
    ]
