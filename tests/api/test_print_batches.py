"""The PDF of a print batch over HTTP: whoever has made too many gets none, and then nobody has seen a letter."""

from __future__ import annotations

from sqlmodel import func, select

from rxconnect import db, routes
from rxconnect.api import downloads
from rxconnect.models import StaffView
from rxconnect.services.accounts import sign_ins
from rxconnect.services.paper import batches
from rxconnect.services.review import review
from tests.services.conftest import pair

__all__ = ["pair"]


def views():
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(StaffView)).one()


def test_a_pdf_that_is_refused_is_no_view_of_its_letters(visitor, pair, printer, monkeypatch):
    monkeypatch.setattr(downloads, "_PDFS_PER_HOUR", 1)
    writer = pair()
    db.write(review.approve, writer.reviewer, writer.send().id)
    batch_id = db.write(batches.create, writer.reviewer, writer.facility_id)
    client = visitor()
    client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, writer.reviewer.account_id))
    address = routes.fill(routes.PRINT_PDF, batch_id)
    assert (client.get(address).status_code, views()) == (200, 1)
    assert (client.get(address).status_code, views()) == (429, 1)
