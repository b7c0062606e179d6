"""The forms of demo sessions, posted by a browser without any script."""

from __future__ import annotations

from html import unescape

import pytest

from rxconnect import db, routes
from rxconnect.config import settings
from rxconnect.demo import codes, judges, scenarios, seats, sessions, summaries, views
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Role
from rxconnect.domain.demo import MOST, PER_ADDRESS, SeatKind
from rxconnect.domain.errors import NoGuests, NotAllowed, SessionLocked, WrongCode
from rxconnect.domain.rosters import UploadProblem
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import facilities
from tests.api.html import Reader, built_page
from tests.rooms import find, seat_of

START = {"scenario": "blank", "name": "Aisha", "guests": "yes"}


@pytest.fixture
def static_dir(static_dir):
    """The built frontend, with the pages of demo sessions."""
    (static_dir / "demo").mkdir()
    radios = "".join(f'<input type="radio" name="scenario" value="{key}"/>' for key in [*scenarios.texts(), "own"])
    for name, inputs in (("demo", ["name"]), ("demo/join", ["code", "name"])):
        own = '<textarea id="own_scenario" name="own_scenario"></textarea><p id="scenario-problem"></p>'
        more = f"{radios}{own}</form>" if name == "demo" else "</form>"
        (static_dir / f"{name}.html").write_text(built_page(name, inputs).replace("</form>", more))
    return static_dir


def start(browser, **fields):
    return browser.post(routes.DEMO, data=START | fields)


def join(browser, wanted, **fields):
    return browser.post(routes.DEMO_JOIN, data={"code": wanted, "name": "Ben", "kind": "family"} | fields)


def shown(response) -> str:
    """The visible text of the response's page."""
    return unescape(response.text)


def test_starting_leads_to_the_room_with_a_cookie_that_scripts_cannot_read(visitor, open_room):
    response = start(aisha := visitor())
    assert (response.status_code, response.headers["location"]) == (303, routes.DEMO_ROOM)
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("rxconnect-seat=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
    seat = seat_of(aisha.cookies["rxconnect-seat"])
    assert (seat.name, seat.is_trainer, seat.drives) == ("Aisha", True, True)


def test_behind_tls_the_cookie_is_bound_to_the_host(visitor, open_room, setting):
    setting(public_url="https://messages.example.org")
    response = start(visitor(base_url="https://messages.example.org"))
    assert response.headers["set-cookie"].startswith("__Host-rxconnect-seat=")
    assert "; Secure" in response.headers["set-cookie"]


def test_a_refused_form_is_shown_again_as_it_was_filled_in(visitor, open_room):
    response = start(visitor(), name=" ", scenario="money-back")
    assert response.status_code == 422
    page = Reader(response.text)
    assert page.texts["name-problem"]
    chosen = [tag for tag in response.text.split("<") if tag.startswith("input") and " checked" in tag]
    assert len(chosen) == 1
    assert 'value="money-back"' in chosen[0]
    assert "set-cookie" not in response.headers


def test_a_scenario_of_ones_own_comes_before_those_of_ours(visitor, open_room):
    text = scenarios.texts()["blank"].replace('title = "Blank"', 'title = "Our evening"')
    start(aisha := visitor(), scenario="own", own_scenario=text)
    assert db.read(views.view, seat_of(aisha.cookies["rxconnect-seat"])).title == "Our evening"


def test_a_scenario_that_cannot_be_read_is_refused_with_its_line(visitor, open_room):
    text = scenarios.texts()["blank"].replace("minutes = 20", 'minutes = "long"')
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if "minutes" in one)
    response = start(visitor(), scenario="own", own_scenario=text)
    assert response.status_code == 422
    assert f"Line {line}:" in shown(response)
    assert text in shown(response)


def test_one_too_many_is_told_when_to_try_again(visitor, open_room):
    for _ in range(PER_ADDRESS):
        assert start(visitor()).status_code == 303
    response = start(visitor())
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 3600
    assert f"You have {PER_ADDRESS} demo sessions open." in shown(response)
    assert "an hour" in shown(response) or "minutes" in shown(response)


def test_when_all_are_in_use_that_is_said(visitor, open_room, monkeypatch):
    monkeypatch.setattr("rxconnect.demo.sessions.MOST", 1)
    open_room()
    response = start(visitor())
    assert response.status_code == 429
    assert "demo sessions are in use" in shown(response)
    assert MOST > PER_ADDRESS


def test_joining_leads_to_the_room_however_the_code_is_typed(visitor, open_room):
    room = open_room()
    ben = visitor()
    response = join(ben, room.code.lower().replace("-", " "), kind="watch")
    assert response.headers["location"] == routes.DEMO_ROOM
    seat = seat_of(ben.cookies["rxconnect-seat"])
    assert (seat.name, seat.kind, seat.is_trainer, seat.drives) == ("Ben", SeatKind.WATCH, False, False)


def test_a_link_brings_the_code_along(visitor):
    page = Reader(visitor().get(f"{routes.DEMO_JOIN}?code=CEDAR-417").text)
    assert page.inputs["code"]["value"] == "CEDAR-417"


def test_a_wrong_code_is_told_beside_the_code(visitor, open_room):
    open_room()
    page = Reader(join(visitor(), "ZEBRA-000").text)
    assert page.texts["code-problem"] == refusals.sentence(WrongCode())
    assert page.inputs["code"]["value"] == "ZEBRA-000"
    assert page.inputs["name"]["value"] == "Ben"


@pytest.mark.parametrize("missing", ["code", "name", "kind"])
def test_what_is_missing_is_asked_for(visitor, open_room, missing):
    response = join(visitor(), open_room().code, **{missing: ""})
    assert response.status_code == 422
    assert "set-cookie" not in response.headers


def test_guests_come_in_only_when_the_trainer_allows_it(visitor, open_room, actor):
    room = open_room(allows_guests=False)
    assert refusals.sentence(NoGuests()) in shown(join(visitor(), room.code))
    nina = visitor()
    nina.cookies.set("rxconnect", db.write(sign_ins.create_sign_in, actor().account_id))
    assert join(nina, room.code).status_code == 303
    db.write(sessions.allow_guests, seat_of(room.trainer), True)
    assert join(visitor(), room.code).status_code == 303


def test_nobody_comes_into_a_locked_room(visitor, open_room):
    room = open_room()
    db.write(sessions.lock, seat_of(room.trainer))
    assert refusals.sentence(SessionLocked()) in shown(join(visitor(), room.code))
    db.write(sessions.unlock, seat_of(room.trainer))
    assert join(visitor(), room.code).status_code == 303


def test_guesses_of_one_address_have_to_wait_while_others_still_join(visitor, open_room):
    room, guesser = open_room(), visitor(client=("203.0.113.66", 4000))
    answers = [join(guesser, f"{codes.WORDS[place]}-123").status_code for place in range(70)]
    assert answers[-1] == 429
    assert join(guesser, room.code).status_code == 429
    assert join(visitor(client=("203.0.113.67", 4000)), room.code).status_code == 303


def test_leaving_leads_only_to_our_own_pages(visitor, open_room):
    start(aisha := visitor())
    response = aisha.post(f"{routes.DEMO_LEAVE}?next=https://evil.example/")
    assert response.headers["location"] == routes.HOME


def test_the_trainers_end_leads_to_the_summary_and_takes_everybody_out(visitor, open_room):
    start(aisha := visitor())
    token = aisha.cookies["rxconnect-seat"]
    view = db.read(views.view, seat_of(token))
    join(ben := visitor(), view.code)
    response = aisha.post(routes.DEMO_END)
    number = response.headers["location"].rpartition("/")[2]
    assert 'rxconnect-seat=""' in response.headers["set-cookie"]
    assert db.read(summaries.summary, number).people == 2
    assert not find(token)
    assert ben.get(routes.DASHBOARD).headers["location"] == routes.DEMO_OVER


def test_nobody_but_the_trainer_ends_a_session(visitor, open_room):
    room = open_room()
    join(ben := visitor(), room.code)
    assert ben.post(routes.DEMO_END).headers["location"] == routes.DEMO_ROOM
    assert find(room.trainer)
    assert visitor().post(routes.DEMO_END).headers["location"] == routes.DEMO_ROOM


def test_a_session_of_a_trainer_who_leaves_is_over(visitor, open_room):
    start(aisha := visitor())
    code = db.read(views.view, seat_of(aisha.cookies["rxconnect-seat"])).code
    join(ben := visitor(), code)
    aisha.post(routes.DEMO_LEAVE)
    assert not find(ben.cookies["rxconnect-seat"])


def test_another_site_starts_and_ends_nothing(visitor, open_room):
    start(aisha := visitor())
    aisha.headers["origin"] = "https://evil.example"
    for address in (routes.DEMO_END, routes.DEMO_LEAVE):
        assert aisha.post(address).status_code == 403
    assert start(visitor(is_here=False)).status_code == 403
    assert find(aisha.cookies["rxconnect-seat"])


def test_in_production_a_trainer_who_is_signed_in_starts_and_nobody_else(
    visitor, open_room, actor, facility, monkeypatch
):
    monkeypatch.setattr(
        "rxconnect.api.demo_forms.settings", lambda: settings().model_copy(update={"mode": "production"})
    )
    assert start(visitor()).headers["location"].startswith(routes.SIGN_IN)
    here = facility()
    for role, may in ((Role.REVIEWER, False), (Role.TRAINER, True)):
        browser = visitor()
        browser.cookies.set(
            "rxconnect", db.write(sign_ins.create_sign_in, actor(role=role, facility_id=here).account_id)
        )
        response = start(browser)
        assert (response.status_code == 303) is may
        assert may or refusals.sentence(NotAllowed()) in shown(response)


def test_a_scenario_of_ours_can_be_downloaded(visitor):
    told = visitor().get(routes.fill(routes.DEMO_SCENARIO, "first-letter"))
    assert told.text == scenarios.texts()["first-letter"]
    assert "RxConnect-first-letter.toml" in told.headers["content-disposition"]
    assert visitor().get(routes.fill(routes.DEMO_SCENARIO, "none")).status_code == 404


def test_only_the_trainer_downloads_the_letters_with_their_answers_and_not_while_they_are_judged(visitor, open_room):
    room = open_room()
    tokens = [room.trainer, room.join(), ""]

    def statuses() -> list[int]:
        found = []
        for token in tokens:
            browser = visitor()
            if token:
                browser.cookies.set("rxconnect-seat", token)
            found.append(browser.get(routes.DEMO_LETTERS).status_code)
        return found

    assert statuses() == [200, 404, 404]
    judges.begin(seat_of(room.trainer), "")
    assert statuses() == [404, 404, 404]
    db.write(judges.end, seat_of(room.trainer))
    assert statuses() == [200, 404, 404]


def test_the_summary_can_be_downloaded_by_its_number_alone(printer, visitor, open_room):
    room = open_room()
    seat = seat_of(room.trainer)
    number = summaries.number_of(seat.session_id)
    assert visitor().get(routes.fill(routes.DEMO_SUMMARY_PDF, number)).status_code == 404
    db.write(sessions.end, seat)
    assert visitor().get(routes.fill(routes.DEMO_SUMMARY_PDF, number)).headers["content-type"] == "application/pdf"
    guessed = f"{seat.session_id}-{'0' * 20}"
    assert visitor().get(routes.fill(routes.DEMO_SUMMARY_PDF, guessed)).status_code == 404


def test_a_try_of_a_roster_leads_the_trainer_there_as_the_administrator_with_the_wheel(visitor, open_room):
    room = open_room()
    aisha, ben = visitor(), visitor()
    aisha.cookies["rxconnect-seat"], ben.cookies["rxconnect-seat"] = room.trainer, room.join()
    db.write(seats.hand_over_wheel, seat_of(room.trainer), seat_of(ben.cookies["rxconnect-seat"]).id)
    assert aisha.post(routes.DEMO_TRY_ROSTER).headers["location"] == routes.ROSTERS
    seat = seat_of(room.trainer)
    assert (seat.kind, seat.drives) == (SeatKind.ADMINISTRATOR, True)
    assert ben.post(routes.DEMO_TRY_ROSTER).headers["location"] == routes.DEMO_ROOM
    upload = {"roster": ("theirs.csv", aisha.get(routes.DEMO_ROSTER).content)}
    with room.world.bound():
        facility_id = db.read(facilities.get_by_key, "cedar-ridge").id
    response = aisha.post(routes.ROSTER_UPLOAD, data={"facility": facility_id}, files=upload)
    assert response.headers["location"].startswith(f"{routes.ROSTERS}?facility={facility_id}&upload=")
    assert list((room.world.folder / "uploads").glob("*/theirs.csv"))


def test_a_roster_that_is_too_large_for_a_session_is_told_to_be(visitor, open_room):
    room, aisha = open_room(), visitor()
    aisha.cookies["rxconnect-seat"] = room.trainer
    aisha.post(routes.DEMO_TRY_ROSTER)
    with room.world.bound():
        facility_id = db.read(facilities.get_by_key, "cedar-ridge").id
    upload = {"roster": ("theirs.csv", bytes(1024**2) * 11)}
    response = aisha.post(routes.ROSTER_UPLOAD, data={"facility": facility_id}, files=upload)
    assert "problem=large" in response.headers["location"]
    assert "may have 10 MB at most" in str(UploadProblem.TOO_LARGE.fact)


def test_the_sample_roster_is_for_the_trainer_alone(visitor, open_room):
    room, ben = open_room(), visitor()
    ben.cookies["rxconnect-seat"] = room.join()
    assert ben.get(routes.DEMO_ROSTER).status_code == 404
    assert visitor().get(routes.DEMO_ROSTER).status_code == 404
