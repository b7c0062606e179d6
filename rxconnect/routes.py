"""Every URL path of the app, and the builders for those with parameters. No other module builds URLs."""

from urllib.parse import quote

from rxconnect.config import settings
from rxconnect.domain.accounts import ActorKind

HOME = "/"
SIGN_IN = "/sign-in"
SIGN_UP = "/sign-up"
SIGN_OUT = "/sign-out"
SIGN_OUT_EVERYWHERE = "/sign-out-everywhere"
FORGOT_PASSWORD = "/forgot-password"  # noqa: S105
RESET_PASSWORD = "/reset-password"  # noqa: S105
VERIFY_EMAIL = "/verify-email"
EMAIL_CONFIRMED = "/email-confirmed"
CHANGE_PASSWORD = "/change-password"  # noqa: S105
CHANGE_EMAIL = "/change-email"
CONFIRM_EMAIL = "/confirm-email"
EMAIL_CHANGED = "/email-changed"
ACCOUNT = "/account"
CLOSE_ACCOUNT = "/close-account"
CONFIRM = "/confirm"
SECOND_STEP = "/sign-in/code"
REOPEN = "/sign-in/reopen"
SECOND_FACTOR = "/second-factor"
SECOND_FACTOR_QR = "/second-factor/qr.svg"
RECOVERY_CODES = "/recovery-codes"
PASSKEY_OPTIONS = "/passkey-options"
INVITATION = "/invitation"
LANGUAGE = "/language"

DASHBOARD = "/dashboard"
START = "/start"
FIND_FACILITY = "/find/facility"
FIND_INMATE = "/find/inmate"
FOUND = "/find/added"

CREDITS = "/credits"
BUY_CREDITS = "/credits/buy"
PAYMENT = "/credits/payment/[purchase_id]"
REVIEW = "/credits/review/[purchase_id]"
AUTO_RELOAD = "/credits/auto-reload/[facility_id]"
CARDS = "/cards"
RECEIPTS = "/receipts"
RECEIPT = "/receipts/[number]"
RECEIPT_PDF = "/receipts/[number].pdf"
RECEIPTS_CSV = "/receipts.csv"
STATEMENT = "/statements/[year]"
STATEMENT_PDF = "/statements/[year].pdf"

INBOX = "/inbox"
THREAD = "/inbox/[contact_id]"
MESSAGE = "/messages/[message_id]"
THREAD_PDF = "/inbox/[contact_id].pdf"
THREAD_ZIP = "/inbox/[contact_id].zip"
MESSAGE_PDF = "/messages/[message_id].pdf"
DRAFTS = "/drafts"
KEEP_DRAFT = "/drafts/[draft_id]/keep"
ADD_PHOTO = "/drafts/[draft_id]/photos"
PHOTO = "/photos/[key]"
COMPOSE_NEW = "/compose"
COMPOSE = "/compose/[draft_id]"
SEND = "/compose/[draft_id]/send"

CONTACTS = "/contacts"
PROFILE = "/profile"
NOTICES = "/profile/notices"
UNSUBSCRIBE = "/unsubscribe"
PUSH_ON = "/push/on"
PUSH_OFF = "/push/off"
TERMS = "/terms"
HELP = "/help"
HELP_COST = "/help/cost"
HELP_FIRST_LETTER = "/help/first-letter"
HELP_FIND = "/help/find-somebody"
HELP_WHO_READS = "/help/who-reads"
HELP_TIME = "/help/how-long"
HELP_NOT_DELIVERED = "/help/not-delivered"
HELP_TAKE_BACK = "/help/take-back"
HELP_ANSWERS = "/help/answers"
HELP_KEEP = "/help/print-and-keep"
HELP_MOVED = "/help/moved-or-released"
HELP_REFUND = "/help/money-back"
HELP_ACCOUNT = "/help/email-and-password"
HELP_PHONE = "/help/on-your-phone"
HELP_CLOSE = "/help/close-account"
FACILITIES = "/facilities"
FACILITY = "/facilities/[key]"
OUTBOX = "/outbox"
STAFF = "/staff"
PRINT = "/staff/print"
PRINT_PDF = "/staff/print/[batch_id].pdf"
STAFF_CONTACTS = "/staff/contacts"
LAWYERS = "/staff/lawyers"
PRIVILEGED = "/staff/privileged"
SEALED_PDF = "/staff/privileged/[batch_id].pdf"
FIGURES = "/staff/figures"
SECOND_READINGS = "/staff/second-readings"
DISAGREEMENTS = "/staff/disagreements"
QUALITY = "/staff/quality"
WARM_UP = "/staff/warm-up"
LEDGER = "/staff/ledger"
FINANCE = "/staff/finance"
FINANCE_CSV = "/staff/finance.csv"
TEAM = "/staff/team"
ROSTERS = "/staff/rosters"
ROSTER_UPLOAD = "/staff/rosters/upload"
FACILITY_SETTINGS = "/staff/settings"
RULES = "/staff/rules"
AUDIT = "/staff/audit"
AUDIT_CSV = "/staff/audit.csv"
REPORTS = "/staff/reports"
REPORT_CSV = "/staff/reports/report.csv"
REPORT_PDF = "/staff/reports/[print_id].pdf"
PUBLIC_RECORDS = "/staff/reports/letters.csv"
STAFF_KIOSKS = "/staff/kiosks"
STAFF_PROFILE = "/staff/profile"
STAFF_CONFIRM = "/staff/confirm"

# The kiosk. Its pages are for a shared tablet, and its cookies are its own.
KIOSK = "/kiosk"
KIOSK_DEVICE = "/kiosk/device"
KIOSK_PIN = "/kiosk/pin"
KIOSK_SIGN_OUT = "/kiosk/sign-out"
KIOSK_INBOX = "/kiosk/inbox"
KIOSK_THREAD = "/kiosk/inbox/[contact_id]"
KIOSK_LETTER = "/kiosk/letters/[message_id]"
KIOSK_PHOTO = "/kiosk/photos/[key]"
KIOSK_REPLY = "/kiosk/replies/[draft_id]"
KIOSK_KEEP_REPLY = "/kiosk/replies/[draft_id]/keep"
KIOSK_NOTICES = "/kiosk/notices"
KIOSK_SENDERS = "/kiosk/senders"
KIOSK_RULES = "/kiosk/rules"

# Demo sessions. All of these are answered in the installation's own world, whatever seat the browser has.
DEMO = "/demo"
DEMO_OPEN = "/demo/open"
DEMO_JOIN = "/demo/join"
DEMO_ROOM = "/demo/room"
DEMO_SPLIT = "/demo/split"
DEMO_FRAME = "/demo/frame"
DEMO_BREAK = "/demo/break"
DEMO_FACILITY = "/demo/facility"
DEMO_TRY_ROSTER = "/demo/try-roster"
DEMO_ROSTER = "/demo/roster.csv"
DEMO_OVER = "/demo/over"
DEMO_LEAVE = "/demo/leave"
DEMO_END = "/demo/end"
DEMO_JUDGE = "/demo/judge"
DEMO_LETTERS = "/demo/letters.toml"
DEMO_SUMMARY = "/demo/summary/[number]"
DEMO_SUMMARY_PDF = "/demo/summary/[number].pdf"
DEMO_SUMMARY_WORLD = "/demo/summary/[number].rxdemo"
DEMO_WORLD = "/demo/room/world.rxdemo"
DEMO_SCENARIO = "/demo/scenarios/[key].toml"

HEALTH = "/health"
READY = "/ready"
WEBHOOK = "/webhooks/processor"
SANDBOX_TOKENS = "/sandbox/tokens"
SANDBOX_CVC_TOKENS = "/sandbox/cvc-tokens"
SANDBOX_BANK = "/sandbox/bank/[intent_id]"


def fill(route: str, value: object) -> str:
    """The path of `route` with its one parameter filled in: `fill(COMPOSE, 7)` -> `/compose/7`.

    On a page, `value` may be a Var.
    """
    before, _, rest = route.partition("[")
    return f"{before}{value}{rest.partition(']')[2]}"


def with_query(route: str, **query: object) -> str:
    """`with_query(BUY_CREDITS, facility=7)` -> `/credits/buy?facility=7`. Add `_` to a name that is a Python keyword.

    On a page, a value may be a Var. It is not escaped, so it must be an id or a word of ours.
    """
    pairs = (f"{name.removesuffix('_')}={quote(v) if isinstance(v, str) else v}" for name, v in query.items())
    return f"{route}?{'&'.join(pairs)}"


def with_raw_query(route: str, query: object) -> str:
    """The path of `route` with a ready-made query string: `facility=3&year=2026`."""
    return f"{route}?{query}"


def absolute_url(route: str) -> str:
    """The full URL, for emails."""
    return f"{settings().origin}{route}"


def starlette_pattern(route: str) -> str:
    """The route as Starlette spells it: `/receipts/[number].pdf` -> `/receipts/{number}.pdf`."""
    return route.replace("[", "{").replace("]", "}")


def is_of_demo(path: str) -> bool:
    """Whether it is an address of the demo sessions themselves, and not of what they show."""
    return path == DEMO or path.startswith(f"{DEMO}/")


def is_of_kiosk(path: str) -> bool:
    """Whether it is an address of the kiosk."""
    return path == KIOSK or path.startswith(f"{KIOSK}/")


def back_to_room() -> str:
    """The room's address for somebody who comes back on purpose. It does not lead into the product again (`usher.js`)."""
    return with_query(DEMO_ROOM, stay="yes")


def home_of(kind: ActorKind) -> str:
    """The start page of a kind of actor; "" for the system."""
    return {ActorKind.FAMILY: DASHBOARD, ActorKind.STAFF: STAFF, ActorKind.KIOSK: KIOSK_INBOX}.get(kind, "")
