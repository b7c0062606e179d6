"""The demonstration's kiosk, whose code everyone knows, and the PIN of the person in custody who uses it."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.demo import roster
from rxconnect.demo.facilities import CEDAR_RIDGE
from rxconnect.domain.accounts import Actor
from rxconnect.domain.facility_settings import Setting
from rxconnect.services.directory import facilities, facility_settings
from rxconnect.services.kiosk import devices, pins

CODE, PIN = "CEDAR-DEMO", "2468"
_SETTINGS = {Setting.READS_ON_KIOSKS.value: "yes", Setting.FREE_REPLIES.value: "3"}


def create(session: Session, administrator: Actor) -> Actor:
    """Set kiosks up at Cedar Ridge, from now on. Returns the person in custody as the actor of a kiosk."""
    facility_id = facilities.get_by_key(session, CEDAR_RIDGE).id
    assert facility_id is not None
    facility_settings.save(session, administrator, facility_id, _SETTINGS)
    devices.make_for_demonstration(session, facility_id, "Unit C, day room", CODE)
    return pins.set_for_demonstration(session, facility_id, roster.MARCUS.number, PIN)
