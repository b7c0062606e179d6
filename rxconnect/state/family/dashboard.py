"""The dashboard: new messages, messages in review, and credits left."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import DraftLine
from rxconnect.domain.messages import ThreadView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.domain.walkthrough import WalkthroughStep
from rxconnect.domain.wallets import WalletView
from rxconnect.i18n import N_, _, counted
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages, walkthrough
from rxconnect.services.money import wallets
from rxconnect.services.purchases import purchases
from rxconnect.state.caller import Caller
from rxconnect.state.guard import family
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen

_LETTERS_SHOWN = 5
# The next step's name, by the number of finished steps of the walkthrough.
_NEXT = [
    N_("Next, choose the facility."),
    N_("Next, find the person you want to write to."),
    N_("Next, buy credits."),
    N_("Next, write your message."),
]


class DashboardState(Screen, rx.State):
    """Everything that the dashboard shows. `is_new`: the account has no messages yet."""

    threads: list[ThreadView] = []
    wallets: list[WalletView] = []
    drafts: list[DraftLine] = []
    lead: str = ""
    may_write: bool = False
    is_new: bool = False
    is_under_way: bool = False
    steps_done: int = 0
    next_step: str = ""

    @family
    async def load(self, caller: Caller):
        """Load everything, and listen for changes of the letters."""
        actor = await caller.require_actor()
        listen(actor, Topic(Subject.THREADS, actor.account_id), DashboardState.load)
        found = await caller.read(_page_data)
        self.threads, self.wallets, self.drafts = (
            found["threads"][:_LETTERS_SHOWN],
            found["wallets"],
            found["drafts"][:3],
        )
        self.is_new, self.is_under_way = not found["threads"], found["is_under_way"]
        self.may_write = bool(found["threads"]) or found["has_contacts"]
        self.steps_done = found["steps_done"]
        self.next_step = _(_NEXT[self.steps_done])
        self.lead = _news_sentence(found["threads"], found["in_review"])
        self.ready = True


def _page_data(session, actor: Actor) -> dict:
    is_under_way = walkthrough.is_active(session, actor)
    return {
        "threads": messages.threads(session, actor),
        "wallets": wallets.balances(session, actor),
        "drafts": drafts.my_drafts(session, actor),
        "in_review": messages.in_review_count(session, actor),
        "has_contacts": contacts.has_any(session, actor),
        "is_under_way": is_under_way,
        "steps_done": _steps_done(session, actor) if is_under_way else 0,
    }


def _steps_done(session, actor: Actor) -> int:
    """The number of finished steps. A paid purchase finishes the credits step, even if the user left at the receipt."""
    journey = walkthrough.get(session, actor)
    done = list(WalkthroughStep).index(WalkthroughStep(journey.step))
    if journey.step == WalkthroughStep.CREDITS and journey.purchase_id:
        done += bool(purchases.get(session, actor, journey.purchase_id).receipt_number)
    return done


def _news_sentence(threads: list[ThreadView], in_review: int) -> str:
    """A sentence that says what is new."""
    if not threads:
        return _("Here you write to someone in custody, and see what happens to every message.")
    unread = sum(thread.unread for thread in threads)
    parts = []
    if unread:
        parts.append(counted("One new message came in.", "{count} new messages came in.", unread))
    if in_review:
        parts.append(
            counted("One message of yours is in review.", "{count} messages of yours are in review.", in_review)
        )
    return " ".join(parts) or _("Nothing new since your last visit.")
