"""Stored cards: added, kept after a payment, corrected, removed, and nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.clock import now
from rxconnect.domain.errors import CardRefused, Invalid, NotAllowed, NotFound
from rxconnect.models import Card
from rxconnect.payments.port import ProcessorUnavailable, UnknownToken
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.money import cards, processor
from rxconnect.services.purchases import checkout, purchases
from tests.services.buying import DECLINED, VISA, VISA_DEBIT, buy, charged_cents, later, new_card


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


@pytest.mark.parametrize("expiry", ["", "13/30", "00/30", "12/30/01", "01/20", "12/99", "١٢/٣٠", "x" * 10_000])
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


def test_a_card_is_added_without_buying_anything(actor, database):
    buyer = actor()
    added = cards.add(buyer, new_card())
    assert mine(buyer) == [added]
    assert (added.label, added.is_default, added.reloads) == ("Visa ending 4242", True, [])
    assert charged_cents() == 0


def test_an_added_card_pays_with_its_cvv(actor, place):
    buyer = actor()
    added = cards.add(buyer, new_card())
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    checkout.use_stored_card(buyer, purchase.id, added.id, processor.sandbox().tokenize_cvv("737"))
    assert checkout.submit(buyer, purchase.id).status == "paid"


def test_a_card_that_is_stored_already_is_not_stored_twice(actor, place):
    buyer = actor()
    buy(buyer, place, save=True)
    (stored,) = mine(buyer)
    token = new_card()
    assert cards.add(buyer, token) == cards.add(buyer, token) == cards.add(buyer, new_card()) == stored
    assert mine(buyer) == [stored]


def test_one_card_added_in_eight_tabs_at_once_is_stored_once_and_can_pay(actor, place):
    buyer = actor()
    same, others = new_card(), [new_card() for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda token: cards.add(buyer, token), [same] * 4 + others))
    assert len({card.id for card in added}) == len(mine(buyer)) == 1
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    checkout.use_stored_card(buyer, purchase.id, added[0].id, processor.sandbox().tokenize_cvv("737"))
    assert checkout.submit(buyer, purchase.id).status == "paid"


@pytest.mark.parametrize("token", ["", "tok_nonsense", "\0", "x" * 10_000, "👛"])
def test_a_token_that_the_processor_does_not_know_stores_nothing(actor, database, token):
    buyer = actor()
    with pytest.raises(Invalid, match="card forgotten"):
        cards.add(buyer, token)
    assert mine(buyer) == []


def test_a_token_with_which_somebody_else_has_stored_a_card_stores_it_for_nobody_again(actor, database):
    owner, stranger = actor(), actor()
    token = new_card()
    cards.add(owner, token)
    with pytest.raises(Invalid, match="card forgotten"):
        cards.add(stranger, token)
    assert (len(mine(owner)), mine(stranger)) == (1, [])


def test_nobody_stores_cards_without_end(actor, database):
    buyer = actor()
    for year in range(cards.CARDS_MAX):
        cards.add(buyer, new_card(expiry=f"{year % 12 + 1}/{(now().year + 1 + year // 12) % 100}"))
    with pytest.raises(Invalid, match="too many cards"):
        cards.add(buyer, new_card(VISA_DEBIT))
    assert len(mine(buyer)) == cards.CARDS_MAX


def test_staff_store_no_cards(actor, place):
    with pytest.raises(NotAllowed):
        cards.add(actor(role=Role.REVIEWER, facility_id=place), new_card())


def test_another_card_becomes_the_only_default(actor, database):
    buyer = actor()
    cards.add(buyer, new_card(VISA))
    debit = cards.add(buyer, new_card(VISA_DEBIT))
    db.write(cards.make_default, buyer, debit.id)
    db.write(cards.make_default, buyer, debit.id)
    assert [(card.last_four, card.is_default) for card in mine(buyer)] == [("5556", True), ("4242", False)]


def test_a_removed_card_is_gone_here_and_at_the_processor(actor, database):
    buyer = actor()
    added = cards.add(buyer, new_card())
    with db.reading() as session:
        token = session.get_one(Card, added.id).token
    cards.remove(buyer, added.id)
    assert mine(buyer) == []
    with pytest.raises(UnknownToken):
        processor.current().describe(token)
    with pytest.raises(NotFound):
        cards.remove(buyer, added.id)


def test_after_the_default_card_is_removed_the_newest_other_one_is_the_default(actor, database):
    buyer = actor()
    first = cards.add(buyer, new_card(VISA))
    cards.add(buyer, new_card(VISA_DEBIT))
    cards.remove(buyer, first.id)
    assert [(card.last_four, card.is_default) for card in mine(buyer)] == [("5556", True)]


def test_a_removed_card_can_be_added_again(actor, database):
    buyer = actor()
    cards.remove(buyer, cards.add(buyer, new_card()).id)
    assert cards.add(buyer, new_card()).is_default


def test_a_purchase_that_was_to_be_paid_with_a_removed_card_asks_for_another(actor, place):
    buyer = actor()
    added = cards.add(buyer, new_card())
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    ready = checkout.use_stored_card(buyer, purchase.id, added.id, processor.sandbox().tokenize_cvv("737"))
    assert ready.step == "review"
    cards.remove(buyer, added.id)
    left = db.read(purchases.get, buyer, purchase.id)
    assert (left.step, left.card_label) == ("payment", "")
    assert checkout.use_new_card(buyer, purchase.id, new_card(), save=False).step == "review"


@pytest.mark.parametrize("do", [cards.remove, lambda who, card_id: db.write(cards.make_default, who, card_id)])
def test_another_persons_card_is_neither_removed_nor_chosen(actor, database, do):
    owner, stranger = actor(), actor()
    cards.add(owner, new_card(VISA))
    other = cards.add(owner, new_card(VISA_DEBIT))
    before = mine(owner)
    for card_id in (other.id, 0, -1, 2**31 - 1):
        with pytest.raises(NotFound):
            do(stranger, card_id)
    assert mine(owner) == before


class Silent(Sandbox):
    """A processor that does not answer what is asked about cards."""

    def describe(self, token):
        raise ProcessorUnavailable

    def update_card(self, token, *, expiry_month, expiry_year, postcode):
        raise ProcessorUnavailable

    def forget_card(self, token):
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
        with pytest.raises(CardRefused):
            cards.add(buyer, "tok")
        with pytest.raises(CardRefused):
            cards.remove(buyer, before[0].id)
    assert mine(buyer) == before
