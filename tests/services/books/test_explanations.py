"""Explanations: the life of one thing in plain words, which ends with whether it adds up."""

import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import text

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.explanations import Heading, Line, Verdict
from rxconnect.domain.purchases import receipt_number
from rxconnect.models import Facility
from rxconnect.services.books import explanations
from rxconnect.services.money import processor, wallets
from rxconnect.services.purchases import disputes
from rxconnect.services.refunds import refund_payouts, refunds
from tests.services.buying import buy
from tests.services.conftest import give_credits
from tests.services.moneyed import NO_REFUND, intent_of, live


@pytest.fixture
def lived(database):
    return live()


def told(service, *about):
    """A story's heading, its lines without their moments, and its verdict."""
    with db.reading() as session:
        heading, *lines, verdict = list(service(session, *about))
    assert isinstance(heading, Heading)
    assert isinstance(verdict, Verdict)
    assert all(isinstance(line, Line) for line in lines)
    return heading.text, [(line.text, line.after) for line in lines], verdict


def key_of(facility_id):
    with db.reading() as session:
        return session.get_one(Facility, facility_id).key


def test_a_wallet_tells_everything_that_happened_in_it_and_the_balance_after(lived):
    heading, lines, verdict = told(explanations.explain_wallet, lived.family.email.upper(), key_of(lived.alder))
    number = {name: receipt_number(purchase_id) for name, purchase_id in lived.purchases.items()}
    assert heading == f"The wallet of Ada Young ({lived.family.email}) at Alder County Jail"
    assert lines == [
        (f"20 credits bought for $5.00, receipt {number['letters']}.", "20 credits"),
        (f"1 credit set aside for message {lived.delivered_id}.", "19 credits, 1 set aside"),
        (f"1 credit set aside for message {lived.waiting_id}.", "18 credits, 2 set aside"),
        (f"1 credit set aside for message {lived.returned_id}.", "17 credits, 3 set aside"),
        (f"1 credit spent: message {lived.delivered_id} was delivered.", "17 credits, 2 set aside"),
        (f"1 credit returned: message {lived.returned_id} was not delivered.", "18 credits, 1 set aside"),
        (f"8 credits bought for $2.00, receipt {number['refunded']}.", "26 credits, 1 set aside"),
        ("3 credits refunded: $0.75 set aside for the card.", "23 credits, 1 set aside"),
        (f"6 credits bought for $1.50, receipt {number['refused refund']}.", "29 credits, 1 set aside"),
        ("2 credits refunded: $0.50 set aside for the card.", "27 credits, 1 set aside"),
        ("2 credits returned: the card did not take $0.50 back.", "29 credits, 1 set aside"),
        (f"5 credits bought for $1.25, receipt {number['pending refund']}.", "34 credits, 1 set aside"),
        ("1 credit refunded: $0.25 set aside for the card.", "33 credits, 1 set aside"),
    ]
    assert verdict.is_sound


def test_a_refunded_purchase_tells_who_asked_and_what_is_left(lived):
    number = receipt_number(lived.purchases["refunded"])
    heading, lines, verdict = told(explanations.explain_purchase, number.lower())
    texts = [text for text, _after in lines]
    assert heading.startswith(
        f"Purchase {lived.purchases['refunded']}, receipt {number}: 8 credits at Alder County Jail"
    )
    assert texts[0] == "Begun."
    assert any("of $0.75 began. You asked for it." in text for text in texts)
    assert any("the processor paid $0.75 back to the card" in text for text in texts)
    assert "Charged in 1 attempt, the last one with Visa ending 4242. It was paid." in texts
    assert texts[-1] == (
        "Of 8 credits bought at Alder County Jail, 3 went elsewhere with their money, "
        "5 are unused, which could be refunded for $1.25."
    )
    assert verdict.is_sound


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ("letters", "Of 20 credits bought at Alder County Jail, 18 are unused, which could be refunded for $4.50."),
        ("refused refund", "the card did not take $0.50 back"),
        ("wrong amount", "It failed: wrong amount."),
        ("wrong amount", "The card processor charged a wrong amount."),
        ("moved", "9 credits, worth $2.25, moved to Birch County Jail, where they became 12 credits."),
        ("moved", "12 credits, worth $2.25, came from Alder County Jail, where they were 9 credits."),
        ("moved", "Of 12 credits moved there at Birch County Jail, 12 are unused, which could be refunded for $2.25."),
        ("open", "10 credits frozen: the buyer’s bank took $2.50 back"),
        ("open", "It was paid, and the bank has taken the money back."),
        ("won", "10 credits returned: the bank gave $2.50 back"),
        ("lost", "10 credits gone: the bank reversed the payment for good"),
    ],
)
def test_a_purchase_tells_what_became_of_it(lived, which, sentence):
    _heading, lines, verdict = told(explanations.explain_purchase, lived.purchases[which])
    assert sentence in " ".join(text for text, _after in lines)
    assert verdict.is_sound


def test_a_disputed_purchase_does_not_count_unused_credits_of_another_one_as_its_own(pair):
    two = pair(credits=0, facility_fields={"price_cents": 25})
    buy(two.family, two.facility_id, 10, number=NO_REFUND)
    refunds.request_refund(two.family, two.facility_id, 10, "press-one")
    disputed = buy(two.family, two.facility_id, 10).id
    for move in (wallets.hold, wallets.spend):
        db.write(move, two.family.account_id, two.facility_id, 10, key=move.__name__, subject="message:0")
    disputes.check_dispute(processor.sandbox().open_dispute(intent_of(disputed)))
    with clock.at(clock.now() + timedelta(hours=2)):
        refund_payouts.carry_out_due()
    assert two.credits() == (10, 0)

    _heading, lines, _verdict = told(explanations.explain_purchase, disputed)

    text, _after = lines[-1]
    assert text.endswith(", 0 are unused.")


def test_a_message_tells_its_statuses_and_its_credits_and_never_its_words(lived):
    heading, lines, verdict = told(explanations.explain_message, lived.delivered_id)
    assert heading == (
        f"Message {lived.delivered_id} from Ada Young ({lived.family.email}), at Alder County Jail, for 1 credit"
    )
    assert lines == [
        ("Sent, by family.", ""),
        ("Being checked.", ""),
        ("1 credit set aside for message 1.", "19 credits in the wallet"),
        ("In review.", ""),
        ("Approved, by reviewer.", ""),
        ("Delivered.", ""),
        ("1 credit spent: message 1 was delivered.", ""),
        ("Its 1 credit must be spent.", ""),
    ]
    assert verdict.is_sound
    assert told(explanations.explain_message, lived.waiting_id)[1][-1] == ("Its 1 credit must be set aside now.", "")
    assert told(explanations.explain_message, lived.returned_id)[1][-1] == (
        "Its 1 credit must be back in the wallet.",
        "",
    )


DAMAGE = {
    "a wallet": ("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'wallet'", "postings sum to"),
    "a refund": ("UPDATE purchase SET refunded_cents = 0", "but its refunds come to"),
    "a message": ("UPDATE message SET cost_credits = 2", "costs 2 credits"),
}


def test_what_does_not_add_up_is_said_of_the_thing_it_concerns_and_of_no_other(lived):
    with db.transaction() as session:
        for statement, _sentence in DAMAGE.values():
            session.connection().execute(text(statement))
    verdicts = {
        "a wallet": told(explanations.explain_wallet, lived.family.email, key_of(lived.alder))[2],
        "a refund": told(explanations.explain_purchase, lived.purchases["refunded"])[2],
        "a message": told(explanations.explain_message, lived.waiting_id)[2],
    }
    for name, (_statement, sentence) in DAMAGE.items():
        assert any(sentence in difference for difference in verdicts[name].differences), name
    assert not any("refunds come to" in line for line in verdicts["a message"].differences)
    assert told(explanations.explain_purchase, lived.purchases["letters"])[2].is_sound


@pytest.mark.parametrize(
    ("service", "about", "what"),
    [
        (explanations.explain_wallet, ("nobody@example.org", "nowhere"), "account"),
        (explanations.explain_purchase, ("RX-0000-0000-0000",), "purchase"),
        (explanations.explain_message, (999_999,), "message"),
    ],
)
def test_what_does_not_exist_is_not_found(database, service, about, what):
    with db.reading() as session, pytest.raises(NotFound, match=what):
        service(session, *about)


def test_a_wallet_in_which_nothing_happened_says_so(facility, actor):
    _heading, lines, verdict = told(explanations.explain_wallet, actor().email, key_of(facility()))
    assert lines == [("Nothing ever happened in it.", "")]
    assert verdict.is_sound


def test_a_wallet_with_very_many_postings_is_not_kept_in_memory(facility, actor):
    place, owner = facility(), actor()
    peaks = []
    for rounds in (500, 2_000):
        give_credits(owner, place, rounds)
        with db.transaction() as session:
            for number in range(rounds):
                key = f"message:{rounds}{number}"
                wallets.hold(session, owner.account_id, place, 1, key=f"{key}:hold", subject=key)
                wallets.spend(session, owner.account_id, place, 1, key=f"{key}:settle", subject=key)
        tracemalloc.start()
        with db.reading() as session:
            lines = sum(1 for _part in explanations.explain_wallet(session, owner.email, key_of(place)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert lines > 2 * rounds
    assert peaks[1] < 2 * peaks[0]
