"""The ways to a lawyer's letter that the services offer an administrator, each of which is really tried (`letter_attempts`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, Actor
from rxconnect.domain.audit import AuditSearch
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.errors import NotFound
from rxconnect.domain.messages import Lane
from rxconnect.domain.review import Outcome, Queue, Ruling, Shelf
from rxconnect.i18n import N_
from rxconnect.models import Account, BreakGlass, Message, PrintBatch, PrintPage
from rxconnect.services.audit import searches
from rxconnect.services.messages import messages
from rxconnect.services.paper import batches, replies
from rxconnect.services.privilege import break_glass, facts, sealed
from rxconnect.services.reports import public_records, reports
from rxconnect.services.review import claims, decisions, letters, queue, shelves

_LAWYER = "lena@example.com"
_REASON = "To show what an administrator alone can open."
# More lines than a page of a queue ever has.
_ALL = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """The letter, and what an administrator could know of it. `sealed` is the last batch of sealed letters that was handed over."""

    message_id: int
    contact_id: int
    facility_id: int
    sealed: int
    text: str


# Returns what came back. Raises the service's refusal.
Way = Callable[[Actor, Target], Any]


def target(session: Session, facility_id: int) -> Target:
    """The newest letter of the demonstration's lawyer at the facility. Raises `NotFound`."""
    theirs = select(Message).join(Account, col(Account.id) == Message.account_id).where(Account.email == _LAWYER)
    here = (Message.facility_id == facility_id, Message.lane == Lane.PRIVILEGED)
    letter = session.exec(theirs.where(*here).order_by(col(Message.id).desc())).first()
    if letter is None:
        raise NotFound("message")
    over = (PrintBatch.lane == Lane.PRIVILEGED, col(PrintBatch.confirmed_at).is_not(None))
    batch = select(func.max(PrintPage.batch_id)).join(PrintBatch, col(PrintBatch.id) == PrintPage.batch_id)
    text = f"{letter.subject}\n{letter.body}"
    return Target(letter.id or 0, letter.contact_id, facility_id, session.exec(batch.where(*over)).one() or 0, text)


def _every_page(session: Session, actor: Actor, facility_id: int) -> list[Any]:
    """Every line of every queue and shelf."""
    wanted = [DeskFilter(queue=kind, shelf=shelf, facility_id=facility_id) for kind in Queue for shelf in Shelf]
    return [line for one in wanted for line in queue.page(session, actor, one, length=_ALL).lines]


def _export(actor: Actor, target: Target) -> Any:
    export = db.write(searches.begin_export, actor, target.facility_id, AuditSearch(message_id=target.message_id))
    return list(searches.exported_rows(export))


def _report(actor: Actor, target: Target) -> Any:
    asked = db.write(reports.ask, actor, target.facility_id, "")
    return reports.figures(asked)


def _public_records(actor: Actor, target: Target) -> Any:
    asked = db.write(reports.ask, actor, target.facility_id, f"{clock.now().year}")
    return list(public_records.redacted_letters(asked))


def _ask_and_agree(actor: Actor, target: Target) -> Any:
    """Ask, and agree oneself. The request is taken back, so that nobody agrees to it later."""
    request_id = db.write(break_glass.ask, actor, target.message_id, _REASON)
    try:
        db.write(break_glass.agree, actor, request_id)
        return db.write(break_glass.read, actor, request_id)
    finally:
        db.write(break_glass.decline, actor, request_id)


def _read_without_agreement(actor: Actor, target: Target) -> Any:
    """Read it by a request to which nobody has agreed."""
    return db.write(break_glass.read, actor, db.read(_last_request, target))


def _last_request(session: Session, target: Target) -> int:
    found = select(func.max(BreakGlass.id)).where(BreakGlass.message_id == target.message_id)
    return session.exec(found).one() or 0


def _stale(actor: Actor) -> Actor:
    """The administrator at a browser that was left open for a while."""
    return replace(actor, password_at=clock.now() - FRESH_FOR - timedelta(minutes=1))


# Every way by its key, with its name, in the order of the page. The keys are stored.
WAYS: dict[str, tuple[str, Way]] = {
    "queue": (
        N_("Look through every queue and shelf of the desk"),
        lambda actor, on: db.write(_every_page, actor, on.facility_id),
    ),
    "open": (
        N_("Open the letter's page at the desk"),
        lambda actor, on: db.write(letters.open_letter, actor, on.message_id),
    ),
    "claim": (N_("Claim it"), lambda actor, on: db.write(claims.take, actor, on.message_id)),
    "decide": (
        N_("Decide it unseen"),
        lambda actor, on: db.write(decisions.decide, actor, on.message_id, [Ruling(Outcome.APPROVED)]),
    ),
    "notes": (N_("Read the notes about it"), lambda actor, on: db.write(shelves.notes, actor, on.message_id)),
    "escalate": (
        N_("Escalate it to oneself"),
        lambda actor, on: db.write(shelves.escalate, actor, on.message_id, "To look at it."),
    ),
    "block": (
        N_("Block its sender, and see whom"),
        lambda actor, on: db.write(letters.block_pair, actor, on.message_id, "To look at it."),
    ),
    "message": (N_("Open it as its family would"), lambda actor, on: db.write(messages.get, actor, on.message_id)),
    "thread": (
        N_("Open the whole conversation"),
        lambda actor, on: db.write(messages.thread, actor, on.contact_id),
    ),
    "search": (
        N_("Search for its own words"),
        lambda actor, on: db.write(messages.search, actor, " ".join(on.text.split()[:4])),
    ),
    "reply": (
        N_("Enter a reply to it, to see what it says"),
        lambda actor, on: db.write(replies.enter, actor, on.message_id, subject="Reply", body="A reply on paper."),
    ),
    "print": (
        N_("Print it with the ordinary letters"),
        lambda actor, on: db.write(batches.for_print, actor, on.sealed),
    ),
    "seal": (
        N_("Print it sealed, at a browser that was left open"),
        lambda actor, on: db.write(sealed.create, _stale(actor), on.facility_id),
    ),
    "sealed again": (
        N_("Print a letter again that was handed over sealed"),
        lambda actor, on: db.write(sealed.for_print, actor, on.sealed),
    ),
    "facts": (N_("Open the page of privileged letters"), lambda actor, _on: db.write(facts.letters, actor)),
    "glass": (N_("Ask for it to be opened, and agree oneself"), _ask_and_agree),
    "read": (N_("Read it although nobody has agreed"), _read_without_agreement),
    "audit": (
        N_("Search the audit for it"),
        lambda actor, on: db.write(searches.page, actor, on.facility_id, AuditSearch(message_id=on.message_id)),
    ),
    "export": (N_("Export the audit about it"), _export),
    "report": (N_("Make the facility's report"), _report),
    "records": (N_("Export every letter of the year for public records"), _public_records),
}
