"""Stored cards: kept after a payment, corrected, and nobody else's."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.clock import now
from rxconnect.domain.errors import CardRefused, Invalid, NotFound
from rxconnect.models import Card
from rxconnect.payments.port import ProcessorUnavailable
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services import cards, checkout, processor
from tests.services.buying import DECLINED, VISA, VISA_DEBIT, buy, later


@pytest.fixture
def place(facility):
    return facility()


def mine(buyer):
    return db.read(cards.my_cards, buyer)


def expire(card_id):
    with db.transaction() as session:
        session.get_one(Card, card_id).expiry_year = now().year - 1


def test_a_first_time_buyer_has_no_stored_card(actor):
    assert mine(actor()) == []


def test_a_card_is_stored_once_it_has_paid_and_only_if_asked(actor, place):
    buyer = actor()
    buy(buyer, place, save=False)
    assert mine(buyer) == []
    buy(buyer, place, save=True)
    (card,) = mine(buyer)
    assert (card.label, card.expiry, card.postcode) == ("Visa ending 4242", later(), "99362")
    assert (card.is_expired, card.is_default) == (False, True)


def test_a_refused_card_is_not_stored(actor, place):
    buyer = actor()
    buy(buyer, place, number=DECLINED, save=True)
    assert mine(buyer) == []


def test_the_same_card_is_stored_once(actor, place):
    buyer = actor()
    buy(buyer, place, save=True)
    buy(buyer, place, save=True)
    assert len(mine(buyer)) == 1


def test_the_first_card_stays_the_default(actor, place):
    buyer = actor()
    buy(buyer, place, number=VISA, save=True)
    buy(buyer, place, number=VISA_DEBIT, save=True)
    assert [(card.last_four, card.is_default) for card in mine(buyer)] == [("4242", True), ("5556", False)]


def test_expiry_and_postcode_can_be_corrected_here_and_at_the_processor(actor, place):
    buyer = actor()
    buy(buyer, place, save=True)
    (card,) = mine(buyer)
    expire(card.id)
    assert mine(buyer)[0].is_expired
    view = cards.edit(buyer, card.id, expiry=f" {later(5)} ", postcode="97103-1234")
    assert (view.expiry, view.postcode, view.is_expired) == (later(5), "97103-1234", False)
    assert mine(buyer) == [view]
    with db.reading() as session:
        token = session.get_one(Card, card.id).token
    assert processor.current().describe(token).expiry_year == now().year + 5


@pytest.mark.parametrize("expiry", ["", "13/30", "00/30", "1230", "12/30/01", "01/20", "12/99", "١٢/٣٠", "x" * 10_000])
def test_a_wrong_expiry_date_and_postcode_are_each_told(actor, place, expiry):
    buyer = actor()
    buy(buyer, place, save=True)
    before = mine(buyer)
    with pytest.raises(Invalid) as refused:
        cards.edit(buyer, before[0].id, expiry=expiry, postcode="ABC")
    assert set(refused.value.fields) == {"expiry", "postcode"}
    assert mine(buyer) == before


def test_another_persons_card_is_not_found(actor, place):
    owner, stranger = actor(), actor()
    buy(owner, place, save=True)
    (card,) = mine(owner)
    with pytest.raises(NotFound):
        cards.edit(stranger, card.id, expiry=later(), postcode="99362")
    assert mine(stranger) == []


class Silent(Sandbox):
    """A processor that does not answer what is asked about cards."""

    def describe(self, token):
        raise ProcessorUnavailable

    def update_card(self, token, *, expiry_month, expiry_year, postcode):
        raise ProcessorUnavailable


def test_a_silent_processor_changes_nothing_and_says_so(database, actor, place):
    buyer = actor()
    paid = buy(buyer, place, save=True)
    before = mine(buyer)
    with processor.using(Silent(database / "sandbox.db")):
        with pytest.raises(CardRefused):
            cards.edit(buyer, before[0].id, expiry=later(7), postcode="97103")
        with pytest.raises(CardRefused):
            checkout.use_new_card(buyer, paid.id, "tok", save=False)
    assert mine(buyer) == before
