"""The audience's own facility: saved in the session's world by its administrator, and shown from then on."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.demo import own_facility, progress, sessions
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.problems import Problem
from rxconnect.domain.screening import RuleState
from rxconnect.models import AuditRow, Facility, FacilityChange, ScreeningRule
from rxconnect.services.audit import verification
from rxconnect.services.directory import facilities, facility_settings
from tests.demo.breaking import outside
from tests.demos import acting, carry_out, join, now, start, world_now

pytestmark = pytest.mark.usefixtures("demos")

THEIRS = {
    "name": "Adair County Jail",
    "city": "Greenfield",
    "state": "iowa",
    "price_cents": "30",
    "promised_hours": "24",
    "rules": "No stickers.\n\nWrite on white paper.",
    "words": "perfume\nglitter",
    "pattern": "[0-9]{3}-[0-9]{4}",
}


def change(**fields: str) -> dict[str, str]:
    return THEIRS | fields


def place(seat) -> Facility:
    with world_now(seat).bound(), db.reading() as session:
        return facilities.get_by_key(session, "cedar-ridge")


def own_rules(seat) -> list[ScreeningRule]:
    with world_now(seat).bound(), db.reading() as session:
        mine = col(ScreeningRule.name).startswith("Your facility")
        return list(session.exec(select(ScreeningRule).where(mine).order_by(ScreeningRule.id)).all())


def test_the_world_is_theirs_and_its_audit_knows_who_did_it():
    trainer, elsewhere = start(), start(address="192.0.2.9")
    before = outside(elsewhere)
    assert own_facility.values(trainer)["name"] == place(trainer).name
    saved = own_facility.save(trainer, THEIRS)
    assert (saved.facility, saved.is_beginning, saved.waiting) == ("Adair County Jail", True, False)
    now_ = place(trainer)
    assert (now_.name, now_.city, now_.state, now_.time_zone) == (
        "Adair County Jail",
        "Greenfield",
        "IA",
        "America/Chicago",
    )
    assert (now_.price_cents, now_.promised_hours) == (30, 24)
    assert now_.rules == ["No stickers.", "Write on white paper."]
    assert own_facility.values(trainer) == change(state="IA", rules="No stickers.\nWrite on white paper.")
    assert [rule.state for rule in own_rules(trainer)] == [RuleState.ON, RuleState.ON]
    with acting(trainer, SeatKind.ADMINISTRATOR) as admin, db.reading() as session:
        changes = session.exec(select(FacilityChange).where(FacilityChange.by_account_id == admin.account_id)).all()
        assert {one.what for one in changes} >= {"name", "place", "rules", "price_cents", "promised_hours"}
        assert "Name of the facility" in {one.label for one in facility_settings.settings(session, admin).changes}
        told = " ".join(session.exec(select(AuditRow.details)).all())
        assert '"setting":"name"' in told
        assert "Adair" not in told
        assert verification.verify_chain(session, now_.id).first_broken is None
        assert [one.name for one in facilities.search(session, admin, "adair county")] == ["Adair County Jail"]
    assert outside(elsewhere) == before


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_saved():
    trainer = start()
    was = place(trainer)
    wrong = {"name": " ", "state": "Atlantis", "price_cents": "a lot", "promised_hours": "0"}
    with pytest.raises(Invalid) as refused:
        own_facility.save(trainer, change(rules="x" * 401, words="!!!", pattern="(", **wrong))
    assert set(refused.value.fields) == {*wrong, "rules", "words", "pattern"}
    assert place(trainer) == was
    assert own_rules(trainer) == []
    with pytest.raises(Invalid) as refused:
        own_facility.save(trainer, change(rules="A rule.\n" * 21))
    assert refused.value.fields["rules"] == Problem.TOO_MANY_RULES(most=20, length=21)


def test_words_that_are_saved_again_are_one_rule_and_no_words_are_none():
    trainer = start()
    for words in ("perfume", "perfume", "glitter", ""):
        own_facility.save(trainer, change(words=words, pattern=""))
    assert [(rule.words, rule.state) for rule in own_rules(trainer)] == [(["perfume"], "off"), (["glitter"], "off")]
    assert own_facility.values(trainer)["words"] == ""


def test_words_that_hold_too_much_wait_for_a_second_administrator():
    trainer = start()
    assert own_facility.save(trainer, change(words="the\nand", pattern="")).waiting
    assert own_facility.values(trainer)["words"] == "the\nand"


def test_until_the_first_step_is_done_the_session_begins_like_this():
    trainer = start()
    own_facility.save(trainer, THEIRS)
    carry_out(trainer, "first-letter", 1)
    with world_now(trainer).bound():
        progress.record_steps()
    assert not own_facility.save(trainer, change(name="Another Jail")).is_beginning
    sessions.reset_to_step(trainer, 1)
    assert place(now(trainer)).name == "Adair County Jail"


def test_only_the_trainer_may():
    ben = join(start())
    for press in (lambda: own_facility.values(ben), lambda: own_facility.save(ben, THEIRS)):
        with pytest.raises(NotAllowed):
            press()
