"""Claims: one person's, for ten minutes, and never in the way afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.errors import ClaimedByAnother, NotFound
from rxconnect.models import SignIn
from rxconnect.services.review import claims, queue
from tests.services.review.desks import claim, later, signed_in
from tests.services.scheduling.running import run_job


@pytest.fixture
def desk(pair, actor):
    """A family, its reviewer, and a colleague of theirs."""
    writer = pair()
    return writer, actor(role=Role.REVIEWER, facility_id=writer.facility_id, name="Kim Park")


def next_letter(reviewer):
    return db.write(queue.claim_next, reviewer, DeskFilter())


def looking(reviewer):
    return [(one.name, one.message_id, one.is_me) for one in db.read(claims.looking, reviewer)]


def test_a_claimed_letter_is_one_persons_and_the_others_see_whose(desk):
    writer, colleague = desk
    message_id = writer.send().id
    claim(writer.reviewer, message_id)
    claim(writer.reviewer, message_id)
    with pytest.raises(ClaimedByAnother) as refused:
        claim(colleague, message_id)
    assert refused.value.name == "Robin Reed"
    assert looking(colleague) == [("Robin Reed", message_id, False)]
    (line,) = db.read(queue.page, colleague).lines
    assert (line.claimed_by, line.is_mine) == ("Robin Reed", False)
    assert next_letter(colleague) is None


def test_a_claim_lapses_after_ten_minutes_unless_it_is_renewed(desk):
    writer, colleague = desk
    message_id = writer.send().id
    claim(writer.reviewer, message_id)
    with later(9 * 60):
        assert db.write(claims.renew, writer.reviewer, message_id)
    with later(18 * 60):
        assert next_letter(colleague) is None
    with later(20 * 60):
        assert looking(colleague) == []
        assert next_letter(colleague) == message_id
        assert not db.write(claims.renew, writer.reviewer, message_id)


def test_a_claim_that_lapses_a_hundred_times_never_hides_the_letter(desk):
    writer, colleague = desk
    message_id = writer.send().id
    for turn in range(100):
        with later(turn * 11 * 60):
            assert [line.message_id for line in db.read(queue.page, colleague).lines] == [message_id]
            assert db.read(queue.counts, colleague).waiting == 1
            assert next_letter(writer.reviewer if turn % 2 else colleague) == message_id


def test_a_released_letter_is_free_at_once(desk):
    writer, colleague = desk
    first, second = writer.send().id, writer.send().id
    for message_id in (first, second):
        claim(writer.reviewer, message_id)
    db.write(claims.release, colleague, first)
    assert len(looking(colleague)) == 2
    db.write(claims.release, writer.reviewer, first)
    assert next_letter(colleague) == first
    db.write(claims.release_all, writer.reviewer)
    assert next_letter(colleague) == second


def test_the_end_of_a_sign_in_ends_its_claims(desk):
    writer, colleague = desk
    with db.transaction() as session:
        row = SignIn(
            token_hash="x",
            account_id=writer.reviewer.account_id,
            expires_at=clock.now() + timedelta(hours=12),
        )
        session.add(row)
        session.flush()
        sign_in_id = row.id
    message_id = writer.send().id
    claim(signed_in(writer.reviewer, sign_in_id), message_id)
    assert run_job(claims.end_lapsed) == 0
    with db.transaction() as session:
        session.get_one(SignIn, sign_in_id).ended_at = clock.now()
    assert run_job(claims.end_lapsed) == 1
    assert next_letter(colleague) == message_id


def test_the_next_letter_is_the_oldest_due_that_nobody_has(desk):
    writer, colleague = desk
    ids = [writer.send().id for _ in range(3)]
    assert next_letter(writer.reviewer) == ids[0]
    assert next_letter(colleague) == ids[1]
    assert next_letter(writer.reviewer) == ids[2]
    assert next_letter(colleague) is None


def test_a_letter_that_does_not_wait_is_not_claimed(desk, pair):
    writer, _colleague = desk
    with pytest.raises(NotFound):
        claim(writer.reviewer, 10**6)
    with pytest.raises(NotFound):
        claim(pair().reviewer, writer.send().id)
