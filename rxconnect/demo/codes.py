"""The spoken codes of demo sessions: `CEDAR-417`. A word that is easily said and heard, and three digits."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

# Told apart by ear in a noisy room, and of one spelling.
WORDS = (Path(__file__).parent / "code_words.txt").read_text(encoding="utf-8").split()
_CODE = re.compile(r"([A-Z]+)[^A-Z0-9]*([0-9]{3})")


def new() -> str:
    """A code. There are about a quarter of a million, and nobody can foretell the next."""
    return f"{secrets.choice(WORDS)}-{secrets.randbelow(1000):03}"


def normalised(typed: str) -> str:
    """A code as it is kept, however it was typed: `cedar 417` -> `CEDAR-417`; "" when it cannot be one."""
    match = _CODE.fullmatch(typed.strip().upper())
    return f"{match[1]}-{match[2]}" if match else ""
