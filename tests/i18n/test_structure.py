"""In every language, each page, refusal, file and sentence has the same parts as in English: only its words differ."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from rxconnect import i18n
from rxconnect.api.replies import plain_page
from rxconnect.i18n import PSEUDO_LANGUAGES, catalogs
from rxconnect.rxconnect import app
from rxconnect.services.notices import html
from tests.sentences import every_sentence

# The real ones, and those that look for what no translator would.
LANGUAGES = [*i18n.available_languages()[1:], *PSEUDO_LANGUAGES]
# What says how an element looks, where it leads and what it does. Other texts are for people.
FACTS = re.compile(r"^(className|href|to|id|name|type|htmlFor|role|method|action|key|state|sentence)\b")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`')
# A value that the browser knows, such as `receipt_rx_state_?.["number"]`.
VALUE = re.compile(r'\w+_rx_state_(?:\?\.\["\w+"\])*')


@pytest.fixture
def offered(database, setting):
    """An installation that offers all of them, so that each page has the same number of other languages."""
    setting(languages=",".join(["en", *LANGUAGES]))


def shape(node: Any) -> Any:
    """An element of a page without the words on it, as something that can be compared. The order of its parts is the translator's."""
    if isinstance(node, list):
        # A sentence has as many texts around its parts as its words need.
        return frozenset(Counter(one for one in map(shape, node) if one != "text").items())
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    if not isinstance(node, dict):
        return QUOTED.sub('""', str(node))
    if "contents" in node:
        return "text" if QUOTED.fullmatch(node["contents"]) else values(node["contents"])
    parts = {"name": str, "props": props}
    return tuple((key, parts.get(key, shape)(value)) for key, value in sorted(node.items()))


def props(given: list[str]) -> frozenset[str]:
    """The attributes of an element, and what they say unless it is for people."""
    return frozenset(one if FACTS.match(one) else (one.partition(":")[0], values(one)) for one in given)


def values(text: str) -> frozenset[str]:
    """What the browser puts into a sentence."""
    return frozenset(VALUE.findall(text))


@cache
def pages(language: str) -> dict[str, Any]:
    with i18n.using_language(language):
        return {route: shape(page.component().render()) for route, page in app._unevaluated_pages.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_the_same_parts(offered, language):
    english, foreign = pages(i18n.ENGLISH), pages(language)
    assert [route for route in english if english[route] != foreign[route]] == []


def test_a_page_that_lacks_a_part_is_noticed(offered):
    link = {"name": '"a"', "props": ['href:"/terms"'], "children": [{"contents": '"Terms"'}]}
    assert shape([link]) == shape([link, {"contents": '"and more words"'}])
    assert shape([link]) != shape([link | {"props": ['href:"/elsewhere"']}])
    assert shape([link]) != shape([link, link])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_same_paragraphs_links_and_marks(language):
    source = every_sentence()
    pseudo = language in PSEUDO_LANGUAGES
    catalog = catalogs.pseudo_catalog(source, language) if pseudo else catalogs.read(catalogs.FOLDER / f"{language}.po")
    assert [
        problem for problem in catalogs.catalog_problems(catalog, source) if problem.startswith("another form")
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_emails_and_plain_pages_say_their_language_and_their_direction(offered, language):
    with i18n.using_language(language):
        email = html.page("Subject", "Hello\n\nhttp://localhost:8000/inbox", [])
        apology = bytes(plain_page("Title", "Sentence.", 404).body).decode()
    for page in (email, apology):
        assert f'<html lang="{language}" dir="{i18n.direction(language)}">' in page
    assert email.count("<p") == 3


def test_every_page_offers_the_other_languages(offered):
    # The page inside the frames of the split view only shows what a seat sees.
    without = {
        route for route, page in app._unevaluated_pages.items() if "languages row" not in str(page.component().render())
    }
    assert without == {"demo/frame", "demo/split"}
