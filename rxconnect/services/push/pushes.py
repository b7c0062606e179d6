"""Pushes: an outbox like that of emails. A push is stored in the transaction that it reports, and sent after the commit."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, or_, select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.push import SHOWN_WITHIN
from rxconnect.models import Push, PushSubscription, SignIn
from rxconnect.services.push import encryption, push_keys
from rxconnect.services.push.push_services import KNOWN, Answer, PushServices
from rxconnect.services.scheduling.batches import Batch

# The number of pushes that are sent at once.
_BATCH = 10
_LEASE = timedelta(minutes=1)
# Retries after 1, 2, 4, … minutes.
_MAX_ATTEMPTS = 8
# A service refuses a token that is valid for longer than a day.
_TOKEN_LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    subscription: PushSubscription
    text: str


def queue(session: Session, account_id: int, subject: str, path: str) -> None:
    """Push a notice to every browser of an account that asked for it, and that is still signed in."""
    mine = select(PushSubscription.id).join(SignIn, col(SignIn.id) == col(PushSubscription.sign_in_id))
    mine = mine.where(PushSubscription.account_id == account_id)
    for subscription_id in session.exec(mine.where(col(SignIn.ended_at).is_(None), SignIn.expires_at > clock.now())):
        session.add(Push(subscription_id=subscription_id or 0, subject=subject, path=path, created_at=clock.now()))


async def deliver_due(after: int = 0, *, services: PushServices = KNOWN) -> Batch:
    """Claim one batch of due pushes and send them concurrently. Any number of workers may call it at once."""
    due = await asyncio.to_thread(_claim, after)
    batch = Batch(resume_after=due[-1].id if len(due) == _BATCH else None)
    for outcome in await asyncio.gather(*(_deliver(one, services) for one in due), return_exceptions=True):
        if isinstance(outcome, Exception):
            batch.errors.append(outcome)
        else:
            batch.done += bool(outcome)
    return batch


async def _deliver(due: _Due, services: PushServices) -> bool:
    key = push_keys.private_key()
    if key is None:
        return False
    endpoint = due.subscription.endpoint
    browser_key, auth = (encryption.to_bytes(text) for text in (due.subscription.p256dh, due.subscription.auth))
    address = urlsplit(endpoint)
    claims: dict[str, str | int] = {
        "aud": f"https://{address.netloc}",
        "exp": int((clock.now() + _TOKEN_LASTS).timestamp()),
        "sub": f"mailto:{settings().operator_email}" if settings().operator_email else settings().origin,
    }
    headers = {
        "Authorization": encryption.authorization(key, claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(SHOWN_WITHIN.total_seconds())),
    }
    answer = await services.post(endpoint, encryption.encrypt(due.text.encode(), browser_key, auth), headers)
    await asyncio.to_thread(db.write, _record, due, answer)
    return answer is Answer.TAKEN


def _claim(after: int) -> list[_Due]:
    # Mostly there are none, and a read keeps no other writer waiting.
    return db.write(_claim_due, after) if db.read(_has_due, after) else []


def _is_free() -> ColumnElement[bool]:
    return or_(col(Push.lease_until).is_(None), col(Push.lease_until) <= clock.now())


def _has_due(session: Session, after: int) -> bool:
    return session.exec(select(Push.id).where(_is_free(), col(Push.id) > after).limit(1)).first() is not None


def _claim_due(session: Session, after: int) -> list[_Due]:
    """Lease the next pushes, the oldest first, and forget what is too old, or for a browser that was signed out since."""
    now = clock.now()
    rows = session.exec(
        select(Push, PushSubscription, SignIn)
        .join(PushSubscription, col(PushSubscription.id) == col(Push.subscription_id))
        .join(SignIn, col(SignIn.id) == col(PushSubscription.sign_in_id))
        .where(_is_free(), col(Push.id) > after)
        .order_by(col(Push.id))
        .limit(_BATCH)
        .with_for_update(skip_locked=True, of=Push)
    ).all()
    due = []
    for push, subscription, sign_in in rows:
        is_over = sign_in.ended_at is not None or sign_in.expires_at <= now
        if is_over or push.attempts >= _MAX_ATTEMPTS or push.created_at + SHOWN_WITHIN <= now:
            session.delete(push)
            continue
        push.attempts += 1
        push.lease_until = now + max(_LEASE, timedelta(minutes=2 ** (push.attempts - 1)))
        text = json.dumps({"title": "RxConnect", "body": push.subject, "path": push.path}, ensure_ascii=False)
        due.append(_Due(push.id or 0, subscription, text))
    return due


def _record(session: Session, due: _Due, answer: Answer) -> None:
    """Delete a push that has ended; a browser that is gone, with all of its pushes. Others are retried when the lease ends."""
    if answer is Answer.GONE:
        session.exec(delete(PushSubscription).where(col(PushSubscription.id) == due.subscription.id))
    elif answer is not Answer.LATER:
        session.exec(delete(Push).where(col(Push.id) == due.id))
