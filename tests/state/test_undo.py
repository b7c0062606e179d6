"""What a family removes comes back with one press, for some seconds, in whatever tab and after whatever went wrong."""

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.removals import LATENCY, SHOWN_FOR, UNDO_FOR, RemovalKind
from rxconnect.models import Removal
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.messages import drafts, messages
from rxconnect.services.photos import draft_photos, sweep
from rxconnect.services.removals import removals
from rxconnect.state.family.contacts import ContactsState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.draft_photos import DraftPhotosState
from rxconnect.state.family.drafts import ComposeState, DraftsState
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.messages import MessageState, ThreadState
from rxconnect.state.family.undo import UndoState
from rxconnect.state.session import SessionState
from tests.photographs import add_photo
from tests.services.scheduling.running import run_job
from tests.state.driver import name_of, sign_in
from tests.state.lives import everything_of

TOO_LATE = "It is too late to undo this. Nothing was changed."


def a_photo(own):
    return db.read(draft_photos.of_draft, own.draft_id)[0].id


# By what is removed: the page, the press, the rest of the sentences, and what is there again after an undo.
ACTS = {
    RemovalKind.CONTACT: (
        routes.CONTACTS,
        lambda own: ContactsState.remove(own.contact_id),
        ("Xanthippe Rivera was removed. Your letters are kept.", "is one of your contacts again."),
        lambda own: db.read(contacts.my_contacts, own.actor),
    ),
    RemovalKind.DRAFT: (
        routes.DRAFTS,
        lambda own: DraftsState.discard(own.draft_id),
        ("Your draft “Xanthippe writes” was discarded.", "Your draft is back."),
        lambda own: [db.read(drafts.get, own.actor, one.id) for one in db.read(drafts.my_drafts, own.actor)],
    ),
    RemovalKind.LOCATION: (
        routes.PROFILE,
        lambda own: LocationsState.remove(own.facility_id),
        (
            "Xanthippe House was removed. Your credits and letters there are kept.",
            "Xanthippe House is one of your locations again.",
        ),
        lambda own: db.read(facilities.my_locations, own.actor),
    ),
    RemovalKind.MESSAGE: (
        "/messages/{own.message_id}",
        lambda _own: MessageState.withdraw,
        (
            "Your message was withdrawn, and your credits came back.",
            "Your message waits to be read, as if you had not withdrawn it.",
        ),
        lambda own: [one for one in db.read(messages.thread, own.actor, own.contact_id) if one.can_withdraw],
    ),
    RemovalKind.PHOTO: (
        "/compose/{own.draft_id}",
        lambda own: DraftPhotosState.remove(a_photo(own)),
        ("Photo 1 was removed.", "Photo 1 is back."),
        lambda own: db.read(draft_photos.of_draft, own.draft_id),
    ),
}


@pytest.fixture
def own(life):
    own = life()
    add_photo(own.actor, own.draft_id)
    with db.transaction() as session:
        session.delete(session.get_one(Removal, own.removal_id))
    return own


@pytest.fixture
def remove(server, own):
    """`remove(kind)`: a tab in which it was just removed, and what shows it."""

    def press(kind):
        page, act, _sentences, there = ACTS[kind]
        tab = server.tab(sign_in(own.actor)).open(page.format(own=own))
        tab.before = there(own)
        tab.there = lambda: there(own)
        assert len(tab.before) == 1
        return tab.call(act(own))

    return press


def offered(tab):
    return tab.shown(SessionState, "removal")


def told(tab):
    return tab.shown(SessionState, "notice")


def undo(tab, removal=None):
    return tab.call(UndoState.undo((removal or offered(tab))["id"]))


def make_older(time):
    with db.transaction() as session:
        for row in session.exec(select(Removal)):
            row.at -= time


@pytest.mark.parametrize("kind", RemovalKind)
def test_what_is_removed_is_gone_at_once_and_comes_back_as_it_was(remove, own, kind):
    tab = remove(kind)
    removed, restored = ACTS[kind][2]
    assert tab.there() == []
    assert removed in offered(tab)["sentence"]
    assert 9 <= offered(tab)["seconds"] <= 10
    assert 59 <= offered(tab)["undoable_seconds"] <= 60
    undo(tab)
    assert (tab.there() == tab.before) or kind is RemovalKind.MESSAGE
    assert len(tab.there()) == 1
    assert restored in told(tab)
    assert offered(tab) is None


@pytest.mark.parametrize("kind", RemovalKind)
def test_of_two_presses_that_remove_the_second_is_harmless_and_silent(remove, own, server, kind):
    # The hand of a person with a tremor bounces, and another tab still shows what is gone.
    page, act, _sentences, _there = ACTS[kind]
    press, other = act(own), server.tab(sign_in(own.actor)).open(page.format(own=own))
    tab = remove(kind)
    removal, after = offered(tab), everything_of(own.actor)
    for again in (tab, other):
        again.call(press)
        assert (again.said(getattr(press, "handler", press).state), told(again)) == ("", "")
        if again is tab or kind is not RemovalKind.LOCATION:
            assert offered(again)["id"] == removal["id"]
    assert everything_of(own.actor) == after
    undo(tab)
    assert len(tab.there()) == 1
    assert offered(tab) is None


@pytest.mark.parametrize("kind", RemovalKind)
def test_a_second_press_of_undo_says_so_and_changes_nothing(remove, own, server, kind):
    tab = remove(kind)
    removal, other = offered(tab), server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert offered(other)["id"] == removal["id"]
    undo(tab)
    after = everything_of(own.actor)
    for again in (tab, other):
        undo(again, removal)
        assert told(again) == "This was undone already."
    assert everything_of(own.actor) == after


@pytest.mark.parametrize("kind", RemovalKind)
def test_an_undo_that_comes_too_late_says_so_and_changes_nothing(remove, own, kind):
    tab = remove(kind)
    removal = offered(tab)
    make_older(UNDO_FOR + LATENCY)
    before = everything_of(own.actor)
    undo(tab)
    assert told(tab) == TOO_LATE
    assert everything_of(own.actor) == before
    run_job(lambda: db.write(removals.clear_old))
    undo(tab.open(tab.address), removal)
    assert told(tab) == TOO_LATE


@pytest.mark.parametrize("kind", RemovalKind)
def test_somebody_else_can_undo_nothing(remove, own, server, life, kind):
    removal = offered(remove(kind))
    before = everything_of(own.actor)
    stranger = server.tab(sign_in(life("Balthazar").actor)).open(routes.DASHBOARD)
    undo(stranger, removal)
    assert told(stranger) == TOO_LATE
    assert "Xanthippe" not in stranger.heard
    assert everything_of(own.actor) == before


def test_after_signing_out_nothing_comes_back_until_one_has_signed_in_again(remove, own):
    tab = remove(RemovalKind.CONTACT)
    removal = offered(tab)
    db.write(sign_ins.sign_out_everywhere, own.actor)
    tab.forget_frames().send(name_of(UndoState, "undo"), {"removal_id": removal["id"]})
    assert tab.redirects == [f"{routes.SIGN_IN}?next={routes.CONTACTS}"]
    assert tab.there() == []
    tab.cookie = sign_in(own.actor)
    undo(tab.open(routes.CONTACTS))
    assert tab.there() == tab.before


@pytest.mark.parametrize("kind", RemovalKind)
def test_a_worker_that_dies_in_between_takes_nothing_along(remove, own, server, kind):
    tab = remove(kind)
    removal = offered(tab)
    server.forget(tab)
    undo(tab, removal)
    assert len(tab.there()) == 1
    again = remove(kind)
    server.forget(again)
    # The browser loads its page again.
    assert offered(again.open(again.address))["sentence"] == offered(again)["sentence"]
    undo(again)
    assert len(again.there()) == 1


def test_the_offer_goes_along_to_the_next_page_and_ends_with_its_time(remove, own):
    tab = remove(RemovalKind.DRAFT).go(routes.DASHBOARD)
    assert offered(tab)["seconds"] <= 10
    make_older(SHOWN_FOR - timedelta(seconds=3))
    assert offered(tab.go(routes.INBOX))["seconds"] <= 3
    # A page that is still open keeps the removal, and no other page shows it again.
    make_older(timedelta(seconds=3))
    assert offered(tab.go(routes.DASHBOARD))["seconds"] == 0
    make_older(UNDO_FOR - SHOWN_FOR)
    assert offered(tab.go(routes.DASHBOARD)) is None


def test_the_page_that_is_open_when_something_comes_back_shows_it(remove, own):
    tab = remove(RemovalKind.CONTACT).go(routes.DASHBOARD)
    lead = tab.shown(DashboardState, "ready")
    undo(tab)
    assert (lead, told(tab)) == (True, "Xanthippe Rivera is one of your contacts again.")
    tab = remove(RemovalKind.DRAFT)
    undo(tab)
    assert len(tab.shown(DraftsState, "drafts")) == 1
    assert tab.focused[-1] == "page_title"


def test_a_notice_that_is_closed_is_closed_and_the_next_one_takes_its_place(remove, own):
    tab = remove(RemovalKind.DRAFT).call(SessionState.dismiss_notice)
    assert offered(tab) is None
    assert offered(tab.go(routes.DASHBOARD)) is None
    tab = remove(RemovalKind.LOCATION)
    tab.call(LocationsState.add(own.facility_id))
    assert (offered(tab), told(tab)) == (None, "Xanthippe House was added to your locations.")


def test_a_draft_comes_back_with_its_photos_although_the_sweep_ran_in_between(remove, own):
    tab = remove(RemovalKind.DRAFT)
    run_job(sweep.sweep_rows)
    undo(tab)
    assert len(db.read(draft_photos.of_draft, own.draft_id)) == 1
    tab.go(routes.fill(routes.COMPOSE, own.draft_id))
    assert [one["label"] for one in tab.shown(ComposeState, "draft")["photos"]] == ["Photo 1"]


def test_another_tab_in_which_the_draft_was_open_shows_it_again(remove, own, server):
    other = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))
    tab = remove(RemovalKind.DRAFT)
    assert other.call(ComposeState.reload).shown(ComposeState, "is_discarded")
    undo(tab)
    assert not other.call(ComposeState.reload).shown(ComposeState, "is_discarded")
    assert other.shown(ComposeState, "draft")["subject"] == "Xanthippe writes"


def test_a_photo_that_has_no_room_any_more_says_so(remove, own):
    tab = remove(RemovalKind.PHOTO)
    for _ in range(5):
        add_photo(own.actor, own.draft_id)
    undo(tab)
    assert "at most this many photos: 5" in told(tab)
    assert len(tab.there()) == 5


def test_a_location_that_was_added_again_is_there_once(remove, own):
    tab = remove(RemovalKind.LOCATION)
    removal = offered(tab)
    tab.call(LocationsState.add(own.facility_id)).go(routes.DASHBOARD)
    assert offered(tab) is None
    undo(tab, removal)
    assert told(tab) == "This was undone already."
    assert [place.id for place in tab.there()] == [own.facility_id]


def test_a_contact_that_was_added_again_is_not_offered_any_more(remove, own):
    tab = remove(RemovalKind.CONTACT).go(routes.fill(routes.THREAD, own.contact_id)).call(ThreadState.add_again)
    assert offered(tab.go(routes.DASHBOARD)) is None


def test_of_two_that_were_removed_one_after_the_other_both_come_back(remove, own, server):
    tab = remove(RemovalKind.DRAFT).go(routes.CONTACTS).call(ContactsState.remove(own.contact_id))
    undo(tab)
    assert told(tab) == "Xanthippe Rivera is one of your contacts again."
    assert "was discarded" in offered(tab)["sentence"]
    undo(tab)
    assert (told(tab), offered(tab)) == ("Your draft is back.", None)
    assert len(tab.there()) == 1


def test_what_was_removed_is_gone_for_good_after_a_minute(remove, own):
    remove(RemovalKind.DRAFT)
    make_older(UNDO_FOR + LATENCY)
    run_job(lambda: db.write(removals.clear_old))
    with db.reading() as session:
        assert session.exec(select(Removal.id).where(Removal.kind == RemovalKind.DRAFT)).all() == []
