"""The person at the kiosk, their facility, and the conversations that are theirs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.models import Account, Contact, Facility, Inmate


@dataclass(frozen=True, slots=True)
class Here:
    """The person at a kiosk, and the facility that holds them."""

    person: Inmate
    facility: Facility

    @property
    def zone(self) -> str:
        """The time zone of the facility."""
        return self.facility.time_zone


def here(session: Session, actor: Actor) -> Here:
    """The person at the kiosk. Raises `NotAllowed` for any other actor."""
    inmate_id = person_id(actor)
    person = session.get_one(Inmate, inmate_id)
    return Here(person, session.get_one(Facility, person.facility_id))


def person_id(actor: Actor) -> int:
    """The id of the person at the kiosk. Raises `NotAllowed` for any other actor."""
    actor.must(Permission.USE_KIOSK)
    if actor.inmate_id is None:
        raise NotAllowed
    return actor.inmate_id


def contact_of(session: Session, actor: Actor, contact_id: int, *, lock: bool = False) -> tuple[Contact, Account]:
    """A conversation of the person, with the account at its other end. Raises `NotFound` for anybody else's."""
    query = (
        select(Contact, Account)
        .join(Account, Account.id == Contact.account_id)  # type: ignore[arg-type]
        .where(Contact.id == contact_id, Contact.inmate_id == person_id(actor))
    )
    found = session.exec(query.with_for_update(of=Contact) if lock else query).first()
    if found is None:
        raise NotFound("contact")
    return found


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""
