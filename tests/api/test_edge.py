"""What stands before every route, those to come as well: who may send, how much, how fast, and how many at once."""

from __future__ import annotations

import asyncio
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.websockets import WebSocketDisconnect

from rxconnect import db, routes
from rxconnect.api import bodies
from rxconnect.api.security import PROVEN_ANYWHERE, PROVEN_OTHERWISE, READS
from rxconnect.domain.demo import WORLD_FILE_MAX
from rxconnect.rxconnect import with_api
from rxconnect.services.accounts import sign_ins
from tests.api.conftest import ADDRESS

FORM = b"email=sam%40example.com&password=wrong"
FRAMEWORK = ["/_upload", "/_upload/x", "/_event", "/_event/", "/ping", "/_health", "/_all_routes", "/nowhere"]
OPEN_UPLOAD = routes.DEMO_OPEN
METHODS = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "SWEEP"]


@pytest.fixture
def edge(database):
    """The whole of our HTTP, with the sandbox's routes and the webhook."""
    return with_api(Starlette())


@pytest.fixture
def impatient(monkeypatch):
    """Ten seconds pass in one."""
    monkeypatch.setattr(bodies, "_AT_ONCE", 0.05)
    monkeypatch.setattr(bodies, "_AT_MOST", 1.0)


class Caller:
    """One request over a connection that brings `pieces`, and then nothing more, until it is closed. A number is a pause."""

    def __init__(self, edge, path="/sign-in", *, method="POST", pieces=(FORM[:9],), peer="203.0.113.9", **headers):
        given = {"origin": ADDRESS, "content-length": str(len(FORM)), "host": "127.0.0.1:8000"} | headers
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "client": (peer, 1),
            "headers": [(n.replace("_", "-").encode(), v.encode()) for n, v in given.items() if v is not None],
        }
        self._edge, self._pieces, self._closed = edge, list(pieces), asyncio.Event()
        self.read, self.status, self.text = 0, None, ""

    async def run(self):
        await self._edge(self.scope, self._receive, self._send)
        return self.status

    def hang_up(self):
        self._closed.set()

    async def _receive(self):
        self.read += 1
        if self._pieces and isinstance(self._pieces[0], float):
            await asyncio.sleep(self._pieces.pop(0))
        if self._pieces:
            piece = self._pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": piece not in (FORM, b"")}
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()


def answers(*callers):
    """What each is answered, all at once."""

    async def all_of_them():
        return await asyncio.gather(*(caller.run() for caller in callers))

    return asyncio.run(all_of_them())


def own_routes(edge):
    return [route for route in edge._app.routes if not isinstance(route, Mount)]


def address(route):
    return re.sub(r"\{\w+\}", "x", re.sub(r"\{\w+:int\}", "7", route.path))


def test_what_changes_something_needs_a_page_of_ours_at_every_route_and_by_every_method(edge):
    tried = [(path, method) for path in [*map(address, own_routes(edge)), *FRAMEWORK] for method in METHODS]
    for strange in ({"origin": None}, {"origin": "https://127.0.0.1:8000"}, {"origin": None, "sec-fetch-site": "none"}):
        callers = [
            Caller(edge, path, method=method, **strange)
            for path, method in tried
            if path not in PROVEN_ANYWHERE
            if path not in PROVEN_OTHERWISE or len(strange) > 1 or strange["origin"]
        ]
        assert set(answers(*callers)) == {403}
        assert all(caller.read == 0 for caller in callers)


def test_what_needs_no_page_of_ours_is_only_what_stands_in_the_table(edge):
    assert set(PROVEN_OTHERWISE) <= set(map(address, own_routes(edge)))
    for path in PROVEN_OTHERWISE:
        assert answers(Caller(edge, path, pieces=[FORM], origin=None)) == [400]


def test_what_may_come_from_any_site_changes_nothing_without_its_token(edge):
    assert set(PROVEN_ANYWHERE) <= set(map(address, own_routes(edge)))
    for path in PROVEN_ANYWHERE:
        strangers = [
            Caller(edge, path, pieces=[FORM], origin=origin) for origin in (None, "null", "https://evil.example")
        ]
        assert answers(*strangers) == [404] * 3


def test_no_body_is_read_where_no_route_of_ours_takes_one(edge):
    taken = {(address(route), method) for route in own_routes(edge) for method in route.methods or ()}
    everywhere = [*map(address, own_routes(edge)), *FRAMEWORK]
    callers = [
        Caller(edge, path, method=method) for path in everywhere for method in METHODS if (path, method) not in taken
    ]
    assert set(answers(*callers)) == {405}
    assert all(caller.read == 0 for caller in callers)


def test_every_body_is_bounded_whichever_route_and_method_it_is_sent_to(edge):
    taken = {(address(route), method) for route in own_routes(edge) for method in route.methods or ()}
    # In the demonstration everybody may upload here; the next test is about it.
    taken -= {(OPEN_UPLOAD, "POST")}
    for length in ({"content-length": "65537"}, {"content-length": None, "transfer-encoding": "chunked"}):
        callers = [
            Caller(edge, path, method=method, pieces=[b"x" * 40_000] * 2, **length)
            for path, method in taken | {(path, method) for path in FRAMEWORK for method in READS}
        ]
        found = answers(*callers)
        assert set(found) == {413, 401}
        asked = sorted(caller.scope["path"] for caller in callers if caller.status == 401)
        assert asked == ["/drafts/x/keep", "/drafts/x/photos", "/kiosk/replies/x/keep", "/staff/rosters/upload"]
        assert all(caller.read == 0 for caller in callers if caller.status == 401)


def test_where_everybody_may_upload_few_do_at_once_and_no_more_than_fits(edge, impatient):
    halves = {"pieces": [b"x" * 40_000] * 2, "content-length": "90000"}
    found = answers(
        *(Caller(edge, OPEN_UPLOAD, **halves) for _ in range(bodies._UPLOADS + 1)),
        *(Caller(edge, OPEN_UPLOAD, peer=f"203.0.113.{number}", **halves) for number in range(20, 30)),
    )
    assert sorted(found[: bodies._UPLOADS + 1]) == [408] * bodies._UPLOADS + [429]
    assert found.count(408) == bodies._UPLOADS_IN_ALL
    chunked = {"content-length": None, "transfer-encoding": "chunked"}
    pieces = [b"x" * 1_000_000] * (WORLD_FILE_MAX // 1_000_000 + 1)
    assert answers(Caller(edge, OPEN_UPLOAD, pieces=pieces, **chunked)) == [413]
    assert answers(Caller(edge, OPEN_UPLOAD, **{"content-length": str(2 * WORLD_FILE_MAX)})) == [413]


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1_000"])
def test_a_length_that_is_no_number_is_refused_before_anything_is_read(edge, length):
    caller = Caller(edge, **{"content-length": length})
    assert answers(caller) == [413]
    assert caller.read == 0


def test_a_form_that_does_not_arrive_is_dropped_with_a_word(edge, impatient):
    caller = Caller(edge)
    assert answers(caller) == [408]
    assert "did not arrive in time" in caller.text


def test_a_caller_who_hangs_up_is_no_error_and_no_line_in_the_log(edge, impatient, capsys):
    capsys.readouterr()
    early, late = Caller(edge), Caller(edge)
    early.hang_up()

    async def hang_up_later():
        task = asyncio.create_task(late.run())
        await asyncio.sleep(0.2)
        late.hang_up()
        return await task

    assert answers(early) == [None]
    assert asyncio.run(hang_up_later()) is None
    assert "".join(capsys.readouterr()) == ""


def test_of_one_address_only_so_many_wait_and_whole_forms_are_still_taken(edge, impatient, sam):
    crowd = [Caller(edge) for _ in range(bodies._UNFINISHED + 5)]
    whole = Caller(edge, pieces=[FORM])
    *statuses, taken = answers(*crowd, whole)
    assert sorted(statuses) == [408] * bodies._UNFINISHED + [429] * 5
    assert taken == 422
    assert answers(Caller(edge)) == [408]  # their places are free again


def test_a_full_address_keeps_out_nobody_who_is_signed_in_there(edge, impatient, sam):
    token = db.write(sign_ins.create_sign_in, sam)
    crowd = [Caller(edge) for _ in range(bodies._UNFINISHED)]
    signed_in = [Caller(edge, cookie=f"rxconnect={token}") for _ in range(bodies._UNFINISHED + 1)]
    made_up = [Caller(edge, cookie=f"rxconnect={number}") for number in range(3)]
    found = answers(*crowd, *signed_in, *made_up)
    assert found[: len(crowd)].count(408) + found[-3:].count(408) == bodies._UNFINISHED
    assert sorted(found[len(crowd) : -3]) == [408] * bodies._UNFINISHED + [429]


def test_of_everybody_who_is_not_signed_in_only_so_many_wait(edge, impatient, monkeypatch):
    monkeypatch.setattr(bodies, "_UNFINISHED_IN_ALL", 30)
    found = answers(*(Caller(edge, peer=f"203.0.113.{number}") for number in range(40)))
    assert sorted(found) == [408] * 30 + [429] * 10


@pytest.mark.parametrize(("public_url", "kept_out"), [("", 5), ("https://messages.example.org", 0)])
def test_behind_a_proxy_the_address_is_the_one_it_saw(edge, impatient, setting, public_url, kept_out):
    setting(public_url=public_url)
    crowd = [
        Caller(edge, peer="10.0.0.1", origin=public_url or ADDRESS, x_forwarded_for=f"203.0.113.{number}")
        for number in range(bodies._UNFINISHED + 5)
    ]
    assert answers(*crowd).count(429) == kept_out


def test_more_than_a_form_goes_on_while_it_brings_ten_kilobytes_a_second(edge, monkeypatch, sam):
    monkeypatch.setattr(bodies, "_AT_ONCE", 0.05)
    monkeypatch.setattr(bodies, "_AT_MOST", 0.5)
    cookie = f"rxconnect={db.write(sign_ins.create_sign_in, sam)}"
    length = {"content-length": "100000", "cookie": cookie}
    fast = Caller(edge, "/drafts/7/keep", pieces=[b"x" * 9_000, 0.4] * 4 + [b""], **length)
    slow = Caller(edge, "/drafts/7/keep", pieces=[b"x" * 90, 0.4] * 4 + [b""], **length)
    stopped = Caller(edge, "/drafts/7/keep", pieces=[b"x" * 90_000], **length)
    unknown = Caller(edge, "/drafts/7/keep", pieces=[b"x" * 9_000, b""], **length | {"cookie": "rxconnect=made-up"})
    assert answers(fast, slow, stopped, unknown) == [400, 408, 408, 401]
    assert unknown.read == 0


@pytest.mark.parametrize("headers", [{}, {"origin": "https://127.0.0.1:8000"}, {"sec-fetch-site": "cross-site"}])
def test_no_socket_opens_for_another_websites_page(visitor, headers):
    client = visitor(is_here=False)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_event", headers=headers):
        pass


@pytest.mark.parametrize("headers", [{"origin": ADDRESS}, {"sec-fetch-site": "same-origin"}])
def test_a_socket_opens_for_our_own_page(visitor, headers):
    with visitor(is_here=False).websocket_connect("/_event", headers=headers) as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"
