"""The names of the elements in an XML document as a tree, and which of them are people.

The element of a person is the outermost one that repeats and has a number and a name in it. What stands around it in the same
record, such as a status, belongs to the person as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody
from rxconnect.services.documents.xml_parts import LOCAL
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.shapes.headers import lists_people
from rxconnect.services.shapes.sections import section_of

_DEEPEST, _MOST_NAMES = 60, 5_000
_FEWEST_COLUMNS = 3


@dataclass(slots=True, eq=False)
class Element:
    """All elements with the same names around them. `most` is how many of them one element above has at most.

    An attribute counts as an element in its own.
    """

    name: str
    above: Element | None = None
    below: dict[str, Element] = field(default_factory=dict)
    count: int = 0
    most: int = 0
    has_text: bool = False

    @property
    def around(self) -> Iterator[Element]:
        """This element and all around it, the document last."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.above

    @property
    def all_below(self) -> Iterator[Element]:
        """All elements in this one."""
        for element in self.below.values():
            yield element
            yield from element.all_below

    def up_to(self, outer: Element) -> list[Element]:
        """This element and those around it that are inside another one."""
        return [*takewhile(lambda element: element is not outer, self.around)]

    def path(self, start: Element) -> str:
        """The names from an element around this one down to here."""
        return ".".join(element.name for element in reversed(self.up_to(start)))

    def leaves(self) -> dict[str, Element]:
        """The elements with a text in this one, by the names from here."""
        return {element.path(self): element for element in self.all_below if element.has_text}


class People(NamedTuple):
    """An element that is a person, and the record around it, with the name of the column of each text in the record.

    `section` is the name of an element around the record that says whether its people are in custody, or "".
    """

    record: Element
    columns: dict[Element, str]
    section: str


class Tree:
    """Makes the tree of a document's names. `document` is what is around its only element."""

    def __init__(self, name: str) -> None:
        self.document = Element("", count=1, most=1)
        self._name, self._size = name, 0
        self._open: list[tuple[Element, dict[str, int]]] = [(self.document, {})]

    def start(self, tag: str, given: dict[str, str]) -> None:
        """The beginning of an element."""
        above, counts = self._open[-1]
        element = self._below(above, LOCAL[tag])
        element.count += 1
        counts[element.name] = counts.get(element.name, 0) + 1
        element.most = max(element.most, counts[element.name])
        self._open.append((element, {}))
        if len(self._open) > _DEEPEST:
            raise BadFile("{name} is nested too deeply to be a table, so nothing was changed.", name=self._name)
        for attribute, value in own_attributes(given):
            inner = self._below(element, attribute)
            inner.count, inner.most = inner.count + 1, max(inner.most, 1)
            inner.has_text = inner.has_text or bool(value.strip())

    def end(self, _tag: str) -> None:
        """The end of an element."""
        self._open.pop()

    def text(self, text: str) -> None:
        """A piece of text."""
        element = self._open[-1][0]
        element.has_text = element.has_text or not text.isspace()

    def people(self) -> list[People]:
        """The lists of people: several only if their names say who of them is in custody. None if there are none.

        Raises `BadFile` when there are several lists, and nothing tells which one it is.
        """
        inside = [element for element in self.document.all_below if len(element.below) > 1]
        lists = {_record_of(person): person for person in _outermost(_persons(inside))}
        often = {person.name for record, person in lists.items() if record.count > 1}
        # A person who stands once beside a list is another one: its sender, perhaps.
        lists = {
            record: person
            for record, person in lists.items()
            if record.count > 1 or not often or person.name in often or _section_of(record)
        }
        if not lists:
            return self._most_like_a_list(inside)
        sections = [_section_of(record) for record in lists]
        if len(lists) > 1 and not all(sections):
            paths = [record.path(self.document) for record in lists]
            raise BadFile(
                "{name} holds several lists ({lists}); send the one of people alone.", name=self._name, lists=paths
            )
        pairs = zip(lists.items(), sections, strict=True)
        return [People(record, _columns(record, person), section) for (record, person), section in pairs]

    def _below(self, above: Element, name: str) -> Element:
        if (element := above.below.get(name)) is None:
            element = above.below[name] = Element(name, above)
            self._size += 1
            if self._size > _MOST_NAMES:
                raise BadFile(
                    "{name} has too many kinds of elements to be a list, so nothing was changed.", name=self._name
                )
        return element

    def _most_like_a_list(self, inside: Sequence[Element]) -> list[People]:
        """What repeats and has the most texts. Somebody has to tell which of its columns is which."""
        repeated = [element for element in inside if element.most > 1 and len(element.leaves()) >= _FEWEST_COLUMNS]
        if not repeated:
            return []
        record = max(_outermost(repeated), key=lambda element: element.count * len(element.leaves()))
        return [People(record, _columns(record, record), "")]


def own_attributes(given: dict[str, str]) -> list[tuple[str, str]]:
    """The attributes of an element that say something of it. Those with a prefix are for programs."""
    return [(name, value) for name, value in given.items() if ":" not in name and name != "xmlns"]


def _persons(inside: Sequence[Element]) -> list[Element]:
    """The elements with a number and a name, without those of other people in them."""
    persons: set[Element] = set()
    for element in reversed(inside):
        own = (name for name, leaf in element.leaves().items() if persons.isdisjoint(leaf.up_to(element)))
        if lists_people(own):
            persons.add(element)
    return [element for element in inside if element in persons]


def _record_of(person: Element) -> Element:
    """The widest element that repeats and holds one of these, and no other; the person's own if there is none."""
    for element in person.around:
        if element.most > 1 and element.above and element.above.above:
            return element
        if element.above is None or element.above.count != element.count:
            break
    return person


def _outermost(elements: Collection[Element]) -> list[Element]:
    inner = {*elements}
    return [one for one in elements if not any(other in inner for other in one.around if other is not one)]


def _section_of(record: Element) -> str:
    """The name around a record that says whether its people are in custody; of several one that says that they have left."""
    said = [name for element in [*record.around][1:-1] if section_of(name := element.name) is not None]
    return next((name for name in said if section_of(name) is not Custody.HELD), said[0] if said else "")


def _columns(record: Element, person: Element) -> dict[Element, str]:
    """The names of the columns: those of the person are told from the person on, the others from the record on."""
    columns = {element: name for name, element in person.leaves().items()}
    taken = {*columns.values()}
    for name, element in record.leaves().items():
        if element not in columns:
            columns[element] = name if name not in taken else f"{record.name}.{name}"
    if len(columns) > MOST_COLUMNS:
        raise BadFile("The list has more than {most} columns, so it is not a table that we know.", most=MOST_COLUMNS)
    return columns
