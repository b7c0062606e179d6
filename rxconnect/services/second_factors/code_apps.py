"""One-time codes (TOTP, RFC 6238) of an authenticator app: set it up once, and check its codes, each at most once."""

from __future__ import annotations

import base64

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import update
from sqlmodel import Session, col

from rxconnect.domain import clock
from rxconnect.models import CodeApp
from rxconnect.services.accounts import tokens
from rxconnect.services.second_factors import sealing

# Codes of one step (30 s) before and after are right too, since clocks differ and people type.
_WINDOW = 1
_DIGITS = 6
_SECRET_BYTES = 20  # RFC 4226, section 4
_PURPOSE, _ISSUER = "code app", "RxConnect"


def is_code(text: str) -> bool:
    """Whether the text has the length of a one-time code. Recovery codes are longer."""
    return len(text) == _DIGITS


def new_secret(session: Session, account_id: int, key: str) -> str:
    """The secret that an app is set up with, in base32.

    It is always the same for a `key`, which names the browser's sign-in, so it need not be stored before a code proves
    that the app has it. It is another one once an app was set up.
    """
    present = session.get(CodeApp, account_id)
    digest = tokens.keyed_hash("new code app", f"{account_id} {key} {present.secret if present else ''}")
    return base64.b32encode(bytes.fromhex(digest)[:_SECRET_BYTES]).decode()


def address_for_app(secret: str, email: str) -> str:
    """The `otpauth:` address that a QR code shows to the app."""
    return TOTP(secret, name=email, issuer=_ISSUER).provisioning_uri()


def set_up(session: Session, account_id: int, secret: str, code: str) -> bool:
    """Store the app, in place of an earlier one, if the code shows that it has the secret. Returns whether it does."""
    step = _step_of(secret, code)
    if step is None:
        return False
    sealed = sealing.seal(_PURPOSE, str(account_id), secret)
    session.merge(CodeApp(account_id=account_id, secret=sealed, last_step=step, used_at=None))
    session.flush()
    return True


def use_code(session: Session, account_id: int, code: str) -> bool:
    """Use a code up. Returns whether it is right and newer than the last one that was used."""
    app = session.get(CodeApp, account_id)
    secret = sealing.unseal(_PURPOSE, str(account_id), app.secret) if app else None
    step = _step_of(secret, code) if secret else None
    if step is None:
        return False
    # Of two requests with the same code, only one changes the row.
    older = update(CodeApp).where(col(CodeApp.account_id) == account_id, col(CodeApp.last_step) < step)
    return session.exec(older.values(last_step=step, used_at=clock.now())).rowcount == 1


def _step_of(secret: str, code: str) -> int | None:
    """The 30-second step that the code belongs to; None when it is wrong or too old."""
    try:
        return TOTP(secret, digits=_DIGITS).verify_and_get_timecode(code, for_time=clock.now(), valid_window=_WINDOW)
    except OTPVerificationError:
        return None
