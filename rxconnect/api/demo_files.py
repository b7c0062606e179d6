"""Downloads of demo sessions: the summary as a PDF, the world as a file, and examples of scenarios, letters and rosters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.callers import address_of
from rxconnect.api.cookies import led_token
from rxconnect.api.downloads import CSV, PDF, File, Make, count_pdf, download
from rxconnect.demo import judges, letter_files, sample_roster, scenarios, seat_tokens, sessions, summaries
from rxconnect.documents.demos import roster_csv, summary_pdf
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import NotFound
from rxconnect.services.accounts import throttle

# Packing a world takes a third of a second.
_WORLDS_PER_HOUR = 30
_BYTES = "application/octet-stream"
_TOML = "application/toml; charset=utf-8"


def _find_summary(request: Request) -> Make:
    summary = db.read(summaries.summary, request.path_params["number"])
    count_pdf(address_of(request))
    return lambda: File(f"RxConnect-demo-{summary.number}.pdf", PDF, summary_pdf(summary))


def _find_world(request: Request) -> Make:
    """The trainer's file of a session that goes on."""
    seat: Seat | None = request.scope.get("seat")
    if seat is None or not seat.is_trainer:
        raise NotFound("world")
    return _world_file(seat.session_id, lambda: sessions.take_world(seat))


def _find_world_of_ended(request: Request) -> Make:
    led = seat_tokens.led_session(led_token(request.headers))
    number = request.path_params["number"]
    if not led:
        raise NotFound("world")
    return _world_file(led, lambda: sessions.take_world_of_ended(number, led))


def _world_file(session_id: int, take: Callable[[], tuple[str, bytes]]) -> Make:
    db.write(throttle.count_attempt, "world file", str(session_id), _WORLDS_PER_HOUR, timedelta(hours=1))

    def make() -> File:
        name, content = take()
        return File(name, _BYTES, content)

    return make


def _find_scenario(request: Request) -> Make:
    key = request.path_params["key"]
    text = scenarios.texts().get(key)
    if text is None:
        raise NotFound("scenario")
    return lambda: File(f"RxConnect-{key}.toml", _TOML, text.encode())


def _find_letters(request: Request) -> Make:
    seat = request.scope.get("seat")
    if seat is None:
        raise NotFound("letters")
    db.read(judges.require_may_see_answers, seat)
    return lambda: File("RxConnect-letters.toml", _TOML, letter_files.built_in().encode())


def _find_roster(request: Request) -> Make:
    seat = request.scope.get("seat")
    if seat is None or not seat.is_trainer:
        raise NotFound("roster")
    return lambda: File("invented-people.csv", CSV, roster_csv(sample_roster.sample(seat)))


ROUTES = [
    Route(routes.starlette_pattern(routes.DEMO_SUMMARY_PDF), download(_find_summary)),
    Route(routes.DEMO_WORLD, download(_find_world)),
    Route(routes.starlette_pattern(routes.DEMO_SUMMARY_WORLD), download(_find_world_of_ended)),
    Route(routes.starlette_pattern(routes.DEMO_SCENARIO), download(_find_scenario)),
    Route(routes.DEMO_LETTERS, download(_find_letters)),
    Route(routes.DEMO_ROSTER, download(_find_roster)),
]
