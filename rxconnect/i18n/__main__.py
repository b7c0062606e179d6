"""Maintains the catalogs: `python -m rxconnect.i18n check`, `… update`, `… add vi`, `… next vi`, `… check vi`."""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog

from rxconnect.i18n import catalogs

_NEXT = """{name} ({language}) has {forms} plural form(s), is written {way}, and lacks {lacks} of {sentences} sentences.
Next: 1. Translate {file}. 2. `make language LANG={language}` again says what is left. 3. `make check` must find nothing.
Look at it any time: RXCONNECT_LANGUAGES=en,{language} make run. The words that need care are in rxconnect/i18n/glossary-es.md."""


def main(task: str = "check", language: str = "") -> int:
    """Run one of the tasks. Returns the number of problems."""
    files = [catalogs.FOLDER / f"{language}.po"] if language else sorted(catalogs.FOLDER.glob("*.po"))
    if task in ("add", "next") and not _is_known(language):
        print(f"{language or 'Nothing'} is not the code of a language: give one such as vi, ht or zh-Hant.")  # noqa: T201
        return 1
    source = catalogs.extract()
    if task in ("add", "update"):
        for file in files:
            _bring_up_to_date(file, source)
        return 0
    if task == "next":
        print(_what_is_next(language, source))  # noqa: T201
        return 0
    found = [f"a placeholder without a name: {sentence}" for sentence in catalogs.untranslatable(source)]
    for file in files:
        found += [f"{file.name}: {problem}" for problem in catalogs.catalog_problems(catalogs.read(file), source)]
    print("\n".join(found), end="\n" if found else "")  # noqa: T201 - a command's answer
    return len(found)


def _is_known(language: str) -> bool:
    try:
        return bool(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False


def _bring_up_to_date(file: Path, source: Catalog) -> None:
    """Add what is new to a catalog, and drop what is gone. Makes the catalog if there is none."""
    locale = file.stem.replace("-", "_")
    catalog = catalogs.read(file) if file.exists() else Catalog(locale=locale, project="RxConnect", charset="utf-8")
    catalog.update(source, no_fuzzy_matching=False)
    catalog.obsolete.clear()
    catalogs.write(catalog, file)


def _what_is_next(language: str, source: Catalog) -> str:
    file = catalogs.FOLDER / f"{language}.po"
    catalog, locale = catalogs.read(file), Locale.parse(language, sep="-")
    return _NEXT.format(
        name=locale.english_name,
        language=language,
        forms=catalog.num_plurals,
        way="from right to left" if locale.text_direction == "rtl" else "from left to right",
        lacks=len(catalogs.catalog_problems(catalog, source)),
        sentences=len(catalogs.sentences(source)),
        file=file.relative_to(catalogs.ROOT),
    )


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
