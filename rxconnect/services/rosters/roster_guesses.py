"""What to say of a file in which no person was found: the columns that there are, and the options that would map them."""

from __future__ import annotations

from collections.abc import Sequence

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.columns import Columns


def require_person(found: Columns, sample: Sequence[list[str]]) -> None:
    """Raise `BadFile` unless there are columns for a number and both names."""
    missing = [] if "number" in found else ["number"]
    if "name" not in found:
        has_first = "first_name" in found or "given_names" in found
        missing += [] if has_first else ["first_name"]
        missing += [] if "last_name" in found else ["last_name"]
    if not missing:
        return
    labels = " and ".join(field.replace("_", " ") for field in missing)
    free = [name for position, name in enumerate(found.header) if name and position not in found.positions.values()]
    there = ", ".join(filter(None, found.header[:40])) or "none"
    options = " ".join(f'--map {field}="{column}"' for field, column in _guesses(missing, free, found, sample))
    whole = (
        "" if "number" in missing[:1] and len(missing) == 1 else ' A column with the whole name is --map name="COLUMN".'
    )
    raise BadFile(
        f"This is not a roster: there is no column for {labels}. The columns are {there}. Say which one it is: {options}.{whole}"
    )


def _guesses(
    missing: Sequence[str], free: list[str], found: Columns, sample: Sequence[list[str]]
) -> list[tuple[str, str]]:
    """A likely column for each missing field: for a number one with digits and hardly a value twice, else one with letters."""
    guesses: list[tuple[str, str]] = []
    for field in missing:
        fit = [name for name in free if _fits(field, [row[found.header.index(name)] for row in sample])]
        column = next((name for name in fit if name not in (taken for _, taken in guesses)), "COLUMN")
        guesses.append((field, column))
    return guesses


def _fits(field: str, cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if not filled:
        return False
    if field == "number":
        digits = sum(any(map(str.isdigit, cell)) and " " not in cell for cell in filled)
        return digits * 10 >= 9 * len(filled) and len(set(filled)) * 10 >= 9 * len(filled)
    return all(not any(map(str.isdigit, cell)) and len(cell) > 1 for cell in filled[:200])
