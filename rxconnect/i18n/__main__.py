"""Maintains the catalogs: `python -m rxconnect.i18n check`, `… update`, `… add es`."""

from __future__ import annotations

import sys

from babel.messages.catalog import Catalog

from rxconnect.i18n import catalogs


def main(task: str = "check", language: str = "") -> int:
    """Run one of the three tasks. Returns the number of problems."""
    source, files = catalogs.extract(), sorted(catalogs.FOLDER.glob("*.po"))
    if task == "add":
        files = [catalogs.FOLDER / f"{language}.po"]
        catalogs.write(Catalog(locale=language.replace("-", "_"), project="RxConnect", charset="utf-8"), files[0])
    if task in ("add", "update"):
        for file in files:
            catalog = catalogs.read(file)
            catalog.update(source, no_fuzzy_matching=False)
            catalog.obsolete.clear()
            catalogs.write(catalog, file)
        return 0
    found = [f"a placeholder without a name: {sentence}" for sentence in catalogs.untranslatable(source)]
    for file in files:
        found += [f"{file.name}: {problem}" for problem in catalogs.catalog_problems(catalogs.read(file), source)]
    print("\n".join(found), end="\n" if found else "")  # noqa: T201 - a command's answer
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
