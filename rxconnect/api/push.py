"""Turns pushes to a browser on and off (`components/push.js`). The browser's keys stay out of State."""

from __future__ import annotations

import json
from typing import Annotated

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api import cookies
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotSignedIn, RxConnectError, Unavailable
from rxconnect.domain.push import ENDPOINT_MAX
from rxconnect.services.push import subscriptions

_Key = Annotated[str, Field(max_length=100)]


class Keys(BaseModel):
    """The keys of a subscription, as base64url."""

    model_config = ConfigDict(strict=True)

    p256dh: _Key
    auth: _Key


class Subscription(BaseModel):
    """A browser's subscription, as its `toJSON` makes it. Browsers add fields that we do not need."""

    model_config = ConfigDict(strict=True)

    endpoint: Annotated[str, Field(max_length=ENDPOINT_MAX)]
    keys: Keys


async def _turn_on(request: Request) -> Response:
    try:
        given = Subscription.model_validate(json.loads(await request.body()))
    except (ValueError, RecursionError, ValidationError):
        return _answer({}, 400)
    return await to_thread.run_sync(_carry_out, request, given)


async def _turn_off(request: Request) -> Response:
    return await to_thread.run_sync(_carry_out, request, None)


def _carry_out(request: Request, given: Subscription | None) -> Response:
    """Subscribe the signed-in browser, or end its subscription."""
    try:
        actor = _family(request)
        if given is None:
            db.write(subscriptions.unsubscribe, actor)
        else:
            keys = given.keys
            db.write(subscriptions.subscribe, actor, endpoint=given.endpoint, p256dh=keys.p256dh, auth=keys.auth)
    except NotSignedIn as error:
        return _answer({"problem": refusals.sentence(error)}, 401)
    except Unavailable as error:
        return _answer({"problem": refusals.sentence(error)}, 503)
    except RxConnectError as error:
        return _answer({"problem": refusals.sentence(error)}, 422)
    return _answer({}, 200)


def _family(request: Request) -> Actor:
    actor = cookies.actor_of(request)
    if actor is None or actor.kind is not ActorKind.FAMILY:
        raise NotSignedIn
    return actor


def _answer(content: dict[str, str], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


ROUTES = [
    Route(routes.PUSH_ON, _turn_on, methods=["POST"]),
    Route(routes.PUSH_OFF, _turn_off, methods=["POST"]),
]
