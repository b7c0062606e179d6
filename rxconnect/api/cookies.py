"""The sign-in and device cookies. Scripts cannot read them, and other sites cannot send them with a form."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from rxconnect import db, logs
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.services.accounts import devices, sign_ins


def token_of(request: Request) -> str:
    """The sign-in token, or ""."""
    return sign_ins.token_from_cookie(request.headers.get("cookie", ""))


def actor_of(request: Request) -> Actor | None:
    """The signed-in account, looked up in the database, or None."""
    actor = db.read(sign_ins.actor_for, token_of(request))
    if actor:
        logs.know(account=actor.account_id)
    return actor


def device_of(request: Request) -> str:
    """The value of the device cookie, or a new one."""
    return devices.checked(sign_ins.from_cookies(request.headers.get("cookie", ""), devices.cookie_name()))


def set_token(response: Response, token: str) -> None:
    """Keep the browser signed in for as long as the sign-in lasts."""
    _set_cookie(response, sign_ins.cookie_name(), token, sign_ins.LASTS)


def set_device(response: Response, device: str, account_id: int) -> None:
    """Mark the browser as one in which the account has signed in."""
    _set_cookie(response, devices.cookie_name(), devices.remembering(device, account_id), devices.LASTS)


def remove(response: Response) -> None:
    """Make the browser delete the sign-in and all data that our pages stored, but not the device cookie."""
    response.delete_cookie(sign_ins.cookie_name(), secure=settings().is_https, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _set_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    age = int(lasts.total_seconds())
    response.set_cookie(name, value, max_age=age, secure=settings().is_https, httponly=True, samesite="lax")
