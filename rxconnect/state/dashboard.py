"""The dashboard: what came in, what is under way, what is left."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import DraftLine
from rxconnect.domain.messages import ThreadView
from rxconnect.domain.wallets import WalletView
from rxconnect.services import drafts, messages, walkthrough, wallets
from rxconnect.state.guard import family, read
from rxconnect.state.session import Screen

_LETTERS_SHOWN = 5


class DashboardState(Screen, rx.State):
    """Everything that the dashboard shows."""

    threads: list[ThreadView] = []
    wallets: list[WalletView] = []
    drafts: list[DraftLine] = []
    lead: str = ""
    is_new: bool = False
    is_under_way: bool = False

    @family
    async def load(self, actor: Actor):
        """Read it all in one moment of the database."""
        found = await read(_everything, actor)
        self.threads, self.wallets, self.drafts = (
            found["threads"][:_LETTERS_SHOWN],
            found["wallets"],
            found["drafts"][:3],
        )
        journey = found["walkthrough"]
        self.is_new = not found["threads"] or journey.is_active
        self.is_under_way = journey.is_active
        self.lead = _lead(found["threads"], found["in_review"])
        self.ready = True


def _everything(session, actor: Actor) -> dict:
    return {
        "threads": messages.threads(session, actor),
        "wallets": wallets.balances(session, actor),
        "drafts": drafts.my_drafts(session, actor),
        "in_review": messages.in_review_count(session, actor),
        "walkthrough": walkthrough.get(session, actor),
    }


def _lead(threads: list[ThreadView], in_review: int) -> str:
    """What is new, in a sentence."""
    if not threads:
        return "Here you write to someone in custody, and see what happens to every message."
    unread = sum(thread.unread for thread in threads)
    parts = []
    if unread:
        parts.append("One new message came in." if unread == 1 else f"{unread} new messages came in.")
    if in_review:
        parts.append(
            "One message of yours is in review." if in_review == 1 else f"{in_review} messages of yours are in review."
        )
    return " ".join(parts) or "Nothing new since your last visit."
