"""Subscriptions: a browser asks for notices, for as long as its sign-in lasts."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import BrowserRefused, NotAllowed
from rxconnect.domain.push import ENDPOINT_MAX, MOST_BROWSERS
from rxconnect.models import PushSubscription
from rxconnect.services.push import push_keys
from rxconnect.services.push.encryption import is_point, to_bytes
from rxconnect.services.push.push_services import KNOWN, PushServices

_AUTH_BYTES = 16


def subscribe(
    session: Session, actor: Actor, *, endpoint: str, p256dh: str, auth: str, services: PushServices = KNOWN
) -> None:
    """Push the actor's notices to this browser from now on. What it showed to another account before ends.

    Raises `NotAllowed`, and `BrowserRefused` for an address of no push service that we know, wrong keys, or too many browsers.
    """
    if actor.kind is not ActorKind.FAMILY or actor.sign_in_id is None or not push_keys.public_key():
        raise NotAllowed
    if len(endpoint) > ENDPOINT_MAX or not services.knows(endpoint) or not _are_keys(p256dh, auth):
        raise BrowserRefused
    session.exec(delete(PushSubscription).where(col(PushSubscription.endpoint) == endpoint))
    # A browser that renews its subscription has another address then.
    session.exec(delete(PushSubscription).where(col(PushSubscription.sign_in_id) == actor.sign_in_id))
    mine = select(func.count()).where(PushSubscription.account_id == actor.account_id)
    if session.exec(mine).one() >= MOST_BROWSERS:
        raise BrowserRefused
    session.add(
        PushSubscription(
            account_id=actor.account_id, sign_in_id=actor.sign_in_id, endpoint=endpoint, p256dh=p256dh, auth=auth
        )
    )


def unsubscribe(session: Session, actor: Actor) -> None:
    """Push nothing more to the actor's browser."""
    session.exec(delete(PushSubscription).where(col(PushSubscription.sign_in_id) == actor.sign_in_id))


def is_subscribed(session: Session, actor: Actor) -> bool:
    """Whether the actor's notices are pushed to its browser."""
    mine = select(PushSubscription.id).where(PushSubscription.sign_in_id == actor.sign_in_id)
    return session.exec(mine).first() is not None


def _are_keys(p256dh: str, auth: str) -> bool:
    try:
        return is_point(to_bytes(p256dh)) and len(to_bytes(auth)) == _AUTH_BYTES
    except ValueError:
        return False
