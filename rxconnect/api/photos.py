"""Takes the photos that a family adds to a draft, and gives photos to those who may see them.

An upload is the file itself as the body of a POST, and the answer is JSON: the script of the compose page
(`components/draft_photos.js`) shows how far it is, and repeats one that was cut off under the same key.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import db, routes, world
from rxconnect.api import cookies
from rxconnect.api.bodies import LongBody, uploaded_file
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind, Permission
from rxconnect.domain.errors import Invalid, NotFound, PhotoNotShown, PhotoRefused, Throttled, Unavailable
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.photos import MOST_BYTES, Size
from rxconnect.i18n import language, using_language
from rxconnect.services.photos import serving, storage, uploads
from rxconnect.services.privilege import glass_photos
from rxconnect.services.review import desk

log = structlog.get_logger()

_KEY = re.compile(r"[0-9a-f]{32}")
# Each photo is decoded by a process of its own. More at once would make every page wait for the processor.
_decoders = CapacityLimiter(2)
# A storage that hangs makes only other photos wait, and not every page.
_readers = CapacityLimiter(8)
# Uploads of one account at once, by its world and its id. More would fill the disk and make everybody else wait.
_MOST_AT_ONCE = 4
_under_way: Counter[tuple[str, int]] = Counter()
_Finder = Callable[[Actor, str], str]
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
            except Unavailable as error:
                log.warning("a photo is not stored", reason=str(error))
                # The page tries again, and shows the sentence in the end.
                return _told({"problem": refusals.sentence(error)}, 503)
            return _told({"id": photo.id}, 200)

    with _counted(actor) as is_one_too_many:
        # Without a problem: the page tries again later.
        return _told({}, 429) if is_one_too_many else await to_thread.run_sync(made, limiter=_decoders)


async def _withdraw(request: Request) -> Response:
    """Remove the photo of an upload, for a page that does not know yet whether it has arrived."""
    draft_id, key = whole_number(request.path_params["draft_id"]), request.query_params.get("key", "")
    actor = await to_thread.run_sync(cookies.actor_of, request)
    if actor is None or actor.kind is not ActorKind.FAMILY:
        return _told({}, 401)
    if draft_id is None or not _KEY.fullmatch(key):
        return _told({}, 404)
    try:
        await to_thread.run_sync(db.write, uploads.withdraw, actor, draft_id, key)
    except NotFound:
        return _told({}, 404)
    except Throttled:
        return _told({}, 429)
    return _told({}, 200)


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


def _for_staff(actor: Actor, key: str) -> str:
    """The photo's `store`: of an ordinary letter at the desk, or of a privileged one that is open for the actor, which is
    recorded.
    """
    try:
        return db.read(desk.photo_store, actor, key)
    except NotFound:
        return db.write(glass_photos.photo_store, actor, key)


def _for_family(actor: Actor, key: str) -> str:
    return db.read(serving.for_family, actor, key)


def _at_kiosk(actor: Actor, key: str) -> str:
    return db.read(serving.for_inmate, actor, key)


_FINDERS: dict[ActorKind, _Finder] = {ActorKind.FAMILY: _for_family, ActorKind.STAFF: _for_staff}
_AT_KIOSK: dict[ActorKind, _Finder] = {ActorKind.KIOSK: _at_kiosk}


def _shows(actor_of: Callable[[Request], Actor | None], finders: dict[ActorKind, _Finder]) -> Callable:
    """Make an endpoint that gives a photo to the actor whom `actor_of` finds, if the finder of their kind allows it."""

    def picture(request: Request) -> Response:
        key, size, actor = request.path_params["key"], request.query_params.get("size", ""), actor_of(request)
        if not _KEY.fullmatch(key) or size not in list(Size) or actor is None or actor.kind not in finders:
            raise NotFound("photo")
        store = finders[actor.kind](actor, key)
        kept = _KEPT if actor.kind is ActorKind.FAMILY else _NOT_KEPT
        return Response(
            storage.read(store, Size(size)), media_type="image/jpeg", headers={**_HEADERS, "Cache-Control": kept}
        )

    async def show(request: Request) -> Response:
        try:
            return await to_thread.run_sync(picture, request, limiter=_readers)
        except NotFound:
            return Response(status_code=404, headers={"Cache-Control": "no-store"})
        except PhotoNotShown as error:
            log.warning("a photo is not shown", reason=str(error))
            return _apology(refusals.sentence(error))

    return show


def _apology(sentence: str) -> Response:
    """A picture of a sentence, in the place of a photo that cannot be read now."""
    lines = textwrap.wrap(sentence, 30)
    text = "".join(
        f'<tspan x="160" y="{120 + 20 * (number - len(lines) / 2):g}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240"><rect width="320" height="240" fill="#eef0f2"/>'
        f'<text font-family="sans-serif" font-size="15" text-anchor="middle" fill="#1d2733">{text}</text></svg>'
    )
    headers = {**_HEADERS, "Content-Disposition": "inline", "Cache-Control": "no-store", "Retry-After": "60"}
    return Response(drawing, 503, headers, "image/svg+xml")


def _told(content: dict[str, object], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


_upload.long_body = LongBody(MOST_BYTES, Permission.WRITE_MESSAGES, is_file=True)  # type: ignore[attr-defined]

ROUTES = [
    Route(routes.starlette_pattern(routes.ADD_PHOTO), _upload, methods=["POST"]),
    Route(routes.starlette_pattern(routes.ADD_PHOTO), _withdraw, methods=["DELETE"]),
    Route(routes.starlette_pattern(routes.PHOTO), _shows(cookies.actor_of, _FINDERS), methods=["GET"]),
    Route(
        routes.starlette_pattern(routes.KIOSK_PHOTO),
        _shows(cookies.kiosk_actor_of, _AT_KIOSK),
        methods=["GET"],
    ),
]
