"""Low credits: told once, by the message that brings a wallet below its level."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import NotFound
from rxconnect.models import AutoReload, Card, Email
from rxconnect.services.messages import withdrawals
from rxconnect.services.notices import choices


def told():
    with db.reading() as session:
        return [row.body for row in session.exec(select(Email).where(Email.kind == "low-credits"))]


def test_the_message_that_crosses_the_level_tells_and_the_next_ones_do_not(pair):
    sam = pair(credits=5, facility_fields={"name": "Cedar Ridge"})
    sam.send()
    sam.send()
    assert told() == []
    sam.send()
    assert len(told()) == 1
    assert "You have 2 credits left at Cedar Ridge" in told()[0]
    sam.send()
    sam.send()
    assert len(told()) == 1


def test_each_wallet_has_its_own_level(pair):
    sam, bo = pair(credits=10), pair(credits=10)
    db.write(choices.choose_level, sam.family, sam.facility_id, 10)
    sam.send()
    bo.send()
    assert len(told()) == 1
    assert db.read(choices.my_choices, sam.family).levels[0].level == "10"
    assert db.read(choices.my_choices, bo.family).levels[0].level == "3"


def test_nobody_hears_of_it_who_wants_never(pair):
    sam = pair(credits=1)
    db.write(choices.choose_level, sam.family, sam.facility_id, 0)
    sam.send()
    assert told() == []


def test_credits_that_are_held_again_after_an_undone_withdrawal_are_no_news(pair):
    sam = pair(credits=3)
    message = sam.send()
    assert len(told()) == 1
    db.write(withdrawals.withdraw, sam.family, message.id)
    db.write(withdrawals.undo, sam.family, message.id)
    assert len(told()) == 1


def test_nobody_hears_of_it_whose_auto_reload_buys_more(pair):
    sam = pair(credits=1)
    with db.transaction() as session:
        card = Card(
            account_id=sam.family.account_id,
            token="t",
            brand="visa",
            last_four="4242",
            expiry_month=1,
            expiry_year=2090,
        )
        session.add(card)
        session.flush()
        terms = {"level": 5, "credits": 20, "cap_cents": 10_000, "price_cents": 25, "card_id": card.id}
        session.add(AutoReload(account_id=sam.family.account_id, facility_id=sam.facility_id, is_on=True, **terms))
    sam.send()
    assert told() == []


@pytest.mark.parametrize("level", [-1, 2, 10**6])
def test_only_levels_of_the_list_and_own_wallets_can_be_chosen(pair, level):
    sam, bo = pair(), pair()
    with pytest.raises(NotFound):
        db.write(choices.choose_level, sam.family, sam.facility_id, level)
    with pytest.raises(NotFound):
        db.write(choices.choose_level, sam.family, bo.facility_id, 5)
