"""The security of every response: policy, headers, other sites' forms, errors that say nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect.api import wrap
from tests.api.conftest import ADDRESS, PASSWORD
from tests.api.html import SCRIPT
from tests.worlds import disconnect


def hash_of(script):
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy_of(response):
    return dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))


def test_the_policy_of_a_page_names_exactly_the_inline_scripts_of_its_built_file(visitor):
    policy = policy_of(visitor().get("/sign-in"))
    assert set(policy["script-src"].split()) == {"'self'", hash_of(SCRIPT), hash_of("sign-in")}
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:8000"
    assert "unsafe" not in str(policy)


def test_a_refused_form_has_the_policy_of_its_page_and_its_scripts_still_match(visitor):
    response = visitor().post("/sign-in", data={"email": "<script>alert(1)</script>"})
    inline = re.findall(r"<script>(.*?)</script>", response.text)
    assert {hash_of(script) for script in inline} <= set(policy_of(response)["script-src"].split())


@pytest.mark.parametrize("path", ["/no-such-page", "/messages/7"])
def test_an_address_without_a_page_of_its_own_has_the_policy_of_the_fallback(visitor, path):
    assert hash_of("404") in policy_of(visitor().get(path))["script-src"]


def test_a_strange_host_cannot_write_into_the_policy(visitor):
    response = visitor().get("/sign-in", headers={"host": "x; script-src *"})
    assert policy_of(response)["connect-src"] == "'self'"


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/sign-in?next=/inbox", "/health", "/assets/x-abc123.js", "/broken", "/nowhere"]
)
def test_every_response_carries_the_strict_headers(visitor, path):
    headers = visitor().get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_hashed_assets_are_kept_for_ever_and_pages_are_asked_for_again(visitor):
    client = visitor()
    assert "immutable" in client.get("/assets/x-abc123.js").headers["cache-control"]
    assert "immutable" not in client.get("/assets/missing.js").headers.get("cache-control", "")
    assert client.get("/sign-in").headers["cache-control"] == "no-cache"


def test_a_page_in_a_folder_is_served_at_its_own_address_without_a_redirect(visitor):
    response = visitor().get("/sign-in")
    assert response.status_code == 200
    assert 'name="email"' in response.text


def test_a_filled_page_is_compressed_only_for_who_can_read_it(visitor):
    client = visitor()
    plain = client.get("/sign-in?next=/inbox", headers={"accept-encoding": "identity"})
    small = client.get("/sign-in?next=/inbox", headers={"accept-encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert 'value="/inbox"' in plain.text
    assert small.text == plain.text
    assert int(small.headers["content-length"]) == len(gzip.compress(plain.content, compresslevel=6))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"referer": "https://evil.example/127.0.0.1:8000"},
        {"origin": "https://evil.example", "referer": "http://127.0.0.1:8000/"},
        {"origin": ""},
        {"origin": "https://127.0.0.1:8000"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"referer": "http://127.0.0.1:8000/sign-in"},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/extra", "/_event"])
def test_another_websites_form_is_refused_and_changes_nothing(visitor, sam, headers, path):
    response = visitor(is_here=False).post(
        path, data={"email": "sam@example.com", "password": PASSWORD}, headers=headers
    )
    assert response.status_code == 403
    assert "nothing was changed" in response.text
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:8000"},
        {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_our_own_forms_pass(visitor, sam, headers):
    response = visitor(is_here=False).post(
        "/sign-in", data={"email": "sam@example.com", "password": PASSWORD}, headers=headers
    )
    assert response.status_code == 303


def test_extra_routes_are_served(visitor):
    assert visitor().post("/extra").json() == {"token": "t"}


def test_sockets_pass(visitor):
    with visitor().websocket_connect("/_event") as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"


def test_an_unexpected_error_shows_a_reference_that_is_in_the_log_and_nothing_else(visitor, capsys):
    response = visitor().get("/broken?token=very-secret")
    assert response.status_code == 500
    reference = re.search(r"reference: (\w{8})", response.text)[1]
    logged = capsys.readouterr().out
    assert reference in logged
    assert "RuntimeError" in logged
    assert "very-secret" not in logged
    assert "juniper" not in response.text
    assert "Traceback" not in response.text


def test_an_error_logs_no_password(visitor, sam, capsys, database):
    (database / "rxconnect.db").write_bytes(b"this is no database any more" * 100)
    disconnect()
    response = visitor().post("/sign-in", data={"email": "sam@example.com", "password": "my very own secret"})
    logged = capsys.readouterr().out
    assert response.status_code == 500
    assert "DatabaseError" in logged
    assert "my very own secret" not in logged + response.text


def test_without_a_built_frontend_a_form_still_answers(database, tmp_path):
    client = TestClient(
        wrap(Starlette(), static_dir=tmp_path / "nothing", extra_routes=[]), headers={"origin": ADDRESS}
    )
    assert client.post("/sign-in", data={}).status_code == 422
