"""Returns: a person counted as released, and is on the list again. Their families hear of it, and of what was refunded.

A job looks for them, as it does for departures. Nobody hears of somebody who was only missing.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxconnect import db, routes
from rxconnect.domain import clock, money
from rxconnect.domain.inmates import Custody
from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Facility, Inmate, InmateAbsence
from rxconnect.services.directory import absences
from rxconnect.services.notices.notices import notify
from rxconnect.services.scheduling.batches import Batch

_BATCH = 200
# A release that was taken back sooner, without a refund, is not worth an email.
_UNNOTICED = timedelta(hours=1)


def tell_returns(after: int = 0) -> Batch:
    """Email the families of one batch of people who came back, each once."""
    return Batch.of_page(db.read(_untold_ids, after), _BATCH, lambda inmate_id: db.write(_tell, inmate_id))


def _untold_ids(session: Session, after: int) -> list[int]:
    absence = InmateAbsence
    untold = select(absence.inmate_id).where(
        col(absence.returned_at) <= clock.now(),
        col(absence.released_at).is_not(None),
        col(absence.is_told).is_(False),
        col(absence.inmate_id) > after,
    )
    return list(session.exec(untold.order_by(col(absence.inmate_id)).limit(_BATCH)))


def _tell(session: Session, inmate_id: int) -> bool:
    """Email every family that has this person as a contact. The guarded UPDATE makes it happen once."""
    claimed = session.connection().execute(
        update(InmateAbsence)
        .where(col(InmateAbsence.inmate_id) == inmate_id, col(InmateAbsence.is_told).is_(False))
        .values(is_told=True)
    )
    inmate = session.get_one(Inmate, inmate_id)
    if not claimed.rowcount or inmate.custody != Custody.HELD:
        return False
    families = (
        select(Account)
        .join(Contact, col(Contact.account_id) == Account.id)
        .where(Contact.inmate_id == inmate_id, col(Contact.removed_at).is_(None))
        .where(col(Account.closed_at).is_(None), col(Account.email_verified_at).is_not(None))
    )
    absence, facility = session.get_one(InmateAbsence, inmate_id), session.get_one(Facility, inmate.facility_id)
    assert absence.released_at is not None
    assert absence.returned_at is not None
    was_short = absence.returned_at - absence.released_at < _UNNOTICED
    for account in session.exec(families).all():
        cents = absences.refunded_cents(session, absence, account.id or 0)
        if was_short and not cents:
            continue
        path = routes.CREDITS if cents else routes.INBOX
        notify(session, account, NoticeKind.MOVED, partial(_wording, account, inmate, facility, cents), path=path)
    return True


def _wording(account: Account, inmate: Inmate, facility: Facility, cents: int) -> tuple[str, str]:
    subject = _("{name} is on the list again").format(name=inmate.called)
    what = _("The list of {facility} has {name} again, so you can write again. Your conversation is as it was.").format(
        facility=facility.name, name=inmate.full_name
    )
    money_back = (
        _(
            "Before that, the list said otherwise, so we refunded {amount} to your card. You keep that money. To write, "
            "you need message credits again:"
        ).format(amount=money.dollars(cents))
        if cents
        else ""
    )
    link = routes.absolute_url(routes.CREDITS if cents else routes.INBOX)
    lines = (_("Hello {name},").format(name=account.name), what, money_back, link, _("Warm regards,\nRxConnect\n"))
    return subject, "\n\n".join(filter(None, lines))
