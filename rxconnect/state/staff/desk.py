"""The review desk: the queue, and the letter that is open (`desk_letter`)."""

import dataclasses
from contextlib import suppress

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.desk import DecisionView, DeskFilter, LookingView, QueueCounts, QueuePage, SavedFilter
from rxconnect.domain.errors import NotDriving
from rxconnect.domain.figures import TimesToday
from rxconnect.domain.languages import LANGUAGES, MY_LANGUAGES
from rxconnect.domain.review import HoldReason, Queue, Shelf
from rxconnect.domain.topics import Subject, Topic
from rxconnect.services.accounts import staff as staff_posts
from rxconnect.services.audit.recording import record_at
from rxconnect.services.quality import warm_ups
from rxconnect.services.review import claims, decisions, figures, filters, letters, queue
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.listening import at_leaving, listen
from rxconnect.state.staff.desk_letter import OpenLetter
from rxconnect.state.transactions import read, write

_RECENT = 5


class DeskState(OpenLetter, rx.State):
    """The queue as filtered, and the letter that is open."""

    is_refused: bool = False
    facilities: list[tuple[int, str]] = []
    next_cursor: str = ""
    counts: QueueCounts | None = None
    times: TimesToday | None = None
    saved: list[SavedFilter] = []
    looking: list[LookingView] = []
    # Whether the shift may begin with a warm-up.
    has_warm_up: bool = False

    @staff
    async def load(self, actor: Actor):
        """Load the queue, and listen for changes at each facility."""
        self.is_refused = not actor.facilities(Permission.REVIEW_MESSAGES)
        if not self.is_refused:
            self._listen(actor)
            (self.facilities, self.saved), self.has_warm_up, desk = await write(_whole_desk, actor, self.shown)
            self._show(desk)
            if self.letter:
                self._open_letter(await write(letters.open_letter, actor, self._open_id))
        self.ready = True

    @staff
    async def refresh(self, actor: Actor):
        """Reload after something changed at a desk."""
        self._listen(actor)
        self._show(await read(_desk, actor, self.shown, length=len(self.lines)))
        if self.letter:
            # Somebody who only looks around a demo session keeps the letter as it was.
            with suppress(NotDriving):
                await self._reload_letter(actor)

    @staff
    async def more(self, actor: Actor):
        """Show the next page of the queue."""
        page = await write(_more, actor, self.shown, self.next_cursor)
        self.lines, self.next_cursor = [*self.lines, *page.lines], page.next_cursor

    # Which letters

    @staff
    async def choose(self, actor: Actor, queue: Text, shelf: Text):
        """Show a queue, and a shelf of it."""
        if queue in list(Queue) and shelf in list(Shelf):
            await self._filter(actor, _changed(self.shown, queue=Queue(queue), shelf=Shelf(shelf)))

    @staff
    async def filter(self, actor: Actor, form: dict[str, Text]):
        """Show only some letters of the queue."""
        held_for, facility, language = (form.get(name, "") for name in ("held_for", "facility", "language"))
        await self._filter(
            actor,
            _changed(
                self.shown,
                facility_id=int(facility) if facility in {str(id) for id, _name in self.facilities} else 0,
                held_for=held_for if held_for in list(HoldReason) else "",
                language=language if language in LANGUAGES else "",
                is_readable=language == MY_LANGUAGES,
                is_overdue=bool(form.get("is_overdue")),
                claim=form["claim"] if form.get("claim") in ("free", "mine") else "",
            ),
        )

    @staff
    async def save_filter(self, actor: Actor, form: dict[str, Text]):
        """Save the current filter under a name."""
        await write(filters.save, actor, form.get("name", ""), self.shown)
        self.saved = await read(filters.my_filters, actor)

    @staff
    async def use_filter(self, actor: Actor, filter_id: Id):
        """Show what a saved filter shows."""
        if found := next((one for one in self.saved if one.id == filter_id), None):
            await self._filter(actor, found.filter)

    @staff
    async def delete_filter(self, actor: Actor, filter_id: Id):
        """Delete a saved filter."""
        await write(filters.remove, actor, filter_id)
        self.saved = await read(filters.my_filters, actor)

    def _listen(self, actor: Actor) -> None:
        at_leaving(claims.lapse_soon, actor)
        for facility_id in actor.facilities(Permission.REVIEW_MESSAGES):
            listen(actor, Topic(Subject.DESK, facility_id), DeskState.refresh)

    def _show(self, desk: tuple[QueuePage, QueueCounts, TimesToday, list[DecisionView], list[LookingView]]) -> None:
        page, self.counts, self.times, self.recent, self.looking = desk
        self.lines, self.next_cursor = page.lines, page.next_cursor
        self.undoable = next((one for one in self.recent if one.can_undo), None)

    async def _filter(self, actor: Actor, shown: DeskFilter) -> None:
        self.shown = shown
        self._show(await write(_searched, actor, shown))


def _changed(shown: DeskFilter, **fields) -> DeskFilter:
    return dataclasses.replace(shown, **fields)


def _settings(session, actor: Actor) -> tuple[list[tuple[int, str]], list[SavedFilter]]:
    """The actor's facilities as (id, name), and their saved filters."""
    reviewed = actor.facilities(Permission.REVIEW_MESSAGES)
    posts = [(p.facility_id, p.facility) for p in staff_posts.my_posts(session, actor) if p.facility_id in reviewed]
    return posts, filters.my_filters(session, actor)


def _desk(session, actor: Actor, shown: DeskFilter, *, length: int = 0):
    """The queue, at least as long as it was, with the figures, the actor's decisions and who is looking."""
    return (
        queue.page(session, actor, shown, length=max(length, queue.PAGE)),
        queue.counts(session, actor, shown.facility_id),
        figures.times_today(session, actor, shown.facility_id),
        decisions.my_recent(session, actor, limit=_RECENT),
        claims.looking(session, actor, shown.facility_id),
    )


def _whole_desk(session, actor: Actor, shown: DeskFilter):
    """The desk for somebody who opens the page, which is recorded.

    What they claimed before lapses soon, unless a tab still renews it: after a crash nobody else would get it for minutes.
    """
    claims.lapse_soon(session, actor)
    _record(session, actor, shown, AuditKind.QUEUE_SHOWN)
    return _settings(session, actor), warm_ups.is_offered(session, actor), _desk(session, actor, shown)


def _searched(session, actor: Actor, shown: DeskFilter):
    desk = _desk(session, actor, shown)
    _record(session, actor, shown, AuditKind.SEARCHED)
    return desk


def _more(session, actor: Actor, shown: DeskFilter, cursor: str) -> QueuePage:
    _record(session, actor, shown, AuditKind.QUEUE_SHOWN, after=cursor)
    return queue.page(session, actor, shown, cursor)


def _record(session, actor: Actor, shown: DeskFilter, kind: AuditKind, **details: str) -> None:
    """Record at each facility whose letters are shown which filter the queue had."""
    facility_ids = [shown.facility_id] if shown.facility_id else actor.facilities(Permission.REVIEW_MESSAGES)
    chosen = {name: value for name, value in dataclasses.asdict(shown).items() if value and name != "facility_id"}
    record_at(session, actor, facility_ids, kind, **chosen, **details)
