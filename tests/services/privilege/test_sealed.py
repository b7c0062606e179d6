"""Sealed batches: an administrator prints privileged letters behind cover sheets, and every printing is recorded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.documents.paper import page_count
from rxconnect.documents.sealed_letters import sealed_letters_html, sealed_letters_pdf
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound, PasswordNeeded, RxConnectError
from rxconnect.domain.print_batches import Handover
from rxconnect.models import AuditRow, Facility, Inmate, PrintPage
from rxconnect.services.leaving import departures
from rxconnect.services.money import ledger
from rxconnect.services.paper import batches
from rxconnect.services.privilege import sealed
from tests.printing import inside
from tests.services.lawyers.verified import administrator, stale, verify
from tests.services.scheduling.running import run_job


@pytest.fixture(params=["sqlite", "postgresql"])
def lawyer(request, database, use, pair):
    use(request.param)
    return pair(credits=20, first_name="Marcus", last_name="Rivera", housing="Unit C")


@pytest.fixture
def keeper(lawyer, actor):
    keeper = administrator(actor, lawyer)
    verify(keeper, lawyer.family, lawyer.facility_id)
    return keeper


def made(lawyer, keeper):
    return db.write(sealed.create, keeper, lawyer.facility_id)


def test_a_batch_shows_times_and_its_print_is_recorded_and_told_to_the_sender(lawyer, keeper):
    message_id = lawyer.send("Secret subject", "Secret body").id
    batch_id = made(lawyer, keeper)
    shown = repr((db.write(sealed.show, keeper, batch_id), db.read(sealed.my_batches, keeper)))
    assert not [word for word in ("Secret", "Marcus", "Rivera", "Unit C", "Sam") if word in shown]
    (letter,) = db.write(sealed.for_print, keeper, batch_id)
    assert (letter.person, letter.body) == ("Marcus Rivera", "Secret body")
    with db.reading() as session:
        kinds = session.exec(select(AuditRow.kind, AuditRow.message_id).order_by(col(AuditRow.sequence))).all()
    assert kinds[-2:] == [("sealed batch exported", None), ("letter printed sealed", message_id)]
    message = lawyer.message(message_id)
    assert (message.times_seen, message.times_sealed) == (0, 1)


def test_the_confirmation_delivers_returns_and_ends_the_printing(lawyer, keeper):
    first, second = lawyer.send().id, lawyer.send().id
    batch_id = made(lawyer, keeper)
    _one, other = db.read(sealed.get, keeper, batch_id).pages
    with pytest.raises(Invalid):
        db.write(sealed.confirm, keeper, batch_id, {0: Handover.MOVED})
    for _again in range(2):
        db.write(sealed.confirm, keeper, batch_id, {other.id: Handover.UNDELIVERABLE})
    assert [lawyer.message(one).status for one in (first, second)] == ["delivered", "undeliverable"]
    assert lawyer.credits() == (19, 0)
    assert db.read(ledger.check_ledger).differences == []
    with pytest.raises(NotFound):
        db.write(sealed.for_print, keeper, batch_id)
    assert lawyer.message(first).times_sealed == 0


def test_a_letter_that_follows_its_person_is_not_delivered_by_the_batch_it_left(lawyer, keeper, facility):
    message_id, elsewhere = lawyer.send().id, facility()
    batch_id = made(lawyer, keeper)
    with db.transaction() as session:
        session.get_one(Facility, lawyer.facility_id).when_moved = "reroute"
        session.get_one(Inmate, lawyer.inmate_id).facility_id = elsewhere
    run_job(departures.follow_up_departures)
    assert db.write(sealed.for_print, keeper, batch_id) == []
    db.write(sealed.confirm, keeper, batch_id)
    assert lawyer.message(message_id).status == "approved"
    assert [page.handover_label for page in db.read(sealed.get, keeper, batch_id).pages] == ["Person moved"]


def test_each_kind_of_batch_has_its_own_letters_and_its_own_page(lawyer, keeper, pair):
    lawyer.send()
    batch_id = made(lawyer, keeper)
    assert db.read(batches.my_batches, keeper) == []
    for act in (batches.show, batches.for_print, batches.confirm):
        with pytest.raises(NotFound):
            db.write(act, keeper, batch_id)
    with pytest.raises(NotFound):
        made(lawyer, keeper)


def test_only_an_administrator_of_the_facility_prints_them(lawyer, keeper, actor, pair):
    lawyer.send()
    batch_id = made(lawyer, keeper)
    auditor = actor(role=Role.AUDITOR, facility_id=lawyer.facility_id)
    for who, refusal in (
        (lawyer.reviewer, NotAllowed),
        (auditor, NotAllowed),
        (lawyer.family, NotAllowed),
        (administrator(actor, pair()), NotFound),
    ):
        for act in (sealed.show, sealed.for_print, sealed.confirm):
            with pytest.raises(refusal):
                db.write(act, who, batch_id)
        with pytest.raises(refusal):
            db.write(sealed.create, who, lawyer.facility_id)


def test_an_old_password_looks_but_does_not_print_or_confirm(lawyer, keeper):
    lawyer.send()
    batch_id, old = made(lawyer, keeper), stale(keeper)
    assert db.read(sealed.my_batches, old)
    for act, number in ((sealed.create, lawyer.facility_id), (sealed.for_print, batch_id), (sealed.confirm, batch_id)):
        with pytest.raises(PasswordNeeded):
            db.write(act, old, number)


def test_two_presses_at_once_print_no_letter_twice(lawyer, keeper):
    lawyer.send()

    def press(_number):
        try:
            return made(lawyer, keeper)
        except RxConnectError:
            return None

    with ThreadPoolExecutor(2) as pool:
        assert len([one for one in pool.map(press, range(2)) if one]) == 1
    with db.reading() as session:
        assert len(session.exec(select(PrintPage)).all()) == 1


def test_the_cover_sheet_has_no_word_of_the_letter_and_counts_its_pages(printer, pair, actor):
    lawyer = pair(credits=20, first_name="Marcus", last_name="Rivera")
    keeper = administrator(actor, lawyer)
    verify(keeper, lawyer.family, lawyer.facility_id)
    lawyer.send("A subject", "word " * 1000)
    letters = db.write(sealed.for_print, keeper, made(lawyer, keeper))
    html = sealed_letters_html(letters)
    cover = html[: html.index("A subject")]
    assert "Marcus Rivera" in cover
    assert not [word for word in ("word", "Sam Rivera") if word in cover]
    pages = page_count(html) - 1
    assert pages > 1
    assert f"<td>{pages}</td>" in cover
    assert b"pdfuaid" in inside(sealed_letters_pdf(letters))
