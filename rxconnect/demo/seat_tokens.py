"""The token in a seat's cookie. It proves which session it was for, also when no row of the seat is left."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from rxconnect import world
from rxconnect.domain.numbers import whole_number
from rxconnect.services.accounts import tokens

_TRAINER, _OTHER = "trainer", "seat"
_PROOF_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says of its seat."""

    session_id: int
    is_trainer: bool


def new(session_id: int, *, is_trainer: bool) -> str:
    """A new random token."""
    claim = f"{session_id}.{_TRAINER if is_trainer else _OTHER}.{tokens.new_token()}"
    return f"{claim}.{_proof(claim)}"


def read(token: str) -> Claim | None:
    """What a token says, or None if we did not make it. The seat may be gone."""
    claim, _, proof = token.rpartition(".")
    if not hmac.compare_digest(_proof(claim).encode(), proof.encode()):
        return None
    session_id, role, _ = claim.split(".")
    return Claim(whole_number(session_id) or 0, role == _TRAINER)


def led_session(token: str) -> int:
    """The session whose trainer has this token, also when it has ended; 0 for any other token."""
    claim = read(token)
    return claim.session_id if claim and claim.is_trainer else 0


def _proof(claim: str) -> str:
    with world.own().bound():
        return tokens.keyed_hash("seat token", claim)[:_PROOF_LENGTH]
