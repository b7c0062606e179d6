"""The sandbox's HTTP routes for card forms: the browser posts a card here and gets a token, as at a real processor.

This is the only route of ours that receives a card number or a CVV. It never logs a body.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.config import ProcessorName
from rxconnect.domain import refusals
from rxconnect.domain.errors import Invalid
from rxconnect.i18n import _
from rxconnect.payments.sandbox import sandbox_here
from rxconnect.world import current

MAX_BODY = 4096

Form = TypeVar("Form", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]


class CardForm(BaseModel):
    """A typed card. A missing field counts as empty."""

    model_config = ConfigDict(strict=True)

    number: str = ""
    expiry: str = ""
    cvv: str = ""
    postcode: str = ""


class CvvForm(BaseModel):
    """The CVV of a stored card, typed again."""

    model_config = ConfigDict(strict=True)

    cvv: str = ""


class Refused(Exception):
    """The request did not come from our own page. `status` is an HTTP status."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def only_in_sandbox(endpoint: Endpoint) -> Endpoint:
    """Wrap `endpoint` so that it answers 404 in a world with another processor."""

    async def found(request: Request) -> Response:
        if current().processor is not ProcessorName.SANDBOX:
            raise HTTPException(404)
        return await endpoint(request)

    return found


def _tokenize_card(form: CardForm) -> dict[str, str]:
    token, details = sandbox_here().tokenize(form.number, form.expiry, form.cvv, form.postcode)
    return {"token": token, "brand": details.brand, "last_four": details.last_four}


def _tokenize_cvv(form: CvvForm) -> dict[str, str]:
    return {"token": sandbox_here().tokenize_cvv(form.cvv)}


def _route(path: str, form: type[Form], answer: Callable[[Form], dict[str, str]]) -> Route:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            given = _parse(form, await _bounded_body(request))
            return JSONResponse(await run_in_threadpool(answer, given))
        except Invalid as error:
            return JSONResponse({"fields": refusals.sentences_by_field(error)}, status_code=422)
        except Refused as refused:
            return JSONResponse({"error": refused.sentence}, status_code=refused.status)

    return Route(path, only_in_sandbox(endpoint), methods=["POST"])


async def _bounded_body(request: Request) -> bytes:
    body = await request.body()
    if len(body) > MAX_BODY:
        raise Refused(413, _("This is more than a card form."))
    return body


def _parse(form: type[Form], body: bytes) -> Form:
    try:
        return form.model_validate_json(body)
    except ValidationError:
        # The validation error quotes the input, so it is dropped.
        raise Refused(400, _("This is not a card form.")) from None


ROUTES = [
    _route(routes.SANDBOX_TOKENS, CardForm, _tokenize_card),
    _route(routes.SANDBOX_CVC_TOKENS, CvvForm, _tokenize_cvv),
]
