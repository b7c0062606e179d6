"""A reply that is being written. The browser saves it by itself (`components/message_form.js`, `api/kiosk_replies.py`)."""

from typing import ClassVar

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import Figures
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inside import InsideDraft
from rxconnect.i18n import _
from rxconnect.services.inside import replies
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import kiosk, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import write


class ReplyState(Screen, rx.State):
    """One draft of a reply, and SEND."""

    _problem_place: ClassVar[str] = "page-title"
    draft: InsideDraft | None = None
    figures: Figures = Figures()

    @kiosk
    async def load(self, caller: Caller):
        """Load the draft with the id in the address."""
        if self.draft and str(self.draft.id) != address.path_segment(self, 3):
            self.reset()
            yield
        self._assign(await caller.read(replies.get, self._draft_id()))
        self.ready = True

    @kiosk
    @while_typing
    async def reload(self, caller: Caller):
        """Reload the draft, after its problem may be solved or another kiosk has changed it."""
        try:
            self._assign(await caller.read(replies.get, self._draft_id()))
        except NotFound:
            # It was sent or discarded elsewhere.
            return rx.redirect(routes.KIOSK_INBOX, replace=True)
        return None

    @kiosk
    async def send(self, actor: Actor):
        """SEND: send once, however often the button is pressed."""
        was_privileged = self.draft is not None and self.draft.is_privileged
        await write(replies.send, actor, self._draft_id(), must_be_privileged=was_privileged)
        (await self.get_state(SessionState))._show_notice(_("Your reply is on its way."), on_next_page=True)
        return rx.redirect(self._conversation(), replace=True)

    @kiosk
    async def discard(self, actor: Actor):
        """Delete the draft."""
        await write(replies.discard, actor, self._draft_id())
        return rx.redirect(self._conversation(), replace=True)

    def _assign(self, draft: InsideDraft) -> None:
        if self.draft and draft.version != self.draft.version:
            # The earlier problems are about text that has changed.
            self.problem, self.problems = "", {}
        self.draft, self.figures = draft, reply_figures(draft)

    def _conversation(self) -> str:
        return routes.fill(routes.KIOSK_THREAD, self.draft.contact_id) if self.draft else routes.KIOSK_INBOX

    def _draft_id(self) -> int:
        return address.id_in_path(self, "draft", 3)


def reply_figures(draft: InsideDraft) -> Figures:
    """A reply's length and who pays for it, for its State and for the answer to a save (`api/kiosk_replies.py`)."""
    return Figures(draft.left, draft.is_over, draft.pays, "")
