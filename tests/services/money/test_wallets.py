"""Wallets: credits held, spent and given back, and never more than there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rxconnect import db
from rxconnect.domain.errors import InsufficientCredits, Overspent
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.services.money import ledger, wallets


@pytest.fixture
def wallet(actor, facility):
    """`(actor, facility id)` of a wallet with ten credits."""
    owner, place = actor(), facility(name="Cedar Ridge", price_cents=25)
    db.write(
        ledger.post_journal,
        kind=JournalKind.GIVE_BACK,
        key="ten credits",
        subject="test",
        entries=[
            Entry(AccountKind.ISSUED, -10, facility_id=place),
            Entry(AccountKind.WALLET, 10, owner_id=owner.account_id, facility_id=place),
        ],
    )
    return owner, place


def shown(owner):
    return [(w.facility, w.credits, w.held) for w in db.read(wallets.balances, owner)]


def test_a_wallet_that_was_never_filled_is_empty(actor, facility):
    owner = actor()
    assert db.read(wallets.balance, owner.account_id, facility()) == 0
    assert db.read(wallets.balances, owner) == []


def test_held_credits_are_shown_apart(wallet):
    owner, place = wallet
    db.write(wallets.hold, owner.account_id, place, 3, key="m1", subject="message:1")
    assert shown(owner) == [("Cedar Ridge", 7, 3)]


def test_a_wallet_shows_the_price_and_whether_the_facility_is_open(wallet):
    (view,) = db.read(wallets.balances, wallet[0])
    assert (view.price, view.is_open) == ("25\u00a0¢", True)


def test_spent_credits_are_gone(wallet):
    owner, place = wallet
    db.write(wallets.hold, owner.account_id, place, 3, key="m1", subject="message:1")
    db.write(wallets.spend, owner.account_id, place, 3, key="m1:settle", subject="message:1")
    assert shown(owner) == [("Cedar Ridge", 7, 0)]


def test_credits_given_back_can_be_used_again(wallet):
    owner, place = wallet
    db.write(wallets.hold, owner.account_id, place, 10, key="m1", subject="message:1")
    db.write(wallets.give_back, owner.account_id, place, 10, key="m1:settle", subject="message:1")
    assert shown(owner) == [("Cedar Ridge", 10, 0)]


def test_a_repeated_hold_holds_once(wallet):
    owner, place = wallet
    for _ in range(3):
        db.write(wallets.hold, owner.account_id, place, 4, key="m1", subject="message:1")
    assert shown(owner) == [("Cedar Ridge", 6, 4)]


def test_a_hold_beyond_the_wallet_tells_what_is_needed_and_what_is_there(wallet):
    owner, place = wallet
    with pytest.raises(InsufficientCredits) as refused:
        db.write(wallets.hold, owner.account_id, place, 11, key="m1", subject="message:1")
    assert (refused.value.needed, refused.value.available) == (11, 10)
    assert shown(owner) == [("Cedar Ridge", 10, 0)]


def test_credits_at_one_facility_do_not_pay_at_another(wallet, facility):
    with pytest.raises(InsufficientCredits):
        db.write(wallets.hold, wallet[0].account_id, facility(), 1, key="m1", subject="message:1")


def test_more_than_is_held_cannot_be_given_back(wallet):
    owner, place = wallet
    with pytest.raises(Overspent):
        db.write(wallets.give_back, owner.account_id, place, 1, key="m1:settle", subject="message:1")


def test_threads_spending_one_wallet_never_overspend_it(wallet):
    owner, place = wallet

    def take(number: int) -> bool:
        try:
            db.write(wallets.hold, owner.account_id, place, 3, key=f"m{number}", subject=f"message:{number}")
        except InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(16))) == 3
    assert shown(owner) == [("Cedar Ridge", 1, 9)]
