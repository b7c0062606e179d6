"""Quick letters: a letter that is begun on the dashboard, to the person of the newest one. It is an ordinary draft."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import DraftView, QuickLetter
from rxconnect.domain.errors import NotFound
from rxconnect.i18n import _, counted
from rxconnect.models import Draft, Message
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts
from rxconnect.services.photos import draft_photos


def prepared(session: Session, actor: Actor) -> QuickLetter | None:
    """What is begun, or would be; None if the account has no letter yet, or the person of the newest cannot be written to."""
    newest = select(Message.contact_id).where(Message.account_id == actor.account_id)
    contact_id = session.exec(newest.order_by(col(Message.created_at).desc(), col(Message.id).desc()).limit(1)).first()
    if contact_id is None:
        return None
    try:
        contact = contacts.get(session, actor, contact_id)
    except NotFound:
        return None
    if not contact.is_reachable or contact.fate_note or contact.blocked_by_staff:
        return None
    begun = select(Draft).where(Draft.account_id == actor.account_id, Draft.contact_id == contact_id)
    # What has a subject, a photo or a letter in view belongs on a page of its own.
    plain = begun.where(Draft.subject == "", col(Draft.answers_id).is_(None), ~draft_photos.has_photos())
    draft = session.exec(plain.order_by(col(Draft.updated_at).desc(), col(Draft.id).desc()).limit(1)).first()
    draft_id, body = (draft.id or 0, draft.body) if draft else (0, "")
    credits = counted("{count} credit", "{count} credits", contact.credits)
    has = _("You have {credits} at {facility}.").format(credits=credits, facility=contact.facility_short)
    return QuickLetter(contact_id, contact.name, contact.number, has, draft_id, body)


def keep(session: Session, actor: Actor, contact_id: int, draft_id: int, body: str) -> DraftView:
    """Save what was typed in the draft, or in a new one if there is none (0) or it was sent or discarded elsewhere.

    Raises the errors of `drafts.save` and `drafts.get_or_create_empty`.
    """
    try:
        return drafts.save(session, actor, draft_id, body=body)
    except NotFound:
        return drafts.save(session, actor, drafts.get_or_create_empty(session, actor, contact_id), body=body)
