"""Every address of the app, and the builders for those with a part that varies."""

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
CLOSE_ACCOUNT = "/close-account"
CONFIRM = "/confirm"
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
DRAFTS = "/drafts"
KEEP_DRAFT = "/drafts/[draft_id]/keep"
COMPOSE_NEW = "/compose"
COMPOSE = "/compose/[draft_id]"
SEND = "/compose/[draft_id]/send"

CONTACTS = "/contacts"
PROFILE = "/profile"
TERMS = "/terms"
OUTBOX = "/outbox"
STAFF = "/staff"
FINANCE = "/staff/finance"


def fill(route: str, value: str | int) -> str:
    """The address of `route` with its one varying part filled in: `fill(COMPOSE, 7)` -> `/compose/7`."""
    before, _, rest = route.partition("[")
    return f"{before}{value}{rest.partition(']')[2]}"
