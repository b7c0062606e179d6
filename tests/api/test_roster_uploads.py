"""A roster file that a browser posts: it is kept for its facility, and whatever is wrong with it is told on the page."""

from __future__ import annotations

import tempfile
from itertools import count

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.models import RosterUpload
from rxconnect.services.accounts import sign_ins
from tests.services.test_full_disk import no_room

LIST = b"Number,Last Name,First Name\n1,Lee,Pat\n"


@pytest.fixture
def place(facility):
    return facility()


@pytest.fixture
def browser(visitor):
    """`browser(actor)` is the browser in which they are signed in."""

    def open_one(actor):
        client = visitor()
        client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, actor.account_id))
        return client

    return open_one


@pytest.fixture
def chief(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place)


def post(client, facility_id, name="list.csv", body=LIST):
    files = {"roster": (name, body)} if name else {}
    return client.post(routes.ROSTER_UPLOAD, data={"facility": str(facility_id)}, files=files)


def kept():
    with db.reading() as session:
        return session.exec(select(RosterUpload)).all()


def test_a_file_is_kept_and_leads_to_the_page_that_shows_what_it_would_change(browser, chief, place):
    answer = post(browser(chief), place)
    (row,) = kept()
    assert (row.facility_id, row.by_account_id, row.file_name) == (place, chief.account_id, "list.csv")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{routes.ROSTERS}?facility={place}&upload={row.id}"


def test_a_long_file_of_anybody_else_is_refused_before_it_is_read(browser, actor, place):
    for other in (actor(), actor(role=Role.REVIEWER, facility_id=place)):
        answer = post(browser(other), place, body=LIST * 10_000)
        assert answer.status_code == 403
        assert "not" in answer.text
    assert kept() == []


def test_a_file_larger_than_a_form_arrives_whole(browser, chief, place):
    post(browser(chief), place, body=LIST * 10_000)
    assert len(kept()) == 1


@pytest.mark.parametrize(("facility_id", "name"), [("", "list.csv"), ("x", "list.csv"), (None, "")])
def test_a_form_without_a_file_or_a_facility_says_what_is_missing(browser, chief, place, facility_id, name):
    answer = post(browser(chief), place if facility_id is None else facility_id, name)
    assert "problem=missing" in answer.headers["location"]
    assert kept() == []


def test_a_body_that_is_no_form_is_refused(browser, chief):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = browser(chief).post(routes.ROSTER_UPLOAD, content=b"--y\r\nnonsense", headers=headers)
    assert (answer.status_code, kept()) == (303, [])


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.TRAINER])
def test_only_administrators_upload(browser, actor, place, role):
    answer = post(browser(actor(role=role, facility_id=place)), place)
    assert answer.headers["location"] == f"{routes.ROSTERS}?problem=refused"
    assert kept() == []


def test_nobody_uploads_for_another_facility(browser, chief, facility):
    answer = post(browser(chief), facility())
    assert answer.headers["location"] == f"{routes.ROSTERS}?problem=refused"
    assert kept() == []


def test_families_and_strangers_are_led_to_the_sign_in(browser, visitor, actor, place):
    for client in (browser(actor()), visitor()):
        assert post(client, place).headers["location"].startswith(routes.SIGN_IN)
    assert kept() == []


def test_another_site_cannot_post_a_file(visitor, place):
    assert post(visitor(is_here=False), place).status_code == 403


def test_when_there_is_no_room_the_answer_says_so_and_blames_nobody(browser, chief, place):
    client = browser(chief)
    with no_room():
        answers = (post(client, place, body=LIST + b"%d,Lee,Ann\n" % number) for number in count(2))
        answer = next(one for one in answers if "upload=" not in one.headers.get("location", ""))
    assert (answer.status_code, "not your fault" in answer.text) == (503, True)


def test_when_the_form_itself_finds_no_room_the_answer_says_so(browser, chief, place, tmp_path, monkeypatch):
    # A form keeps a file of more than a megabyte in the system's folder of temporary files, which is gone here.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    answer = post(browser(chief), place, body=LIST * 40_000)
    assert (answer.status_code, "not your fault" in answer.text, kept()) == (503, True, [])
