"""What rules have found in letters: kept with the letter, and shown at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, case, col, delete, func, select

from rxconnect.domain.desk import RuleHitView
from rxconnect.domain.marks import Hit, Mark, Part, Piece, pieces
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.review import DecisionState
from rxconnect.domain.screening import RuleCount, RuleKind
from rxconnect.i18n import _
from rxconnect.models import Decision, Message, ScreeningHit, ScreeningRule

APPROVED, REJECTED = "approved", "rejected"


def record(session: Session, message: Message, hits: Sequence[Hit]) -> None:
    """Keep what the rules of the message's facility found. It replaces what they found before."""
    if not hits:
        return
    assert message.id is not None
    rules_here = select(ScreeningRule.id).where(ScreeningRule.facility_id == message.facility_id)
    earlier = delete(ScreeningHit).where(col(ScreeningHit.message_id) == message.id)
    session.exec(earlier.where(col(ScreeningHit.rule_id).in_(rules_here)))
    for hit in hits:
        session.add(
            ScreeningHit(message_id=message.id, rule_id=hit.rule_id, part=hit.part, start=hit.start, stop=hit.stop)
        )


def in_letter(session: Session, message: Message) -> tuple[list[RuleHitView], list[Piece], list[Piece]]:
    """The rules of the message's facility that found something in it, and its subject and body with what they marked."""
    rows = session.exec(
        select(ScreeningHit, ScreeningRule)
        .join(ScreeningRule, col(ScreeningRule.id) == ScreeningHit.rule_id)
        .where(ScreeningHit.message_id == message.id, ScreeningRule.facility_id == message.facility_id)
        .order_by(col(ScreeningHit.id))
    ).all()
    counts: dict[int, int] = {}
    for hit, rule in rows:
        counts[rule.id or 0] = counts.get(rule.id or 0, 0) + (hit.part != Part.WHOLE)
    rules = {rule.id or 0: rule for _hit, rule in rows}
    in_captions = {hit.rule_id for hit, _rule in rows if hit.part == Part.CAPTIONS}
    found = [
        RuleHitView(rules[one].name, _label(rules[one], is_in_caption=one in in_captions), count)
        for one, count in counts.items()
    ]
    parts = {Part.SUBJECT: message.subject, Part.BODY: message.body}
    marked = [
        pieces(text, (Mark(hit.start, hit.stop, rule.name) for hit, rule in rows if hit.part == part))
        for part, text in parts.items()
    ]
    return found, marked[0], marked[1]


def _label(rule: ScreeningRule, *, is_in_caption: bool) -> str:
    """What kind of rule it is. The captions have no marks, so it says that it found something there."""
    label, caption = RuleKind(rule.kind).label, _("Caption")
    return f"{label} · {caption}" if is_in_caption else label


def counts(session: Session, facility_id: int) -> dict[int, RuleCount]:
    """What each rule of a facility has held so far, by the rule's id. Letters that staff decided count as decided."""
    # Grouped outside, since PostgreSQL does not see that two expressions with parameters are the same.
    letters = (
        select(ScreeningHit.rule_id, ScreeningHit.message_id, outcome().label("outcome"))
        .join(Message, col(Message.id) == ScreeningHit.message_id)
        .join(ScreeningRule, col(ScreeningRule.id) == ScreeningHit.rule_id)
        .where(ScreeningRule.facility_id == facility_id)
        .distinct()
        .subquery()
    )
    grouped = select(letters.c.rule_id, letters.c.outcome, func.count()).group_by(letters.c.rule_id, letters.c.outcome)
    rows = session.exec(grouped)
    found: dict[int, dict[str, int]] = {}
    for rule_id, state, count in rows:
        found.setdefault(rule_id, {})[state] = count
    return {
        rule_id: RuleCount(sum(by.values()), by.get(APPROVED, 0), by.get(REJECTED, 0)) for rule_id, by in found.items()
    }


def outcome() -> Any:
    """What staff have decided about a message, as a column: `APPROVED`, `REJECTED`, or "" if nobody has decided it.

    A rejection that was overturned counts as approved.
    """
    decided = (
        select(Decision.id)
        .where(
            Decision.message_id == Message.id,
            Decision.state == DecisionState.COMMITTED,
            col(Decision.appeal_id).is_(None),
        )
        .correlate(Message)
        .exists()
    )
    return case((~decided, ""), (col(Message.status) == MessageStatus.REJECTED, REJECTED), else_=APPROVED)
