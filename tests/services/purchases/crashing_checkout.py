"""Run as a program: submits a purchase in a process that is killed, without any warning, at a named point.

`python crashing_checkout.py POINT ACCOUNT_ID PURCHASE_ID`, with the settings in the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.payments.port import Outcome
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.money import processor
from rxconnect.services.purchases import checkout

POINTS = ("before the intent", "after the intent", "before confirming", "after confirming", "while settling")


def die_at(point: str) -> None:
    """Be killed here, if this is the point."""
    if point == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)


class Deadly(Sandbox):
    """The sandbox, and the end of its caller."""

    def create_intent(self, *given: Any) -> str:
        die_at("before the intent")
        intent_id = super().create_intent(*given)
        die_at("after the intent")
        return intent_id

    def confirm(self, *given: Any, **options: Any) -> Outcome:
        die_at("before confirming")
        outcome = super().confirm(*given, **options)
        die_at("after confirming")
        return outcome


def watch(*statement: Any) -> None:
    """Die in the middle of the settling transaction: the journal is written, the receipt not yet."""
    if statement[2].startswith("INSERT INTO receipt"):
        die_at("while settling")


if __name__ == "__main__":
    event.listen(db.write_engine(), "before_cursor_execute", watch)
    with processor.using(Deadly(settings().data_dir / "sandbox.db")):
        checkout.submit(Actor(int(sys.argv[2]), "", "", ActorKind.FAMILY), sys.argv[3])
