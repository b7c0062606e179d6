"""Low credits: an account is told when a message brings a wallet below its level, once for each time that it goes below."""

from __future__ import annotations

from sqlmodel import Session, select

from rxconnect import routes
from rxconnect.domain import money
from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _
from rxconnect.models import Account, AutoReload, Facility
from rxconnect.services.notices import choices
from rxconnect.services.notices.notices import notify


def tell_if_low(session: Session, account_id: int, facility_id: int, *, left: int, used: int) -> None:
    """Tell the account when `used` credits brought its wallet from its level or more to less: `left`.

    Nobody is told whose auto-reload is on, since it buys more.
    """
    level = choices.level_of(session, account_id, facility_id)
    if not left < level <= left + used or _buys_by_itself(session, account_id, facility_id):
        return
    account, facility = session.get_one(Account, account_id), session.get_one(Facility, facility_id)
    path = routes.with_query(routes.BUY_CREDITS, facility=facility_id)
    notify(session, account, NoticeKind.LOW_CREDITS, lambda: _wording(account, facility, left, path), path=path)


def _buys_by_itself(session: Session, account_id: int, facility_id: int) -> bool:
    on = select(AutoReload.id).where(AutoReload.account_id == account_id, AutoReload.facility_id == facility_id)
    return session.exec(on.where(AutoReload.is_on)).first() is not None


def _wording(account: Account, facility: Facility, left: int, path: str) -> tuple[str, str]:
    body = _(
        "Hello {name},\n\n"
        "You have {credits} left at {facility}. A message that costs more waits as a "
        "draft until you buy more here:\n\n"
        "{link}\n\n"
        "Warm regards,\nRxConnect\n"
    ).format(name=account.name, credits=money.credits(left), facility=facility.name, link=routes.absolute_url(path))
    return _("Your credits are running low"), body
