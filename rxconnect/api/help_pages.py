"""The page of the help that says what it costs: the server fills in the prices of now, before any script has loaded."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.forms import Filling, filled_page
from rxconnect.services.public import facility_pages


def help_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The routes of the pages of the help that the server fills."""
    return [filled_page(routes.HELP_COST, pages, app, _prices)]


def _prices(_request: Request) -> Filling:
    return Filling(slots={"help-prices": db.read(facility_pages.prices_sentence)})
