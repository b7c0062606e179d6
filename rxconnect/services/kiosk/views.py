"""The kiosks of a facility as its staff see them."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.kiosk import DeviceView, KiosksView
from rxconnect.i18n import _
from rxconnect.models import Facility, KioskDevice
from rxconnect.models.sorting import by_name
from rxconnect.services.accounts.staff import chosen_place

_SHOWN = 200


def kiosks(session: Session, actor: Actor, facility_id: int | None = None) -> KiosksView:
    """The kiosks of a facility, those in use first. Without an id, it is the actor's first facility by name.

    Raises `NotAllowed`.
    """
    seen = {*actor.facilities(Permission.SET_PINS), *actor.facilities(Permission.MANAGE_KIOSKS)}
    place, choices = chosen_place(session, seen, facility_id)
    assert place.id is not None
    return KiosksView(
        facility_id=place.id,
        facility=place.name,
        facilities=choices,
        devices=_devices(session, place),
        may_manage=place.id in actor.facilities(Permission.MANAGE_KIOSKS),
        may_set_pins=place.id in actor.facilities(Permission.SET_PINS),
    )


def devices_at(session: Session, facility_id: int) -> list[DeviceView]:
    """The kiosks of a facility, for operators at the command line."""
    return _devices(session, session.get_one(Facility, facility_id))


def _devices(session: Session, place: Facility) -> list[DeviceView]:
    rows = select(KioskDevice).where(KioskDevice.facility_id == place.id)
    in_order = rows.order_by(col(KioskDevice.revoked_at).is_not(None), by_name(KioskDevice.name), col(KioskDevice.id))
    return [_view(row, place.time_zone) for row in session.exec(in_order.limit(_SHOWN)).all()]


def _view(row: KioskDevice, zone: str) -> DeviceView:
    state, tone = _state(row)
    return DeviceView(
        id=row.id or 0,
        name=row.name,
        state=state,
        tone=tone,
        last_used=dates.ago(row.used_at) if row.used_at else "",
        made=dates.short_day(row.made_at, zone),
        may_be_revoked=row.revoked_at is None and not row.is_demo,
    )


def _state(row: KioskDevice) -> tuple[str, str]:
    """What a kiosk is, in words, and the tone of its label."""
    if row.revoked_at is not None:
        return _("Out of use"), "bad"
    if row.token_hash is not None:
        return _("In use"), "good"
    if row.is_demo:
        return _("Published code of the demonstration"), ""
    if row.code_until is not None and row.code_until <= clock.now():
        return _("Its code is too old"), "wait"
    return _("Waits for its code"), "wait"
