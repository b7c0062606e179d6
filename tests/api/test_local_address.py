"""The demonstration on this machine is at localhost, where browsers allow passkeys."""

from __future__ import annotations

import pytest

NAVIGATES = {"sec-fetch-mode": "navigate"}
AT_NUMBER = "http://127.0.0.1:8000"


def test_a_page_that_a_person_opens_at_the_number_is_found_at_the_name(visitor, database):
    response = visitor(AT_NUMBER).get("/sign-in?next=/cards", headers=NAVIGATES)
    assert (response.status_code, response.headers["location"]) == (307, "http://localhost:8000/sign-in?next=/cards")


@pytest.mark.parametrize("base", ["http://localhost:8000", "http://192.168.1.20:8000", "http://127.0.0.1:9000"])
def test_every_other_address_stays(visitor, database, base):
    assert visitor(base).get("/sign-in", headers=NAVIGATES).status_code == 200


def test_what_no_person_opens_is_served_at_both(visitor, database):
    browser = visitor(AT_NUMBER)
    for headers in ({}, {"sec-fetch-mode": "cors"}, {"sec-fetch-mode": "no-cors"}):
        assert browser.get("/sign-in", headers=headers).status_code == 200
    assert browser.get("/health").status_code == 200
    assert browser.post("/sign-in", data={"email": "x"}, headers=NAVIGATES).status_code == 422


def test_an_installation_with_an_address_of_its_own_leads_nobody_away(visitor, database, setting):
    setting(public_url=AT_NUMBER)
    assert visitor(AT_NUMBER).get("/sign-in", headers=NAVIGATES).status_code == 200
