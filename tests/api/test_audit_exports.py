"""The export of the audit: every row that fits, its own row last, and the head."""

import csv
import io
from datetime import datetime

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import ChainRow, Head, verify
from rxconnect.services.accounts import sign_ins
from rxconnect.services.audit import searches
from rxconnect.services.audit.recording import Act, record_acts


@pytest.fixture
def place(facility):
    return facility(key="alder")


@pytest.fixture
def auditor(actor, place):
    return actor(role=Role.AUDITOR, facility_id=place, name="=Ada Young")


@pytest.fixture
def browser(visitor):
    """`browser(actor)`: a browser in which somebody is signed in."""

    def signed_in(who):
        client = visitor()
        client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, who.account_id))
        return client

    return signed_in


def table(response):
    *lines, end = csv.DictReader(io.StringIO(response.content.decode(), newline=""))
    return lines, Head.parse(end["person"])


def as_rows(lines):
    """The rows of a file, as another program reads them."""
    for line in lines:
        fields = {name: line[name] for name in ChainRow._fields}
        numbers = {
            name: int(fields[name]) if fields[name] else None for name in ("sequence", "account_id", "message_id")
        }
        yield ChainRow(**fields | numbers | {"at": datetime.fromisoformat(fields["at"])})


def test_an_export_of_everything_can_be_verified_by_itself(browser, auditor, place, monkeypatch):
    monkeypatch.setattr(searches, "_EXPORTED_AT_ONCE", 7)
    db.write(
        record_acts, auditor, [Act(place, AuditKind.LETTER_OPENED, number, details={"a": 1}) for number in range(30)]
    )
    response = browser(auditor).get(routes.AUDIT_CSV)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="RxConnect-audit-alder-32.csv"'
    assert response.headers["cache-control"] == "no-store"
    lines, head = table(response)
    assert (lines[-1]["kind"], head.sequence) == ("audit exported", 32)
    found = verify(place, as_rows(lines), head=head)
    assert (found.first_broken, found.proven) == (None, 32)
    assert {line["facility_id"] for line in lines} == {str(place)}


def test_an_export_has_what_was_searched_for_and_its_own_row(browser, auditor, place):
    db.write(record_acts, auditor, [Act(place, kind, 7) for kind in (AuditKind.DECIDED, AuditKind.UNDONE)])
    lines, _head = table(browser(auditor).get(f"{routes.AUDIT_CSV}?kind=decided&letter=7&facility={place}"))
    assert [line["kind"] for line in lines] == ["decided", "audit exported"]
    assert lines[-1]["details"] == '{"kind":"decided","letter":"7"}'
    assert lines[0]["person"] == "'=Ada Young"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER])
def test_others_export_nothing(browser, actor, place, role):
    assert browser(actor(role=role, facility_id=place)).get(routes.AUDIT_CSV).status_code == 404


def test_an_auditor_of_another_facility_exports_nothing_of_this_one(browser, auditor, facility):
    assert browser(auditor).get(f"{routes.AUDIT_CSV}?facility={facility()}").status_code == 404
