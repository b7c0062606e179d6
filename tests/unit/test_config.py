"""Settings: typed, and refused with a sentence that names the variable."""

from pathlib import Path

import pytest

from rxconnect.config import Mode, ProcessorName, Settings, SettingsError, read_settings

SECRET = "aJ4+Qx0yVb7mKp2sTn9eWd5hRg8cLf3u/Zi6oXw1vBk="


@pytest.fixture(autouse=True)
def _only_these_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RXCONNECT_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set_for_a_demonstration(tmp_path):
    chosen = read_settings()
    assert chosen.is_demo
    assert chosen.database == f"sqlite:///{tmp_path}/data/rxconnect.db"
    assert chosen.origin == "http://localhost:8000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "zero"),
        ("PORT", "70000"),
        ("MODE", "demonstration"),
        ("DATABASE_URL", "mysql://localhost/rxconnect"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://someone@db:port/rxconnect"),
        ("DATABASE_URL", "postgresql:rxconnect"),
        ("DATA_DIR", "~nobody-of-this-name/data"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost:port"),
        ("REDIS_URL", "redis://localhost:70000"),
        ("PUBLIC_URL", "messages.example.org"),
        ("LANGUAGES", "en,tlh"),
        ("PUBLIC_URL", "https://messages.example.org:port"),
        ("PUBLIC_URL", "https://[messages"),
        ("PUBLIC_URL", "https://example.org/messages"),
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "smtp://mail.example.org:port"),
        ("OPERATOR_EMAIL", "operator"),
        ("CLAMD", "clamd.example.org"),
        ("CLAMD", "unix:"),
        ("S3_BUCKET", "Photos"),
        ("S3_BUCKET", "a"),
        ("S3_ENDPOINT", "s3.example.org"),
        ("S3_ENDPOINT", "https://s3.example.org/photos"),
        ("S3_ENDPOINT", "https://key:secret@s3.example.org"),
        ("S3_REGION", "us east 1"),
        ("PUSH_KEY", "short"),
        ("PUSH_KEY", "A" * 43),
        ("PUSH_KEY", "_" * 43),
        ("SECRET_KEY", "short"),
        ("KIOSK_IDLE", "0"),
        ("KIOSK_IDLE", "two minutes"),
        ("PROCESSOR", "paypal"),
        ("STRIPE_SECRET_KEY", "pk_test_123"),
        ("STRIPE_PUBLISHABLE_KEY", "sk_test_123"),
        ("STRIPE_WEBHOOK_SECRET", "sk_test_123"),
        ("STRIPE_API_BASE", "https://api.stripe.com"),
        ("STRIPE_API_BASE", "http://127.0.0.1.evil.example"),
        ("STRIPE_API_BASE", "http://127.0.0.1@evil.example"),
        ("STRIPE_API_BASE", "http://127.0.0.1:8420/v1"),
        ("STRIPE_API_BASE", "http://127.0.0.1:8420?x=1"),
        ("STRIPE_API_BASE", "127.0.0.1:8420"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(f"RXCONNECT_{name}", value)
    with pytest.raises(SettingsError, match=rf"^RXCONNECT_{name} is wrong: "):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "abc", "must be a whole number."),
        ("PORT", "", "must be a whole number."),
        ("PORT", "9" * 5000, "must be a whole number of fewer digits."),
        ("PORT", "0", "must be at least 1."),
        ("PORT", "70000", "must be at most 65535."),
        ("SECRET_KEY", "short", "must have at least 16 characters."),
        ("MODE", "both", "must be 'demo' or 'production'."),
        ("PROCESSOR", "paypal", "must be 'sandbox' or 'stripe'."),
    ],
)
def test_a_setting_of_a_wrong_type_is_refused_in_our_own_words(monkeypatch, name, value, sentence):
    monkeypatch.setenv(f"RXCONNECT_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert str(refused.value) == f"RXCONNECT_{name} is wrong: {sentence}"


def test_a_database_takes_a_password_with_every_character(monkeypatch):
    monkeypatch.setenv("RXCONNECT_DATABASE_URL", "postgresql://someone:a#b/c?d@db:5432/rxconnect")
    assert read_settings().database.endswith("a#b/c?d@db:5432/rxconnect")


def test_every_wrong_setting_gets_its_own_sentence(monkeypatch):
    monkeypatch.setenv("RXCONNECT_PORT", "zero")
    monkeypatch.setenv("RXCONNECT_MODE", "both")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "hunter2"),
        ("PUSH_KEY", "hunter2"),
        ("SMTP_URL", "smtp://someone:hunter2@mail:port"),
        ("REDIS_URL", "redis://:hunter2@h\u2100ost"),
        ("DATABASE_URL", "postgresql://someone:hunter2@db:port/rxconnect"),
    ],
)
def test_a_refusal_never_repeats_the_secret(monkeypatch, name, value):
    monkeypatch.setenv(f"RXCONNECT_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)


def test_production_refuses_the_published_secret(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    with pytest.raises(SettingsError, match="RXCONNECT_SECRET_KEY must be set"):
        read_settings()


def test_production_refuses_the_sandbox_processor(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", SECRET)
    with pytest.raises(SettingsError, match="sandbox card processor"):
        read_settings()


STRIPE = {"SECRET_KEY": "sk_{}_123", "PUBLISHABLE_KEY": "pk_{}_123", "WEBHOOK_SECRET": "whsec_123"}


def choose_stripe(monkeypatch, keys, *without):
    monkeypatch.setenv("RXCONNECT_PROCESSOR", "stripe")
    for name, value in STRIPE.items():
        if name not in without:
            monkeypatch.setenv(f"RXCONNECT_STRIPE_{name}", value.format(keys))


def go_live(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", SECRET)
    monkeypatch.setenv("RXCONNECT_SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("RXCONNECT_PUBLIC_URL", "https://messages.example.org")


@pytest.mark.parametrize("missing", STRIPE)
def test_stripe_is_refused_without_each_of_its_keys(monkeypatch, missing):
    choose_stripe(monkeypatch, "test", missing)
    with pytest.raises(
        SettingsError, match=rf"^RXCONNECT_STRIPE_{missing} must be set when the processor is stripe\.$"
    ):
        read_settings()


def test_a_demonstration_takes_stripes_test_keys_and_a_stand_in(monkeypatch):
    choose_stripe(monkeypatch, "test")
    monkeypatch.setenv("RXCONNECT_STRIPE_API_BASE", "http://127.0.0.1:8420/")
    assert read_settings().processor is ProcessorName.STRIPE
    assert read_settings().stripe_api_base == "http://127.0.0.1:8420"


def test_a_demonstration_refuses_to_take_real_money(monkeypatch):
    choose_stripe(monkeypatch, "live")
    with pytest.raises(SettingsError, match="live key") as refused:
        read_settings()
    assert len(str(refused.value).splitlines()) == 2


def test_production_starts_with_stripes_live_keys(monkeypatch):
    go_live(monkeypatch)
    choose_stripe(monkeypatch, "live")
    assert not read_settings().is_demo


def test_production_refuses_test_keys_and_a_stand_in(monkeypatch):
    go_live(monkeypatch)
    choose_stripe(monkeypatch, "test")
    monkeypatch.setenv("RXCONNECT_STRIPE_API_BASE", "http://127.0.0.1:8420")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    sentences = str(refused.value).splitlines()
    assert [sentence.split()[0] for sentence in sentences] == [
        "RXCONNECT_STRIPE_API_BASE",
        "RXCONNECT_STRIPE_SECRET_KEY",
        "RXCONNECT_STRIPE_PUBLISHABLE_KEY",
    ]


def choose_bucket(monkeypatch, **more):
    chosen = {"S3_BUCKET": "rxconnect-photos", "S3_KEY_ID": "AKIA-name", "S3_SECRET_KEY": "the-secret"} | more
    for name, value in chosen.items():
        monkeypatch.setenv(f"RXCONNECT_{name}", value)


@pytest.mark.parametrize("missing", ["S3_KEY_ID", "S3_SECRET_KEY"])
def test_a_bucket_needs_both_of_its_keys(monkeypatch, missing):
    choose_bucket(monkeypatch, **{missing: ""})
    with pytest.raises(SettingsError, match="RXCONNECT_S3_KEY_ID and RXCONNECT_S3_SECRET_KEY must be set"):
        read_settings()


def test_a_bucket_is_amazons_or_on_a_server_of_ones_own_and_its_keys_are_not_shown(monkeypatch):
    choose_bucket(monkeypatch, S3_REGION="eu-west-1")
    assert read_settings().s3_address == "https://s3.eu-west-1.amazonaws.com"
    choose_bucket(monkeypatch, S3_ENDPOINT="http://127.0.0.1:9000/")
    chosen = read_settings()
    assert chosen.s3_address == "http://127.0.0.1:9000"
    assert not [key for key in ("AKIA", "the-secret") if key in repr(chosen)]


@pytest.mark.parametrize(
    ("endpoint", "is_refused"), [("http://s3.example.org", True), ("http://127.0.0.1:9000", False)]
)
def test_production_sends_no_photo_over_the_network_without_tls(monkeypatch, endpoint, is_refused):
    go_live(monkeypatch)
    choose_stripe(monkeypatch, "live")
    choose_bucket(monkeypatch, S3_ENDPOINT=endpoint)
    if is_refused:
        with pytest.raises(SettingsError, match="RXCONNECT_S3_ENDPOINT must begin with https://"):
            read_settings()
    else:
        assert read_settings().s3_bucket


def test_everything_that_production_lacks_is_told_at_once(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    choose_stripe(monkeypatch, "live", *STRIPE)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert len(str(refused.value).splitlines()) == 6


def test_a_restricted_key_of_stripe_is_as_good(monkeypatch):
    choose_stripe(monkeypatch, "test")
    monkeypatch.setenv("RXCONNECT_STRIPE_SECRET_KEY", "rk_test_123")
    assert read_settings().stripe_secret_key == "rk_test_123"


def test_settings_that_are_printed_hold_no_key_of_stripe(monkeypatch):
    choose_stripe(monkeypatch, "test")
    assert "sk_test_123" not in repr(read_settings())
    assert "whsec_123" not in repr(read_settings())


def test_a_refusal_repeats_no_key_of_stripe(monkeypatch):
    choose_stripe(monkeypatch, "live")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert "_123" not in str(refused.value)


def test_production_refuses_to_be_without_a_mail_server(monkeypatch):
    monkeypatch.setenv("RXCONNECT_MODE", "production")
    monkeypatch.setenv("RXCONNECT_SECRET_KEY", SECRET)
    with pytest.raises(SettingsError, match="RXCONNECT_SMTP_URL"):
        read_settings()


def test_a_database_file_is_the_same_from_every_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("RXCONNECT_DATABASE_URL", "sqlite:///here.db")
    assert read_settings().database == f"sqlite:///{tmp_path}/here.db"


def test_a_server_for_the_whole_network_still_works_in_its_own_browser(monkeypatch):
    monkeypatch.setenv("RXCONNECT_HOST", "0.0.0.0")
    assert read_settings().origins == ["http://localhost:8000", "http://127.0.0.1:8000"]


def test_a_public_address_decides_what_links_and_cookies_say(monkeypatch):
    monkeypatch.setenv("RXCONNECT_PUBLIC_URL", "https://messages.example.org/")
    assert read_settings().origin == "https://messages.example.org"
    assert read_settings().is_https
    assert read_settings().mode is Mode.DEMO


def test_a_postgresql_address_is_given_our_driver(monkeypatch):
    monkeypatch.setenv("RXCONNECT_DATABASE_URL", "postgresql://someone@db/rxconnect")
    assert read_settings().database == "postgresql+psycopg://someone@db/rxconnect"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", " " * 16, "must have at least 32 characters"),
        ("SECRET_KEY", SECRET[:31], "must have at least 32 characters"),
        ("SECRET_KEY", " " * 64, "too few different characters"),
        ("SECRET_KEY", "abcabcabc" * 8, "too few different characters"),
        ("PUBLIC_URL", "", "which address people type"),
        ("PUBLIC_URL", "http://messages.example.org", "must begin with https://"),
        ("PUBLIC_URL", "http://192.168.1.20:8000", "must begin with https://"),
    ],
)
def test_production_refuses_what_is_not_safe_in_a_sentence_of_its_own(monkeypatch, name, value, sentence):
    go_live(monkeypatch)
    choose_stripe(monkeypatch, "live")
    monkeypatch.setenv(f"RXCONNECT_{name}", value)
    with pytest.raises(SettingsError, match=rf"RXCONNECT_{name} .*{sentence}") as refused:
        read_settings()
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "messages.example.org"])
def test_production_lets_no_other_machine_in_without_its_address(monkeypatch, host):
    go_live(monkeypatch)
    choose_stripe(monkeypatch, "live")
    monkeypatch.setenv("RXCONNECT_HOST", host)
    assert read_settings().host == host
    monkeypatch.delenv("RXCONNECT_PUBLIC_URL")
    with pytest.raises(SettingsError, match=r"^RXCONNECT_HOST lets other machines in"):
        read_settings()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_production_may_be_tried_on_ones_own_machine(monkeypatch, url):
    go_live(monkeypatch)
    choose_stripe(monkeypatch, "live")
    monkeypatch.setenv("RXCONNECT_PUBLIC_URL", url)
    assert read_settings().origin == url


def test_several_processes_serve_only_with_redis_unless_told_otherwise(monkeypatch):
    assert Settings().worker_count == 1
    assert Settings(redis_url="redis://localhost:6379").worker_count > 1
    assert Settings(redis_url="redis://localhost:6379", workers=2).worker_count == 2


def test_several_processes_without_redis_are_refused(monkeypatch):
    monkeypatch.setenv("RXCONNECT_WORKERS", "2")
    with pytest.raises(SettingsError, match="RXCONNECT_REDIS_URL"):
        read_settings()
