"""The language that somebody is answered in, and the sentences in it."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import reflex as rx
from sqlmodel import select

from rxconnect import db, i18n
from rxconnect.components.sentences import plural
from rxconnect.domain import dates, money
from rxconnect.domain.text import sort_key
from rxconnect.i18n import catalogs
from rxconnect.models import Facility
from rxconnect.models.sorting import by_name

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
    yield from spoken(monkeypatch, "es")


def spoken(monkeypatch, *languages):
    """Have these languages inside the block."""
    monkeypatch.setattr(i18n, "available_languages", lambda: ["en", *languages])
    for cached in (i18n._catalog, i18n._locale):
        cached.cache_clear()
    yield
    for cached in (i18n._catalog, i18n._locale):
        cached.cache_clear()


@pytest.fixture
def others(monkeypatch):
    """More languages, without a sentence in their catalogs."""
    monkeypatch.setattr(catalogs, "read", lambda file: catalogs.Catalog(locale=file.stem))
    yield from spoken(monkeypatch, "es", "vi", "ar", "ru")


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


def test_states_begin_the_same_in_every_language():
    # The pages are built with these values. A State that begins with others is sent as a whole at each first load.
    code = (
        "from reflex.state import State, state_snapshot_hashes; import rxconnect.rxconnect;"
        "print(state_snapshot_hashes(State(_reflex_internal_init=True).dict(initial=True)))"
    )
    english, pseudo = (
        subprocess.check_output([sys.executable, "-c", code], env=os.environ | {i18n.OF_PROCESS: language}, text=True)
        for language in (i18n.ENGLISH, i18n.PSEUDO)
    )
    assert len(english) > 1_000
    assert english == pseudo


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


MOMENT = datetime(2026, 3, 3, 23, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "month", "list_", "number"),
    [
        ("en", "Mar 3, 2026, 3:42 PM PST", "March 2026", "a, b, or c", "1,200"),
        ("es", "3 mar 2026, 3:42\u00a0p.m. PST", "marzo de 2026", "a, b o c", "1,200"),
        ("vi", "3 thg 3, 2026, 15:42 PST", "tháng 3 năm 2026", "a, b hoặc c", "1.200"),
    ],
)
def test_days_lists_and_numbers_are_written_as_the_language_does(others, language, day, month, list_, number):
    with i18n.using_language(language):
        assert dates.day_and_time(MOMENT, "America/Los_Angeles") == day
        assert dates.month_and_year(MOMENT.date()) == month
        assert i18n.join_with_or(["a", "b", "c"]) == list_
        assert i18n.number_text(1200) == number
        # The money is of the United States in every language.
        assert money.dollars(123_456) == "$1,234.56"


def test_a_list_of_several_is_told_with_and(others):
    assert i18n.join_with_and(["a", "b", "c"]) == "a, b, and c"
    with i18n.using_language("es"):
        assert i18n.join_with_and(["a", "b"]) == "a y b"


def test_a_language_has_its_direction(others):
    told = {one: i18n.direction(one) for one in ("en", "es", "ar", i18n.PSEUDO, i18n.PSEUDO_RTL)}
    assert told == {"en": "ltr", "es": "ltr", "ar": "rtl", i18n.PSEUDO: "ltr", i18n.PSEUDO_RTL: "rtl"}
    with i18n.using_language("ar"):
        assert i18n.html_language() == 'lang="ar" dir="rtl"'


def test_a_number_that_only_the_browser_knows_has_all_forms_of_the_language(others):
    with i18n.using_language("ru"):
        assert set(i18n.plural_examples()) == {0, 1, 2}
        russian = str(plural("{count} credit", "{count} credits", rx.Var("n", _var_type=int)))
        assert russian.count("n % 10 == 1") == 2
    for language in ("en", "es", "vi"):
        with i18n.using_language(language):
            assert "%" not in str(plural("{count} credit", "{count} credits", rx.Var("n", _var_type=int)))


def test_labels_are_sorted_as_people_look_for_them():
    assert sorted(["Zulu", "árabe", "Ñandú", "nunca", "Ob"], key=sort_key) == ["árabe", "Ñandú", "nunca", "Ob", "Zulu"]


def test_names_in_the_database_are_sorted_as_people_look_for_them(facility, actor):
    for name in ("Zulu", "Ñuñoa", "Nunca", "Ñandú", "álamo"):
        facility(name=name)
    with db.reading() as session:
        names = session.exec(select(Facility.name).order_by(by_name(Facility.name))).all()
    assert names == ["álamo", "Ñandú", "Nunca", "Ñuñoa", "Zulu"]
