"""The demonstration's kiosk, whose code everyone knows, and the PIN of the person in custody who uses it."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.demo import roster
from rxconnect.demo.facilities import CEDAR_RIDGE
from rxconnect.domain.accounts import Actor
from rxconnect.services.directory import facilities
from rxconnect.services.kiosk import devices, pins

CODE, PIN = "CEDAR-DEMO", "2468"


def create(session: Session) -> Actor:
    """Create the kiosk, and return the person in custody as its actor."""
    facility_id = facilities.get_by_key(session, CEDAR_RIDGE).id
    assert facility_id is not None
    devices.make_for_demonstration(session, facility_id, "Unit C, day room", CODE)
    return pins.set_for_demonstration(session, facility_id, roster.MARCUS.number, PIN)
