"""A print batch as a PDF: for each housing unit a cover sheet, and then every letter and notice on pages of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rxconnect.documents.paper import Html, document, figure, pdf, table, tag
from rxconnect.domain.print_batches import PrintBatchView, PrintedPage
from rxconnect.i18n import _, counted


def print_batch_pdf(batch: PrintBatchView) -> bytes:
    """Print a batch. Raises `CannotPrint`."""
    return pdf(print_batch_html(batch))


def print_batch_html(batch: PrintBatchView) -> Html:
    """The batch's HTML for print."""
    title = _("Print batch {number}, {facility}").format(number=batch.id, facility=batch.facility)
    return document(title, *_sheets(batch, title))


def _sheets(batch: PrintBatchView, title: str) -> Iterator[Html]:
    for place, (unit, pages) in enumerate(groupby(batch.pages, key=lambda page: page.unit)):
        theirs = list(pages)
        yield _cover(batch, title, unit or _("No housing unit"), theirs, is_first=place == 0)
        yield from (_page(page) for page in theirs)


def _cover(batch: PrintBatchView, title: str, unit: str, pages: list[PrintedPage], *, is_first: bool) -> Html:
    """The cover sheet of a housing unit, with a line to sign for each page."""
    rows = [(page.person, page.number, page.housing, _name_of(page), page.sender, "") for page in pages]
    columns = (_("Person"), _("Number"), _("Housing"), _("What"), _("Sender"), _("Handed over"))
    how_many = counted("{count} page to hand over", "{count} pages to hand over", len(pages))
    return tag(
        "section",
        tag("h1", title) if is_first else tag("h2", title),
        tag("p", f"{batch.made} · {batch.made_by}", class_="muted lead"),
        tag("h2", unit),
        tag("p", how_many, class_="muted"),
        table(unit, columns, rows),
        class_="sheet" if is_first else "sheet new-sheet",
    )


def _name_of(page: PrintedPage) -> str:
    """What a list calls a page. It has no word of the letter, so a letter without a subject is only a letter there."""
    return (page.subject or _("Letter")) if page.message_id else _("Notice")


def _page(page: PrintedPage) -> Html:
    to = _("For {name}, {number}").format(name=page.person, number=page.number)
    where = f"{to} · {page.housing}" if page.housing else to
    sender = _("From {name}, {day}").format(name=page.sender, day=page.sent)
    return tag(
        "section",
        tag("h2", page.subject or _("Letter")),
        tag("p", where, class_="muted lead"),
        tag("p", sender, class_="muted"),
        tag("p", page.text, class_="letter"),
        *(figure(photo) for photo in page.photos),
        class_="sheet new-sheet",
    )
