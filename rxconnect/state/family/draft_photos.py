"""The photos of the draft on the compose page: their order and captions, and removing them. Uploads go to `api/photos.py`."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.services.photos import draft_photos
from rxconnect.state.family.drafts import ComposeState
from rxconnect.state.guard import Id, Text, family, while_typing
from rxconnect.state.session import Screen
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
    async def remove(self, actor: Actor, photo_id: Id):
        """Remove a photo. It can come back for an hour."""
        await write(draft_photos.remove, actor, photo_id)
        return ComposeState.reload

    @family
    @while_typing
    async def restore(self, actor: Actor, photo_id: Id):
        """Put a removed photo back."""
        await write(draft_photos.restore, actor, photo_id)
        return ComposeState.reload
