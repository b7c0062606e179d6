"""Downloads of reports: the table, the PDF, and the export for public-records requests."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from rxconnect import db, routes
from rxconnect.documents.reports import COLUMNS, LETTER_FACTS, report_pdf
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import Head
from rxconnect.domain.messages import Reason
from rxconnect.i18n import PSEUDO
from rxconnect.i18n.catalogs import pseudo_translate
from rxconnect.models import Account, Message
from rxconnect.services.accounts import sign_ins
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import record
from rxconnect.services.reports import prints
from rxconnect.services.review import review
from tests.printing import inside
from tests.services.conftest import pair
from tests.services.scheduling.running import run_job

__all__ = ["pair"]


@pytest.fixture
def writer(pair):
    made = pair(facility_fields={"key": "alder", "name": "=Alder, =County Jail"})
    for reason in (Reason.THREAT, Reason.CODED):
        db.write(review.reject, made.reviewer, made.send("The garden", "Xanthippe planted tomatoes.").id, reason)
    return made


@pytest.fixture
def auditor(actor, writer):
    return actor(role=Role.AUDITOR, facility_id=writer.facility_id, name="Ruth Okafor")


@pytest.fixture
def browser(visitor):
    """`browser(actor)`: a browser in which somebody is signed in."""

    def signed_in(who):
        client = visitor()
        client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, who.account_id))
        return client

    return signed_in


def address(route, writer, period=""):
    return f"{route}?facility={writer.facility_id}&period={period or f'{clock.now():%Y}'}"


def verified(writer, head):
    with db.reading() as session:
        return verification.verify_chain(session, writer.facility_id, head)


def test_a_table_has_a_line_for_each_figure_and_the_head(browser, auditor, writer):
    response = browser(auditor).get(address(routes.REPORT_CSV, writer))
    assert response.status_code == 200
    assert f"RxConnect-report-alder-{clock.now():%Y}.csv" in response.headers["content-disposition"]
    head, *lines = csv.reader(io.StringIO(response.text, newline=""))
    assert tuple(head) == COLUMNS
    about = {line[4]: line[5] for line in lines if line[0] == "about"}
    assert about["facility"] == "'=Alder, =County Jail"
    assert verified(writer, Head.parse(about["head"])).first_broken is None
    rejected = [line for line in lines if line[0] == "letters" and line[4] == "rejected"]
    assert [line[5] for line in rejected] == ["2"]
    assert ["reasons", "", "", "threat", "rejections", "1"] in lines
    assert ["staff", "", "", "Robin Reed", "own rejections overturned", "0"] in lines


def test_public_records_have_no_word_no_name_and_no_number(browser, auditor, writer):
    earlier = clock.now() - timedelta(days=70)
    with db.transaction() as session:
        session.connection().execute(update(Message).values(created_at=earlier))
    month = f"{earlier:%Y-%m}"
    response = browser(auditor).get(address(routes.PUBLIC_RECORDS, writer, month))
    about, _columns, table = response.text.partition(",".join(LETTER_FACTS))
    # Each is one cell, so that no comma of a name begins a formula.
    told = list(csv.reader(io.StringIO(about, newline="")))
    assert [line for line in told if len(line) != 1 or not line[0].startswith("# ")] == []
    assert "lawyer" in about
    lines = list(csv.reader(io.StringIO(table.strip(), newline="")))
    assert len(lines) == 2
    for line in lines:
        assert re.fullmatch(r"[0-9a-f]{16}", line[0])
        assert line[1] == month
    for secret in ("garden", "Xanthippe", "Rivera", "Robin", "A0", "threat", auditor.email):
        assert secret not in table


def test_the_head_in_a_pdf_verifies_after_more_was_recorded(printer, browser, auditor, writer):
    db.write(prints.ask, auditor, writer.facility_id, f"{clock.now():%Y}")
    run_job(lambda *after: prints.make_due(report_pdf, *after))
    (line,) = db.read(prints.lines, auditor, writer.facility_id)
    response = browser(auditor).get(routes.fill(routes.REPORT_PDF, line.id))
    assert response.headers["content-type"] == "application/pdf"
    (head,) = {Head.parse(one.decode()) for one in re.findall(rb"\d+:[0-9a-f]{64}", inside(response.content))}
    for _ in range(3):
        db.write(record, auditor, writer.facility_id, AuditKind.AUDIT_SHOWN)
    found = verified(writer, head)
    # The three, and the download itself.
    assert (found.first_broken, found.proven, found.not_yet_anchored) == (None, head.sequence, 4)


@pytest.mark.parametrize("route", [routes.REPORT_CSV, routes.PUBLIC_RECORDS])
def test_an_export_is_recorded(browser, auditor, writer, route):
    browser(auditor).get(address(route, writer, "2026-Q1"))
    with db.reading() as session:
        last = list(verification.rows(session, writer.facility_id))[-1]
    assert last.account_id == auditor.account_id
    assert last.kind in ("report exported", "records exported")
    assert '"period":"2026-Q1"' in last.details


@pytest.mark.parametrize("route", [routes.REPORT_CSV, routes.PUBLIC_RECORDS, routes.fill(routes.REPORT_PDF, 1)])
def test_reviewers_and_other_facilities_get_nothing(browser, actor, auditor, writer, facility, route):
    db.write(prints.ask, auditor, writer.facility_id, "2026")
    run_job(lambda *after: prints.make_due(lambda _asked, _figures: b"%PDF", *after))
    before = verified(writer, None).rows
    for role, where in (
        (Role.REVIEWER, writer.facility_id),
        (Role.TRAINER, writer.facility_id),
        (Role.ADMINISTRATOR, facility()),
    ):
        who = actor(role=role, facility_id=where)
        assert browser(who).get(address(route, writer)).status_code == 404
        before += where == writer.facility_id  # their post
    assert browser(writer.family).get(address(route, writer)).status_code == 404
    assert browser(auditor).get(f"{routes.REPORT_CSV}?facility=99999999999999999999&period=2026").status_code == 200
    assert verified(writer, None).rows == before + 1


@pytest.mark.parametrize("route", [routes.REPORT_CSV, routes.PUBLIC_RECORDS])
def test_an_export_speaks_the_language_of_who_asked_and_not_of_the_browser(browser, auditor, writer, setting, route):
    setting(languages=f"en,{PSEUDO}")
    with db.transaction() as session:
        session.get_one(Account, auditor.account_id).language = PSEUDO
    told = browser(auditor).get(address(route, writer), headers={"accept-language": "en"})
    sentence = {
        routes.REPORT_CSV: "Letters with a lawyer (the privileged lane) are not in this report: not in its counts, not in its times, "
        "and not in its shares.",
        routes.PUBLIC_RECORDS: "Letters with a lawyer (the privileged lane) are not in this file.",
    }[route]
    assert pseudo_translate(sentence) in told.text
    assert sentence not in told.text
    missing = browser(auditor).get(routes.fill(routes.REPORT_PDF, 999), headers={"accept-language": "en"})
    assert (missing.status_code, pseudo_translate("Not found") in missing.text) == (404, True)


def test_a_visitor_is_asked_to_sign_in(visitor, writer):
    response = visitor().get(address(routes.REPORT_CSV, writer), follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, f"{routes.SIGN_IN}?next={routes.REPORTS}")


def test_a_period_that_nobody_can_mean_is_the_last_30_days(browser, auditor, writer):
    response = browser(auditor).get(address(routes.REPORT_CSV, writer, "%00../../etc"))
    assert re.search(r'"RxConnect-report-alder-[\d-]{10}\.\.[\d-]{10}\.csv"', response.headers["content-disposition"])


@pytest.mark.parametrize("route", [routes.REPORT_CSV, routes.PUBLIC_RECORDS])
def test_a_table_that_cannot_be_counted_is_a_page_that_says_so_and_no_file(browser, auditor, writer, route):
    with db.transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE appeal RENAME TO gone")
    with clock.at(clock.now() + timedelta(days=90)):
        answer = browser(auditor).get(f"{route}?period={clock.now() - timedelta(days=90):%Y-%m}")
    assert (answer.status_code, "That did not work" in answer.text) == (500, True)
    assert "content-disposition" not in answer.headers
