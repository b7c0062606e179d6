"""Saves a draft while the user types (`components/message_form.js`): a family's letter, or a reply at a kiosk.

This uses HTTP, because each request has its own answer: *Saved* must not depend on a socket or on Redis
(`docs/decisions/0039-drafts-are-saved-over-http.md`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.api import cookies
from rxconnect.api.bodies import LongBody
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Permission
from rxconnect.domain.drafts import TAB_MAX, DraftChange, DraftView, Figures
from rxconnect.domain.errors import Invalid, NotFound, NotSignedIn
from rxconnect.domain.inside import InsideDraft
from rxconnect.domain.messages import DRAFT_MAX
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _, number_text
from rxconnect.services.accounts import sign_ins
from rxconnect.services.inside import replies
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.services.messages import drafts
from rxconnect.state.family.drafts import length_and_cost
from rxconnect.state.guard import LongText
from rxconnect.state.kiosk.replies import reply_figures
from rxconnect.state.transactions import write
from rxconnect.state.words import is_too_long

# Bytes: more than the longest draft, so that a longer text is refused with a sentence.
_LONGEST_BODY = 1024 * 1024

Number = Annotated[int, Field(ge=0, lt=2**31)]


class DraftInput(BaseModel):
    """A draft as typed: the fields, and the number of the change (`domain.drafts.DraftChange`)."""

    model_config = ConfigDict(strict=True, extra="forbid")

    tab: Annotated[str, StringConstraints(pattern=f"^[0-9a-f]{{1,{TAB_MAX}}}$")]
    number: Number
    base: Number
    contact: Number | None
    subject: LongText
    body: LongText


async def _autosave(request: Request) -> Response:
    return await _answer(request, _save_draft, cookies.sign_in_token(request))


async def _autosave_reply(request: Request) -> Response:
    return await _answer(request, _save_reply, cookies.kiosk_token(request))


async def _answer(request: Request, save: Callable[..., dict[str, Any]], token: str) -> Response:
    """Save a draft with the service `save`, and answer with what the page needs to know of it."""
    try:
        # Pydantic's own parser refuses lone surrogates, which a browser may send.
        typed = DraftInput.model_validate(json.loads(await request.body()))
    except ValidationError as error:
        return _json_response({"problem": _too_long_sentence()}, 422) if is_too_long(error) else _json_response({}, 400)
    except (ValueError, RecursionError):
        return _json_response({}, 400)
    change = DraftChange(typed.tab, typed.number, typed.base)
    try:
        answer = await write(save, token, request.path_params["draft_id"], change, typed)
    except NotSignedIn:
        return _json_response({}, 401)
    except NotFound:
        return _json_response({}, 404)
    except Invalid as error:
        return _json_response({"problem": refusals.sentence(error)}, 422)
    return _json_response(answer, 200)


def _too_long_sentence() -> str:
    most = number_text(DRAFT_MAX)
    return _("A draft holds {most} characters. It is too long to be saved, and nothing was cut.").format(most=most)


def _save_draft(session: Any, token: str, draft_id: str, change: DraftChange, typed: DraftInput) -> dict[str, Any]:
    """Save a family's draft, in one transaction with the look-up of its account."""
    actor = sign_ins.actor_for(session, token)
    if actor is None:
        raise NotSignedIn
    draft = drafts.save_from_tab(
        session, actor, _parse_id(draft_id), change, contact_id=typed.contact, subject=typed.subject, body=typed.body
    )
    return _response_data(draft, length_and_cost(draft), change)


def _save_reply(session: Any, token: str, draft_id: str, change: DraftChange, typed: DraftInput) -> dict[str, Any]:
    """Save a reply of a person at a kiosk, as `_save_draft` does. It has no subject, and its contact stays."""
    actor = kiosk_sign_ins.actor_for(session, token)
    if actor is None:
        raise NotSignedIn
    draft = replies.save(session, actor, _parse_id(draft_id), change, typed.body)
    return _response_data(draft, reply_figures(draft), change)


def _parse_id(text: str) -> int:
    draft_id = whole_number(text)
    if draft_id is None:
        raise NotFound("draft")
    return draft_id


def _response_data(draft: DraftView | InsideDraft, figures: Figures, change: DraftChange) -> dict[str, Any]:
    """The saved draft and its figures. It has the text only when another tab wrote it."""
    data: dict[str, Any] = {"version": draft.version, "tab": draft.tab, "number": draft.number}
    data |= {"contact_id": draft.contact_id, "figures": asdict(figures)}
    if draft.tab != change.tab:
        name, subject = (draft.name, "") if isinstance(draft, InsideDraft) else (draft.contact, draft.subject)
        data |= {"contact": name, "subject": subject, "body": draft.body}
    return data


def _json_response(content: dict[str, Any], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


_autosave.long_body = LongBody(_LONGEST_BODY, Permission.WRITE_MESSAGES)  # type: ignore[attr-defined]

_autosave_reply.long_body = LongBody(_LONGEST_BODY, Permission.USE_KIOSK, cookies.kiosk_actor_of)  # type: ignore[attr-defined]

ROUTES = [
    Route(routes.starlette_pattern(routes.KEEP_DRAFT), _autosave, methods=["POST"]),
    Route(routes.starlette_pattern(routes.KIOSK_KEEP_REPLY), _autosave_reply, methods=["POST"]),
]
