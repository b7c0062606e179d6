"""Rules: what the facility has published about letters and replies, in plain words."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import InsideRules
from rxconnect.domain.messages import Reason
from rxconnect.domain.own_texts import own_texts, reason_text
from rxconnect.i18n import _
from rxconnect.services.inside.people import here
from rxconnect.services.messages import review_times


def mine(session: Session, actor: Actor) -> InsideRules:
    """The rules of the facility where the person is."""
    facility = here(session, actor).facility
    assert facility.id is not None
    return InsideRules(
        facility=facility.name,
        rules=own_texts(facility, facility.rules),
        reasons=[
            (reason.label, reason_text(facility, facility.reason_texts.get(reason, ""), reason)) for reason in Reason
        ],
        reading=_(
            "Staff may read every letter to you and every reply from you. They cannot read what you and a verified lawyer "
            "write to each other, unless two administrators agree to open one; you then see that with the letter."
        ),
        review_time=review_times.review_time(session, facility.id),
        opened=_("Families see when you opened their letter.")
        if facility.shows_opened
        else _("Nobody outside sees whether you opened a letter."),
        protest=_(
            "If a letter is not delivered, you get a notice that says why. You can protest once, within 10 days. Somebody "
            "who did not make the decision reads it again."
        ),
    )
