"""Emails to lawyers: whether they are verified, and that a verification has ended."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from rxconnect import routes
from rxconnect.domain import dates
from rxconnect.domain.lawyers import LawyerState
from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _
from rxconnect.models import Account, Facility, Lawyer
from rxconnect.services.notices.notices import notify


def tell(session: Session, row: Lawyer) -> None:
    """Email the lawyer what a request or a verification has become. It had a verified address when it was asked for."""
    account, facility = session.get_one(Account, row.account_id), session.get_one(Facility, row.facility_id)

    def wording() -> tuple[str, str]:
        subject, sentences = _wording(row, facility)
        body = _("Hello {name},\n\n{sentences}\n\n{link}\n\nWarm regards,\nRxConnect\n").format(
            name=account.name, sentences=sentences, link=routes.absolute_url(routes.PROFILE)
        )
        return subject, body

    notify(session, account, NoticeKind.LAWYER, wording, path=routes.PROFILE)


def _wording(row: Lawyer, facility: Facility) -> tuple[str, str]:
    name = facility.name
    if row.state == LawyerState.VERIFIED and row.ends_at:
        last = dates.day_and_year(row.ends_at - timedelta(minutes=1), facility.time_zone)
        return _("You are verified as a lawyer"), _(
            "From now on until {day}, staff at {facility} cannot read letters between you and people there. Only two "
            "administrators together may open one, with a reason, and you are told then. The page on which you write says so. "
            "After that day, new letters are ordinary again. You can ask to be verified again:"
        ).format(day=last, facility=name)
    if row.state == LawyerState.REFUSED:
        return _("You are not verified as a lawyer"), _(
            "Staff at {facility} can read your letters, as before. The reason given: {reason} You can ask again:"
        ).format(facility=name, reason=_sentence(row.reason))
    why = _("The reason given: {reason}").format(reason=_sentence(row.reason)) if row.reason else ""
    told = _(
        "Staff at {facility} can read letters that you write from now on. Letters that were sent before stay privileged. "
        "You can ask to be verified again:"
    ).format(facility=name)
    return _("Your verification as a lawyer has ended"), " ".join(filter(None, (why, told)))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
