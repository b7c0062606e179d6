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

# Browsers keep a cookie for at most 400 days. Every sign-in sets it again.
LASTS = timedelta(days=400)
_ACCOUNTS = 10
_COOKIE = re.compile(rf"[\w-]{{43}}(\.[0-9a-f]{{32}}){{0,{_ACCOUNTS}}}", re.ASCII)


def cookie_name() -> str:
    """The cookie's name, with the same prefix rules as the sign-in cookie (`sign_ins.cookie_name`)."""
    return "__Host-rxconnect-device" if settings().is_https else "rxconnect-device"


def valid_or_new_cookie(cookie: str) -> str:
    """The cookie if it is well-formed, otherwise a cookie for a new device."""
    return cookie if _COOKIE.fullmatch(cookie) else tokens.new_token()


def is_known_to(cookie: str, account_id: int) -> bool:
    """Whether the account has signed in with this cookie before."""
    name, *signatures = cookie.split(".")
    return any(hmac.compare_digest(_signature(name, account_id), each) for each in signatures)


def cookie_with_account(cookie: str, account_id: int) -> str:
    """The cookie with the account's signature added. It holds at most `_ACCOUNTS` signatures, the latest ones."""
    name, *signatures = cookie.split(".")
    mine = _signature(name, account_id)
    others = [each for each in signatures if each != mine]
    return ".".join([name, *others[1 - _ACCOUNTS :], mine])


def device_hash(cookie: str) -> str:
    """The device's hash, as stored in the database; "" without a device."""
    return tokens.keyed_hash("device", cookie.partition(".")[0]) if cookie else ""


def _signature(name: str, account_id: int) -> str:
    return tokens.keyed_hash("device of account", f"{name} {account_id}")[:32]
