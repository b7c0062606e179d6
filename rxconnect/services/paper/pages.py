"""The pages of a print batch: its letters and notices, sorted by housing unit, cell and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.housing import unit_of
from rxconnect.domain.messages import Direction, Reason
from rxconnect.domain.print_batches import Handover, PrintedPage
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Inmate, Message, Notice, PrintBatch, PrintPage
from rxconnect.services.messages import deliveries
from rxconnect.services.photos import serving
from rxconnect.services.review import desk


def batch_pages(session: Session, actor: Actor, batch: PrintBatch, zone: str, *, for_print: bool) -> list[PrintedPage]:
    """A batch's pages. Only `for_print` they have the text of the letters, and their photos."""
    pages = session.exec(select(PrintPage).where(PrintPage.batch_id == batch.id)).all()
    found = [*_letters(session, actor, pages, zone, for_print=for_print), *_notices(session, pages, zone)]
    return sorted(found, key=lambda page: (page.unit, page.housing, page.person, page.message_id == 0, page.id))


def _letters(
    session: Session, actor: Actor, pages: Sequence[PrintPage], zone: str, *, for_print: bool
) -> list[PrintedPage]:
    by_message = {page.message_id: page for page in pages if page.message_id}
    rows = session.exec(
        select(Message, Inmate, Account.name)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Account, col(Account.id) == Message.account_id)
        .where(desk.is_letter(actor), col(Message.id).in_(by_message))
    ).all()
    wordless = deliveries.without_words(session, by_message.keys())
    photos = serving.to_print(session, [one for one in by_message if one]) if for_print else {}

    def page(message: Message, person: Inmate, sender: str) -> PrintedPage:
        text = message.body if for_print else ""
        made = _page(by_message[message.id or 0], person, sender, zone, message, text)
        if message.id in wordless:
            made = replace(made, subject=_("Letter"), text=_("The words of this letter were not delivered."))
        return replace(made, photos=photos.get(message.id or 0, []))

    return [page(*row) for row in rows]


def _notices(session: Session, pages: Sequence[PrintPage], zone: str) -> list[PrintedPage]:
    by_notice = {page.notice_id: page for page in pages if page.notice_id}
    rows = session.exec(
        select(Notice, Message, Inmate, Account.name)
        .join(Message, col(Message.id) == Notice.message_id)
        .join(Inmate, col(Inmate.id) == Notice.inmate_id)
        .join(Account, col(Account.id) == Message.account_id)
        .where(col(Notice.id).in_(by_notice))
    ).all()
    return [
        _page(by_notice[notice.id or 0], person, sender, zone, message, notice_text(notice, message, sender, zone))
        for notice, message, person, sender in rows
    ]


def notice_text(notice: Notice, message: Message, sender: str, zone: str) -> str:
    """The wording of a notice: from whom, when, why, and how to protest. It quotes nothing of the letter."""
    sent = dates.day_and_year(message.created_at, zone)
    what = _what_happened(notice, is_reply=message.direction == Direction.INCOMING)
    reason = Reason(notice.reason) if notice.reason else None
    parts = [what.format(sender=sender, day=sent)]
    if reason:
        parts.append(
            _("The reason: {reason}. {rule}").format(reason=reason.label, rule=notice.rule_text or reason.rule)
        )
    parts.append(
        _(
            "You may protest against this decision, in writing, to the mail room of this facility. "
            "Somebody who did not make the decision will answer."
        )
    )
    if message.direction == Direction.OUTGOING:
        parts.append(_("The sender was told as well, and may appeal."))
    return "\n\n".join(parts)


def _what_happened(notice: Notice, *, is_reply: bool) -> str:
    if is_reply:
        return _("Your reply to {sender} of {day} was not delivered.")
    if notice.is_partial:
        return _("A part of a letter to you from {sender}, sent on {day}, was not delivered.")
    return _("A letter to you from {sender}, sent on {day}, was not delivered.")


def _page(page: PrintPage, person: Inmate, sender: str, zone: str, message: Message, text: str) -> PrintedPage:
    assert page.id is not None
    is_notice = page.notice_id is not None
    return PrintedPage(
        id=page.id,
        message_id=0 if is_notice else message.id or 0,
        person=person.full_name,
        number=person.number,
        unit=unit_of(person.housing),
        housing=person.housing,
        sender=sender,
        subject=_("A letter was not delivered") if is_notice else message.subject,
        text=text,
        sent=dates.day_and_year(message.created_at, zone),
        handover=page.handover,
        handover_label=Handover(page.handover).label,
    )
