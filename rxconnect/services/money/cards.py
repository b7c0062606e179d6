"""Stored cards: list, add, edit and remove them, or store one after a payment. Only the processor has card numbers."""

from __future__ import annotations

from sqlmodel import Session, col, select, update

from rxconnect import db
from rxconnect.domain import cards, clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.auto_reloads import Pause
from rxconnect.domain.cards import CardView
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.problems import Problem, fields_with_problems
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.models import Account, AutoReload, Card, Facility, Purchase
from rxconnect.models.sorting import by_name
from rxconnect.payments.port import CardDetails, UnknownToken
from rxconnect.services.money import customers, processor

# More cards than a family has. The limit stops a hostile client from storing cards without end.
CARDS_MAX = 20


def my_cards(session: Session, actor: Actor) -> list[CardView]:
    """The actor's stored cards, the default first, then the newest."""
    return [_view(session, card) for card in _cards_of(session, actor.account_id)]


def get_locked(session: Session, actor: Actor, card_id: int) -> Card:
    """The actor's stored card of this id, locked until the transaction ends. Raises `NotFound`."""
    card = session.exec(
        select(Card)
        .where(Card.id == card_id, Card.account_id == actor.account_id, col(Card.removed_at).is_(None))
        .with_for_update()
    ).one_or_none()
    if card is None:
        raise NotFound("card")
    return card


def add(actor: Actor, payment_token: str) -> CardView:
    """Store the card behind a token of the processor's form, without buying anything.

    A card that is stored already stays unchanged. Opens its own transactions, none of them around the processor. Raises
    `Invalid` with `form`, `NotAllowed`, and `CardRefused` when the processor does not answer.
    """
    if not actor.may(Permission.BUY_CREDITS):
        raise NotAllowed
    with processor.translated_errors():
        details = processor.current().describe(payment_token)
        known = db.read(_stored_card_like, actor, details)
        if known:
            return known
        token = processor.current().store_card(payment_token, customers.customer_of(actor.account_id))
        try:
            return db.write(_add, actor, token, details)
        finally:
            delete_unless_stored(token)


def edit(actor: Actor, card_id: int, *, expiry: str, postcode: str) -> CardView:
    """Correct a stored card's expiry date and billing ZIP code, at the processor first and then here.

    Opens its own transactions, none of them around the processor. Raises `Invalid` with `expiry` or `postcode`,
    `NotFound`, and `CardRefused` when the processor does not answer.
    """
    token = db.read(_token_of, actor, card_id)
    if wrong := fields_with_problems(expiry=cards.expiry_problem(expiry), postcode=cards.postcode_problem(postcode)):
        raise Invalid(**wrong)
    month, year = cards.read_expiry(expiry)
    with processor.translated_errors():
        processor.current().update_card(token, expiry_month=month, expiry_year=year, postcode=postcode.strip())
    return db.write(_store_correction, actor, card_id, (month, year), postcode.strip())


def make_default(session: Session, actor: Actor, card_id: int) -> None:
    """Make this the card that is offered first. Raises `NotFound`."""
    get_locked(session, actor, card_id)
    _set_only_default(session, actor.account_id, card_id)


def remove(actor: Actor, card_id: int) -> None:
    """Delete a card at the processor and take it off the list. Auto-reloads that use it stop.

    Opens its own transactions, none of them around the processor. Raises `NotFound`, and `CardRefused` when the
    processor does not answer: the card then stays.
    """
    token = db.read(_token_of, actor, card_id)
    with processor.translated_errors():
        processor.current().forget_card(token)
    db.write(_remove, actor, card_id)


def find_or_store(session: Session, account_id: int, token: str, details: CardDetails) -> Card | None:
    """The stored card with these details, added with this token if there is none.

    The first card becomes the default. Returns None when the token belongs to a removed card or to another account, and
    when the account is closed: a buyer may close it while a payment waits at their bank, and no card must be stored
    then.
    """
    # The lock keeps two calls from both adding the card, and the account from closing right after the check.
    account = select(Account.closed_at).where(Account.id == account_id)
    if session.exec(account.with_for_update(key_share=True)).one():
        return None
    stored = _cards_of(session, account_id)
    card = next((card for card in stored if _is_same(card, details)), None)
    if card:
        return card
    card = Card(
        account_id=account_id,
        token=token,
        brand=details.brand,
        last_four=details.last_four,
        expiry_month=details.expiry_month,
        expiry_year=details.expiry_year,
        postcode=details.postcode,
        is_default=not stored,
    )
    return card if len(stored) < CARDS_MAX and db.add_once(session, card) else None


def delete_unless_stored(token: str) -> None:
    """Delete a card at the processor that `find_or_store` did not store, such as a second copy.

    Otherwise the family could not remove it later. A token that is stored for any account is not deleted.

    Opens its own transaction. Raises `ProcessorUnavailable`.
    """
    if not db.read(_is_stored, token):
        processor.current().forget_card(token)


def _cards_of(session: Session, account_id: int) -> list[Card]:
    rows = session.exec(
        select(Card)
        .where(Card.account_id == account_id, col(Card.removed_at).is_(None))
        .order_by(col(Card.is_default).desc(), col(Card.id).desc())
    )
    return list(rows)


def _token_of(session: Session, actor: Actor, card_id: int) -> str:
    token = session.exec(
        select(Card.token).where(
            Card.id == card_id, Card.account_id == actor.account_id, col(Card.removed_at).is_(None)
        )
    ).one_or_none()
    if token is None:
        raise NotFound("card")
    return token


def _stored_card_like(session: Session, actor: Actor, details: CardDetails) -> CardView | None:
    """The actor's stored card with these details, if any. Raises `Invalid` when there is no room for another card."""
    stored = _cards_of(session, actor.account_id)
    card = next((card for card in stored if _is_same(card, details)), None)
    if card is None and len(stored) >= CARDS_MAX:
        raise Invalid(form=Problem.TOO_MANY_CARDS(most=CARDS_MAX))
    return _view(session, card) if card else None


def _is_stored(session: Session, token: str) -> bool:
    return session.exec(select(Card.id).where(Card.token == token, col(Card.removed_at).is_(None))).first() is not None


def _add(session: Session, actor: Actor, token: str, details: CardDetails) -> CardView:
    card = find_or_store(session, actor.account_id, token, details)
    if card is None:
        raise UnknownToken
    return _view(session, card)


def _store_correction(
    session: Session, actor: Actor, card_id: int, expires: tuple[int, int], postcode: str
) -> CardView:
    card = get_locked(session, actor, card_id)
    card.expiry_month, card.expiry_year = expires
    card.postcode = postcode
    session.flush()
    return _view(session, card)


def _remove(session: Session, actor: Actor, card_id: int) -> None:
    card = get_locked(session, actor, card_id)
    card.removed_at, was_default, card.is_default = clock.now(), card.is_default, False
    session.flush()
    left = _cards_of(session, actor.account_id)
    if was_default and left:
        left[0].is_default = True
    _stop_using(session, card_id)


def _stop_using(session: Session, card_id: int) -> None:
    """Stop auto-reloads that would charge the card, and send open purchases back to the choice of a card."""
    reloads = (col(AutoReload.card_id) == card_id) & col(AutoReload.is_on)
    session.exec(update(AutoReload).where(reloads).values(is_on=False, paused=Pause.CARD_REMOVED))
    still_open = col(Purchase.status).in_([status for status in PurchaseStatus if status.is_open])
    nothing = {"card_id": None, "payment_token": "", "cvc_token": "", "card_brand": "", "card_last_four": ""}
    session.exec(update(Purchase).where(col(Purchase.card_id) == card_id, still_open).values(**nothing))


def _set_only_default(session: Session, account_id: int, card_id: int) -> None:
    """Make one card the only default, even when two are chosen at once."""
    is_chosen = col(Card.id) == card_id
    session.exec(update(Card).where(col(Card.account_id) == account_id).values(is_default=is_chosen))


def _is_same(card: Card, details: CardDetails) -> bool:
    return (card.brand, card.last_four, card.expiry_month, card.expiry_year) == (
        details.brand,
        details.last_four,
        details.expiry_month,
        details.expiry_year,
    )


def _view(session: Session, card: Card) -> CardView:
    assert card.id is not None
    reloads = session.exec(
        select(Facility.name)
        .join(AutoReload, col(AutoReload.facility_id) == col(Facility.id))
        .where(AutoReload.card_id == card.id, col(AutoReload.is_on))
        .order_by(by_name(Facility.name))
    )
    return CardView(
        id=card.id,
        brand=card.brand,
        last_four=card.last_four,
        label=cards.card_label(card.brand, card.last_four),
        expiry=cards.expiry_text(card.expiry_month, card.expiry_year),
        postcode=card.postcode,
        is_expired=cards.is_expired(card.expiry_month, card.expiry_year),
        is_default=card.is_default,
        reloads=list(reloads),
    )
