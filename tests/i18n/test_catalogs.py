"""A catalog that does not say what the source says is refused, and the source is one that can be translated."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from rxconnect import i18n
from rxconnect.i18n import __main__ as command
from rxconnect.i18n import catalogs
from tests.sentences import every_sentence


def catalog(*sentences, **translated) -> Catalog:
    made = Catalog(locale="es")
    for sentence in sentences:
        made.add(sentence, translated.get("string"))
    return made


SOURCE = catalog("Hello {name}", ("{count} credit", "{count} credits"))


def spanish(**changes) -> Catalog:
    sentences = {
        "Hello {name}": "Hola {name}",
        ("{count} credit", "{count} credits"): ("{count} crédito", "{count} de créditos", "{count} créditos"),
    } | changes.get("more", {})
    made = Catalog(locale="es")
    for english, translated in sentences.items():
        made.add(english, translated, flags=changes.get("flags", ()))
    return made


def test_a_catalog_of_every_sentence_has_no_problem():
    assert catalogs.catalog_problems(spanish(), SOURCE) == []


def test_a_missing_sentence_is_a_problem():
    assert catalogs.catalog_problems(catalog(), SOURCE) == ["missing: Hello {name}", "missing: {count} credit"]


def test_a_sentence_that_the_source_no_longer_has_is_a_problem():
    more = spanish(more={"Bye": "Adiós"})
    assert catalogs.catalog_problems(more, SOURCE) == ["no longer in the source: Bye"]


@pytest.mark.parametrize("wrong", ["Hola", "Hola {nombre}", "Hola {name} {name2}", "Hola {name", "Hola {}"])
def test_a_translation_with_other_placeholders_is_a_problem(wrong):
    other = spanish(more={"Hello {name}": wrong})
    assert catalogs.catalog_problems(other, SOURCE) == ["other placeholders: Hello {name}"]


def test_a_plural_with_other_placeholders_is_a_problem():
    other = spanish(
        more={("{count} credit", "{count} credits"): ("un crédito", "{count} de créditos", "{count} créditos")}
    )
    assert catalogs.catalog_problems(other, SOURCE) == ["other placeholders: {count} credit"]


def test_what_is_not_translated_or_not_confirmed_is_a_problem():
    assert catalogs.catalog_problems(spanish(more={"Hello {name}": ""}), SOURCE) == ["not translated: Hello {name}"]
    assert len(catalogs.catalog_problems(spanish(flags=["fuzzy"]), SOURCE)) == 2
    two_of_three = spanish(more={("{count} credit", "{count} credits"): ("{count} crédito", "{count} créditos")})
    assert catalogs.catalog_problems(two_of_three, SOURCE) == ["not translated: {count} credit"]


def test_the_check_reads_every_catalog_and_fails_with_its_problems(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogs, "FOLDER", tmp_path)
    assert command.main() == 0
    assert command.main("add", "es") == 0
    assert command.main() > 300
    assert capsys.readouterr().out.startswith("es.po: not translated: ")


def test_another_language_is_begun_by_one_command_which_says_what_is_next(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogs, "FOLDER", catalogs.ROOT / "new")
    monkeypatch.setattr(catalogs, "read", lambda _file: catalogs.Catalog(locale="ar"))
    assert command.main("next", "ar") == 0
    told = capsys.readouterr().out
    assert "Arabic (ar) has 6 plural form(s), is written from right to left, and lacks" in told
    assert "new/ar.po" in told
    assert command.main("add", "tlhh") == 1
    assert "is not the code of a language" in capsys.readouterr().out


def test_a_translation_with_other_paragraphs_or_marks_is_a_problem():
    source = catalog("Press **Next**.\n\nThen wait.")
    for wrong in ("Oprima **Siguiente**. Espere.", "Oprima Siguiente.\n\nEspere.", " Oprima **Siguiente**.\n\nEspere."):
        made = Catalog(locale="es")
        made.add("Press **Next**.\n\nThen wait.", wrong)
        (problem,) = catalogs.catalog_problems(made, source)
        assert problem.startswith("another form")


def test_the_guides_sentences_are_in_the_catalogs():
    assert {"Your first letter", "Inbox or credits"} <= {message.id for message in every_sentence()}


def test_updating_adds_what_is_new_and_drops_what_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogs, "FOLDER", tmp_path)
    with (tmp_path / "es.po").open("wb") as file:
        write_po(file, spanish(more={"Sign in": "Iniciar sesión"}))
    assert command.main("update") == 0
    updated = catalogs.read(tmp_path / "es.po")
    assert updated["Sign in"].string == "Iniciar sesión"
    assert "Sign out" in updated
    assert spanish()["Hello {name}"].id not in updated


def test_every_placeholder_of_the_source_has_a_name():
    assert catalogs.untranslatable(every_sentence()) == []
    assert catalogs.untranslatable(catalog("{} of {0}", "{count:,} credits")) == ["{} of {0}", "{count:,} credits"]


def test_sentences_are_found_in_python_in_scripts_and_in_static_pages():
    found = {message.id for message in every_sentence()}
    assert {"Sign in", "There is still no connection.", ("{count} credit", "{count} credits")} <= found
    assert "Saved" in catalogs.extract_scripts()


def test_the_pseudo_language_has_accents_is_longer_and_keeps_its_placeholders():
    sentence = "You have {count} credits at {facility}, and they never expire."
    made = catalogs.pseudo_translate(sentence)
    assert catalogs.placeholders(made) == {"count", "facility"}
    letters, foreign = (re.sub(r"{\w+}|\W", "", text) for text in (sentence, made))
    assert 1.4 <= len(foreign) / len(letters) <= 1.7
    assert not [word for word in re.findall(r"\w+", re.sub(r"{\w+}", "", made)) if word.isascii()]


def test_the_pseudo_language_from_right_to_left_keeps_its_placeholders():
    assert catalogs.pseudo_translate("Hello {name}", i18n.PSEUDO_RTL) == "\u202eHello\u202c {name}"


def test_every_sentence_of_the_source_looks_foreign_in_the_pseudo_language():
    source = every_sentence()
    assert catalogs.catalog_problems(catalogs.pseudo_catalog(source), source) == []
    assert catalogs.pseudo_catalog(source)["Sign in"].string == "Šígñññ íññ"
