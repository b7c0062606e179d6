"""The desk's figures: today, and the last 90 days by week."""

from datetime import date

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission, PostView
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.figures import FigureGroup, Figures, WeeklyCounts, weekly_counts
from rxconnect.domain.topics import Subject, Topic
from rxconnect.services.accounts import staff as staff_posts
from rxconnect.services.audit.recording import record
from rxconnect.services.review import figures
from rxconnect.state import address
from rxconnect.state.guard import staff
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.staff.views import view


class FiguresState(Screen, rx.State):
    """The figures of one facility."""

    facilities: list[PostView] = []
    facility_id: int = 0
    group: str = FigureGroup.RULE.value
    today: Figures | None = None
    lines: list[WeeklyCounts] = []

    @staff
    async def load(self, actor: Actor):
        """Load the figures of the facility in the address, and listen for decisions."""
        allowed = actor.facilities(Permission.REVIEW_MESSAGES)
        facility_id = address.id_in_query(self, "facility", "facility") or (allowed[0] if allowed else 0)
        if facility_id not in allowed:
            raise NotAllowed
        listen(actor, Topic(Subject.DESK, facility_id), FiguresState.load)
        chosen = address.query_value(self, "by")
        group = FigureGroup(chosen) if chosen in list(FigureGroup) else FigureGroup.RULE
        self.facilities, self.today, self.lines = await view(_figures, actor, facility_id, group)
        self.facility_id, self.group = facility_id, group.value
        self.ready = True


def _figures(session, actor: Actor, facility_id: int, group: FigureGroup, *, is_recorded: bool):
    allowed = actor.facilities(Permission.REVIEW_MESSAGES)
    posts = [post for post in staff_posts.my_posts(session, actor) if post.facility_id in allowed]
    days = figures.by_day(session, actor, facility_id, group)
    if is_recorded:
        record(session, actor, facility_id, AuditKind.FIGURES_SHOWN, by=group.value)
    newest = max((date.fromisoformat(day.day) for day in days), default=date.min)
    return posts, figures.today(session, actor, facility_id), weekly_counts(days, newest)
