"""Creates the demonstration's world: facilities, rosters, and a year of a few families' messages, ending now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import update
from sqlmodel import Session, col

from rxconnect import db
from rxconnect.config import DEMO_PASSWORD
from rxconnect.demo import kiosks, letters, letters_in_spanish, roster, screening
from rxconnect.demo.desk import desk_moments
from rxconnect.demo.facilities import CEDAR_RIDGE, HARBOR_COUNTY, SITES
from rxconnect.demo.history import Correspondence, Moment, buy_credits, moments_of
from rxconnect.demo.lawyers import lawyer_moments
from rxconnect.demo.letters import Fate, Letter
from rxconnect.demo.quality import reading_moments
from rxconnect.demo.roster import Known
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Post, Role
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import Email
from rxconnect.services.accounts import accounts, staff
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.money import processor
from rxconnect.services.refunds import refunds

# The sign-ins that the command line prints. The password is `config.DEMO_PASSWORD`.
SIGN_INS = (
    ("sam@example.com", "Sam Whitaker, here for the first time"),
    ("rosa@example.com", "Rosa Delgado, who has written for a year"),
    ("luz@example.com", "Luz Ibáñez, her cousin, who reads and writes Spanish"),
    ("lena@example.com", "Lena Ruiz, a lawyer whom Cedar Ridge has verified"),
    ("reviewer@example.com", "Denise Walker, mail-room reviewer at Cedar Ridge"),
    ("admin@example.com", "Paul Lindgren, administrator at Cedar Ridge"),
    ("captain@example.com", "Irene Castell, the second administrator at Cedar Ridge"),
    ("auditor@example.com", "Ruth Okafor, auditor at Cedar Ridge"),
    ("trainer@example.com", "Aisha Coleman, trainer at Cedar Ridge"),
)

_SEED = 20_418_873
_VISA, _VISA_DEBIT = "4242424242424242", "4000056655665556"

# Rosa's purchases: days ago, facility, credits, card. Her messages, photos and a paid answer leave 10 and 3 of these credits.
_PURCHASES = (
    (363, CEDAR_RIDGE, 10, _VISA),
    (312, CEDAR_RIDGE, 10, _VISA),
    (251, CEDAR_RIDGE, 10, _VISA),
    (165, CEDAR_RIDGE, 10, _VISA_DEBIT),
    (137, HARBOR_COUNTY, 5, _VISA_DEBIT),
    (70, CEDAR_RIDGE, 10, _VISA),
    (58, HARBOR_COUNTY, 5, _VISA),
)

# Her cousin Luz's purchases at Harbor County: days ago, and credits.
_LUZ_PURCHASES = ((353, 10), (180, 5))

# Other families' purchases: roughly how many days ago, and the credits to choose from at random.
_OTHER_DAYS = (340, 306, 279, 245, 214, 188, 151, 124, 90, 61, 34, 16, 5)
_OTHER_CREDITS = (10, 10, 20, 20, 40)
# The families that had half of their credits refunded, and how many days ago.
_REFUNDS = (("grace@example.com", 118), ("pilar@example.com", 57), ("mai@example.com", 4))

_REVIEWER, _HARBOR_REVIEWER = "reviewer@example.com", "harbor@example.com"
# She decides the letters of every second family at Cedar Ridge, so that each reviewer reads the other's again.
_SECOND_REVIEWER = "jordan@example.com"
_ADMINISTRATOR = "admin@example.com"
_STAFF = (
    (CEDAR_RIDGE, _ADMINISTRATOR, "Paul Lindgren", Role.ADMINISTRATOR),
    (CEDAR_RIDGE, "captain@example.com", "Irene Castell", Role.ADMINISTRATOR),
    (CEDAR_RIDGE, "auditor@example.com", "Ruth Okafor", Role.AUDITOR),
    (CEDAR_RIDGE, "trainer@example.com", "Aisha Coleman", Role.TRAINER),
    (CEDAR_RIDGE, _REVIEWER, "Denise Walker", Role.REVIEWER),
    (CEDAR_RIDGE, _SECOND_REVIEWER, "Jordan Lee", Role.REVIEWER),
    (HARBOR_COUNTY, _HARBOR_REVIEWER, "Noor Haddad", Role.REVIEWER),
)

# The families of the people in `roster.OTHERS`, in the same order.
_OTHER_FAMILIES = (
    ("grace@example.com", "Grace Lindqvist"),
    ("denita@example.com", "Denita Gaines"),
    ("mai@example.com", "Mai Xiong"),
    ("harold@example.com", "Harold Featherstone"),
    ("aino@example.com", "Aino Saari"),
    ("pilar@example.com", "Pilar Ibáñez"),
)

# The addresses of the accounts that a demo session can act as.
FAMILIES = (
    *("sam@example.com", "rosa@example.com", "luz@example.com", "lena@example.com", "idris@example.com"),
    *(email for email, _ in _OTHER_FAMILIES),
)


def staff_with(role: Role) -> tuple[str, ...]:
    """The addresses of the accounts of staff with this role that a demo session can act as."""
    return tuple(email for _, email, _, has in _STAFF if has is role)


def seed(progress: Callable[[int, int], None]) -> None:
    """Create the world, unless it exists. Calls `progress(done, total)`.

    It is one transaction, so an interrupted run leaves nothing behind.
    """
    with processor.using_sandbox(), db.all_or_nothing() as session:
        if not accounts.has_demo_accounts(session):
            _create_world(session, clock.now(), progress)


def _create_world(session: Session, now: datetime, progress: Callable[[int, int], None]) -> None:
    random = Random(_SEED)  # noqa: S311 - the same world every time, on purpose
    with clock.at(now - timedelta(days=365)):
        _create_facilities(session, now, random)
        reviewers = _create_staff(session)
        rules = screening.create_rules(session, reviewers[_ADMINISTRATOR])
        _create_account(session, "sam@example.com", "Sam Whitaker")
        year = [
            *_rosas_moments(session, reviewers, now, random),
            *_other_families_moments(session, reviewers, now, random),
            *reading_moments(
                session, [reviewers[_SECOND_REVIEWER], reviewers[CEDAR_RIDGE]], reviewers[_ADMINISTRATOR], now
            ),
            *_lawyers_moments(session, reviewers, now),
            *_luz_moments(session, reviewers, now),
            Moment(now, partial(screening.try_again, reviewers[_ADMINISTRATOR], rules)),
            # Just before the letter that waits there, and after every other letter was decided.
            Moment(now - timedelta(minutes=3), partial(kiosks.create, session, reviewers[_ADMINISTRATOR])),
        ]
    year.sort(key=lambda moment: moment.at)
    for done, moment in enumerate(year, start=1):
        with clock.at(moment.at):
            moment.do()
        progress(done, len(year))
    _count_old_emails_as_sent(session, now)


def _create_facilities(session: Session, now: datetime, random: Random) -> None:
    """Create the facilities and their rosters."""
    for site in SITES:
        # The demonstration shows every step of a letter.
        facility_id = facilities.create_facility(session, **site.facility, shows_opened=True)
        if site.roster:
            people = roster.people_of(site.facility["key"], site.roster, random, now.date())
            inmates.add_to_roster(session, facility_id, people)


def _create_staff(session: Session) -> dict[str, Actor]:
    """Create the staff. Returns the reviewer of each facility, and by address two more members of Cedar Ridge's staff."""
    members = {
        email: _create_staff_member(session, facility, email, name, role) for facility, email, name, role in _STAFF
    }
    return {
        CEDAR_RIDGE: members[_REVIEWER],
        HARBOR_COUNTY: members[_HARBOR_REVIEWER],
        **{email: members[email] for email in (_ADMINISTRATOR, _SECOND_REVIEWER)},
    }


def _create_account(session: Session, email: str, name: str, *, kind: ActorKind = ActorKind.FAMILY) -> Actor:
    """Create an account, and return it as an actor."""
    fields = {"email": email, "name": name, "password": DEMO_PASSWORD}
    account_id = accounts.create_account(session, **fields, kind=kind, verified=True, is_demo=True)
    return Actor(account_id, name, email, kind)


def _create_staff_member(session: Session, facility: str, email: str, name: str, role: Role) -> Actor:
    """Create a member of a facility's staff."""
    facility_id = facilities.get_by_key(session, facility).id
    assert facility_id is not None
    member = _create_account(session, email, name, kind=ActorKind.STAFF)
    staff.assign(session, member.account_id, facility_id, role)
    return replace(member, posts=(Post(facility_id, role),))


def _rosas_moments(session: Session, reviewers: dict[str, Actor], now: datetime, random: Random) -> Iterator[Moment]:
    """The moments of Rosa's messages to three people, and her purchases."""
    rosa = _create_account(session, "rosa@example.com", "Rosa Delgado")
    for person, written in (
        (roster.MARCUS, letters.MARCUS),
        (roster.SHAWN, letters.SHAWN),
        (roster.TOMAS, letters.TOMAS),
    ):
        between = _add_contact(session, rosa, person, reviewers)
        for letter in written:
            yield from moments_of(between, letter, now, random)
        if person is roster.MARCUS:
            # A demo session counts what happens from now on.
            yield Moment(now - timedelta(minutes=2), partial(kiosks.send_paid_letter, between))
    for days, facility, credits, card in _PURCHASES:
        at = now - timedelta(days=days, hours=days % 9)  # not always at the hour of now
        yield Moment(at, _prepared_purchase(session, rosa, facility, credits, card))


def _luz_moments(session: Session, reviewers: dict[str, Actor], now: datetime) -> Iterator[Moment]:
    """The moments of Luz's letters to her son, in two languages, and of her purchases."""
    luz = _create_account(session, "luz@example.com", "Luz Ibáñez")
    accounts.choose_language(session, luz, "es")
    between = _add_contact(session, luz, roster.JESUS, reviewers)
    random = Random(_SEED)  # noqa: S311 - of her own, so that the rest of the world stays as it was
    for letter in letters_in_spanish.LUZ:
        yield from moments_of(between, letter, now, random)
    for days, credits in _LUZ_PURCHASES:
        at = now - timedelta(days=days)
        yield Moment(at, _prepared_purchase(session, luz, HARBOR_COUNTY, credits, _VISA_DEBIT))


def _other_families_moments(
    session: Session, reviewers: dict[str, Actor], now: datetime, random: Random
) -> Iterator[Moment]:
    """The moments of other families' recent messages, one of each still in review, their purchases, and the desk."""
    at_cedar_ridge: list[Correspondence] = []
    for (email, name), person in zip(_OTHER_FAMILIES, roster.OTHERS, strict=True):
        family = _create_account(session, email, name)
        between = _add_contact(session, family, person, reviewers)
        if person.facility == CEDAR_RIDGE and len(at_cedar_ridge) % 2:
            between = replace(between, reviewer=reviewers[_SECOND_REVIEWER])
        for days in _OTHER_DAYS:
            at = now - timedelta(days=days + random.randint(-2, 3), minutes=random.randint(0, 700))
            yield Moment(at, _prepared_purchase(session, family, person.facility, random.choice(_OTHER_CREDITS), _VISA))
        for days in (days for whose, days in _REFUNDS if whose == email):
            yield Moment(now - timedelta(days=days), _prepared_refund(session, family, person.facility))
        for letter in _spread_over_weeks(random.sample(letters.OTHER_FAMILIES, 12), random):
            yield from moments_of(between, letter, now, random)
        if person.facility == CEDAR_RIDGE:
            at_cedar_ridge.append(between)
    # Last, so that it takes no random number from what stood here before.
    yield from desk_moments(at_cedar_ridge, reviewers[_ADMINISTRATOR], now, random)


def _lawyers_moments(session: Session, reviewers: dict[str, Actor], now: datetime) -> Iterator[Moment]:
    """The moments of a verified lawyer's letters, her purchase, and another lawyer's request."""
    lena = _create_account(session, "lena@example.com", "Lena Ruiz")
    idris = _create_account(session, "idris@example.com", "Idris Hale")
    facility = facilities.get_by_key(session, CEDAR_RIDGE)
    assert facility.id is not None
    facilities.add_location(session, idris, facility.id)
    between = _add_contact(session, lena, roster.TOMAS, reviewers)
    yield Moment(now - timedelta(days=44), _prepared_purchase(session, lena, CEDAR_RIDGE, 10, _VISA))
    yield from lawyer_moments(between, reviewers[_ADMINISTRATOR], facility.id, idris, now)


def _spread_over_weeks(texts: Iterable[tuple[str, str]], random: Random) -> Iterator[Letter]:
    """Spread texts over the last ten weeks, about one in six days. The first is so recent that it is in review."""
    day = 24 * 60
    for place, (subject, text) in enumerate(texts):
        ago = random.randint(20, 300) if place == 0 else random.randint((6 * place - 5) * day, 6 * place * day)
        fate = Fate.OPENED if place else Fate.IN_REVIEW
        yield letters.wrote(0, "", subject, text, fate=fate, minutes_ago=ago)


def _add_contact(session: Session, family: Actor, person: Known, reviewers: dict[str, Actor]) -> Correspondence:
    """Add the person's facility to the family's locations, and the person to their contacts."""
    facility = facilities.get_by_key(session, person.facility)
    assert facility.id is not None
    facilities.add_location(session, family, facility.id)
    (found, *_), _ = inmates.find(session, family, facility.id, InmateQuery(number=person.number))
    contact = contacts.add_at_my_location(session, family, found.id)
    return Correspondence(session, family, contact.id, found.id, reviewers[person.facility], facility.time_zone)


def _prepared_purchase(session: Session, buyer: Actor, facility: str, credits: int, card: str) -> Callable[[], None]:
    facility_id = facilities.get_by_key(session, facility).id
    assert facility_id is not None
    return partial(buy_credits, session, buyer, facility_id, credits, card)


def _prepared_refund(session: Session, family: Actor, facility: str) -> Callable[[], None]:
    facility_id = facilities.get_by_key(session, facility).id
    assert facility_id is not None

    def ask() -> None:
        unused = refunds.refundable_credits(session, family.account_id, facility_id)
        refunds.request_refund(family, facility_id, min(unused // 2, 20), f"second thoughts of {family.account_id}")

    return ask


def _count_old_emails_as_sent(session: Session, now: datetime) -> None:
    """Mark old notices as sent. Those of the last day are sent as usual."""
    old = col(Email.created_at) < now - timedelta(days=1)
    session.execute(update(Email).where(old).values(sent_at=Email.created_at))
