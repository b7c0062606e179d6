"""Messages: what one costs, how it may move, and what each status says."""

from __future__ import annotations

import pytest

from rxconnect.domain.errors import IllegalMove
from rxconnect.domain.messages import (
    MESSAGE_MOVES,
    MessageStatus,
    Reason,
    check_move,
    cost_in_credits,
    credits_summary,
    status_of,
)

(SUBMITTED, SCREENING, IN_REVIEW, APPROVED, DELIVERED, OPENED, REPLIED, REJECTED, WITHDRAWN, EXPIRED, UNDELIVERABLE) = (
    MessageStatus
)


@pytest.mark.parametrize(
    ("characters", "credits"), [(0, 1), (1, 1), (1999, 1), (2000, 1), (2001, 2), (4000, 2), (6000, 3), (6001, 4)]
)
def test_each_started_part_of_a_message_costs_one_credit(characters, credits):
    assert cost_in_credits(characters, characters_per_credit=2000) == credits


def test_every_status_says_what_became_of_the_credits():
    told = {fate: [one for one in MessageStatus if one.credits_are == fate] for fate in ("set aside", "spent")}
    assert told["set aside"] == [SUBMITTED, SCREENING, IN_REVIEW, APPROVED]
    assert told["spent"] == [DELIVERED, OPENED, REPLIED]
    assert MessageStatus.REJECTED.credits_are == "returned"


@pytest.mark.parametrize("status", list(MessageStatus))
def test_a_pending_message_settles_its_credits_exactly_once_on_every_way_to_an_end(status):
    """Credits are spent or returned when the pending ends, and never again after it."""
    for following in MESSAGE_MOVES[status]:
        settles = following.spends_credits or following.returns_credits
        assert settles == (status.is_pending and not following.is_pending)


def test_no_status_both_spends_and_returns():
    assert not [status for status in MessageStatus if status.spends_credits and status.returns_credits]


@pytest.mark.parametrize("status", list(MessageStatus))
def test_a_message_of_one_item_is_what_its_item_is(status):
    assert status_of([status]) == status == status_of([status, status])


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([APPROVED, IN_REVIEW], IN_REVIEW),
        ([REJECTED, IN_REVIEW, APPROVED], IN_REVIEW),
        ([REJECTED, APPROVED], APPROVED),
        ([DELIVERED, REJECTED], DELIVERED),
        ([EXPIRED, OPENED], OPENED),
        ([REJECTED, EXPIRED], EXPIRED),
        ([WITHDRAWN, REJECTED], WITHDRAWN),
        ([EXPIRED, UNDELIVERABLE, REJECTED], UNDELIVERABLE),
    ],
)
def test_a_message_shows_what_is_still_to_come_before_what_has_ended(items, status):
    assert status_of(items) == status_of(reversed(items)) == status


def test_a_message_is_pending_as_long_as_one_of_its_items_is():
    for one in MessageStatus:
        for other in MessageStatus:
            assert status_of([one, other]).is_pending == (one.is_pending or other.is_pending)


def test_what_became_of_the_credits_is_told_together_where_it_is_the_same():
    assert credits_summary([(DELIVERED, 2)]) == "2 credits spent"
    assert credits_summary([(DELIVERED, 1), (REJECTED, 1), (OPENED, 2)]) == "3 credits spent, 1 credit returned"


@pytest.mark.parametrize("current", list(MessageStatus))
def test_only_the_listed_moves_are_legal(current):
    for wanted in MessageStatus:
        if wanted in MESSAGE_MOVES[current]:
            check_move(current, wanted)
        else:
            with pytest.raises(IllegalMove):
                check_move(current, wanted)


def test_a_decided_message_cannot_be_withdrawn():
    withdrawable = {status for status in MessageStatus if MessageStatus.WITHDRAWN in MESSAGE_MOVES[status]}
    assert withdrawable == {SUBMITTED, SCREENING, IN_REVIEW}


@pytest.mark.parametrize("status", list(MessageStatus))
def test_every_status_explains_itself(status):
    assert status.label
    assert status.tone in ("good", "wait", "bad")
    assert status.explanation.endswith(".")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_rule(reason):
    assert reason.rule.endswith(".")
