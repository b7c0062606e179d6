"""The guided walkthrough: an account's choices and typed text so far, stored so that any device can resume it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import bindparam, or_, update
from sqlmodel import Session, col, select

from rxconnect.db import add_once
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.walkthrough import WalkthroughStep, WalkthroughView
from rxconnect.models import Draft, Facility, Purchase, Walkthrough
from rxconnect.services.directory import contacts
from rxconnect.services.directory.facilities import place_of, require_location
from rxconnect.services.directory.inmates import cleaned_query
from rxconnect.services.money import wallets
from rxconnect.services.scheduling.batches import Batch

# Built once, and run without the ORM, since both take longer than the query: it runs often while a family types.
_SAVE_QUERY = (
    update(Walkthrough)
    .where(col(Walkthrough.account_id) == bindparam("of"))
    .values(
        number=bindparam("its_number"),
        first_name=bindparam("its_first_name"),
        last_name=bindparam("its_last_name"),
        born=bindparam("its_born"),
        is_everywhere=bindparam("its_is_everywhere"),
        state=bindparam("its_state"),
        updated_at=bindparam("now"),
    )
)
# A typed query is stored for this time, so that a family can continue on another device.
_QUERY_LASTS = timedelta(days=1)
_BATCH = 500


def get(session: Session, actor: Actor) -> WalkthroughView:
    """The actor's walkthrough; a blank one if the actor never started it."""
    row = session.get(Walkthrough, actor.account_id)
    return _view(session, actor, row or Walkthrough(account_id=actor.account_id))


def is_active(session: Session, actor: Actor) -> bool:
    """Whether the actor is in the walkthrough. Cheaper than `get`, and all that most pages need."""
    row = session.get(Walkthrough, actor.account_id)
    return row is not None and row.is_active


def steps_done(session: Session, actor: Actor) -> list[bool]:
    """Of each step, in order, whether it is really done: chosen, found, bought. Empty unless the walkthrough is active."""
    if not is_active(session, actor):
        return []
    journey = get(session, actor)
    has_contact, has_facility = journey.contact_id is not None, journey.facility_id is not None
    has_credits = has_facility and wallets.balance(session, actor.account_id, journey.facility_id or 0) > 0
    return [has_facility, has_contact, has_credits, False]


def next_place(session: Session, actor: Actor) -> int:
    """The place of the next step, from 0: the first that is not done, from the step on at which the actor is."""
    done = steps_done(session, actor)
    begin = list(WalkthroughStep).index(WalkthroughStep(get(session, actor).step)) if done else 0
    return next((place for place in range(begin, len(done)) if not done[place]), 0)


def begin(session: Session, actor: Actor) -> WalkthroughView:
    """GET STARTED: resume the walkthrough, or start it at the facility. A finished one starts again, blank."""
    row = _get_or_create_row(session, actor)
    if row.step == WalkthroughStep.DONE:
        _clear_choices(row)
    if not row.is_active or row.step == WalkthroughStep.DONE:
        row.is_active, row.step = True, WalkthroughStep.FACILITY
    return _save(session, actor, row)


def choose_facility(session: Session, actor: Actor, facility_id: int) -> WalkthroughView:
    """Choose one of the actor's locations. This clears what was chosen at another one. Raises `NotFound`."""
    require_location(session, actor, facility_id)
    row = _get_or_create_row(session, actor)
    if row.facility_id != facility_id:
        row.contact_id = row.purchase_id = row.draft_id = None
    row.facility_id, row.step, row.is_everywhere = facility_id, WalkthroughStep.INMATE, False
    return _save(session, actor, row)


def search_everywhere(session: Session, actor: Actor) -> WalkthroughView:
    """Skip the choice of a facility, and search people everywhere."""
    row = _get_or_create_row(session, actor)
    row.step, row.is_everywhere, row.state = WalkthroughStep.INMATE, True, ""
    return _save(session, actor, row)


def save_query(session: Session, actor: Actor, query: InmateQuery) -> None:
    """Store the query that was typed to find a person. Raises `Invalid` when it is too long, and changes nothing."""
    query = cleaned_query(query)
    typed = {f"its_{name}": value for name, value in asdict(query).items()}
    values = {"of": actor.account_id, "now": clock.now(), **typed}
    if not session.connection().execute(_SAVE_QUERY, values).rowcount:
        _get_or_create_row(session, actor)
        session.connection().execute(_SAVE_QUERY, values)


def choose_contact(session: Session, actor: Actor, contact_id: int) -> WalkthroughView:
    """Choose one of the actor's contacts and its facility. Credits are the next step. Raises `NotFound`."""
    contact = contacts.get(session, actor, contact_id)
    row = _get_or_create_row(session, actor)
    if row.contact_id != contact_id:
        row.purchase_id = row.draft_id = None
    row.facility_id, row.contact_id, row.step = contact.facility_id, contact_id, WalkthroughStep.CREDITS
    return _save(session, actor, row)


def go_to_step(
    session: Session,
    actor: Actor,
    step: WalkthroughStep,
    *,
    purchase_id: str | None = None,
    draft_id: int | None = None,
) -> WalkthroughView:
    """Go to `step`, with the purchase or draft that it concerns. Raises `NotFound` for another account's."""
    if purchase_id is not None:
        _require_mine(session, actor, Purchase, purchase_id)
    if draft_id is not None:
        _require_mine(session, actor, Draft, draft_id)
    row = _get_or_create_row(session, actor)
    row.step = step
    row.purchase_id = purchase_id or row.purchase_id
    row.draft_id = draft_id or row.draft_id
    return _save(session, actor, row)


def finish(session: Session, actor: Actor) -> WalkthroughView:
    """End the walkthrough, after the first message was sent."""
    row = _get_or_create_row(session, actor)
    row.step, row.is_active = WalkthroughStep.DONE, False
    _clear_query(row)
    return _save(session, actor, row)


def clear_old_queries(session: Session, after: int = 0) -> Batch:
    """Clear one batch of typed queries that are at least a day old, to protect privacy."""
    typed = map(col, (Walkthrough.number, Walkthrough.first_name, Walkthrough.last_name, Walkthrough.born))
    old = select(Walkthrough).where(
        col(Walkthrough.updated_at) <= clock.now() - _QUERY_LASTS,
        or_(*(column != "" for column in typed)),
        col(Walkthrough.account_id) > after,
    )
    rows = session.exec(old.order_by(col(Walkthrough.account_id)).limit(_BATCH).with_for_update(skip_locked=True)).all()
    for row in rows:
        _clear_query(row)
    return Batch(len(rows), rows[-1].account_id if len(rows) == _BATCH else None)


def _get_or_create_row(session: Session, actor: Actor) -> Walkthrough:
    """The actor's row, created if there is none."""
    row = session.get(Walkthrough, actor.account_id)
    if row is None:
        add_once(session, Walkthrough(account_id=actor.account_id))
        row = session.get_one(Walkthrough, actor.account_id)
    return row


def _clear_choices(row: Walkthrough) -> None:
    row.facility_id = row.contact_id = row.purchase_id = row.draft_id = None
    _clear_query(row)
    row.state, row.is_everywhere = "", False


def _clear_query(row: Walkthrough) -> None:
    row.number = row.first_name = row.last_name = row.born = ""


def _save(session: Session, actor: Actor, row: Walkthrough) -> WalkthroughView:
    row.updated_at = clock.now()
    session.flush()
    return _view(session, actor, row)


def _require_mine(session: Session, actor: Actor, model: type[Purchase] | type[Draft], row_id: str | int) -> None:
    if session.exec(select(model.id).where(model.id == row_id, model.account_id == actor.account_id)).first() is None:
        raise NotFound(model.__name__.lower())


def _view(session: Session, actor: Actor, row: Walkthrough) -> WalkthroughView:
    """The row as a view, without a location, contact or draft that was removed since it was chosen."""
    facility = _chosen_location(session, actor, row)
    is_lost = row.step == WalkthroughStep.INMATE and facility is None and not row.is_everywhere
    step = WalkthroughStep.FACILITY if is_lost else WalkthroughStep(row.step)
    return WalkthroughView(
        step=step,
        facility_id=facility.id if facility else None,
        facility=facility.name if facility else "",
        facility_place=place_of(facility) if facility else "",
        number=row.number,
        first_name=row.first_name,
        last_name=row.last_name,
        born=row.born,
        is_everywhere=row.is_everywhere,
        state=row.state,
        contact_id=_chosen_contact_id(session, actor, row),
        purchase_id=row.purchase_id or "",
        draft_id=row.draft_id if row.draft_id and session.get(Draft, row.draft_id) else None,
        is_active=row.is_active,
    )


def _chosen_location(session: Session, actor: Actor, row: Walkthrough) -> Facility | None:
    try:
        return require_location(session, actor, row.facility_id)
    except NotFound:
        return None


def _chosen_contact_id(session: Session, actor: Actor, row: Walkthrough) -> int | None:
    if row.contact_id is None:
        return None
    try:
        return contacts.get(session, actor, row.contact_id).id
    except NotFound:
        return None
