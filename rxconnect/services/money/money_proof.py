"""The invariants of money: the rows of purchases, refunds, transfers and disputes agree with the ledger's postings.

The rows imply which journals must exist, and the amount that each must have moved on which account. Comparing them with
the real journals reveals a missing journal, an extra one, and a wrong amount.
"""

from __future__ import annotations

from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.domain.refunds import RefundStatus
from rxconnect.services.money.proof import question

# A dispute's status, as its row stores it.
_OPEN, _WON, _LOST = "open", "won", "lost"
_HAVE_RECEIPTS = [status.value for status in PurchaseStatus if status.has_receipt]

PURCHASES = (
    question(
        "Purchase {purchase} is {status}, with {journals} journals and {receipts} receipts.",
        """SELECT * FROM (
             SELECT p.id AS purchase, p.status,
                    (SELECT count(*) FROM journal j
                      WHERE j.kind = 'purchase' AND j.subject = 'purchase:' || p.id) AS journals,
                    (SELECT count(*) FROM receipt r WHERE r.purchase_id = p.id) AS receipts
             FROM purchase p
           ) AS proof
           WHERE CASE WHEN status IN :paid THEN journals <> 1 OR receipts <> 1 ELSE journals + receipts > 0 END
           ORDER BY purchase""",
        paid=_HAVE_RECEIPTS,
    ),
    question(
        "Purchase {purchase} is {status}, with {lots} lots of its own.",
        """SELECT * FROM (
             SELECT p.id AS purchase, p.status,
                    (SELECT count(*) FROM lot l WHERE l.purchase_id = p.id AND l.transfer_id IS NULL) AS lots
             FROM purchase p
           ) AS proof
           WHERE CASE WHEN status IN :paid THEN lots <> 1 ELSE lots > 0 END ORDER BY purchase""",
        paid=_HAVE_RECEIPTS,
    ),
    question(
        "Journal {journal} is of a purchase that does not exist: {subject}.",
        """SELECT j.id AS journal, j.subject FROM journal j
           WHERE j.kind = 'purchase' AND (substr(j.subject, 1, 9) <> 'purchase:'
             OR NOT EXISTS (SELECT 1 FROM purchase p WHERE p.id = substr(j.subject, 10)))
           ORDER BY j.id""",
    ),
    question(
        "Receipt {receipt} does not agree with its purchase {purchase}.",
        """SELECT r.number AS receipt, p.id AS purchase FROM receipt r JOIN purchase p ON p.id = r.purchase_id
           WHERE r.credits <> p.credits OR r.price_cents <> p.price_cents
              OR r.total_cents <> p.credits * p.price_cents
              OR r.account_id <> p.account_id OR r.facility_id <> p.facility_id OR r.issued_at <> p.paid_at
              OR r.card_brand <> p.card_brand OR r.card_last_four <> p.card_last_four
           ORDER BY r.number""",
    ),
    question(
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
    question(
        "Lot {lot} has {credits} credits for {cents} cents, "
        "but purchase {purchase} was of {due_credits} credits for {due_cents} cents.",
        """SELECT l.id AS lot, l.credits, l.cents, p.id AS purchase, p.credits AS due_credits,
                  p.credits * p.price_cents AS due_cents
           FROM lot l JOIN purchase p ON p.id = l.purchase_id
           WHERE l.transfer_id IS NULL
             AND (l.credits <> p.credits OR l.cents <> p.credits * p.price_cents) ORDER BY l.id""",
    ),
    question(
        "Lot {lot} is in a wallet that purchase {purchase} did not pay for.",
        """SELECT l.id AS lot, p.id AS purchase FROM lot l JOIN purchase p ON p.id = l.purchase_id
           WHERE l.account_id <> p.account_id OR (l.transfer_id IS NULL AND l.facility_id <> p.facility_id)
           ORDER BY l.id""",
    ),
)

REFUNDS = (
    question(
        "Purchase {purchase} says that {said} of its {cents} cents were refunded, but its refunds come to {refunded}.",
        """SELECT * FROM (
             SELECT p.id AS purchase, p.refunded_cents AS said, p.credits * p.price_cents AS cents,
                    (SELECT coalesce(sum(r.cents), 0) FROM refund r
                      WHERE r.purchase_id = p.id AND r.lot_id IS NOT NULL AND r.status <> :failed) AS refunded
             FROM purchase p
           ) AS proof WHERE said <> refunded OR refunded > cents ORDER BY purchase""",
        failed=RefundStatus.FAILED.value,
    ),
    question(
        "Refund {refund} of {credits} credits is not of the lot that it names.",
        """SELECT r.id AS refund, r.credits FROM refund r LEFT JOIN lot l ON l.id = r.lot_id
           WHERE CASE WHEN r.lot_id IS NULL THEN r.credits <> 0
                      ELSE r.credits = 0 OR l.purchase_id <> r.purchase_id OR l.account_id <> r.account_id
                        OR l.facility_id <> r.facility_id END
           ORDER BY r.id""",
    ),
    question(
        "Refund {refund}: journal {journal} moved {moved} on the {kind} account of {owner} at facility {facility}, "
        "and must move {due}.",
        """WITH returned AS (SELECT * FROM refund WHERE lot_id IS NOT NULL),
                due AS (
             SELECT id, 'refund:' || id AS journal, 'wallet' AS kind, account_id AS owner,
                    facility_id AS facility, -credits AS amount FROM returned
             UNION ALL SELECT id, 'refund:' || id, 'issued', 0, facility_id, credits FROM returned
             UNION ALL SELECT id, 'refund:' || id, 'takings', 0, facility_id, -cents FROM returned
             UNION ALL SELECT id, 'refund:' || id, 'refunding', account_id, 0, cents FROM returned
             UNION ALL SELECT id, 'refund:' || id || ':' || status, 'wallet', account_id, facility_id, credits
                       FROM returned WHERE status = :failed
             UNION ALL SELECT id, 'refund:' || id || ':' || status, 'issued', 0, facility_id, -credits
                       FROM returned WHERE status = :failed
             UNION ALL SELECT id, 'refund:' || id || ':' || status, 'takings', 0, facility_id, cents
                       FROM returned WHERE status = :failed
             UNION ALL SELECT id, 'refund:' || id || ':' || status, 'refunding', account_id, 0, -cents
                       FROM returned WHERE status = :failed
             UNION ALL SELECT id, 'correction:' || intent_id, 'processor', 0, 0, -cents
                       FROM refund WHERE lot_id IS NULL
             UNION ALL SELECT id, 'correction:' || intent_id, 'refunding', account_id, 0, cents
                       FROM refund WHERE lot_id IS NULL
             UNION ALL SELECT id, 'refund:' || id || ':' || status, 'refunding', account_id, 0, -cents
                       FROM refund WHERE status = :paid
             UNION ALL SELECT id, 'refund:' || id || ':' || status, 'processor', 0, 0, cents
                       FROM refund WHERE status = :paid
           ), moved AS (
             SELECT substr(j.subject, 8) AS id, j.idempotency_key AS journal, a.kind, a.owner_id AS owner,
                    a.facility_id AS facility, p.amount
             FROM journal j JOIN posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
             WHERE j.kind IN ('refund', 'refund paid', 'refund failed', 'correction')
           )
           SELECT id AS refund, journal, kind, owner, facility, sum(due) AS due, sum(moved) AS moved FROM (
             SELECT id, journal, kind, owner, facility, amount AS due, 0 AS moved FROM due
             UNION ALL SELECT id, journal, kind, owner, facility, 0, amount FROM moved
           ) AS both_sides GROUP BY id, journal, kind, owner, facility HAVING sum(due) <> sum(moved)
           ORDER BY id, journal, kind""",
        failed=RefundStatus.FAILED.value,
        paid=RefundStatus.PAID.value,
    ),
    question(
        "Account {owner} has {balance} cents on their way back to its card, but its unfinished refunds come to {cents}.",
        """SELECT owner, sum(balance) AS balance, sum(cents) AS cents FROM (
             SELECT owner_id AS owner, balance, 0 AS cents FROM ledger_account WHERE kind = 'refunding'
             UNION ALL
             SELECT account_id, 0, cents FROM refund
              WHERE status = :pending OR (status = :failed AND lot_id IS NULL)
           ) AS side GROUP BY owner HAVING sum(balance) <> sum(cents) ORDER BY owner""",
        pending=RefundStatus.PENDING.value,
        failed=RefundStatus.FAILED.value,
    ),
)

LOTS = (
    question(
        "Lot {lot} of purchase {purchase}: {gone_credits} credits and {gone_cents} cents are gone, but its refunds and "
        "disputes alone come to {credits} credits and {cents} cents.",
        """SELECT l.id AS lot, l.purchase_id AS purchase, l.gone_credits, l.gone_cents,
                  sum(g.credits) AS credits, sum(g.cents) AS cents
           FROM lot l JOIN (
             SELECT lot_id, credits, cents FROM refund WHERE lot_id IS NOT NULL AND status <> :failed
             UNION ALL
             SELECT x.lot_id, x.credits, x.cents
             FROM disputed_lot x JOIN dispute d ON d.id = x.dispute_id WHERE d.status <> :won
           ) AS g ON g.lot_id = l.id
           GROUP BY l.id, l.purchase_id, l.gone_credits, l.gone_cents
           HAVING l.gone_credits < sum(g.credits) OR l.gone_cents < sum(g.cents) ORDER BY l.id""",
        failed=RefundStatus.FAILED.value,
        won=_WON,
    ),
    question(
        "The lots of purchase {purchase} say that {gone} cents are gone, "
        "but its refunds, disputes and moves to other facilities come to {cents}.",
        """SELECT purchase, sum(gone) AS gone, sum(cents) AS cents FROM (
             SELECT purchase_id AS purchase, gone_cents AS gone, 0 AS cents FROM lot
             UNION ALL SELECT purchase_id, 0, cents FROM lot WHERE transfer_id IS NOT NULL
             UNION ALL SELECT purchase_id, 0, cents FROM refund WHERE lot_id IS NOT NULL AND status <> :failed
             UNION ALL SELECT d.purchase_id, 0, x.cents
                       FROM disputed_lot x JOIN dispute d ON d.id = x.dispute_id WHERE d.status <> :won
           ) AS side GROUP BY purchase HAVING sum(gone) <> sum(cents) ORDER BY purchase""",
        failed=RefundStatus.FAILED.value,
        won=_WON,
    ),
    question(
        "The lots of account {owner} at facility {facility} say that {gone} credits are gone, "
        "but refunds, disputes and moves to other facilities come to {credits}.",
        """SELECT owner, facility, sum(gone) AS gone, sum(credits) AS credits FROM (
             SELECT account_id AS owner, facility_id AS facility, gone_credits AS gone, 0 AS credits FROM lot
             UNION ALL SELECT account_id, from_facility_id, 0, credits FROM transfer
             UNION ALL SELECT account_id, facility_id, 0, credits FROM refund
                        WHERE lot_id IS NOT NULL AND status <> :failed
             UNION ALL SELECT l.account_id, l.facility_id, 0, x.credits
                       FROM disputed_lot x JOIN dispute d ON d.id = x.dispute_id JOIN lot l ON l.id = x.lot_id
                       WHERE d.status <> :won
           ) AS side GROUP BY owner, facility HAVING sum(gone) <> sum(credits) ORDER BY owner, facility""",
        failed=RefundStatus.FAILED.value,
        won=_WON,
    ),
)

TRANSFERS = (
    question(
        "Transfer {transfer} made {new_credits} credits of {cents} cents, "
        "but its lots are of {lot_credits} credits and {lot_cents} cents.",
        """SELECT CAST(t.id AS VARCHAR) AS transfer, t.new_credits, t.cents, coalesce(sum(l.credits), 0) AS lot_credits,
                  coalesce(sum(l.cents), 0) AS lot_cents
           FROM transfer t LEFT JOIN lot l
             ON l.transfer_id = t.id AND l.account_id = t.account_id AND l.facility_id = t.to_facility_id
           GROUP BY t.id, t.new_credits, t.cents
           HAVING t.new_credits <> coalesce(sum(l.credits), 0) OR t.cents <> coalesce(sum(l.cents), 0)
           ORDER BY t.id""",
    ),
    question(
        "Transfer {transfer}: journal {journal} moved {moved} on the {kind} account of {owner} "
        "at facility {facility}, and must move {due}.",
        """WITH due AS (
             SELECT id, 'wallet' AS kind, account_id AS owner, from_facility_id AS facility, -credits AS amount
             FROM transfer
             UNION ALL SELECT id, 'issued', 0, from_facility_id, credits FROM transfer
             UNION ALL SELECT id, 'issued', 0, to_facility_id, -new_credits FROM transfer
             UNION ALL SELECT id, 'wallet', account_id, to_facility_id, new_credits FROM transfer
             UNION ALL SELECT id, 'takings', 0, from_facility_id, -cents FROM transfer
             UNION ALL SELECT id, 'takings', 0, to_facility_id, cents FROM transfer
           ), moved AS (
             SELECT j.idempotency_key AS journal, a.kind, a.owner_id AS owner, a.facility_id AS facility, p.amount
             FROM journal j JOIN posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
             WHERE j.kind = 'transfer'
           )
           SELECT substr(journal, 10) AS transfer, journal, kind, owner, facility, sum(due) AS due, sum(moved) AS moved
           FROM (
             SELECT 'transfer:' || id AS journal, kind, owner, facility, amount AS due, 0 AS moved FROM due
             UNION ALL SELECT journal, kind, owner, facility, 0, amount FROM moved
           ) AS both_sides GROUP BY journal, kind, owner, facility HAVING sum(due) <> sum(moved)
           ORDER BY journal, kind""",
    ),
)

DISPUTES = (
    question(
        "Purchase {purchase} is {status}, with {disputes} disputes that were not won.",
        """SELECT * FROM (
             SELECT p.id AS purchase, p.status,
                    (SELECT count(*) FROM dispute d WHERE d.purchase_id = p.id AND d.status <> :won) AS disputes
             FROM purchase p
           ) AS proof WHERE (status = :disputed) <> (disputes > 0) ORDER BY purchase""",
        disputed=PurchaseStatus.DISPUTED.value,
        won=_WON,
    ),
    question(
        "Dispute {dispute}: its '{journals}' journals moved {moved} on the {kind} account of {owner} "
        "at facility {facility}, and must move {due}.",
        """WITH part AS (
             SELECT d.id, d.status, l.account_id, l.facility_id, x.credits, x.cents
             FROM disputed_lot x JOIN dispute d ON d.id = x.dispute_id JOIN lot l ON l.id = x.lot_id
           ), opened AS (
             SELECT id, status, 'wallet' AS kind, account_id AS owner, facility_id AS facility, -credits AS amount
             FROM part
             UNION ALL SELECT id, status, 'frozen', account_id, facility_id, credits FROM part
             UNION ALL SELECT id, status, 'takings', 0, facility_id, -cents FROM part
             UNION ALL SELECT id, status, 'processor', 0, 0, cents FROM part
           ), due AS (
             SELECT id, 'dispute' AS journals, kind, owner, facility, amount FROM opened
             UNION ALL SELECT id, 'dispute won', kind, owner, facility, -amount FROM opened WHERE status = :won
             UNION ALL SELECT id, 'dispute lost', 'frozen', account_id, facility_id, -credits
                       FROM part WHERE status = :lost
             UNION ALL SELECT id, 'dispute lost', 'issued', 0, facility_id, credits FROM part WHERE status = :lost
           ), moved AS (
             SELECT substr(j.subject, 9) AS id, j.kind AS journals, a.kind, a.owner_id AS owner,
                    a.facility_id AS facility, p.amount
             FROM journal j JOIN posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
             WHERE j.kind IN ('dispute', 'dispute won', 'dispute lost')
           )
           SELECT id AS dispute, journals, kind, owner, facility, sum(due) AS due, sum(moved) AS moved FROM (
             SELECT id, journals, kind, owner, facility, amount AS due, 0 AS moved FROM due
             UNION ALL SELECT id, journals, kind, owner, facility, 0, amount FROM moved
           ) AS both_sides GROUP BY id, journals, kind, owner, facility HAVING sum(due) <> sum(moved)
           ORDER BY id, journals, kind""",
        lost=_LOST,
        won=_WON,
    ),
    question(
        "Account {owner} has {frozen} frozen credits at facility {facility}, but its open disputes froze {credits}.",
        """SELECT owner, facility, sum(frozen) AS frozen, sum(credits) AS credits FROM (
             SELECT owner_id AS owner, facility_id AS facility, balance AS frozen, 0 AS credits
             FROM ledger_account WHERE kind = 'frozen'
             UNION ALL
             SELECT l.account_id, l.facility_id, 0, x.credits
             FROM disputed_lot x JOIN dispute d ON d.id = x.dispute_id JOIN lot l ON l.id = x.lot_id
             WHERE d.status = :open
           ) AS side GROUP BY owner, facility HAVING sum(frozen) <> sum(credits) ORDER BY owner, facility""",
        open=_OPEN,
    ),
)

REVERSALS = (
    question(
        "Journal {journal} ({kind}) does not say that it reverses the journal {subject}.",
        """SELECT j.id AS journal, j.kind, j.subject FROM journal j
           LEFT JOIN journal begun ON begun.idempotency_key = j.subject
           WHERE CASE WHEN j.kind IN ('refund failed', 'dispute won')
                      THEN j.reverses IS NULL OR begun.id IS NULL OR j.reverses <> begun.id
                      ELSE j.reverses IS NOT NULL END
           ORDER BY j.id""",
    ),
)

MONEY = (*PURCHASES, *LOTS, *REFUNDS, *TRANSFERS, *DISPUTES, *REVERSALS)
