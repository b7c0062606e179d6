"""The rules of the person's facility, and what they may send."""

from typing import Any

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import Allowance, InsideRules
from rxconnect.services.inside import allowances, rules
from rxconnect.state.caller import Caller
from rxconnect.state.guard import kiosk
from rxconnect.state.session import Screen


class InsideRulesState(Screen, rx.State):
    """What the facility has published, and the person's allowance."""

    rules: InsideRules | None = None
    allowance: Allowance | None = None

    @kiosk
    async def load(self, caller: Caller):
        """Load both."""
        self.rules, self.allowance = await caller.read(_rules_and_allowance)
        self.ready = True


def _rules_and_allowance(session: Any, actor: Actor) -> tuple[InsideRules, Allowance]:
    return rules.mine(session, actor), allowances.mine(session, actor)
