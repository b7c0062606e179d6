"""Takes the photos that a family adds to a draft, and gives photos to those who may see them.

An upload is the file itself as the body of a POST, and the answer is JSON: the script of the compose page
(`components/draft_photos.js`) shows how far it is, and repeats one that was cut off under the same key.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import db, routes, world
from rxconnect.api import cookies
from rxconnect.api.bodies import LongBody, uploaded_file
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind, Permission
from rxconnect.domain.errors import Invalid, NotFound, PhotoRefused, Throttled
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.photos import MOST_BYTES, Size
from rxconnect.i18n import language, using_language
from rxconnect.services.photos import serving, storage, uploads
from rxconnect.services.review import desk

_KEY = re.compile(r"[0-9a-f]{32}")
# Each photo is decoded by a process of its own. More at once would make every page wait for the processor.
_decoders = CapacityLimiter(2)
# Uploads of one account at once, by its world and its id. More would fill the disk and make everybody else wait.
_MOST_AT_ONCE = 4
_under_way: Counter[tuple[str, int]] = Counter()
_FINDERS: dict[ActorKind, Callable[..., str]] = {
    ActorKind.FAMILY: serving.for_family,
    ActorKind.STAFF: desk.photo_store,
}
# A family's own browser may keep a photo, which never changes; a browser that several people use keeps none.
_KEPT, _NOT_KEPT = "private, max-age=604800, immutable", "private, no-store"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": 'inline; filename="photo.jpg"',
}


async def _upload(request: Request) -> Response:
    draft_id, key = whole_number(request.path_params["draft_id"]), request.query_params.get("key", "")
    actor = await to_thread.run_sync(cookies.actor_of, request)
    if actor is None or actor.kind is not ActorKind.FAMILY:
        return _told({}, 401)
    if draft_id is None or not _KEY.fullmatch(key):
        return _told({}, 404)
    file, size = uploaded_file(request)

    def made() -> Response:
        with using_language(actor.language or language()):
            try:
                photo = uploads.upload(actor, draft_id, key, file, size=size)
            except NotFound:
                return _told({}, 404)
            except Throttled as error:
                return _told({"problem": refusals.sentence(error)}, 429)
            except (PhotoRefused, Invalid) as error:
                return _told({"problem": refusals.sentence(error)}, 422)
            return _told({"id": photo.id}, 200)

    with _counted(actor) as is_one_too_many:
        # Without a problem: the page tries again later.
        return _told({}, 429) if is_one_too_many else await to_thread.run_sync(made, limiter=_decoders)


@contextmanager
def _counted(actor: Actor) -> Iterator[bool]:
    """Count an upload while it lasts. Says whether its account has too many under way already."""
    account = world.current().name, actor.account_id
    _under_way[account] += 1
    try:
        yield _under_way[account] > _MOST_AT_ONCE
    finally:
        _under_way[account] -= 1
        if not _under_way[account]:
            del _under_way[account]


def _shows(actor_of: Callable[[Request], Actor | None], finders: dict[ActorKind, Callable[..., str]]) -> Callable:
    """Make an endpoint that gives a photo to the actor whom `actor_of` finds, if the finder of their kind allows it."""

    def picture(request: Request) -> Response:
        key, size, actor = request.path_params["key"], request.query_params.get("size", ""), actor_of(request)
        if not _KEY.fullmatch(key) or size not in list(Size) or actor is None or actor.kind not in finders:
            raise NotFound("photo")
        store = db.read(finders[actor.kind], actor, key)
        kept = _KEPT if actor.kind is ActorKind.FAMILY else _NOT_KEPT
        return Response(
            storage.read(store, Size(size)), media_type="image/jpeg", headers={**_HEADERS, "Cache-Control": kept}
        )

    async def show(request: Request) -> Response:
        try:
            return await to_thread.run_sync(picture, request)
        except NotFound:
            return Response(status_code=404, headers={"Cache-Control": "no-store"})

    return show


def _told(content: dict[str, object], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


_upload.long_body = LongBody(MOST_BYTES, Permission.WRITE_MESSAGES, is_file=True)  # type: ignore[attr-defined]

ROUTES = [
    Route(routes.starlette_pattern(routes.ADD_PHOTO), _upload, methods=["POST"]),
    Route(routes.starlette_pattern(routes.PHOTO), _shows(cookies.actor_of, _FINDERS), methods=["GET"]),
    Route(
        routes.starlette_pattern(routes.KIOSK_PHOTO),
        _shows(cookies.kiosk_actor_of, {ActorKind.KIOSK: serving.for_inmate}),
        methods=["GET"],
    ),
]
