"""The list of browsers in which an account is signed in, as its profile shows it, and a way to end one of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, ActorKind, SignInView
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotFound
from rxconnect.i18n import _
from rxconnect.models import SignIn
from rxconnect.services.accounts import seen
from rxconnect.services.audit.recording import record_for_account
from rxconnect.world import current


def my_sign_ins(session: Session, actor: Actor) -> list[SignInView]:
    """Every browser in which the actor is signed in: this one first, then by last use."""
    living = select(SignIn).where(_own(actor), col(SignIn.ended_at).is_(None), SignIn.expires_at > clock.now())
    rows = sorted(session.exec(living), key=_last_used, reverse=True)
    return sorted((_view(row, actor) for row in rows), key=lambda view: not view.is_this)


def end_sign_in(session: Session, actor: Actor, sign_in_id: int) -> None:
    """End one of the actor's own sign-ins. Raises `NotFound`."""
    own = update(SignIn).where(col(SignIn.id) == sign_in_id, _own(actor))
    if session.exec(own.where(col(SignIn.ended_at).is_(None)).values(ended_at=clock.now())).rowcount != 1:
        raise NotFound("sign-in")
    if actor.kind is ActorKind.STAFF:
        record_for_account(session, actor.account_id, AuditKind.SIGNED_OUT, sign_in=sign_in_id)


def _own(actor: Actor) -> ColumnElement[bool]:
    """Those of the account. In a demo session everybody acts as the same few accounts, and has nothing but this one."""
    if current().is_own:
        return col(SignIn.account_id) == actor.account_id
    return col(SignIn.id) == actor.sign_in_id


def _last_used(sign_in: SignIn) -> datetime:
    return seen.last_use(sign_in.token_hash, sign_in.seen_at)


def _view(sign_in: SignIn, actor: Actor) -> SignInView:
    assert sign_in.id is not None
    first, last = dates.ago(sign_in.created_at), dates.ago(_last_used(sign_in))
    return SignInView(sign_in.id, _(sign_in.device), first, last, is_this=sign_in.id == actor.sign_in_id)
