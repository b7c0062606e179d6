"""`rxconnect audit`: the heads, and the proof, which fails with the first broken row."""

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.services.audit.recording import Act, record_acts
from tests.unit.test_cli import rxconnect
from tests.worlds import installed

__all__ = ["rxconnect"]


@pytest.fixture
def place(facility, actor):
    """A facility with ten rows in its chain, besides the one of the reviewer's post."""
    made = facility(key="pine", name="Pine", state="OR")
    acts = [Act(made, AuditKind.LETTER_OPENED, number) for number in range(10)]
    db.write(record_acts, actor(role=Role.REVIEWER, facility_id=made), acts)
    return made


def forge(statement):
    with db.transaction() as session:
        for verb in ("update", "delete"):
            session.connection().exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_row_no_{verb}")
        session.connection().exec_driver_sql(statement)


def test_a_head_proves_everything_up_to_it(rxconnect, place, actor):
    key, head = rxconnect("audit", "head").out.split()
    assert (key, head.partition(":")[0]) == ("pine", "11")
    db.write(record_acts, actor(role=Role.REVIEWER), [Act(place, AuditKind.SEARCHED)])
    told = rxconnect("audit", "verify", "--facility", "pine", "--head", head)
    assert told.code == 0
    assert "pine: 12 rows, each as it was written" in told.out
    assert "Proven up to row 11; 1 later rows are not yet anchored." in told.out


def test_without_a_head_nothing_is_called_proven(rxconnect, place):
    told = rxconnect("audit", "verify")
    assert told.code == 0
    assert "None is anchored" in told.out


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_row SET kind = 'decided' WHERE sequence = 5", "row 5 was changed."),
        ("DELETE FROM audit_row WHERE sequence = 7", "row 7 is missing."),
        ("DELETE FROM audit_row WHERE sequence > 8", "it is cut off before row 9, and had 11 rows."),
        # SQLite keeps a value of any type in any column.
        ("UPDATE audit_row SET at = 'yesterday' WHERE sequence = 5", "row 5 was changed."),
        ("UPDATE audit_row SET at = 5 WHERE sequence = 5", "row 5 was changed."),
        ("UPDATE audit_row SET kind = X'FF' WHERE sequence = 5", "row 5 was changed."),
        ("UPDATE audit_row SET previous = X'FF' WHERE sequence = 5", "row 5 was changed."),
    ],
)
def test_a_broken_chain_is_named_with_its_first_broken_row(rxconnect, place, statement, sentence):
    forge(statement)
    told = rxconnect("audit", "verify")
    assert (told.code, told.out) == (1, f"pine: BROKEN: {sentence}\n")


def test_a_cut_off_end_is_found_by_a_head_from_outside_alone(rxconnect, place):
    head = rxconnect("audit", "head").out.split()[1]
    forge("DELETE FROM audit_row WHERE sequence > 8")
    with db.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE audit_chain SET sequence = 8, hash = (SELECT hash FROM audit_row WHERE sequence = 8)"
        )
    assert rxconnect("audit", "verify").code == 0
    told = rxconnect("audit", "verify", "--head", head)
    assert (told.code, told.out) == (1, "pine: BROKEN: it is cut off before row 9, and had 11 rows.\n")


def test_a_chain_whose_end_is_gone_is_broken_beside_others_that_are_sound(rxconnect, place, facility, actor):
    head = rxconnect("audit", "head").out.split()[1]
    actor(role=Role.REVIEWER, facility_id=facility(key="oak"))
    forge("DELETE FROM audit_chain WHERE facility_id = (SELECT id FROM facility WHERE key = 'pine')")
    told = rxconnect("audit", "verify")
    assert (told.code, "oak: 1 rows, each as it was written" in told.out) == (1, True)
    assert "pine: BROKEN: the record of its end is gone" in told.out
    assert "pine  no head" in rxconnect("audit", "head").out
    forge("DELETE FROM audit_row WHERE facility_id = (SELECT id FROM facility WHERE key = 'pine')")
    told = rxconnect("audit", "verify", "--facility", "pine", "--head", head)
    assert (told.code, told.out) == (1, "pine: BROKEN: it is cut off before row 1, and had 11 rows.\n")


def test_what_is_no_head_and_whose_head_it_is_are_asked_for(rxconnect, place, facility, actor):
    assert "write SEQUENCE:HASH" in rxconnect("audit", "verify", "--head", "7").err
    actor(role=Role.REVIEWER, facility_id=facility(key="oak"))
    assert "name it with --facility" in rxconnect("audit", "verify", "--head", "7:" + "a" * 64).err
    facility(key="elm")
    assert "nothing was recorded at elm" in rxconnect("audit", "verify", "--facility", "elm").err
    assert "there is none with the key" in rxconnect("audit", "head", "--facility", "nowhere").err


def test_a_copy_to_practise_on_has_one_changed_row_and_the_original_none(
    rxconnect, place, actor, tmp_path, monkeypatch
):
    folder = tmp_path / "a copy"
    assert "has rejected nothing" in rxconnect("audit", "practice", str(tmp_path / "none"), "--facility", "pine").err
    decided = [Act(place, AuditKind.COMMITTED, one, details={"outcome": "rejected"}) for one in range(3)]
    db.write(record_acts, actor(role=Role.REVIEWER), decided)
    told = rxconnect("audit", "practice", str(folder), "--facility", "pine")
    assert f"RXCONNECT_DATA_DIR='{folder}' rxconnect audit verify --facility pine" in told.out
    head = told.out.split()[-1]
    assert rxconnect("audit", "verify", "--head", head).code == 0
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(folder))
    with installed():
        verified = rxconnect("audit", "verify", "--facility", "pine", "--head", head)
    assert verified.code == 1
    assert verified.out in {f"pine: BROKEN: row {row} was changed.\n" for row in (12, 13, 14)}


def test_no_copy_is_made_of_real_letters_or_over_something(rxconnect, place, tmp_path, monkeypatch):
    assert "exists already" in rxconnect("audit", "practice", str(tmp_path), "--facility", "pine").err
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", "a secret of a test " * 3)
    assert rxconnect("audit", "practice", str(tmp_path / "copy"), "--facility", "pine").code != 0
    assert not (tmp_path / "copy").exists()
