"""The catalogs behind `_`: extracts, checks and loads them (`python -m rxconnect.i18n`)."""

from __future__ import annotations

import gettext
import io
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import IO, Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from rxconnect.i18n import PSEUDO, PSEUDO_LANGUAGES, PSEUDO_RTL

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
_KEYWORDS = {
    **{"_": None, "N_": None, "ngettext": (1, 2), "counted": (1, 2), "plural": (1, 2)},
    # These keep the sentence as a fact (`domain.sentences`).
    **{"Sentence": None, "BadFile": None},
}
# A sentence in a static page. Other placeholders there, such as `{{build}}`, start with a lower-case letter.
STATIC = re.compile(r"\{\{([A-Z][^{}]*)\}\}")

_ACCENTED = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
_PLACEHOLDER = re.compile(r"(\{[^{}]*\})")


def translations(language: str) -> gettext.GNUTranslations:
    """Load the catalog of a language. Raises `FileNotFoundError` if it has none."""
    pseudo = language in PSEUDO_LANGUAGES
    catalog = pseudo_catalog(extract(), language) if pseudo else read(FOLDER / f"{language}.po")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def own_name(language: str) -> str:
    """The language's name in itself: `Español`."""
    if language in PSEUDO_LANGUAGES:
        return "Pseudo" if language == PSEUDO else "Pseudo RTL"
    return (Locale.parse(language, sep="-").get_display_name() or language).capitalize()


def read(file: Path) -> Catalog:
    """Read a catalog from its file."""
    with file.open("rb") as lines:
        return read_po(lines, locale=file.stem.replace("-", "_"))


def write(catalog: Catalog, file: Path) -> None:
    """Write a catalog, in an order and form that keep diffs small."""
    with file.open("wb") as target:
        write_po(target, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)


def extract() -> Catalog:
    """Extract every sentence of the source, without translations."""
    catalog = Catalog(project="RxConnect", charset="utf-8")
    for folder, methods in _SOURCES.items():
        # A test names a sentence of the product with `_`, which the product itself has.
        keywords = {"N_": None} if "tests" in folder.parts[-2:] else _KEYWORDS
        found = extract_from_dir(folder, methods, keywords=keywords, strip_comment_tags=True)
        for name, _line, message, comments, context in found:
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def _extract_from_static(file: IO[bytes], *_args: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """A Babel extractor for static pages, with sentences as `{{We cannot reach RxConnect.}}`."""
    for place in STATIC.finditer(file.read().decode()):
        yield 0, "_", place[1], []


def _extract_from_scenario(file: IO[bytes], *_args: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Extract for Babel the sentences of a scenario, with the same spacing as `demo/scenarios.py` looks them up."""
    scenario = tomllib.load(file)
    for table in (scenario, *scenario.get("steps", [])):
        for key in ("title", "about", "do", "say"):
            if key in table:
                yield 0, "_", " ".join(table[key].split()), []


def _extract_from_warm_up(file: IO[bytes], *_args: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Extract for Babel the explanations of a warm-up's letters. The letters themselves stay as they are."""
    for letter in tomllib.load(file)["letters"]:
        yield 0, "_", " ".join(letter["because"].split()), []


def _extract_from_letters(file: IO[bytes], *_args: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Extract for Babel the sentences around letters that a room judges. The letters themselves stay as they are."""
    told = tomllib.load(file)
    for table in (told, *told["rules"], *told["letters"]):
        for key in ("title", "about", "text", "explanation"):
            if key in table:
                yield 0, "_", " ".join(table[key].split()), []


# By folder, the patterns of source files and their extractors.
_SOURCES: dict[Path, list[tuple[str, Any]]] = {
    ROOT / "rxconnect": [
        ("**.py", "python"),
        ("**.js", "javascript"),
        ("demo/scenarios/*.toml", _extract_from_scenario),
        ("demo/letter_files/*.toml", _extract_from_letters),
        ("services/quality/*.toml", _extract_from_warm_up),
    ],
    # The guide, whose sentences the tests of the journey tell. An installation without tests has none of them.
    ROOT / "tests" / "e2e": [
        ("guide.py", "python"),
        ("journey.py", "python"),
        ("desk_journey.py", "python"),
        ("room_chapter.py", "python"),
    ],
    ROOT / "assets": [("**.html", _extract_from_static), ("**.json", _extract_from_static)],
}


def extract_scripts() -> list[str]:
    """Extract only the sentences of the scripts."""
    found = extract_from_dir(ROOT / "rxconnect", [("**.js", "javascript")], keywords={"_": None})
    return sorted({message for _, _, message, _, _ in found if isinstance(message, str)})


def catalog_problems(catalog: Catalog, source: Catalog) -> list[str]:
    """The problems of a catalog, a line each: missing or extra sentences, wrong placeholders."""
    ours, theirs = (
        {_english_forms(one) for one in sentences(source)},
        {_english_forms(one): one for one in sentences(catalog)},
    )
    found = [f"missing: {english[0]}" for english in sorted(ours - theirs.keys())]
    found += [f"no longer in the source: {english[0]}" for english in sorted(theirs.keys() - ours)]
    for english, message in sorted(theirs.items()):
        texts = _as_tuple(message.string)
        if message.fuzzy:
            found.append(f"not confirmed yet (fuzzy): {english[0]}")
        elif not all(texts) or len(texts) != (catalog.num_plurals if len(english) > 1 else 1):
            found.append(f"not translated: {english[0]}")
        elif not all(_fits_placeholders(text, english) for text in texts):
            found.append(f"other placeholders: {english[0]}")
        elif any(_form(text) != _form(english[-1]) for text in texts):
            found.append(f"another form (paragraphs, marks or blanks at its ends): {english[0]}")
    return found


def _form(text: str) -> tuple[object, ...]:
    """What a page, an email or the guide makes of a sentence besides its words."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
    marks = [text.count(mark) for mark in ("**", "`", "|", "<", "\n#")]
    return len(paragraphs), marks, text[:1].isspace(), text[-1:].isspace()


def _fits_placeholders(text: str, english: tuple[str, ...]) -> bool:
    """Whether a translation has the sentence's placeholders. The singular may spell its number out: `One draft`."""
    each = [placeholders(form) for form in english]
    return set.intersection(*each) <= placeholders(text) <= set.union(*each)


def untranslatable(source: Catalog) -> list[str]:
    """Sentences with a placeholder that has no name or is code, so that no translator could reorder it."""
    every = (_english_forms(message) for message in sentences(source))
    return [english[0] for english in every if not all(map(str.isidentifier, placeholders(english[-1])))]


def placeholders(text: str) -> set[str]:
    """The names in braces: `{count} of {total}` -> `count` and `total`."""
    try:
        return {name + (f":{spec}" if spec else "") for _, name, spec, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"broken braces"}


def pseudo_catalog(source: Catalog, language: str = PSEUDO) -> Catalog:
    """A catalog of English with accents, 40 % longer, or of English from right to left."""
    made = Catalog(locale="en", charset="utf-8")
    for message in sentences(source):
        forms = tuple(pseudo_translate(form, language) for form in _english_forms(message))
        made.add(message.id, forms if len(forms) > 1 else forms[0])
    return made


def pseudo_translate(text: str, language: str = PSEUDO) -> str:
    """Add accents and repeat some letters: `Hello {name}` -> `Héllóóó {name}`. Placeholders are kept.

    Each word grows by itself, as words do in other languages, so that lines can still break between words. In the language from
    right to left each word gets the characters that make a browser write it backwards.
    """
    change = _turn_word if language == PSEUDO_RTL else _accent_word
    return "".join(
        part if part.startswith("{") else re.sub(r"[^\W\d_]+", change, part) for part in _PLACEHOLDER.split(text)
    )


def _accent_word(match: re.Match[str]) -> str:
    word = match[0].translate(_ACCENTED)
    if word.isascii():
        word = f"{word}é"
    return word + word[-1] * math.ceil(0.4 * len(match[0]))


def _turn_word(match: re.Match[str]) -> str:
    return f"\u202e{match[0]}\u202c"


def sentences(catalog: Catalog) -> list[Message]:
    """The messages of a catalog without its header, whose id is empty."""
    return [message for message in catalog if message.id]


def _english_forms(message: Message) -> tuple[str, ...]:
    """The English sentence, or the singular and the plural of a counted one."""
    return _as_tuple(message.id)


def _as_tuple(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ("",))
