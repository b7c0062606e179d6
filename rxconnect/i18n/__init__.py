"""Languages: translates every sentence that a person reads into their language.

A sentence is written in English where it is used, as `_("Sign in")`, and looked up in the reader's catalog
(`<language>.po` beside this file; English needs none). The edge binds the language once for each request or event.
CONTRIBUTING.md says how to add a sentence or a language.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

ENGLISH = "en"
# English with accents and 40 % more letters. It reveals sentences outside the catalog and layouts without room to grow.
PSEUDO = "en-XA"
# The language of a whole process. Only `builds` sets it, as a build of the pages runs in threads without our context.
OF_PROCESS = "RXCONNECT_PAGES_LANGUAGE"
_OF_THIS_PROCESS = os.environ.get(OF_PROCESS) or ENGLISH

_language: ContextVar[str] = ContextVar("language", default=_OF_THIS_PROCESS)


def _(message: str) -> str:
    """The sentence in the reader's language. Placeholders have names; call `format` on the result."""
    return _catalog(_language.get()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for `number` in the reader's language, before `format`."""
    return _catalog(_language.get()).ngettext(one, many, number)


def counted(one: str, many: str, number: int) -> str:
    """As `ngettext`, with `{count}` filled in: `counted("{count} credit", "{count} credits", 1200)` -> `1,200 credits`."""
    return ngettext(one, many, number).format(count=f"{number:,}")


def join_with_or(several: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b, or c`."""
    *before, last = several
    if len(before) > 1:
        return _("{others}, or {last}").format(others=", ".join(before), last=last)
    return _("{one} or {other}").format(one=before[0], other=last) if before else last


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for the catalogs where no reader is known yet, such as in a table. Its user calls `_`."""
    return message


def available_languages() -> list[str]:
    """English, and every language that has a catalog."""
    return [ENGLISH, *sorted(file.stem for file in Path(__file__).parent.glob("*.po"))]


def language() -> str:
    """The reader's language."""
    return _language.get()


def bind_language(language: str) -> None:
    """Bind the language for the rest of this request or event. Only the edge calls this."""
    _language.set(language)


@contextmanager
def using_language(language: str) -> Iterator[None]:
    """Bind the language inside the block, as for an email to another account. "" stands for English."""
    token = _language.set(language or ENGLISH)
    try:
        yield
    finally:
        _language.reset(token)


def negotiate(offered: Sequence[str], *, chosen: str, accepted: str) -> str:
    """The language for an answer: the `chosen` one, else the best of an `Accept-Language` header, else our first."""
    if chosen in offered:
        return chosen
    for wanted in _by_preference(accepted):
        for tag in (wanted, wanted.partition("-")[0]):
            if found := next((language for language in offered if language.lower() == tag), None):
                return found
    return offered[0]


def _by_preference(accepted: str) -> list[str]:
    """The tags of an `Accept-Language` header in lower case, the preferred first. Unreadable parts come last."""

    def quality(part: str) -> float:
        try:
            return float(part.partition("q=")[2] or 1)
        except ValueError:
            return 0

    # Browsers name only a few languages, so the rest of a longer header is ignored.
    parts = sorted(accepted[:200].split(",")[:20], key=quality, reverse=True)
    return [part.partition(";")[0].strip().lower() for part in parts]


@lru_cache
def _catalog(language: str) -> stdlib_gettext.NullTranslations:
    # An account may speak a language whose catalog this installation no longer has.
    if language not in (PSEUDO, *available_languages()[1:]):
        return stdlib_gettext.NullTranslations()
    # Imported here, so that an installation with English alone does not load Babel.
    from rxconnect.i18n import catalogs

    return catalogs.translations(language)
