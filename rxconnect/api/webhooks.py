"""The endpoint for the card processor's events. Only the signature proves the sender."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.services.purchases import webhooks
from rxconnect.services.purchases.webhooks import Taken

# An event may wait half a minute for the processor's answer, so only a few are handled at once.
_few_at_a_time = CapacityLimiter(4)
# After an error the processor sends the event again; Stripe retries for days.
_ANSWERS = {
    Taken.IN: ("Thank you.", 200),
    Taken.REFUSED: ("This was not signed by our card processor just now.", 400),
    Taken.LATER: ("Please send this again later.", 503),
}


async def receive(request: Request) -> Response:
    """Handle an event and answer 200, or 400 if our processor did not sign the request."""
    signature = request.headers.get("stripe-signature", "")
    taken = await to_thread.run_sync(webhooks.receive, await request.body(), signature, limiter=_few_at_a_time)
    sentence, status = _ANSWERS[taken]
    return PlainTextResponse(sentence, status)


ROUTES = [Route(routes.WEBHOOK, receive, methods=["POST"])]
