"""Where the card processor posts what happened. Its signature is the proof of who sent it; nothing else of it counts."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.services.purchases import webhooks
from rxconnect.services.purchases.webhooks import Taken

# An event may wait half a minute for the processor's answer. A crowd of them waits here, not in front of everybody.
_few_at_a_time = CapacityLimiter(4)
# What is to come later is asked for with an error, as that makes a processor send it again: with Stripe, for days.
_ANSWERS = {
    Taken.IN: ("Thank you.", 200),
    Taken.REFUSED: ("This was not signed by our card processor just now.", 400),
    Taken.LATER: ("Please send this again later.", 503),
}


async def receive(request: Request) -> Response:
    """Take an event in: 200. What is not one is refused with 400."""
    signature = request.headers.get("stripe-signature", "")
    taken = await to_thread.run_sync(webhooks.receive, await request.body(), signature, limiter=_few_at_a_time)
    sentence, status = _ANSWERS[taken]
    return PlainTextResponse(sentence, status)


ROUTES = [Route(routes.WEBHOOK, receive, methods=["POST"])]
