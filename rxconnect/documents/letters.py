"""A family's letters as a PDF: the words, the photos, and what became of each. No buttons, and nothing else of the page."""

from __future__ import annotations

from rxconnect.documents.paper import Html, document, figure, pdf, tag
from rxconnect.domain.letter_exports import ExportedConversation, ExportedLetter
from rxconnect.i18n import _


def letter_pdf(letter: ExportedLetter) -> bytes:
    """Print one letter. Raises as `paper.pdf`."""
    return pdf(letter_html(letter))


def letter_html(letter: ExportedLetter) -> Html:
    """The letter's HTML for print."""
    title = letter.message.subject or _("Letter")
    return document(title, tag("h1", title), *_parts(letter))


def conversation_pdf(conversation: ExportedConversation) -> bytes:
    """Print a conversation. Raises as `paper.pdf`."""
    return pdf(conversation_html(conversation))


def conversation_html(conversation: ExportedConversation) -> Html:
    """The conversation's HTML for print, the oldest letter first."""
    title = _("Letters with {name}").format(name=conversation.name)
    shown = len(conversation.letters)
    about = [tag("p", f"{conversation.number} · {conversation.facility}", class_="muted lead")]
    if shown < conversation.total:
        sentence = _("These are the newest {shown} of {total} letters. The archive has all of them.")
        about.append(tag("p", sentence.format(shown=shown, total=conversation.total), class_="note"))
    if not shown:
        about.append(tag("p", _("There is no letter yet."), class_="note"))
    letters = (
        tag("section", tag("h2", letter.message.subject or _("Letter")), *_parts(letter))
        for letter in conversation.letters
    )
    return document(title, tag("h1", title), *about, *letters)


def _parts(letter: ExportedLetter) -> list[Html]:
    message = letter.message
    names = _("From {sender} to {recipient}").format(sender=message.from_name, recipient=message.to_name)
    parts = [tag("p", f"{names} · {message.at}", class_="muted lead")]
    if message.is_privileged:
        parts.append(tag("p", _("Privileged: between a lawyer and a client."), class_="status"))
    if message.status_label:
        parts.append(tag("p", f"{message.status_label} · {message.cost}", class_="muted"))
    return [*parts, tag("p", message.body, class_="letter"), *(figure(photo) for photo in letter.photos)]
