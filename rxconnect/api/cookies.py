"""The sign-in cookie on requests and responses. Scripts cannot read it, and other sites cannot send it with a form."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from rxconnect import db, logs
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.services import sign_ins


def token_of(request: Request) -> str:
    """The sign-in's token, or ""."""
    return sign_ins.token_from_cookie(request.headers.get("cookie", ""))


def actor_of(request: Request) -> Actor | None:
    """Who is signed in, by asking the database."""
    actor = db.read(sign_ins.actor_for, token_of(request))
    if actor:
        logs.know(account=actor.account_id)
    return actor


def set_token(response: Response, token: str) -> None:
    """Keep the browser signed in for as long as the sign-in lasts."""
    response.set_cookie(
        sign_ins.cookie_name(),
        token,
        max_age=int(sign_ins.LASTS.total_seconds()),
        secure=settings().is_https,
        httponly=True,
        samesite="lax",
    )


def remove(response: Response) -> None:
    """Have the browser forget the cookie."""
    response.delete_cookie(sign_ins.cookie_name(), secure=settings().is_https, httponly=True, samesite="lax")
