"""The invariants of the ledger: it balances, each message moved its cost, and the money adds up (`money_proof`)."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.ledger import JournalKind
from rxconnect.domain.messages import MessageStatus
from rxconnect.services.money.money_proof import MONEY
from rxconnect.services.money.proof import broken_invariants, question

_PENDING = [status.value for status in MessageStatus if status.is_pending]
_RETURNED = [status.value for status in MessageStatus if status.returns_credits]
# The sums that the journals of a message moved, by kind of account.
_MOVED = ", ".join(
    f"coalesce(sum(CASE WHEN a.kind = '{kind}' THEN p.amount ELSE 0 END), 0) AS {name}"
    for kind, name in (("wallet", "wallet"), ("hold", "held"), ("earned", "earned"))
)

BALANCES = (
    question(
        "Journal {journal} does not balance: its {unit}s sum to {amount}.",
        """SELECT journal_id AS journal, unit, sum(amount) AS amount
           FROM posting GROUP BY journal_id, unit HAVING sum(amount) <> 0 ORDER BY journal_id""",
    ),
    question(
        "All {unit}s together come to {amount}, and must come to nothing.",
        "SELECT unit, sum(balance) AS amount FROM ledger_account GROUP BY unit HAVING sum(balance) <> 0 ORDER BY unit",
    ),
    question(
        "Journal {journal} is of a kind that does not exist: {kind}.",
        "SELECT id AS journal, kind FROM journal WHERE kind NOT IN :kinds ORDER BY id",
        kinds=[kind.value for kind in JournalKind],
    ),
    question(
        "Journal {journal} has {lines} postings, and needs two or more.",
        """SELECT j.id AS journal, count(p.id) AS lines
           FROM journal j LEFT JOIN posting p ON p.journal_id = j.id
           GROUP BY j.id HAVING count(p.id) < 2 ORDER BY j.id""",
    ),
    question(
        "The {kind} account {account} says {balance}, but its postings sum to {amount}.",
        """SELECT a.id AS account, a.kind, a.balance, coalesce(sum(p.amount), 0) AS amount
           FROM ledger_account a LEFT JOIN posting p ON p.account_id = a.id
           GROUP BY a.id, a.kind, a.balance HAVING a.balance <> coalesce(sum(p.amount), 0) ORDER BY a.id""",
    ),
    question(
        "Posting {posting} says that account {account} held {balance} after it, but by then they sum to {amount}.",
        """SELECT * FROM (
             SELECT id AS posting, account_id AS account, balance_after AS balance,
                    sum(amount) OVER (PARTITION BY account_id ORDER BY id) AS amount
             FROM posting
           ) AS chain WHERE balance <> amount ORDER BY posting""",
    ),
    question(
        "The {kind} account {account} is at {balance}, below its floor of {floor}.",
        "SELECT id AS account, kind, balance, floor FROM ledger_account WHERE balance < floor ORDER BY id",
    ),
    question(
        "Posting {posting} moves {unit}s, but its account {account} counts {counts}s.",
        """SELECT p.id AS posting, p.unit, a.id AS account, a.unit AS counts
           FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE p.unit <> a.unit ORDER BY p.id""",
    ),
)

# The end of the keys of an item whose credits are held for a further time, as `message_moves` makes them.
_AGAIN = "CASE WHEN i.holds = 1 THEN '' ELSE ':' || i.holds END"

HOLDS = (
    question(
        "Account {owner} has {held} credits set aside at facility {facility}, but its undecided items cost {cost}.",
        """SELECT owner, facility, sum(held) AS held, sum(cost) AS cost FROM (
             SELECT owner_id AS owner, facility_id AS facility, balance AS held, 0 AS cost
             FROM ledger_account WHERE kind = 'hold'
             UNION ALL
             SELECT m.account_id, coalesce(m.paid_facility_id, m.facility_id), 0, i.credits
             FROM item i JOIN message m ON m.id = i.message_id WHERE i.status IN :pending
           ) AS side GROUP BY owner, facility HAVING sum(held) <> sum(cost) ORDER BY owner, facility""",
        pending=_PENDING,
    ),
    question(
        "Message {message} costs {cost} credits and is {status}, but its items cost {credits}, and {undecided} of them "
        "are undecided.",
        """SELECT * FROM (
             SELECT m.id AS message, m.cost_credits AS cost, m.status, coalesce(sum(i.credits), 0) AS credits,
                    coalesce(sum(CASE WHEN i.status IN :pending AND i.kind <> 'reply' THEN 1 ELSE 0 END), 0) AS undecided
             FROM message m LEFT JOIN item i ON i.message_id = m.id GROUP BY m.id, m.cost_credits, m.status
           ) AS proof
           WHERE cost <> credits OR (undecided > 0) <> (status IN :pending) ORDER BY message""",
        pending=_PENDING,
    ),
    question(
        "Item {item} of message {message} costs {cost} credits and is {status}, but its journals moved {wallet} in the "
        "wallet, {held} set aside and {earned} to the facility.",
        # A message from before there were items has one item, and its journals have the message's own keys. After a
        # withdrawal that was undone, the journals of before cancel out.
        f"""SELECT * FROM (
             SELECT i.id AS item, i.message_id AS message, i.credits AS cost, i.status, {_MOVED}
             FROM item i JOIN message m ON m.id = i.message_id
             LEFT JOIN journal j ON j.idempotency_key IN (
               'item:' || i.id || ':' || 'hold' || {_AGAIN}, 'item:' || i.id || ':' || 'settle' || {_AGAIN},
               CASE WHEN i.holds = 1 THEN 'message:' || m.draft_id || ':' || 'hold' END,
               CASE WHEN i.holds = 1 THEN 'message:' || m.id || ':' || 'settle' END)
             LEFT JOIN posting p ON p.journal_id = j.id LEFT JOIN ledger_account a ON a.id = p.account_id
             GROUP BY i.id, i.message_id, i.credits, i.status
           ) AS proof
           WHERE CASE WHEN status IN :pending THEN wallet <> -cost OR held <> cost OR earned <> 0
                      WHEN status IN :returned THEN wallet <> 0 OR held <> 0 OR earned <> 0
                      ELSE wallet <> -cost OR held <> 0 OR earned <> cost END
           ORDER BY item""",  # noqa: S608 - all of it stands here
        pending=_PENDING,
        returned=_RETURNED,
    ),
    question(
        "The items of message {message} have {undecided} credits set aside and {spent} spent, but its journals moved "
        "{wallet} in the wallet, {held} set aside and {earned} to the facility.",
        f"""SELECT * FROM (
             SELECT m.id AS message, {_MOVED},
                    (SELECT coalesce(sum(i.credits), 0) FROM item i
                      WHERE i.message_id = m.id AND i.status IN :pending) AS undecided,
                    (SELECT coalesce(sum(i.credits), 0) FROM item i
                      WHERE i.message_id = m.id AND i.status NOT IN :pending AND i.status NOT IN :returned) AS spent
             FROM message m
             LEFT JOIN journal j ON j.subject = 'message:' || m.id
             LEFT JOIN posting p ON p.journal_id = j.id LEFT JOIN ledger_account a ON a.id = p.account_id
             GROUP BY m.id
           ) AS proof
           WHERE wallet <> -undecided - spent OR held <> undecided OR earned <> spent ORDER BY message""",  # noqa: S608
        pending=_PENDING,
        returned=_RETURNED,
    ),
)


def differences(session: Session, **about: str | int | None) -> list[str]:
    """Sentences about every broken invariant of the ledger, at most twenty for each; empty when all hold.

    `about` narrows the checks to one thing, as in `proof.broken_invariants`.
    """
    return list(broken_invariants(session, (*BALANCES, *MONEY, *HOLDS), **about))
