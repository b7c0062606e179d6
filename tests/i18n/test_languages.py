"""The language that somebody is answered in, and the sentences in it."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys

import pytest

from rxconnect import i18n
from rxconnect.domain import dates, money
from rxconnect.i18n import catalogs

OFFERED = ["en", "es", "fr-CA"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de,en;q=0.5,es;q=0.7", "es"),
        ("FR-ca", "fr-CA"),
        ("fr", "en"),
        ("de-DE", "en"),
        ("*", "en"),
        ("es;q=much", "es"),
        (";;,,q=", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_a_browser_gets_the_best_of_the_languages_that_we_have(accepted, language):
    assert i18n.negotiate(OFFERED, chosen="", accepted=accepted) == language


def test_what_was_chosen_comes_before_what_the_browser_asks_for():
    assert i18n.negotiate(OFFERED, chosen="es", accepted="en") == "es"
    assert i18n.negotiate(OFFERED, chosen="tlh", accepted="es") == "es"


@pytest.fixture
def spanish(monkeypatch):
    """Two sentences of Spanish, from a real catalog."""
    catalog = catalogs.Catalog(locale="es")
    catalog.add("Sign in", "Iniciar sesión")
    catalog.add(("{count} credit", "{count} credits"), ("{count} crédito", "{count} de créditos", "{count} créditos"))
    monkeypatch.setattr(catalogs, "read", lambda _file: catalog)
    monkeypatch.setattr(i18n, "available_languages", lambda: ["en", "es"])
    i18n._catalog.cache_clear()
    yield
    i18n._catalog.cache_clear()


def test_a_sentence_is_in_the_language_that_was_bound_and_english_where_nobody_translated_it(spanish):
    assert i18n._("Sign in") == "Sign in"
    with i18n.using_language("es"):
        assert i18n.language() == "es"
        assert i18n._("Sign in") == "Iniciar sesión"
        assert i18n._("Sign out") == "Sign out"
        assert (money.credits(1), money.credits(1200)) == ("1 crédito", "1,200 créditos")
        with i18n.using_language(""):
            assert i18n._("Sign in") == "Sign in"
    assert i18n.language() == "en"


def test_a_process_that_builds_pages_speaks_their_language_in_all_of_its_threads():
    code = (
        "from threading import Thread; from rxconnect import i18n;"
        "thread = Thread(target=lambda: print(i18n.language())); thread.start(); thread.join()"
    )
    speaking = os.environ | {i18n.OF_PROCESS: i18n.PSEUDO}
    assert subprocess.check_output([sys.executable, "-c", code], env=speaking, text=True) == "en-XA\n"


def test_a_language_that_is_gone_is_english():
    with i18n.using_language("tlh"):
        assert i18n._("Sign in") == "Sign in"


def test_english_loads_no_catalog():
    assert type(i18n._catalog("en")) is gettext.NullTranslations
    code = "import sys; from rxconnect.i18n import _; _('Sign in'); sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("several", "told"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b, or c")])
def test_several_are_told_as_a_choice(several, told):
    assert i18n.join_with_or(several) == told


def test_dates_have_no_english_in_another_language():
    with i18n.using_language(i18n.PSEUDO):
        told = dates.month_and_year(dates.date(2026, 3, 1)), dates.day_of_month(dates.date(2026, 3, 1))
    assert told == tuple(catalogs.pseudo_translate(text) for text in ("March 2026", "Mar 1"))
