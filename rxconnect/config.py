"""Every setting, typed, read from `RXCONNECT_…` environment variables and refused at boot with a clear sentence."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rxconnect import i18n

DEMO_SECRET = "demo-secret-not-for-production"  # noqa: S105 - refused in production, below
# A secret from `openssl rand` has 44 characters, about 30 of them different. A repeated word has only a few.
_SECRET_LENGTH, _DIFFERENT_IN_SECRET = 32, 10
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DEMO_PASSWORD = "rxconnect-demo"  # noqa: S105 - the published password of the demonstration world


class Mode(StrEnum):
    """`demo` shows the product with invented people; `production` refuses everything made for the demonstration."""

    DEMO = "demo"
    PRODUCTION = "production"


class ProcessorName(StrEnum):
    """Which card processor is behind the payment pages."""

    SANDBOX = "sandbox"
    STRIPE = "stripe"


class SettingsError(Exception):
    """Settings are wrong. The message has one clear sentence for each."""


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(env_prefix="RXCONNECT_", frozen=True, extra="ignore")

    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    host: str = "127.0.0.1"
    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    secret_key: Annotated[str, Field(min_length=16)] = DEMO_SECRET
    mode: Mode = Mode.DEMO
    public_url: str = ""
    languages: str = ""
    smtp_url: str = ""
    operator_email: str = ""
    clamd: str = ""
    s3_bucket: str = ""
    s3_endpoint: str = ""
    s3_region: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = "us-east-1"
    s3_key_id: Annotated[str, Field(repr=False)] = ""
    s3_secret_key: Annotated[str, Field(repr=False)] = ""
    push_key: Annotated[str, Field(repr=False)] = ""
    processor: ProcessorName = ProcessorName.SANDBOX
    stripe_secret_key: Annotated[str, Field(repr=False)] = ""
    stripe_publishable_key: str = ""
    stripe_webhook_secret: Annotated[str, Field(repr=False)] = ""
    stripe_api_base: str = ""
    # 0 means automatic: one worker, or several if Redis lets them share sessions.
    workers: Annotated[int, Field(ge=0, le=64)] = 0
    worker_memory: Annotated[int, Field(ge=256, le=1_000_000)] = 1024
    pool_size: Annotated[int, Field(ge=2, le=100)] = 10
    pool_timeout: Annotated[float, Field(gt=0, le=30)] = 2.0
    connect_timeout: Annotated[int, Field(ge=2, le=60)] = 2
    statement_timeout: Annotated[float, Field(ge=0.1, le=600)] = 10.0
    # Minutes without a press after which staff are signed out. 30 is the most that CJIS allows.
    staff_idle: Annotated[float, Field(ge=0.1, le=30)] = 30.0
    # Seconds without a press after which a kiosk signs its user out.
    kiosk_idle: Annotated[int, Field(ge=5, le=600)] = 120

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        try:
            return value.expanduser().resolve()
        except RuntimeError:
            raise ValueError("begins with the home of somebody who is not known here") from None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and value.partition(":")[0].split("+")[0] not in ("sqlite", "postgresql"):
            raise ValueError("must start with sqlite:/// or postgresql://")
        if value.startswith("sqlite"):
            file = value.partition(":///")[2]
            if not file or file == ":memory:":
                raise ValueError("must name a file, like sqlite:////var/lib/rxconnect/rxconnect.db")
            # The path is absolute, because commands and the server may run in different folders.
            return f"sqlite:///{Path(file).expanduser().resolve()}"
        if value and not _is_address_of_a_database(value):
            raise ValueError("must look like postgresql://user:password@db.example.org:5432/rxconnect")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str) -> str:
        if value and _url_parts(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must look like redis://redis.example.org:6379, or start with rediss:// or unix://")
        return value

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = _url_parts(value)
        if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/")):
            raise ValueError("must be an address like https://messages.example.org, without a path")
        return value.rstrip("/")

    @field_validator("languages")
    @classmethod
    def _with_a_catalog(cls, value: str) -> str:
        known = [*i18n.available_languages(), *i18n.PSEUDO_LANGUAGES]
        if unknown := [language for language in _split_at_commas(value) if language not in known]:
            raise ValueError(f"names {unknown[0]}, and the languages that we have are {', '.join(known)}")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        parts = _url_parts(value)
        if value and (parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname):
            raise ValueError("must look like smtp://user:password@mail.example.org:587")
        return value

    @field_validator("clamd")
    @classmethod
    def _scanner(cls, value: str) -> str:
        parts = _url_parts(value)
        is_address = (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)
        if value and not is_address:
            raise ValueError("must look like unix:///run/clamav/clamd.ctl or tcp://scanner.example.org:3310")
        return value

    @field_validator("s3_bucket")
    @classmethod
    def _bucket(cls, value: str) -> str:
        if value and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
            raise ValueError("must be the name of a bucket, such as rxconnect-photos")
        return value

    @field_validator("s3_endpoint")
    @classmethod
    def _address_of_s3(cls, value: str) -> str:
        parts = _url_parts(value)
        is_address = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        if value and (not is_address or parts.path not in ("", "/") or parts.query):
            raise ValueError("must be an address like https://s3.example.org:9000, without a path")
        return value.rstrip("/")

    @field_validator("operator_email")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        local, _, host = value.strip().rpartition("@")
        if value and (not local or not host or " " in value.strip()):
            raise ValueError("must be an address like operator@example.org")
        return value.strip()

    @field_validator("push_key")
    @classmethod
    def _key_of_pushes(cls, value: str) -> str:
        if value and not _is_private_key(value):
            raise ValueError("must be a key that the command push keys --show prints")
        return value

    @field_validator("stripe_secret_key")
    @classmethod
    def _secret_key_of_stripe(cls, value: str) -> str:
        # A restricted key (rk_) has fewer permissions, and is the better choice.
        if value and not value.startswith(("sk_test_", "rk_test_", "sk_live_", "rk_live_")):
            raise ValueError("must be a secret or restricted key of Stripe, which begins with sk_ or rk_")
        return value

    @field_validator("stripe_publishable_key")
    @classmethod
    def _publishable_key_of_stripe(cls, value: str) -> str:
        if value and not value.startswith(("pk_test_", "pk_live_")):
            raise ValueError("must be a publishable key of Stripe, which begins with pk_test_ or pk_live_")
        return value

    @field_validator("stripe_webhook_secret")
    @classmethod
    def _webhook_secret_of_stripe(cls, value: str) -> str:
        if value and not value.startswith("whsec_"):
            raise ValueError("must be the signing secret of a webhook endpoint, which begins with whsec_")
        return value

    @field_validator("stripe_api_base")
    @classmethod
    def _stand_in_on_this_machine(cls, value: str) -> str:
        parts = _url_parts(value)
        is_here = parts.hostname in ("127.0.0.1", "localhost", "::1") and parts.scheme in ("http", "https")
        if value and not (is_here and parts.path in ("", "/") and not parts.query):
            raise ValueError("is only for a stand-in on this very machine, like http://127.0.0.1:8420")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _settings_fit_together(self) -> Settings:
        refusals = self._refusals_of_production() if self.mode is Mode.PRODUCTION else []
        if self.workers > 1 and not self.redis_url:
            refusals.append(
                "RXCONNECT_WORKERS must be 1 without RXCONNECT_REDIS_URL, in which workers share what a session is."
            )
        if self.processor is ProcessorName.STRIPE:
            refusals += self._refusals_of_stripe()
        if self.s3_bucket and not (self.s3_key_id and self.s3_secret_key):
            refusals.append("RXCONNECT_S3_KEY_ID and RXCONNECT_S3_SECRET_KEY must be set when RXCONNECT_S3_BUCKET is.")
        if refusals:
            raise ValueError("\n".join(refusals))
        return self

    def _refusals_of_production(self) -> list[str]:
        """The settings that production refuses: those for the demonstration, and missing ones."""
        refusals = [sentence for sentence in (self._refusal_of_secret(), self._refusal_of_address()) if sentence]
        if not self.smtp_url:
            refusals.append(
                "RXCONNECT_SMTP_URL must name a mail server in production, or nobody could reset a password."
            )
        if self.processor is ProcessorName.SANDBOX:
            refusals.append(
                "The sandbox card processor takes no real money, so production refuses to start with it. "
                "Set RXCONNECT_PROCESSOR=stripe."
            )
        if self.s3_bucket and _is_read_on_its_way(self.s3_address):
            refusals.append(
                "RXCONNECT_S3_ENDPOINT must begin with https:// in production, or photos could be seen on their way."
            )
        if self.processor is ProcessorName.STRIPE and self.stripe_api_base:
            refusals.append(
                "RXCONNECT_STRIPE_API_BASE names a stand-in that takes no real money: unset it in production."
            )
        return refusals

    def _refusal_of_secret(self) -> str:
        """The reason why the secret is too weak; "" if it is not."""
        if self.secret_key == DEMO_SECRET:
            return "RXCONNECT_SECRET_KEY must be set to a secret of your own in production."
        if len(self.secret_key) < _SECRET_LENGTH:
            return (
                f"RXCONNECT_SECRET_KEY must have at least {_SECRET_LENGTH} characters in production: "
                "openssl rand -base64 32 makes one."
            )
        if len(set(self.secret_key)) < _DIFFERENT_IN_SECRET:
            return (
                "RXCONNECT_SECRET_KEY repeats too few different characters to be a secret: "
                "openssl rand -base64 32 makes one."
            )
        return ""

    def _refusal_of_address(self) -> str:
        """The reason why links in emails would not work, or not safely; "" if they do."""
        if not self.public_url and not is_loopback(self.host):
            return (
                "RXCONNECT_HOST lets other machines in, so RXCONNECT_PUBLIC_URL must say in production "
                "which address people type, such as https://messages.example.org."
            )
        if not self.public_url:
            return (
                "RXCONNECT_PUBLIC_URL must say in production which address people type, such as "
                "https://messages.example.org, or the links in emails would lead to this machine."
            )
        if _is_read_on_its_way(self.public_url):
            return (
                "RXCONNECT_PUBLIC_URL must begin with https:// in production, or passwords and letters could be read "
                "on their way."
            )
        return ""

    def _refusals_of_stripe(self) -> list[str]:
        """The missing settings of Stripe, live keys in the demonstration, and test keys in production."""
        keys = {
            "RXCONNECT_STRIPE_SECRET_KEY": self.stripe_secret_key,
            "RXCONNECT_STRIPE_PUBLISHABLE_KEY": self.stripe_publishable_key,
            "RXCONNECT_STRIPE_WEBHOOK_SECRET": self.stripe_webhook_secret,
        }
        refusals = [f"{name} must be set when the processor is stripe." for name, value in keys.items() if not value]
        is_production = self.mode is Mode.PRODUCTION
        for name, value in keys.items():
            if is_production and "_test_" in value[:8]:
                refusals.append(f"{name} is a test key, which takes no real money: production needs a live one.")
            if not is_production and "_live_" in value[:8]:
                refusals.append(f"{name} is a live key, which takes real money: the demonstration needs a test one.")
        return refusals

    @property
    def spoken(self) -> list[str]:
        """The languages that people may choose from. The first one is the default."""
        return _split_at_commas(self.languages) or i18n.available_languages()

    @property
    def is_demo(self) -> bool:
        """Whether this is the demonstration."""
        return self.mode is Mode.DEMO

    @property
    def s3_address(self) -> str:
        """Where the bucket of photos is: the given server, or Amazon's in the region."""
        return self.s3_endpoint or f"https://s3.{self.s3_region}.amazonaws.com"

    @property
    def worker_count(self) -> int:
        """The number of worker processes."""
        return self.workers or (min(2 * (os.cpu_count() or 1) + 1, 8) if self.redis_url else 1)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database: the given one, or an SQLite file in the data directory."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'rxconnect.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def origin(self) -> str:
        """The public URL, without a trailing slash, for links in emails and for the socket's origin."""
        # Browsers allow no passkey for a number such as 127.0.0.1.
        is_local = self.listens_everywhere or self.host == "127.0.0.1"
        return self.public_url or f"http://{'localhost' if is_local else self.host}:{self.port}"

    @property
    def origins(self) -> list[str]:
        """Every origin that our pages may be loaded from. On a local machine these are `localhost` and `127.0.0.1`."""
        if self.origin == f"http://localhost:{self.port}":
            return [self.origin, self.numeric_origin]
        return [self.origin]

    @property
    def numeric_origin(self) -> str:
        """Where a local installation can be reached too, as a number."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def listens_everywhere(self) -> bool:
        """Whether the server listens on all network interfaces."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS, so that cookies may require it."""
        return self.origin.startswith("https://")


def _is_private_key(text: str) -> bool:
    """Whether the text is 32 bytes as base64url, and a private key of the curve P-256."""
    try:
        raw = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
    except ValueError:
        return False
    return len(raw) == 32 and 0 < int.from_bytes(raw, "big") < _ORDER_OF_P256


_in_use: Settings | None = None


def settings() -> Settings:
    """The settings of this process, read once. Raises `SettingsError`, as `read_settings` does."""
    global _in_use  # noqa: PLW0603 - of the whole process
    if _in_use is None:
        _in_use = read_settings()
    return _in_use


@contextmanager
def using(chosen: Settings | None) -> Iterator[None]:
    """Make `settings()` return `chosen` inside the block, or for None read the environment again there: for tests."""
    global _in_use  # noqa: PLW0603
    before, _in_use = _in_use, chosen
    try:
        yield
    finally:
        _in_use = before


def read_settings(**given: Any) -> Settings:
    """Read the settings from the environment, except those that are `given`.

    Raises `SettingsError` with one sentence for each wrong setting.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(e)) for e in error.errors())) from None


# Our sentences for Pydantic's errors, by its names for them. Our own validators word all other errors.
_IN_OUR_WORDS = {
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of fewer digits",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must have at least {min_length} characters",
    "enum": "must be {expected}",
    "string_pattern_mismatch": "must be small letters, digits and hyphens, such as us-east-1",
}


def _sentence(error: dict) -> str:
    """A Pydantic error as a sentence that names the environment variable."""
    ours = _IN_OUR_WORDS.get(error["type"], "")
    message = ours.format(**error.get("ctx", {})) or str(error["msg"]).removeprefix("Value error, ")
    if not error["loc"]:
        return message
    return f"RXCONNECT_{str(error['loc'][0]).upper()} is wrong: {message[0].lower()}{message[1:].rstrip('.')}."


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_read_on_its_way(address: str) -> bool:
    """Whether others could read what goes to this address: it is without TLS, and on another machine."""
    parts = _url_parts(address)
    return parts.scheme != "https" and not is_loopback(parts.hostname or "")


def _split_at_commas(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _url_parts(value: str) -> SplitResult:
    """The parts of a URL. They are empty when it, or its port, cannot be parsed.

    Python's own error message is dropped, because it may repeat a password.
    """
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _is_address_of_a_database(value: str) -> bool:
    """Whether SQLAlchemy can parse the URL. Unlike `urlsplit`, it accepts a password that contains # or /."""
    # Imported here, because few installations set one.
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(value)
    except (ArgumentError, ValueError):
        return False
    return True
