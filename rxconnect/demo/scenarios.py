"""Scenarios: the steps that a demo session shows. Each is a TOML file, built in (`scenarios/*.toml`) or written by staff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path

from rxconnect import routes
from rxconnect.demo import facts, kiosks, preparations, roster
from rxconnect.demo.world import FAMILIES, staff_with
from rxconnect.domain.accounts import Role
from rxconnect.domain.demo import MOST_STEPS, SCENARIO_MAX, SeatKind
from rxconnect.domain.toml_files import TomlFile, TomlTable, UnusableFile
from rxconnect.i18n import _, number_text

_ROUTES = {value for name, value in vars(routes).items() if name.isupper()}
_CONTROLS = re.compile(r"[a-z][a-z0-9_-]{0,39}( [a-z][a-z0-9_-]{0,39}){0,3}")
# The accounts of seats that a file need not name.
_REVIEWER, _AUDITOR, _AT_KIOSK = "reviewer@example.com", "auditor@example.com", roster.MARCUS.number
# The kinds of seats that can act.
_ACTING = [kind.value for kind in SeatKind if kind.may_drive]
# Pages about one thing, which has a number that a scenario cannot know, and the page where it is found. Others, such as the
# review of a purchase, are reached from the step before.
_FOUND_ON = {
    routes.COMPOSE: routes.COMPOSE_NEW,
    routes.MESSAGE: routes.INBOX,
    routes.THREAD: routes.INBOX,
    routes.RECEIPT: routes.RECEIPTS,
    routes.KIOSK_THREAD: routes.KIOSK_INBOX,
    routes.KIOSK_LETTER: routes.KIOSK_INBOX,
}
_TITLE_MAX, _TEXT_MAX, _LONGEST_MINUTES = 60, 600, 120


@dataclass(frozen=True, slots=True)
class Step:
    """The presenter does `do` and says `say` on the page `at` a route. `mark` is a control's id, `done` a fact's name. A
    step of several presses has an id for each, with spaces between, and the last one that the page shows is marked.

    `seat` is the kind of seat that this needs, "" if any does.

    Sentences are stored as in the file, and translated with `_` when they are shown. So are the title and `about`.
    """

    do: str
    done: str
    say: str = ""
    at: str = ""
    mark: str = ""
    seat: str = ""

    @property
    def page(self) -> str:
        """The address at which somebody begins this step, or "" if no press leads there."""
        page = _FOUND_ON.get(self.at, self.at)
        return "" if "[" in page else page


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, as in its file.

    `family`, `administrator`, `reviewer` and `auditor` are the email addresses of the accounts that the seats act as, and
    `kiosk` is the inmate number of the person at the kiosk.
    """

    title: str
    about: str
    start: str
    minutes: int
    family: str
    administrator: str
    reviewer: str = _REVIEWER
    auditor: str = _AUDITOR
    kiosk: str = _AT_KIOSK
    prepare: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def account_of(self, kind: SeatKind) -> str:
        """The email address of the account that seats of this kind act as, or the inmate number at the kiosk."""
        account: str = getattr(self, kind.account)
        return account


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
    """Parse a scenario's file. Raises `UnusableFile` with the line of the first problem."""
    if len(text) > SCENARIO_MAX:
        raise UnusableFile(1, _("A scenario has at most {most} characters.").format(most=number_text(SCENARIO_MAX)))
    file = TomlFile(text, "steps")
    file.require_known(field.name for field in fields(Scenario))
    return Scenario(
        title=file.sentence("title", most=_TITLE_MAX),
        about=file.sentence("about", most=_TEXT_MAX),
        start=file.one_of("start", [route for route in _ROUTES if "[" not in route and "." not in route]),
        minutes=_minutes(file),
        family=file.one_of("family", FAMILIES),
        administrator=file.one_of("administrator", staff_with(Role.ADMINISTRATOR)),
        reviewer=file.one_of("reviewer", staff_with(Role.REVIEWER), _REVIEWER),
        auditor=file.one_of("auditor", staff_with(Role.AUDITOR), _AUDITOR),
        kiosk=file.one_of("kiosk", kiosks.NUMBERS, _AT_KIOSK),
        prepare=tuple(_preparations(file, text)),
        steps=tuple(_steps(file)),
    )


def _minutes(file: TomlFile) -> int:
    value = file.values.get("minutes")
    if type(value) is not int or not 1 <= value <= _LONGEST_MINUTES:
        most = _LONGEST_MINUTES
        file.fail("minutes", _("minutes must be a whole number from 1 to {most}.").format(most=most))
    return value


def _preparations(file: TomlFile, text: str) -> Iterator[str]:
    items = file.values.get("prepare", [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        file.fail("prepare", _('prepare must be a list of texts, like ["location: cedar-ridge"].'))
    for item in items:
        if problem := preparations.line_problem(item):
            line = file.line_of("prepare")
            raise UnusableFile(line + _lines_before(text.splitlines()[line - 1 :], item), problem)
        yield item


def _steps(file: TomlFile) -> Iterator[Step]:
    awaited: set[str] = set()
    for table in file.tables("steps", most=MOST_STEPS):
        table.require_known(field.name for field in fields(Step))
        step = Step(
            do=table.sentence("do", most=_TEXT_MAX),
            done=table.one_of("done", facts.FACTS),
            say=table.sentence("say", most=_TEXT_MAX) if "say" in table else "",
            at=table.one_of("at", _ROUTES, ""),
            mark=_mark(table),
            seat=table.one_of("seat", _ACTING, ""),
        )
        if step.done in awaited:
            text = _("Another step is done by “{fact}” already, so both would be ticked off at once.")
            table.fail("done", text.format(fact=step.done))
        awaited.add(step.done)
        yield step


def _mark(table: TomlTable) -> str:
    mark = table.values.get("mark", "")
    if not isinstance(mark, str) or (mark and not _CONTROLS.fullmatch(mark)):
        text = _(
            "mark must be the id of a control: small letters, digits, - and _, and a letter first. Several have a space between."
        )
        table.fail("mark", text)
    return mark


def _lines_before(lines: Sequence[str], item: str) -> int:
    """The number of lines before the first one that contains `item`, or 0."""
    return next((place for place, line in enumerate(lines) if item in line), 0)
