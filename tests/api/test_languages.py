"""Pages, sentences, emails and files in the language of whoever asks."""

from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from rxconnect import db, i18n
from rxconnect.api.languages import Languages
from rxconnect.i18n import PSEUDO
from rxconnect.i18n.catalogs import pseudo_translate
from rxconnect.models import Account
from rxconnect.services.notices import emails
from tests.api.conftest import PASSWORD
from tests.api.html import built_page

FOREIGN = {"accept-language": "en-XA"}
SAM = {"email": "sam@example.com", "password": PASSWORD}


@pytest.fixture
def spoken(database, static_dir, setting):
    """English and the pseudo-language, each with its own build."""
    setting(languages=f"en,{PSEUDO}")
    foreign = static_dir.with_name(PSEUDO)
    (foreign / "sign-in").mkdir(parents=True)
    for name in ("sign-in.html", "sign-in/index.html", "404.html"):
        (foreign / name).write_text(
            built_page(name, ["email", "password", "next"]) + "<!-- foreign --><script>hola()</script>"
        )


def language_of(email: str) -> str:
    with db.reading() as session:
        return session.exec(select(Account.language).where(Account.email == email)).one()


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?done=signed-out", "/nowhere"])
def test_a_page_comes_in_the_language_of_the_browser(spoken, visitor, path):
    assert "<!-- " in visitor().get(path, headers=FOREIGN).text
    assert "<!-- " not in visitor().get(path).text


def test_caches_keep_a_page_for_each_language_and_its_scripts_once(spoken, visitor):
    assert "Accept-Language, Cookie" in visitor().get("/sign-in").headers["vary"]
    assert "Accept-Language" not in visitor().get("/assets/x-abc123.js", headers=FOREIGN).headers.get("vary", "")


def test_a_form_answers_in_the_language_of_its_page(spoken, visitor, sam):
    wrong = visitor().post("/sign-in", data=SAM | {"password": "not it"}, headers=FOREIGN)
    assert pseudo_translate("Please check both.") in wrong.text
    assert "<!-- " in wrong.text


def test_scripts_of_each_language_have_their_own_hashes_in_the_policy(spoken, visitor):
    english, foreign = (
        visitor().get("/sign-in", headers=one).headers["content-security-policy"] for one in ({}, FOREIGN)
    )
    assert english.count("sha256") == foreign.count("sha256") - 1


def test_a_chosen_language_stays_in_the_browser_and_comes_before_what_it_asks_for(spoken, visitor):
    browser = visitor()
    chosen = browser.post(
        "/language", data={"language": PSEUDO}, headers={"referer": "http://127.0.0.1:8000/sign-in?next=/cards"}
    )
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/sign-in?next=/cards")
    assert "<!-- " in browser.get("/sign-in", headers={"accept-language": "en"}).text


@pytest.mark.parametrize("language", ["tlh", "", "x" * 1000])
def test_a_language_that_we_do_not_have_changes_nothing(spoken, visitor, language):
    browser = visitor()
    assert "set-cookie" not in browser.post("/language", data={"language": language}).headers


def test_an_account_speaks_the_language_in_which_it_signed_up_and_gets_emails_in_it(spoken, visitor):
    new = {"email": "ana@example.com", "name": "Ana", "password": PASSWORD}
    visitor().post("/sign-up", data=new, headers=FOREIGN)
    assert language_of("ana@example.com") == PSEUDO
    assert db.read(emails.outbox)[0].subject == pseudo_translate("Please confirm your email address")
    # Somebody who asks for a link on an English computer gets it in their own language.
    visitor().post("/forgot-password", data={"email": "ana@example.com"})
    assert db.read(emails.outbox)[0].subject == pseudo_translate("Choose a new password")


def test_signing_in_brings_the_language_of_the_account(spoken, visitor, sam):
    browser = visitor()
    browser.post("/sign-in", data=SAM, headers=FOREIGN)
    assert language_of("sam@example.com") == PSEUDO
    another = visitor()
    another.post("/sign-in", data=SAM)
    assert another.cookies["rxconnect-language"] == PSEUDO
    another.post("/language", data={"language": "en"})
    assert language_of("sam@example.com") == "en"


def test_where_there_is_one_language_nothing_is_kept_of_it(visitor, sam, setting):
    setting(languages="en")
    browser = visitor()
    browser.post("/sign-in", data=SAM, headers=FOREIGN)
    assert "rxconnect-language" not in browser.cookies
    assert "Accept-Language" not in browser.get("/sign-in").headers.get("vary", "")


def test_a_socket_is_opened_in_the_language_of_its_page(spoken):
    heard = []

    async def app(scope, receive, send):
        heard.append(i18n.language())
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.close()

    client = TestClient(Languages(app))
    for address, headers in (
        (f"/_event?token=1&language={PSEUDO}", {}),
        ("/_event?token=1&language=en", FOREIGN | {"cookie": f"rxconnect-language={PSEUDO}"}),
        ("/_event?token=1&language=tlh", FOREIGN),
    ):
        with client.websocket_connect(address, headers=headers):
            pass
    assert heard == [PSEUDO, "en", PSEUDO]
