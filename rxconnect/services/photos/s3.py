"""A storage in a bucket of S3, or of a server that speaks its protocol. An object appears as a whole, or not at all.

Objects lie under `photos/`, in the folders and with the names that they have on a disk, so that a folder can be copied into a
bucket. Every call has a limit of time, because a page waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from obstore.exceptions import BaseError
from obstore.store import S3Store

from rxconnect.config import Settings
from rxconnect.domain.errors import NotFound, PhotoNotShown, PhotoNotStored, Unavailable
from rxconnect.services.photos.port import NAME, Stored, place_of

PREFIX = "photos"
# Of one call, and until when it is tried once more.
_CONNECT, _CALL, _RETRY = timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=8)
_TRIES_MORE = 2
# Our own JPEGs are far smaller. What is larger is not ours.
_MOST_BYTES = 32 * 1024 * 1024


class S3:
    """The storage. Each method does what `Storage` says."""

    def __init__(self, chosen: Settings):
        self._bucket = S3Store(
            chosen.s3_bucket,
            prefix=PREFIX,
            endpoint=chosen.s3_address,
            region=chosen.s3_region,
            access_key_id=chosen.s3_key_id,
            secret_access_key=chosen.s3_secret_key,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": chosen.s3_address.startswith("http://"),
                "connect_timeout": _CONNECT,
                "timeout": _CALL,
            },
            retry_config={
                "max_retries": _TRIES_MORE,
                "retry_timeout": _RETRY,
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=1),
                    "base": 2,
                },
            },
        )

    def put(self, name: str, content: bytes) -> None:
        """As `Storage`."""
        with _failing_as(PhotoNotStored, "stored"):
            self._bucket.put(place_of(name), content, attributes={"Content-Type": "image/jpeg"}, use_multipart=False)

    def get(self, name: str) -> bytes:
        """As `Storage`."""
        with _failing_as(PhotoNotShown, "read"):
            try:
                found = self._bucket.get(place_of(name))
            except FileNotFoundError:
                raise NotFound("photo") from None
            if found.meta["size"] > _MOST_BYTES:
                raise PhotoNotShown("a photo cannot be read: it is none of ours")
            return bytes(found.bytes())

    def delete(self, name: str) -> None:
        """As `Storage`."""
        with _failing_as(Unavailable, "deleted"), suppress(FileNotFoundError):
            self._bucket.delete(place_of(name))

    def files(self) -> Iterator[Stored]:
        """As `Storage`."""
        with _failing_as(Unavailable, "listed"):
            for some in self._bucket.list():
                for one in some:
                    if found := NAME.fullmatch(one["path"].rpartition("/")[2]):
                        yield Stored(found[0], found[1], is_whole=True)


@contextmanager
def _failing_as(kind: type[Unavailable], what: str) -> Iterator[None]:
    """Turn a failure inside the block into an error of ours. Its own words are left out: they quote the signed request."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise kind(f"a photo cannot be {what}: {type(error).__name__} of the S3 storage") from None
