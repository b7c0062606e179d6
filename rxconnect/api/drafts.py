"""Where a browser saves a draft as it is typed (`components/message_form.js`).

Over HTTP, because each request has its own answer: what says *Saved* must not hang on a socket, nor on Redis
(`docs/decisions/0039-drafts-are-saved-over-http.md`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.api import cookies
from rxconnect.domain import refusals
from rxconnect.domain.drafts import TAB_MAX, DraftChange, DraftView
from rxconnect.domain.errors import Invalid, NotFound, NotSignedIn
from rxconnect.domain.messages import DRAFT_MAX
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts
from rxconnect.state.family.drafts import figures
from rxconnect.state.guard import LongText
from rxconnect.state.transactions import write
from rxconnect.state.words import is_too_long

# Bytes. Room for more than the longest draft, so that what is too long is refused in a sentence.
_LONGEST_BODY = 1024 * 1024

Number = Annotated[int, Field(ge=0, lt=2**31)]


class DraftInput(BaseModel):
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
        typed = DraftInput.model_validate(json.loads(await request.body()))
    except ValidationError as error:
        return _answer({"problem": _too_long()}, 422) if is_too_long(error) else _answer({}, 400)
    except (ValueError, RecursionError):
        return _answer({}, 400)
    change = DraftChange(typed.tab, typed.number, typed.base)
    try:
        draft = await write(_kept, cookies.token_of(request), request.path_params["draft_id"], change, typed)
    except NotSignedIn:
        return _answer({}, 401)
    except NotFound:
        return _answer({}, 404)
    except Invalid as error:
        return _answer({"problem": refusals.sentence(error)}, 422)
    return _answer(_as_told(draft, change), 200)


def _too_long() -> str:
    most = f"{DRAFT_MAX:,}"
    return _("A draft holds {most} characters. It is too long to be saved, and nothing was cut.").format(most=most)


def _kept(session: Any, token: str, draft_id: str, change: DraftChange, typed: DraftInput) -> DraftView:
    """Keep it, in one transaction with the look-up of its writer."""
    actor = sign_ins.actor_for(session, token)
    if actor is None:
        raise NotSignedIn
    return drafts.keep(
        session, actor, _id(draft_id), change, contact_id=typed.contact, subject=typed.subject, body=typed.body
    )


def _id(text: str) -> int:
    draft_id = whole_number(text)
    if draft_id is None:
        raise NotFound("draft")
    return draft_id


def _as_told(draft: DraftView, change: DraftChange) -> dict[str, Any]:
    """The draft as it stands, and what it costs; with its words only when they are another tab's, which are news to a tab."""
    told: dict[str, Any] = {"version": draft.version, "tab": draft.tab, "number": draft.number}
    told |= {"contact_id": draft.contact_id, "figures": asdict(figures(draft))}
    if draft.tab != change.tab:
        told |= {"contact": draft.contact, "subject": draft.subject, "body": draft.body}
    return told


def _answer(content: dict[str, Any], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


_keep.longest_body = _LONGEST_BODY  # type: ignore[attr-defined]

ROUTES = [Route(routes.pattern(routes.KEEP_DRAFT), _keep, methods=["POST"])]
