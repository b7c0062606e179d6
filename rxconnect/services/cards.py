"""Stored cards: listed, corrected, and kept after a payment. Only the processor ever knows a number."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import cards
from rxconnect.domain.accounts import Actor
from rxconnect.domain.cards import CardView
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.models import Card
from rxconnect.payments.port import CardDetails
from rxconnect.services import processor


def my_cards(session: Session, actor: Actor) -> list[CardView]:
    """The actor's stored cards, the default first, then the newest."""
    rows = session.exec(
        select(Card)
        .where(Card.account_id == actor.account_id, col(Card.removed_at).is_(None))
        .order_by(col(Card.is_default).desc(), col(Card.id).desc())
    )
    return [_view(card) for card in rows]


def own(session: Session, actor: Actor, card_id: int) -> Card:
    """The actor's stored card of this id, locked until the transaction ends. Raises `NotFound`."""
    card = session.exec(
        select(Card)
        .where(Card.id == card_id, Card.account_id == actor.account_id, col(Card.removed_at).is_(None))
        .with_for_update()
    ).one_or_none()
    if card is None:
        raise NotFound("card")
    return card


def edit(actor: Actor, card_id: int, *, expiry: str, postcode: str) -> CardView:
    """Correct a stored card's expiry date and billing ZIP code, at the processor first and then here.

    Opens its own transactions, none of them around the processor. Raises `Invalid` with `expiry` or `postcode`,
    `NotFound`, and `CardRefused` when the processor does not answer.
    """
    token = db.read(own, actor, card_id).token
    problems = {"expiry": cards.expiry_problem(expiry), "postcode": cards.postcode_problem(postcode)}
    if any(problems.values()):
        raise Invalid(**{field: problem for field, problem in problems.items() if problem})
    month, year = cards.read_expiry(expiry)
    with processor.asked():
        processor.current().update_card(token, expiry_month=month, expiry_year=year, postcode=postcode.strip())
    return db.write(_correct, actor, card_id, (month, year), postcode.strip())


def keep(session: Session, account_id: int, token: str, details: CardDetails) -> None:
    """Store a card that has just paid. The same card is not stored twice; the first one becomes the default."""
    stored = session.exec(select(Card).where(Card.account_id == account_id, col(Card.removed_at).is_(None))).all()
    if any(_is_same(card, details) for card in stored):
        return
    session.add(
        Card(
            account_id=account_id,
            token=token,
            brand=details.brand,
            last_four=details.last_four,
            expiry_month=details.expiry_month,
            expiry_year=details.expiry_year,
            postcode=details.postcode,
            is_default=not stored,
        )
    )


def _correct(session: Session, actor: Actor, card_id: int, expires: tuple[int, int], postcode: str) -> CardView:
    card = own(session, actor, card_id)
    card.expiry_month, card.expiry_year = expires
    card.postcode = postcode
    session.flush()
    return _view(card)


def _is_same(card: Card, details: CardDetails) -> bool:
    return (card.brand, card.last_four, card.expiry_month, card.expiry_year) == (
        details.brand,
        details.last_four,
        details.expiry_month,
        details.expiry_year,
    )


def _view(card: Card) -> CardView:
    assert card.id is not None
    return CardView(
        id=card.id,
        brand=card.brand,
        last_four=card.last_four,
        label=cards.label(card.brand, card.last_four),
        expiry=cards.expiry_text(card.expiry_month, card.expiry_year),
        postcode=card.postcode,
        is_expired=cards.is_expired(card.expiry_month, card.expiry_year),
        is_default=card.is_default,
    )
