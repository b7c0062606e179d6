"""PINs of people in custody: staff set the first one, which the person replaces at once. Nobody can read one later."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import NAME_MAX, Actor, ActorKind, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.inmates import Custody
from rxconnect.domain.kiosk import NUMBER_MAX, NewPin, PersonView, new_pin
from rxconnect.domain.problems import Problem
from rxconnect.i18n import _
from rxconnect.models import Account, Inmate, KioskPerson, SignIn
from rxconnect.search.normalise import number_key
from rxconnect.services.accounts import passwords, tokens
from rxconnect.services.audit.recording import record
from rxconnect.services.kiosk import guesses


def find(session: Session, actor: Actor, facility_id: int, number: str) -> PersonView:
    """The person held at the facility under this inmate number, and what is known of their PIN.

    Raises `NotAllowed`, `PasswordNeeded`, `NotFound` or `Invalid(number=…)`.
    """
    _must_set_pins(actor, facility_id)
    if not number.strip():
        raise Invalid(number=Problem.INMATE_NUMBER_MISSING())
    person = _held(session, facility_id, number)
    record(session, actor, facility_id, AuditKind.PIN_LOOKED_UP, subject=f"inmate {person.id}")
    return _view(session, person)


def give(session: Session, actor: Actor, facility_id: int, inmate_id: int) -> NewPin:
    """Give a person a new PIN, which they replace at their next sign-in, and end their sign-in at a kiosk.

    Raises `NotAllowed`, `PasswordNeeded` or `NotFound`.
    """
    _must_set_pins(actor, facility_id)
    person = _held_by_id(session, facility_id, inmate_id)
    record(session, actor, facility_id, AuditKind.PIN_SET, subject=f"inmate {inmate_id}")
    return _give(session, person)


def give_by_number(session: Session, actor: Actor, facility_id: int, number: str) -> NewPin:
    """As `give`, for the person with this inmate number."""
    _must_set_pins(actor, facility_id)
    person = _held(session, facility_id, number)
    record(session, actor, facility_id, AuditKind.PIN_SET, subject=f"inmate {person.id}")
    return _give(session, person)


def unlock(session: Session, actor: Actor, facility_id: int, inmate_id: int) -> PersonView:
    """Let a person try again at once, whatever was tried wrong before. Raises `NotAllowed`, `PasswordNeeded` or `NotFound`."""
    _must_set_pins(actor, facility_id)
    person = _held_by_id(session, facility_id, inmate_id)
    guesses.unlock(session, facility_id, person.number_key)
    record(session, actor, facility_id, AuditKind.PIN_UNLOCKED, subject=f"inmate {inmate_id}")
    return _view(session, person)


def set_for_demonstration(session: Session, facility_id: int, number: str, pin: str) -> Actor:
    """Set the published PIN of an invented person, which need not be replaced. Returns the person's actor."""
    person = _held(session, facility_id, number)
    row = _store(session, person, pin, is_first=False)
    account = session.get_one(Account, row.account_id)
    account.is_demo = True
    return Actor(row.account_id, account.name, "", ActorKind.KIOSK, inmate_id=person.id)


def peppered(inmate_id: int, pin: str) -> str:
    """What is hashed of a PIN. Whoever has the database alone cannot try all PINs, as our key is not in it."""
    return tokens.keyed_hash("pin", f"{inmate_id} {pin}")


def _must_set_pins(actor: Actor, facility_id: int) -> None:
    """Only staff with this permission, and operators at the command line, who act as the system."""
    if actor.kind is not ActorKind.SYSTEM and facility_id not in actor.must(Permission.SET_PINS):
        raise NotAllowed


def _held(session: Session, facility_id: int, number: str) -> Inmate:
    key = number_key(number[: 2 * NUMBER_MAX])
    person = session.exec(select(Inmate).where(Inmate.facility_id == facility_id, Inmate.number_key == key)).first()
    return _require_held(person)


def _held_by_id(session: Session, facility_id: int, inmate_id: int) -> Inmate:
    person = session.get(Inmate, inmate_id)
    return _require_held(person if person is not None and person.facility_id == facility_id else None)


def _require_held(person: Inmate | None) -> Inmate:
    if person is None or person.custody != Custody.HELD.value:
        raise NotFound("inmate")
    return person


def _give(session: Session, person: Inmate) -> NewPin:
    pin = new_pin(person.number)
    _store(session, person, pin, is_first=True)
    guesses.unlock(session, person.facility_id, person.number_key)
    return NewPin(person.full_name, person.number, pin)


def _store(session: Session, person: Inmate, pin: str, *, is_first: bool) -> KioskPerson:
    assert person.id is not None
    # About 20 ms. Staff set PINs one at a time, so holding the transaction for it harms nobody.
    pin_hash = passwords.hash_password(peppered(person.id, pin))
    row = session.get(KioskPerson, person.id, with_for_update=True)
    if row is None:
        row = KioskPerson(inmate_id=person.id, account_id=_add_account(session, person), pin_hash=pin_hash)
        session.add(row)
    row.pin_hash, row.is_first, row.set_at = pin_hash, is_first, clock.now()
    ended = update(SignIn).where(col(SignIn.account_id) == row.account_id, col(SignIn.ended_at).is_(None))
    session.exec(ended.values(ended_at=clock.now()))
    session.flush()
    return row


def _add_account(session: Session, person: Inmate) -> int:
    """The account of a person in custody. What stands for its email is no address, so no form of families finds it."""
    account = Account(
        email=f"kiosk:{person.id}", name=person.full_name[:NAME_MAX], password_hash="", kind=ActorKind.KIOSK
    )
    session.add(account)
    session.flush()
    assert account.id is not None
    return account.id


def _view(session: Session, person: Inmate) -> PersonView:
    assert person.id is not None
    row = session.get(KioskPerson, person.id)
    return PersonView(
        inmate_id=person.id,
        name=person.full_name,
        number=person.number,
        housing=person.housing,
        pin=_pin_in_words(row),
        has_pin=row is not None,
        is_slowed=guesses.is_slowed(session, person.facility_id, person.number_key),
    )


def _pin_in_words(row: KioskPerson | None) -> str:
    if row is None:
        return _("No PIN yet")
    if row.is_first:
        return _("First PIN, set {when} and not used yet").format(when=dates.ago(row.set_at))
    return _("Own PIN, chosen {when}").format(when=dates.ago(row.set_at))
