"""The photos of the draft on the compose page, and of the letter on the page that sends it."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.draft_photos import draft_photos
from rxconnect.components.photos import photo_address
from rxconnect.components.sentences import plural
from rxconnect.domain.photos import CAPTION_MAX, MOST_BYTES, Size
from rxconnect.i18n import _
from rxconnect.state.family.draft_photos import DraftPhotosState
from rxconnect.state.family.drafts import ComposeState


def photos_of_draft() -> rx.Component:
    """The photos, between the words and Continue."""
    draft: Any = ComposeState.draft
    return rx.fragment(
        rx.el.div(
            draft_photos(
                photos=draft.photos,
                most=draft.most_photos,
                price=plural("{count} credit each", "{count} credits each", draft.photo_credits),
                hint=rx.cond(
                    draft.is_privileged,
                    _("Or drop or paste them here. Staff do not see them."),
                    _("Or drop or paste them here. Staff look at each photo; one that is refused costs nothing."),
                ),
                most_bytes=MOST_BYTES,
                caption_max=CAPTION_MAX,
                url=routes.fill(routes.ADD_PHOTO, ComposeState.draft_id),
                address=photo_address("KEY", Size.THUMB),
                on_stored=ComposeState.reload,
                on_move=DraftPhotosState.move,
                on_caption=DraftPhotosState.add_caption,
                on_remove=DraftPhotosState.remove,
            ),
            id="photos",
        ),
        rx.el.p(ComposeState.problems["photos"], id="photos-problem", class_name="problem", role="alert"),
        rx.el.p(DraftPhotosState.problem, class_name="problem", role="alert"),
        rx.el.p(DraftPhotosState.problems["photos"], class_name="problem", role="alert"),
    )
