"""The dashboard: new messages, messages in review, and credits left."""

import reflex as rx

from rxconnect import live, routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import DraftLine
from rxconnect.domain.fates import FateView
from rxconnect.domain.messages import LetterLine, ThreadView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.domain.wallets import WalletView
from rxconnect.i18n import N_, _, counted
from rxconnect.services.dashboard import letter_lines, quick_letters, walkthrough
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages
from rxconnect.services.money import wallets
from rxconnect.state.caller import Caller
from rxconnect.state.family.quick_letters import QuickLetterState
from rxconnect.state.guard import family
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen

_LETTERS_SHOWN = 5
# The next step's name, by its place in the walkthrough.
_NEXT = [
    N_("Next, choose the facility."),
    N_("Next, find the person you want to write to."),
    N_("Next, buy credits."),
    N_("Next, write your message."),
]


class DashboardState(Screen, rx.State):
    """Everything that the dashboard shows. `is_new`: the account has no messages yet."""

    letters: list[LetterLine] = []
    wallets: list[WalletView] = []
    drafts: list[DraftLine] = []
    fates: list[FateView] = []
    lead: str = ""
    # Where `lead` leads.
    lead_href: str = routes.INBOX
    may_write: bool = False
    is_new: bool = False
    is_under_way: bool = False
    # The walkthrough's next step: its place, from 0, and a sentence.
    next_place: int = 0
    next_step: str = ""

    @family
    async def load(self, caller: Caller):
        """Load everything, and listen for changes of the letters."""
        began = live.mark()
        found = await caller.read(_page_data)
        listen(caller.actor, Topic(Subject.THREADS, caller.actor.account_id), DashboardState.load, began)
        self.letters, self.wallets, self.drafts = found["letters"], found["wallets"], found["drafts"][:3]
        self.fates = found["fates"]
        self.is_new, self.is_under_way = not found["threads"], found["is_under_way"]
        self.may_write = bool(found["threads"]) or found["has_contacts"]
        self.next_place = found["next_place"]
        self.next_step = _(_NEXT[self.next_place])
        self.lead = _news_sentence(found["threads"], found["in_review"])
        self.lead_href = _news_address(found["threads"])
        (await self.get_state(QuickLetterState))._prepare(found["quick_letter"])
        self.ready = True


def _page_data(session, actor: Actor) -> dict:
    return {
        "threads": messages.threads(session, actor),
        "letters": letter_lines.latest(session, actor, _LETTERS_SHOWN),
        "quick_letter": quick_letters.prepared(session, actor),
        "wallets": wallets.balances(session, actor),
        "drafts": drafts.my_drafts(session, actor),
        "in_review": messages.in_review_count(session, actor),
        "fates": contacts.news(session, actor),
        "has_contacts": contacts.has_any(session, actor),
        "is_under_way": walkthrough.is_active(session, actor),
        "next_place": walkthrough.next_place(session, actor),
    }


def _news_address(threads: list[ThreadView]) -> str:
    """The only conversation with something new, or all of them."""
    new = [thread.contact_id for thread in threads if thread.unread]
    return routes.fill(routes.THREAD, new[0]) if len(new) == 1 else routes.INBOX


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
