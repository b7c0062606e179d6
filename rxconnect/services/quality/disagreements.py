"""Readings that disagree: an administrator reads the letter and says which of the two was right."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import DecidedBefore, NotFound
from rxconnect.domain.messages import Reason, writer_and_recipient
from rxconnect.domain.own_texts import own_texts
from rxconnect.domain.review import Outcome, ViewKind
from rxconnect.domain.second_readings import Disagreement, DisagreementLine, DisagreementsView, Side, Verdict
from rxconnect.domain.team import Choice
from rxconnect.models import Account, Contact, Decision, Facility, Inmate, Message, SecondReading
from rxconnect.services.accounts.staff import chosen_place
from rxconnect.services.audit.recording import record
from rxconnect.services.photos import serving
from rxconnect.services.review import desk
from rxconnect.services.screening import hits

_SHOWN = 100


def page(session: Session, actor: Actor, facility_id: int | None = None) -> DisagreementsView:
    """The readings that disagree at a facility, those that nobody has judged first. Recorded. Raises `NotAllowed`."""
    place, choices = chosen_place(session, actor.must(Permission.ADMINISTER), facility_id)
    record(session, actor, place.id or 0, AuditKind.DISAGREEMENTS_SHOWN)
    return reload(session, actor, place.id or 0, choices)


def reload(session: Session, actor: Actor, facility_id: int, choices: list[Choice] | None = None) -> DisagreementsView:
    """The same after a change, without a record. Raises `NotAllowed`."""
    place, found = chosen_place(session, actor.must(Permission.ADMINISTER), facility_id)
    rows = session.exec(
        _disagreements(actor)
        .where(SecondReading.facility_id == place.id)
        .order_by(col(SecondReading.verdict) != "", col(SecondReading.id).desc())
        .limit(_SHOWN)
    )
    lines = [_line(actor, place.time_zone, *row) for row in rows]
    return DisagreementsView(place.id or 0, place.name, choices or found, lines)


def open_one(session: Session, actor: Actor, reading_id: int) -> Disagreement:
    """Two readings with the letter. Recorded as a view of it. Raises `NotAllowed` and `NotFound`."""
    row = _one(session, actor, reading_id)
    message = session.get_one(Message, row.message_id)
    desk.record_views(session, actor, [(row.facility_id, row.message_id, ViewKind.AGAIN)])
    place = session.get_one(Facility, row.facility_id)
    _found_by, subject_pieces, pieces = hits.in_letter(session, message)
    found = session.exec(_disagreements(actor).where(SecondReading.id == reading_id)).one()
    photos = serving.undecided(session, row.message_id)
    return Disagreement(
        _line(actor, place.time_zone, *found), subject_pieces, pieces, photos, own_texts(place, place.rules)
    )


def judge(session: Session, actor: Actor, reading_id: int, verdict: Verdict) -> None:
    """Say which of two readings was right. It can be corrected later; the audit keeps each judgement.

    Raises `NotAllowed`, `NotFound`, and `DecidedBefore` for an administrator who gave one of the two.
    """
    row = _one(session, actor, reading_id)
    if actor.account_id in (row.read_by, session.get_one(Decision, row.decision_id).by_account_id):
        raise DecidedBefore
    row.verdict, row.judged_by, row.judged_at = verdict, actor.account_id, clock.now()
    record(
        session,
        actor,
        row.facility_id,
        AuditKind.DISAGREEMENT_JUDGED,
        message_id=row.message_id,
        subject=f"reading {reading_id}",
        right=verdict,
    )


def _one(session: Session, actor: Actor, reading_id: int) -> SecondReading:
    found = session.exec(_disagreements(actor).where(SecondReading.id == reading_id).with_for_update(of=SecondReading))
    row = found.first()
    if row is None:
        raise NotFound("reading")
    reading: SecondReading = row[0]
    return reading


def _disagreements(actor: Actor) -> Any:
    """The readings that disagree with the decision, with all that a line needs."""
    first, second, judge_ = aliased(Account), aliased(Account), aliased(Account)
    columns: Any = (
        SecondReading,
        Decision,
        Message,
        Account.name,
        Inmate,
        first.name,
        second.name,
        judge_.name,
    )
    return (
        select(*columns)
        .join(Decision, col(Decision.id) == SecondReading.decision_id)
        .join(Message, col(Message.id) == SecondReading.message_id)
        .join(Account, col(Account.id) == Message.account_id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(first, col(first.id) == Decision.by_account_id)
        .join(second, col(second.id) == SecondReading.read_by)
        .join(judge_, col(judge_.id) == SecondReading.judged_by, isouter=True)
        .where(
            desk.is_letter(actor),
            col(SecondReading.facility_id).in_(actor.must(Permission.ADMINISTER)),
            col(SecondReading.outcome) != "",
            col(SecondReading.outcome) != col(Decision.outcome),
        )
    )


def _line(
    actor: Actor,
    zone: str,
    reading: SecondReading,
    decision: Decision,
    message: Message,
    family: str,
    person: Inmate,
    first: str,
    second: str,
    judged_by: str | None,
) -> DisagreementLine:
    assert reading.id is not None
    assert reading.read_at is not None
    writer, recipient = writer_and_recipient(message.direction, family, person.full_name)
    return DisagreementLine(
        id=reading.id,
        sender=writer,
        person=recipient,
        subject=message.subject,
        first=_side(first, dates.day_and_time(decision.made_at, zone), decision.outcome, decision.reason),
        second=_side(second, dates.day_and_time(reading.read_at, zone), reading.outcome, reading.reason),
        judged=Verdict(reading.verdict).label if reading.verdict else "",
        judged_by=judged_by or "",
        may_judge=actor.account_id not in (reading.read_by, decision.by_account_id),
    )


def _side(by: str, at: str, outcome: str, reason: str) -> Side:
    return Side(by, at, outcome, Outcome(outcome).label, Reason(reason).label if reason else "")
