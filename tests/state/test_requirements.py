"""The requirements of a session's audience, at the socket: only the trainer's page has them."""

from __future__ import annotations

from rxconnect import db, routes
from rxconnect.demo import requirements
from rxconnect.domain import refusals
from rxconnect.domain.errors import NotAllowed
from rxconnect.state.demo.requirements import RequirementsState
from tests.rooms import seat_of
from tests.state.driver import name_of
from tests.state.hostile_texts import filled
from tests.state.test_seats import OURS

THREE = {"requirements": "1. Letters are read\n2. Money comes back\n3. Lawyers have a lane"}


def _listed(tab) -> list[tuple[str, bool]]:
    """What a tab shows: each requirement, and whether it is ticked."""
    view = tab.shown(RequirementsState, "view")
    return [(one["text"], one["minute"] > 0) for one in view["requirements"]]


def test_the_trainer_pastes_ticks_and_explains_and_another_tab_follows(server, open_room):
    room = open_room()
    tab, other = (server.tab(seat=room.trainer).open(routes.DEMO_ROOM) for _ in range(2))
    tab.call(RequirementsState.add_requirements(THREE))
    assert len(_listed(other)) == 3
    first = tab.shown(RequirementsState, "view")["requirements"][0]["id"]
    tab.call(RequirementsState.mark_shown(first))
    assert _listed(tab)[:2] == [("Letters are read", True), ("Money comes back", False)]
    tab.call(RequirementsState.edit_remark(first)).call(RequirementsState.save_remark({"remark": "The desk"}))
    assert tab.shown(RequirementsState, "editing") == 0
    assert tab.shown(RequirementsState, "view")["requirements"][0]["what"] == "The desk"
    tab.call(RequirementsState.unmark_shown(first)).call(RequirementsState.remove_requirement(first))
    assert _listed(tab) == [("Money comes back", False), ("Lawyers have a lane", False)]


def test_a_search_lists_what_it_finds_and_a_refused_list_says_why(server, open_room):
    tab = server.tab(seat=open_room().trainer).open(routes.DEMO_ROOM)
    tab.call(RequirementsState.add_requirements(THREE)).call(RequirementsState.search("LAWYER"))
    assert _listed(tab) == [("Lawyers have a lane", False)]
    tab.call(RequirementsState.search("")).call(RequirementsState.choose("shown"))
    assert _listed(tab) == []
    tab.call(RequirementsState.add_requirements({"requirements": "x" * 501}))
    assert "Requirement 1 has 501 characters" in tab.shown(RequirementsState, "problems")["requirements"]


def test_nobody_else_gets_or_changes_any(server, open_room):
    room = open_room()
    trainer = seat_of(room.trainer)
    db.write(requirements.add, trainer, THREE["requirements"])
    before = db.read(requirements.listed, trainer, "", "all", 40)
    ben = server.tab(seat=room.join()).open(routes.DEMO_ROOM)
    for name in [name for name in OURS if OURS[name].states[0] is RequirementsState]:
        kinds = dict(OURS[name].handler.fn.__annotations__)
        ids = {"requirement_id": before.requirements[0].id} if "requirement_id" in kinds else {}
        ben.send(name, filled(kinds, "x") | ids)
    ben.send(name_of(RequirementsState, "mark_shown"), {"requirement_id": before.requirements[0].id})
    assert ben.said(RequirementsState) == refusals.sentence(NotAllowed())
    assert ben.shown(RequirementsState, "view") is None
    assert "Letters are read" not in ben.heard
    assert db.read(requirements.listed, trainer, "", "all", 40) == before
