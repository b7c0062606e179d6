"""Customers: one at the processor for each account, however often and from wherever it is asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from rxconnect import db
from rxconnect.models import Account
from rxconnect.services.money import customers


def test_an_account_is_one_customer_for_ever(actor):
    account_id = actor().account_id
    token = customers.customer_of(account_id)
    assert token
    assert customers.customer_of(account_id) == token
    with db.reading() as session:
        assert session.get_one(Account, account_id).customer_token == token


def test_two_accounts_are_two_customers(actor):
    assert customers.customer_of(actor().account_id) != customers.customer_of(actor().account_id)


def test_asked_for_by_eight_at_once_it_is_still_one(actor):
    account_id = actor().account_id
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: customers.customer_of(account_id), range(8)))) == 1


def test_a_worker_that_died_before_keeping_the_token_leaves_no_second_customer(actor):
    account_id = actor().account_id
    token = customers.customer_of(account_id)
    with db.transaction() as session:
        session.get_one(Account, account_id).customer_token = ""
    assert customers.customer_of(account_id) == token
