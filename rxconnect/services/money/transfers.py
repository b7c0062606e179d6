"""Transfers: when a person moves to another facility, the value of the wallet moves along, in one journal."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect import routes
from rxconnect.domain import money
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.transfers import new_credits
from rxconnect.i18n import _
from rxconnect.models import Account, Facility, Inmate, Lot, Transfer
from rxconnect.services.money import ledger, lots
from rxconnect.services.notices.notices import notify


def transfer_credits(session: Session, account_id: int, inmate_id: int, from_id: int, to_id: int) -> bool:
    """Move the value of a wallet's unused credits to another facility, at its price. False if there is nothing to move.

    Each purchase's part becomes whole credits, rounded up, so the family loses nothing. A later refund still pays back
    exactly the amount that the family paid.
    """
    parts = lots.unused_parts(session, account_id, from_id, lock=True)
    if not parts:
        return False
    price_cents = session.get_one(Facility, to_id).price_cents
    transfer = Transfer(
        account_id=account_id,
        inmate_id=inmate_id,
        from_facility_id=from_id,
        to_facility_id=to_id,
        credits=sum(part.credits for part in parts),
        cents=sum(part.cents for part in parts),
        new_credits=sum(new_credits(part.cents, price_cents) for part in parts),
    )
    session.add(transfer)
    session.flush()
    _post_journal(session, transfer)
    # Oldest first, so that the newest lots get the highest ids here too.
    for part in reversed(parts):
        assert part.lot.id is not None
        lots.take_from_lot(session, part.lot.id, part.credits, part.cents)
        session.add(
            Lot(
                account_id=account_id,
                facility_id=to_id,
                purchase_id=part.lot.purchase_id,
                transfer_id=transfer.id,
                credits=new_credits(part.cents, price_cents),
                cents=part.cents,
            )
        )
        session.flush()
    _notify(session, transfer)
    return True


def _post_journal(session: Session, transfer: Transfer) -> None:
    owner, old, new = transfer.account_id, transfer.from_facility_id, transfer.to_facility_id
    subject = JournalKind.TRANSFER.subject(transfer.id)
    entries = [
        Entry(AccountKind.WALLET, -transfer.credits, owner_id=owner, facility_id=old),
        Entry(AccountKind.ISSUED, transfer.credits, facility_id=old),
        Entry(AccountKind.ISSUED, -transfer.new_credits, facility_id=new),
        Entry(AccountKind.WALLET, transfer.new_credits, owner_id=owner, facility_id=new),
        Entry(AccountKind.TAKINGS, -transfer.cents, facility_id=old),
        Entry(AccountKind.TAKINGS, transfer.cents, facility_id=new),
    ]
    ledger.post_journal(session, kind=JournalKind.TRANSFER, key=subject, subject=subject, entries=entries)


def _notify(session: Session, transfer: Transfer) -> None:
    account = session.get_one(Account, transfer.account_id)
    person = session.get_one(Inmate, transfer.inmate_id)
    old, new = (session.get_one(Facility, one) for one in (transfer.from_facility_id, transfer.to_facility_id))

    def wording() -> tuple[str, str]:
        body = _(
            "Hello {name},\n\n"
            "{person} moved to {new_facility}, and your credits went along.\n\n"
            "{credits} at {old_facility}, worth {amount}, became\n"
            "{new_credits} at {new_facility}.\n"
            "Each facility sets its own price, so the number may differ. "
            "Parts of a credit are rounded up in your favor.\n\n"
            "If you would rather have the money back on your card, you can refund them here:\n\n"
            "{link}\n\n"
            "Warm regards,\nRxConnect\n"
        ).format(
            name=account.name,
            person=person.full_name,
            old_facility=old.name,
            new_facility=new.name,
            credits=money.credits(transfer.credits),
            new_credits=money.credits(transfer.new_credits),
            amount=money.dollars(transfer.cents),
            link=routes.absolute_url(routes.CREDITS),
        )
        return _("Your credits moved along"), body

    notify(session, account, NoticeKind.REFUND, wording, path=routes.CREDITS)
