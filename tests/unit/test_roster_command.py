"""`rxconnect roster`: the imports, the people under new numbers, and both taken back."""

import pytest

from tests.unit.test_cli import rxconnect

__all__ = ["rxconnect"]

OTHERS = [f"9{n},P{chr(97 + n)},Other,1970-01-0{n + 1}" for n in range(8)]


@pytest.fixture
def bring(rxconnect, facility, tmp_path):
    facility(key="pine", name="Pine", state="OR")

    def run(*rows):
        path = tmp_path / "list.csv"
        path.write_text("\n".join(["number,first,last,dob", *rows, ""]))
        return rxconnect("import", "roster", "--facility", "pine", str(path))

    return run


def test_a_merge_is_told_listed_and_split(rxconnect, bring):
    bring("0042,Ann,Abel,1980-01-01", *OTHERS)

    told = bring("42,Ann,Abel,1980-01-01", *OTHERS).out

    assert "Known under a new number now:\n  number 0042 → 42: Ann Abel" in told
    assert "(rxconnect roster split 1)" in told
    assert "1: Ann Abel, 0042 → 42 (" in rxconnect("roster", "merges").out
    split = rxconnect("roster", "split", "1")
    assert split.out == "Ann Abel has the number 0042 at Pine again; 42 at Pine is somebody else.\n"
    assert rxconnect("roster", "split", "1").code == 1
    assert "split)" in rxconnect("roster", "merges", "--facility", "pine").out


def test_imports_are_listed_and_the_last_one_is_taken_back(rxconnect, bring):
    assert "No roster of pine has been imported." in rxconnect("roster", "imports", "--facility", "pine").out
    bring(*OTHERS)
    assert "8 new (can be taken back)" in rxconnect("roster", "imports", "--facility", "pine").out

    undone = rxconnect("roster", "undo", "--facility", "pine")

    assert undone.out == "Taken back: 0 people are as they were, 8 newcomers are gone.\n"
    assert "(taken back)" in rxconnect("roster", "imports", "--facility", "pine").out
    again = rxconnect("roster", "undo", "--facility", "pine")
    assert (again.code, again.err) == (1, "There is no such import to take back.\n")
    assert rxconnect("roster", "undo", "--facility", "pin").code == 1
