"""The photos of a privileged letter that two administrators have opened: for its asker alone, while it is open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotFound
from rxconnect.domain.photos import PhotoState
from rxconnect.domain.privilege import GlassState
from rxconnect.domain.review import ViewKind
from rxconnect.models import BreakGlass, Message, Photo, StaffView
from rxconnect.services.audit.recording import record
from rxconnect.services.privilege import facts


def photo_store(session: Session, actor: Actor, key: str) -> str:
    """The `store` of a photo in a letter that is open for the actor, and that they have read. Each call is recorded.

    Raises `NotFound`. A browser loads photos a while after the letter, so the password is not asked for once more.
    """
    is_open = exists().where(
        col(BreakGlass.message_id) == col(Message.id),
        col(BreakGlass.facility_id) == col(Message.facility_id),
        col(BreakGlass.asked_by_account_id) == actor.account_id,
        col(BreakGlass.state) == GlassState.AGREED,
        col(BreakGlass.open_until) > clock.now(),
    )
    was_read = exists().where(
        col(StaffView.message_id) == col(Message.id),
        col(StaffView.account_id) == actor.account_id,
        col(StaffView.kind) == ViewKind.GLASS,
    )
    columns: Any = (Photo, Message.facility_id)
    found = session.exec(
        select(*columns)
        .join(Message, col(Message.id) == Photo.message_id)
        .where(Photo.key == key, Photo.state == PhotoState.READY, is_open, was_read)
        .where(facts.is_privileged_at(actor.facilities(Permission.BREAK_GLASS)))
    ).one_or_none()
    if found is None:
        raise NotFound("photo")
    photo, facility_id = found
    record(
        session,
        actor,
        facility_id,
        AuditKind.PRIVILEGED_PHOTO,
        message_id=photo.message_id,
        subject=f"photo {photo.id}",
    )
    return photo.store
