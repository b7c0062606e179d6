"""Print batches: approved letters and notices on paper; the confirmation delivers them, and exceptions cost nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.documents.print_batches import print_batch_html, print_batch_pdf
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound, RxConnectError
from rxconnect.domain.messages import Reason
from rxconnect.domain.notices import NoticeKind, Pace
from rxconnect.domain.print_batches import Handover
from rxconnect.domain.review import Outcome
from rxconnect.models import Inmate, Message, MessageEvent, PrintPage, StaffView
from rxconnect.services.leaving import departures
from rxconnect.services.money import ledger
from rxconnect.services.notices import choices
from rxconnect.services.paper import batches
from rxconnect.services.review import appeals, review
from tests.printing import inside
from tests.services.conftest import tie
from tests.services.messages.test_items import send
from tests.services.review.desks import claim, commit, subjects


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=20, first_name="Marcus", last_name="Rivera", housing="Unit C")


def approved(writer, subject="Hello", body="We miss you."):
    message_id = writer.send(subject, body).id
    db.write(review.approve, writer.reviewer, message_id)
    return message_id


def rejected(writer):
    message_id = writer.send("Secret subject", "Secret body").id
    db.write(review.reject, writer.reviewer, message_id, Reason.CODED)
    return message_id


def create(writer):
    return db.write(batches.create, writer.reviewer, writer.facility_id)


def get(writer, batch_id):
    return db.read(batches.get, writer.reviewer, batch_id)


def confirm(writer, batch_id, exceptions=None):
    db.write(batches.confirm, writer.reviewer, batch_id, exceptions)


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def test_a_batch_has_what_was_approved_and_the_notices_and_nothing_twice(writer):
    message_id = approved(writer)
    rejected(writer)
    writer.send()
    (ready,) = db.read(batches.ready, writer.reviewer)
    assert (ready.letters, ready.notices) == (1, 1)
    batch = get(writer, create(writer))
    assert [(page.message_id, page.person, page.housing) for page in batch.pages] == [
        (message_id, "Marcus Rivera", "Unit C"),
        (0, "Marcus Rivera", "Unit C"),
    ]
    with pytest.raises(NotFound):
        create(writer)
    (line,) = db.read(batches.my_batches, writer.reviewer)
    assert (line.letters, line.notices, line.confirmed) == (1, 1, "")


def test_the_confirmation_delivers_and_spends_the_credits(writer):
    message_id = approved(writer)
    batch_id = create(writer)
    assert writer.message(message_id).status == "approved"
    confirm(writer, batch_id)
    confirm(writer, batch_id)
    assert (writer.message(message_id).status, writer.credits()) == ("delivered", (19, 0))
    with db.reading() as session:
        moved = session.exec(select(MessageEvent).where(MessageEvent.status == "delivered")).one()
    assert moved.by_account_id == writer.reviewer.account_id
    assert get(writer, batch_id).is_confirmed
    assert is_sound()


def test_what_could_not_be_handed_over_returns_its_credits(writer):
    kept, lost, moved = (approved(writer) for _ in range(3))
    batch_id = create(writer)
    pages = {page.message_id: page.id for page in get(writer, batch_id).pages}
    confirm(writer, batch_id, {pages[lost]: Handover.UNDELIVERABLE, pages[moved]: Handover.MOVED})
    assert [writer.message(one).status for one in (kept, lost, moved)] == [
        "delivered",
        "undeliverable",
        "undeliverable",
    ]
    assert (writer.credits(), is_sound()) == ((19, 0), True)


def test_exceptions_name_pages_of_the_batch(writer, pair):
    message_id = approved(writer)
    batch_id = create(writer)
    (page,) = get(writer, batch_id).pages
    for wrong in ({page.id + 99: Handover.MOVED}, {page.id: Handover.WAITING}):
        with pytest.raises(Invalid):
            confirm(writer, batch_id, wrong)
    assert writer.message(message_id).status == "approved"


def test_whoever_left_before_the_confirmation_gets_nothing(writer):
    message_id = approved(writer)
    batch_id = create(writer)
    with db.transaction() as session:
        session.get_one(Inmate, writer.inmate_id).custody = "released"
    departures.follow_up_departures()
    confirm(writer, batch_id)
    assert writer.message(message_id).status == "undeliverable"
    assert [page.handover for page in get(writer, batch_id).pages] == [Handover.MOVED]
    assert is_sound()


def test_a_printed_letter_is_a_view_of_it(writer):
    message_id = approved(writer)
    batch_id = create(writer)
    get(writer, batch_id)
    db.write(batches.for_print, writer.reviewer, batch_id)
    with db.reading() as session:
        assert [(one.message_id, one.kind) for one in session.exec(select(StaffView))] == [(message_id, "printed")]


def test_a_letter_of_which_a_part_was_overturned_is_printed_again(writer, actor):
    colleague = actor(role=Role.REVIEWER, facility_id=writer.facility_id)
    message_id, (text, photo) = send(writer)
    db.write(review.reject, writer.reviewer, message_id, Reason.EXPLICIT, items=[photo])
    db.write(review.approve, writer.reviewer, message_id, items=[text])
    confirm(writer, create(writer))
    db.write(appeals.appeal, writer.family, message_id, "It is the sea.")
    claim(colleague, message_id)
    db.write(appeals.decide, colleague, message_id, Outcome.OVERTURNED)
    commit()
    batch_id = create(writer)
    assert [page.message_id for page in get(writer, batch_id).pages] == [message_id]
    confirm(writer, batch_id)
    assert (writer.message(message_id).status, is_sound()) == ("delivered", True)


def test_batches_made_at_once_share_no_letter(writer):
    ids = [approved(writer) for _ in range(5)]

    def make(_turn):
        try:
            return create(writer)
        except RxConnectError as error:
            return type(error).__name__

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(make, range(3)))
    assert made.count("NotFound") == 2
    with db.reading() as session:
        assert list(session.exec(select(PrintPage.message_id).order_by(col(PrintPage.message_id)))) == ids


def test_staff_elsewhere_reach_no_batch(writer, pair, actor):
    approved(writer)
    batch_id = create(writer)
    elsewhere = pair().reviewer
    for act in (batches.get, batches.for_print, batches.confirm):
        with pytest.raises(NotFound):
            db.write(act, elsewhere, batch_id)
    with pytest.raises(NotFound):
        db.write(batches.create, elsewhere, writer.facility_id)
    with pytest.raises(NotAllowed):
        db.read(batches.my_batches, actor(role=Role.AUDITOR, facility_id=writer.facility_id))


def test_the_print_has_a_cover_sheet_for_each_unit_and_no_word_of_what_was_rejected(writer, inmate):
    second = inmate(writer.facility_id, first_name="Tomás", last_name="Aguilar", housing="Unit A")
    approved(writer, "A subject", "Line one.\nLine two & <b>three</b>.")
    rejected(writer)
    there = replace(writer, inmate_id=second, contact_id=tie(writer.family, second))
    approved(there)
    html = print_batch_html(db.write(batches.for_print, writer.reviewer, create(writer)))
    assert html.index("Unit A") < html.index("Unit C")
    assert html.count("to hand over</p>") == 2
    assert "Line two &amp; &lt;b&gt;three&lt;/b&gt;." in html
    assert "A letter to you from Sam Rivera" in html
    assert "protest" in html
    assert "Secret" not in html


def test_the_cells_of_a_unit_share_a_cover_sheet(writer, inmate):
    for number, housing in enumerate(["B-12-L", "B-13-U", "C / 2"]):
        person = inmate(writer.facility_id, first_name="Ann", last_name="abc"[number], housing=housing)
        approved(replace(writer, inmate_id=person, contact_id=tie(writer.family, person)))
    html = print_batch_html(db.write(batches.for_print, writer.reviewer, create(writer)))
    assert html.count("to hand over</p>") == 2
    assert html.index("B-12-L") < html.index("B-13-U") < html.index("C / 2")


def test_it_is_a_tagged_pdf(writer, printer):
    approved(writer)
    with db.transaction() as session:
        session.exec(select(Message)).one().body = "We miss you. " * 800
    batch = db.write(batches.for_print, writer.reviewer, create(writer))
    pdf = print_batch_pdf(batch)
    assert b"pdfuaid:part" in inside(pdf)


def test_a_family_hears_of_a_delivery_only_if_it_asked_for_that_email(writer):
    def subjects_after(wanted):
        db.write(choices.choose, writer.family, NoticeKind.DELIVERED, Pace.NOW if wanted else Pace.OFF)
        approved(writer)
        confirm(writer, create(writer))
        return subjects()

    assert subjects_after(False) == []
    assert subjects_after(True) == ["Your message was handed over to Marcus"]


def test_a_family_always_hears_that_a_letter_could_not_be_handed_over(writer):
    approved(writer)
    batch_id = create(writer)
    (page,) = get(writer, batch_id).pages
    confirm(writer, batch_id, {page.id: Handover.UNDELIVERABLE})
    assert subjects() == ["Your message to Marcus could not be handed over"]
