"""Replies: a person's drafts at the kiosk, and SEND. A draft is a row from the first word, so nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from rxconnect.domain import clock, privilege
from rxconnect.domain.accounts import Actor
from rxconnect.domain.dates import ago
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.errors import Invalid, NotFound, ReplyNoLongerPrivileged
from rxconnect.domain.inside import InsideDraft, InsideDraftLine
from rxconnect.domain.messages import DRAFT_MAX, Direction, ItemKind, Lane, MessageStatus
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import fold, message_body, snippet, storable
from rxconnect.i18n import _, number_text
from rxconnect.models import Account, Contact, Draft, Item, Message
from rxconnect.services.inside import answers
from rxconnect.services.inside.answers import Correspondence
from rxconnect.services.inside.people import person_id
from rxconnect.services.lawyers import verifications
from rxconnect.services.messages import deliveries, reply_credits
from rxconnect.services.messages.drafts import may_overwrite
from rxconnect.services.messages.message_moves import record_event
from rxconnect.services.screening import submissions


def start(session: Session, actor: Actor, contact_id: int) -> int:
    """The id of the person's empty draft of a reply in this conversation, made if there is none. Raises `NotFound`."""
    answers.correspondence(session, actor, contact_id)
    empty = select(Draft.id).where(
        Draft.account_id == actor.account_id, Draft.contact_id == contact_id, Draft.body == ""
    )
    if found := session.exec(empty).first():
        return found
    draft = Draft(account_id=actor.account_id, contact_id=contact_id)
    session.add(draft)
    session.flush()
    assert draft.id is not None
    return draft.id


def my_drafts(session: Session, actor: Actor, contact_id: int = 0) -> list[InsideDraftLine]:
    """The person's drafts with words, the latest first; with `contact_id`, only those of this conversation."""
    query: Any = (
        select(Draft, Account.name)
        .join(Contact, col(Contact.id) == Draft.contact_id)
        .join(Account, col(Account.id) == Contact.account_id)
        .where(Draft.account_id == actor.account_id, Contact.inmate_id == person_id(actor), Draft.body != "")
        .order_by(col(Draft.updated_at).desc(), col(Draft.id).desc())
    )
    if contact_id:
        query = query.where(Draft.contact_id == contact_id)
    return [
        InsideDraftLine(
            id=draft.id or 0,
            contact_id=draft.contact_id or 0,
            name=name,
            snippet=snippet(draft.body),
            saved=_("Saved {ago}").format(ago=ago(draft.updated_at)),
        )
        for draft, name in session.exec(query)
    ]


def get(session: Session, actor: Actor, draft_id: int) -> InsideDraft:
    """A draft exactly as it was typed, with what the page shows beside it. Raises `NotFound`."""
    return _view(session, actor, _my_draft(session, actor, draft_id))


def save(session: Session, actor: Actor, draft_id: int, change: DraftChange, body: str) -> InsideDraft:
    """Save what was typed, unless the draft was changed elsewhere since; nothing is ever cut.

    Returns the draft as it is now stored: the change was saved if the result has its tab and number. A change may arrive late
    or more than once. Raises `NotFound`, and `Invalid` (body) beyond `DRAFT_MAX`, which is far above a facility's limit.
    """
    draft = _my_draft(session, actor, draft_id, lock=True)
    text = storable(body)
    if len(text) > DRAFT_MAX:
        raise Invalid(body=Problem.DRAFT_TOO_LONG(most=DRAFT_MAX))
    if may_overwrite(draft, change, is_same_text=text == draft.body):
        draft.version += text != draft.body
        draft.body, draft.tab, draft.changes, draft.updated_at = text, change.tab, change.number, clock.now()
        session.flush()
    return _view(session, actor, draft)


def discard(session: Session, actor: Actor, draft_id: int) -> None:
    """Delete a draft. Raises `NotFound`."""
    session.delete(_my_draft(session, actor, draft_id))
    session.flush()


def send(session: Session, actor: Actor, draft_id: int, *, must_be_privileged: bool = False) -> int:
    """Send a reply: it is paid for, screened like any letter, and the draft is deleted. Returns the message's id.

    A second SEND returns the first reply. One to a verified lawyer is privileged: nobody reads it, and it is delivered at once.
    With `must_be_privileged` it is never sent as an ordinary one, since the person was told that nobody reads it.
    Raises `NotFound`, `Invalid` (body), `ReplyNoLongerPrivileged`, and the errors of `answers.require_answerable` and
    `answers.require_paid`.
    """
    # A second SEND at the same moment waits for this lock until the first has deleted the draft.
    person_id(actor)
    mine = select(Draft).where(Draft.id == draft_id, Draft.account_id == actor.account_id)
    draft = session.exec(mine.with_for_update()).first()
    if draft is None or draft.contact_id is None:
        return _sent(session, actor, draft_id)
    to = answers.correspondence(session, actor, draft.contact_id)
    answers.require_answerable(session, to)
    body = _checked(draft.body, to.place.facility.character_limit)
    # Two replies at the same moment wait here for each other, so that both cannot use the last free one.
    session.exec(select(Account.id).where(Account.id == actor.account_id).with_for_update()).one()
    answers.require_paid(session, to)
    message = _create(session, actor, to, draft_id, body)
    if must_be_privileged and message.lane != Lane.PRIVILEGED:
        raise ReplyNoLongerPrivileged(to.family.name)
    session.delete(draft)
    session.flush()
    assert message.id is not None
    reply_credits.take(session, to.contact_id, message.id)
    deliveries.deliver_if_approved(session, message)
    submissions.screen_letter(session, message.id)
    return message.id


def _create(session: Session, actor: Actor, to: Correspondence, draft_id: int, body: str) -> Message:
    """The rows of a reply. An ordinary one is to be screened next; a privileged one is accepted unread."""
    facility = to.place.facility
    assert facility.id is not None
    lane = verifications.lane_at_send(session, to.contact.account_id, facility.id)
    status = MessageStatus.APPROVED if lane is Lane.PRIVILEGED else MessageStatus.SCREENING
    expires = clock.now() + timedelta(days=facility.expires_after_days)
    message = Message(
        account_id=to.contact.account_id,
        writer_account_id=actor.account_id,
        contact_id=to.contact_id,
        facility_id=facility.id,
        direction=Direction.INCOMING,
        lane=lane,
        body=body,
        search_text=fold(body),
        status=status,
        draft_id=draft_id,
        expires_at=None if lane is Lane.PRIVILEGED else expires,
    )
    session.add(message)
    session.flush()
    assert message.id is not None
    session.add(Item(message_id=message.id, kind=ItemKind.TEXT, status=status))
    record_event(session, message, MessageStatus.SUBMITTED, by=actor)
    record_event(session, message, status)
    session.flush()
    return message


def _sent(session: Session, actor: Actor, draft_id: int) -> int:
    """The id of the reply that was sent from this draft. Raises `NotFound`."""
    sent = select(Message.id).where(Message.writer_account_id == actor.account_id, Message.draft_id == draft_id)
    found = session.exec(sent).first()
    if found is None:
        raise NotFound("draft")
    return found


def _my_draft(session: Session, actor: Actor, draft_id: int, *, lock: bool = False) -> Draft:
    query = (
        select(Draft)
        .join(Contact, col(Contact.id) == Draft.contact_id)
        .where(Draft.id == draft_id, Draft.account_id == actor.account_id, Contact.inmate_id == person_id(actor))
    )
    draft = session.exec(query.with_for_update(of=Draft) if lock else query).first()
    if draft is None:
        raise NotFound("draft")
    return draft


def _checked(typed: str, limit: int) -> str:
    body = message_body(typed)
    if not body.strip():
        raise Invalid(body=Problem.BODY_MISSING())
    if len(body) > limit:
        raise Invalid(body=Problem.BODY_TOO_LONG(count=len(body) - limit, most=limit))
    return body


def _view(session: Session, actor: Actor, draft: Draft) -> InsideDraft:
    to = answers.correspondence(session, actor, draft.contact_id or 0)
    facility = to.place.facility
    pays, why_not = answers.who_pays_or_why_not(session, to)
    characters = len(message_body(draft.body))
    over = characters - facility.character_limit
    left = (
        _("{count} over the limit").format(count=number_text(over))
        if over > 0
        else _("{count} of {limit} characters left").format(
            count=number_text(-over), limit=number_text(facility.character_limit)
        )
    )
    is_privileged = verifications.lane_of(session, to.contact.account_id, facility.id or 0) is Lane.PRIVILEGED
    return InsideDraft(
        id=draft.id or 0,
        contact_id=to.contact_id,
        name=to.family.name,
        body=draft.body,
        version=draft.version,
        tab=draft.tab,
        number=draft.changes,
        characters=characters,
        character_limit=facility.character_limit,
        left=left,
        is_over=over > 0,
        pays=pays or why_not,
        review_note=_review_note(to.family.name, is_privileged=is_privileged),
        is_privileged=is_privileged,
    )


def _review_note(name: str, *, is_privileged: bool) -> str:
    if is_privileged:
        return privilege.notice_of_received()
    return _("Staff may read your reply before {name} gets it.").format(name=name)
