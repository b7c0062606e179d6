"""Kiosks: staff make a code, it is entered once on the tablet, and from then on the tablet's cookie recognises it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.accounts import SYSTEM, Actor, ActorKind, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.kiosk import (
    CODE_LASTS,
    CODE_MAX,
    DEVICE_NAME_MAX,
    KioskDevice,
    NewCode,
    new_code,
    plain_code,
)
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import one_line
from rxconnect.models import Facility, SignIn
from rxconnect.models import KioskDevice as DeviceRow
from rxconnect.services.accounts import throttle, tokens
from rxconnect.services.audit.recording import record

# Browsers keep a cookie for at most 400 days. Every sign-in sets it again.
LASTS = timedelta(days=400)
# A code has 59 bits, so this only keeps somebody from trying all day.
_TRIES, _TRIES_PER = 30, timedelta(minutes=10)
_DEMO_LASTS = timedelta(days=1)


def cookie_name() -> str:
    """The name of the kiosk's cookie, with the same prefix rules as the sign-in cookie (`sign_ins.cookie_name`)."""
    return "__Host-rxconnect-kiosk-device" if settings().is_https else "rxconnect-kiosk-device"


def make(session: Session, actor: Actor, facility_id: int, name: str) -> NewCode:
    """Make a kiosk and return the code that opens it. Raises `NotAllowed`, `PasswordNeeded` or `Invalid(name=…)`."""
    _must_manage(actor, facility_id)
    row = DeviceRow(facility_id=facility_id, name=_valid_name(name), made_by_account_id=actor.account_id or None)
    session.add(row)
    session.flush()
    record(session, actor, facility_id, AuditKind.KIOSK_MADE, subject=f"kiosk {row.id}")
    return _give_code(row)


def renew(session: Session, actor: Actor, facility_id: int, device_id: int) -> NewCode:
    """Give a kiosk a new code, for example after its tablet was exchanged. The old tablet is signed out at once.

    Raises `NotAllowed`, `PasswordNeeded` or `NotFound`.
    """
    _must_manage(actor, facility_id)
    row = _get(session, facility_id, device_id)
    row.token_hash = row.entered_at = None
    _end_sign_ins(session, device_id)
    record(session, actor, facility_id, AuditKind.KIOSK_RENEWED, subject=f"kiosk {row.id}")
    return _give_code(row)


def revoke(session: Session, actor: Actor, facility_id: int, device_id: int) -> None:
    """Make a kiosk an ordinary browser again, and sign whoever uses it out at once.

    Raises `NotAllowed`, `PasswordNeeded` or `NotFound`.
    """
    _must_manage(actor, facility_id)
    row = _get(session, facility_id, device_id)
    row.code_hash = row.token_hash = None
    row.revoked_at = clock.now()
    _end_sign_ins(session, device_id)
    record(session, actor, facility_id, AuditKind.KIOSK_REVOKED, subject=f"kiosk {row.id}")


def make_for_demonstration(session: Session, facility_id: int, name: str, code: str) -> None:
    """Make the kiosk with the published code, which makes a kiosk of its own for each browser that enters it."""
    session.add(DeviceRow(facility_id=facility_id, name=name, code_hash=_hash_code(plain_code(code)), is_demo=True))


def enter_code(code: str, address: str) -> str:
    """Make this browser the kiosk whose code was entered. Returns the token for its cookie.

    Tries are counted by IP address. Opens its own transactions, since a wrong try must stay counted. Raises `Throttled`,
    or `Invalid(device_code=…)` for a code that is unknown, was used or is too old.
    """
    plain = plain_code(code[: 4 * CODE_MAX])
    if not plain:
        raise Invalid(device_code=Problem.KIOSK_CODE_MISSING())
    db.write(throttle.count_attempt, "kiosk code", address, _TRIES, _TRIES_PER)
    return db.write(_enter_code, _hash_code(plain))


def find(session: Session, token: str) -> KioskDevice | None:
    """The kiosk whose cookie has this token, or None."""
    if not token:
        return None
    rows = select(DeviceRow, Facility.name, Facility.language).join(Facility, col(Facility.id) == DeviceRow.facility_id)
    found = session.exec(
        rows.where(DeviceRow.token_hash == hash_token(token), col(DeviceRow.revoked_at).is_(None))
    ).first()
    if found is None:
        return None
    row, facility, language = found
    assert row.id is not None
    return KioskDevice(row.id, row.facility_id, facility, row.is_demo, language)


def note_use(session: Session, device_id: int) -> None:
    """Store that somebody signs in at the kiosk now."""
    session.exec(update(DeviceRow).where(col(DeviceRow.id) == device_id).values(used_at=clock.now()))


def hash_token(token: str) -> str:
    """The token's keyed hash, as stored in the database."""
    return tokens.keyed_hash("kiosk device", token)


def _enter_code(session: Session, code_hash: str) -> str:
    now = clock.now()
    row = session.exec(select(DeviceRow).where(DeviceRow.code_hash == code_hash).with_for_update()).first()
    if row is None or (row.code_until is not None and row.code_until <= now):
        raise Invalid(device_code=Problem.KIOSK_CODE_WRONG())
    if row.is_demo:
        _delete_old_demos(session)
        row = DeviceRow(facility_id=row.facility_id, name=row.name, is_demo=True)
        session.add(row)
    else:
        record(session, SYSTEM, row.facility_id, AuditKind.KIOSK_ENTERED, subject=f"kiosk {row.id}")
    token = tokens.new_token()
    row.token_hash, row.entered_at, row.code_hash, row.code_until = hash_token(token), now, None, None
    return token


def _must_manage(actor: Actor, facility_id: int) -> None:
    """Only administrators, and operators at the command line, who act as the system."""
    if actor.kind is not ActorKind.SYSTEM and facility_id not in actor.must(Permission.MANAGE_KIOSKS):
        raise NotAllowed


def _get(session: Session, facility_id: int, device_id: int) -> DeviceRow:
    """A kiosk that is in use. That of the demonstration has a code that must stay as it is published."""
    row = session.get(DeviceRow, device_id)
    if row is None or row.facility_id != facility_id or row.revoked_at is not None or row.is_demo:
        raise NotFound("kiosk")
    return row


def _valid_name(name: str) -> str:
    name = one_line(name)
    if not name:
        raise Invalid(name=Problem.KIOSK_NAME_MISSING())
    if len(name) > DEVICE_NAME_MAX:
        raise Invalid(name=Problem.TOO_LONG(most=DEVICE_NAME_MAX, length=len(name)))
    return name


def _give_code(row: DeviceRow) -> NewCode:
    code = new_code()
    row.code_hash, row.code_until = _hash_code(plain_code(code)), clock.now() + CODE_LASTS
    return NewCode(row.name, code)


def _hash_code(plain: str) -> str:
    return tokens.keyed_hash("kiosk code", plain)


def _end_sign_ins(session: Session, device_id: int) -> None:
    ending = update(SignIn).where(col(SignIn.kiosk_device_id) == device_id, col(SignIn.ended_at).is_(None))
    session.exec(ending.values(ended_at=clock.now()))


def _delete_old_demos(session: Session) -> None:
    """Delete the demonstration's kiosks that nobody has used for a day. Each browser that enters the code makes one."""
    last = clock.now() - _DEMO_LASTS
    old = select(DeviceRow.id).where(
        col(DeviceRow.is_demo),
        col(DeviceRow.token_hash).is_not(None),
        func.coalesce(DeviceRow.used_at, DeviceRow.entered_at) < last,
    )
    ids = [device_id for device_id in session.exec(old.limit(200)).all() if device_id is not None]
    session.exec(delete(SignIn).where(col(SignIn.kiosk_device_id).in_(ids)))
    session.exec(delete(DeviceRow).where(col(DeviceRow.id).in_(ids)))
