"""Signing in at a kiosk with inmate number and PIN, and how long that lasts.

The cookie of such a sign-in is not that of families and staff, and its hash is made for another purpose: neither cookie
opens anything of the other. In the world of a demo session the seat is the sign-in, also at the kiosk, as in
`accounts.sign_ins`: its seat has no tablet and no PIN, and ends with the session.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from rxconnect import db, i18n, live, world
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import Invalid, NoKiosk, NotSignedIn, WrongPin
from rxconnect.domain.inmates import Custody
from rxconnect.domain.kiosk import NUMBER_MAX, PIN_MAX, KioskDevice, pin_problem
from rxconnect.domain.problems import Problem, fields_with_problems
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Account, Inmate, KioskPerson, SignIn
from rxconnect.models import KioskDevice as DeviceRow
from rxconnect.search.normalise import number_key
from rxconnect.services.accounts import passwords, seen, sign_ins, throttle, tokens
from rxconnect.services.kiosk import devices, guesses
from rxconnect.services.kiosk.pins import peppered

# Nobody uses a kiosk for so long without a pause. A stolen cookie cannot be kept alive for longer.
LASTS = timedelta(hours=4)
# Ended sign-ins are kept for so long: they show at which kiosks somebody has signed in (`guesses`).
_KEPT = timedelta(days=30)


def _signed_in() -> Select[*tuple[Any, ...]]:
    """The query for the sign-in of a person who is held anywhere. This alone is enough for a seat in a demo session."""
    return (
        columns(
            col(Account.id),
            col(Account.language),
            col(KioskPerson.inmate_id),
            col(Inmate.number),
            *(col(part) for part in (Inmate.first_name, Inmate.middle_name, Inmate.last_name, Inmate.suffix)),
            col(SignIn.id).label("sign_in_id"),
            col(SignIn.created_at),
            col(SignIn.seen_at),
        )
        .join(SignIn, col(SignIn.account_id) == col(Account.id))
        .join(KioskPerson, col(KioskPerson.account_id) == col(Account.id))
        .join(Inmate, col(Inmate.id) == col(KioskPerson.inmate_id))
        .where(col(SignIn.token_hash) == bindparam("token_hash"), col(Inmate.custody) == Custody.HELD.value)
    )


def _signed_in_at_kiosk(*, is_first: bool) -> Select[*tuple[Any, ...]]:
    """The query for a sign-in at a kiosk that is not revoked, of a person who is held at its facility.

    With `is_first` the person must still choose a PIN of their own, and may do nothing else.
    """
    return (
        _signed_in()
        .join(DeviceRow, col(DeviceRow.id) == col(SignIn.kiosk_device_id))
        .where(
            col(SignIn.ended_at).is_(None),
            col(DeviceRow.revoked_at).is_(None),
            col(KioskPerson.is_first).is_(is_first),
            col(Inmate.facility_id) == col(DeviceRow.facility_id),
        )
    )


# Built once, since building them takes longer than running them.
_SIGNED_IN, _WITH_FIRST_PIN = _signed_in_at_kiosk(is_first=False), _signed_in_at_kiosk(is_first=True)
_OF_SEAT = _signed_in()
# A seat ends with its session, however long nobody touches it.
_SEAT_LASTS = timedelta(days=1)


class _Person(NamedTuple):
    """Who has a number at a facility, as far as a sign-in needs it."""

    account_id: int
    inmate_id: int
    pin_hash: str


def cookie_name() -> str:
    """The name of the cookie of a sign-in at a kiosk, with the same prefix rules as the sign-in cookie of families."""
    if not world.current().is_own:
        return sign_ins.seat_cookie_name()
    return "__Host-rxconnect-kiosk" if settings().is_https else "rxconnect-kiosk"


def hash_token(token: str) -> str:
    """The token's keyed hash, as stored in the database."""
    if not world.current().is_own:
        return _hash_for_seat(sign_ins.seat_hash(token))
    return tokens.keyed_hash("kiosk sign-in", token)


def begin_for_seat(session: Session, account_id: int, seat_hash: str) -> None:
    """Sign a seat in at the kiosk, in the world of its demo session."""
    session.add(
        SignIn(token_hash=_hash_for_seat(seat_hash), account_id=account_id, expires_at=clock.now() + _SEAT_LASTS)
    )


def end_for_seat(session: Session, seat_hash: str) -> None:
    """End the sign-in of a seat at the kiosk, if it has one."""
    session.exec(delete(SignIn).where(col(SignIn.token_hash) == _hash_for_seat(seat_hash)))


def hashes_of_seat(seat_hash: str) -> tuple[str, str]:
    """Both hashes in the current world under which a seat can be signed in: as family or staff, and at the kiosk."""
    return sign_ins.hash_for_seat(seat_hash), _hash_for_seat(seat_hash)


def sign_in(device_token: str, number: str, pin: str, *, browser: str = "") -> str:
    """Check the PIN and return the token of a new sign-in, which ends the earlier one at this kiosk.

    Opens its own short transactions: a wrong guess must stay counted, and hashing is too slow to hold one. Raises
    `NoKiosk`, `Invalid`, `Throttled`, or `WrongPin`, also for a number that nobody here has.
    """
    device = require_device(device_token)
    if missing := fields_with_problems(
        number=None if number.strip() else Problem.INMATE_NUMBER_MISSING(),
        pin=None if pin.strip() else Problem.PIN_MISSING(),
    ):
        raise Invalid(**missing)
    key, pin = number_key(number[: 2 * NUMBER_MAX]), pin.strip()[: PIN_MAX + 1]
    person, counted = db.read(_find_person, device, key)
    with throttle.counting_guesses(*counted) as guess:
        # Refusing a number that nobody has takes as long.
        is_right = passwords.verify(person and person.pin_hash, peppered(person.inmate_id if person else 0, pin))
        if not is_right or person is None:
            raise WrongPin
        return db.write(_finish, device, key, person, guess, browser)


def choose_pin(token: str, pin: str, again: str) -> None:
    """Replace the PIN that staff gave by the person's own, which counts as use. Opens its own transactions.

    Raises `NotSignedIn`, or `Invalid` by field.
    """
    found = db.read(_find_with_first_pin, token)
    if found is None:
        raise NotSignedIn
    pin_hash, wanted = db.read(_pin_hash, found.inmate_id), peppered(found.inmate_id, pin)
    weak = pin_problem(pin, found.number)
    if weak is None and passwords.verify(pin_hash, wanted):
        weak = Problem.PIN_IS_THE_SAME()
    if problems := fields_with_problems(new_pin=weak, pin_again=Problem.PINS_DIFFER() if pin != again else None):
        raise Invalid(**problems)
    db.write(_replace_pin, found.inmate_id, pin_hash, passwords.hash_password(wanted))
    seen.cache_use_of_kiosk(hash_token(token), clock.now())


def must_choose_pin(session: Session, token: str) -> bool:
    """Whether the sign-in is of somebody who still has the PIN that staff gave them."""
    return _find_with_first_pin(session, token) is not None


def require_device(device_token: str) -> KioskDevice:
    """The kiosk of a browser, looked up in a transaction of its own. Raises `NoKiosk`."""
    device = db.read(devices.find, device_token)
    if device is None:
        raise NoKiosk
    return device


def actor_for(session: Session, token: str, *, is_used: bool = True) -> Actor | None:
    """The person who is signed in at a kiosk with this token, or None. `is_used` is as in `actor_for_hash`."""
    return actor_for_hash(session, hash_token(token), is_used=is_used) if token else None


def actor_for_hash(session: Session, token_hash: str, *, is_used: bool = True) -> Actor | None:
    """The person whose sign-in token has this hash.

    None when it was idle for too long, when the kiosk was revoked, when the person is not held there any more, or while
    they must still choose a PIN. With `is_used` this counts as use.
    """
    row = _find(session, token_hash)
    if row is None or _time_left(row, token_hash) <= timedelta(0):
        return None
    if is_used:
        seen.cache_use_of_kiosk(token_hash, clock.now())
    return Actor(
        account_id=row.id,
        name=" ".join(filter(None, (row.first_name, row.middle_name, row.last_name, row.suffix))),
        email="",
        kind=ActorKind.KIOSK,
        language=row.language,
        sign_in_id=row.sign_in_id,
        inmate_id=row.inmate_id,
    )


def time_left(session: Session, token_hash: str) -> timedelta:
    """How long the sign-in with this token hash still lasts if nobody uses it; zero when it has ended."""
    row = _find(session, token_hash)
    return timedelta(0) if row is None else max(timedelta(0), _time_left(row, token_hash))


def mark_of(token_hash: str) -> str:
    """The mark of a sign-in, which its pages know. It signs nobody in: it says whose page asks for the sign-out."""
    return tokens.keyed_hash("kiosk page", token_hash)[:32]


def sign_out(session: Session, token: str, *, mark: str = "") -> None:
    """End the sign-in with this token, unless it has already ended. The browser tells its other tabs itself (`leaving.js`).

    With a `mark` it ends only for a page of this sign-in. One that somebody left open must not sign out the next person, whose
    token the browser sends by then.
    """
    token_hash = hash_token(token)
    if not mark or secrets.compare_digest(mark.encode(), mark_of(token_hash).encode()):
        _end(session, col(SignIn.token_hash) == token_hash)


def _find(session: Session, token_hash: str) -> Row[Any] | None:
    query = _SIGNED_IN if world.current().is_own else _OF_SEAT
    return session.connection().execute(query, {"token_hash": token_hash}).first()


def _hash_for_seat(seat_hash: str) -> str:
    return tokens.keyed_hash("kiosk sign-in", seat_hash)


def _time_left(row: Row[Any], token_hash: str) -> timedelta:
    if not world.current().is_own:
        return _SEAT_LASTS
    last = seen.last_use(token_hash, row.seen_at)
    ends = min(row.created_at + LASTS, last + timedelta(seconds=settings().kiosk_idle))
    return ends - clock.now()


def _find_person(session: Session, device: KioskDevice, key: str) -> tuple[_Person | None, list[throttle.Guess]]:
    """Who has this number at the kiosk's facility, and the counters for the try."""
    people = columns(col(KioskPerson.account_id), col(KioskPerson.inmate_id), col(KioskPerson.pin_hash)).join(
        Inmate, col(Inmate.id) == col(KioskPerson.inmate_id)
    )
    row = (
        session.connection()
        .execute(
            people.where(
                col(Inmate.facility_id) == device.facility_id,
                col(Inmate.number_key) == key,
                col(Inmate.custody) == Custody.HELD.value,
            )
        )
        .first()
    )
    person = _Person(*row) if row else None
    known = person.account_id if person else None
    return person, guesses.counters(session, device.id, device.facility_id, key, known)


def _finish(
    session: Session, device: KioskDevice, key: str, person: _Person, guess: throttle.CountedGuess, browser: str
) -> str:
    """Sign the person in after the PIN was verified. Their earlier wrong PINs at this kiosk are forgiven."""
    row = session.exec(select(KioskPerson).where(KioskPerson.account_id == person.account_id).with_for_update()).one()
    if row.pin_hash != person.pin_hash:
        # Staff set another PIN while we checked the old one, which must no longer sign in.
        raise WrongPin
    throttle.reset_guesses(session, guesses.pair(device.id, key))
    guess.undo(session)
    token, now = tokens.new_token(), clock.now()
    account = session.get_one(Account, person.account_id)
    account.language = account.language or i18n.language()
    session.exec(delete(SignIn).where(col(SignIn.account_id) == account.id, col(SignIn.expires_at) <= now))
    # One person is at one kiosk, and one kiosk has one person.
    _end_elsewhere(session, (col(SignIn.kiosk_device_id) == device.id) | (col(SignIn.account_id) == account.id))
    session.add(
        SignIn(
            token_hash=hash_token(token),
            account_id=person.account_id,
            expires_at=now + _KEPT,
            device=browser or "A browser",
            kiosk_device_id=device.id,
        )
    )
    devices.note_use(session, device.id)
    return token


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.exec(update(SignIn).where(which, col(SignIn.ended_at).is_(None)).values(ended_at=clock.now()))


def _end_elsewhere(session: Session, which: ColumnElement[bool]) -> None:
    """End these sign-ins. Pages that are still open there, also on another kiosk, find nobody signed in, and leave at once."""
    there = select(KioskPerson.inmate_id).join(SignIn, col(SignIn.account_id) == col(KioskPerson.account_id))
    for inmate_id in session.exec(there.where(which, col(SignIn.ended_at).is_(None))).all():
        live.publish(session, Topic(Subject.INSIDE, inmate_id))
    _end(session, which)


def _find_with_first_pin(session: Session, token: str) -> Row[Any] | None:
    token_hash = hash_token(token)
    row = session.connection().execute(_WITH_FIRST_PIN, {"token_hash": token_hash}).first() if token else None
    return row if row is not None and _time_left(row, token_hash) > timedelta(0) else None


def _pin_hash(session: Session, inmate_id: int) -> str:
    return session.get_one(KioskPerson, inmate_id).pin_hash


def _replace_pin(session: Session, inmate_id: int, known_hash: str, pin_hash: str) -> None:
    mine = update(KioskPerson).where(
        col(KioskPerson.inmate_id) == inmate_id,
        col(KioskPerson.pin_hash) == known_hash,
        col(KioskPerson.is_first),
    )
    if not session.exec(mine.values(pin_hash=pin_hash, is_first=False, set_at=clock.now())).rowcount:
        # Staff set another one meanwhile.
        raise NotSignedIn
