"""Read models of appeals, and until when a rejection can be appealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from rxconnect.domain import dates
from rxconnect.domain.accounts import Role
from rxconnect.domain.appeals import APPEAL_WITHIN, AppealStatus, AppealView
from rxconnect.domain.messages import MessageStatus
from rxconnect.models import Appeal, Item, Message, MessageEvent


def appeal_view(appeal: Appeal, zone: str) -> AppealView:
    """An appeal as its family and staff see it. Nothing of a decision that is still pending shows."""
    status = AppealStatus(appeal.status)
    is_decided = status is not AppealStatus.WAITING
    return AppealView(
        status=status,
        label=status.label,
        explanation=status.explanation,
        text=appeal.text,
        at=dates.day_and_time(appeal.made_at, zone),
        decided_at=dates.day_and_time(appeal.decided_at, zone) if is_decided and appeal.decided_at else "",
        decided_by=Role(appeal.decided_by_role).label if is_decided and appeal.decided_by_role else "",
        answer=appeal.answer if is_decided else "",
    )


def appeal_events(appeal: Appeal) -> list[tuple[datetime, str, str]]:
    """The appeal's lines of a message's timeline, as (time, label, explanation)."""
    waiting, status = AppealStatus.WAITING, AppealStatus(appeal.status)
    lines = [(appeal.made_at, waiting.label, waiting.explanation if status is waiting else "")]
    if appeal.decided_at and status is not waiting:
        lines.append((appeal.decided_at, status.label, status.explanation))
    return lines


def appeal_ends(message: Message, items: Collection[Item], events: Collection[MessageEvent]) -> datetime | None:
    """The time until which a message can be appealed. None if nothing of it is rejected now, or a part is undecided."""
    rejections = [event.at for event in events if event.status == MessageStatus.REJECTED]
    # Once the rejection was overturned, nothing is left to appeal.
    is_rejected = any(item.status == MessageStatus.REJECTED for item in items)
    if not rejections or not is_rejected or MessageStatus(message.status).is_undecided:
        return None
    return max(rejections) + APPEAL_WITHIN
