"""Facilities for everybody, also before sign-up: what a letter costs there, how long it takes, and the rules.

Nothing here is about a person, and each figure is the one that composing and buying use.
"""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from rxconnect.domain.errors import NotFound
from rxconnect.domain.facilities import Opening
from rxconnect.domain.facility_pages import FacilityLine, FacilityPageView
from rxconnect.domain.messages import ANSWER_COST
from rxconnect.domain.money import credits, dollars, price_each
from rxconnect.i18n import _, counted
from rxconnect.models import Facility
from rxconnect.models.sorting import by_name
from rxconnect.services.directory.facilities import get_by_key, place_of, search_with_scores
from rxconnect.services.messages import review_times

_KEY_MAX = 120
# How many facilities the public list shows.
_SHOWN = 20


def page(session: Session, key: str) -> FacilityPageView:
    """The page of the facility with this key. Raises `NotFound`."""
    if not 0 < len(key) <= _KEY_MAX:
        raise NotFound("facility")
    row = get_by_key(session, key)
    assert row.id is not None
    opening = Opening(row.opening)
    place = place_of(row)
    return FacilityPageView(
        id=row.id,
        key=row.key,
        name=row.name,
        kind=row.kind,
        place=place,
        address=[line for line in (row.address, f"{place} {row.zip_code}".strip()) if line],
        is_open=opening is Opening.OPEN,
        opening_label=opening.label,
        opening_tone=opening.tone,
        opening_explanation=opening.explanation,
        price=price_each(row.price_cents),
        costs=_costs(row),
        review_time=review_times.review_time_text(session, row.id) if opening is Opening.OPEN else "",
        ways=_ways(row),
        rules=row.rules,
    )


def lines(session: Session, text: str) -> list[FacilityLine]:
    """Facilities that match `text`, best first; for a text too short to search, those that are open, by name.

    Raises `Invalid` (text) for one that is too long.
    """
    if sum(map(str.isalnum, text)) < 2:
        listed = select(Facility).where(Facility.opening == Opening.OPEN).order_by(by_name(Facility.name)).limit(_SHOWN)
        return [_line(row) for row in session.exec(listed)]
    keys = [match.key for match in search_with_scores(session, text, limit=_SHOWN)]
    rows = {row.key: row for row in session.exec(select(Facility).where(col(Facility.key).in_(keys)))}
    return [_line(rows[key]) for key in keys]


def prices_sentence(session: Session) -> str:
    """What one credit costs, over all facilities that are open: "" if none is."""
    priced = select(func.min(Facility.price_cents), func.max(Facility.price_cents))
    least, most = session.exec(priced.where(Facility.opening == Opening.OPEN)).one()
    if least is None:
        return ""
    if least == most:
        return _("One credit costs {price}, with everything included.").format(price=price_each(least))
    return _("One credit costs from {least} to {most}, depending on the facility, with everything included.").format(
        least=price_each(least), most=price_each(most)
    )


def _line(row: Facility) -> FacilityLine:
    opening = Opening(row.opening)
    is_open = opening is Opening.OPEN
    return FacilityLine(
        key=row.key,
        name=row.name,
        place=place_of(row),
        is_open=is_open,
        opening_label=opening.label,
        opening_tone=opening.tone,
        price=_("{price} a credit").format(price=price_each(row.price_cents)) if is_open else "",
    )


def _costs(row: Facility) -> list[str]:
    """What a letter costs here, sentence by sentence."""
    told = [
        _(
            "A letter costs {credits} for every {characters} characters or part of them. It may have up to {most} characters."
        ).format(credits=credits(1), characters=f"{row.characters_per_credit:,}", most=f"{row.character_limit:,}"),
        _photos(row),
        _("You buy {least} to {most} credits at a time. {least} credits cost {price}. There are no fees.").format(
            least=row.min_credits, most=row.max_credits, price=dollars(row.min_credits * row.price_cents)
        ),
    ]
    if row.reads_on_kiosks:
        told.append(_("You may pay for the answer too: {credits}.").format(credits=credits(ANSWER_COST)))
    return told


def _photos(row: Facility) -> str:
    if not row.most_photos:
        return _("Photos cannot be sent here.")
    most = counted("A letter may have {count} photo.", "A letter may have up to {count} photos.", row.most_photos)
    if not row.photo_credits:
        return " ".join((most, _("They cost nothing.")))
    return " ".join((most, _("Each photo costs {credits}.").format(credits=credits(row.photo_credits))))


def _ways(row: Facility) -> list[str]:
    """How a letter comes to the person, and an answer back."""
    return [
        _("People read their letters on a kiosk, and can answer there.")
        if row.reads_on_kiosks
        else _("Letters are printed and handed over. An answer comes on paper, and staff enter it here."),
        *([_("A new contact waits until staff have accepted it.")] if row.asks_for_contacts else []),
    ]
