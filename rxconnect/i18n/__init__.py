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
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"
# English with accents and 40 % more letters. It reveals sentences outside the catalog and layouts without room to grow.
PSEUDO = "en-XA"
# English that is written from right to left. It reveals layouts that know only one direction.
PSEUDO_RTL = "ar-XB"
PSEUDO_LANGUAGES = (PSEUDO, PSEUDO_RTL)
# How a number, a day or a list is written differs from place to place. Ours are all in the United States.
_TERRITORY = "US"
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


def plural_form(number: int) -> int:
    """Which of the language's plural forms a number has."""
    return int(getattr(_catalog(_language.get()), "plural", _english_plural)(number))


def plural_examples() -> dict[int, int]:
    """A number for each plural form that the language uses for numbers below a million."""
    return {plural_form(number): number for number in range(200, -1, -1)}


def plural_rule() -> str:
    """The form of a number `n`, as an expression in C that JavaScript understands."""
    return _catalog(_language.get()).info().get("plural-forms", "plural=(n != 1)").rpartition("plural=")[2].rstrip(";")


def _english_plural(number: int) -> int:
    return int(number != 1)


def counted(one: str, many: str, number: int) -> str:
    """As `ngettext`, with `{count}` filled in: `counted("{count} credit", "{count} credits", 1200)` -> `1,200 credits`."""
    return ngettext(one, many, number).format(count=number_text(number))


def number_text(number: int) -> str:
    """A whole number as the reader writes it: `1,200`; in Spanish of the United States the same."""
    if (locale := _locale(_language.get())) is None:
        return f"{number:,}"
    from babel.numbers import format_decimal

    return format_decimal(number, locale=locale)


def day_text(day: date, skeleton: str, english: str) -> str:
    """A day as the reader writes it. `english` is the same in English, and `skeleton` its parts in CLDR's letters, `yMMMd`."""
    if (locale := _locale(_language.get())) is None:
        return pseudo_of(english)
    from babel.dates import format_skeleton

    # A narrow space that does not break is missing in some fonts.
    return format_skeleton(skeleton, datetime.combine(day, time()), locale=locale).replace("\u202f", "\u00a0")


def time_text(moment: datetime, english: str) -> str:
    """A time of the day as the reader writes it. `english` is the same in English."""
    if (locale := _locale(_language.get())) is None:
        return pseudo_of(english)
    from babel.dates import format_time

    local = moment.replace(tzinfo=None)
    return format_time(local, "short", locale=locale).replace("\u202f", "\u00a0")


def join_with_or(several: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b, or c`."""
    return _joined(several, "or")


def join_with_and(several: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, and c`."""
    return _joined(several, "standard")


def _joined(several: Sequence[str], style: Literal["or", "standard"]) -> str:
    *before, last = several
    if not before:
        return last
    if (locale := _locale(_language.get())) is not None:
        from babel.lists import format_list

        return format_list(list(several), style=style, locale=locale)
    word = pseudo_of("or" if style == "or" else "and")
    return f"{', '.join(before)}{',' if len(before) > 1 else ''} {word} {last}"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for the catalogs where no reader is known yet, such as in a table. Its user calls `_`."""
    return message


def available_languages() -> list[str]:
    """English, and every language that has a catalog."""
    return [ENGLISH, *sorted(file.stem for file in Path(__file__).parent.glob("*.po"))]


def language() -> str:
    """The reader's language."""
    return _language.get()


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language is written, as HTML names it."""
    if language == PSEUDO_RTL:
        return "rtl"
    locale = _locale(language)
    return "rtl" if locale is not None and locale.text_direction == "rtl" else "ltr"


def html_language() -> str:
    """The attributes of an `<html>` element in the reader's language: `lang="es" dir="ltr"`."""
    return f'lang="{_language.get()}" dir="{direction(_language.get())}"'


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
    if language not in (*PSEUDO_LANGUAGES, *available_languages()[1:]):
        return stdlib_gettext.NullTranslations()
    # Imported here, so that an installation with English alone does not load Babel.
    from rxconnect.i18n import catalogs

    return catalogs.translations(language)


@lru_cache
def _locale(language: str) -> Locale | None:
    """How Babel writes in a language, as in the United States if it knows that. None for English and what looks like it."""
    if language == ENGLISH or language in PSEUDO_LANGUAGES or language not in available_languages():
        return None
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(f"{language}_{_TERRITORY}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language, sep="-")


def pseudo_of(english: str) -> str:
    """English that no catalog has, such as a date, in the reader's pseudo-language; unchanged in any other."""
    if _language.get() not in PSEUDO_LANGUAGES:
        return english
    from rxconnect.i18n import catalogs

    return catalogs.pseudo_translate(english, _language.get())
