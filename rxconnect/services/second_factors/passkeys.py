"""Passkeys (WebAuthn): register one, and check what it signs. The browser asks for them with `components/passkey.js`."""

from __future__ import annotations

from urllib.parse import urlsplit

import webauthn
from sqlalchemy import update
from sqlmodel import Session, col, select
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid, WrongSecondFactor
from rxconnect.domain.problems import Problem
from rxconnect.models import Passkey
from rxconnect.services.accounts import tokens
from rxconnect.services.second_factors.challenges import Purpose, new_challenge, use_challenge

MOST = 10
_SITE_NAME = "RxConnect"
_NAME_MAX = 60
# What the library raises for bytes that no authenticator of a person makes.
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def registration_options(session: Session, account_id: int, email: str, name: str, key: str) -> str:
    """What a browser needs to make a passkey for the account, as JSON. `key` names its sign-in."""
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name=_SITE_NAME,
        user_id=bytes.fromhex(tokens.keyed_hash("passkey user", str(account_id))),
        user_name=email,
        user_display_name=name,
        challenge=new_challenge(Purpose.REGISTER, key),
        authenticator_selection=AuthenticatorSelectionCriteria(
            # It is found without an email address, and asks for a PIN, a finger or a face, so it is two factors in one.
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(session, account_id),
    )
    return webauthn.options_to_json(options)


def request_options(session: Session, purpose: Purpose, key: str, account_id: int | None = None) -> str:
    """What a browser needs to ask for a passkey, as JSON: any of the account's, or without one any of this site's."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(),
        challenge=new_challenge(purpose, key),
        allow_credentials=_descriptors(session, account_id) if account_id is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def register(session: Session, account_id: int, credential: str, key: str, name: str) -> None:
    """Add the passkey that the browser has made; `name` describes the browser. Raises `WrongSecondFactor` or `Invalid`."""
    if len(_descriptors(session, account_id)) >= MOST:
        raise Invalid(form=Problem.TOO_MANY_PASSKEYS(most=MOST))
    try:
        given = parse_registration_credential_json(credential)
        challenge = parse_client_data_json(given.response.client_data_json).challenge
        made = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=settings().origin,
            require_user_verification=True,
        )
    except _UNREADABLE:
        raise WrongSecondFactor from None
    row = Passkey(
        account_id=account_id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=name[:_NAME_MAX],
    )
    if not use_challenge(session, challenge, Purpose.REGISTER, key) or not db.add_once(session, row):
        raise WrongSecondFactor


def use(session: Session, credential: str, purpose: Purpose, key: str) -> int:
    """Check what a passkey has signed, and return the id of its account. Raises `WrongSecondFactor`."""
    try:
        given = parse_authentication_credential_json(credential)
        challenge = parse_client_data_json(given.response.client_data_json).challenge
        row = session.exec(select(Passkey).where(Passkey.credential_id == bytes_to_base64url(given.raw_id))).first()
        if row is None:
            raise WrongSecondFactor
        sign_count = _verified_count(given, challenge, row)
    except _UNREADABLE:
        raise WrongSecondFactor from None
    unchanged = update(Passkey).where(col(Passkey.id) == row.id, col(Passkey.sign_count) == row.sign_count)
    used = session.exec(unchanged.values(sign_count=sign_count, used_at=clock.now())).rowcount == 1
    if not used or not use_challenge(session, challenge, purpose, key):
        raise WrongSecondFactor
    return row.account_id


def _verified_count(given: AuthenticationCredential, challenge: bytes, row: Passkey) -> int:
    """The passkey's new counter, once its signature is verified. Raises what the library raises."""
    return webauthn.verify_authentication_response(
        credential=given,
        expected_challenge=challenge,
        expected_rp_id=_site(),
        expected_origin=settings().origin,
        credential_public_key=webauthn.base64url_to_bytes(row.public_key),
        credential_current_sign_count=row.sign_count,
        require_user_verification=True,
    ).new_sign_count


def _descriptors(session: Session, account_id: int) -> list[PublicKeyCredentialDescriptor]:
    ids = session.exec(select(Passkey.credential_id).where(Passkey.account_id == account_id)).all()
    return [PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(one)) for one in ids]


def _site() -> str:
    """The host that passkeys belong to (the RP ID). They are of no use at another one."""
    return urlsplit(settings().origin).hostname or "localhost"
