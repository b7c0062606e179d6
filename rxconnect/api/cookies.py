"""The sign-in and device cookies, those of a kiosk, and that of a seat in a demo session.

Scripts cannot read them, and other sites cannot send them with a form.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from rxconnect import db, logs
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.services.accounts import devices, pending_sign_ins, sign_ins
from rxconnect.services.kiosk import devices as kiosk_devices
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins


def sign_in_token(request: Request) -> str:
    """The sign-in token, or ""."""
    return sign_ins.token_from_cookie(request.headers.get("cookie", ""))


def actor_of(request: Request) -> Actor | None:
    """The signed-in account, looked up in the database, or None."""
    actor = db.read(sign_ins.actor_for, sign_in_token(request))
    if actor:
        logs.add_facts(account=actor.account_id)
    return actor


def device_or_new(request: Request) -> str:
    """The value of the device cookie, or a new one."""
    return devices.valid_or_new_cookie(sign_ins.cookie_value(request.headers.get("cookie", ""), devices.cookie_name()))


def step_of(request: Request) -> str:
    """The token of a sign-in that waits for its second factor, or ""."""
    return sign_ins.cookie_value(request.headers.get("cookie", ""), pending_sign_ins.cookie_name())


def seat_token(scope: Scope) -> str:
    """The token in the seat cookie of a request or a socket, or ""."""
    header = "; ".join(Headers(scope=scope).getlist("cookie"))
    return sign_ins.cookie_value(header, sign_ins.seat_cookie_name())


def set_sign_in(response: Response, token: str) -> None:
    """Keep the browser signed in for as long as the sign-in lasts."""
    _set_cookie(response, sign_ins.cookie_name(), token, sign_ins.LASTS)


def set_step(response: Response, token: str) -> None:
    """Let the browser go on to the second factor."""
    _set_cookie(response, pending_sign_ins.cookie_name(), token, pending_sign_ins.LASTS)


def remove_step(response: Response) -> None:
    """Make the browser delete the token of a sign-in that waits no longer."""
    _delete(response, pending_sign_ins.cookie_name())


def set_device(response: Response, device: str, account_id: int) -> None:
    """Mark the browser as one in which the account has signed in."""
    _set_cookie(response, devices.cookie_name(), devices.cookie_with_account(device, account_id), devices.LASTS)


def set_seat(response: Response, token: str, lasts: timedelta) -> None:
    """Give the browser its seat in a demo session."""
    _set_cookie(response, sign_ins.seat_cookie_name(), token, lasts)


def remove_seat(response: Response) -> None:
    """Make the browser delete its seat, so that its own sign-in counts again."""
    _delete(response, sign_ins.seat_cookie_name())


def led_token(headers: Headers) -> str:
    """The token of the trainer's seat that this browser had in a session that has ended, or ""."""
    return sign_ins.cookie_value("; ".join(headers.getlist("cookie")), sign_ins.led_cookie_name())


def set_led(response: Response, token: str, lasts: timedelta) -> None:
    """Let the browser be known as that of the trainer, once the seat is gone."""
    _set_cookie(response, sign_ins.led_cookie_name(), token, lasts)


def remove_sign_in(response: Response) -> None:
    """Make the browser delete the sign-in and all data that our pages stored, but not the device cookie."""
    _delete(response, sign_ins.cookie_name())
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def kiosk_token(request: Request) -> str:
    """The token of a sign-in at a kiosk, or ""."""
    return _value(request, kiosk_sign_ins.cookie_name())


def kiosk_actor_of(request: Request) -> Actor | None:
    """The person who is signed in at this kiosk, looked up in the database, or None."""
    actor = db.read(kiosk_sign_ins.actor_for, kiosk_token(request))
    if actor:
        logs.add_facts(account=actor.account_id)
    return actor


def kiosk_device_token(request: Request) -> str:
    """The token by which this browser is known as a kiosk, or ""."""
    return _value(request, kiosk_devices.cookie_name())


def set_kiosk_device(response: Response, token: str) -> None:
    """Make the browser a kiosk."""
    _set_cookie(response, kiosk_devices.cookie_name(), token, kiosk_devices.LASTS)


def set_kiosk_sign_in(response: Response, token: str) -> None:
    """Keep a person signed in at this kiosk."""
    _set_cookie(response, kiosk_sign_ins.cookie_name(), token, kiosk_sign_ins.LASTS)


def remove_kiosk_sign_in(response: Response) -> None:
    """Make the browser delete the sign-in at the kiosk and all that pages stored. It stays a kiosk."""
    _delete(response, kiosk_sign_ins.cookie_name())
    # Not the cache: it has nothing of anybody, and the next person may be on a slow network.
    response.headers["Clear-Site-Data"] = '"storage"'


def _value(request: Request, name: str) -> str:
    return sign_ins.cookie_value(request.headers.get("cookie", ""), name)


def _set_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    age = int(lasts.total_seconds())
    response.set_cookie(name, value, max_age=age, secure=settings().is_https, httponly=True, samesite="lax")


def _delete(response: Response, name: str) -> None:
    response.delete_cookie(name, secure=settings().is_https, httponly=True, samesite="lax")
