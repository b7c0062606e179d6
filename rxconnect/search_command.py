"""The `rxconnect search` commands, for operators, and in batch mode for other programs."""

from __future__ import annotations

import gc
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, ValidationError

from rxconnect import db, serve
from rxconnect.domain.errors import BadCommand, NotFound, RxConnectError
from rxconnect.domain.inmates import MAX_DEPTH, InmateQuery
from rxconnect.domain.text import snippet
from rxconnect.serve import CannotStart
from rxconnect.services.directory import facilities, lookups
from rxconnect.terminal import print_table, sentence

Results = list[dict[str, Any]]
Limit = Annotated[int, typer.Option(help=f"How many to show, at most {MAX_DEPTH}.", min=1, max=MAX_DEPTH)]
Batch = Annotated[
    bool, typer.Option("--batch", help="Read JSON lines from standard input, and write one line for each.")
]

app = typer.Typer(help="Look up people and facilities.", no_args_is_help=True)

# Other programs may send null for an empty text, and a number without quotes.
_Text = Annotated[
    str, BeforeValidator(lambda value: "" if value is None else str(value) if type(value) is int else value)
]
_LIMIT = 20
_Limit = Annotated[
    int,
    BeforeValidator(lambda limit: _LIMIT if limit is None else limit),
    Field(ge=1),
    AfterValidator(lambda limit: min(limit, MAX_DEPTH)),
]


class _Identified(BaseModel):
    """The id of a line, which its answer repeats, so that the caller can match them."""

    id: str | int | FiniteFloat | bool | None = None


class _Question(_Identified):
    """A query on one line of standard input."""

    limit: _Limit = _LIMIT


class _InmateQuestion(_Question):
    facility: _Text = ""
    state: _Text = ""
    number: _Text = ""
    first: _Text = ""
    last: _Text = ""
    born: _Text = ""


class _FacilityQuestion(_Question):
    q: _Text
    state: _Text = ""


@app.command(name="inmates")
def search_inmates(
    first: Annotated[str, typer.Option(help="First name, or its beginning.")] = "",
    last: Annotated[str, typer.Option(help="Last name, or its beginning.")] = "",
    number: Annotated[str, typer.Option(help="Inmate number, or its beginning.")] = "",
    born: Annotated[str, typer.Option(help="Year of birth, or age. It decides who comes first.")] = "",
    facility: Annotated[str, typer.Option(help="The key of a facility. Without it, search everywhere.")] = "",
    state: Annotated[str, typer.Option(help="Only in this state, when no facility is given.")] = "",
    limit: Limit = _LIMIT,
    batch: Batch = False,
) -> None:
    """Find people, also by misspelled or incomplete names and nicknames."""
    if batch:
        return _answer_lines(_InmateQuestion, _find_inmates)
    serve.migrate()
    question = _InmateQuestion(
        first=first, last=last, number=number, born=born, facility=facility, state=state, limit=limit
    )
    print_table(_find_inmates(question), when_empty="Nobody matches that.")
    return None


@app.command(name="facilities")
def search_facilities(
    q: Annotated[str, typer.Argument(help="The name as people say it, or the place.", show_default=False)] = "",
    state: Annotated[str, typer.Option(help="Only in this state (code or name).")] = "",
    limit: Limit = _LIMIT,
    batch: Batch = False,
) -> None:
    """Find facilities by name, abbreviation, place or ZIP code."""
    if batch:
        return _answer_lines(_FacilityQuestion, _find_facilities)
    serve.migrate()
    question = _FacilityQuestion(q=q, state=state, limit=limit)
    print_table(_find_facilities(question), when_empty="No facility matches that.")
    return None


@contextmanager
def suggesting_facilities(key: str) -> Iterator[None]:
    """Add suggestions of similar keys to an error about an unknown facility."""
    try:
        yield
    except NotFound:
        near = ", ".join(db.read(facilities.suggest_keys, key))
        hint = f"Did you mean {near}?" if near else "`rxconnect search facilities` helps to find it."
        raise BadCommand(f"facility: there is none with the key {snippet(key)}. {hint}") from None


def _find_inmates(question: _InmateQuestion) -> Results:
    query = InmateQuery(
        question.number, question.first, question.last, not question.facility, question.state, question.born
    )
    with suggesting_facilities(question.facility):
        found = db.read(lookups.find_inmates, query, question.facility, limit=question.limit)
    return [asdict(row) for row in found]


def _find_facilities(question: _FacilityQuestion) -> Results:
    found = db.read(facilities.search_with_scores, question.q, state=question.state, limit=question.limit)
    return [match._asdict() for match in found]


def _answer_lines(kind: type[_Question], find: Callable[[Any], Results]) -> None:
    """Write a line for every input line at once: `{"id", "ms", "results"}`, or `{"id", "error"}` for one that fails."""
    if sys.stdin is None or sys.stdout is None:
        raise CannotStart("--batch reads standard input and writes standard output, and one of the two is closed.")
    serve.migrate()
    lookups.warm_search()
    # As in a worker (`jobs.py`): each pass of the garbage collector over what stays would hold up one search in two thousand
    # for a tenth of a second.
    gc.freeze()
    for line in filter(str.strip, _input_lines()):
        sys.stdout.write(json.dumps(_answer(line, kind, find), separators=(",", ":")) + "\n")
        sys.stdout.flush()


def _input_lines() -> Iterable[str]:
    return (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)


def _answer(line: str, kind: type[_Question], find: Callable[[Any], Results]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        question = kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        return {"id": _id_of(line), "error": f"{where}: {first['msg']}" if where else str(first["msg"])}
    try:
        results = find(question)
    except RxConnectError as error:
        return {"id": question.id, "error": sentence(error)}
    except Exception:
        # An error in one line, even one of the database, must not stop the lines after it.
        traceback.print_exc()
        return {"id": question.id, "error": "This could not be answered; what happened is on standard error."}
    return {"id": question.id, "ms": round((time.perf_counter() - started) * 1000, 3), "results": results}


def _id_of(line: str) -> Any:
    """The id of an invalid line; None if it has none."""
    try:
        return _Identified.model_validate(json.loads(line)).id
    except (ValueError, RecursionError):
        return None
