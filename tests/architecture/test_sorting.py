"""Names are sorted as people look for them, which a database does not do by itself."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "rxconnect"
ORDERED = re.compile(r"order_by\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
NAME = re.compile(r"(?<!by_name\()\b[A-Z]\w+\.(?:name|first_name|last_name)\b")


def by_bare_name(source: str) -> bool:
    return any(NAME.search(ordered) for ordered in ORDERED.findall(source))


def test_no_query_sorts_by_a_bare_name():
    assert [path for path in sorted(ROOT.rglob("*.py")) if by_bare_name(path.read_text())] == []


def test_a_planted_breach_is_caught():
    for breach in ("order_by(Facility.name)", "order_by(col(Inmate.housing), col(Inmate.last_name))"):
        assert by_bare_name(breach)
    assert not by_bare_name("order_by(col(Inmate.housing), by_name(Inmate.last_name), col(Message.id))")
