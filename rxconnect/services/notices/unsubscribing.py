"""Unsubscribing by one click, without a sign-in (RFC 8058): the address in an email names the account and the kind."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect import routes
from rxconnect.domain.errors import NotFound
from rxconnect.domain.notices import OPTIONAL, NoticeKind, Pace
from rxconnect.domain.numbers import whole_number
from rxconnect.models import Account
from rxconnect.services.notices import choices, signing

# The kind of the daily email, which holds several.
DAILY = "daily"
_PURPOSE = "unsubscribe"


def is_offered(kind: str) -> bool:
    """Whether an email of this kind may be switched off by a click."""
    return kind in (DAILY, *OPTIONAL)


def address(account_id: int, kind: str) -> str:
    """The address that switches emails of this kind off for the account."""
    token = f"{account_id}.{kind}.{signing.sign(_PURPOSE, account_id, kind)}"
    return routes.absolute_url(routes.with_query(routes.UNSUBSCRIBE, token=token))


def read(token: str) -> tuple[int, str]:
    """The account's id and the kind in a token. Raises `NotFound` for one that is not ours."""
    number, _, rest = token.partition(".")
    kind, _, signature = rest.partition(".")
    account_id = whole_number(number)
    if account_id is None or not signing.is_signed(signature, _PURPOSE, account_id, kind) or not is_offered(kind):
        raise NotFound("page")
    return account_id, kind


def unsubscribe(session: Session, token: str) -> str:
    """Switch off what the token names: one kind, or every kind that comes daily. Returns the kind. Raises `NotFound`."""
    account_id, kind = read(token)
    if session.get(Account, account_id) is None:
        raise NotFound("page")
    daily = kind == DAILY
    kinds = choices.kinds_at(session, account_id, Pace.DAILY) if daily else [NoticeKind(kind)]
    choices.switch_off(session, account_id, kinds)
    return kind
