"""A lawyer's letter over HTTP: of every address of staff, only the sealed PDF holds it, and only for an administrator."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import api, db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.terms import VERSION
from rxconnect.models import Contact, SignIn
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts, messages
from rxconnect.services.paper import batches
from rxconnect.services.privilege import break_glass
from rxconnect.services.screening import submissions
from tests.photographs import add_photo
from tests.printing import inside
from tests.privileged import leaks, privileged_at

SEALED = routes.starlette_pattern(routes.SEALED_PDF)


@pytest.fixture
def client_of(visitor):
    """`client_of(actor)`: a browser in which somebody is signed in."""

    def signed_in(who):
        client = visitor()
        client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, who.account_id))
        return client

    return signed_in


def staff_routes():
    """Every address of staff that a browser can get, from the registry of all modules with routes."""
    modules = (importlib.import_module(f"rxconnect.api.{one.name}") for one in pkgutil.iter_modules(api.__path__))
    found = [route for module in modules for route in getattr(module, "ROUTES", [])]
    return sorted({route.path for route in found if route.path.startswith("/staff") and "GET" in route.methods})


def test_the_registry_of_addresses_is_not_empty():
    assert {routes.AUDIT_CSV, SEALED} <= set(staff_routes())


@pytest.mark.parametrize("role", list(Role))
def test_no_address_gives_staff_a_word_or_a_name(client_of, facility, actor, role, printer):
    theirs = privileged_at(facility())
    client = client_of(actor(role=role, facility_id=theirs.facility_id))
    for path in staff_routes():
        for number in (*theirs.batches, *theirs.letters):
            before, _, rest = path.partition("{")
            address = f"{before}{number}{rest.partition('}')[2]}" if rest else path
            response = client.get(address)
            # The words in a PDF are glyphs, so that the search below finds only its title and bookmarks.
            may_print = path == SEALED and role is Role.ADMINISTRATOR and number == theirs.batches[0]
            if rest:
                assert (response.status_code == 200) == may_print, address
            content = response.content
            assert leaks((inside(content) if content.startswith(b"%PDF") else content).decode(errors="ignore")) == []
            if not rest:
                break


def test_no_ordinary_batch_has_it(facility, actor):
    theirs = privileged_at(facility())
    reviewer = actor(role=Role.REVIEWER, facility_id=theirs.facility_id)
    (ready,) = db.read(batches.ready, reviewer)
    assert (ready.letters, ready.notices) == (0, 0)
    assert leaks(repr(db.read(batches.my_batches, reviewer))) == []


def test_an_administrator_whose_password_is_old_confirms_it_first(client_of, facility):
    theirs = privileged_at(facility())
    client = client_of(theirs.administrator)
    with db.transaction() as session:
        for row in session.exec(select(SignIn)):
            row.password_at -= timedelta(hours=1)
    response = client.get(routes.fill(routes.SEALED_PDF, theirs.batches[0]), follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (
        303,
        f"{routes.STAFF_CONFIRM}?next={routes.PRIVILEGED}",
    )


def test_a_visitor_signs_in_first_and_comes_back_to_the_page(visitor, facility):
    response = visitor().get(routes.fill(routes.SEALED_PDF, privileged_at(facility()).batches[0]))
    assert (response.status_code, response.headers["location"]) == (303, f"{routes.SIGN_IN}?next={routes.PRIVILEGED}")


def test_a_photo_of_an_opened_letter_is_given_to_its_asker_and_to_no_other_staff(client_of, facility, actor):
    theirs = privileged_at(facility())
    draft_id = db.write(drafts.get_or_create_empty, theirs.lawyer, _contact(theirs))
    db.write(drafts.save, theirs.lawyer, draft_id, subject="Pictures", body="Of the scene.")
    add_photo(theirs.lawyer, draft_id)
    message_id = db.write(submissions.send, theirs.lawyer, draft_id, accepted_terms=VERSION)
    address = f"/photos/{db.read(messages.get, theirs.lawyer, message_id).photos[0].key}?size=view"
    second = actor(role=Role.ADMINISTRATOR, facility_id=theirs.facility_id)
    clients = [client_of(one) for one in (theirs.administrator, second)]
    request_id = db.write(break_glass.ask, theirs.administrator, message_id, "A judge has ordered it.")
    db.write(break_glass.agree, second, request_id)
    assert [client.get(address).status_code for client in clients] == [404, 404]
    db.write(break_glass.read, theirs.administrator, request_id)
    given, refused = (client.get(address) for client in clients)
    assert (given.status_code, given.headers["cache-control"]) == (200, "private, no-store")
    assert refused.status_code == 404


def _contact(theirs):
    with db.reading() as session:
        return session.exec(select(Contact.id).where(Contact.account_id == theirs.lawyer.account_id)).one()
