"""What became of a person, as their family reads it: released, moved, missing from the list, or back on it.

Each sentence says only what the list said, and what the ledger has done: somebody who is missing is not released
(`docs/decisions/0055-missing-is-not-released.md`), and credits are reported as they are at this moment.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates, money
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import Custody
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.i18n import _
from rxconnect.models import Contact, Facility, Inmate, InmateAbsence, InmateMove, Refund, Transfer
from rxconnect.services.directory import absences
from rxconnect.services.money import lots, wallets

# A move is told for this long, as long as absences are remembered.
NEW_FOR = timedelta(days=30)


# Built once, since building it takes longer than running it.
_LATEST_MOVE = (
    select(InmateMove)
    .where(
        col(InmateMove.inmate_id) == bindparam("person"),
        col(InmateMove.from_facility_id) != bindparam("place"),
        col(InmateMove.moved_at) >= bindparam("since"),
    )
    .order_by(col(InmateMove.id).desc())
    .limit(1)
)


class Fate(NamedTuple):
    """A label and a note, such as for a contact's line. Both are "" if nothing became of the person."""

    label: str = ""
    note: str = ""


def fate(session: Session, contact: Contact, inmate: Inmate, facility: Facility, absence: InmateAbsence | None) -> Fate:
    """What became of a contact's person, now or within `NEW_FOR`."""
    if inmate.custody == Custody.RELEASED:
        return Fate(Custody.RELEASED.label, _released(session, contact, inmate, facility, absence))
    if inmate.custody == Custody.MOVED:
        return Fate(Custody.MOVED.label, _moved_away(session, contact, inmate, facility))
    note = absences.note(session, absence, inmate, facility, contact.account_id)
    label = absences.label(absence, inmate, facility) or (_("Back on the list") if note else "")
    move = None if note else _latest_move(session, contact, inmate)
    if move is None:
        return Fate(label, note)
    day = dates.short_day(move.moved_at, facility.time_zone)
    return Fate(_("Moved here on {day}").format(day=day), _moved_here(session, contact, inmate, facility, move))


def is_new(inmate: Inmate, absence: InmateAbsence | None, fate: Fate) -> bool:
    """Whether it is news: a release that was so long ago that nothing is remembered of it is none."""
    return fate.note != "" and (inmate.custody == Custody.HELD or absence is not None)


def _latest_move(session: Session, contact: Contact, inmate: Inmate) -> InmateMove | None:
    """The person's last move, if it was lately, after they became a contact, and away from another facility."""
    since = max(clock.now() - NEW_FOR, contact.created_at)
    return session.exec(_LATEST_MOVE, params={"person": inmate.id, "place": inmate.facility_id, "since": since}).first()


def _released(
    session: Session, contact: Contact, inmate: Inmate, facility: Facility, absence: InmateAbsence | None
) -> str:
    first_name, place = inmate.called, facility.name
    if absence is None or absence.released_at is None or absence.returned_at is not None:
        what = _("{first_name} counts as released from {facility}.")
        day = ""
    elif absence.since == absence.released_at:
        what = _("The list of {facility} of {day} says that {first_name} was released.")
        day = dates.short_day(absence.released_at, facility.time_zone)
    else:
        what = _(
            "{first_name} has been missing from the lists of {facility} since {day}, and so counts as released now. If that is "
            "wrong, it is put right by itself when they are on the list again."
        )
        day = dates.short_day(absence.since, facility.time_zone)
    return " ".join(
        filter(
            None,
            (
                what.format(first_name=first_name, facility=place, day=day),
                _("You cannot write to them there. Your letters stay here."),
                _credits_after_release(session, contact, facility, absence),
            ),
        )
    )


def _credits_after_release(
    session: Session, contact: Contact, facility: Facility, absence: InmateAbsence | None
) -> str:
    assert facility.id is not None
    refunded = select(Refund.status, func.sum(Refund.cents)).where(
        Refund.account_id == contact.account_id, Refund.facility_id == facility.id, Refund.cause == Cause.RELEASED
    )
    if absence is not None and absence.released_at is not None:
        refunded = refunded.where(Refund.created_at >= absence.released_at)
    cents = {status: int(total) for status, total in session.exec(refunded.group_by(Refund.status))}
    parts = []
    if paid := cents.get(RefundStatus.PAID):
        parts.append(_("{amount} for your unused credits went back to your card.").format(amount=money.dollars(paid)))
    if pending := cents.get(RefundStatus.PENDING):
        parts.append(
            _("{amount} for your unused credits is on its way back to your card.").format(amount=money.dollars(pending))
        )
    if left := wallets.balance(session, contact.account_id, facility.id):
        parts.append(_credits_left(session, contact, facility, left, has_failed=RefundStatus.FAILED in cents))
    return " ".join(parts)


def _credits_left(session: Session, contact: Contact, facility: Facility, left: int, *, has_failed: bool) -> str:
    assert facility.id is not None
    if _has_others(session, contact, facility.id):
        told = _("You still have {credits} at {facility}, for the other people you write to there.")
    elif not lots.unused_parts(session, contact.account_id, facility.id):
        told = _("You still have {credits} at {facility}.")
    elif has_failed:
        told = _(
            "Your card did not take the money back, so you still have {credits} at {facility}. Under Credits you can ask for "
            "the refund again."
        )
    elif contact.removed_at:
        told = _("You still have {credits} at {facility}. Under Credits you can ask for the money back.")
    else:
        told = _("You still have {credits} at {facility}. What you paid for them goes back to your card by itself.")
    return told.format(credits=money.credits(left), facility=facility.name)


def _moved_away(session: Session, contact: Contact, inmate: Inmate, facility: Facility) -> str:
    """The list says that they were moved, and they are on no other list that we know."""
    assert facility.id is not None
    what = _(
        "The list of {facility} says that {first_name} was moved to another facility. We do not know yet to which one. You cannot "
        "write to them for now. Your letters stay here."
    ).format(facility=facility.name, first_name=inmate.called)
    left = wallets.balance(session, contact.account_id, facility.id)
    stays = _("You still have {credits} at {facility}. Under Credits you can ask for the money back.")
    return f"{what} {stays.format(credits=money.credits(left), facility=facility.name)}" if left else what


def _moved_here(session: Session, contact: Contact, inmate: Inmate, facility: Facility, move: InmateMove) -> str:
    old = session.get_one(Facility, move.from_facility_id)
    what = _("{first_name} was moved from {old} to {new} on {day}.").format(
        first_name=inmate.called,
        old=old.name,
        new=facility.name,
        day=dates.short_day(move.moved_at, facility.time_zone),
    )
    is_open = facility.opening == Opening.OPEN
    do = _("You can write to them there.") if is_open else Opening(facility.opening).explanation
    return " ".join(filter(None, (what, do, _credits_after_move(session, contact, old, facility, move))))


def _credits_after_move(session: Session, contact: Contact, old: Facility, new: Facility, move: InmateMove) -> str:
    assert old.id is not None
    went = session.exec(
        select(func.sum(Transfer.credits), func.sum(Transfer.new_credits)).where(
            Transfer.account_id == contact.account_id,
            Transfer.from_facility_id == old.id,
            Transfer.to_facility_id == new.id,
            Transfer.created_at >= move.moved_at,
        )
    ).one()
    if went[0]:
        return _("Your {credits} at {old} became {new_credits} at {new}, worth the same.").format(
            credits=money.credits(int(went[0])), old=old.name, new_credits=money.credits(int(went[1])), new=new.name
        )
    left = wallets.balance(session, contact.account_id, old.id)
    if not left:
        return ""
    if _has_others(session, contact, old.id):
        told = _("Your {credits} stay at {old}, for the other people you write to there.")
    elif contact.removed_at or not lots.unused_parts(session, contact.account_id, old.id):
        told = _("You still have {credits} at {old}.")
    elif new.opening == Opening.OPEN:
        told = _("Your {credits} at {old} follow by themselves, with the value that you paid.")
    else:
        told = _(
            "Your {credits} stay at {old} until {new} opens. Under Credits you can ask for the money back instead."
        )
    return told.format(credits=money.credits(left), old=old.name, new=new.name)


def _has_others(session: Session, contact: Contact, facility_id: int) -> bool:
    """Whether another contact of the account is held at the facility, so that its credits stay there."""
    others = (
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.account_id == contact.account_id, Contact.id != contact.id, col(Contact.removed_at).is_(None))
        .where(Inmate.facility_id == facility_id, Inmate.custody == Custody.HELD)
    )
    return session.exec(others.limit(1)).first() is not None
