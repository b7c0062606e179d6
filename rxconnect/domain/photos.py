"""Photos in letters: what is taken, in which sizes they are shown, and their read models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.i18n import N_, _

# Bytes and pixels of an uploaded picture, and the shortest and longest side, in pixels.
MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 60_000_000
SHORTEST, LONGEST = 16, 20_000
# What a facility may choose, and what a draft without a contact may hold.
MOST_PHOTOS, MOST_PHOTO_CREDITS = 10, 20
CAPTION_MAX = 120
# A removed photo can come back for this long. Then its files are deleted.
UNDO_FOR = timedelta(hours=1)


class Size(StrEnum):
    """A stored size of a photo. All are JPEG, and smaller than the uploaded picture if that is larger."""

    THUMB = "thumb"
    VIEW = "view"
    FULL = "full"

    @property
    def longest_side(self) -> int:
        """In pixels, at most."""
        return {"thumb": 320, "view": 1280, "full": 2560}[self.value]


class PhotoState(StrEnum):
    """The state of a photo's files.

    `UPLOADING` until they are stored; `WAITING` while the scanner does not answer; `REFUSED` when it has found something,
    and then no file is left; `GONE` while the sweep deletes them.
    """

    UPLOADING = "uploading"
    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"
    GONE = "gone"


class PhotoProblem(StrEnum):
    """Why an uploaded file is no photo of a letter."""

    EMPTY = "empty"
    TOO_LARGE = "too large"
    NO_PICTURE = "no picture"
    DRAWING = "drawing"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too many pixels"
    TOO_SMALL = "too small"
    TOO_LONG = "too long"
    TOO_HARD = "too hard"
    INFECTED = "infected"

    @property
    def sentence(self) -> str:
        """What the family reads: what is wrong, and what to do."""
        return _(_PROBLEMS[self])


_PROBLEMS = {
    PhotoProblem.EMPTY: N_("This file is empty. Please choose the photo again."),
    PhotoProblem.TOO_LARGE: N_("This file is larger than 25 MB. Please choose a smaller copy of the photo."),
    PhotoProblem.NO_PICTURE: N_("This is not a photo that we can read. JPEG, PNG, WebP, GIF and HEIC work."),
    PhotoProblem.DRAWING: N_(
        "This is a drawing made of instructions (SVG), not a photo. Please save it as PNG or JPEG."
    ),
    PhotoProblem.DAMAGED: N_("This photo is damaged or incomplete. Please choose it again, or take it once more."),
    PhotoProblem.TOO_MANY_PIXELS: N_(
        "This picture has more than 60 million pixels. Please choose a smaller copy of the photo."
    ),
    PhotoProblem.TOO_SMALL: N_("This picture is too small to be seen: it needs at least 16 pixels on each side."),
    PhotoProblem.TOO_LONG: N_("This picture is too long and thin to be printed or shown. Please cut it first."),
    PhotoProblem.TOO_HARD: N_("This picture takes too much work to open. Please save it as JPEG and choose that."),
    PhotoProblem.INFECTED: N_("The virus scanner found something in this file, so it was not kept."),
}


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo of a draft or a letter. `key` is its address, which says nothing; `note` is "" once it can be sent.

    `label` says what it is, for screen readers and in lists. `width` and `height` are those of its view, in pixels.
    `status_label`, `status_tone` and `reason` are empty in a draft, and `item_id` is 0.
    """

    id: int
    key: str
    label: str
    caption: str
    width: int
    height: int
    state: str
    note: str = ""
    item_id: int = 0
    status_label: str = ""
    status_tone: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PrintedPhoto:
    """A photo of a printed letter. The printer reads its file by `store`."""

    label: str
    caption: str
    store: str


def label_of(place: int, caption: str) -> str:
    """`Photo 2: In the garden`. The first photo has the place 1."""
    name = _("Photo {number}").format(number=place)
    return f"{name}: {caption}" if caption else name


def note_of(state: str) -> str:
    """Why a photo of a draft cannot be sent yet; "" if it can."""
    return _(_NOTES[PhotoState(state)]) if state in _NOTES else ""


_NOTES = {
    PhotoState.UPLOADING: N_("Still being prepared."),
    PhotoState.WAITING: N_(
        "Waits for the virus check, which does not answer at the moment. We try again by ourselves."
    ),
    PhotoState.REFUSED: N_("The virus scanner found something in this photo. Please remove it."),
}
