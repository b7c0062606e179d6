"""The demonstration's kiosk, whose code everyone knows, and the PIN of the person in custody who uses it, and a letter there."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.demo import letters, roster
from rxconnect.demo.facilities import CEDAR_RIDGE
from rxconnect.demo.history import Correspondence, read_at_desk
from rxconnect.domain import terms
from rxconnect.domain.accounts import Actor
from rxconnect.domain.facility_settings import Setting
from rxconnect.services.directory import facilities, facility_settings
from rxconnect.services.kiosk import devices, pins
from rxconnect.services.messages import drafts
from rxconnect.services.review import review
from rxconnect.services.screening import submissions

CODE, PIN = "CEDAR-DEMO", "2468"
# The inmate numbers of those who have a PIN, whom a seat of a demo session can act as.
NUMBERS = (roster.MARCUS.number,)
_SETTINGS = {Setting.READS_ON_KIOSKS.value: "yes", Setting.FREE_REPLIES.value: "3"}


def create(session: Session, administrator: Actor) -> Actor:
    """Set kiosks up at Cedar Ridge, from now on. Returns the person in custody as the actor of a kiosk."""
    facility_id = facilities.get_by_key(session, CEDAR_RIDGE).id
    assert facility_id is not None
    facility_settings.save(session, administrator, facility_id, _SETTINGS)
    devices.make_for_demonstration(session, facility_id, "Unit C, day room", CODE)
    return pins.set_for_demonstration(session, facility_id, roster.MARCUS.number, PIN)


def send_paid_letter(between: Correspondence) -> None:
    """Let a family send a letter whose answer it pays for, and let it through: it waits on the kiosk, unread."""
    session, family = between.session, between.family
    draft_id = drafts.get_or_create_empty(session, family, between.contact_id)
    drafts.save(session, family, draft_id, subject=letters.PAID.subject, body=letters.PAID.body)
    drafts.pay_for_answer(session, family, draft_id, pays=True)
    message_id = submissions.send(session, family, draft_id, accepted_terms=terms.VERSION)
    read_at_desk(between, message_id)
    review.approve(session, between.reviewer, message_id)
