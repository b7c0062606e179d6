"""The photos of a draft: choosing, dropping, pasting or taking them, their order and captions (`draft_photos.js`)."""

from typing import Any

import reflex as rx


class DraftPhotos(rx.Component):
    """The photos of a draft. It uploads by itself, and must be inside the message's form."""

    library = "$/utils/draft_photos.js"
    tag = "DraftPhotos"

    # The stored photos (`domain.photos.PhotoView`), in their order.
    photos: rx.Var[Any]
    # How many a letter may have, the price of each in words, and the bytes that a file may have.
    most: rx.Var[int]
    price: rx.Var[str]
    # Below the button: who looks at the photos.
    hint: rx.Var[str]
    most_bytes: rx.Var[int]
    caption_max: rx.Var[int]
    # Where to upload, and a photo's address with KEY in the place of its key.
    url: rx.Var[str]
    address: rx.Var[str]
    # A photo was stored, or the draft must be looked up again.
    on_stored: rx.EventHandler[rx.event.no_args_event_spec]
    on_move: rx.EventHandler[rx.event.passthrough_event_spec(int, int)]
    on_caption: rx.EventHandler[rx.event.passthrough_event_spec(int, str)]
    on_remove: rx.EventHandler[rx.event.passthrough_event_spec(int)]


draft_photos = DraftPhotos.create
