"""An account is closed while something of it is still under way: it leaves no card behind."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import Invalid
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.accounts import accounts
from rxconnect.services.leaving import closings, departures
from rxconnect.services.money import cards, processor
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refund_payouts
from tests.services.buying import is_sound, new_card, order, refunded_cents
from tests.services.moneyed import intent_of

PASSWORD = "a long good password"


@pytest.fixture
def owner(database):
    email, name = "rosa.d@example.org", "Rosa Diaz"
    return Actor(
        db.write(accounts.create_account, email=email, name=name, password=PASSWORD), name, email, ActorKind.FAMILY
    )


class Closing(Sandbox):
    """A processor that stores a card while its owner closes the account in another tab."""

    def __init__(self, owner: Actor):
        super().__init__(settings().data_dir / "sandbox.db")
        self._owner = owner

    def store_card(self, token, customer):
        stored = super().store_card(token, customer)
        closings.close_account(self._owner, PASSWORD)
        return stored


def cards_at_processor():
    with closing(sqlite3.connect(settings().data_dir / "sandbox.db")) as file:
        return file.execute("SELECT count(*) FROM card WHERE stored_from IS NOT NULL").fetchone()[0]


def test_a_payment_that_the_bank_lets_through_after_the_account_was_closed_stores_no_card(owner, facility):
    purchase_id = order(owner, facility(price_cents=25), number=BY_NAME["asks"].number, save=True)
    assert checkout.submit(owner, purchase_id).status == "requires_action"
    closings.close_account(owner, PASSWORD)
    processor.sandbox().authenticate(intent_of(purchase_id), is_buyer=True)
    assert checkout.check_after_bank(owner, purchase_id).status == "paid"
    assert db.read(cards.my_cards, owner) == []
    assert cards_at_processor() == 0
    departures.follow_up_departures()
    refund_payouts.carry_out_due()
    assert refunded_cents() == 500
    assert is_sound()


def test_a_card_that_is_added_while_the_account_is_closed_is_forgotten(owner):
    with processor.using(Closing(owner)), pytest.raises(Invalid):
        cards.add(owner, new_card())
    assert db.read(cards.my_cards, owner) == []
    assert cards_at_processor() == 0


def test_a_card_that_pays_while_the_account_is_closed_is_forgotten(owner, facility):
    purchase_id = order(owner, facility(price_cents=25), save=True)
    with processor.using(Closing(owner)):
        assert checkout.submit(owner, purchase_id).status == "paid"
    assert db.read(cards.my_cards, owner) == []
    assert cards_at_processor() == 0
