"""Verified lawyers, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.models import Facility
from rxconnect.services.directory import facilities
from rxconnect.services.lawyers import requests, reviews

GIVEN = {"name": "Lena Ruiz", "bar_number": "WSBA 12345", "bar_state": "WA"}


def ask(family, facility_id, **changes):
    """Ask to be verified. Returns the request's id."""
    db.write(facilities.add_location, family, facility_id)
    db.write(requests.ask, family, facility_id, **GIVEN | changes)
    return db.read(requests.mine, family)[0].id


def day(days):
    """The day in so many days at the tests' facilities, as a form has it. It may be another one in Greenwich."""
    with db.reading() as session:
        zone = session.exec(select(Facility.time_zone).limit(1)).one()
    return (clock.now().astimezone(ZoneInfo(zone)) + timedelta(days=days)).date().isoformat()


def verify(administrator, family, facility_id, days=365):
    """Verify a family as a lawyer. Returns the verification's id."""
    lawyer_id = ask(family, facility_id)
    db.write(reviews.verify, administrator, lawyer_id, day(days), version(administrator, lawyer_id))
    return lawyer_id


def version(administrator, lawyer_id):
    """The version of a request, as the administrator's page shows it."""
    return next(one.version for one in db.read(reviews.register, administrator).waiting if one.id == lawyer_id)


def administrator(actor, pair, name="Paul Lindgren"):
    return actor(role=Role.ADMINISTRATOR, facility_id=pair.facility_id, name=name)


def stale(actor):
    """The same actor, whose password was entered long ago."""
    return replace(actor, password_at=clock.now() - timedelta(hours=1))
