"""The edge where requests enter: each is in a world, whatever the task that it comes in was in before."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect import db, world
from rxconnect.payments import sandbox_bank, sandbox_routes
from rxconnect.services.accounts import accounts
from tests.api.conftest import ADDRESS, PASSWORD
from tests.api.test_account_forms import is_signed_in, sign_in
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET


def test_a_request_is_in_the_installations_own_world_whatever_was_bound_before(visitor, sam):
    other = world.open_copy(db.template_database())
    with other.bound():
        db.write(accounts.create_account, email="rosa@example.com", name="Rosa", password=PASSWORD, verified=True)
        client = visitor()
        sign_in(client)
        assert is_signed_in(client)
        stranger = visitor()
        sign_in(stranger, email="rosa@example.com")
        assert not is_signed_in(stranger)


def test_beside_stripe_the_sandbox_answers_in_the_worlds_where_it_is_used(database, setting):
    setting(
        processor="stripe",
        stripe_secret_key=SECRET_KEY,
        stripe_publishable_key=PUBLISHABLE_KEY,
        stripe_webhook_secret=WEBHOOK_SECRET,
    )
    other = world.open_copy(db.template_database())
    client = TestClient(Starlette(routes=[*sandbox_routes.ROUTES, *sandbox_bank.ROUTES]), base_url=ADDRESS)
    with other.bound():
        assert client.post("/sandbox/cvc-tokens", json={"cvv": "737"}).json()["token"].startswith("cvc_")
        assert client.get("/sandbox/bank/int_1").status_code == 200
    assert client.post("/sandbox/cvc-tokens", json={"cvv": "737"}).status_code == 404
    assert not (database / "sandbox.db").exists()
