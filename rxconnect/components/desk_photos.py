"""The photos of a letter at the desk, blurred or grey as the reviewer chooses (`desk_photos.js`)."""

from typing import Any

import reflex as rx

from rxconnect.components.photos import photo_address
from rxconnect.domain.photos import Size


class DeskPhotos(rx.Component):
    """Photos (`domain.photos.PhotoView`). An address has KEY in the place of a photo's key."""

    library = "$/utils/desk_photos.js"
    tag = "DeskPhotos"

    photos: rx.Var[Any]
    view: rx.Var[str]
    full: rx.Var[str]
    # The key that shows all of them.
    shortcut: rx.Var[str]


def desk_photos(photos: Any, **props: Any) -> rx.Component:
    """The photos of a letter, if it has any. The key V shows all of them."""
    view, full = (photo_address("KEY", size) for size in (Size.VIEW, Size.FULL))
    return rx.cond(photos.length() > 0, DeskPhotos.create(photos=photos, view=view, full=full, shortcut="v", **props))
