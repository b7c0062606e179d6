"""The languages that screening recognises, and staff may say that they read. Codes are those of ISO 639-1."""

from __future__ import annotations

from rxconnect.domain.text import fold, sort_key
from rxconnect.i18n import N_, PSEUDO_LANGUAGES, _

# The filter of the desk that shows only letters in the languages that the reviewer reads.
MY_LANGUAGES = "mine"
LANGUAGES = {
    "am": N_("Amharic"),
    "ar": N_("Arabic"),
    "hy": N_("Armenian"),
    "bn": N_("Bengali"),
    "bg": N_("Bulgarian"),
    "zh": N_("Chinese"),
    "hr": N_("Croatian"),
    "cs": N_("Czech"),
    "da": N_("Danish"),
    "nl": N_("Dutch"),
    "en": N_("English"),
    "fi": N_("Finnish"),
    "fr": N_("French"),
    "de": N_("German"),
    "el": N_("Greek"),
    "gu": N_("Gujarati"),
    "ht": N_("Haitian Creole"),
    "he": N_("Hebrew"),
    "hi": N_("Hindi"),
    "hu": N_("Hungarian"),
    "id": N_("Indonesian"),
    "it": N_("Italian"),
    "ja": N_("Japanese"),
    "km": N_("Khmer"),
    "ko": N_("Korean"),
    "lo": N_("Lao"),
    "ne": N_("Nepali"),
    "fa": N_("Persian"),
    "pl": N_("Polish"),
    "pt": N_("Portuguese"),
    "pa": N_("Punjabi"),
    "ro": N_("Romanian"),
    "ru": N_("Russian"),
    "sr": N_("Serbian"),
    "es": N_("Spanish"),
    "sw": N_("Swahili"),
    "sv": N_("Swedish"),
    "tl": N_("Tagalog"),
    "ta": N_("Tamil"),
    "te": N_("Telugu"),
    "th": N_("Thai"),
    "tr": N_("Turkish"),
    "uk": N_("Ukrainian"),
    "ur": N_("Urdu"),
    "vi": N_("Vietnamese"),
}


def language_name(code: str) -> str:
    """A language's name in the language of the page; the code itself for one that has no name here."""
    if code in PSEUDO_LANGUAGES:
        return "Pseudo"
    return _(LANGUAGES[code]) if code in LANGUAGES else code


def language_choices() -> list[tuple[str, str]]:
    """Every language as (code, name), by name."""
    return sorted(((code, _(name)) for code, name in LANGUAGES.items()), key=lambda one: sort_key(one[1]))


def codes_of(text: str) -> tuple[list[str], list[str]]:
    """The codes of the languages that a person typed, by name or code with commas between, and what is none."""
    by_name = {fold(_(name)): code for code, name in LANGUAGES.items()} | {code: code for code in LANGUAGES}
    typed = [one.strip() for one in text.split(",") if one.strip()]
    known = dict.fromkeys(by_name[fold(one)] for one in typed if fold(one) in by_name)
    return list(known), [one for one in typed if fold(one) not in by_name]
