"""The photos of a letter at the desk, blurred or grey as the reviewer chooses (`desk_photos.js`)."""

from typing import Any

import reflex as rx


class DeskPhotos(rx.Component):
    """Photos (`domain.photos.PhotoView`). An address has KEY in the place of a photo's key."""

    library = "$/utils/desk_photos.js"
    tag = "DeskPhotos"

    photos: rx.Var[Any]
    view: rx.Var[str]
    full: rx.Var[str]
    # The key that shows all of them.
    shortcut: rx.Var[str]


desk_photos = DeskPhotos.create
