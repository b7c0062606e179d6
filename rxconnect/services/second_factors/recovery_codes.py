"""Recovery codes: ten, shown once, each of which replaces the second factor once."""

from __future__ import annotations

import secrets

from sqlalchemy import update
from sqlmodel import Session, col, delete, func, select

from rxconnect.domain import clock
from rxconnect.models import RecoveryCode
from rxconnect.services.accounts import tokens

COUNT = 10
# Without those that look alike on paper: 0 and O, 1, I and L.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_HALF = 5  # 2 × 5 of 31 letters are 49 bits


def renew(session: Session, account_id: int) -> list[str]:
    """Replace the account's codes, and return the new ones as `ABCDE-FGHJK`. Only their hashes are stored."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = ["-".join(_random_half() for _ in range(2)) for _ in range(COUNT)]
    session.add_all([RecoveryCode(code_hash=_hash(account_id, code), account_id=account_id) for code in codes])
    return codes


def use(session: Session, account_id: int, code: str) -> bool:
    """Use a code up, however it was typed. Returns whether it was one of the account's, and unused."""
    unused = update(RecoveryCode).where(
        col(RecoveryCode.code_hash) == _hash(account_id, code), col(RecoveryCode.used_at).is_(None)
    )
    return session.exec(unused.values(used_at=clock.now())).rowcount == 1


def left(session: Session, account_id: int) -> int:
    """The number of unused codes."""
    mine = select(func.count()).where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(mine).one()


def _random_half() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))


def _hash(account_id: int, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return tokens.keyed_hash("recovery code", f"{account_id} {plain}")
