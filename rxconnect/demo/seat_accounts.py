"""The accounts of a scenario in a session's world, and the seats' sign-ins there.

A seat is signed in as a family or a member of staff, or at a kiosk, and never as both.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from rxconnect.demo.scenarios import Scenario
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.demo import SeatKind
from rxconnect.models import Account, Inmate, KioskPerson
from rxconnect.search.normalise import number_key
from rxconnect.services.accounts import sign_ins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins


def account_id(session: Session, scenario: Scenario, kind: SeatKind) -> int | None:
    """The account that seats of this kind act as, or None if the world has it no more."""
    wanted = scenario.account_of(kind)
    if kind.acts_as is not ActorKind.KIOSK:
        return session.exec(select(Account.id).where(Account.email == wanted)).first()
    people = select(KioskPerson.account_id).join(Inmate, col(Inmate.id) == col(KioskPerson.inmate_id))
    return session.exec(people.where(Inmate.number_key == number_key(wanted))).first()


def sign_in(session: Session, scenario: Scenario, seats: Mapping[str, SeatKind]) -> None:
    """Sign seats in, by the hash of their token, in place of the sign-ins that they had."""
    for seat_hash, kind in seats.items():
        sign_ins.end_for_seat(session, seat_hash)
        kiosk_sign_ins.end_for_seat(session, seat_hash)
        if account := account_id(session, scenario, kind):
            is_at_kiosk = kind.acts_as is ActorKind.KIOSK
            begin = kiosk_sign_ins.begin_for_seat if is_at_kiosk else sign_ins.begin_for_seat
            begin(session, account, seat_hash)
