"""Drafts: unsent messages, saved while the family types. An account may have several, and none is ever truncated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates, privilege
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.dates import ago
from rxconnect.domain.drafts import AnsweredLetter, DraftChange, DraftLine, DraftView
from rxconnect.domain.errors import FacilityClosed, InsufficientCredits, Invalid, NotAllowed, NotFound, NotReachable
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import (
    ANSWER_COST,
    DRAFT_MAX,
    SUBJECT_MAX,
    Direction,
    ItemKind,
    Lane,
    MessageStatus,
    cost_in_credits,
)
from rxconnect.domain.money import price_each
from rxconnect.domain.own_texts import own_texts
from rxconnect.domain.photos import MOST_PHOTOS
from rxconnect.domain.problems import Fact, Problem, fields_with_problems
from rxconnect.domain.removals import RemovalKind, RemovalView
from rxconnect.domain.text import message_body, one_line, snippet, storable, title
from rxconnect.i18n import _
from rxconnect.models import Contact, Draft, Facility, Inmate, InmateAbsence, Item, Message
from rxconnect.services.accounts import tokens
from rxconnect.services.directory import absences, contact_reviews
from rxconnect.services.lawyers import verifications
from rxconnect.services.messages.review_times import review_time_text
from rxconnect.services.money import wallets
from rxconnect.services.photos import draft_photos
from rxconnect.services.removals import removals

# This is far above SUBJECT_MAX, so that a pasted subject that is too long stays whole until the family shortens it.
DRAFT_SUBJECT_MAX = 1000

# Built once, since building them takes longer than running them.
_WRITTEN = (
    select(Draft, Inmate)
    .join(Contact, col(Contact.id) == Draft.contact_id, isouter=True)
    .join(Inmate, col(Inmate.id) == Contact.inmate_id, isouter=True)
    .where(
        col(Draft.account_id) == bindparam("owner"),
        or_(col(Draft.subject) != "", col(Draft.body) != "", draft_photos.has_photos()),
    )
    .order_by(col(Draft.updated_at).desc(), col(Draft.id).desc())
)
_RECIPIENT = (
    select(Inmate, Facility)
    .join(Contact, col(Contact.inmate_id) == Inmate.id)
    .join(Facility, col(Facility.id) == Inmate.facility_id)
    .where(Contact.id == bindparam("contact_id"), col(Contact.removed_at).is_(None))
)


def get_or_create_empty(
    session: Session, actor: Actor, contact_id: int | None = None, *, answers_id: int | None = None
) -> int:
    """The id of the actor's empty draft to this contact, created if there is none.

    Without `contact_id` the draft is addressed to the actor's only reachable contact, if there is exactly one. A draft that
    answers a letter is one of its own. Raises `NotAllowed`, and `NotFound` for a contact or letter that is not the actor's.
    """
    if not actor.may(Permission.WRITE_MESSAGES):
        raise NotAllowed
    if contact_id is None:
        contact_id = _only_contact(session, actor)
    else:
        _require_contact(session, actor, contact_id)
    if answers_id is not None:
        _require_received(session, actor, answers_id)
    empty = select(Draft.id).where(
        Draft.account_id == actor.account_id, Draft.contact_id == contact_id, Draft.subject == "", Draft.body == ""
    )
    empty = empty.where(Draft.answers_id == answers_id, ~draft_photos.has_photos())
    if found := session.exec(empty).first():
        return found
    return _new_draft(session, actor, contact_id, answers_id)


def write_again(session: Session, actor: Actor, message_id: int) -> int:
    """Open a message of the actor's that was not delivered as a new draft, with its photos. Returns the draft's id.

    Raises `NotFound`.
    """
    mine = select(Message).where(Message.id == message_id, Message.account_id == actor.account_id)
    message = session.exec(mine.where(Message.direction == Direction.OUTGOING)).one_or_none()
    if message is None or not MessageStatus(message.status).returns_credits:
        raise NotFound("message")
    is_contact = _is_contact(session, actor, message.contact_id)
    draft_id = (
        get_or_create_empty(session, actor, message.contact_id) if is_contact else _new_draft(session, actor, None)
    )
    save(session, actor, draft_id, subject=message.subject, body=message.body)
    paid = select(Item.id).where(Item.message_id == message_id, Item.kind == ItemKind.REPLY)
    pay_for_answer(session, actor, draft_id, pays=session.exec(paid).first() is not None)
    draft_photos.copy(session, message_id, draft_id)
    return draft_id


def browser_key(actor: Actor) -> str:
    """The unguessable key under which a browser stores this account's unsaved text."""
    return tokens.keyed_hash("words in a browser", str(actor.account_id))[:32]


def latest_draft_at(session: Session, actor: Actor, facility_id: int) -> int | None:
    """The id of the actor's most recent draft at a facility, to resume it after buying credits there."""
    here = (
        select(Draft.id)
        .join(Contact, col(Contact.id) == Draft.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Draft.account_id == actor.account_id, Inmate.facility_id == facility_id)
        .order_by(col(Draft.updated_at).desc(), col(Draft.id).desc())
    )
    return session.exec(here).first()


def get(session: Session, actor: Actor, draft_id: int) -> DraftView:
    """A draft exactly as it was typed, with the other facts that the compose page shows."""
    draft = _my_draft(session, actor, draft_id)
    return _with_surroundings(session, draft, _view(session, draft, _recipient(session, draft)))


def save(
    session: Session,
    actor: Actor,
    draft_id: int,
    *,
    contact_id: int | None = None,
    subject: str | None = None,
    body: str | None = None,
) -> DraftView:
    """Save what was typed; None leaves a field unchanged. Raises `Invalid` beyond a draft's own, far larger limits."""
    draft = _my_draft(session, actor, draft_id, for_update=True)
    if contact_id is not None:
        _require_contact(session, actor, contact_id)
    _store_fields(session, draft, contact_id, subject, body)
    return _view(session, draft, _recipient(session, draft))


def save_from_tab(
    session: Session,
    actor: Actor,
    draft_id: int,
    change: DraftChange,
    *,
    contact_id: int | None,
    subject: str,
    body: str,
) -> DraftView:
    """Save a draft as one browser tab has it, unless another tab has changed it meanwhile.

    Returns the draft as it is now stored: the change was saved if the result has its tab and number. A change may
    arrive late or more than once. Raises `Invalid` as `save` does; a contact that was removed meanwhile is ignored.
    """
    draft = _my_draft(session, actor, draft_id, for_update=True)
    is_same_text = contact_id in (None, draft.contact_id) and (subject, body) == (draft.subject, draft.body)
    if may_overwrite(draft, change, is_same_text=is_same_text):
        is_theirs = contact_id is not None and _is_contact(session, actor, contact_id)
        _store_fields(session, draft, contact_id if is_theirs else None, subject, body)
        draft.tab, draft.changes = change.tab, change.number
        session.flush()
    return _view(session, draft, _recipient(session, draft))


def pay_for_answer(session: Session, actor: Actor, draft_id: int, *, pays: bool) -> DraftView:
    """Pay for the answer too, or not. The text, and so the version of the draft, stays. Raises `NotFound`."""
    draft = _my_draft(session, actor, draft_id, for_update=True)
    draft.pays_for_answer, draft.updated_at = pays, clock.now()
    session.flush()
    return _view(session, draft, _recipient(session, draft))


def check_and_preview(session: Session, actor: Actor, draft_id: int) -> DraftView:
    """Check that a draft can be sent, and return it as the recipient will read it.

    Raises `Invalid` (contact, subject, body, photos), `NotReachable`, `FacilityClosed`, `ContactWaiting`, `ContactBlocked` or
    `InsufficientCredits`.
    """
    draft = _my_draft(session, actor, draft_id)
    return _with_surroundings(session, draft, require_sendable(session, draft))


def require_sendable(session: Session, draft: Draft) -> DraftView:
    """Like `check_and_preview`, but without what is slow to compute and not needed for sending."""
    recipient = _recipient(session, draft)
    view = replace(_view(session, draft, recipient), subject=one_line(draft.subject), body=message_body(draft.body))
    if recipient is not None:
        _require_reachable(*recipient)
        contact_reviews.require_allowed(session, draft.account_id, *recipient)
    if problems := _problems(view):
        raise Invalid(**problems)
    draft_photos.require_sendable(session, view.id, view.most_photos)
    if view.credits_before < view.cost:
        raise InsufficientCredits(view.cost, view.credits_before)
    return view


def my_drafts(session: Session, actor: Actor) -> list[DraftLine]:
    """The actor's drafts with a subject, a body or photos, the latest first."""
    rows = session.exec(_WRITTEN, params={"owner": actor.account_id})
    return [_line(draft, inmate) for draft, inmate in rows]


def discard(session: Session, actor: Actor, draft_id: int) -> RemovalView:
    """Delete a draft, which can be undone. Raises `NotFound`."""
    draft = _my_draft(session, actor, draft_id, for_update=True)
    facts = draft.model_dump(mode="json")
    session.delete(draft)
    session.flush()
    return removals.add(session, actor, RemovalKind.DRAFT, draft_id, name=one_line(draft.subject), facts=facts)


def restore(session: Session, facts: dict[str, Any]) -> None:
    """Bring a discarded draft back as it was, under its id."""
    session.add(Draft.model_validate(facts))
    session.flush()


def _new_draft(session: Session, actor: Actor, contact_id: int | None, answers_id: int | None = None) -> int:
    draft = Draft(account_id=actor.account_id, contact_id=contact_id, answers_id=answers_id)
    session.add(draft)
    session.flush()
    assert draft.id is not None
    return draft.id


def _my_draft(session: Session, actor: Actor, draft_id: int, *, for_update: bool = False) -> Draft:
    query = select(Draft).where(Draft.id == draft_id, Draft.account_id == actor.account_id)
    draft = session.exec(query.with_for_update() if for_update else query).first()
    if draft is None:
        raise NotFound("draft")
    return draft


def may_overwrite(draft: Draft, change: DraftChange, *, is_same_text: bool) -> bool:
    """Whether a change may overwrite the stored draft (optimistic locking by version).

    It may not if another tab has saved a newer version, unless both tabs have the same text.
    """
    if draft.tab == change.tab:
        return change.number > draft.changes
    return is_same_text or change.base == draft.version


def _store_fields(
    session: Session, draft: Draft, contact_id: int | None, subject: str | None, body: str | None
) -> None:
    before = (draft.contact_id, draft.subject, draft.body)
    if contact_id is not None:
        draft.contact_id = contact_id
    if subject is not None:
        draft.subject = _within_limit("subject", subject, DRAFT_SUBJECT_MAX)
    if body is not None:
        draft.body = _within_limit("body", body, DRAFT_MAX)
    draft.updated_at = clock.now()
    if (draft.contact_id, draft.subject, draft.body) != before:
        draft.version += 1
    session.flush()


def _is_contact(session: Session, actor: Actor, contact_id: int) -> bool:
    contact = select(Contact.id).where(
        Contact.id == contact_id, Contact.account_id == actor.account_id, col(Contact.removed_at).is_(None)
    )
    return session.exec(contact).first() is not None


def _require_contact(session: Session, actor: Actor, contact_id: int) -> None:
    if not _is_contact(session, actor, contact_id):
        raise NotFound("contact")


def _require_received(session: Session, actor: Actor, message_id: int) -> None:
    received = Message.id == message_id, Message.account_id == actor.account_id, Message.direction == Direction.INCOMING
    if session.exec(select(Message.id).where(*received)).first() is None:
        raise NotFound("message")


def _only_contact(session: Session, actor: Actor) -> int | None:
    reachable = (
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Facility, col(Facility.id) == Inmate.facility_id)
        .where(Contact.account_id == actor.account_id, col(Contact.removed_at).is_(None))
        .where(Inmate.custody == Custody.HELD, Facility.opening == Opening.OPEN)
    )
    found = session.exec(reachable.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _recipient(session: Session, draft: Draft) -> tuple[Inmate, Facility] | None:
    """The draft's recipient and their facility; None without a contact, or with one that was removed."""
    return session.exec(_RECIPIENT, params={"contact_id": draft.contact_id}).first()


def _require_reachable(inmate: Inmate, facility: Facility) -> None:
    if inmate.custody != Custody.HELD:
        raise NotReachable
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)


def _problems(view: DraftView) -> dict[str, Fact]:
    """The problem of each field that keeps the draft from being sent, in the order of the page."""
    over = len(view.subject) - SUBJECT_MAX
    most = view.character_limit or DRAFT_MAX
    body = Problem.BODY_TOO_LONG(count=len(view.body) - most, most=most) if len(view.body) > most else None
    return fields_with_problems(
        contact=Problem.CONTACT_MISSING() if view.contact_id is None else None,
        subject=Problem.SUBJECT_TOO_LONG(count=over, most=SUBJECT_MAX) if over > 0 else None,
        body=body if view.body.strip() else Problem.BODY_MISSING(),
    )


def _within_limit(field: str, typed: str, limit: int) -> str:
    text = storable(typed)
    if len(text) > limit:
        raise Invalid(**{field: Problem.DRAFT_TOO_LONG(most=limit)})
    return text


def _view(session: Session, draft: Draft, recipient: tuple[Inmate, Facility] | None) -> DraftView:
    assert draft.id is not None
    characters = len(message_body(draft.body))
    photos = draft_photos.of_draft(session, draft.id)
    view = DraftView(
        draft.id, draft.subject, draft.body, characters, draft.version, draft.tab, draft.changes, photos=photos
    )
    if recipient is None:
        return replace(view, most_photos=MOST_PHOTOS)
    inmate, facility = recipient
    assert facility.id is not None
    # On paper an answer costs nothing.
    answer_cost = ANSWER_COST if draft.pays_for_answer and facility.reads_on_kiosks else 0
    return replace(
        view,
        contact_id=draft.contact_id,
        contact=inmate.full_name,
        contact_first_name=inmate.called,
        contact_number=inmate.number,
        facility_id=facility.id,
        facility=facility.name,
        facility_key=facility.key,
        character_limit=facility.character_limit,
        characters_per_credit=facility.characters_per_credit,
        cost=cost_in_credits(characters, facility.characters_per_credit)
        + len(photos) * facility.photo_credits
        + answer_cost,
        can_pay_for_answer=facility.reads_on_kiosks,
        answer_cost=answer_cost,
        most_photos=facility.most_photos,
        photo_credits=facility.photo_credits,
        credits_before=wallets.balance(session, draft.account_id, facility.id),
        price=price_each(facility.price_cents),
        rules=own_texts(facility, facility.rules),
        blocked_by_staff=contact_reviews.why_not(session, draft.account_id, inmate, facility),
    )


def _with_surroundings(session: Session, draft: Draft, view: DraftView) -> DraftView:
    """The view with what is slow to compute: the review time, the lane, and whether the person is missing from the list."""
    recipient = _recipient(session, draft)
    if recipient is None or view.facility_id is None:
        return view
    inmate, facility = recipient
    absence = session.get(InmateAbsence, inmate.id)
    note = absences.note(session, absence, inmate, facility, draft.account_id)
    is_privileged = verifications.lane_of(session, draft.account_id, view.facility_id) is Lane.PRIVILEGED
    lane_note = privilege.notice(on_kiosk=facility.reads_on_kiosks) if is_privileged else ""
    if not is_privileged and verifications.has_ended(session, draft.account_id, view.facility_id):
        lane_note = _("Your verification as a lawyer at {facility} has ended, so staff can read this letter.").format(
            facility=facility.name
        )
    return replace(
        view,
        review_time="" if is_privileged else review_time_text(session, view.facility_id),
        absence_note=note,
        is_privileged=is_privileged,
        lane_note=lane_note,
        answered=_answered(session, draft, inmate, facility),
    )


def _answered(session: Session, draft: Draft, inmate: Inmate, facility: Facility) -> AnsweredLetter | None:
    """The letter that the draft answers, if it came from the person to whom the draft goes."""
    if draft.answers_id is None:
        return None
    theirs = select(Message).where(
        Message.id == draft.answers_id,
        Message.account_id == draft.account_id,
        Message.contact_id == draft.contact_id,
        Message.direction == Direction.INCOMING,
        col(Message.status).in_([status for status in MessageStatus if status.has_arrived]),
    )
    letter = session.exec(theirs).first()
    if letter is None:
        return None
    at = dates.day_and_time(letter.created_at, facility.time_zone)
    return AnsweredLetter(draft.answers_id, inmate.full_name, at, letter.subject, letter.body)


def _line(draft: Draft, inmate: Inmate | None) -> DraftLine:
    assert draft.id is not None
    return DraftLine(
        id=draft.id,
        contact=inmate.full_name if inmate else "",
        subject=title(draft.subject, draft.body),
        snippet=snippet(draft.body),
        saved=_("Saved {ago}").format(ago=ago(draft.updated_at)),
    )
