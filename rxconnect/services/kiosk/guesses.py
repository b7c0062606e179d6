"""Counters of wrong PINs, by kiosk *and* person, so that nobody can lock another out.

Wrong PINs for one person at one kiosk make that pair wait, longer each time. At kiosks where somebody has never signed in,
those for one person are also counted together: there the wait may be long, while the kiosks that the person uses are not
concerned. The wait of one kiosk for all people is short, and only makes trying many numbers slow.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from rxconnect.domain import clock
from rxconnect.models import KioskDevice, SignIn
from rxconnect.services.accounts import throttle
from rxconnect.services.accounts.throttle import Guess

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def counters(
    session: Session, device_id: int, facility_id: int, number_key: str, account_id: int | None
) -> list[Guess]:
    """The counters for a try. A number that nobody has is counted as any other."""
    counted = [_pair(device_id, number_key), Guess("pin, kiosk", str(device_id), 60, _SECOND, 15 * _SECOND)]
    if account_id is None or not _is_known(session, device_id, account_id):
        counted.append(_elsewhere(facility_id, number_key))
    return counted


def is_slowed(session: Session, facility_id: int, number_key: str) -> bool:
    """Whether wrong PINs make the person wait at any kiosk of the facility."""
    now = clock.now()
    return any(
        throttle.wait_left(session, guess, now) > timedelta(0) for guess in _of_person(session, facility_id, number_key)
    )


def unlock(session: Session, facility_id: int, number_key: str) -> None:
    """Forget every wrong PIN for the person at this facility."""
    throttle.reset_guesses(session, *_of_person(session, facility_id, number_key))


def _of_person(session: Session, facility_id: int, number_key: str) -> list[Guess]:
    devices = session.exec(select(KioskDevice.id).where(KioskDevice.facility_id == facility_id)).all()
    pairs = [_pair(device_id, number_key) for device_id in devices if device_id is not None]
    return [*pairs, _elsewhere(facility_id, number_key)]


def _pair(device_id: int, number_key: str) -> Guess:
    return Guess("pin, kiosk and person", f"{device_id} {number_key}", 5, 15 * _SECOND, 60 * _MINUTE)


def _elsewhere(facility_id: int, number_key: str) -> Guess:
    return Guess("pin, other kiosks", f"{facility_id} {number_key}", 15, _MINUTE, 60 * _MINUTE)


def _is_known(session: Session, device_id: int, account_id: int) -> bool:
    """Whether the person has signed in at this kiosk in the last thirty days."""
    found = select(SignIn.id).where(SignIn.account_id == account_id, SignIn.kiosk_device_id == device_id)
    return session.exec(found.limit(1)).first() is not None
