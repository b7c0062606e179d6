"""Scenarios: the steps that a demo session shows. Each is a TOML file, built in (`scenarios/*.toml`) or written by staff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NoReturn

from rxconnect import routes
from rxconnect.demo import facts, preparations
from rxconnect.demo.preparations import unknown_value_sentence
from rxconnect.demo.world import FAMILIES, STAFF
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.demo import MOST_STEPS, SCENARIO_MAX
from rxconnect.domain.toml_files import NotToml, lines_of_keys, parse_toml
from rxconnect.i18n import _

_ROUTES = {value for name, value in vars(routes).items() if name.isupper()}
_CONTROL = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TITLE_MAX, _TEXT_MAX, _LONGEST_MINUTES = 60, 600, 120


class ScenarioError(Exception):
    """A scenario's file cannot be used. `sentence` says what is wrong in line number `line` (from 1)."""

    def __init__(self, line: int, sentence: str):
        super().__init__(f"line {line}: {sentence}")
        self.line, self.sentence = line, sentence


@dataclass(frozen=True, slots=True)
class Step:
    """The presenter does `do` and says `say` on the page `at` a route. `mark` is a control's id, `done` a fact's name.

    Sentences are stored as in the file, and translated with `_` when they are shown. So are the title and `about`.
    """

    do: str
    done: str
    say: str = ""
    at: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, as in its file. `family` and `staff` are the email addresses of the accounts that the seats act as."""

    title: str
    about: str
    start: str
    minutes: int
    family: str
    staff: str
    prepare: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def account_of(self, kind: ActorKind) -> str:
        """The email address of the account that seats of this kind act as."""
        return self.staff if kind is ActorKind.STAFF else self.family


@cache
def texts() -> dict[str, str]:
    """The texts of the built-in scenarios by key, in the order of the page."""
    files = sorted((Path(__file__).parent / "scenarios").glob("*.toml"))
    return {file.stem.partition("-")[2]: file.read_text(encoding="utf-8") for file in files}


def load(key: str) -> Scenario:
    """A built-in scenario. Raises `KeyError`."""
    return parse(texts()[key])


def all_scenarios() -> dict[str, Scenario]:
    """The built-in scenarios by key, in the order of the page."""
    return {key: parse(text) for key, text in texts().items()}


@lru_cache(maxsize=64)
def parse(text: str) -> Scenario:
    """Parse a scenario's file. Raises `ScenarioError` with the line of the first problem."""
    if len(text) > SCENARIO_MAX:
        raise ScenarioError(1, _("A scenario has at most {most} characters.").format(most=f"{SCENARIO_MAX:,}"))
    return _Reader(text).scenario()


class _Reader:
    """Reads one file, and knows the line of each key."""

    def __init__(self, text: str):
        self._text = text
        self._lines = dict(lines_of_keys(text, "steps"))
        self._data = _parse_toml(text)

    def scenario(self) -> Scenario:
        """The whole scenario. Raises `ScenarioError` for the first problem."""
        self._require_known(self._data, Scenario, 0)
        return Scenario(
            title=self._sentence(self._data, "title", most=_TITLE_MAX),
            about=self._sentence(self._data, "about"),
            start=self._start_page(),
            minutes=self._minutes(),
            family=self._one_of(self._data, "family", FAMILIES),
            staff=self._one_of(self._data, "staff", STAFF),
            prepare=tuple(self._preparations()),
            steps=tuple(self._steps()),
        )

    def _start_page(self) -> str:
        pages = {route for route in _ROUTES if "[" not in route and "." not in route}
        return self._one_of(self._data, "start", pages)

    def _minutes(self) -> int:
        value = self._data.get("minutes")
        if type(value) is not int or not 1 <= value <= _LONGEST_MINUTES:
            most = _LONGEST_MINUTES
            self._fail("minutes", _("minutes must be a whole number from 1 to {most}.").format(most=most))
        return value

    def _preparations(self) -> Iterator[str]:
        items = self._data.get("prepare", [])
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self._fail("prepare", _('prepare must be a list of texts, like ["location: cedar-ridge"].'))
        for item in items:
            if problem := preparations.line_problem(item):
                line = self._line_number("prepare")
                raise ScenarioError(line + _lines_before(self._text.splitlines()[line - 1 :], item), problem)
            yield item

    def _steps(self) -> Iterator[Step]:
        steps = self._data.get("steps", [])
        if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
            self._fail("steps", _("Write each step as a table of its own, under [[steps]]."))
        if len(steps) > MOST_STEPS:
            self._fail("", _("A scenario has at most {most} steps.").format(most=MOST_STEPS), MOST_STEPS + 1)
        awaited: set[str] = set()
        for number, step in enumerate(steps, start=1):
            self._require_known(step, Step, number)
            made = Step(
                do=self._sentence(step, "do", number),
                done=self._one_of(step, "done", facts.FACTS, number),
                say=self._sentence(step, "say", number) if "say" in step else "",
                at=self._one_of(step, "at", _ROUTES, number) if "at" in step else "",
                mark=self._mark(step, number),
            )
            if made.done in awaited:
                text = _("Another step is done by “{fact}” already, so both would be ticked off at once.")
                self._fail("done", text.format(fact=made.done), number)
            awaited.add(made.done)
            yield made

    def _mark(self, step: Mapping[str, Any], number: int) -> str:
        mark = step.get("mark", "")
        if not isinstance(mark, str) or (mark and not _CONTROL.fullmatch(mark)):
            text = _("mark must be the id of a control: small letters, digits, - and _, and a letter first.")
            self._fail("mark", text, number)
        return mark

    def _sentence(self, table: Mapping[str, Any], key: str, step: int = 0, *, most: int = _TEXT_MAX) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self._fail(key, _("{key} must be a text, in quotation marks.").format(key=key), step)
        text = " ".join(value.split())
        if len(text) > most:
            over = _("{key} has {length} characters; at most {most} fit.")
            self._fail(key, over.format(key=key, length=len(text), most=most), step)
        return text

    def _one_of(self, table: Mapping[str, Any], key: str, known: Iterable[str], step: int = 0) -> str:
        value = table.get(key)
        if not isinstance(value, str) or value not in known:
            self._fail(key, unknown_value_sentence(key, value, known), step)
        return value

    def _require_known(self, table: Mapping[str, Any], kind: type, step: int) -> None:
        names = [field.name for field in fields(kind)]
        for key in table:
            if key not in names:
                self._fail(key, unknown_value_sentence(_("The key"), key, names), step)

    def _fail(self, key: str, sentence: str, step: int = 0) -> NoReturn:
        raise ScenarioError(self._line_number(key, step), sentence)

    def _line_number(self, key: str, step: int = 0) -> int:
        """The line of a key, or the first line of its table if the key is missing."""
        places = ((step, key), (step, ""), (0, "steps"))
        return next((self._lines[place] for place in places if place in self._lines), 1)


def _parse_toml(text: str) -> dict[str, Any]:
    """The content of the file. Raises `ScenarioError` if it is not TOML."""
    try:
        return parse_toml(text)
    except NotToml as error:
        told = _("This is not TOML, the format of this file: {reason}.").format(reason=error.reason)
        raise ScenarioError(error.line, told if error.reason else _("This is nested too deeply.")) from None


def _lines_before(lines: Sequence[str], item: str) -> int:
    """The number of lines before the first one that contains `item`, or 0."""
    return next((place for place, line in enumerate(lines) if item in line), 0)
