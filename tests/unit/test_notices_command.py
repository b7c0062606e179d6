"""`rxconnect push keys` makes a key once; `rxconnect bounce` takes a message from standard input."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.models import DeadAddress
from rxconnect.services.push import push_keys
from tests.services.notices.test_bounces import message_id, report, rows, tell
from tests.unit.test_cli import rxconnect

__all__ = ["rxconnect"]


def test_a_key_is_made_once_and_its_private_half_shown_only_when_asked_for(rxconnect, database):
    first = rxconnect("push", "keys")
    assert "A key was made" in first.out
    assert push_keys.public_key() in first.out
    assert push_keys.secret() not in first.out
    second = rxconnect("push", "keys", "--show")
    assert "A key was made" not in second.out
    assert push_keys.secret() in second.out


@pytest.mark.parametrize(("status", "said"), [("5.1.1", "Recorded."), ("4.4.7", "Nothing of ours to record.")])
def test_a_bounce_message_is_read_from_standard_input(rxconnect, database, actor, monkeypatch, status, said):
    sam = actor()
    tell(sam)
    raw = report(message_id(rows()[0]), status=status)
    ended = rxconnect("bounce", typed=raw.decode())
    assert (ended.code, ended.out.strip()) == (0, said)
    assert sam.email not in ended.out
    with db.reading() as session:
        assert [row.email for row in session.exec(select(DeadAddress))] == ([sam.email] if said == "Recorded." else [])


def test_nothing_on_standard_input_is_no_bounce(rxconnect, database):
    assert rxconnect("bounce").out.strip() == "Nothing of ours to record."
