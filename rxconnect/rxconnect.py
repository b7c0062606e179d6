"""The composition root: pages, HTTP routes, the middleware for events, the error handlers, and the background jobs."""

import asyncio
import uuid
from collections import deque
from functools import partial
from typing import Any

import reflex as rx
import structlog
from reflex.utils import prerequisites
from reflex_base.event.context import EventContext
from starlette.types import ASGIApp

from rxconnect import api, i18n, logs, redis_client, relay, routes
from rxconnect.api import webhooks
from rxconnect.api.built_pages import serve_in_language
from rxconnect.config import settings
from rxconnect.demo import scenarios
from rxconnect.domain.errors import Unavailable
from rxconnect.i18n import N_, _
from rxconnect.jobs import lifespan_jobs
from rxconnect.pages.demo import breaking, join, judging, open_file, over, own_facility, room, split, start
from rxconnect.pages.demo import summary as demo_summary
from rxconnect.pages.door import accounts, email_changes, not_found, outbox, second_factors, terms
from rxconnect.pages.door import facilities as public_facilities
from rxconnect.pages.door.help import help_index, help_question
from rxconnect.pages.door.help_questions import QUESTIONS
from rxconnect.pages.family import (
    auto_reloads,
    cards,
    contacts,
    dashboard,
    drafts,
    facilities,
    inmates,
    last_look,
    messages,
    notices,
    profile,
    purchases,
    receipts,
    statements,
    wallets,
)
from rxconnect.pages.kiosk import door as kiosk_door
from rxconnect.pages.kiosk import letters as kiosk_letters
from rxconnect.pages.kiosk import notices as kiosk_notices
from rxconnect.pages.kiosk import replies as kiosk_replies
from rxconnect.pages.kiosk import rules as kiosk_rules
from rxconnect.pages.kiosk import senders as kiosk_senders
from rxconnect.pages.staff import (
    audit,
    contact_reviews,
    desk,
    disagreements,
    facility_settings,
    figures,
    finance,
    kiosks,
    lawyers,
    ledger,
    print_batches,
    privileged,
    quality,
    reports,
    rosters,
    rules,
    second_readings,
    team,
    warm_ups,
)
from rxconnect.pages.staff import profile as staff_profile
from rxconnect.payments import sandbox_bank, sandbox_routes
from rxconnect.state import guard, lifetimes, sockets
from rxconnect.state.demo.breaking import BreakingState
from rxconnect.state.demo.judging import JudgeState, JudgingResultState
from rxconnect.state.demo.own_facility import OwnFacilityState
from rxconnect.state.demo.requirements import RequirementsState
from rxconnect.state.demo.room import RoomState
from rxconnect.state.demo.summary import SummaryState
from rxconnect.state.door.facilities import FacilityListState, FacilityPageState
from rxconnect.state.door.outbox import OutboxState
from rxconnect.state.family.auto_reloads import AutoReloadState
from rxconnect.state.family.cards import CardsState, PaymentState
from rxconnect.state.family.contacts import ContactsState, FoundState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.drafts import ComposeState, DraftsState, SendState
from rxconnect.state.family.facilities import ChooseFacilityState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.messages import InboxState, MessageState, ThreadState
from rxconnect.state.family.notices import NoticesState
from rxconnect.state.family.profile import ProfileState
from rxconnect.state.family.purchases import AmountState, ReviewState
from rxconnect.state.family.receipts import ReceiptsState, ReceiptState, StatementState
from rxconnect.state.family.walkthrough import WalkthroughState
from rxconnect.state.family.wallets import CreditsState
from rxconnect.state.kiosk.letters import ConversationState, InsideState, LetterState
from rxconnect.state.kiosk.notices import InsideNoticesState
from rxconnect.state.kiosk.replies import ReplyState
from rxconnect.state.kiosk.rules import InsideRulesState
from rxconnect.state.kiosk.senders import SendersState
from rxconnect.state.middleware import Gate
from rxconnect.state.on_demand import states_on_demand
from rxconnect.state.session import SessionState
from rxconnect.state.staff.audit import AuditState
from rxconnect.state.staff.contact_reviews import ContactReviewsState
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.disagreements import DisagreementsState
from rxconnect.state.staff.facility_settings import FacilitySettingsState
from rxconnect.state.staff.figures import FiguresState
from rxconnect.state.staff.finance import FinanceState
from rxconnect.state.staff.kiosks import KiosksState
from rxconnect.state.staff.lawyers import LawyersState
from rxconnect.state.staff.ledger import LedgerState
from rxconnect.state.staff.print_batches import PrintState
from rxconnect.state.staff.privileged import PrivilegedState
from rxconnect.state.staff.profile import StaffProfileState
from rxconnect.state.staff.quality import QualityState
from rxconnect.state.staff.reports import ReportsState
from rxconnect.state.staff.rosters import RostersState
from rxconnect.state.staff.rules import RulesState
from rxconnect.state.staff.second_readings import SecondReadingsState
from rxconnect.state.staff.team import TeamState
from rxconnect.state.staff.warm_ups import WarmUpState

log = structlog.get_logger()

# Every page of a signed-in family: path, title, page, and the handlers that load it after the session.
_FAMILY_PAGES = [
    (routes.DASHBOARD, N_("Dashboard"), dashboard.dashboard, [DashboardState.load]),
    (routes.START, N_("Get started"), drafts.compose_new, [WalkthroughState.start_or_resume]),
    (routes.FIND_FACILITY, N_("Facility"), facilities.choose_facility, [ChooseFacilityState.load]),
    (routes.FIND_INMATE, N_("Find inmate"), inmates.find_inmate, [FindInmateState.load]),
    (routes.FOUND, N_("Added to contacts"), inmates.added, [FoundState.load]),
    (routes.CREDITS, N_("Credits"), wallets.credits, [CreditsState.load]),
    (routes.BUY_CREDITS, N_("Buy credits"), purchases.amount, [AmountState.load]),
    (routes.PAYMENT, N_("Payment"), cards.payment, [PaymentState.load]),
    (routes.REVIEW, N_("Review"), purchases.review, [ReviewState.load]),
    (routes.AUTO_RELOAD, N_("Auto-reload"), auto_reloads.auto_reload, [AutoReloadState.load]),
    (routes.CARDS, N_("Cards"), cards.stored_cards, [CardsState.load]),
    (routes.RECEIPTS, N_("Receipts"), receipts.receipts, [ReceiptsState.load]),
    (routes.RECEIPT, N_("Receipt"), receipts.receipt, [ReceiptState.load]),
    (routes.STATEMENT, N_("Statement"), statements.statement, [StatementState.load]),
    (routes.INBOX, N_("Messaging"), messages.inbox, [InboxState.load]),
    (routes.THREAD, N_("Conversation"), messages.thread, [ThreadState.load]),
    (routes.MESSAGE, N_("Message"), messages.message, [MessageState.load]),
    (routes.DRAFTS, N_("Drafts"), drafts.drafts, [DraftsState.load]),
    (routes.COMPOSE_NEW, N_("Compose"), drafts.compose_new, [ComposeState.start_draft]),
    (routes.COMPOSE, N_("Compose"), drafts.compose, [ComposeState.load]),
    (routes.SEND, N_("Send"), last_look.send, [SendState.load]),
    (routes.CONTACTS, N_("Contacts"), contacts.contacts, [ContactsState.load]),
    (routes.PROFILE, N_("Profile"), profile.profile, [ProfileState.load]),
    (routes.NOTICES, N_("Notices"), notices.notices, [NoticesState.load]),
]

# The titles that name the person and the subject, as soon as the page knows them.
_NAMED = {
    routes.THREAD: messages.thread_name,
    routes.MESSAGE: messages.message_name,
    routes.COMPOSE: drafts.compose_name,
    routes.SEND: last_look.send_name,
    routes.RECEIPT: receipts.receipt_name,
    routes.STATEMENT: statements.statement_name,
}

# Pages that need no sign-in, and the plain HTML forms.
_DOOR_PAGES = [
    (routes.SIGN_IN, N_("Sign in"), accounts.sign_in, []),
    (routes.SIGN_UP, N_("Create an account"), accounts.sign_up, []),
    (routes.FORGOT_PASSWORD, N_("Forgotten password"), accounts.forgot_password, []),
    (routes.RESET_PASSWORD, N_("New password"), accounts.reset_password, []),
    (routes.CHANGE_PASSWORD, N_("Change password"), accounts.change_password, []),
    (routes.CHANGE_EMAIL, N_("Change email address"), email_changes.change_email, []),
    (routes.CONFIRM_EMAIL, N_("Confirm the change"), email_changes.confirm_email, []),
    (routes.EMAIL_CHANGED, N_("Your email address"), email_changes.email_changed, []),
    (routes.CLOSE_ACCOUNT, N_("Close account"), accounts.close_account, []),
    (routes.CONFIRM, N_("Confirm that it is you"), accounts.confirm, []),
    (routes.REOPEN, N_("Open your account again?"), accounts.reopen, []),
    (routes.SECOND_STEP, N_("One more step"), second_factors.second_step, []),
    (routes.SECOND_FACTOR, N_("Set up a second step"), second_factors.set_up, []),
    (routes.RECOVERY_CODES, N_("Recovery codes"), second_factors.recovery_codes, []),
    (routes.STAFF_CONFIRM, N_("Confirm that it is you"), second_factors.staff_confirm, []),
    (routes.INVITATION, N_("Join the staff"), second_factors.invitation, []),
    (routes.VERIFY_EMAIL, N_("Confirm your email"), accounts.verify_email, []),
    (routes.EMAIL_CONFIRMED, N_("Email confirmed"), accounts.email_confirmed, []),
    (routes.TERMS, N_("Terms and Conditions"), terms.terms, []),
    (routes.HELP, N_("Help"), help_index, []),
    *((one.route, one.title, partial(help_question, one), []) for one in QUESTIONS),
    (routes.FACILITIES, N_("Facilities"), public_facilities.facilities, [FacilityListState.load]),
    (routes.FACILITY, N_("Facility"), public_facilities.facility, [FacilityPageState.load]),
    (routes.OUTBOX, N_("Outbox"), outbox.outbox, [OutboxState.load]),
    ("404", N_("Page not found"), not_found.not_found, []),
]

_STAFF_PAGES = [
    (routes.STAFF, N_("Review"), desk.staff, [DeskState.load]),
    (routes.PRINT, N_("Print"), print_batches.print_batches, [PrintState.load]),
    (routes.STAFF_CONTACTS, N_("Contacts"), contact_reviews.contact_reviews, [ContactReviewsState.load]),
    (routes.LAWYERS, N_("Lawyers"), lawyers.lawyers, [LawyersState.load]),
    (routes.PRIVILEGED, N_("Privileged letters"), privileged.privileged, [PrivilegedState.load]),
    (routes.FIGURES, N_("Figures"), figures.figures, [FiguresState.load]),
    (routes.QUALITY, N_("Quality"), quality.quality, [QualityState.load]),
    (routes.SECOND_READINGS, N_("Read again"), second_readings.second_readings, [SecondReadingsState.load]),
    (routes.DISAGREEMENTS, N_("Disagreements"), disagreements.disagreements, [DisagreementsState.load]),
    (routes.WARM_UP, N_("Warm-up"), warm_ups.warm_up, [WarmUpState.load]),
    (routes.RULES, N_("Rules"), rules.rules, [RulesState.load]),
    (routes.FINANCE, N_("Finance"), finance.finance, [FinanceState.load]),
    (routes.LEDGER, N_("Ledger"), ledger.ledger, [LedgerState.load]),
    (routes.ROSTERS, N_("Rosters"), rosters.rosters, [RostersState.load]),
    (routes.FACILITY_SETTINGS, N_("Settings"), facility_settings.facility_settings, [FacilitySettingsState.load]),
    (routes.TEAM, N_("Team"), team.team, [TeamState.load]),
    (routes.AUDIT, N_("Audit"), audit.audit, [AuditState.load]),
    (routes.REPORTS, N_("Reports"), reports.reports, [ReportsState.load]),
    (routes.STAFF_KIOSKS, N_("Kiosks"), kiosks.kiosks, [KiosksState.load]),
    (routes.STAFF_PROFILE, N_("Your profile"), staff_profile.profile, [StaffProfileState.load]),
]

# Pages of the kiosk. Their titles, which a browser shows in its history, say nothing of anybody.
_KIOSK_PAGES: list[tuple[str, str, Any, list[Any]]] = [
    (routes.KIOSK, N_("Kiosk"), kiosk_door.sign_in, []),
    (routes.KIOSK_DEVICE, N_("Kiosk"), kiosk_door.device, []),
    (routes.KIOSK_PIN, N_("Kiosk"), kiosk_door.choose_pin, []),
    (routes.KIOSK_INBOX, N_("Kiosk"), kiosk_letters.inbox, [InsideState.load]),
    (routes.KIOSK_THREAD, N_("Kiosk"), kiosk_letters.conversation, [ConversationState.load]),
    (routes.KIOSK_LETTER, N_("Kiosk"), kiosk_letters.letter, [LetterState.load]),
    (routes.KIOSK_REPLY, N_("Kiosk"), kiosk_replies.reply, [ReplyState.load]),
    (routes.KIOSK_NOTICES, N_("Kiosk"), kiosk_notices.notices, [InsideNoticesState.load]),
    (routes.KIOSK_SENDERS, N_("Kiosk"), kiosk_senders.senders, [SendersState.load]),
    (routes.KIOSK_RULES, N_("Kiosk"), kiosk_rules.rules, [InsideRulesState.load]),
]

# Pages of demo sessions: they are the installation's own, and show nothing of the session's world.
_DEMO_PAGES = [
    (routes.DEMO, N_("Demo sessions"), lambda: start.start(scenarios.all_scenarios()), []),
    (routes.DEMO_OPEN, N_("Open a demo session again"), open_file.open_file, []),
    (routes.DEMO_JOIN, N_("Join a demo session"), join.join, []),
    (routes.DEMO_ROOM, N_("Demo session"), room.room, [RoomState.load, RequirementsState.load]),
    (routes.DEMO_SPLIT, N_("All sides of a demo session"), split.split, [RoomState.load]),
    (routes.DEMO_FRAME, N_("A seat of a demo session"), split.frame, [RoomState.load]),
    (
        routes.DEMO_JUDGE,
        N_("Letters to judge"),
        judging.judging,
        [RoomState.load, JudgeState.load, JudgingResultState.load],
    ),
    (routes.DEMO_BREAK, N_("Break it in front of us"), breaking.breaking, [RoomState.load, BreakingState.load]),
    (
        routes.DEMO_FACILITY,
        N_("Your own facility"),
        own_facility.own_facility,
        [RoomState.load, OwnFacilityState.load],
    ),
    (routes.DEMO_OVER, N_("The demo session is over"), over.over, []),
    (routes.DEMO_SUMMARY, N_("Summary of a demo session"), demo_summary.summary, [SummaryState.load]),
]


# The ids of the latest events that ended in an apology. If the apology itself fails, there is no second one, because
# that would be an endless loop.
_apologised: deque[str] = deque(maxlen=1000)
# References to running tasks, because the event loop itself does not keep them alive.
_being_sent: set[asyncio.Future[None]] = set()


def apologise(exception: Exception) -> rx.event.EventSpec | None:
    """Log an unexpected error under a reference number, and show the user that number, never the error.

    Without Redis or the database we cannot show anything. Instead, the browser must close its socket: its script then
    shows the problem, reconnects, and reloads the page when it is accepted (`api/socket_outages.py`).
    """
    failed = EventContext.get()
    logs.resume_event(failed.txid)
    if isinstance(exception, (*redis_client.OUTAGES, Unavailable)):
        log.warning("an event failed without Redis or the database", error=type(exception).__name__)
        _being_sent.add(sending := asyncio.ensure_future(_reopen_socket(failed.token)))
        sending.add_done_callback(_being_sent.discard)
        return None
    reference = uuid.uuid4().hex[:8].upper()
    log.error("unexpected error", reference=reference, exc_info=exception)
    if failed.parent_txid in _apologised:
        return None
    _apologised.append(failed.txid)
    return SessionState.show_apology(reference)


async def _reopen_socket(token: str) -> None:
    """Make the browser with this `token` close its socket and open another one (`components/connection.js`).

    If the server disconnected it, the framework's script would not reconnect, and Granian would keep the socket open.
    """
    assert app.event_namespace is not None
    if sid := app.event_namespace.token_to_sid.get(token):
        await app.event_namespace.emit("reopen_socket", to=sid)


def with_api(framework: Any) -> ASGIApp:
    """The framework's app, with our HTTP routes and those of the sandbox added."""
    beside = [*webhooks.ROUTES, *sandbox_routes.ROUTES, *sandbox_bank.ROUTES]
    static_dir = prerequisites.get_web_dir() / "build" / "client"
    for route in framework.routes:
        if route.name == "frontend":
            route.app = serve_in_language(route.app, static_dir)
    return api.wrap(framework, static_dir=static_dir, extra_routes=beside)


def _titled(title: str, address: str) -> Any:
    """The title of a page: a text, or a Var where it names somebody."""
    name: Any = _NAMED[address](_(title)) if address in _NAMED else _(title)
    return name + " · RxConnect"


def log_browser_error(exception: Exception) -> None:
    """Log an error that a browser reports. A client can send any text, so it gets only one line."""
    log.warning("a browser failed", report=str(exception))


logs.configure_logging()


def _head() -> list[rx.Component]:
    """What every page has in its head, in the language of the build."""
    return [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/app.json"),
        rx.el.link(rel="apple-touch-icon", href="/icon-192.png"),
        rx.el.meta(name="theme-color", content="#0d5c63"),
        # What a search shows below our name.
        rx.el.meta(
            name="description",
            content=_(
                "Write to someone in custody. One price with everything included, and you see what happens to every message."
            ),
        ),
    ]


app = rx.App(
    stylesheets=["/rxconnect.css"],
    reset_style=False,
    html_lang=i18n.language(),
    html_custom_attrs={"dir": i18n.direction(i18n.language())},
    # The framework's own overlay, toasts and error page need scripts that our Content-Security-Policy does not allow.
    app_wraps={},
    toaster=None,
    head_components=_head(),
    backend_exception_handler=apologise,
    frontend_exception_handler=log_browser_error,
    api_transformer=with_api,
)
app.add_middleware(Gate(), 0)
sockets.install_sockets(app)

for address, title, page, on_load in [*_DOOR_PAGES, *_FAMILY_PAGES, *_STAFF_PAGES, *_KIOSK_PAGES, *_DEMO_PAGES]:
    guard.mark_page_loads(*on_load)
    app.add_page(page, route=address, title=_titled(title, address), on_load=on_load)

if not settings().redis_url:
    app._state_manager = states_on_demand()
else:
    for holder in (app.state_manager, app.event_namespace._token_manager):
        redis_client.bound_waiting(holder.redis)
app.register_lifespan_task(lifespan_jobs)
app.register_lifespan_task(lifetimes.renew_open_tabs, pages=app)
app.register_lifespan_task(relay.run_relay)
