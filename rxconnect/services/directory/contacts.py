"""Contacts: the people an account may write to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from rxconnect.db import add_once
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.facilities import short_name
from rxconnect.domain.fates import FateView
from rxconnect.domain.inmates import Custody
from rxconnect.domain.removals import RemovalKind, RemovalView
from rxconnect.models import Contact, Facility, Inmate, InmateAbsence
from rxconnect.search.normalise import name_key
from rxconnect.services.directory import contact_reviews, fates, tickets
from rxconnect.services.directory.facilities import add_location, require_location
from rxconnect.services.directory.inmates import custody_label
from rxconnect.services.money import wallets
from rxconnect.services.removals import removals

# Built once, since building it takes longer than running it.
_ANY = select(Contact.id).where(Contact.account_id == bindparam("owner"), col(Contact.removed_at).is_(None)).limit(1)


def add_at_my_location(session: Session, actor: Actor, inmate_id: int) -> ContactView:
    """Make a person at one of the actor's locations a contact. Adding twice changes nothing; a removed contact comes
    back.

    Raises `NotAllowed`, and `NotFound` for a person elsewhere, so that a client cannot learn where people are by trying
    ids.
    """
    if not actor.may(Permission.FIND_PEOPLE):
        raise NotAllowed
    inmate = session.get(Inmate, inmate_id)
    if inmate is None:
        raise NotFound("person")
    facility = _facility_of(session, actor, inmate)
    is_new = add_once(session, Contact(account_id=actor.account_id, inmate_id=inmate_id))
    mine = select(Contact).where(Contact.account_id == actor.account_id, Contact.inmate_id == inmate_id)
    contact = session.exec(mine).one()
    if contact.removed_at:
        contact.removed_at = None
        removals.settle(session, actor.account_id, RemovalKind.CONTACT, contact.id or 0)
    session.flush()
    if is_new:
        contact_reviews.ask_if_needed(session, actor.account_id, inmate, facility)
    return _view(session, contact, inmate, facility, session.get(InmateAbsence, inmate_id))


def add_by_ticket(session: Session, actor: Actor, ticket: str) -> ContactView:
    """Make the person of a search result a contact, and add their facility to the actor's locations.

    Raises `NotAllowed`, and the errors of `tickets.inmate_of`.
    """
    inmate = session.get(Inmate, tickets.inmate_of(actor, ticket))
    if inmate is None or inmate.id is None:
        raise NotFound("person")
    add_location(session, actor, inmate.facility_id)
    return add_at_my_location(session, actor, inmate.id)


def my_contacts(session: Session, actor: Actor) -> list[ContactView]:
    """The actor's contacts: favourites first, then by last and first name."""
    by_name = sorted(
        _my_rows(session, actor), key=lambda row: (name_key(row[1].last_name), name_key(row[1].first_name))
    )
    return [_view(session, *row) for row in sorted(by_name, key=lambda row: row[0].favourite_at is None)]


def mark_favourite(session: Session, actor: Actor, contact_id: int, *, is_favourite: bool) -> None:
    """Mark one of the actor's contacts as a favourite, or as none. Doing it twice changes nothing more. Raises `NotFound`."""
    contact = _my_contact(session, actor, contact_id)
    contact.favourite_at = (contact.favourite_at or clock.now()) if is_favourite else None
    session.flush()


def news(session: Session, actor: Actor) -> list[FateView]:
    """What is new about the actor's contacts: who was released or moved, is missing from the list, or back on it."""
    found = []
    for contact, inmate, facility, absence in _my_rows(session, actor):
        fate = fates.fate(session, contact, inmate, facility, absence)
        if fates.is_new(inmate, absence, fate):
            found.append(FateView(contact.id or 0, inmate.full_name, fate.label, fate.note))
    return found


def has_any(session: Session, actor: Actor) -> bool:
    """Whether the actor has at least one contact."""
    return session.connection().execute(_ANY, {"owner": actor.account_id}).first() is not None


def get(session: Session, actor: Actor, contact_id: int) -> ContactView:
    """One of the actor's contacts. Raises `NotFound`, also for a removed contact."""
    return _view_of(session, _my_contact(session, actor, contact_id))


def get_even_removed(session: Session, actor: Actor, contact_id: int) -> ContactView:
    """One of the actor's contacts, also a removed one, since its conversation stays. Raises `NotFound`."""
    return _view_of(session, _my_contact(session, actor, contact_id, also_removed=True))


def remove(session: Session, actor: Actor, contact_id: int) -> RemovalView:
    """Take a person off the actor's contacts, which can be undone. The row stays, and with it the conversation.

    Raises `NotFound`.
    """
    contact = _my_contact(session, actor, contact_id)
    contact.removed_at = clock.now()
    session.flush()
    name = session.get_one(Inmate, contact.inmate_id).full_name
    return removals.add(session, actor, RemovalKind.CONTACT, contact_id, name=name)


def restore(session: Session, actor: Actor, contact_id: int) -> None:
    """Undo the removal of a contact. Raises `NotFound`."""
    _my_contact(session, actor, contact_id, also_removed=True).removed_at = None
    session.flush()


def add_again(session: Session, actor: Actor, contact_id: int) -> ContactView:
    """Make a person whose conversation the actor has a contact again, and their facility one of the actor's locations.

    Raises `NotAllowed` and `NotFound`.
    """
    contact = _my_contact(session, actor, contact_id, also_removed=True)
    add_location(session, actor, session.get_one(Inmate, contact.inmate_id).facility_id)
    return add_at_my_location(session, actor, contact.inmate_id)


def _my_rows(session: Session, actor: Actor) -> Sequence[tuple[Contact, Inmate, Facility, InmateAbsence | None]]:
    return session.exec(
        select(Contact, Inmate, Facility, InmateAbsence)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Facility, col(Facility.id) == Inmate.facility_id)
        .join(InmateAbsence, col(InmateAbsence.inmate_id) == Inmate.id, isouter=True)
        .where(Contact.account_id == actor.account_id, col(Contact.removed_at).is_(None))
        .order_by(col(Contact.id))
    ).all()


def _view_of(session: Session, contact: Contact) -> ContactView:
    inmate = session.get_one(Inmate, contact.inmate_id)
    facility = session.get_one(Facility, inmate.facility_id)
    return _view(session, contact, inmate, facility, session.get(InmateAbsence, contact.inmate_id))


def _my_contact(session: Session, actor: Actor, contact_id: int, *, also_removed: bool = False) -> Contact:
    mine = select(Contact).where(Contact.id == contact_id, Contact.account_id == actor.account_id)
    contact = session.exec(mine).first()
    if contact is None or (contact.removed_at and not also_removed):
        raise NotFound("contact")
    return contact


def _facility_of(session: Session, actor: Actor, inmate: Inmate) -> Facility:
    try:
        return require_location(session, actor, inmate.facility_id)
    except NotFound:
        raise NotFound("person") from None


def _view(
    session: Session, contact: Contact, inmate: Inmate, facility: Facility, absence: InmateAbsence | None
) -> ContactView:
    assert contact.id is not None
    assert facility.id is not None
    fate = fates.fate(session, contact, inmate, facility, absence)
    return ContactView(
        id=contact.id,
        name=inmate.full_name,
        first_name=inmate.called,
        initials=(inmate.first_name[:1] + inmate.last_name[:1]).upper(),
        number=inmate.number,
        facility_id=facility.id,
        facility_key=facility.key,
        facility=facility.name,
        facility_short=short_name(facility.name),
        credits=wallets.balance(session, contact.account_id, facility.id),
        is_reachable=inmate.custody == Custody.HELD and contact.removed_at is None,
        is_removed=contact.removed_at is not None,
        custody_label=custody_label(inmate),
        fate_label=fate.label,
        fate_note=fate.note,
        is_favourite=contact.favourite_at is not None,
        blocked_by_staff=contact_reviews.why_not(session, contact.account_id, inmate, facility),
    )
