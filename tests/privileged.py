"""A verified lawyer's letters at a facility, with words and names that must never reach its staff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.domain.terms import VERSION
from rxconnect.models import Facility, PrintPage
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.inside import replies as inside
from rxconnect.services.lawyers import requests, reviews
from rxconnect.services.messages import drafts, messages
from rxconnect.services.paper import replies
from rxconnect.services.privilege import break_glass, sealed
from rxconnect.services.screening import submissions
from tests import people
from tests.services.conftest import give_credits

WORDS = ("Quillfeather", "Oubliette")
LAWYER, PERSON = "Thistlewood", "Olifant"
_REASON = "A judge has ordered it, case 12-345."


@dataclass(frozen=True)
class Privileged:
    """Ids of everything privileged, each named as the handlers name their arguments."""

    lawyer: Actor
    administrator: Actor
    facility_id: int
    inmate_id: int
    letters: tuple[int, ...]
    batches: tuple[int, ...]
    pages: tuple[int, ...]
    lawyer_id: int
    request_id: int

    def candidates(self, argument: str) -> tuple[int, ...]:
        """The ids to try for an argument of a handler."""
        named = {
            "facility_id": (self.facility_id,),
            "account_id": (self.lawyer.account_id,),
            "member_id": (self.lawyer.account_id,),
            "inmate_id": (self.inmate_id,),
            "message_id": self.letters,
            "batch_id": self.batches,
            "page_id": self.pages,
            "lawyer_id": (self.lawyer_id,),
            "request_id": (self.request_id,),
        }
        return named.get(argument, (self.letters[0], self.batches[0]))


def leaks(text: str, *, may_name: str = "") -> list[str]:
    """The words and names of the letters in a text, in any case."""
    return [word for word in (*WORDS, LAWYER, PERSON) if word != may_name and word.casefold() in text.casefold()]


def privileged_at(facility_id: int) -> Privileged:
    """A lawyer with a letter that was handed over, its privileged answers, one in an open batch, and one that waits."""
    lawyer = _person("lawyer@example.net", f"Zebulon {LAWYER}")
    administrator = _person("first@example.net", "Paul Lindgren", Role.ADMINISTRATOR, facility_id)
    db.write(inmates.add_to_roster, facility_id, [Person(number="Z00009", first_name="Wilma", last_name=PERSON)])
    db.write(facilities.add_location, lawyer, facility_id)
    (found,), _more = db.read(inmates.find, lawyer, facility_id, InmateQuery(number="Z00009"))
    contact_id = db.write(contacts.add_at_my_location, lawyer, found.id).id
    given = {"name": lawyer.name, "bar_number": "12345", "bar_state": "WA"}
    db.write(requests.ask, lawyer, facility_id, **given)
    (asked,) = db.read(requests.mine, lawyer)
    lawyer_id = asked.id
    last_day = (clock.now() + timedelta(days=90)).date().isoformat()
    db.write(reviews.verify, administrator, lawyer_id, last_day, asked.version)
    give_credits(lawyer, facility_id, 10)
    handed_over = _send(lawyer, contact_id)
    over = db.write(sealed.create, administrator, facility_id)
    db.write(sealed.confirm, administrator, over)
    reply = {"subject": WORDS[0], "body": WORDS[1]}
    answer = db.write(replies.deliver_reply, administrator, found.id, lawyer.account_id, **reply)
    from_kiosk = _reply_from_a_kiosk(found.id, facility_id, contact_id)
    printed = _send(lawyer, contact_id)
    open_ = db.write(sealed.create, administrator, facility_id)
    waits = _send(lawyer, contact_id)
    assert all(one.is_privileged for one in db.read(messages.thread, lawyer, contact_id))
    with db.reading() as session:
        pages = tuple(session.exec(select(PrintPage.id).where(PrintPage.batch_id == open_)).all())
    request_id = db.write(break_glass.ask, administrator, printed, _REASON)
    return Privileged(
        lawyer=lawyer,
        administrator=administrator,
        facility_id=facility_id,
        inmate_id=found.id,
        letters=(waits, printed, handed_over, answer, from_kiosk),
        batches=(open_, over),
        pages=pages,
        lawyer_id=lawyer_id,
        request_id=request_id,
    )


def _send(lawyer: Actor, contact_id: int) -> int:
    draft_id = db.write(drafts.get_or_create_empty, lawyer, contact_id)
    db.write(drafts.save, lawyer, draft_id, subject=WORDS[0], body=f"The {WORDS[1]}.")
    return db.write(submissions.send, lawyer, draft_id, accepted_terms=VERSION, must_be_privileged=True)


def _reply_from_a_kiosk(inmate_id: int, facility_id: int, contact_id: int) -> int:
    with db.transaction() as session:
        session.get_one(Facility, facility_id).free_replies = 1
        kiosk = people.add(session, "kiosk@example.net", f"Wilma {PERSON}", kind=ActorKind.KIOSK)
    person = replace(kiosk, inmate_id=inmate_id)
    draft_id = db.write(inside.start, person, contact_id)
    db.write(inside.save, person, draft_id, DraftChange("a", 1, 0), f"{WORDS[0]}, the {WORDS[1]}.")
    return db.write(inside.send, person, draft_id)


def _person(email: str, name: str, role: Role | None = None, facility_id: int | None = None) -> Actor:
    with db.transaction() as session:
        return people.add(session, email, name, role, facility_id)
