"""Texts that a facility writes itself: its rules, its reasons for a rejection, and what its screening rules tell families.

Nobody translates them but the facility. It may keep each of them in other languages too; where it does not, a reader gets the
text as it is, marked as the language that it is in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rxconnect import i18n
from rxconnect.domain.languages import language_name
from rxconnect.domain.messages import Reason
from rxconnect.i18n import join_with_and, ngettext


class Writer(Protocol):
    """A facility, as far as its texts need it."""

    language: str
    translations: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of a facility as a reader gets it, and the language that it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class TextToTranslate:
    """A text of a facility beside its translation, "" if there is none. `key` is the name of its field."""

    key: str
    text: str
    translation: str


@dataclass(frozen=True, slots=True)
class TextsInLanguage:
    """All texts of a facility in one other language than it has `written` them in.

    `missing` says how many are not there yet, "" if all are.
    """

    language: str
    written: str
    name: str
    missing: str
    lines: list[TextToTranslate]


def own_text(facility: Writer, text: str) -> OwnText:
    """A text of the facility in the reader's language if it keeps it in that, and else as it is."""
    reader = i18n.language()
    translated = facility.translations.get(reader, {}).get(text, "")
    return OwnText(translated, reader) if translated else OwnText(text, facility.language)


def own_texts(facility: Writer, texts: Sequence[str]) -> list[OwnText]:
    """The same for several."""
    return [own_text(facility, text) for text in texts]


def reason_text(facility: Writer, own: str, reason: Reason) -> OwnText:
    """What the facility says of a reason: its `own` text, or ours if it has none."""
    return own_text(facility, own) if own else OwnText(reason.rule, i18n.language())


def texts_in(facility: Writer, language: str, texts: Sequence[str]) -> TextsInLanguage:
    """A facility's texts in one other language."""
    known = facility.translations.get(language, {})
    lines = [TextToTranslate(key_of(language, text), text, known.get(text, "")) for text in dict.fromkeys(texts)]
    lacks = sum(not line.translation for line in lines)
    told = ngettext(
        "{count} text is not there in {language} yet. Who reads {language} gets it as you wrote it.",
        "{count} texts are not there in {language} yet. Who reads {language} gets them as you wrote them.",
        lacks,
    ).format(count=lacks, language=language_name(language))
    return TextsInLanguage(language, facility.language, language_name(language), told if lacks else "", lines)


def missing_languages(facility: Writer, languages: Sequence[str], texts: Sequence[str]) -> str:
    """The languages in which the facility lacks any of its texts, as a list; "" if there is none."""
    lacking = [
        language_name(one)
        for one in languages
        if one != facility.language and any(text not in facility.translations.get(one, {}) for text in texts)
    ]
    return join_with_and(lacking) if lacking else ""


def key_of(language: str, text: str) -> str:
    """The name of the field for a text in a language. It is the text's own, so that a form never translates another text than it showed."""
    return f"text_{hashlib.sha256(f'{language} {text}'.encode()).hexdigest()[:16]}"
