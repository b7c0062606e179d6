"""Stripe behind the port, with its official library: PaymentIntents, and cards stored as PaymentMethods of a Customer.

A payment is made without being confirmed, then confirmed with an idempotency key. Stripe forgets keys after a day or
more. So before we make a refund, we look for one with the same key among the intent's refunds. Intents and customers do
not need that: a second one would never be confirmed or used. Confirmations are never repeated that late: see
`checkout.reconcile`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import stripe
import structlog

from rxconnect.domain.purchases import Failure
from rxconnect.payments import stripe_words as words
from rxconnect.payments.port import (
    About,
    CardDetails,
    DisputeRecord,
    Event,
    ForgedEvent,
    IntentState,
    Outcome,
    PaymentRecord,
    ProcessorUnavailable,
    RefundOutcome,
    RefundState,
    UnknownToken,
)

if TYPE_CHECKING:
    from stripe.params import PaymentIntentConfirmParams

log = structlog.get_logger()

# Seconds to connect, and to wait for an answer, since banks are slow. Both together stay well within a charge's lease.
_TIMEOUT_SECONDS = (5, 25)
# An older signed event may be a replay by an eavesdropper.
_TOLERANCE_SECONDS = 300
_CURRENCY = "usd"
# The errors that reading an answer of an unexpected form may raise.
_UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
_TOKEN = re.compile(r"[A-Za-z0-9_]{1,80}")
_ABOUT = {"payment_intent": About.PAYMENT, "refund": About.REFUND, "dispute": About.DISPUTE}

# Otherwise the library sends telemetry, and writes a file with an id into the home directory.
stripe.enable_telemetry = False


class StripeProcessor:
    """The `Processor` that takes real cards. `api_base` replaces Stripe's own address, for tests."""

    def __init__(self, secret_key: str, webhook_secret: str, *, api_base: str = ""):
        self._webhook_secret = webhook_secret
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base} if api_base else None,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT_SECONDS),
            # Our callers retry by themselves, and know how long a call may take.
            max_network_retries=0,
        )

    def create_customer(self, key: str) -> str:
        """See `Processor`."""
        with _translated_errors():
            customer = self._client.v1.customers.create(
                {"metadata": {"key": key}}, {"idempotency_key": f"customer:{key}"}
            )
            return customer.id

    def describe(self, token: str) -> CardDetails:
        """See `Processor`."""
        with _translated_errors(), _translated_card_errors():
            method = self._card(token)
            card, address = method.card, method.billing_details.address
            if card is None:
                raise UnknownToken("not a card")
            postcode = (address.postal_code if address else None) or ""
            return CardDetails(card.brand, card.last4, card.exp_month, card.exp_year, postcode)

    def store_card(self, token: str, customer: str) -> str:
        """See `Processor`. A card that was stored while it paid already belongs to its customer."""
        with _translated_errors(), _translated_card_errors():
            method = self._card(token)
            if method.customer is None:
                method = self._client.v1.payment_methods.attach(method.id, {"customer": customer})
            if _id_of(method.customer) != customer:
                raise UnknownToken("somebody else's card")
            return method.id

    def update_card(self, token: str, *, expiry_month: int, expiry_year: int, postcode: str) -> None:
        """See `Processor`."""
        with _translated_errors(), _translated_card_errors():
            self._client.v1.payment_methods.update(
                _url_safe_token(token),
                {
                    "card": {"exp_month": expiry_month, "exp_year": expiry_year},
                    "billing_details": {"address": {"postal_code": postcode}},
                },
            )

    def forget_card(self, token: str) -> None:
        """See `Processor`."""
        with _translated_errors():
            try:
                self._client.v1.payment_methods.detach(_url_safe_token(token))
            except (UnknownToken, stripe.InvalidRequestError):
                return  # The card does not exist, or no customer has it any more.

    def create_intent(self, key: str, amount_cents: int, customer: str) -> str:
        """See `Processor`. The charge carries the key too."""
        with _translated_errors():
            intent = self._client.v1.payment_intents.create(
                {
                    "amount": amount_cents,
                    "currency": _CURRENCY,
                    "customer": customer,
                    "allowed_payment_method_types": ["card"],
                    "metadata": {"key": key},
                },
                {"idempotency_key": f"intent:{key}"},
            )
            return intent.id

    def confirm(
        self,
        intent_id: str,
        key: str,
        token: str,
        cvc_token: str,
        *,
        saves_card: bool = False,
        off_session: bool = False,
        return_url: str = "",
    ) -> Outcome:
        """See `Processor`."""
        params: PaymentIntentConfirmParams = {"payment_method": token}
        if cvc_token:
            params["payment_method_options"] = {"card": {"cvc_token": cvc_token}}
        if saves_card:
            # This also allows later payments without the buyer, those of an auto-reload.
            params["setup_future_usage"] = "off_session"
        if off_session:
            params["off_session"] = True
        elif return_url:
            params["return_url"] = return_url
        else:
            # Without a return URL, the buyer cannot be sent to their bank.
            params["error_on_requires_action"] = True
        with _translated_errors():
            try:
                options: stripe.RequestOptions = {"idempotency_key": f"confirm:{key}"}
                return _outcome(self._client.v1.payment_intents.confirm(intent_id, params, options))
            except stripe.CardError as error:
                return _failed_outcome(words.failure_of(error.code, error.error.decline_code if error.error else None))
            except stripe.InvalidRequestError as error:
                return self._not_confirmed(intent_id, error)

    def retrieve(self, intent_id: str) -> Outcome:
        """See `Processor`."""
        with _translated_errors():
            return _outcome(self._client.v1.payment_intents.retrieve(intent_id))

    def cancel(self, intent_id: str) -> Outcome:
        """See `Processor`."""
        with _translated_errors():
            try:
                return _outcome(self._client.v1.payment_intents.cancel(intent_id))
            except stripe.InvalidRequestError:
                # The intent can no longer be canceled. Its state is final, or we ask again later.
                outcome = self.retrieve(intent_id)
                if outcome.state in (IntentState.SUCCEEDED, IntentState.CANCELED):
                    return outcome
                raise

    def refund(self, intent_id: str, key: str, amount_cents: int) -> RefundOutcome:
        """See `Processor`."""
        with _translated_errors():
            refunds = self._client.v1.refunds.list({"payment_intent": intent_id, "limit": 100})
            for known in refunds.auto_paging_iter():
                if known.metadata and known.metadata.to_dict().get("key") == key:
                    return _refund_outcome(known)
            try:
                return _refund_outcome(
                    self._client.v1.refunds.create(
                        {"payment_intent": intent_id, "amount": amount_cents, "metadata": {"key": key}},
                        {"idempotency_key": f"refund:{key}"},
                    )
                )
            except stripe.InvalidRequestError:
                return RefundOutcome("", RefundState.FAILED)

    def retrieve_refund(self, refund_id: str) -> RefundOutcome:
        """See `Processor`."""
        with _translated_errors():
            return _refund_outcome(self._client.v1.refunds.retrieve(refund_id))

    def retrieve_dispute(self, dispute_id: str) -> DisputeRecord:
        """See `Processor`."""
        with _translated_errors():
            dispute = self._client.v1.disputes.retrieve(dispute_id)
            state = words.dispute_state(dispute.status)
            return DisputeRecord(dispute.id, _id_of(dispute.payment_intent), dispute.amount, state)

    def payments(self, since: datetime, until: datetime) -> Iterator[PaymentRecord]:
        """See `Processor`. Skips charges without an intent, which are not ours."""
        # Stripe counts whole seconds.
        first, end = math.ceil(since.timestamp()), math.ceil(until.timestamp())
        with _translated_errors():
            charges = self._client.v1.charges.list({"created": {"gte": first, "lt": end}, "limit": 100})
            for charge in charges.auto_paging_iter():
                if charge.status == "succeeded" and charge.payment_intent:
                    yield PaymentRecord(
                        _id_of(charge.payment_intent),
                        charge.metadata.to_dict().get("key", ""),
                        charge.amount_captured,
                        charge.amount_refunded,
                        datetime.fromtimestamp(charge.created, UTC),
                    )

    def read_event(self, body: bytes, signature: str) -> Event:
        """See `Processor`."""
        try:
            event = self._client.construct_event(body, signature, self._webhook_secret, _TOLERANCE_SECONDS)
            thing = event.data.object
            about = _ABOUT.get(thing["object"], About.OTHER)
            if about is About.DISPUTE and words.is_inquiry(thing["status"]):
                about = About.OTHER
            return Event(event.id, about, thing["id"] if about is not About.OTHER else "")
        except (stripe.SignatureVerificationError, *_UNREADABLE) as error:
            raise ForgedEvent(type(error).__name__) from None

    def _card(self, token: str) -> stripe.PaymentMethod:
        return self._client.v1.payment_methods.retrieve(_url_safe_token(token))

    def _not_confirmed(self, intent_id: str, error: stripe.InvalidRequestError) -> Outcome:
        """The outcome when Stripe refuses to confirm: the intent is final, or a single-use token was used before."""
        outcome = self.retrieve(intent_id)
        if outcome.state is not IntentState.UNCONFIRMED:
            return outcome
        log.warning("card not accepted", error=str(error))
        is_about_cvv = "cvc_token" in (error.param or "")
        return _failed_outcome(Failure.WRONG_CVV if is_about_cvv else Failure.DECLINED)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Turn a failed call to Stripe, or an answer that cannot be read, into `ProcessorUnavailable`."""
    try:
        yield
    except (stripe.StripeError, *_UNREADABLE) as error:
        status, request = getattr(error, "http_status", None), getattr(error, "request_id", None)
        # The error quotes an answer that cannot be read. That may contain personal data, so it is not logged.
        detail = "" if isinstance(error, stripe.APIError) else str(error)
        log.warning(
            "processor did not answer", error=type(error).__name__, status=status, detail=detail, request=request
        )
        raise ProcessorUnavailable(type(error).__name__) from None


@contextmanager
def _translated_card_errors() -> Iterator[None]:
    """Turn Stripe's refusal of a card's token into `UnknownToken`."""
    try:
        yield
    except stripe.CardError as error:
        raise UnknownToken(error.code) from None
    except stripe.InvalidRequestError as error:
        if error.http_status == 404 or error.code == "resource_missing":
            raise UnknownToken(error.code) from None
        raise


def _url_safe_token(token: str) -> str:
    """The token, if it is safe in a URL path. Raises `UnknownToken` otherwise, since clients may send any text."""
    if not _TOKEN.fullmatch(token):
        raise UnknownToken("not a token")
    return token


def _id_of(thing: str | stripe.PaymentIntent | stripe.Customer | None) -> str:
    """The id of an object that Stripe sends either as its id or in full; "" for None."""
    if thing is None:
        return ""
    return thing if isinstance(thing, str) else thing.id


def _failed_outcome(failure: Failure) -> Outcome:
    return Outcome(IntentState.FAILED, failure)


def _outcome(intent: stripe.PaymentIntent) -> Outcome:
    """The outcome of an intent. Raises `ValueError` when it is not known yet."""
    match intent.status:
        case "succeeded":
            return Outcome(IntentState.SUCCEEDED, amount_cents=intent.amount_received)
        case "canceled":
            return Outcome(IntentState.CANCELED)
        case "requires_action":
            return Outcome(IntentState.REQUIRES_ACTION, action_url=_action_url(intent))
        case "requires_payment_method" if intent.last_payment_error:
            error = intent.last_payment_error
            return _failed_outcome(words.failure_of(getattr(error, "code", None), getattr(error, "decline_code", None)))
        case "requires_payment_method" | "requires_confirmation":
            return Outcome(IntentState.UNCONFIRMED)
    raise ValueError(f"an intent that is {intent.status} is still being decided")


def _action_url(intent: stripe.PaymentIntent) -> str:
    """The address of the buyer's bank. Stripe gives one because we always set a `return_url`."""
    redirect = intent.next_action.redirect_to_url if intent.next_action else None
    if redirect is None or not redirect.url:
        raise ValueError("nowhere to send the buyer")
    return redirect.url


def _refund_outcome(refund: stripe.Refund) -> RefundOutcome:
    return RefundOutcome(refund.id, words.refund_state(refund.status))
