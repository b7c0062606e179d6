"""What every page shows of the person: name, unread letters, notices, apologies."""

from typing import ClassVar

import reflex as rx

from rxconnect import world
from rxconnect.config import settings
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotSignedIn
from rxconnect.services.messages import drafts, messages, walkthrough
from rxconnect.state import address, visitors, words
from rxconnect.state.guard import Text, public


class Screen(rx.State, mixin=True):
    """What every screen's State has: whether its data is here, and what is wrong with what was typed.

    `problem` is about the whole form, `problems` maps a field to its sentence, in the order of the page: the first of them
    takes the focus (`guard._place_of_problem`). `_problem_place` is the id of what stands right above `problem`, on a page
    that is so long that it may be out of sight.
    """

    _problem_place: ClassVar[str] = ""
    # The page on which the password was asked for in the middle of something, or "".
    _awaits_password_at: str = ""
    # Whether the page was not loaded when the last event came, so that its load comes next.
    _comes_before_load: bool = False
    ready: bool = False
    problem: str = ""
    problems: dict[str, str] = {}

    def _retyped(self, field: str, text: str) -> bool:
        """Take `text` into `field`. When it is news, what was said about the earlier text is taken back."""
        if getattr(self, field) == text:
            return False
        setattr(self, field, text)
        self.problem, self.problems = "", {}
        return True

    async def _clear(self, screen: type["Screen"]) -> None:
        """Empty the screen that comes next: until it has loaded it would show what it showed the last time."""
        (await self.get_state(screen)).reset()

    @staticmethod
    def _meet(session, actor: Actor) -> tuple[int, bool]:
        """What every page shows of an account besides its name: its unread messages, and whether it is being guided."""
        if actor.kind is not ActorKind.FAMILY:
            return 0, False
        return messages.unread_count(session, actor), walkthrough.is_active(session, actor)

    async def _arrive(self, actor: Actor, met: tuple[int, bool]):
        """The page has loaded for this account: have the frame show who that is. Answers what moves the focus."""
        return (await self.get_state(SessionState))._begin(actor, *met)

    async def _come_again(self) -> None:
        """Have the browser load this page again in a few seconds, with a sentence meanwhile (`components/connection.js`)."""
        (await self.get_state(SessionState)).unavailable = True

    def _await_password(self) -> None:
        """Keep what was typed here until the person comes back with the password."""
        self._awaits_password_at = address.current(self)

    async def _comes_back(self, actor: Actor) -> bool:
        """Whether the page loads for somebody who was asked for the password here, and typed something before."""
        was_here, self._awaits_password_at = self._awaits_password_at == address.current(self), ""
        if was_here and actor.is_fresh:
            (await self.get_state(SessionState))._show_notice(words.confirmed())
        return was_here

    async def _turn_away(self) -> None:
        """Tell the person at the sign-in page why they were sent there: a browser with a cookie of ours was signed in."""
        session = await self.get_state(SessionState)
        session.turned_away = words.signed_out() if visitors.current().had_cookie else refusals.sentence(NotSignedIn())


class SessionState(Screen, rx.State):
    """The signed-in person, as the layout shows them."""

    name: str = ""
    first_name: str = ""
    initials: str = ""
    # The built pages need a value: that of the installation's own world. `_begin_page` sets that of the current world.
    is_demo: bool = settings().is_demo
    # What this browser calls the person, where it keeps words that are not saved yet (`drafts.browser_key`).
    browser_key: str = ""
    unread: int = 0
    # Led by the walkthrough: the pages on the way show where in it they are.
    is_guided: bool = False
    notice: str = ""
    apology: str = ""
    # A page could not load because our database did not answer. The browser loads it again in a few seconds.
    unavailable: bool = False
    # The sentence of the sign-in page after a redirect inside the app. A page that is loaded whole gets it from the server.
    turned_away: str = ""
    _has_arrived: bool = False
    # A notice is said on one page and read on the next, then it goes.
    _notice_was_seen: bool = True

    @public
    async def dismiss(self):
        """Close the notice or the apology."""
        self.notice = self.apology = ""

    @public
    async def apologise(self, reference: Text):
        """Say that something unexpected happened; `reference` finds it in the log."""
        self.apology = reference[:12] if reference.isalnum() else ""

    def _show_notice(self, notice: str, *, on_next_page: bool = False) -> None:
        """Show a notice on this page, or on the one that comes."""
        self.notice = notice
        self._notice_was_seen = not on_next_page

    def _begin(self, actor: Actor, unread: int, is_guided: bool):
        """A page begins: show whose it is, and forget what was said on the one before."""
        self._show(actor)
        self.unread, self.is_guided = unread, is_guided
        return self._move_focus()

    def _show(self, actor: Actor) -> None:
        self.browser_key = drafts.browser_key(actor)
        self.unavailable = False
        self.name = actor.name
        self.first_name = actor.name.split()[0]
        self.initials = "".join(word[0] for word in actor.name.split()[:2]).upper()
        if self._notice_was_seen:
            self.notice = ""
        self._notice_was_seen = True

    def _begin_page(self) -> None:
        """A page is loaded whole: its focus is the browser's, and its sentence was written into it by the server."""
        self._has_arrived, self.turned_away = False, ""
        if self.is_demo != world.current().is_demo:
            self.is_demo = not self.is_demo

    def _move_focus(self):
        """After a move inside the app, the new page's heading takes the focus, as a loaded page's start would."""
        if self._has_arrived:
            return rx.set_focus("page-title")
        self._has_arrived = True
        return None
