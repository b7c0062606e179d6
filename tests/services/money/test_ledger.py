"""The ledger: balanced, once, never below a floor, and able to prove it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import InsufficientCredits, LedgerBroken, Overspent
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.models import Journal, LedgerAccount, Posting
from rxconnect.services.money import ledger, wallets

OWNER, FACILITY = 1, 1


def issue(session, credits, *, key, owner_id=OWNER, facility_id=FACILITY):
    return ledger.post_journal(
        session,
        kind=JournalKind.GIVE_BACK,
        key=key,
        subject="test",
        entries=[
            Entry(AccountKind.ISSUED, -credits, facility_id=facility_id),
            Entry(AccountKind.WALLET, credits, owner_id=owner_id, facility_id=facility_id),
        ],
    )


def count(session, table):
    return len(session.exec(select(table)).all())


def test_a_journal_moves_both_balances_and_records_them(database):
    with db.transaction() as session:
        assert issue(session, 20, key="a")
        issue(session, 5, key="b")
    with db.reading() as session:
        balances = {a.kind: a.balance for a in session.exec(select(LedgerAccount))}
        postings = [(p.amount, p.balance_after) for p in session.exec(select(Posting).order_by(Posting.id))]
    assert balances == {"issued": -25, "wallet": 25}
    assert postings == [(-20, -20), (20, 20), (-5, -25), (5, 25)]


def test_a_key_posted_before_changes_nothing(database):
    with db.transaction() as session:
        assert issue(session, 20, key="a")
        assert not issue(session, 999, key="a")
    with db.reading() as session:
        assert wallets.balance(session, OWNER, FACILITY) == 20
        assert count(session, Journal) == 1


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [Entry(AccountKind.WALLET, 5)],
        [Entry(AccountKind.ISSUED, -5), Entry(AccountKind.WALLET, 6)],
        [Entry(AccountKind.PROCESSOR, -5), Entry(AccountKind.WALLET, 5)],
        [Entry(AccountKind.ISSUED, 0), Entry(AccountKind.WALLET, 0)],
    ],
    ids=["nothing", "one side", "unequal", "cents against credits", "zeros"],
)
def test_entries_that_do_not_balance_are_refused(database, entries):
    with db.transaction() as session, pytest.raises(LedgerBroken):
        ledger.post_journal(session, kind=JournalKind.GIVE_BACK, key="a", subject="test", entries=entries)
    with db.reading() as session:
        assert count(session, Journal) == 0


def test_an_overspending_journal_leaves_nothing_even_if_the_caller_carries_on(database):
    with db.transaction() as session:
        issue(session, 3, key="a")
        with pytest.raises(Overspent):
            ledger.post_journal(
                session,
                kind=JournalKind.GIVE_BACK,
                key="b",
                subject="test",
                entries=[
                    Entry(AccountKind.EARNED, 4, facility_id=FACILITY),
                    Entry(AccountKind.WALLET, -4, owner_id=OWNER, facility_id=FACILITY),
                ],
            )
    with db.reading() as session:
        assert wallets.balance(session, OWNER, FACILITY) == 3
        assert count(session, Journal) == 1
        assert ledger.check_ledger(session).is_sound


def test_the_database_itself_refuses_a_balance_below_its_floor(database):
    with db.transaction() as session:
        issue(session, 3, key="a")
    with pytest.raises(DBAPIError, match="ck_balance_floor"), db.transaction() as session:
        session.connection().execute(text("UPDATE ledger_account SET balance = -1 WHERE kind = 'wallet'"))


def test_threads_posting_one_key_post_it_once(database):
    with ThreadPoolExecutor(8) as pool:
        posted = list(pool.map(lambda _: db.write(issue, 7, key="same"), range(8)))
    assert sum(posted) == 1
    with db.reading() as session:
        assert wallets.balance(session, OWNER, FACILITY) == 7


def test_threads_opening_the_same_accounts_lose_no_credit(database):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: db.write(issue, 1, key=f"k{n}"), range(24)))
    with db.reading() as session:
        assert wallets.balance(session, OWNER, FACILITY) == 24
        assert ledger.check_ledger(session).is_sound


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["issue", "hold", "spend", "give back"]),
        st.integers(1, 2),
        st.integers(1, 2),
        st.integers(1, 9),
        st.integers(0, 40),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_order_of_moves_keeps_every_account_as_a_plain_model_of_it_says(database, steps):
    wallet, held, earned, done = Counter(), Counter(), Counter(), set()
    with db.transaction() as session:
        for what, owner, place, credits, number in steps:
            key, where = f"{what}:{number}", (owner, place)
            source = {"issue": None, "hold": wallet, "spend": held, "give back": held}[what]
            allowed = source is None or source[where] >= credits
            try:
                _take(session, what, owner, place, credits, key)
            except (InsufficientCredits, Overspent):
                assert key not in done
                assert not allowed
                continue
            if key in done:
                continue
            assert allowed
            done.add(key)
            if source is not None:
                source[where] -= credits
            target = {"issue": wallet, "hold": held, "spend": earned, "give back": wallet}[what]
            target[place if target is earned else where] += credits
        _assert_same(session, wallet, held, earned)
        session.rollback()


def _take(session, what, owner, place, credits, key):
    if what == "issue":
        issue(session, credits, key=key, owner_id=owner, facility_id=place)
    else:
        move = {"hold": wallets.hold, "spend": wallets.spend, "give back": wallets.give_back}[what]
        move(session, owner, place, credits, key=key, subject="test")


def _assert_same(session, wallet, held, earned):
    rows = session.exec(select(LedgerAccount)).all()
    kept = {(a.kind, a.owner_id, a.facility_id): a.balance for a in rows if a.kind != "issued" and a.balance}
    model = {("wallet", *where): n for where, n in wallet.items() if n}
    model |= {("hold", *where): n for where, n in held.items() if n}
    model |= {("earned", 0, place): n for place, n in earned.items() if n}
    assert kept == model
    differences = ledger.check_ledger(session).differences
    # These holds belong to no message, and the check says exactly that.
    assert len(differences) == sum(1 for n in held.values() if n)
    assert all("undecided items" in sentence for sentence in differences)


def test_the_check_of_a_sound_ledger_tells_its_totals(database):
    with db.transaction() as session:
        issue(session, 20, key="a")
        issue(session, 5, key="b", owner_id=2)
        report = ledger.check_ledger(session)
    assert report.is_sound
    assert (report.journals, report.postings) == (2, 4)
    assert {(t.kind, t.unit, t.accounts, t.balance) for t in report.totals} == {
        ("issued", "credit", 1, -25),
        ("wallet", "credit", 2, 25),
    }


PLANTED = {
    "a changed posting": ("UPDATE posting SET amount = amount + 1 WHERE amount > 0", "does not balance"),
    "a changed chain": ("UPDATE posting SET balance_after = 99 WHERE amount > 0", "says that account"),
    "a removed posting": ("DELETE FROM posting WHERE amount > 0", "needs two or more"),
    "a changed balance": ("UPDATE ledger_account SET balance = 21 WHERE kind = 'wallet'", "postings sum to 20"),
    "a changed unit": ("UPDATE posting SET unit = 'cent'", "counts credits"),
    "credits set aside for nothing": (
        "UPDATE ledger_account SET kind = 'hold' WHERE kind = 'wallet'",
        "undecided items cost 0",
    ),
}


@pytest.mark.parametrize(("damage", "sentence"), PLANTED.values(), ids=PLANTED.keys())
def test_the_check_finds_a_planted_difference(database, damage, sentence):
    with db.transaction() as session:
        issue(session, 20, key="a")
        for verb in ("update", "delete"):
            session.connection().execute(text(f"DROP TRIGGER posting_no_{verb}"))
        session.connection().execute(text(damage))
    with db.reading() as session:
        report = ledger.check_ledger(session)
    assert not report.is_sound
    assert any(sentence in difference for difference in report.differences)


def test_the_check_finds_a_balance_below_its_floor(database):
    with db.transaction() as session:
        issue(session, 20, key="a")
        session.connection().execute(text("PRAGMA ignore_check_constraints = ON"))
        session.connection().execute(text("UPDATE ledger_account SET floor = 21 WHERE kind = 'wallet'"))
        session.connection().execute(text("PRAGMA ignore_check_constraints = OFF"))
        assert ledger.check_ledger(session).differences == ["The wallet account 2 is at 20, below its floor of 21."]
