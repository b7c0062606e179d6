"""`rxconnect run` as operators meet it: a second start, a busy port, and a stop."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.actions import new_family, sign_in
from tests.e2e.servers import free_port, start, wait_until_healthy


def test_a_second_start_on_the_same_data_serves_and_stops_when_asked(app_url: str, app_data: Path):
    port, log = free_port(), app_data / "second.log"
    server = start(app_data, port, log)
    try:
        wait_until_healthy(f"http://localhost:{port}", server, log)
    finally:
        server.terminate()
    assert server.wait(timeout=5) == 0


def test_a_busy_port_ends_the_start_with_a_sentence(app_url: str, app_data: Path):
    port = int(app_url.rpartition(":")[2])
    log = app_data / "refused.log"
    assert start(app_data, port, log).wait(timeout=30) == 1
    assert f"port {port}" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_an_operators_new_account_signs_in_through_the_form(desktop: Page):
    sign_in(desktop, new_family("Ada Young").email)
    expect(desktop.get_by_role("main")).to_contain_text("Ada")


def test_an_operators_new_account_signs_in_on_a_phone(phone: Page):
    sign_in(phone, new_family("Ada Young").email)
    expect(phone.get_by_role("main")).to_contain_text("Ada")
