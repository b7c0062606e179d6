"""Wrong passwords against a running server: the guesser must wait, and the owner must not notice.

Loopback has many addresses (127.0.0.0/8), so guesses come from one and the owner from another.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter

import httpx

from rxconnect import routes

_PASSWORD = "a harbor lantern 41"
_STRANGER, _ELSEWHERE = "127.0.0.66", "127.0.0.77"
# The number of guesses without a wait, and the seconds of the first wait, which doubles.
_FREE, _FIRST_WAIT = 5, 15


def soak(url: str, *, tries: int) -> list[str]:
    """Send so many wrong passwords and reset requests for one account from one address. Returns the violations."""
    email = f"owner-{secrets.token_hex(4)}@example.org"
    with (
        _browser(url, _ELSEWHERE) as owners,
        _browser(url, _STRANGER) as stranger,
        _browser(url, "127.0.0.78") as fresh,
    ):
        owners.post(routes.SIGN_UP, data={"email": email, "name": "Nina Okafor", "password": _PASSWORD})
        owners.post(routes.SIGN_OUT)
        began = time.monotonic()
        guessed = Counter(_sign_in(stranger, email, f"wrong {number}") for number in range(tries))
        waits = _waits_within(time.monotonic() - began)
        asked = Counter(stranger.post(routes.FORGOT_PASSWORD, data={"email": email}).status_code for _ in range(tries))
        with _browser(url, _STRANGER, dict(owners.cookies)) as beside:
            answers = {
                "the owner's device beside who guesses": _sign_in(beside, email, _PASSWORD),
                "the owner's device": _sign_in(owners, email, _PASSWORD),
                "a device that is new to the account, elsewhere": _sign_in(fresh, email, _PASSWORD),
                "the owner's wish for a new password": owners.post(
                    routes.FORGOT_PASSWORD, data={"email": email}
                ).status_code,
            }
    untrue = [f"{who} was answered {status}" for who, status in answers.items() if status != 303]
    # On a slow machine a wait may end before the last guess.
    free = range(_FREE, _FREE + waits + 1)
    if guessed[422] not in free or guessed[422] + guessed[429] != tries or asked != {303: _FREE, 429: tries - _FREE}:
        untrue.append(f"guesses were answered {dict(guessed)}, wishes for a new password {dict(asked)}")
    return untrue


def _waits_within(seconds: float) -> int:
    """The number of waits that fit into so many seconds, each twice as long as the one before."""
    count = 0
    while _FIRST_WAIT * (2 ** (count + 1) - 1) <= seconds:
        count += 1
    return count


def _browser(url: str, address: str, cookies: dict[str, str] | None = None) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=url, transport=transport, cookies=cookies, headers={"origin": url}, timeout=30)


def _sign_in(browser: httpx.Client, email: str, password: str) -> int:
    return browser.post(routes.SIGN_IN, data={"email": email, "password": password}).status_code
