"""Links in emails. Opening one proves that the person reads that mailbox. Each works once, for a limited time."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxconnect import routes
from rxconnect.domain import clock
from rxconnect.domain.errors import LinkExpired
from rxconnect.models import Account, EmailLink
from rxconnect.services.accounts import tokens


class Purpose(StrEnum):
    """The action that a link allows."""

    VERIFY = "verify"
    RESET = "reset"


_ROUTE = {Purpose.VERIFY: routes.VERIFY_EMAIL, Purpose.RESET: routes.RESET_PASSWORD}
_MANY = 20
_LASTS = {Purpose.VERIFY: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}


def make_link(session: Session, account: Account, purpose: Purpose) -> str:
    """Make a link for the account's address, and return it in full. The database keeps only a hash of its token."""
    assert account.id is not None
    token = tokens.new_token()
    session.add(
        EmailLink(
            token_hash=tokens.keyed_hash(purpose, token),
            account_id=account.id,
            purpose=purpose,
            email=account.email,
            expires_at=clock.now() + _LASTS[purpose],
        )
    )
    return routes.absolute_url(routes.with_query(_ROUTE[purpose], token=token))


def has_many_links(session: Session, account: Account, purpose: Purpose) -> bool:
    """Whether the account has many valid links of this purpose, the newest of them valid for a while yet."""
    now = clock.now()
    made = select(EmailLink.expires_at).where(
        EmailLink.account_id == account.id,
        EmailLink.purpose == purpose,
        EmailLink.email == account.email,
        col(EmailLink.used_at).is_(None),
        EmailLink.expires_at > now,
    )
    ends = session.exec(made).all()
    return len(ends) >= _MANY and max(ends) - now > _LASTS[purpose] / 2


def account_of(session: Session, token: str, purpose: Purpose) -> Account:
    """The account that a link was sent to. The link stays usable. Raises `LinkExpired`."""
    account = session.exec(
        select(Account)
        .join(EmailLink, col(EmailLink.account_id) == Account.id)
        .where(
            EmailLink.token_hash == tokens.keyed_hash(purpose, token),
            col(EmailLink.used_at).is_(None),
            EmailLink.expires_at > clock.now(),
            EmailLink.email == Account.email,
        )
    ).first()
    if account is None:
        raise LinkExpired
    return account


def use_link(session: Session, token: str, purpose: Purpose) -> Account:
    """Use a link, which also ends every other link of its purpose for the account. Raises `LinkExpired`."""
    account = account_of(session, token, purpose)
    unused = update(EmailLink).where(col(EmailLink.used_at).is_(None)).values(used_at=clock.now())
    # Of two requests at the same moment, only one changes this row.
    if session.exec(unused.where(col(EmailLink.token_hash) == tokens.keyed_hash(purpose, token))).rowcount != 1:
        raise LinkExpired
    session.exec(unused.where(col(EmailLink.account_id) == account.id, col(EmailLink.purpose) == purpose))
    return account
