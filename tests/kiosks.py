"""Kiosks and people in custody who use them, put straight into the database: hashing a PIN is slow on purpose."""

from __future__ import annotations

import itertools
from datetime import timedelta

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.clock import now
from rxconnect.models import Account, Inmate, KioskDevice, KioskPerson, SignIn
from rxconnect.services.accounts import tokens
from rxconnect.services.kiosk import devices, sign_ins

_count = itertools.count(1)


def add_device(facility_id: int, name: str = "Day room") -> str:
    """A kiosk whose code was entered. Returns the token of its cookie."""
    token = tokens.new_token()
    with db.transaction() as session:
        _device(session, facility_id, token, name)
    return token


def add_person(inmate_id: int, pin_hash: str = "none", *, is_first: bool = False) -> Actor:
    """The account of a person in custody who has a PIN. It can sign in only with the hash of one."""
    with db.transaction() as session:
        inmate = session.get_one(Inmate, inmate_id)
        account = Account(email=f"kiosk:{inmate_id}", name=inmate.full_name, password_hash="", kind=ActorKind.KIOSK)
        session.add(account)
        session.flush()
        person = KioskPerson(inmate_id=inmate_id, account_id=account.id, pin_hash=pin_hash, is_first=is_first)
        session.add(person)
        return Actor(account.id or 0, inmate.full_name, "", ActorKind.KIOSK, inmate_id=inmate_id)


def sign_in(person: Actor) -> str:
    """Sign a person in at a new kiosk of their facility. Returns the token of the kiosk's cookie for it."""
    token = tokens.new_token()
    with db.transaction() as session:
        facility_id = session.exec(select(Inmate.facility_id).where(Inmate.id == person.inmate_id)).one()
        device = _device(session, facility_id, tokens.new_token(), "Day room")
        session.add(
            SignIn(
                token_hash=sign_ins.hash_token(token),
                account_id=person.account_id,
                expires_at=now() + timedelta(days=30),
                kiosk_device_id=device.id,
            )
        )
    return token


def _device(session: Session, facility_id: int, token: str, name: str) -> KioskDevice:
    row = KioskDevice(
        facility_id=facility_id, name=f"{name} {next(_count)}", token_hash=devices.hash_token(token), entered_at=now()
    )
    session.add(row)
    session.flush()
    return row
