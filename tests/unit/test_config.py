"""Settings: typed, and refused with a sentence that names the variable."""

from pathlib import Path

import pytest

from rxconnect.config import Mode, Settings, SettingsError, settings


@pytest.fixture(autouse=True)
def _only_these_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RXCONNECT_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_nothing_has_to_be_set_for_a_demonstration(tmp_path):
    chosen = settings()
    assert chosen.is_demo
    assert chosen.database == f"sqlite:///{tmp_path}/data/rxconnect.db"
    assert chosen.origin == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "zero"),
        ("PORT", "70000"),
        ("MODE", "demonstration"),
        ("DATABASE_URL", "mysql://localhost/rxconnect"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "localhost:6379"),
        ("PUBLIC_URL", "messages.example.org"),
        ("PUBLIC_URL", "https://example.org/messages"),
        ("SMTP_URL", "mail.example.org"),
        ("SECRET_KEY", "short"),
        ("PROCESSOR", "paypal"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(f"RXCONNECT_{name}", value)
    with pytest.raises(SettingsError, match=rf"^RXCONNECT_{name} is wrong: "):
        settings()


def test_every_wrong_setting_gets_its_own_sentence(monkeypatch):
    monkeypatch.setenv("RXCONNECT_PORT", "zero")
    monkeypatch.setenv("RXCONNECT_MODE", "both")
    with pytest.raises(SettingsError) as refused:
        settings()
    assert len(str(refused.value).splitlines()) == 2


def test_a_refusal_never_repeats_the_secret(monkeypatch):
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", "hunter2")
    with pytest.raises(SettingsError) as refused:
        settings()
    assert "hunter2" not in str(refused.value)


def test_production_refuses_the_published_secret(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    with pytest.raises(SettingsError, match="RXCONNECT_SECRET_KEY must be set"):
        settings()


def test_production_refuses_the_sandbox_processor(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", "a secret of our very own")
    with pytest.raises(SettingsError, match="sandbox card processor"):
        settings()


def test_production_refuses_to_be_without_a_mail_server(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", "a secret of one's own")
    with pytest.raises(SettingsError, match="RXCONNECT_SMTP_URL"):
        settings()


def test_a_database_file_is_the_same_from_every_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("RXCONNECT_DATABASE_URL", "sqlite:///here.db")
    assert settings().database == f"sqlite:///{tmp_path}/here.db"


def test_a_server_for_the_whole_network_still_works_in_its_own_browser(monkeypatch):
    monkeypatch.setenv("RXCONNECT_HOST", "0.0.0.0")
    assert settings().origins == ["http://127.0.0.1:8000", "http://localhost:8000"]


def test_a_public_address_decides_what_links_and_cookies_say(monkeypatch):
    monkeypatch.setenv("RXCONNECT_PUBLIC_URL", "https://messages.example.org/")
    assert settings().origin == "https://messages.example.org"
    assert settings().is_https
    assert settings().mode is Mode.DEMO


def test_a_postgresql_address_is_given_our_driver(monkeypatch):
    monkeypatch.setenv("RXCONNECT_DATABASE_URL", "postgresql://someone@db/rxconnect")
    assert settings().database == "postgresql+psycopg://someone@db/rxconnect"
