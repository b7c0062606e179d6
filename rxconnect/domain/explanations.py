"""The life of a wallet, a purchase or a message in plain words, for operators: told line by line, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """What the lines after it are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, and when; or, with `at` being "", something that is so. `after` is the balance after it."""

    text: str
    at: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last word: every way in which what was told does not add up."""

    differences: list[str]

    @property
    def is_sound(self) -> bool:
        """Whether all of it adds up."""
        return not self.differences


# Ends with its verdict. It is read from the database while it is told, so that nothing of it needs to be kept.
Story = Iterator[Heading | Line | Verdict]
