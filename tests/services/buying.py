"""What the tests about money share: cards as the sandbox's form makes them, and purchases at every stage."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlmodel import select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.domain.clock import now
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.purchases import PurchaseView
from rxconnect.models import LedgerAccount
from rxconnect.services.money import ledger, processor
from rxconnect.services.purchases import checkout, purchases

VISA = "4242424242424242"
VISA_DEBIT = "4000056655665556"
DECLINED = "4000000000000002"


def later(years: int = 3) -> str:
    """An expiry date that many years from now, as typed."""
    return f"12/{(now().year + years) % 100:02d}"


def new_card(number: str = VISA, *, expiry: str = "", cvv: str = "737") -> str:
    """The token of a card typed into the sandbox's form."""
    token, _details = processor.sandbox().tokenize(number, expiry or later(), cvv, "99362")
    return token


def order(actor: Actor, facility_id: int, credits: int = 20, *, number: str = VISA, save: bool = False) -> str:
    """A purchase that is ready to be submitted, paid with a new card. Returns its id."""
    purchase = db.write(purchases.begin_or_change, actor, facility_id=facility_id, credits=credits)
    return checkout.use_new_card(actor, purchase.id, new_card(number), save=save).id


def buy(actor: Actor, facility_id: int, credits: int = 20, *, number: str = VISA, save: bool = False) -> PurchaseView:
    """A purchase that was submitted."""
    return checkout.submit(actor, order(actor, facility_id, credits, number=number, save=save))


def charged_cents() -> int:
    """What the sandbox has really charged, all cards together."""
    return _sandbox_sum("SELECT coalesce(sum(charged_cents), 0) FROM intent WHERE state = 'succeeded'")


def booked_cents() -> int:
    """What our ledger says was charged."""
    with db.reading() as session:
        accounts = session.exec(select(LedgerAccount).where(LedgerAccount.kind == AccountKind.PROCESSOR)).all()
        assert ledger.check_ledger(session).differences == []
        return -sum(account.balance for account in accounts)


def refunded_cents() -> int:
    """What the sandbox has really paid back, or promised to."""
    return _sandbox_sum("SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE state <> 'failed'")


def disputed_cents() -> int:
    """What banks have taken back from the sandbox and not returned."""
    return _sandbox_sum("SELECT coalesce(sum(amount_cents), 0) FROM dispute WHERE state <> 'won'")


def is_sound() -> bool:
    """Whether the ledger proves itself, and holds what the sandbox holds for us."""
    with db.reading() as session:
        assert ledger.check_ledger(session).differences == []
    return booked_cents() == charged_cents() - refunded_cents() - disputed_cents()


def _sandbox_sum(question: str) -> int:
    with closing(sqlite3.connect(settings().data_dir / "sandbox.db")) as file:
        return file.execute(question).fetchone()[0]
