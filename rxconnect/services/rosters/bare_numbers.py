"""A column that is called `#`, `No` or `ID` alone: the number of a person, or one that counts the rows.

A list without any other number may be read with it, if its values can only be numbers of people. What counts the rows is
somebody else's number in the next list, so it is never read without being asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.columns import NO_COLUMN, Columns, position_of
from rxconnect.services.rosters.roster_repeats import is_footer_line
from rxconnect.services.shapes import dates
from rxconnect.services.shapes.headers import is_bare_number

COUNTS_ROWS = Sentence("counts the rows, and would be another person's number in the next list")

_NAMES = ("name", "last_name", "first_name", "given_names")
_FEW = 0.1  # of the people may lack a number
# Numbers up to so many times the rows, and some more, may be a count of anything. In a column called `ID` they must be denser.
_TIMES, _MORE = 3, 100
_TIMES_DENSE, _MORE_DENSE = 1.5, 2
_SHORT_RUN = 1_000
_MOSTLY = 0.7
# So many rows tell a count from small numbers of people, in a column that is called `ID`.
_FEWEST, _FEWEST_IN_ORDER = 5, 3


def with_bare_number(
    found: Columns, sample: Sequence[Sequence[str]], ignored: Collection[str]
) -> tuple[Columns, list[Sentence]]:
    """The columns with the only bare number that can be people's, and a sentence that says so. As they are without one."""
    # A mere `Booking` is a date, unless none is in it.
    booking = found.position("booking_date")
    if any(dates.read_event(row[booking]).day for row in sample):
        booking = NO_COLUMN
    left_out = {*found.positions.values(), *(position_of(name, found.header) for name in ignored)} - {booking}
    fit = [
        place
        for place, name in enumerate(found.header)
        if place not in left_out
        and (is_bare_number(name) or place == booking)
        and _may_be_peoples([*_pairs(found, sample, place)])
    ]
    if len(fit) != 1:
        return found, []
    note = Sentence(
        "The column {column} is read as the number of the person: no other column can be it, and its values look like numbers "
        "of people. Check the first people.",
        column=found.header[fit[0]],
    )
    positions = {field: place for field, place in found.positions.items() if place != fit[0]}
    return found._replace(positions={**positions, "number": fit[0]}), [note]


def counts_rows(found: Columns, sample: Sequence[Sequence[str]]) -> bool:
    """Whether the values of the number that was found plainly count the rows. A few small numbers need not."""
    numbers = [*dict.fromkeys(number for number, _ in _pairs(found, sample, found.position("number")) if number)]
    plain = [number.rstrip(".)").lstrip("0") for number in numbers]
    is_in_order = len(plain) >= _FEWEST_IN_ORDER and plain == [*map(str, range(1, len(plain) + 1))]
    return is_in_order or (len(plain) >= _FEWEST and _counts(numbers, _TIMES_DENSE, _MORE_DENSE))


def counters(found: Columns, sample: Sequence[Sequence[str]]) -> list[str]:
    """The bare numbers among the columns that only count the rows."""
    bare = (place for place, name in enumerate(found.header) if is_bare_number(name))
    return [found.header[place] for place in bare if _counts([number for number, _ in _pairs(found, sample, place)])]


def _pairs(found: Columns, sample: Sequence[Sequence[str]], place: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The number and the names of each row with a name, without totals and footers."""
    names = [found.positions[field] for field in _NAMES if field in found]
    for row in sample:
        if any(name := tuple(row[one] for one in names)) and not is_footer_line(" ".join(filter(None, row))):
            yield row[place], name


def _may_be_peoples(pairs: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether nearly everybody has a number with a digit, no two people share one, and it is no count."""
    people: dict[str, set[tuple[str, ...]]] = {}
    for number, name in pairs:
        if any(map(str.isdigit, number)) and " " not in number:
            people.setdefault(number, set()).add(name)
    without = len({name for _, name in pairs}) - len({name for names in people.values() for name in names})
    is_nearly_all = without <= max(1, _FEW * len(people))
    is_one_each = all(len(names) == 1 for names in people.values())
    return bool(people) and is_nearly_all and is_one_each and not _counts([*people])


def _counts(numbers: Sequence[str], times: float = _TIMES, more: int = _MORE) -> bool:
    """Whether numbers are a count: `1.`, `2.`, …, also one that goes on from another page, or of which rows were taken out."""
    plain = [number.rstrip(".)") for number in dict.fromkeys(numbers) if number]
    if not plain or not all(map(str.isdecimal, plain)):
        return False
    values = [*map(int, plain)]
    steps = sum(abs(after - before) == 1 for before, after in pairwise(values))
    is_run = steps >= _MOSTLY * (len(values) - 1) and max(values) < _SHORT_RUN
    return max(values) <= times * len(values) + more or is_run
