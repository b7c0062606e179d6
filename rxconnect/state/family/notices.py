"""Notices: which emails the account gets and when, levels of low credits, and pushes to this browser."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.notices import LevelView, NoticeKind, NoticesView, Pace
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _
from rxconnect.services.accounts import accounts
from rxconnect.services.notices import choices
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, family
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class NoticesState(Screen, rx.State):
    """What the account has chosen."""

    paces: dict[str, str] = {}
    levels: list[LevelView] = []
    digest_at: str = ""
    address: str = ""
    is_confirmed: bool = True
    comes_back: bool = False
    push_key: str = ""
    is_pushed: bool = False
    link_was_sent: bool = False

    @family
    async def load(self, caller: Caller):
        """Load every choice."""
        self._show(await caller.read(choices.my_choices))
        self.link_was_sent = False
        self.ready = True

    @family
    async def choose(self, actor: Actor, kind: NoticeKind, pace: Text):
        """Choose when to be told of one kind."""
        if pace not in set(Pace):
            raise NotFound("page")
        await write(choices.choose, actor, kind, Pace(pace))
        self._show(await read(choices.my_choices, actor))
        (await self.get_state(SessionState))._show_notice(_("Your choice was saved."))

    @family
    async def choose_level(self, actor: Actor, facility_id: Id, level: Text):
        """Choose below how many credits a wallet counts as low."""
        chosen = whole_number(level)
        await write(choices.choose_level, actor, facility_id, -1 if chosen is None else chosen)
        self._show(await read(choices.my_choices, actor))
        (await self.get_state(SessionState))._show_notice(_("Your choice was saved."))

    @family
    async def send_link(self, actor: Actor):
        """Email a link to the account's address. Opening it proves that emails arrive there."""
        await write(accounts.resend_verification, actor)
        self.link_was_sent = True

    def _show(self, view: NoticesView) -> None:
        self.paces, self.levels, self.digest_at = view.paces, view.levels, view.digest_at
        self.address, self.is_confirmed, self.comes_back = view.address, view.is_confirmed, view.comes_back
        self.push_key, self.is_pushed = view.push_key, view.is_pushed
