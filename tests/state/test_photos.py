"""Photos on the pages: the compose page changes those of its draft, and the desk rejects one and lets the rest through."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.terms import VERSION
from rxconnect.services.messages import messages
from rxconnect.services.review import commits
from rxconnect.services.screening import submissions
from rxconnect.state.family.draft_photos import DraftPhotosState
from rxconnect.state.family.drafts import ComposeState
from rxconnect.state.family.messages import MessageState
from rxconnect.state.family.undo import UndoState
from rxconnect.state.session import SessionState
from rxconnect.state.staff.desk import DeskState
from tests.photographs import add_photo
from tests.state.driver import sign_in


@pytest.fixture
def pictured(life):
    """A life whose draft has two photos, and their ids."""
    own = life()
    return own, [add_photo(own.actor, own.draft_id).id for _ in range(2)]


def test_the_compose_page_orders_captions_removes_and_brings_back(server, pictured):
    own, (first, second) = pictured
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))

    def shown():
        return [(photo["id"], photo["caption"]) for photo in tab.shown(ComposeState, "draft")["photos"]]

    assert shown() == [(first, ""), (second, "")]
    cost = tab.shown(ComposeState, "draft")["cost"]
    tab.call(DraftPhotosState.move(second, 1)).call(DraftPhotosState.add_caption(second, "The garden"))
    assert shown() == [(second, "The garden"), (first, "")]
    tab.call(DraftPhotosState.remove(second))
    assert (shown(), tab.shown(ComposeState, "draft")["cost"]) == ([(first, "")], cost - 1)
    tab.call(UndoState.undo(tab.shown(SessionState, "removal")["id"]))
    assert shown() == [(second, "The garden"), (first, "")]


def test_the_desk_rejects_a_photo_and_lets_the_rest_through_in_one_step(server, pictured, actor):
    own, _photos = pictured
    message_id = db.write(submissions.send, own.actor, own.draft_id, accepted_terms=VERSION)
    tab = server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=own.facility_id))).open(routes.STAFF)
    tab.call(DeskState.open(message_id))
    letter = tab.shown(DeskState, "letter")
    assert [item["label"] for item in letter["items"]] == ["Text", "Photo 1", "Photo 2"]
    assert [photo["label"] for photo in letter["photos"]] == ["Photo 1", "Photo 2"]
    tab.call(DeskState.choose_part(letter["items"][2]["id"])).call(DeskState.reject_for(4))
    # The page would load its last decisions a moment later by itself.
    tab.call(DeskState.refresh)
    (decision,) = tab.shown(DeskState, "recent")
    with db.transaction() as session:
        message = session.get(messages.Message, message_id)
        assert commits.commit_locked(session, message, decision["id"])
    page = server.tab(sign_in(own.actor)).open(routes.fill(routes.MESSAGE, message_id))
    found = page.shown(MessageState, "message")
    assert found["status"] == MessageStatus.APPROVED
    assert [photo["status_label"] for photo in found["photos"]] == ["Approved", "Not delivered"]
