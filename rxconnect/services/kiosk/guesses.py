"""Counters of wrong PINs, by kiosk *and* person, so that nobody can lock another out.

Wrong PINs for one person at one kiosk make that pair wait, longer each time. At kiosks where somebody has never signed in,
those for one person are also counted together: there the wait may be long, while the kiosks that the person uses are not
concerned. It is short for whoever uses no kiosk now, since others could keep them out of every one. The wait of one kiosk for
all people is short too, and only makes trying many numbers slow.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.models import Inmate, KioskDevice, KioskPerson, SignIn
from rxconnect.services.accounts import throttle
from rxconnect.services.accounts.throttle import Guess

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# The longest wait at kiosks that somebody does not use. A PIN that staff gave is random, so a minute is enough. Whoever has
# used no kiosk for thirty days has chosen a PIN, perhaps a short one: five minutes leave 300 tries a day in all, and keep
# nobody out for long.
_LONGEST, _LONGEST_WITHOUT_KIOSK, _LONGEST_WITH_GIVEN_PIN = 60 * _MINUTE, 5 * _MINUTE, _MINUTE


def counters(
    session: Session, device_id: int, facility_id: int, number_key: str, account_id: int | None
) -> list[Guess]:
    """The counters for a try. A number that nobody has is counted as any other."""
    counted = [pair(device_id, number_key), Guess("pin, kiosk", str(device_id), 60, _SECOND, 15 * _SECOND)]
    if account_id is None or not _is_known(session, device_id, account_id):
        counted.append(_elsewhere(session, facility_id, number_key))
    return counted


def pair(device_id: int, number_key: str) -> Guess:
    """The counter of one person at one kiosk."""
    return Guess("pin, kiosk and person", f"{device_id} {number_key}", 5, 15 * _SECOND, 60 * _MINUTE)


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
    pairs = [pair(device_id, number_key) for device_id in devices if device_id is not None]
    return [*pairs, _elsewhere(session, facility_id, number_key)]


def _elsewhere(session: Session, facility_id: int, number_key: str) -> Guess:
    people = select(KioskPerson.account_id, KioskPerson.is_first).join(
        Inmate, col(Inmate.id) == col(KioskPerson.inmate_id)
    )
    person = session.exec(people.where(Inmate.facility_id == facility_id, Inmate.number_key == number_key)).first()
    # A number that nobody has waits as one whose owner has never signed in.
    longest = _LONGEST_WITH_GIVEN_PIN
    if person is not None and not person[1]:
        longest = _LONGEST if _uses_a_kiosk(session, facility_id, person[0]) else _LONGEST_WITHOUT_KIOSK
    return Guess("pin, other kiosks", f"{facility_id} {number_key}", 15, _MINUTE, longest)


def _is_known(session: Session, device_id: int, account_id: int) -> bool:
    """Whether the person has signed in at this kiosk in the last thirty days."""
    found = select(SignIn.id).where(SignIn.account_id == account_id, SignIn.kiosk_device_id == device_id)
    return session.exec(found.where(SignIn.expires_at > clock.now()).limit(1)).first() is not None


def _uses_a_kiosk(session: Session, facility_id: int, account_id: int) -> bool:
    """Whether the person has signed in at any kiosk of the facility in the last thirty days."""
    found = (
        select(SignIn.id)
        .join(KioskDevice, col(KioskDevice.id) == col(SignIn.kiosk_device_id))
        .where(SignIn.account_id == account_id, SignIn.expires_at > clock.now())
        .where(KioskDevice.facility_id == facility_id, col(KioskDevice.revoked_at).is_(None))
    )
    return session.exec(found.limit(1)).first() is not None
