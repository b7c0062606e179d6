"""A change of email address: both addresses confirm it, and until then nothing changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import ActorKind, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.email_changes import EmailChangeStep
from rxconnect.domain.errors import Invalid, LinkExpired, Throttled, WrongCredentials
from rxconnect.domain.problems import Problem
from rxconnect.models import Account, AuditRow, EmailChange
from rxconnect.services.accounts import accounts, email_changes, sign_ins, staff
from rxconnect.services.leaving import closings
from rxconnect.services.notices import dead_addresses, emails

PASSWORD = "walla walla washington 98"
HERE = Browser("192.0.2.7")
OLD, NEW = "sam@example.com", "sam.rivera@example.org"


def account(email=OLD, *, verified=True, **fields):
    """An account, its actor, and the token of a sign-in."""
    account_id = db.write(
        accounts.create_account, email=email, name="Sam Rivera", password=PASSWORD, verified=verified, **fields
    )
    token = db.write(sign_ins.create_sign_in, account_id)
    return db.read(sign_ins.actor_for, token), token


def outbox():
    return db.read(emails.outbox)


def token_to(address):
    """The token of the newest link that was sent to this address."""
    return next(one.link for one in outbox() if one.recipient == address and "token=" in one.link).partition("token=")[
        2
    ]


def confirm(address):
    return db.write(email_changes.confirm, token_to(address))


def email_of(actor):
    with db.reading() as session:
        return session.get_one(Account, actor.account_id).email


@pytest.fixture
def sam(database):
    return account()


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_the_address_changes_when_both_have_confirmed_in_any_order(sam, order):
    actor, token = sam
    email_changes.request(actor, f" {NEW.upper()} ", PASSWORD)
    waits = {NEW: EmailChangeStep.WAITS_FOR_OLD, OLD: EmailChangeStep.WAITS_FOR_NEW}
    assert confirm(order[0]) == waits[order[0]]
    assert email_of(actor) == OLD
    assert confirm(order[1]) == EmailChangeStep.DONE
    now = db.read(sign_ins.actor_for, token)
    assert (now.email, now.email_verified) == (NEW, True)
    assert sign_ins.sign_in(NEW, PASSWORD, HERE)
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in(OLD, PASSWORD, HERE)
    told = {one.recipient for one in outbox() if one.subject == "Your email address was changed"}
    assert told == {OLD, NEW}


def test_nothing_ends_before_both_have_confirmed(sam):
    actor, token = sam
    email_changes.request(actor, NEW, PASSWORD)
    confirm(NEW)
    assert db.read(sign_ins.actor_for, token).email == OLD
    assert sign_ins.sign_in(OLD, PASSWORD, HERE)
    view = db.read(email_changes.pending, actor)
    assert (view.new_email, view.new_is_confirmed, view.old_is_confirmed) == (NEW, True, False)


def test_no_email_names_the_account_or_the_other_address(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    confirm(NEW)
    confirm(OLD)
    for one in outbox():
        other = NEW if one.recipient == OLD else OLD
        assert "Sam" not in one.body
        assert other not in one.body + one.subject


def test_the_password_is_asked_again_and_guesses_are_counted(sam):
    for _ in range(10):
        with pytest.raises(Invalid) as refusal:
            email_changes.request(sam[0], NEW, "wrong wrong wrong")
        assert refusal.value.fields == {"password": Problem.PASSWORD_WRONG()}
    with pytest.raises(Throttled):
        email_changes.request(sam[0], NEW, PASSWORD)
    assert outbox() == []


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", Problem.EMAIL_MISSING),
        ("no address", Problem.EMAIL_UNREADABLE),
        ("x" * 5_000 + "@example.com", Problem.EMAIL_UNREADABLE),
        (OLD, Problem.EMAIL_IS_THE_SAME),
        (OLD.upper(), Problem.EMAIL_IS_THE_SAME),
        ("rosa@example.com", Problem.EMAIL_TAKEN),
    ],
)
def test_an_address_that_cannot_be_is_refused(sam, address, problem):
    account("rosa@example.com")
    with pytest.raises(Invalid) as refusal:
        email_changes.request(sam[0], address, PASSWORD)
    assert refusal.value.fields == {"email": problem()}


def test_asking_for_addresses_in_use_is_limited_too(sam):
    account("rosa@example.com")
    for _ in range(5):
        with pytest.raises(Invalid):
            email_changes.request(sam[0], "rosa@example.com", PASSWORD)
    with pytest.raises(Throttled):
        email_changes.request(sam[0], NEW, PASSWORD)


def test_many_accounts_together_do_not_fill_a_strangers_mailbox(database):
    people = [account(f"person{number}@example.com")[0] for number in range(6)]
    for one in people[:5]:
        email_changes.request(one, NEW, PASSWORD)
    with pytest.raises(Throttled):
        email_changes.request(people[5], NEW, PASSWORD)


@pytest.mark.parametrize("token", ["", "none", "x" * 100, "\0", "é"])
def test_a_forged_token_opens_nothing(sam, token):
    email_changes.request(sam[0], NEW, PASSWORD)
    for service in (email_changes.confirm, email_changes.stop):
        with pytest.raises(LinkExpired):
            db.write(service, token)


def test_a_link_for_something_else_confirms_no_change(sam):
    db.write(accounts.request_reset, OLD, HERE)
    reset = token_to(OLD)
    email_changes.request(sam[0], NEW, PASSWORD)
    with pytest.raises(LinkExpired):
        db.write(email_changes.confirm, reset)
    with pytest.raises(LinkExpired):
        accounts.reset_password(token_to(NEW), "a letter home 7", HERE)


def test_links_end_after_two_days(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    confirm(NEW)
    with clock.at(clock.now() + email_changes.LASTS):
        assert db.read(email_changes.pending, sam[0]) is None
        with pytest.raises(LinkExpired):
            confirm(OLD)
    assert email_of(sam[0]) == OLD


def test_a_new_request_ends_the_one_before(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    first_new, first_old = token_to(NEW), token_to(OLD)
    confirm(OLD)
    email_changes.request(sam[0], "third@example.org", PASSWORD)
    for token in (first_new, first_old):
        with pytest.raises(LinkExpired):
            db.write(email_changes.confirm, token)
    assert confirm("third@example.org") == EmailChangeStep.WAITS_FOR_OLD


@pytest.mark.parametrize("reader", [OLD, NEW])
def test_either_reader_can_stop_it(sam, reader):
    email_changes.request(sam[0], NEW, PASSWORD)
    confirm(NEW)
    assert db.write(email_changes.stop, token_to(reader)) == EmailChangeStep.STOPPED
    for address in (OLD, NEW):
        with pytest.raises(LinkExpired):
            confirm(address)


def test_the_account_itself_can_stop_it(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    db.write(email_changes.cancel, sam[0])
    assert db.read(email_changes.pending, sam[0]) is None
    with pytest.raises(LinkExpired):
        confirm(NEW)
    db.write(email_changes.cancel, sam[0])


def test_nobody_stops_the_change_of_another(sam):
    other, _token = account("rosa@example.com")
    email_changes.request(sam[0], NEW, PASSWORD)
    db.write(email_changes.cancel, other)
    assert db.read(email_changes.pending, other) is None
    assert db.read(email_changes.pending, sam[0]).new_email == NEW


def test_a_link_that_is_pressed_again_changes_nothing_more(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    assert confirm(NEW) == confirm(NEW) == EmailChangeStep.WAITS_FOR_OLD
    confirm(OLD)
    sent = len(outbox())
    assert db.write(email_changes.confirm, token_to(OLD)) == EmailChangeStep.DONE
    with pytest.raises(LinkExpired):
        db.write(email_changes.stop, token_to(OLD))
    assert (len(outbox()), email_of(sam[0])) == (sent, NEW)


def test_of_two_accounts_that_want_one_address_the_first_gets_it(sam):
    rosa, _token = account("rosa@example.com")
    for who in (sam[0], rosa):
        email_changes.request(who, NEW, PASSWORD)
    to_sam, to_rosa = (one.link.partition("token=")[2] for one in reversed(outbox()) if one.recipient == NEW)
    for token in (to_sam, to_rosa):
        db.write(email_changes.confirm, token)
    assert confirm("rosa@example.com") == EmailChangeStep.DONE
    with pytest.raises(Invalid) as refusal:
        confirm(OLD)
    assert refusal.value.fields == {"token": Problem.EMAIL_TAKEN()}
    assert (email_of(sam[0]), email_of(rosa)) == (OLD, NEW)


def test_somebody_signs_up_with_the_address_meanwhile_and_keeps_it(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    confirm(NEW)
    account(NEW)
    with pytest.raises(Invalid):
        confirm(OLD)
    assert email_of(sam[0]) == OLD


def test_links_that_went_to_the_old_address_end_with_it(sam):
    db.write(accounts.request_reset, OLD, HERE)
    reset = token_to(OLD)
    email_changes.request(sam[0], NEW, PASSWORD)
    confirm(NEW)
    confirm(OLD)
    with pytest.raises(LinkExpired):
        accounts.reset_password(reset, "a letter home 7", HERE)


def test_an_old_address_that_was_never_confirmed_is_told_and_not_asked(database):
    actor, _token = account("smm@example.com", verified=False)
    email_changes.request(actor, NEW, PASSWORD)
    assert not db.read(email_changes.pending, actor).old_is_asked
    assert confirm(NEW) == EmailChangeStep.DONE
    assert email_of(actor) == NEW
    assert "Your email address is about to change" in [one.subject for one in outbox()]


def test_an_old_address_from_which_emails_come_back_is_not_asked(sam):
    db.write(dead_addresses.record, OLD, "550 5.1.1 no such user")
    email_changes.request(sam[0], NEW, PASSWORD)
    assert confirm(NEW) == EmailChangeStep.DONE


def test_its_reader_can_still_stop_it(database):
    actor, _token = account("smm@example.com", verified=False)
    email_changes.request(actor, NEW, PASSWORD)
    db.write(email_changes.stop, token_to("smm@example.com"))
    with pytest.raises(LinkExpired):
        confirm(NEW)


def test_a_closed_account_keeps_its_address(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    confirm(NEW)
    closings.close_account(sam[0], PASSWORD)
    with pytest.raises(LinkExpired):
        confirm(OLD)


def test_a_change_of_staff_stands_in_the_audit(facility):
    robin, _token = account("robin@example.com", kind=ActorKind.STAFF, is_demo=True)
    with db.transaction() as session:
        staff.assign(session, robin.account_id, facility(), Role.REVIEWER)
    email_changes.request(robin, NEW, PASSWORD)
    confirm(NEW)
    confirm("robin@example.com")
    with db.reading() as session:
        kinds = session.exec(select(AuditRow.kind).where(AuditRow.account_id == robin.account_id)).all()
    assert kinds.count(AuditKind.EMAIL_CHANGED) == 1


def test_the_database_has_no_token_and_one_row_an_account(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    email_changes.request(sam[0], NEW, PASSWORD)
    with db.reading() as session:
        (row,) = session.exec(select(EmailChange)).all()
    assert token_to(NEW) not in (row.new_token_hash, row.old_token_hash)
    assert row.expires_at - row.requested_at < email_changes.LASTS + timedelta(minutes=1)


def test_both_links_pressed_at_one_moment_change_it_once(sam):
    email_changes.request(sam[0], NEW, PASSWORD)
    pressed = [token_to(NEW), token_to(OLD)] * 2
    with ThreadPoolExecutor(4) as pool:
        steps = list(pool.map(lambda token: db.write(email_changes.confirm, token), pressed))
    assert EmailChangeStep.DONE in steps
    assert email_of(sam[0]) == NEW
    assert [one.recipient for one in outbox()].count(NEW) == 2
