"""Before SEND: what a facility's published rules are likely to find in a letter. Nothing here tells of other rules."""

from __future__ import annotations

import re2
from sqlmodel import Session

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import DraftView
from rxconnect.domain.marks import Hit, Mark, Part, pieces
from rxconnect.domain.own_texts import own_text
from rxconnect.domain.rules import LetterCheck
from rxconnect.domain.screening import RuleKind, ScreenedLetter
from rxconnect.i18n import _
from rxconnect.models import Contact, Facility
from rxconnect.services.screening import languages, rule_books, screening
from rxconnect.services.screening.rule_book import RuleBook


def check(session: Session, actor: Actor, draft: DraftView) -> LetterCheck:
    """What the published rules find in a checked draft of the actor's. It stops nobody, and a broken rule finds nothing.

    No rule looks at a letter that would be privileged.
    """
    if draft.facility_id is None or draft.contact_id is None or draft.is_privileged:
        return _view(draft, [], {})
    texts = _published(session, draft.facility_id)
    if not texts:
        return _view(draft, [], {})
    try:
        book = rule_books.of_facility(session, draft.facility_id)
    except re2.error:
        return _view(draft, [], {})
    found = book.find(_letter(session, actor, draft, book))
    return _view(draft, [hit for hit in found if hit.rule_id in texts], texts)


def _published(session: Session, facility_id: int) -> dict[int, str]:
    """The texts of the published rules, as the family reads them."""
    texts = rule_books.published(session, facility_id)
    if not texts:
        return {}
    facility = session.get_one(Facility, facility_id)
    return {rule_id: own_text(facility, text).text for rule_id, text in texts.items()}


def _letter(session: Session, actor: Actor, draft: DraftView, book: RuleBook) -> ScreenedLetter:
    assert draft.contact_id is not None
    return ScreenedLetter(
        message_id=0,
        account_id=actor.account_id,
        inmate_id=session.get_one(Contact, draft.contact_id).inmate_id,
        subject=draft.subject,
        body=draft.body,
        language=languages.recognise(draft.body) if book.has(RuleKind.LANGUAGE) else "",
        letters_today=screening.letters_since(session, draft.contact_id) + 1,
        at=clock.now(),
        captions="\n".join(photo.caption for photo in draft.photos if photo.caption),
    )


def _view(draft: DraftView, found: list[Hit], texts: dict[int, str]) -> LetterCheck:
    parts = {Part.SUBJECT: draft.subject, Part.BODY: draft.body}
    marked = [
        pieces(text, (Mark(hit.start, hit.stop, texts[hit.rule_id]) for hit in found if hit.part is part))
        for part, text in parts.items()
    ]
    return LetterCheck(list(dict.fromkeys(_note(hit, texts) for hit in found)), marked[0], marked[1])


def _note(hit: Hit, texts: dict[int, str]) -> str:
    """What the rule says. The captions have no marks, so the note says that it is about one."""
    text, caption = texts[hit.rule_id], _("Caption")
    return f"{caption}: {text}" if hit.part is Part.CAPTIONS else text
