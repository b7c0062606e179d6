"""The language in which a letter is written."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rxconnect.domain.languages import LANGUAGES

# Below this, the answer is a guess: a name, a number, "ok".
_FEWEST_LETTERS = 20
_LEAST_CONFIDENCE = 0.5
# The language shows in the first lines. More would only take longer.
_ENOUGH = 1_000


def recognise(text: str) -> str:
    """The language of a text, such as `es`; "" if it is too short, or if the answer would be a guess."""
    text = text[:_ENOUGH]
    if sum(character.isalpha() for character in text) < _FEWEST_LETTERS:
        return ""
    language, confidence = _identifier().classify(text)
    return str(language) if confidence >= _LEAST_CONFIDENCE else ""


def load() -> None:
    """Load the model of languages, which takes a second and 100 MB, before the first letter needs it."""
    _identifier()


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Imported here, since it loads numpy and a model: only a worker that screens letters of a facility to which languages
    # matter takes the second and the memory for them.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(set(LANGUAGES) & set(identifier.labels))
    return identifier
