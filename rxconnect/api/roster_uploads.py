"""Takes the roster file that an administrator uploads, and leads back to the page that shows what it would change."""

from __future__ import annotations

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.api import cookies
from rxconnect.api.bodies import LongBody
from rxconnect.api.replies import see_other
from rxconnect.domain.accounts import ActorKind, Permission
from rxconnect.domain.errors import BadFile, Busy, RxConnectError, Unavailable
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.rosters import MOST_MB, UploadProblem
from rxconnect.services.imports import uploads

_LONGEST_BODY = MOST_MB * 1024 * 1024  # bytes
_CHUNK = 1024 * 1024


async def _upload(request: Request) -> Response:
    actor = await to_thread.run_sync(cookies.actor_of, request)
    if actor is None or actor.kind is not ActorKind.STAFF:
        return see_other(routes.with_query(routes.SIGN_IN, next=routes.ROSTERS, done="ended"))
    try:
        async with request.form(max_files=1, max_fields=5) as form:
            facility_id, file = whole_number(str(form.get("facility", ""))), form.get("roster")
            if facility_id is None or not isinstance(file, UploadFile) or not file.filename:
                return _back(UploadProblem.MISSING, facility_id)
            chunks = iter(lambda: file.file.read(_CHUNK), b"")
            upload = await to_thread.run_sync(uploads.keep_upload, actor, facility_id, file.filename, chunks)
    except (HTTPException, MultiPartException):
        return _back(UploadProblem.UNREADABLE)
    except BadFile:
        return _back(UploadProblem.TOO_LARGE, facility_id)
    except (Busy, Unavailable):
        # The page cannot be shown either.
        raise
    except RxConnectError:
        return _back(UploadProblem.REFUSED)
    except OSError as error:
        # The form's own temporary file found no room.
        raise Unavailable(str(error)) from error
    return see_other(routes.with_query(routes.ROSTERS, facility=upload.facility_id, upload=upload.id))


def _back(problem: UploadProblem, facility_id: int | None = None) -> Response:
    query: dict[str, object] = {"problem": problem.value} | ({"facility": facility_id} if facility_id else {})
    return see_other(routes.with_query(routes.ROSTERS, **query))


_upload.long_body = LongBody(_LONGEST_BODY, Permission.IMPORT_ROSTERS)  # type: ignore[attr-defined]

ROUTES = [Route(routes.ROSTER_UPLOAD, _upload, methods=["POST"])]
