"""A family that has been here a while, and what the database holds of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, or_, select
from sqlmodel import SQLModel, col

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.imports import RosterPlan
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.domain.messages import Reason
from rxconnect.domain.removals import RemovalKind
from rxconnect.domain.review import DecisionState, Outcome, Queue
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.domain.terms import VERSION
from rxconnect.models import (
    BreakGlass,
    Decision,
    Draft,
    Facility,
    Inmate,
    InmateMerge,
    Item,
    Lawyer,
    Notice,
    Passkey,
    Photo,
    PrintBatch,
    PrintPage,
    Removal,
    RosterImport,
    SecondReading,
)
from rxconnect.services.accounts import sign_ins
from rxconnect.services.custody.roster_imports import columns_to, report_of
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.kiosk import devices
from rxconnect.services.messages import drafts
from rxconnect.services.money import cards
from rxconnect.services.paper import replies
from rxconnect.services.purchases import purchases
from rxconnect.services.review import filters
from rxconnect.services.rosters.roster_people import select_people
from rxconnect.services.screening import rules, submissions
from rxconnect.services.team import invitations, team
from tests import kiosks, people
from tests.services.buying import buy


@dataclass(frozen=True)
class Life:
    """One of everything that an account can have."""

    actor: Actor
    facility_id: int
    inmate_id: int
    contact_id: int
    draft_id: int
    photo_id: int
    message_id: int
    answer_id: int
    purchase_id: str
    card_id: int
    receipt_number: str
    sign_in_id: int | None
    # A member of staff at the family's facility, an invitation, a rule, and what the member has or made.
    member_id: int
    invitation_id: int
    passkey_id: int
    filter_id: int
    batch_id: int
    page_id: int
    item_id: int
    import_id: int
    merge_id: int
    rule_id: int
    reading_id: int
    # The family's request to be verified as a lawyer, and somebody's to open its letter, though it is an ordinary one.
    lawyer_id: int
    request_id: int
    # The person in custody as they use a kiosk, the kiosk, a notice to them, and a reply that they have begun.
    person: Actor
    device_id: int
    notice_id: int
    reply_id: int
    # What was removed, and can come back: the photo.
    removal_id: int
    # Somebody's in a demo session, as handlers call it. Nobody here is in one.
    seat_id: int = 1
    requirement_id: int = 1

    @property
    def account_id(self) -> int:
        """The family's account."""
        return self.actor.account_id

    @property
    def key(self) -> str:
        """The facility's key, in the address of its page."""
        with db.reading() as session:
            return session.get_one(Facility, self.facility_id).key

    @property
    def kiosk_addresses(self) -> list[str]:
        """Every page of the kiosk that is about something of the person's."""
        fill = routes.fill
        return [
            *(routes.KIOSK_INBOX, routes.KIOSK_NOTICES, routes.KIOSK_SENDERS, routes.KIOSK_RULES),
            *(fill(routes.KIOSK_THREAD, self.contact_id), fill(routes.KIOSK_LETTER, self.answer_id)),
            *(fill(routes.KIOSK_LETTER, self.message_id), fill(routes.KIOSK_REPLY, self.reply_id)),
        ]

    @property
    def addresses(self) -> list[str]:
        """Every page that is about something of theirs."""
        fill = routes.fill
        return [
            *(f"{routes.BUY_CREDITS}?purchase={self.purchase_id}", f"{routes.BUY_CREDITS}?facility={self.facility_id}"),
            *(fill(routes.PAYMENT, self.purchase_id), fill(routes.REVIEW, self.purchase_id)),
            fill(routes.RECEIPT, self.receipt_number),
            *(fill(routes.THREAD, self.contact_id), fill(routes.MESSAGE, self.message_id)),
            *(f"{routes.COMPOSE_NEW}?contact={self.contact_id}", fill(routes.COMPOSE, self.draft_id)),
            fill(routes.SEND, self.draft_id),
        ]


def live(word: str, price_cents: int = 25) -> Life:
    """A family that did one of everything at a facility of its own, with `word` in all that is theirs."""
    facility_id = db.write(facilities.create_facility, name=f"{word} House", opening="open", price_cents=price_cents)
    actor = _account(f"{word} Writer")
    reviewer = _account(f"{word} Reader", role=Role.REVIEWER, facility_id=facility_id)
    db.write(inmates.add_to_roster, facility_id, [Person(number="A00001", first_name=word, last_name="Rivera")])
    db.write(facilities.add_location, actor, facility_id)
    (found,), _more = db.read(inmates.find, actor, facility_id, InmateQuery(first_name=word))
    contact_id = db.write(contacts.add_at_my_location, actor, found.id).id
    paid = buy(actor, facility_id, save=True)
    (card,) = db.read(cards.my_cards, actor)
    administrator = _account(f"{word} Keeper", role=Role.ADMINISTRATOR, facility_id=facility_id)
    message_id = db.write(submissions.send, actor, _written(actor, contact_id, word), accepted_terms=VERSION)
    batch_id = _added(PrintBatch(facility_id=facility_id, made_by_account_id=reviewer.account_id))
    reply = {"subject": f"{word} answers", "body": f"{word} misses you too."}
    db.write(walkthrough.choose_facility, actor, facility_id)
    db.write(walkthrough.save_query, actor, InmateQuery(first_name=word))
    db.write(walkthrough.choose_contact, actor, contact_id)
    reading_id = _drawn(message_id, facility_id, reviewer)
    person = kiosks.add_person(found.id)
    return Life(
        actor=actor,
        facility_id=facility_id,
        inmate_id=found.id,
        contact_id=contact_id,
        draft_id=(draft_id := _written(actor, contact_id, word)),
        photo_id=(photo_id := _removed_photo(actor, draft_id, word)),
        removal_id=_removal(actor, photo_id, word),
        message_id=message_id,
        answer_id=db.write(replies.deliver_reply, reviewer, found.id, actor.account_id, **reply),
        purchase_id=db.write(purchases.begin_or_change, actor, facility_id=facility_id, credits=40).id,
        card_id=card.id,
        receipt_number=paid.receipt_number,
        member_id=reviewer.account_id,
        invitation_id=_invited(administrator, facility_id, word),
        passkey_id=_added(Passkey(account_id=reviewer.account_id, credential_id=word, public_key=word, name=word)),
        filter_id=db.write(filters.save, reviewer, word, DeskFilter()).id,
        batch_id=batch_id,
        item_id=_first_item(message_id),
        import_id=_added(
            RosterImport(facility_id=facility_id, file_name=f"{word}.csv", report=report_of(RosterPlan()))
        ),
        merge_id=_merged(found.id),
        rule_id=db.write(rules.write, administrator, facility_id, NewRule(RuleKind.WORDS, word, words=word)),
        reading_id=reading_id,
        person=person,
        device_id=db.read(devices.find, kiosks.add_device(facility_id)).id,
        notice_id=_told(message_id, facility_id, found.id, reading_id),
        reply_id=_added(Draft(account_id=person.account_id, contact_id=contact_id, body=f"{word} answers.")),
        lawyer_id=_added(_lawyer(actor.account_id, facility_id, word)),
        request_id=_added(_opening(message_id, facility_id, administrator.account_id, word)),
        page_id=_added(PrintPage(batch_id=batch_id, message_id=message_id)),
        sign_in_id=db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, actor.account_id)).sign_in_id,
    )


def _merged(inmate_id: int) -> int:
    """The person has another number since the last list."""
    with db.reading() as session:
        (now,) = select_people(session, col(Inmate.id) == inmate_id)
    before = now._replace(number="A00000", number_key="A00000")
    return _added(
        InmateMerge(
            inmate_id=inmate_id,
            from_facility_id=before.facility_id,
            from_number=before.number,
            from_number_key=before.number_key,
            to_facility_id=now.facility_id,
            to_number=now.number,
            before=columns_to(before),
        )
    )


def everything() -> dict[str, list[Any]]:
    """Every row of every table, as the driver of the database gives it: quicker than through the types of its columns."""
    with db.reading() as session:
        driver = session.connection().connection.driver_connection
        return {name: sorted(map(repr, driver.execute(f'SELECT * FROM "{name}"'))) for name in SQLModel.metadata.tables}


def everything_of(actor: Actor) -> dict[str, list[Any]]:
    """Every row that says in a column that it is this account's."""
    mine = {}
    for name, table in SQLModel.metadata.tables.items():
        owner = [table.c[column] == actor.account_id for column in ("account_id", "owner_id") if column in table.c]
        if owner:
            mine[name] = _rows(table, or_(*owner))
    return mine


def everything_at(life: Life) -> dict[str, list[Any]]:
    """Every row about a life's facility, its family, its member of staff, or one of their letters."""
    about = {
        "facility_id": [life.facility_id],
        "account_id": [life.account_id, life.member_id],
        "message_id": [life.message_id, life.answer_id],
        "batch_id": [life.batch_id],
    }
    found = {}
    for name, table in SQLModel.metadata.tables.items():
        where = [table.c[column].in_(ids) for column, ids in about.items() if column in table.c]
        if name == "facility":
            where = [table.c.id == life.facility_id]
        if where:
            found[name] = _rows(table, or_(*where))
    return found


def _rows(table: Table, *where: Any) -> list[Any]:
    with db.reading() as session:
        return sorted(map(repr, session.connection().execute(select(table).where(*where))))


def _lawyer(account_id: int, facility_id: int, word: str) -> Lawyer:
    about = {"name": word, "bar_number": word, "bar_state": "WA", "state": "waiting"}
    return Lawyer(account_id=account_id, facility_id=facility_id, **about)


def _opening(message_id: int, facility_id: int, asked_by: int, word: str) -> BreakGlass:
    about = {"message_id": message_id, "facility_id": facility_id, "asked_by_account_id": asked_by}
    return BreakGlass(**about, reason=word, state="asked")


def _account(name: str, role: Role | None = None, facility_id: int | None = None) -> Actor:
    with db.transaction() as session:
        return people.add(session, f"{name.replace(' ', '.')}@example.org".lower(), name, role, facility_id)


def _invited(administrator: Actor, facility_id: int, word: str) -> int:
    invited = {"email": f"{word}.new@example.org".lower(), "name": f"{word} Newman", "role": Role.REVIEWER}
    db.write(invitations.invite, administrator, facility_id, **invited)
    return db.read(team.team, administrator).invitations[0].id


def _first_item(message_id: int) -> int:
    with db.reading() as session:
        return session.connection().execute(select(Item.id).where(Item.message_id == message_id)).scalars().first()


def _drawn(message_id: int, facility_id: int, reviewer: Actor) -> int:
    """A second reading of a letter, of which a decision was undone: the letter waits all the same."""
    now = clock.now()
    decision_id = _added(
        Decision(
            message_id=message_id,
            facility_id=facility_id,
            outcome=Outcome.APPROVED,
            state=DecisionState.UNDONE,
            by_account_id=reviewer.account_id,
            by_role=Role.REVIEWER,
            commits_at=now,
            queue=Queue.LETTERS,
        )
    )
    return _added(SecondReading(decision_id=decision_id, message_id=message_id, facility_id=facility_id))


def _told(message_id: int, facility_id: int, inmate_id: int, reading_id: int) -> int:
    """A notice about the letter, by the decision that a second reading was drawn for."""
    with db.reading() as session:
        decision_id = session.get_one(SecondReading, reading_id).decision_id
    about = {"message_id": message_id, "facility_id": facility_id, "inmate_id": inmate_id}
    return _added(Notice(**about, decision_id=decision_id, reason=Reason.CODED))


def _added(row: Any) -> int:
    with db.transaction() as session:
        session.add(row)
        session.flush()
        return row.id or 0


def _removed_photo(actor: Actor, draft_id: int, word: str) -> int:
    """A photo that was removed from the draft, so that it costs nothing and can come back. It has no files."""
    with db.transaction() as session:
        keys = {name: secrets.token_hex(16) for name in ("key", "store", "upload_key")}
        photo = Photo(account_id=actor.account_id, draft_id=draft_id, caption=word, state="ready", **keys)
        photo.removed_at = clock.now()
        session.add(photo)
        session.flush()
        assert photo.id is not None
        return photo.id


def _removal(actor: Actor, photo_id: int, word: str) -> int:
    """The removal of the photo. A life lasts for many tests, so this one can be undone for a day."""
    at = clock.now() + timedelta(days=1)
    return _added(Removal(account_id=actor.account_id, kind=RemovalKind.PHOTO, subject_id=photo_id, name=word, at=at))


def _written(actor: Actor, contact_id: int, word: str) -> int:
    draft_id = db.write(drafts.get_or_create_empty, actor, contact_id)
    db.write(drafts.save, actor, draft_id, subject=f"{word} writes", body=f"We miss you, says {word}.")
    return draft_id
