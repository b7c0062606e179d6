"""The device's cookie: proof that an account has signed in from this browser before.

It outlives the sign-in, opens nothing, and keeps its owner from being locked out by somebody else's guesses (OWASP,
"Slow Down Online Guessing Attacks with Device Cookies"). It is a random name of the browser, followed by one keyed
signature for each account that has signed in there; several people may share a computer.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from rxconnect.config import settings
from rxconnect.services.accounts import tokens

# The longest that browsers keep a cookie; every sign-in sets it anew.
LASTS = timedelta(days=400)
_ACCOUNTS = 10
_COOKIE = re.compile(rf"[\w-]{{43}}(\.[0-9a-f]{{32}}){{0,{_ACCOUNTS}}}", re.ASCII)


def cookie_name() -> str:
    """Named as the sign-in's cookie is, for the same reason."""
    return "__Host-rxconnect-device" if settings().is_https else "rxconnect-device"


def checked(cookie: str) -> str:
    """The cookie if it can be one of ours, or that of a new device."""
    return cookie if _COOKIE.fullmatch(cookie) else tokens.new()


def knows(cookie: str, account_id: int) -> bool:
    """Whether the account has signed in with this cookie before."""
    name, *signatures = cookie.split(".")
    return any(hmac.compare_digest(_signature(name, account_id), each) for each in signatures)


def remembering(cookie: str, account_id: int) -> str:
    """The cookie after the account has signed in; of many accounts the latest are remembered."""
    name, *signatures = cookie.split(".")
    mine = _signature(name, account_id)
    others = [each for each in signatures if each != mine]
    return ".".join([name, *others[1 - _ACCOUNTS :], mine])


def hashed(cookie: str) -> str:
    """What the database keeps of the device, "" of none."""
    return tokens.hashed("device", cookie.partition(".")[0]) if cookie else ""


def _signature(name: str, account_id: int) -> str:
    return tokens.hashed("device of account", f"{name} {account_id}")[:32]
