"""What there is to say about how a file was read, and where its rows stood before."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from operator import itemgetter

from rxconnect.domain.readings import Place
from rxconnect.domain.sentences import Sentence


class Notes(list[Sentence]):
    """Sentences about how a file was read. `doubts` are those that somebody has to accept before anything is changed.

    A doubt is the end of a sentence, as the reasons of `domain.imports.Suspicious` are.

    `sheets` are those that were written one below the other: the line where each begins, its title, and how many lines more than
    in the sheet there are before each of its rows.
    """

    def __init__(
        self,
        sentences: Iterable[Sentence] = (),
        doubts: Iterable[Sentence] = (),
        sheets: Iterable[Sequence[int | str]] = (),
    ):
        super().__init__(sentences)
        self.doubts = [*doubts]
        self.sheets = [(int(begin), str(title), int(more)) for begin, title, more in sheets]

    def place_of(self, line: int) -> Place:
        """Where the operator finds this line of the rows."""
        if not self.sheets:
            return Place(line)
        _, title, more = self.sheets[bisect(self.sheets, line, key=itemgetter(0)) - 1]
        return Place(line - more, title if len(self.sheets) > 1 else "")

    def tell(self, other: Notes) -> None:
        """Add what there is to say about another step."""
        self += [sentence for sentence in other if sentence not in self]
        self.doubts += [doubt for doubt in other.doubts if doubt not in self.doubts]
        self.sheets = other.sheets or self.sheets
