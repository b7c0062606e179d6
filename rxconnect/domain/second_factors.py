"""Second factors as their owner sees them, and who may set one up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey: the browser that made it, and when it was made and used last."""

    id: int
    name: str
    added: str
    used: str


@dataclass(frozen=True, slots=True)
class FactorsView:
    """An account's second factors. `app_added` is "" without an app; `codes_left` counts unused recovery codes.

    `is_needed` is false for the people of the demonstration, for whom the password is enough.
    """

    passkeys: list[PasskeyView]
    app_added: str
    app_used: str
    codes_left: int
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who may set up a second factor: after the password at the first sign-in, or signed in.

    `key` names the browser's sign-in. `token` is that of the sign-in that waits for the second factor, "" for an account
    that is signed in.
    """

    account_id: int
    email: str
    name: str
    key: str
    token: str = ""
