"""Photos of letters: each is decided and paid by itself, and only those who may see a photo find it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from rxconnect import db
from rxconnect.documents.print_batches import print_batch_html, print_batch_pdf
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.errors import InsufficientCredits, NotAllowed, NotFound
from rxconnect.domain.messages import Lane, MessageStatus, Reason
from rxconnect.domain.photos import PhotoState
from rxconnect.domain.review import UNDO_FOR, HoldReason, Outcome, Ruling
from rxconnect.domain.terms import VERSION
from rxconnect.models import Item, Message, Photo, QueueEntry
from rxconnect.services.messages import drafts, messages, withdrawals
from rxconnect.services.money import ledger
from rxconnect.services.paper import batches
from rxconnect.services.photos import draft_photos, serving, storage
from rxconnect.services.privilege import sealed
from rxconnect.services.review import claims, decisions, desk, letters
from rxconnect.services.screening import submissions
from tests.photographs import draft_with_photos
from tests.services.lawyers.verified import administrator, verify


def send(writer, count=2):
    draft_id = draft_with_photos(writer.family, writer.contact_id, count)
    return db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)


def items_of(message_id):
    with db.reading() as session:
        return session.exec(select(Item).where(Item.message_id == message_id).order_by(Item.id)).all()


def decide(writer, message_id, *rulings):
    db.write(claims.take, writer.reviewer, message_id)
    db.write(decisions.decide, writer.reviewer, message_id, rulings)
    with clock.at(clock.now() + UNDO_FOR):
        assert decisions.commit_due().errors == []


def is_sound():
    with db.reading() as session:
        return ledger.check_ledger(session).differences == []


def hand_over(writer):
    batch_id = db.write(batches.create, writer.reviewer, writer.facility_id)
    view = db.write(batches.for_print, writer.reviewer, batch_id)
    db.write(batches.confirm, writer.reviewer, batch_id)
    return view


def test_a_caption_waits_for_send_which_holds_the_draft(use, pair):
    use("postgresql")
    writer = pair()
    draft_id = draft_with_photos(writer.family, writer.contact_id, 1)
    (photo,) = db.read(drafts.get, writer.family, draft_id).photos
    with db.transaction() as sending:
        draft_photos.my_draft(sending, writer.family, draft_id)
        with db.transaction() as session, pytest.raises(OperationalError, match="lock timeout"):
            session.connection().execute(text("SET LOCAL lock_timeout = '50ms'"))
            draft_photos.add_caption(session, writer.family, photo.id, "Too late")
    db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    with pytest.raises(NotFound):
        db.write(draft_photos.add_caption, writer.family, photo.id, "Too late")


def test_each_photo_costs_the_facilitys_price_and_is_held_with_the_words(pair):
    writer = pair(credits=10, facility_fields={"photo_credits": 2})
    draft = db.read(drafts.get, writer.family, draft_with_photos(writer.family, writer.contact_id, 2))
    assert (draft.cost, draft.most_photos, draft.photo_credits) == (5, 5, 2)
    message_id = db.write(submissions.send, writer.family, draft.id, accepted_terms=VERSION)
    assert writer.credits() == (5, 5)
    assert [(item.kind, item.credits) for item in items_of(message_id)] == [("text", 1), ("photo", 2), ("photo", 2)]
    shown = writer.message(message_id).photos
    assert [(photo.label, photo.status_label) for photo in shown] == [
        ("Photo 1", "In review"),
        ("Photo 2", "In review"),
    ]


def test_a_letter_that_costs_too_much_with_its_photos_is_not_sent(pair):
    writer = pair(credits=2)
    with pytest.raises(InsufficientCredits):
        send(writer, 2)
    assert writer.credits() == (2, 0)


def test_a_rejected_photo_costs_nothing_and_the_words_and_the_other_photo_go_on(pair):
    writer = pair(credits=10)
    message_id = send(writer)
    text, first, second = (item.id for item in items_of(message_id))
    decide(writer, message_id, Ruling(Outcome.REJECTED, Reason.EXPLICIT, items=(second,)), Ruling(Outcome.APPROVED))
    printed = hand_over(writer)
    assert [[photo.label for photo in page.photos] for page in printed.pages if page.message_id] == [["Photo 1"]]
    shown = writer.message(message_id)
    assert shown.status == MessageStatus.DELIVERED
    assert [(one.status_label, one.reason) for one in shown.photos] == [
        ("Delivered", ""),
        ("Not delivered", Reason.EXPLICIT.label),
    ]
    assert "Photo 2: Not delivered" in [event.label for event in shown.timeline]
    assert writer.credits() == (8, 0)
    assert is_sound()
    assert {text, first} == {item.id for item in items_of(message_id) if item.status == MessageStatus.DELIVERED}


def test_no_rule_releases_a_letter_with_photos(pair):
    writer = pair(credits=10)
    message_id = send(writer, 1)
    with db.reading() as session:
        assert session.get(QueueEntry, message_id).held_for in (HoldReason.PHOTOS, HoldReason.EVERY_LETTER)


def test_a_print_has_the_photo_and_its_caption_and_fails_without_its_file(pair, printer):
    writer = pair(credits=10)
    draft_id = draft_with_photos(writer.family, writer.contact_id, 1)
    (photo,) = db.read(drafts.get, writer.family, draft_id).photos
    db.write(draft_photos.add_caption, writer.family, photo.id, "In the <garden>")
    message_id = db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    decide(writer, message_id, Ruling(Outcome.APPROVED))
    batch = hand_over(writer)
    assert "In the &lt;garden&gt;</figcaption>" in print_batch_html(batch)
    assert b"/DCTDecode" in print_batch_pdf(batch)
    storage.delete_all(batch.pages[0].photos[0].store)
    with pytest.raises(NotFound):
        print_batch_pdf(batch)


def test_rejected_words_are_not_printed_with_the_photos_that_go(pair):
    writer = pair(credits=10)
    message_id = send(writer)
    words = items_of(message_id)[0].id
    decide(writer, message_id, Ruling(Outcome.REJECTED, Reason.CODED, items=(words,)), Ruling(Outcome.APPROVED))
    letter = next(page for page in hand_over(writer).pages if page.message_id)
    sent = writer.message(message_id)
    assert len(letter.photos) == 2
    assert sent.body not in letter.text
    assert sent.subject != letter.subject


def test_a_withdrawn_letter_returns_all_and_can_be_undone_and_written_again(pair):
    writer = pair(credits=10)
    message_id = send(writer)
    db.write(withdrawals.withdraw, writer.family, message_id)
    assert writer.credits() == (10, 0)
    db.write(withdrawals.undo, writer.family, message_id)
    assert writer.credits() == (7, 3)
    db.write(withdrawals.withdraw, writer.family, message_id)
    again = db.read(drafts.get, writer.family, db.write(drafts.write_again, writer.family, message_id))
    assert [photo.label for photo in again.photos] == ["Photo 1", "Photo 2"]
    assert db.write(submissions.send, writer.family, again.id, accepted_terms=VERSION) != message_id
    assert is_sound()


def test_staff_find_a_photo_once_they_have_opened_its_letter(pair, actor):
    writer = pair(credits=10)
    message_id = send(writer, 1)
    key = writer.message(message_id).photos[0].key
    with pytest.raises(NotFound):
        db.read(desk.photo_store, writer.reviewer, key)
    opened = db.write(letters.open_letter, writer.reviewer, message_id)
    assert [photo.key for photo in opened.photos] == [key]
    assert db.read(desk.photo_store, writer.reviewer, key)
    for other in (actor(role=Role.REVIEWER), actor(role=Role.AUDITOR, facility_id=writer.facility_id), writer.family):
        with pytest.raises(NotFound):
            db.read(desk.photo_store, other, key)
    with db.transaction() as session:
        session.get_one(Message, message_id).lane = Lane.PRIVILEGED
    with pytest.raises(NotFound):
        db.read(desk.photo_store, writer.reviewer, key)


def test_photos_of_a_privileged_letter_are_printed_sealed_and_never_shown_to_staff(pair, actor):
    writer = pair(credits=10)
    keeper = administrator(actor, writer)
    verify(keeper, writer.family, writer.facility_id)
    message_id = send(writer, 1)
    assert writer.message(message_id).is_privileged
    batch_id = db.write(sealed.create, keeper, writer.facility_id)
    (letter,) = db.write(sealed.for_print, keeper, batch_id)
    assert [photo.label for photo in letter.photos] == ["Photo 1"]
    key = writer.message(message_id).photos[0].key
    for staff in (keeper, writer.reviewer):
        with pytest.raises(NotFound):
            db.read(desk.photo_store, staff, key)
    assert db.read(serving.for_inmate, Actor(9, "Kiosk", "", ActorKind.KIOSK, inmate_id=writer.inmate_id), key)
    db.write(sealed.confirm, keeper, batch_id)
    assert writer.credits() == (8, 0)


def test_only_the_sender_and_after_the_decision_the_person_at_a_kiosk_find_a_photo(pair, inmate):
    writer = pair(credits=10)
    message_id = send(writer)
    keys = [photo.key for photo in writer.message(message_id).photos]
    person, stranger = (
        Actor(9, "Kiosk", "", ActorKind.KIOSK, inmate_id=one) for one in (writer.inmate_id, inmate(writer.facility_id))
    )
    assert all(db.read(serving.for_family, writer.family, key) for key in keys)
    with pytest.raises(NotFound):
        db.read(serving.for_family, writer.reviewer, keys[0])
    with pytest.raises(NotFound):
        db.read(serving.for_inmate, person, keys[0])
    assert db.read(serving.of_letters_to_inmate, person, [message_id]) == {}
    second = items_of(message_id)[2].id
    decide(writer, message_id, Ruling(Outcome.REJECTED, Reason.CODED, items=(second,)), Ruling(Outcome.APPROVED))
    assert db.read(serving.for_inmate, person, keys[0])
    assert [photo.key for photo in db.read(serving.of_letters_to_inmate, person, [message_id])[message_id]] == keys[:1]
    for actor, key in ((person, keys[1]), (stranger, keys[0])):
        with pytest.raises(NotFound):
            db.read(serving.for_inmate, actor, key)
    with pytest.raises(NotAllowed):
        db.read(serving.for_inmate, writer.reviewer, keys[0])


def test_a_draft_of_photos_alone_is_a_draft_and_goes_with_its_files_only_when_it_can(pair):
    writer = pair(credits=10)
    draft_id = draft_with_photos(writer.family, writer.contact_id, 1, body="")
    db.write(drafts.save, writer.family, draft_id, subject="", body="")
    assert [line.id for line in db.read(drafts.my_drafts, writer.family)] == [draft_id]
    assert db.write(drafts.get_or_create_empty, writer.family, writer.contact_id) != draft_id
    with db.transaction() as session:
        photo = session.exec(select(Photo)).one()
        photo.state = PhotoState.WAITING
    db.write(drafts.save, writer.family, draft_id, subject="Hi", body="Words")
    (waiting,) = db.read(drafts.get, writer.family, draft_id).photos
    assert "virus check" in waiting.note
    with pytest.raises(Exception, match="photos"):
        db.write(messages.send, writer.family, draft_id, accepted_terms=VERSION)
