"""GET STARTED: leads through facility, inmate and credits to the first letter, and resumes where it stood."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.walkthrough import Step, WalkthroughView
from rxconnect.services import drafts, walkthrough
from rxconnect.state.guard import family, write
from rxconnect.state.session import Screen


class WalkthroughState(Screen, rx.State):
    """The walkthrough has no data of its own here: it stands in the database, and this only finds its page."""

    @family
    async def begin(self, actor: Actor):
        """Begin, or go on where it stood."""
        address = await write(_begin, actor)
        return rx.redirect(address, replace=True)


def _begin(session, actor: Actor) -> str:
    journey = walkthrough.begin(session, actor)
    if journey.step == Step.WRITE and journey.draft_id is None:
        draft_id = drafts.start(session, actor, journey.contact_id)
        journey = walkthrough.reach(session, actor, Step.WRITE, draft_id=draft_id)
    return address_of(journey)


def address_of(journey: WalkthroughView) -> str:
    """The page of the step at which the walkthrough stands."""
    match journey.step:
        case Step.INMATE:
            return routes.FIND_INMATE
        case Step.CREDITS:
            return f"{routes.BUY_CREDITS}?purchase={journey.purchase_id}" if journey.purchase_id else routes.FOUND
        case Step.WRITE:
            return routes.fill(routes.COMPOSE, journey.draft_id)
        case Step.DONE:
            return routes.DASHBOARD
        case _:
            return routes.FIND_FACILITY
