"""The sandbox: a processor that forgets no answer, keeps no number, and takes none but the published ones."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect.domain.errors import Invalid
from rxconnect.domain.purchases import Failure
from rxconnect.payments.port import IntentState, Outcome, ProcessorUnavailable, UnknownToken
from rxconnect.payments.published import TEST_CARDS
from rxconnect.payments.sandbox import Sandbox
from rxconnect.payments.sandbox_routes import ROUTES
from rxconnect.services.money import processor
from tests.services.buying import DECLINED, VISA, later

SUCCEEDED, CANCELED = Outcome(IntentState.SUCCEEDED, amount_cents=500), Outcome(IntentState.CANCELED)
# Valid by its check digit, and published by nobody: it stands for a real card.
REAL = "4539578763621486"
FORM = {"number": VISA, "expiry": later(), "cvv": "737", "postcode": "99362"}


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path / "sandbox.db", slow_seconds=1)


@pytest.fixture
def client(database):
    """A browser on our own page."""
    return TestClient(Starlette(routes=ROUTES))


def card(sandbox, number=VISA, cvv="737"):
    return sandbox.tokenize(number, later(), cvv, "99362")[0]


def intent_of(sandbox, key, cents):
    return sandbox.create_intent(key, cents, sandbox.create_customer("buyer"))


def stored_from(sandbox, token):
    return sandbox.store_card(token, sandbox.create_customer("buyer"))


def files_in(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.mark.parametrize("published", TEST_CARDS, ids=lambda published: published.name)
def test_each_published_card_answers_as_it_says(tmp_path, published):
    sandbox = Sandbox(tmp_path / "sandbox.db", slow_seconds=0)
    token = card(sandbox, published.number, "7373" if published.brand == "amex" else "737")
    details = sandbox.describe(token)
    assert (details.brand, details.last_four, details.postcode) == (published.brand, published.number[-4:], "99362")
    intent = intent_of(sandbox, "k", 500)
    outcome = sandbox.confirm(intent, "k", token, "", return_url="/back")
    if published.asks_buyer:
        assert outcome == Outcome(IntentState.REQUIRES_ACTION, action_url=f"/sandbox/bank/{intent}")
        assert sandbox.authenticate(intent, is_buyer=True) == "/back"
        outcome = sandbox.retrieve(intent)
    assert outcome == (Outcome(IntentState.FAILED, published.failure) if published.failure else SUCCEEDED)


def test_a_number_may_be_typed_with_spaces_and_hyphens(sandbox):
    assert sandbox.describe(card(sandbox, "4242 4242-4242 4242")).last_four == "4242"


@pytest.mark.parametrize(
    "number", ["4242", "4242424242424241", "4242424242424244", "4" * 10_000, "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "<b>", "💳" * 16]
)
def test_a_slip_of_the_finger_is_told_as_one(sandbox, number):
    with pytest.raises(Invalid) as refused:
        card(sandbox, number)
    assert refused.value.fields == {"number": "Check the number: a digit seems to be missing or mistyped."}


@pytest.mark.parametrize("number", ["", "  ", "-"])
def test_a_number_that_is_missing_is_asked_for(sandbox, number):
    with pytest.raises(Invalid) as refused:
        card(sandbox, number)
    assert refused.value.fields == {"number": "Enter the card number."}


def test_a_number_that_may_be_real_is_refused_and_kept_nowhere(sandbox, tmp_path, caplog):
    with pytest.raises(Invalid) as refused:
        card(sandbox, REAL)
    assert "Never type a real card here" in refused.value.fields["number"]
    assert REAL.encode() not in files_in(tmp_path)
    assert REAL not in caplog.text + str(refused.value)


def test_everything_wrong_with_a_card_is_told_at_once(sandbox):
    with pytest.raises(Invalid) as refused:
        sandbox.tokenize("1", "13/99", "12", "ABC")
    assert set(refused.value.fields) == {"number", "expiry", "cvv", "postcode"}


def test_an_american_express_card_needs_four_digits_and_others_three(sandbox):
    for number, cvv in (("378282246310005", "737"), (VISA, "7373")):
        with pytest.raises(Invalid) as refused:
            card(sandbox, number, cvv)
        assert set(refused.value.fields) == {"cvv"}


def test_an_intent_is_the_same_for_the_same_key(sandbox):
    assert intent_of(sandbox, "k", 500) == intent_of(sandbox, "k", 500)
    assert intent_of(sandbox, "k", 500) != intent_of(sandbox, "k2", 500)


def test_a_repeated_key_gets_the_first_answer_even_with_another_card(sandbox):
    intent = intent_of(sandbox, "k", 500)
    first = sandbox.confirm(intent, "k", card(sandbox, DECLINED), "")
    assert first == Outcome(IntentState.FAILED, Failure.DECLINED)
    assert sandbox.confirm(intent, "k", card(sandbox), "") == first
    assert sandbox.confirm(intent, "k2", card(sandbox), "") == SUCCEEDED
    assert sandbox.confirm(intent, "k3", card(sandbox, DECLINED), "") == SUCCEEDED
    assert sandbox.retrieve(intent) == SUCCEEDED


def test_answers_survive_the_process(sandbox, tmp_path):
    token, intent = card(sandbox), intent_of(sandbox, "k", 500)
    sandbox.confirm(intent, "k", token, "")
    reopened = Sandbox(tmp_path / "sandbox.db")
    assert reopened.retrieve(intent) == SUCCEEDED
    assert reopened.describe(token) == sandbox.describe(token)


def test_a_canceled_intent_is_never_charged(sandbox):
    intent = intent_of(sandbox, "k", 500)
    assert sandbox.retrieve(intent).state is IntentState.UNCONFIRMED
    assert sandbox.cancel(intent) == CANCELED
    assert sandbox.confirm(intent, "k", card(sandbox), "") == CANCELED
    assert sandbox.retrieve(intent) == CANCELED


def test_canceling_after_the_charge_tells_that_it_was_charged(sandbox):
    intent = intent_of(sandbox, "k", 500)
    sandbox.confirm(intent, "k", card(sandbox), "")
    assert sandbox.cancel(intent) == SUCCEEDED


def test_threads_confirming_one_key_get_one_answer(sandbox):
    intent = intent_of(sandbox, "k", 500)
    tokens = [card(sandbox, number) for number in (VISA, DECLINED) * 4]
    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(lambda token: sandbox.confirm(intent, "k", token, ""), tokens))
    assert len(outcomes) == 1
    assert outcomes == {sandbox.retrieve(intent)}


def test_the_slow_card_keeps_only_its_own_buyer_waiting(sandbox):
    intent, other = intent_of(sandbox, "k", 500), intent_of(sandbox, "k2", 500)
    slow, quick = card(sandbox, "4000000000000077"), card(sandbox)
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(sandbox.confirm, intent, "k", slow, "")
        while sandbox.retrieve(intent) != SUCCEEDED:
            pass
        assert sandbox.confirm(other, "k2", quick, "") == SUCCEEDED
        assert not answer.done()
        assert answer.result() == SUCCEEDED
    assert time.monotonic() - began >= 1


def test_a_stored_card_has_one_lasting_token(sandbox):
    token = card(sandbox)
    stored = stored_from(sandbox, token)
    assert stored == stored_from(sandbox, token) != token
    assert sandbox.describe(stored) == sandbox.describe(token)


def test_unknown_tokens_and_intents_are_errors(sandbox):
    with pytest.raises(UnknownToken):
        sandbox.describe("tok_invented")
    with pytest.raises(UnknownToken):
        stored_from(sandbox, "tok_invented")
    with pytest.raises(UnknownToken):
        sandbox.update_card("card_invented", expiry_month=1, expiry_year=2030, postcode="99362")
    with pytest.raises(ProcessorUnavailable):
        sandbox.retrieve("int_invented")


def test_an_unknown_card_is_declined_when_charged(sandbox):
    outcome = sandbox.confirm(intent_of(sandbox, "k", 500), "k", "tok_invented", "")
    assert outcome == Outcome(IntentState.FAILED, Failure.DECLINED)


@pytest.mark.parametrize(("cvv", "failure"), [("000", Failure.WRONG_CVV), ("0000", Failure.WRONG_CVV), ("737", None)])
def test_a_reentered_cvv_of_zeros_is_wrong(sandbox, cvv, failure):
    cvc_token = sandbox.tokenize_cvv(cvv)
    assert sandbox.confirm(intent_of(sandbox, "k", 500), "k", card(sandbox), cvc_token).failure == failure


def test_the_page_lists_every_number_that_is_taken(database):
    listed = [card.number.replace(" ", "") for card in processor.test_cards()]
    assert listed == [published.number for published in TEST_CARDS]
    assert all(card.explanation for card in processor.test_cards())


def test_the_form_answers_with_a_token_and_what_people_recognise(client):
    reply = client.post("/sandbox/tokens", json=FORM)
    assert reply.status_code == 200
    assert {key: value for key, value in reply.json().items() if key != "token"} == {
        "brand": "visa",
        "last_four": "4242",
    }
    assert processor.current().describe(reply.json()["token"]).postcode == "99362"


def test_the_form_for_a_cvv_answers_with_a_token(client):
    assert client.post("/sandbox/cvc-tokens", json={"cvv": "737"}).json()["token"].startswith("cvc_")
    reply = client.post("/sandbox/cvc-tokens", json={"cvv": "73"})
    assert (reply.status_code, set(reply.json()["fields"])) == (422, {"cvv"})


def test_a_wrong_form_is_answered_field_by_field(client):
    reply = client.post("/sandbox/tokens", json={})
    assert reply.status_code == 422
    assert set(reply.json()["fields"]) == {"number", "expiry", "cvv", "postcode"}


def test_a_body_beyond_four_kilobytes_is_refused(client):
    assert client.post("/sandbox/tokens", content=b"x" * 4097).status_code == 413


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"4242"', b"[" * 4000, b'{"number": 4242}', b'{"number": null}', b"\xff\xfe"],
)
def test_what_is_no_card_form_is_refused(client, body):
    assert client.post("/sandbox/tokens", content=body).status_code == 400


TEXT = st.text(max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200), st.fixed_dictionaries({"number": TEXT, "expiry": TEXT, "cvv": TEXT, "postcode": TEXT})
    )
)
@example(b'{"number": "\\ud800"}')
@example({"number": "\x00", "expiry": "1/2\x00", "cvv": "\x00", "postcode": "\x00"})
def test_no_input_makes_the_form_fail(client, body):
    given = {"content": body} if isinstance(body, bytes) else {"json": body}
    assert client.post("/sandbox/tokens", **given).status_code in (400, 422)


def test_nothing_that_was_typed_is_logged(client, caplog):
    caplog.set_level("DEBUG")
    for number in (VISA, REAL):
        client.post("/sandbox/tokens", json=FORM | {"number": number})
    assert VISA not in caplog.text
    assert REAL not in caplog.text
