"""The photos of the draft on the compose page: their order and captions, and removing them. Uploads go to `api/photos.py`."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.removals import RemovalKind
from rxconnect.services.photos import draft_photos
from rxconnect.services.removals import removals
from rxconnect.state.family.drafts import ComposeState
from rxconnect.state.guard import Id, Text, family, undoable, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import write


class DraftPhotosState(Screen, rx.State):
    """Changes of photos. The page shows the draft of `ComposeState`, which is loaded again after each."""

    @family
    @while_typing
    async def move(self, actor: Actor, photo_id: Id, place: Id):
        """Give a photo this place, from 1 on."""
        await write(draft_photos.move, actor, photo_id, place)
        return ComposeState.reload

    @family
    @while_typing
    async def add_caption(self, actor: Actor, photo_id: Id, text: Text):
        """Give a photo a caption, or none."""
        await write(draft_photos.add_caption, actor, photo_id, text)
        return ComposeState.reload

    @family
    @while_typing
    @undoable(RemovalKind.PHOTO)
    async def remove(self, actor: Actor, photo_id: Id):
        """Remove a photo."""
        removal = await write(removals.once, actor, RemovalKind.PHOTO, photo_id, draft_photos.remove)
        (await self.get_state(SessionState))._show_removal(removal)
        return ComposeState.reload
