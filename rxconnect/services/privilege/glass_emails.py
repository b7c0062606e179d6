"""Emails about the opening of a privileged letter: to auditors and administrators, and to the lawyer.

They hold facts and times alone.
"""

from __future__ import annotations

from sqlmodel import Session

from rxconnect import i18n, routes
from rxconnect.domain import dates
from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _
from rxconnect.models import BreakGlass, Facility, Message
from rxconnect.services.audit.auditors import auditors_and_administrators
from rxconnect.services.messages import message_emails
from rxconnect.services.notices import emails


def tell_staff_of_asking(session: Session, request: BreakGlass) -> None:
    """Tell auditors and administrators that an administrator asks to open a letter."""
    facility, link = session.get_one(Facility, request.facility_id), routes.absolute_url(routes.PRIVILEGED)
    sent = _sent(session, request, facility)
    for reader in auditors_and_administrators(session, request.facility_id):
        with i18n.using_language(reader.language):
            subject = _("Somebody asks to open a privileged letter at {facility}").format(facility=facility.name)
            body = _(
                "Hello,\n\n"
                "An administrator of {facility} asks to open letter {number}, a privileged letter of {sent}. Another "
                "administrator must agree first. The reason is here:\n\n"
                "{link}"
            ).format(facility=facility.name, number=request.message_id, sent=sent, link=link)
            emails.queue(session, reader.email, subject, body)


def tell_staff_of_opening(session: Session, request: BreakGlass) -> None:
    """Tell auditors and administrators that two of these have opened a letter."""
    facility, link = session.get_one(Facility, request.facility_id), routes.absolute_url(routes.PRIVILEGED)
    sent, until = _sent(session, request, facility), _until(request, facility)
    for reader in auditors_and_administrators(session, request.facility_id):
        with i18n.using_language(reader.language):
            subject = _("A privileged letter was opened at {facility}").format(facility=facility.name)
            body = _(
                "Hello,\n\n"
                "Two administrators of {facility} have opened letter {number}, a privileged letter of {sent}. One of them may "
                "read it until {until}. Each look at it is in the audit. The reason, and both names, are here:\n\n"
                "{link}"
            ).format(facility=facility.name, number=request.message_id, sent=sent, until=until, link=link)
            emails.queue(session, reader.email, subject, body)


def tell_lawyer(session: Session, request: BreakGlass) -> None:
    """Tell the lawyer that the letter was opened. What they do about it is theirs to decide."""
    message = session.get_one(Message, request.message_id)
    until = _until(request, session.get_one(Facility, request.facility_id))
    message_emails.email_family(session, message, NoticeKind.LAWYER, lambda _name: _lawyers_email(until))


def _lawyers_email(until: str) -> tuple[str, str]:
    return _("A privileged letter of yours was opened"), _(
        "Two administrators of the facility agreed that one of them may read it until {until}. The facility's auditors and "
        "administrators were told, and have the reason. Sign in to see which letter it is, and how often it was seen:"
    ).format(until=until)


def _sent(session: Session, request: BreakGlass, facility: Facility) -> str:
    return dates.day_and_time(session.get_one(Message, request.message_id).created_at, facility.time_zone)


def _until(request: BreakGlass, facility: Facility) -> str:
    return dates.day_and_time(request.open_until, facility.time_zone) if request.open_until else ""
