"""Kiosks and people in custody who use them, put straight into the database: hashing a PIN is slow on purpose."""

from __future__ import annotations

import itertools
from datetime import timedelta

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.clock import now
from rxconnect.domain.inmates import Person
from rxconnect.models import Account, Inmate, KioskDevice, KioskPerson, SignIn
from rxconnect.services.accounts import tokens
from rxconnect.services.directory import inmates
from rxconnect.services.kiosk import devices, sign_ins

_count = itertools.count(1)


def add_device(facility_id: int, name: str = "B") -> str:
    """A kiosk whose code was entered, with a name that is the same in every language. Returns the token of its cookie."""
    token = tokens.new_token()
    with db.transaction() as session:
        _device(session, facility_id, token, name)
    return token


def add_person(inmate_id: int, pin_hash: str = "none", *, is_first: bool = False) -> Actor:
    """The account of a person in custody who has a PIN. It can sign in only with the hash of one."""
    with db.transaction() as session:
        return _person(session, session.get_one(Inmate, inmate_id), pin_hash, is_first)


def add_crowd(facility_id: int, first_names: list[str]) -> list[Actor]:
    """Many people with these first names, in one transaction, each with an account."""
    with db.transaction() as session:
        rows = [Person(number=name, first_name=name, last_name="Doe") for name in first_names]
        inmates.add_to_roster(session, facility_id, rows)
        held = session.exec(select(Inmate).where(Inmate.facility_id == facility_id).order_by(Inmate.id)).all()
        return [_person(session, inmate, "none", is_first=False) for inmate in held]


def sign_in(*people: Actor) -> list[str]:
    """Sign people of one facility in, each at a new kiosk. Returns the tokens of the kiosk's cookie."""
    found = [tokens.new_token() for _ in people]
    with db.transaction() as session:
        facility_id = session.exec(select(Inmate.facility_id).where(Inmate.id == people[0].inmate_id)).one()
        for person, token in zip(people, found, strict=True):
            device = _device(session, facility_id, tokens.new_token(), "B")
            row = SignIn(token_hash=sign_ins.hash_token(token), account_id=person.account_id, kiosk_device_id=device.id)
            row.expires_at = now() + timedelta(days=30)
            session.add(row)
    return found


def _person(session: Session, inmate: Inmate, pin_hash: str, is_first: bool) -> Actor:
    account = Account(email=f"kiosk:{inmate.id}", name=inmate.full_name, password_hash="", kind=ActorKind.KIOSK)
    session.add(account)
    session.flush()
    session.add(KioskPerson(inmate_id=inmate.id, account_id=account.id, pin_hash=pin_hash, is_first=is_first))
    return Actor(account.id or 0, inmate.full_name, "", ActorKind.KIOSK, inmate_id=inmate.id)


def _device(session: Session, facility_id: int, token: str, name: str) -> KioskDevice:
    row = KioskDevice(
        facility_id=facility_id, name=f"{name}-{next(_count)}", token_hash=devices.hash_token(token), entered_at=now()
    )
    session.add(row)
    session.flush()
    return row
