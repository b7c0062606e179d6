"""GET STARTED: leads through facility, inmate and credits to the first message, and resumes where the user left."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.walkthrough import WalkthroughStep, WalkthroughView
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.messages import drafts
from rxconnect.services.purchases import purchases
from rxconnect.state.caller import Caller
from rxconnect.state.family.purchases import step_address
from rxconnect.state.guard import family
from rxconnect.state.session import Screen


class WalkthroughState(Screen, rx.State):
    """The walkthrough's data is in the database; this State only finds the page of the current step."""

    @family
    async def start_or_resume(self, caller: Caller):
        """Start or resume the walkthrough."""
        address = await caller.write(_current_step_address)
        return rx.redirect(address, replace=True)


def _current_step_address(session, actor: Actor) -> str:
    """Start or resume the walkthrough. Returns the address of the current step's page."""
    journey = walkthrough.begin(session, actor)
    match journey.step:
        case WalkthroughStep.INMATE:
            return routes.FIND_INMATE
        case WalkthroughStep.CREDITS:
            return (
                step_address(purchases.get(session, actor, journey.purchase_id))
                if journey.purchase_id
                else routes.FOUND
            )
        case WalkthroughStep.WRITE:
            return routes.fill(routes.COMPOSE, journey.draft_id or _new_draft(session, actor, journey))
        case _:
            return routes.FIND_FACILITY


def _new_draft(session, actor: Actor, journey: WalkthroughView) -> int:
    """Start a new draft when the walkthrough's draft was discarded."""
    draft_id = drafts.get_or_create_empty(session, actor, journey.contact_id)
    walkthrough.go_to_step(session, actor, WalkthroughStep.WRITE, draft_id=draft_id)
    return draft_id
