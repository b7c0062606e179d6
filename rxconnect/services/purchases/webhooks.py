"""Webhooks: what the card processor tells us by itself. An event says what to look at; what is true we ask."""

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
    """What became of an event: taken in, now or before; refused as not the processor's; or to be sent again later."""

    IN = auto()
    REFUSED = auto()
    LATER = auto()


def receive(body: bytes, signature: str) -> Taken:
    """Act on a signed event, once.

    It opens its own transactions. Acting comes first and is harmless when repeated; only then is the event marked as
    seen. So one whose effect fails, or is cut off by a crash, is acted on when the processor sends it again.
    """
    try:
        event = processor.current().read_event(body, signature)
        if event.about is not About.OTHER and not db.read(_is_known, event):
            _act(event)
            db.write(_mark, event)
    except ForgedEvent:
        return Taken.REFUSED
    except ProcessorUnavailable:
        return Taken.LATER
    return Taken.IN


def _act(event: Event) -> None:
    """Ask the processor about what has changed, and settle it. What we know nothing of is ignored there."""
    match event.about:
        case About.PAYMENT:
            checkout.check_intent(event.object_id)
        case About.REFUND:
            refund_payouts.check(event.object_id)
        case About.DISPUTE:
            disputes.check(event.object_id)


def _is_known(session: Session, event: Event) -> bool:
    return session.get(ProcessorEvent, event.id) is not None


def _mark(session: Session, event: Event) -> None:
    db.add_once(session, ProcessorEvent(id=event.id))
