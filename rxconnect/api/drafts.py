"""Where a browser saves a draft as it is typed (`components/letter_form.js`).

Over HTTP, because each request has its own answer: what says *Saved* must not hang on a socket, nor on Redis
(`docs/decisions/0039-drafts-are-saved-over-http.md`).
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.api import cookies
from rxconnect.domain import refusals
from rxconnect.domain.drafts import TAB_MAX, Change, DraftView
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.messages import DRAFT_MAX
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts
from rxconnect.state.guard import LongText, read, write
from rxconnect.state.words import is_too_long

# Bytes. Room for more than the longest draft, so that what is too long is refused in a sentence.
_LONGEST_BODY = 1024 * 1024

Number = Annotated[int, Field(ge=0, lt=2**31)]


class Typed(BaseModel):
    """A draft as it stands in the fields, and which change of it that is."""

    model_config = ConfigDict(strict=True, extra="forbid")

    tab: Annotated[str, StringConstraints(pattern=f"^[0-9a-f]{{1,{TAB_MAX}}}$")]
    number: Number
    base: Number
    contact: Number | None
    subject: LongText
    body: LongText


async def _keep(request: Request) -> Response:
    try:
        # Not Pydantic's own reader: it takes no halves of characters, which a browser may well send.
        typed = Typed.model_validate(json.loads(await request.body()))
    except ValidationError as error:
        return _answer({"problem": _too_long()}, 422) if is_too_long(error) else _answer({}, 400)
    except (ValueError, RecursionError):
        return _answer({}, 400)
    actor = await read(sign_ins.actor_for, cookies.token_of(request))
    if actor is None:
        return _answer({}, 401)
    change, words = Change(typed.tab, typed.number, typed.base), typed.model_dump(include={"subject", "body"})
    try:
        draft_id = _draft_id(request)
        draft = await write(drafts.keep, actor, draft_id, change, contact_id=typed.contact, **words)
    except NotFound:
        return _answer({}, 404)
    except Invalid as error:
        return _answer({"problem": refusals.sentence(error)}, 422)
    return _answer(_as_told(draft, change), 200)


def _too_long() -> str:
    most = f"{DRAFT_MAX:,}"
    return _("A draft holds {most} characters. It is too long to be saved, and nothing was cut.").format(most=most)


def _draft_id(request: Request) -> int:
    draft_id = whole_number(request.path_params["draft_id"])
    if draft_id is None:
        raise NotFound("draft")
    return draft_id


def _as_told(draft: DraftView, change: Change) -> dict[str, Any]:
    """The draft as it stands; with its words only when they are another tab's, since its own are no news to a tab."""
    told: dict[str, Any] = {"version": draft.version, "tab": draft.tab, "number": draft.number}
    if draft.tab != change.tab:
        told |= {"contact_id": draft.contact_id, "contact": draft.contact, "subject": draft.subject, "body": draft.body}
    return told


def _answer(content: dict[str, Any], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


_keep.longest_body = _LONGEST_BODY  # type: ignore[attr-defined]

ROUTES = [Route(routes.pattern(routes.KEEP_DRAFT), _keep, methods=["POST"])]
