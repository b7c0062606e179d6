"""Webhooks: events that the card processor sends. An event only says which object changed; we ask for its state."""

from __future__ import annotations

from enum import Enum, auto

from sqlmodel import Session

from rxconnect import db
from rxconnect.models import ProcessorEvent
from rxconnect.payments.port import About, Event, ForgedEvent, ProcessorUnavailable
from rxconnect.services.money import processor
from rxconnect.services.purchases import checkout, disputes
from rxconnect.services.refunds import refund_payouts


class Taken(Enum):
    """The result of an event: taken (now or before), refused as forged, or to be sent again."""

    IN = auto()
    REFUSED = auto()
    LATER = auto()


def receive(body: bytes, signature: str) -> Taken:
    """Act on a signed event, once.

    This opens its own transactions. It acts first, which is harmless when repeated, and then marks the event as seen.
    So an event whose handling failed or crashed is handled when the processor sends it again.
    """
    try:
        event = processor.current().read_event(body, signature)
        if event.about is not About.OTHER and not db.read(_is_known, event):
            _settle_changed_object(event)
            db.write(_mark_known, event)
    except ForgedEvent:
        return Taken.REFUSED
    except ProcessorUnavailable:
        return Taken.LATER
    return Taken.IN


def _settle_changed_object(event: Event) -> None:
    """Ask the processor about the changed object, and settle it. The callee ignores objects that are not ours."""
    match event.about:
        case About.PAYMENT:
            checkout.check_intent(event.object_id)
        case About.REFUND:
            refund_payouts.check_refund(event.object_id)
        case About.DISPUTE:
            disputes.check_dispute(event.object_id)


def _is_known(session: Session, event: Event) -> bool:
    return session.get(ProcessorEvent, event.id) is not None


def _mark_known(session: Session, event: Event) -> None:
    db.add_once(session, ProcessorEvent(id=event.id))
