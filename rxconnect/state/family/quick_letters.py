"""The letter that is begun on the dashboard. It is saved as a draft while the user types."""

from typing import ClassVar

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import Figures, QuickLetter
from rxconnect.domain.errors import NotFound
from rxconnect.services.dashboard import quick_letters
from rxconnect.services.messages import drafts
from rxconnect.state.family.drafts import SendState, length_and_cost
from rxconnect.state.guard import LongText, family, while_typing
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read, write


class QuickLetterState(Screen, rx.State):
    """To whom the letter goes, and its words. `DashboardState.load` prepares it."""

    _loaded_by: ClassVar[str] = "DashboardState"
    _problem_place: ClassVar[str] = "body"
    letter: QuickLetter | None = None
    body: str = ""
    figures: Figures = Figures()
    _draft_id: int = 0

    @family
    @while_typing
    async def keep(self, actor: Actor, body: LongText):
        """Save what was typed."""
        if self._update_field("body", body):
            await self._keep(actor)

    @family
    async def go_on(self, actor: Actor, form: dict[str, LongText]):
        """CONTINUE: check the letter, then show it as the reader will see it."""
        self.body = form.get("body", self.body)
        await self._keep(actor)
        await read(drafts.check_and_preview, actor, self._draft_id)
        await self._reset_screen(SendState)
        return self._leave_for(routes.SEND)

    @family
    async def open_page(self, actor: Actor):
        """Go on with the letter on its own page, where it gets a subject and photos."""
        await self._keep(actor)
        return self._leave_for(routes.COMPOSE)

    async def _keep(self, actor: Actor) -> None:
        if self.letter is None:
            raise NotFound("draft")
        draft = await write(quick_letters.keep, actor, self.letter.contact_id, self._draft_id, self.body)
        self._draft_id, self.figures = draft.id, length_and_cost(draft)

    def _leave_for(self, route: str):
        """Go to another page of the draft. The next load of the dashboard finds what became of it."""
        address = routes.fill(route, self._draft_id)
        self.body, self._draft_id = "", 0
        return rx.redirect(address)

    def _prepare(self, letter: QuickLetter | None) -> None:
        """Show the letter on a loaded dashboard. News from somebody else take no letter away that is being written."""
        if self.body.strip() and self.letter and letter and letter.contact_id != self.letter.contact_id:
            return
        self.letter, self.figures, self.problem, self.problems = letter, Figures(), "", {}
        self.body, self._draft_id = (letter.body, letter.draft_id) if letter else ("", 0)
        self.ready = True
