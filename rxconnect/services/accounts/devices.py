"""The device cookie: proof that an account has signed in from this browser before.

The cookie outlives the sign-in and grants no access. It keeps strangers' guesses from locking the owner out (OWASP,
"Slow Down Online Guessing Attacks with Device Cookies"). It holds a random name of the browser, followed by one keyed
signature for each account that has signed in there, since several people may share a computer.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from rxconnect.config import settings
from rxconnect.services.accounts import tokens

# Browsers keep a cookie for no longer than this. Every sign-in sets it again.
LASTS = timedelta(days=400)
_ACCOUNTS = 10
_COOKIE = re.compile(rf"[\w-]{{43}}(\.[0-9a-f]{{32}}){{0,{_ACCOUNTS}}}", re.ASCII)


def cookie_name() -> str:
    """The cookie's name. It follows the rules of the sign-in's cookie, for the same reason."""
    return "__Host-rxconnect-device" if settings().is_https else "rxconnect-device"


def checked(cookie: str) -> str:
    """The cookie if it has our form, else the cookie of a new device."""
    return cookie if _COOKIE.fullmatch(cookie) else tokens.new()


def knows(cookie: str, account_id: int) -> bool:
    """Whether the account has signed in with this cookie before."""
    name, *signatures = cookie.split(".")
    return any(hmac.compare_digest(_signature(name, account_id), each) for each in signatures)


def remembering(cookie: str, account_id: int) -> str:
    """The cookie with the account's signature added. Of many accounts it keeps the latest."""
    name, *signatures = cookie.split(".")
    mine = _signature(name, account_id)
    others = [each for each in signatures if each != mine]
    return ".".join([name, *others[1 - _ACCOUNTS :], mine])


def hashed(cookie: str) -> str:
    """The hash of the device that the database keeps; "" without a device."""
    return tokens.hashed("device", cookie.partition(".")[0]) if cookie else ""


def _signature(name: str, account_id: int) -> str:
    return tokens.hashed("device of account", f"{name} {account_id}")[:32]
