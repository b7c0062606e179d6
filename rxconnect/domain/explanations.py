"""The history of a wallet, a purchase or a message in plain words, for operators, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading for the lines after it."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened at `at`; with `at` being "", a fact about the present. `after` is the balance after it."""

    text: str
    at: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end of a story: every difference that was found in it."""

    differences: list[str]

    @property
    def is_sound(self) -> bool:
        """Whether everything adds up."""
        return not self.differences


# A story ends with its verdict. It is read from the database while it is printed, so it may be of any length.
Story = Iterator[Heading | Line | Verdict]
