"""Altering a row of a world's audit: `verify` names it, and finds the chain whole once it is put back."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.demo import audit_forgeries, breaking
from rxconnect.domain.errors import IllegalMove, NotAllowed, NotFound
from rxconnect.models import AuditRow, DemoBreak
from rxconnect.services.audit import practice
from tests.demo.breaking import outside, room_rows
from tests.demos import join, start, view, world_now

pytestmark = pytest.mark.usefixtures("demos")


def test_verify_names_the_altered_row_and_everybody_reads_it():
    trainer = start()
    ben = join(trainer)
    audit_forgeries.alter(trainer)
    page = breaking.page(trainer)
    assert page.is_altered
    assert ('"outcome": "rejected"' in page.before, '"outcome": "approved"' in page.after) == (True, True)
    (told,) = view(ben).breaks
    assert told == page.audit
    assert told.tone == "good"
    assert told.sentences[-1] == f"“verify” read the whole chain and names it: row {page.row} was changed."
    assert view(ben).news == f"A row of the audit was altered. {told.sentences[-1]}"


def test_only_one_row_is_altered_at_a_time_and_only_by_the_trainer():
    trainer = start()
    for press in (audit_forgeries.alter, audit_forgeries.put_back, breaking.page):
        with pytest.raises(NotAllowed):
            press(join(trainer))
    with pytest.raises(NotFound):
        audit_forgeries.put_back(trainer)
    audit_forgeries.alter(trainer)
    with pytest.raises(IllegalMove):
        audit_forgeries.alter(trainer)


def test_twenty_times_in_a_row_the_chain_is_whole_again_and_nothing_outside_has_changed():
    trainer, elsewhere = start(), start(address="192.0.2.9")
    before = outside(elsewhere)
    for _ in range(20):
        audit_forgeries.alter(trainer)
        audit_forgeries.put_back(trainer)
        told = breaking.page(trainer).audit
        assert told.tone == "good"
        assert told.sentences[-1].endswith("each is as it was written.")
    assert not breaking.page(trainer).is_altered
    assert outside(elsewhere) == before
    assert len(room_rows(DemoBreak, trainer)) == 20
    with world_now(trainer).bound(), db.transaction() as session, pytest.raises(Exception, match="append-only"):
        session.connection().execute(AuditRow.__table__.update().values(details=""))


def test_the_installations_own_audit_is_never_forged(demos):
    with pytest.raises(ValueError, match="own audit"):
        practice.forge_here(1)
