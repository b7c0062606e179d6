"""Every kind of journal has its place in each table that reads kinds, and one that nobody knows does not pass for another."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import LedgerBroken
from rxconnect.domain.finance import Period
from rxconnect.domain.ledger import AccountKind, Entry, JournalGroup, JournalKind
from rxconnect.services.books import explanations, finance, statements, wallet_movements
from rxconnect.services.money import ledger, ledger_proof, money_proof
from tests.services.moneyed import live

MOVES_NO_WALLET = {JournalKind.REFUND_PAID, JournalKind.CORRECTION}
# In a question of the proof: `j.kind = 'spend'`, `j.kind IN ('refund', 'refund paid')`.
IN_QUESTIONS = re.compile(r"j\.kind (?:= ('[^']+')|IN \(([^)]+)\))")


@pytest.fixture(scope="module")
def questions():
    return [one.query for one in (*ledger_proof.BALANCES, *money_proof.MONEY, *ledger_proof.HOLDS)]


@pytest.mark.parametrize("kind", JournalKind)
def test_a_kind_has_a_group_and_a_subject(kind):
    assert kind.subject(7) == f"{kind.group.value}:7"
    # `_KINDS` has a row for it: a kind without one fails here.
    assert isinstance(kind.label, str)


@pytest.mark.parametrize("kind", JournalKind)
def test_finance_books_a_kind_where_its_group_belongs_or_refuses_it(kind):
    flow = finance._Flow()
    if kind.group is JournalGroup.MESSAGE:
        with pytest.raises(LedgerBroken):
            flow.add(kind, 1, 100)
        return
    flow.add(kind, 1, 100)
    booked = {name for name in ("takings", "refunds", "disputes", "moved") if getattr(flow, name)}
    expected = {"purchase": "takings", "refund": "refunds", "dispute": "disputes", "transfer": "moved"}
    assert booked == {expected[kind.group]}


@pytest.mark.parametrize("kind", JournalKind)
def test_a_statement_counts_a_kind_as_a_change(kind):
    # A transfer has two: what came, and what went.
    assert kind in statements._CHANGE_OF or kind is JournalKind.TRANSFER


@pytest.mark.parametrize("kind", JournalKind)
def test_the_story_of_a_wallet_has_a_sentence_for_a_kind_that_moves_credits_in_it(kind):
    has_sentence = kind in wallet_movements._SENTENCES or kind is JournalKind.TRANSFER
    assert has_sentence != (kind in MOVES_NO_WALLET)


@pytest.mark.parametrize("kind", JournalKind)
def test_the_proof_looks_at_the_journals_of_a_kind(kind, questions):
    by_kind = f"'{kind}'" in "".join(re.findall(r"j\.kind [^\n]+", "\n".join(questions)))
    # What a message moved is proved by its subject, whatever the kind.
    assert by_kind or kind.group is JournalGroup.MESSAGE


def test_the_proof_names_no_kind_that_does_not_exist(questions):
    named = {
        kind.strip().strip("'")
        for query in questions
        for one, several in IN_QUESTIONS.findall(query)
        for kind in (one or several).split(",")
    }
    assert named
    assert named <= set(JournalKind)


def test_a_family_to_whom_everything_happened_has_a_journal_of_every_kind(database):
    live()
    with db.reading() as session:
        kinds = set(session.connection().execute(text("SELECT DISTINCT kind FROM journal")).scalars())
        in_wallets = set(
            session.connection()
            .execute(
                text(
                    "SELECT DISTINCT j.kind FROM journal j JOIN posting p ON p.journal_id = j.id "
                    "JOIN ledger_account a ON a.id = p.account_id WHERE a.kind IN ('wallet', 'hold', 'frozen')"
                )
            )
            .scalars()
        )
    assert kinds == set(JournalKind)
    assert in_wallets == set(JournalKind) - MOVES_NO_WALLET


@pytest.fixture
def unknown(database, facility, actor):
    """A wallet with a journal of an unknown kind, as somebody beside the app may write it: `(family, facility id)`."""
    family, place = actor(), facility(key="alder-or")
    entries = [
        Entry(AccountKind.ISSUED, -5, facility_id=place),
        Entry(AccountKind.WALLET, 5, owner_id=family.account_id, facility_id=place),
        Entry(AccountKind.PROCESSOR, -500),
        Entry(AccountKind.TAKINGS, 500, facility_id=place),
    ]
    with db.transaction() as session:
        ledger.post_journal(session, kind=JournalKind.GIVE_BACK, key="a", subject="test:1", entries=entries)
        session.connection().execute(text("DROP TRIGGER journal_no_update"))
        session.connection().execute(text("UPDATE journal SET kind = 'surprise'"))
    return family, place


def test_the_check_of_the_ledger_names_an_unknown_kind(unknown):
    assert "Journal 1 is of a kind that does not exist: surprise." in db.read(ledger.check_ledger).differences


def test_finance_books_no_unknown_kind_as_something_else(unknown, actor):
    _family, place = unknown
    with pytest.raises(ValueError, match="surprise"):
        db.read(finance.overview, actor(role=Role.ADMINISTRATOR, facility_id=place), Period.THIS_MONTH)


def test_a_statement_counts_no_unknown_kind_as_something_else(unknown):
    family, _place = unknown
    (year,) = db.read(statements.years, family)
    with pytest.raises(ValueError, match="surprise"):
        db.read(statements.get, family, year)


def test_the_story_of_a_wallet_tells_an_unknown_kind_as_it_is(unknown):
    family, _place = unknown
    with db.reading() as session:
        told = [str(line) for line in explanations.explain_wallet(session, family.email, "alder-or")]
    assert any("5 credits came (surprise, test:1)." in line for line in told)
