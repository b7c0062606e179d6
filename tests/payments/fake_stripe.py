"""A stand-in for Stripe's API on loopback: as strict as the real one about what we use of it, and durable in memory.

It was written from Stripe's API reference (version 2026-10-28.endive), not from our own code. What it does not know it
refuses: an address, a parameter, a second use of what is for one use. Cards answer by their published numbers as
Stripe's own test mode does; beyond that, a CVV of 000 is a wrong one.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from rxconnect.payments.published import BY_NUMBER
from rxconnect.payments.sandbox_faults import Fault

SECRET_KEY = "sk_test_standin000000000000"
PUBLISHABLE_KEY = "pk_test_standin000000000000"
WEBHOOK_SECRET = "whsec_standin000000000000"

ASKS, NO_REFUND = "4000002760003184", "4000000000005126"
# What a bank says to a number: Stripe's code, and the decline code where there is one.
REFUSALS = {
    "4000000000000002": ("card_declined", "generic_decline"),
    "4000000000009995": ("card_declined", "insufficient_funds"),
    "4000000000009987": ("card_declined", "lost_card"),
    "4000000000000069": ("expired_card", "expired_card"),
    "4000000000000127": ("incorrect_cvc", "incorrect_cvc"),
    "4000000000000119": ("processing_error", "processing_error"),
}
# The methods of the port by the requests in which a fault of theirs is seen.
FAULTY = {
    "create_intent": ("POST", r"/v1/payment_intents"),
    "confirm": ("POST", r"/v1/payment_intents/\w+/confirm"),
    "retrieve": ("GET", r"/v1/payment_intents/\w+"),
    "cancel": ("POST", r"/v1/payment_intents/\w+/cancel"),
    "refund": ("POST", r"/v1/refunds"),
    "retrieve_refund": ("GET", r"/v1/refunds/\w+"),
    "retrieve_dispute": ("GET", r"/v1/disputes/\w+"),
}
STATUSES = {Fault.CONFLICT: 409, Fault.TOO_MANY: 429, Fault.ERROR_BEFORE: 500, Fault.ERROR_AFTER: 500}

Thing = dict[str, Any]


class Refused(Exception):
    """Stripe answers with an error. `code` and `param` are left out when they are ""."""

    def __init__(self, status: int, message: str, *, code: str = "", param: str = "", kind: str = "", **more: Any):
        super().__init__(message)
        kind = kind or ("card_error" if status == 402 else "invalid_request_error")
        told = {"type": kind, "message": message, "code": code, "param": param} | more
        self.status, self.body = status, {"error": {name: value for name, value in told.items() if value}}


class HangUp(Exception):
    """The connection ends without an answer."""


@dataclass
class Answered:
    """What was answered to an idempotency key, and to which question."""

    question: tuple[str, str]
    answer: tuple[int, bytes] | None = None


@dataclass
class FakeStripe:
    """The stand-in. Start it with `serve`; then it is at `url`."""

    url: str = ""
    things: dict[str, Thing] = field(default_factory=dict)
    requests: list[tuple[str, str, Thing]] = field(default_factory=list)
    _keys: dict[str, Answered] = field(default_factory=dict)
    _faults: list[tuple[str, Fault]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _count: itertools.count = field(default_factory=itertools.count)

    def serve(self) -> ThreadingHTTPServer:
        """Listen on a free port of loopback, in threads. Close with `shutdown` and `server_close`."""
        server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        return server

    # What others do than our server: browsers, banks, time.

    def new_card(self, number: str, month: int, year: int, cvc: str, postcode: str) -> Thing:
        """What `stripe.createPaymentMethod` makes of a typed card, in a browser."""
        with self._lock:
            brand = BY_NUMBER[number].brand
            card = {"brand": brand, "last4": number[-4:], "exp_month": month, "exp_year": year, "funding": "credit"}
            address = {"postal_code": postcode, "country": None, "line1": None}
            details = {"address": address, "email": None, "name": None, "phone": None}
            method = {"type": "card", "card": card, "billing_details": details, "customer": None, "metadata": {}}
            return self._new("pm", "payment_method", method | {"_number": number, "_cvc": cvc, "_is_used": False})

    def new_cvc(self, cvc: str) -> Thing:
        """What `stripe.createToken("cvc_update", …)` makes of a CVC, in a browser."""
        with self._lock:
            return self._new("cvctok", "token", {"type": "cvc_update", "used": False, "_cvc": cvc})

    def authenticate(self, intent_id: str, *, is_buyer: bool) -> str:
        """What the buyer answers at their bank. Returns the address that the browser is sent back to."""
        with self._lock:
            intent = self.things[intent_id]
            if intent["status"] == "requires_action":
                method = self.things[intent["payment_method"]]
                intent["next_action"] = None
                if is_buyer:
                    self._charge(intent, method)
                else:
                    self._refuse(intent, method, "payment_intent_authentication_failure", "")
            told = {"payment_intent": intent_id, "redirect_status": "succeeded" if is_buyer else "failed"}
            return f"{intent['_return_url']}?{urlencode(told)}"

    def open_dispute(self, intent_id: str, status: str = "needs_response") -> str:
        """Let the buyer's bank take back what is left of a payment."""
        with self._lock:
            charge = self.things[self.things[intent_id]["latest_charge"]]
            charge["disputed"] = True
            left = charge["amount"] - charge["amount_refunded"]
            told = {"amount": left, "charge": charge["id"], "payment_intent": intent_id, "status": status}
            dispute = self._new("dp", "dispute", told | {"currency": "usd", "reason": "fraudulent", "metadata": {}})
            self._tell("charge.dispute.created", dispute)
            return dispute["id"]

    def close_dispute(self, dispute_id: str, *, is_won: bool) -> None:
        """Let the bank decide."""
        with self._lock:
            dispute = self.things[dispute_id]
            dispute["status"] = "won" if is_won else "lost"
            self._tell("charge.dispute.closed", dispute)

    def events(self) -> list[tuple[bytes, str]]:
        """Every event, oldest first, as posted now: its body and its signature."""
        with self._lock:
            events = [thing for thing in self.things.values() if thing["object"] == "event"]
            return [(body, sign(body)) for body in (json.dumps(event, indent=2).encode() for event in events)]

    def plan(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let a method of the port fail in a certain way the next so many times."""
        with self._lock:
            self._faults += [(method, fault)] * times

    def forget_keys(self) -> None:
        """A day or more has passed: idempotency keys are forgotten."""
        with self._lock:
            self._keys.clear()

    # Requests

    def answer(self, method: str, path: str, params: Thing, headers: Any) -> tuple[int, bytes]:
        """Status and body. Raises `HangUp`."""
        key = headers.get("Idempotency-Key", "") if method == "POST" else ""
        question = (f"{method} {path}", json.dumps(params, sort_keys=True))
        with self._lock:
            self.requests.append((method, path, params))
            fault = self._take_fault(method, path)
            if fault and not fault.is_after:
                return self._fail(fault)
            if key in self._keys:
                return self._again(self._keys[key], question)
            if key:
                self._keys[key] = Answered(question)
        status, body = self._carry_out(method, path, params, headers)
        with self._lock:
            # A question that was refused before anything was tried may be asked again with the same key.
            if status in (400, 401, 404) and key:
                del self._keys[key]
            elif fault is Fault.ERROR_AFTER:
                status, body = self._fail(fault)
            if status not in (400, 401, 404) and key:
                self._keys[key].answer = (status, body)
        return self._fail(fault) if fault else (status, body)

    def _again(self, known: Answered, question: tuple[str, str]) -> tuple[int, bytes]:
        if known.question != question:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
            )
            return _encoded(Refused(400, message, kind="idempotency_error"))
        if known.answer is None:
            return _encoded(
                Refused(409, "Another request with this key is in progress.", code="idempotency_key_in_use")
            )
        return known.answer

    def _carry_out(self, method: str, path: str, params: Thing, headers: Any) -> tuple[int, bytes]:
        with self._lock:
            try:
                if headers.get("Authorization") != f"Bearer {SECRET_KEY}":
                    raise Refused(401, "Invalid API Key provided.")
                for known, pattern, handle, allowed in _ROUTES:
                    if known == method and (match := re.fullmatch(pattern, path)):
                        _check_names(params, allowed)
                        answer = handle(self, *match.groups(), params)
                        return 200, json.dumps(_shown(answer)).encode()
                raise Refused(404, f"Unrecognized request URL ({method}: {path}).")
            except Refused as refused:
                return _encoded(refused)

    def _take_fault(self, method: str, path: str) -> Fault | None:
        for index, (name, fault) in enumerate(self._faults):
            known, pattern = FAULTY.get(name, ("", ""))
            if known == method and re.fullmatch(pattern, path):
                del self._faults[index]
                return fault
        return None

    @staticmethod
    def _fail(fault: Fault) -> tuple[int, bytes]:
        if fault in STATUSES:
            return _encoded(Refused(STATUSES[fault], "Something went wrong at Stripe.", kind="api_error"))
        if fault is Fault.MALFORMED:
            return 200, b'{"object": "payment_intent", "status": "succ'
        raise HangUp

    # What each address does

    def create_customer(self, params: Thing) -> Thing:
        return self._new("cus", "customer", {"metadata": params.get("metadata", {}), "email": None})

    def retrieve_method(self, id: str, params: Thing) -> Thing:
        return self._find(id, "payment_method")

    def update_method(self, id: str, params: Thing) -> Thing:
        method = self._find(id, "payment_method")
        if method["customer"] is None:
            raise Refused(400, "You must save this PaymentMethod to a customer before you can update it.")
        for name, value in params.get("card", {}).items():
            method["card"][name] = int(value)
        method["billing_details"]["address"] |= params.get("billing_details", {}).get("address", {})
        return method

    def attach_method(self, id: str, params: Thing) -> Thing:
        method, customer = self._find(id, "payment_method"), self._find(params["customer"], "customer")
        if method["customer"]:
            raise Refused(400, "The payment method you provided has already been attached to a customer.")
        if method["_is_used"]:
            raise Refused(400, _USED)
        method["customer"] = customer["id"]
        return method

    def detach_method(self, id: str, params: Thing) -> Thing:
        method = self._find(id, "payment_method")
        if method["customer"] is None:
            raise Refused(400, "The payment method you provided is not attached to a customer.")
        method["customer"], method["_is_used"] = None, True
        return method

    def create_intent(self, params: Thing) -> Thing:
        if not params.get("amount", "").isdecimal() or params.get("currency") != "usd":
            raise Refused(400, "Missing required param: amount.", code="parameter_missing", param="amount")
        if int(params["amount"]) < 50:
            raise Refused(400, "Amount must be at least $0.50 usd", code="amount_too_small", param="amount")
        customer = self._find(params["customer"], "customer")["id"] if "customer" in params else None
        intent = {
            "amount": int(params["amount"]),
            "amount_received": 0,
            "currency": "usd",
            "customer": customer,
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": params.get("metadata", {}),
            "next_action": None,
            "payment_method": None,
            "payment_method_types": params["allowed_payment_method_types"],
            "status": "requires_payment_method",
            "_return_url": "",
        }
        return self._new("pi", "payment_intent", intent)

    def retrieve_intent(self, id: str, params: Thing) -> Thing:
        return self._find(id, "payment_intent")

    def cancel_intent(self, id: str, params: Thing) -> Thing:
        intent = self._open_intent(id, "cancel")
        intent |= {"status": "canceled", "next_action": None}
        self._tell("payment_intent.canceled", intent)
        return intent

    def confirm_intent(self, id: str, params: Thing) -> Thing:
        intent = self._open_intent(id, "confirm")
        method = self._usable(intent, params["payment_method"])
        card_options = params.get("payment_method_options", {}).get("card", {})
        cvc = self._take_cvc(card_options["cvc_token"]) if "cvc_token" in card_options else method["_cvc"]
        saves = params.get("setup_future_usage")
        method["_is_used"] = True
        intent |= {"payment_method": method["id"], "_return_url": params.get("return_url", ""), "_saves": saves}
        number = method["_number"]
        if number in REFUSALS or cvc == "000":
            code, decline_code = REFUSALS.get(number, ("incorrect_cvc", "incorrect_cvc"))
            raise self._refuse(intent, method, code, decline_code)
        if number == ASKS:
            return self._ask_buyer(intent, method, params)
        return self._charge(intent, method)

    def create_refund(self, params: Thing) -> Thing:
        intent = self._find(params["payment_intent"], "payment_intent", param="payment_intent")
        charge = self.things.get(intent["latest_charge"] or "")
        if charge is None or not charge["paid"]:
            raise Refused(400, "This PaymentIntent does not have a successful charge to refund.")
        if charge["disputed"]:
            raise Refused(400, "The charge has been charged back.", code="charge_disputed")
        left, amount = charge["amount"] - charge["amount_refunded"], int(params["amount"])
        if left == 0:
            raise Refused(400, "Charge has already been refunded.", code="charge_already_refunded")
        if not 0 < amount <= left:
            raise Refused(400, "Refund amount is greater than unrefunded amount on charge.", param="amount")
        charge["amount_refunded"] += amount
        status = "pending" if self.things[charge["payment_method"]]["_number"] == NO_REFUND else "succeeded"
        told = {"amount": amount, "charge": charge["id"], "payment_intent": intent["id"], "status": status}
        refund = self._new("re", "refund", told | {"currency": "usd", "metadata": params.get("metadata", {})})
        self._tell("refund.created", refund)
        return refund

    def retrieve_refund(self, id: str, params: Thing) -> Thing:
        """A pending one has failed by the time somebody asks."""
        refund = self._find(id, "refund")
        if refund["status"] == "pending":
            refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
            self.things[refund["charge"]]["amount_refunded"] -= refund["amount"]
            self._tell("refund.failed", refund)
        return refund

    def list_refunds(self, params: Thing) -> Thing:
        wanted = params["payment_intent"]
        self._find(wanted, "payment_intent", param="payment_intent")
        return self._page("refund", "/v1/refunds", params, lambda refund: refund["payment_intent"] == wanted)

    def retrieve_dispute(self, id: str, params: Thing) -> Thing:
        return self._find(id, "dispute")

    def list_charges(self, params: Thing) -> Thing:
        created = {name: int(value) for name, value in params.get("created", {}).items()}
        first, end = created.get("gte", 0), created.get("lt", 1 << 60)
        return self._page("charge", "/v1/charges", params, lambda charge: first <= charge["created"] < end)

    # Their parts

    def _new(self, prefix: str, kind: str, told: Thing) -> Thing:
        id = f"{prefix}_{secrets.token_hex(12)}"
        common = {"id": id, "object": kind, "created": int(time.time()), "livemode": False, "_place": next(self._count)}
        self.things[id] = common | told
        return self.things[id]

    def _find(self, id: str, kind: str, param: str = "") -> Thing:
        thing = self.things.get(id)
        if thing is None or thing["object"] != kind:
            status = 400 if param else 404
            raise Refused(status, f"No such {kind}: '{id}'", code="resource_missing", param=param or "id")
        return thing

    def _open_intent(self, id: str, verb: str) -> Thing:
        intent = self._find(id, "payment_intent")
        if intent["status"] in ("succeeded", "canceled"):
            message = f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}."
            raise Refused(400, message, code="payment_intent_unexpected_state", payment_intent=_shown(intent))
        return intent

    def _usable(self, intent: Thing, id: str) -> Thing:
        method = self._find(id, "payment_method", param="payment_method")
        if method["customer"] not in (None, intent["customer"]):
            raise Refused(400, "The PaymentMethod belongs to another customer.", param="payment_method")
        if method["customer"] is None and method["_is_used"]:
            raise Refused(400, _USED)
        return method

    def _take_cvc(self, id: str) -> str:
        param = "payment_method_options[card][cvc_token]"
        token = self._find(id, "token", param=param)
        if token["used"]:
            raise Refused(400, "You cannot use a Stripe token more than once.", code="token_already_used", param=param)
        token["used"] = True
        return token["_cvc"]

    def _ask_buyer(self, intent: Thing, method: Thing, params: Thing) -> Thing:
        if params.get("off_session") == "true" or params.get("error_on_requires_action") == "true":
            raise self._refuse(intent, method, "authentication_required", "authentication_required")
        action: Thing = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
        if intent["_return_url"]:
            redirect = {"url": f"{self.url}/bank/{intent['id']}", "return_url": intent["_return_url"]}
            action = {"type": "redirect_to_url", "redirect_to_url": redirect}
        intent |= {"status": "requires_action", "next_action": action}
        self._tell("payment_intent.requires_action", intent)
        return intent

    def _charge(self, intent: Thing, method: Thing) -> Thing:
        wrong = ("charge", Fault.WRONG_AMOUNT)
        cents = intent["amount"]
        if wrong in self._faults:
            self._faults.remove(wrong)
            cents += 100
        told = {"amount": cents, "amount_captured": cents, "amount_refunded": 0, "captured": True, "paid": True}
        told |= {"currency": "usd", "disputed": False, "payment_intent": intent["id"], "status": "succeeded"}
        told |= {"metadata": dict(intent["metadata"]), "payment_method": method["id"], "customer": intent["customer"]}
        charge = self._new("ch", "charge", told)
        intent |= {"status": "succeeded", "amount_received": cents, "latest_charge": charge["id"]}
        intent["last_payment_error"] = None
        if intent.get("_saves"):
            method["customer"] = intent["customer"]
        self._tell("payment_intent.succeeded", intent)
        return intent

    def _refuse(self, intent: Thing, method: Thing, code: str, decline_code: str) -> Refused:
        told = {"type": "card_error", "code": code, "message": "Your card was declined."}
        told |= {"decline_code": decline_code} if decline_code else {}
        failed = {"amount": intent["amount"], "amount_captured": 0, "amount_refunded": 0, "captured": False}
        failed |= {"paid": False, "status": "failed", "payment_intent": intent["id"], "disputed": False}
        failed |= {"metadata": dict(intent["metadata"]), "payment_method": method["id"]}
        charge = self._new("ch", "charge", failed)
        intent |= {"status": "requires_payment_method", "payment_method": None, "latest_charge": charge["id"]}
        intent["last_payment_error"] = told | {"payment_method": _shown(method)}
        self._tell("payment_intent.payment_failed", intent)
        return Refused(402, **(told | {"kind": "card_error"}), payment_intent=_shown(intent))

    def _page(self, kind: str, url: str, params: Thing, fits: Callable[[Thing], bool]) -> Thing:
        found = [thing for thing in self.things.values() if thing["object"] == kind and fits(thing)]
        found.sort(key=lambda thing: -thing["_place"])
        if after := params.get("starting_after"):
            found = [thing for thing in found if thing["_place"] < self.things[after]["_place"]]
        limit = int(params.get("limit", 10))
        return {"object": "list", "url": url, "has_more": len(found) > limit, "data": found[:limit]}

    def _tell(self, kind: str, thing: Thing) -> None:
        told = {"type": kind, "data": {"object": _shown(thing)}, "api_version": "2026-10-28.endive"}
        event = self._new("evt", "event", told | {"pending_webhooks": 1, "request": {"id": None}})
        del event["_place"]


_USED = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a "
    "connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a "
    "PaymentMethod multiple times, you must attach it to a Customer first."
)
_CONFIRM = {"payment_method", "payment_method_options", "setup_future_usage", "off_session", "return_url"}
_CREATE = {"amount", "currency", "customer", "allowed_payment_method_types", "metadata"}
_METHOD, _INTENT = r"/v1/payment_methods/(\w+)", r"/v1/payment_intents/(\w+)"
_ROUTES: list[tuple[str, str, Callable[..., Thing], set[str]]] = [
    ("POST", "/v1/customers", FakeStripe.create_customer, {"metadata"}),
    ("GET", _METHOD, FakeStripe.retrieve_method, set()),
    ("POST", _METHOD, FakeStripe.update_method, {"card", "billing_details"}),
    ("POST", f"{_METHOD}/attach", FakeStripe.attach_method, {"customer"}),
    ("POST", f"{_METHOD}/detach", FakeStripe.detach_method, set()),
    ("POST", "/v1/payment_intents", FakeStripe.create_intent, _CREATE),
    ("GET", _INTENT, FakeStripe.retrieve_intent, set()),
    ("POST", f"{_INTENT}/cancel", FakeStripe.cancel_intent, set()),
    ("POST", f"{_INTENT}/confirm", FakeStripe.confirm_intent, _CONFIRM | {"error_on_requires_action"}),
    ("POST", "/v1/refunds", FakeStripe.create_refund, {"payment_intent", "amount", "metadata"}),
    ("GET", "/v1/refunds", FakeStripe.list_refunds, {"payment_intent", "limit", "starting_after"}),
    ("GET", r"/v1/refunds/(\w+)", FakeStripe.retrieve_refund, set()),
    ("GET", r"/v1/disputes/(\w+)", FakeStripe.retrieve_dispute, set()),
    ("GET", "/v1/charges", FakeStripe.list_charges, {"created", "limit", "starting_after"}),
]


def sign(body: bytes, at: int | None = None, secret: str = WEBHOOK_SECRET) -> str:
    """The `Stripe-Signature` of a body."""
    at = int(time.time()) if at is None else at
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def _encoded(refused: Refused) -> tuple[int, bytes]:
    return refused.status, json.dumps(refused.body).encode()


def _shown(thing: Thing) -> Thing:
    """A thing as Stripe shows it: without what only a bank knows."""
    shown = {name: value for name, value in thing.items() if not name.startswith("_")}
    if shown["object"] == "list":
        shown["data"] = [_shown(part) for part in shown["data"]]
    return shown


def _check_names(params: Thing, allowed: set[str]) -> None:
    for name in params:
        if name not in allowed:
            raise Refused(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def _nested(pairs: list[tuple[str, str]]) -> Thing:
    """`a[b]=1&c[0]=2` as `{"a": {"b": "1"}, "c": ["2"]}`."""
    tree: Thing = {}
    for name, value in pairs:
        *parents, last = re.findall(r"[^\[\]]+", name)
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[last] = value
    return {
        name: list(value.values()) if isinstance(value, dict) and set(value) <= set("0123456789") and value else value
        for name, value in tree.items()
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that does not wait for its answer is none of ours to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeStripe
    protocol_version = "HTTP/1.1"
    # An answer goes out in one piece: in two, the second would wait for the first to be acknowledged.
    wbufsize = -1

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def log_message(self, *_: Any) -> None:
        pass

    def _handle(self, method: str) -> None:
        parts = urlsplit(self.path)
        posted = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        params = _nested(parse_qsl(posted if method == "POST" else parts.query, keep_blank_values=True))
        if bank := re.fullmatch(r"/bank/(\w+)", parts.path):
            self._be_the_bank(bank[1], params)
            return
        try:
            status, body = self.fake.answer(method, parts.path, params, self.headers)
        except HangUp:
            self.close_connection = True
            return
        self._send(status, body, "application/json")

    def _be_the_bank(self, intent_id: str, params: Thing) -> None:
        if "answer" in params:
            back = self.fake.authenticate(intent_id, is_buyer=params["answer"] == "yes")
            self._send(303, b"", "text/plain", location=back)
            return
        buttons = "".join(f"<button name=answer value={word}>{word}</button>" for word in ("yes", "no"))
        page = f"<!doctype html><h1>Bank</h1><form method=post action={escape(self.path)}>{buttons}</form>"
        self._send(200, page.encode(), "text/html")

    def _send(self, status: int, body: bytes, kind: str, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Request-Id", f"req_{secrets.token_hex(7)}")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)
