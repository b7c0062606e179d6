"""Privileged letters as a PDF: each is a cover sheet without the sender's name or a word of the letter, and then its pages."""

from __future__ import annotations

from collections.abc import Iterator

from rxconnect.documents.paper import Html, document, facts_table, figure, page_count, pdf, tag
from rxconnect.domain.privilege import SealedLetter
from rxconnect.i18n import _


def sealed_letters_pdf(letters: list[SealedLetter]) -> bytes:
    """Print letters. Raises `CannotPrint`."""
    return pdf(sealed_letters_html(letters))


def sealed_letters_html(letters: list[SealedLetter]) -> Html:
    """The letters' HTML for print. The title of the file says nothing of them. Raises `CannotPrint`."""
    return document(_("Privileged letters"), *_sheets(letters))


def _sheets(letters: list[SealedLetter]) -> Iterator[Html]:
    for place, letter in enumerate(letters):
        # Without the page with the letterhead, before which no letter begins.
        pages = page_count(document(_("Privileged letters"), _letter(letter))) - 1
        yield _cover(letter, pages, is_first=place == 0)
        yield _letter(letter)


def _cover(letter: SealedLetter, pages: int, *, is_first: bool) -> Html:
    return tag(
        "section",
        tag("h1" if is_first else "h2", _("Privileged legal mail")),
        tag("p", _("Do not read. Do not copy. Hand over sealed."), class_="lead status"),
        facts_table(
            (_("For"), letter.person),
            (_("Number"), letter.number),
            (_("Housing unit"), letter.housing or _("None")),
            (_("Letter"), str(letter.message_id)),
            (_("Pages, without this one"), str(pages)),
        ),
        tag(
            "p",
            _(
                "Count the pages face down, put them into an envelope, and fasten this sheet to its outside. The envelope is "
                "opened by this person, or in front of them. Each printing is recorded, and the sender sees it."
            ),
            class_="note",
        ),
        tag("p", _("Received, sealed (date and signature):"), class_="note"),
        class_="sheet" if is_first else "sheet new-sheet",
    )


def _letter(letter: SealedLetter) -> Html:
    return tag(
        "section",
        # No bookmark, since a reader of PDFs lists these beside the pages.
        tag("h2", letter.subject or _("Letter"), class_="not-listed"),
        tag("p", _("For {name}, {number}").format(name=letter.person, number=letter.number), class_="muted lead"),
        tag("p", _("From {name}, {day}").format(name=letter.sender, day=letter.sent), class_="muted"),
        tag("p", letter.body, class_="letter"),
        *(figure(photo) for photo in letter.photos),
        class_="sheet new-sheet",
    )
