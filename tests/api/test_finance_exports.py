"""The finances as a table: for whom the page is, recorded, and for nobody else."""

from __future__ import annotations

import csv
import io

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.models import AuditRow
from rxconnect.services.accounts import sign_ins
from tests.services.buying import buy


@pytest.fixture
def place(facility):
    return facility(key="cedar", price_cents=25, time_zone="UTC")


@pytest.fixture
def browser(visitor):
    """`browser(actor)`: a browser in which somebody is signed in."""

    def signed_in(who):
        client = visitor()
        client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, who.account_id))
        return client

    return signed_in


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def exports():
    with db.reading() as session:
        return session.exec(select(AuditRow.details).where(AuditRow.kind == AuditKind.FINANCE_EXPORTED)).all()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_every_day_is_a_row_and_the_last_one_has_the_sums(browser, actor, place, role):
    buy(actor(), place, 20)
    client = browser(actor(role=role, facility_id=place))
    answer = client.get(f"{routes.FINANCE_CSV}?facility={place}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert f"RxConnect-finance-cedar-{clock.now():%Y-%m}.csv" in answer.headers["content-disposition"]
    *days, total = table(answer)
    assert len(days) >= 28
    assert (total["Purchases"], total["Takings"], total["What is left"]) == ("1", "5.00", "5.00")
    assert [day["Takings"] for day in days if day["Takings"] != "0.00"] == ["5.00"]
    assert len(exports()) == 1


def test_a_year_has_twelve_rows(browser, actor, place):
    client = browser(actor(role=Role.AUDITOR, facility_id=place))
    assert len(table(client.get(f"{routes.FINANCE_CSV}?period=this-year"))) == 13


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER])
def test_for_others_there_is_nothing_at_this_address(browser, actor, place, role):
    assert browser(actor(role=role, facility_id=place)).get(routes.FINANCE_CSV).status_code == 404
    assert browser(actor()).get(routes.FINANCE_CSV).status_code == 404
    assert exports() == []


def test_another_facility_is_not_exported(browser, actor, place, facility):
    client = browser(actor(role=Role.AUDITOR, facility_id=place))
    for wanted in (facility(), "999999"):
        assert client.get(f"{routes.FINANCE_CSV}?facility={wanted}").status_code == 404


@pytest.mark.parametrize("query", ["?period=x", "?facility=x", f"?period={'9' * 3000}"])
def test_a_strange_query_gets_the_month_and_the_first_facility(browser, actor, place, query):
    assert browser(actor(role=Role.AUDITOR, facility_id=place)).get(f"{routes.FINANCE_CSV}{query}").status_code == 200


def test_who_is_not_signed_in_is_led_to_sign_in(visitor, database):
    assert visitor().get(routes.FINANCE_CSV).headers["location"].startswith(routes.SIGN_IN)
