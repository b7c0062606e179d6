"""The spoken codes of demo sessions: `CEDAR-417`. A word that is easily said and heard, and three digits."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

# Each word is easy to hear in a noisy room, and has only one spelling.
WORDS = (Path(__file__).parent / "code_words.txt").read_text(encoding="utf-8").split()
_CODE = re.compile(r"([A-Z]+)[^A-Z0-9]*([0-9]{3})")


def new() -> str:
    """A random code, one of about a quarter of a million. The next one cannot be predicted."""
    return f"{secrets.choice(WORDS)}-{secrets.randbelow(1000):03}"


def normalised(typed: str) -> str:
    """Normalise a typed code, as the database stores it: `cedar 417` -> `CEDAR-417`. Returns "" for anything else."""
    match = _CODE.fullmatch(typed.strip().upper())
    return f"{match[1]}-{match[2]}" if match else ""
