"""Photos in drafts and letters. Their files lie in a storage (`services.photos.storage`)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.domain.photos import CAPTION_MAX, PhotoState
from rxconnect.models.types import UtcDateTime


class Photo(SQLModel, table=True):
    """A photo of a draft, and of the message that was sent from it.

    The row comes before its files, so every file belongs to a row. `key` is the photo's address, and `store` begins the names
    of its files. Two rows share their files when a letter is written again. `upload_key` is the browser's own number of the
    upload: a repeated upload finds the row of the first. A draft's id is never reused, so a row whose draft is gone and
    that has no message belongs to nobody.
    """

    __table_args__ = (
        UniqueConstraint("account_id", "upload_key"),
        # SQLite must never reuse an id, since a browser may still name the photo that had it.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    draft_id: int = Field(index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="item.id", unique=True)
    key: str = Field(max_length=32, unique=True)
    store: str = Field(max_length=32, index=True)
    upload_key: str = Field(max_length=32)
    state: str = Field(default=PhotoState.UPLOADING, max_length=12, index=True)
    # Photos stand in the order of their places, and of their ids at the same place.
    place: int = 0
    caption: str = Field(default="", max_length=CAPTION_MAX)
    width: int = 0
    height: int = 0
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, index=True, sa_type=UtcDateTime)
