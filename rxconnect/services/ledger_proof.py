"""What must always be true of the ledger, each as a question to the database that has no rows for an answer.

Plain SQL on purpose: an auditor can run these by hand, and they share no code with what writes the ledger.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, TextClause, bindparam, text
from sqlmodel import Session

from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.purchases import PurchaseStatus

# A ledger that is broken everywhere is told in a page, not in a million lines.
_AT_MOST = 20


def _question(sentence: str, query: str, **values: str | list[MessageStatus]) -> tuple[str, TextClause]:
    """A sentence, whose names in braces are columns of the query, and the query, with its parameters."""
    parameters: list[BindParameter[Any]] = [
        bindparam(name, value, expanding=isinstance(value, list)) for name, value in values.items()
    ]
    return sentence, text(f"{query} LIMIT {_AT_MOST}").bindparams(*parameters)


_QUESTIONS = (
    _question(
        "Journal {journal} does not balance: its {unit}s sum to {amount}.",
        """SELECT journal_id AS journal, unit, sum(amount) AS amount
           FROM posting GROUP BY journal_id, unit HAVING sum(amount) <> 0 ORDER BY journal_id""",
    ),
    _question(
        "Journal {journal} has {lines} postings, and needs two or more.",
        """SELECT j.id AS journal, count(p.id) AS lines
           FROM journal j LEFT JOIN posting p ON p.journal_id = j.id
           GROUP BY j.id HAVING count(p.id) < 2 ORDER BY j.id""",
    ),
    _question(
        "The {kind} account {account} says {balance}, but its postings sum to {amount}.",
        """SELECT a.id AS account, a.kind, a.balance, coalesce(sum(p.amount), 0) AS amount
           FROM ledger_account a LEFT JOIN posting p ON p.account_id = a.id
           GROUP BY a.id, a.kind, a.balance HAVING a.balance <> coalesce(sum(p.amount), 0) ORDER BY a.id""",
    ),
    _question(
        "Posting {posting} says that account {account} held {balance} after it, but by then they sum to {amount}.",
        """SELECT * FROM (
             SELECT id AS posting, account_id AS account, balance_after AS balance,
                    sum(amount) OVER (PARTITION BY account_id ORDER BY id) AS amount
             FROM posting
           ) AS chain WHERE balance <> amount ORDER BY posting""",
    ),
    _question(
        "The {kind} account {account} is at {balance}, below its floor of {floor}.",
        "SELECT id AS account, kind, balance, floor FROM ledger_account WHERE balance < floor ORDER BY id",
    ),
    _question(
        "Posting {posting} moves {unit}s, but its account {account} counts {counts}s.",
        """SELECT p.id AS posting, p.unit, a.id AS account, a.unit AS counts
           FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE p.unit <> a.unit ORDER BY p.id""",
    ),
    _question(
        "Purchase {purchase} is {status}, with {journals} journals and {receipts} receipts.",
        """SELECT * FROM (
             SELECT p.id AS purchase, p.status,
                    (SELECT count(*) FROM journal j
                      WHERE j.kind = 'purchase' AND j.subject = 'purchase:' || p.id) AS journals,
                    (SELECT count(*) FROM receipt r WHERE r.purchase_id = p.id) AS receipts
             FROM purchase p
           ) AS proof
           WHERE CASE WHEN status = :paid THEN journals <> 1 OR receipts <> 1 ELSE journals + receipts > 0 END
           ORDER BY purchase""",
        paid=PurchaseStatus.PAID,
    ),
    _question(
        "Journal {journal} is of a purchase that does not exist: {subject}.",
        """SELECT j.id AS journal, j.subject FROM journal j
           WHERE j.kind = 'purchase' AND NOT EXISTS (SELECT 1 FROM purchase p WHERE j.subject = 'purchase:' || p.id)
           ORDER BY j.id""",
    ),
    _question(
        "Receipt {receipt} does not agree with its purchase {purchase}.",
        """SELECT r.number AS receipt, p.id AS purchase FROM receipt r JOIN purchase p ON p.id = r.purchase_id
           WHERE r.credits <> p.credits OR r.price_cents <> p.price_cents
              OR r.total_cents <> p.credits * p.price_cents
              OR r.account_id <> p.account_id OR r.facility_id <> p.facility_id
           ORDER BY r.number""",
    ),
    _question(
        "Journal {journal} moved {cents} cents and {credits} credits for purchase {purchase} "
        "of {due_cents} cents and {due_credits} credits.",
        """SELECT * FROM (
             SELECT j.id AS journal, p.id AS purchase, p.credits * p.price_cents AS due_cents, p.credits AS due_credits,
                    sum(CASE WHEN a.kind = 'takings' AND a.facility_id = p.facility_id
                             THEN x.amount ELSE 0 END) AS cents,
                    sum(CASE WHEN a.kind = 'wallet' AND a.facility_id = p.facility_id AND a.owner_id = p.account_id
                             THEN x.amount ELSE 0 END) AS credits
             FROM purchase p
             JOIN journal j ON j.kind = 'purchase' AND j.subject = 'purchase:' || p.id
             JOIN posting x ON x.journal_id = j.id JOIN ledger_account a ON a.id = x.account_id
             GROUP BY j.id, p.id, p.credits, p.price_cents
           ) AS moved WHERE cents <> due_cents OR credits <> due_credits ORDER BY journal""",
    ),
    _question(
        "Account {owner} has {held} credits set aside at facility {facility}, but its undecided messages cost {cost}.",
        """SELECT owner, facility, sum(held) AS held, sum(cost) AS cost FROM (
             SELECT owner_id AS owner, facility_id AS facility, balance AS held, 0 AS cost
             FROM ledger_account WHERE kind = 'hold'
             UNION ALL
             SELECT account_id, facility_id, 0, cost_credits FROM message WHERE status IN :pending
           ) AS side GROUP BY owner, facility HAVING sum(held) <> sum(cost) ORDER BY owner, facility""",
        pending=[status for status in MessageStatus if status.is_pending],
    ),
)


def differences(session: Session) -> list[str]:
    """Every way in which the ledger is not as it must be, at most twenty of each; empty when all is well."""
    return [
        sentence.format(**row)
        for sentence, query in _QUESTIONS
        for row in session.connection().execute(query).mappings()
    ]
