"""Read models of decisions, for staff."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.desk import DecisionView
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import DecisionState, Outcome
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Decision, Facility, Inmate, Message


def view(session: Session, actor: Actor, decision: Decision) -> DecisionView:
    """One decision as the actor sees it."""
    return views(session, actor, [decision])[0]


def views(session: Session, actor: Actor, decisions: Sequence[Decision]) -> list[DecisionView]:
    """Decisions as the actor sees them, in the same order."""
    rows = session.exec(
        select(Message.id, Message.subject, Inmate, Facility.time_zone)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Facility, col(Facility.id) == Message.facility_id)
        .where(col(Message.id).in_({one.message_id for one in decisions}))
    )
    letters = {message_id: (subject, inmate.full_name, zone) for message_id, subject, inmate, zone in rows}
    deciders = {one.by_account_id for one in decisions}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(deciders))).all())
    return [_view(actor, one, *letters[one.message_id], names[one.by_account_id]) for one in decisions]


def _view(actor: Actor, decision: Decision, subject: str, person: str, zone: str, by: str) -> DecisionView:
    assert decision.id is not None
    outcome, state = Outcome(decision.outcome), DecisionState(decision.state)
    return DecisionView(
        id=decision.id,
        message_id=decision.message_id,
        subject=subject,
        person=person,
        outcome=outcome,
        outcome_label=outcome.label,
        reason_label=Reason(decision.reason).label if decision.reason else "",
        by=by,
        at=dates.day_and_time(decision.made_at, zone),
        state=state,
        state_label=_state_label(state),
        can_undo=state is DecisionState.PENDING and decision.by_account_id == actor.account_id,
    )


def _state_label(state: DecisionState) -> str:
    return {
        DecisionState.PENDING: _("You can undo this"),
        DecisionState.COMMITTED: "",
        DecisionState.UNDONE: _("Undone"),
        DecisionState.OVERTAKEN: _("Not needed any more: the sender withdrew the letter, or it ended otherwise"),
    }[state]
