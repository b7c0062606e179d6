"""Downloads of letters: one or a conversation as PDF, and a whole conversation as an archive. An account gets only its own."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import PDF, ZIP, File, Make, count_pdf, download, for_actor
from rxconnect.documents.letter_archives import letter_archive
from rxconnect.documents.letters import conversation_pdf, letter_pdf
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotFound
from rxconnect.domain.letter_exports import file_name
from rxconnect.domain.numbers import whole_number
from rxconnect.services.exports import letter_exports


def _letter(actor: Actor, request: Request) -> Make:
    message_id = _id(request, "message_id", "message")
    letter = db.read(letter_exports.letter, actor, message_id)
    count_pdf(str(actor.account_id))
    name = file_name("letter", letter.message.contact, letter.message.date, "pdf")
    return lambda: File(name, PDF, letter_pdf(letter))


def _conversation(actor: Actor, request: Request) -> Make:
    contact_id = _id(request, "contact_id", "conversation")
    conversation = db.read(letter_exports.conversation, actor, contact_id)
    count_pdf(str(actor.account_id))
    newest = conversation.letters[-1].message.date if conversation.letters else ""
    name = file_name("letters", conversation.name, newest, "pdf")
    return lambda: File(name, PDF, conversation_pdf(conversation))


def _archive(actor: Actor, request: Request) -> Make:
    contact_id = _id(request, "contact_id", "conversation")
    ids = db.read(letter_exports.letter_ids, actor, contact_id)
    count_pdf(str(actor.account_id))
    parts = letter_archive(letter_exports.read_letters(actor, ids))
    return lambda: File(f"RxConnect-letters-{contact_id}.zip", ZIP, parts)


def _id(request: Request, name: str, what: str) -> int:
    found = whole_number(request.path_params[name])
    if found is None:
        raise NotFound(what)
    return found


def _route(path: str, find: Callable[[Actor, Request], Make], page: str, part: str) -> Route:
    endpoint = download(for_actor(ActorKind.FAMILY, find), lambda request: routes.fill(page, request.path_params[part]))
    return Route(routes.starlette_pattern(path), endpoint)


ROUTES = [
    _route(routes.MESSAGE_PDF, _letter, routes.MESSAGE, "message_id"),
    _route(routes.THREAD_PDF, _conversation, routes.THREAD, "contact_id"),
    _route(routes.THREAD_ZIP, _archive, routes.THREAD, "contact_id"),
]
