"""State of the frame around every page: name, unread messages, notices, apologies."""

from typing import ClassVar

import reflex as rx

from rxconnect import world
from rxconnect.config import settings
from rxconnect.domain import refusals
from rxconnect.domain.accounts import PERMISSIONS, Actor, ActorKind
from rxconnect.domain.errors import NotSignedIn, Unavailable
from rxconnect.domain.removals import RemovalView
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.messages import drafts, messages
from rxconnect.services.removals import removals
from rxconnect.state import address, visitors, words
from rxconnect.state.guard import Text, public


class Screen(rx.State, mixin=True):
    """Mixin for every screen's State: whether its data has loaded, and the problems of its form.

    `problem` is about the whole form. `problems` maps a field to its sentence, in page order; the first field takes the
    focus (`guard._id_of_first_problem`). On a long page, where `problem` may be out of sight, `_problem_place` is the id
    of the element right above it.
    """

    _problem_place: ClassVar[str] = ""
    # The State whose `load` fills this one; "" if its own does.
    _loaded_by: ClassVar[str] = ""
    # The page that sent the user to confirm their password, or "".
    _awaits_password_at: str = ""
    ready: bool = False
    # Whether what the address names does not exist, or belongs to another account. `problem` says so.
    is_missing: bool = False
    problem: str = ""
    problems: dict[str, str] = {}

    def _update_field(self, field: str, text: str) -> bool:
        """Set `field` to `text`. If that changes it, clear the problems and return True."""
        if getattr(self, field) == text:
            return False
        setattr(self, field, text)
        self.problem, self.problems = "", {}
        return True

    async def _reset_screen(self, screen: type["Screen"]) -> None:
        """Reset the next screen, which would show its old data until it has loaded."""
        (await self.get_state(screen)).reset()

    @staticmethod
    def _frame_data(session, actor: Actor) -> tuple[int, list[bool], RemovalView | None]:
        """The number of unread messages, which steps of the walkthrough are done if it is active, and what can be undone."""
        if actor.kind is not ActorKind.FAMILY:
            return 0, [], None
        unread, steps_done = messages.unread_count(session, actor), walkthrough.steps_done(session, actor)
        return unread, steps_done, removals.newest(session, actor)

    async def _is_whole_page(self) -> bool:
        """Whether the browser loads this page as a whole, and did not move to it inside the app."""
        return not (await self.get_state(SessionState))._has_arrived

    async def _show_frame(self, actor: Actor, frame: tuple[int, list[bool], RemovalView | None]):
        """Show this account in the frame of a loaded page. Returns the event that moves the focus, or None."""
        return (await self.get_state(SessionState))._start_page(actor, *frame)

    async def _retry_later(self) -> None:
        """Have the browser retry the load in a few seconds and say so meanwhile (`components/connection.js`)."""
        (await self.get_state(SessionState)).unavailable = True

    async def _drop_press(self) -> None:
        """Drop what was pressed before the page could load, and say so if it is our fault."""
        session = await self.get_state(SessionState)
        if session.unavailable:
            session._show_notice(refusals.sentence(Unavailable()))

    def _await_password(self) -> None:
        """Keep this page's fields until the user comes back with the password."""
        self._awaits_password_at = address.current(self)

    async def _returns_with_password(self, actor: Actor) -> bool:
        """Whether the user comes back to this page from the password question, with fields to keep."""
        was_here, self._awaits_password_at = self._awaits_password_at == address.current(self), ""
        if was_here and actor.is_fresh:
            (await self.get_state(SessionState))._show_notice(words.password_confirmed_notice())
        return was_here

    async def _explain_sign_in(self) -> None:
        """Prepare the sign-in page's reason: a browser with our cookie was signed out, any other never signed in."""
        session = await self.get_state(SessionState)
        session.turned_away = (
            words.signed_out_reason() if visitors.current().had_cookie else refusals.sentence(NotSignedIn())
        )


class SessionState(Screen, rx.State):
    """The signed-in person, as the layout shows them."""

    name: str = ""
    first_name: str = ""
    initials: str = ""
    # Built pages contain the value of the installation's own world. `_start_full_load` sets that of the current world.
    is_demo: bool = settings().is_demo
    # The key under which this browser keeps the account's unsaved text (`drafts.browser_key`).
    browser_key: str = ""
    unread: int = 0
    # Which steps of the walkthrough are done. Empty for an account that is not in it: its pages then show no steps.
    steps_done: list[bool] = []
    # What a member of staff may do at any facility, so that the bar shows only their tools.
    permissions: list[str] = []
    notice: str = ""
    apology: str = ""
    # What was removed a moment ago, in place of a notice. The database knows it, so it outlives the worker.
    removal: RemovalView | None = None
    # The id of the last removal whose notice was closed.
    _closed_removal: int = 0
    # A page could not load because the database did not answer. The browser retries in a few seconds.
    unavailable: bool = False
    # The sign-in page's reason after a redirect inside the app. A full page load gets it from the server instead.
    turned_away: str = ""
    _has_arrived: bool = False
    # A notice set on one page may be shown on the next; after that it is cleared.
    _notice_was_seen: bool = True

    @public
    async def dismiss_notice(self):
        """Close the notice or the apology."""
        self.notice = self.apology = ""
        if self.removal:
            self._closed_removal, self.removal = self.removal.id, None

    @public
    async def show_apology(self, reference: Text):
        """Show that something unexpected happened. `reference` finds it in the log."""
        self.apology = reference[:12] if reference.isalnum() else ""

    def _show_notice(self, notice: str, *, on_next_page: bool = False) -> None:
        """Show a notice on this page, or on the next one."""
        self.notice, self.removal = notice, None
        self._notice_was_seen = not on_next_page

    def _show_removal(self, removal: RemovalView) -> None:
        """Say what was removed, and offer to undo it."""
        self.notice, self.removal = "", removal

    def _start_page(self, actor: Actor, unread: int, steps_done: list[bool], removal: RemovalView | None):
        """Start a page: show the account and what it may still undo, and clear the last page's notice and apology."""
        self._show_account(actor)
        self.unread, self.steps_done = unread, steps_done
        self.removal = None if removal and removal.id == self._closed_removal else removal
        return self._move_focus()

    def _show_account(self, actor: Actor) -> None:
        self.browser_key = drafts.browser_key(actor)
        self.unavailable = False
        self.permissions = sorted({right for post in actor.posts for right in PERMISSIONS[post.role]})
        self.name = actor.name
        self.first_name = actor.name.split()[0]
        self.initials = "".join(word[0] for word in actor.name.split()[:2]).upper()
        if self._notice_was_seen:
            self.notice = ""
        self._notice_was_seen = True

    def _start_full_load(self) -> None:
        """Start a full page load: the browser sets the focus, and the server has written the reason into the page."""
        self._has_arrived, self.turned_away = False, ""
        if self.is_demo != world.current().is_demo:
            self.is_demo = not self.is_demo

    def _move_focus(self):
        """After a move inside the app, focus the new page's heading, as a full load starts at the top."""
        if self._has_arrived:
            return rx.set_focus("page-title")
        self._has_arrived = True
        return None
