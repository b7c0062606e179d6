"""The log: one line an event, escaped and bounded, so many a minute, and the rest counted."""

from __future__ import annotations

import json
import logging
import os
import threading

import pytest
import structlog

from rxconnect import logs
from rxconnect.scheduler import Failures

NASTY = "\x1b[31mred\x07\r\n2026-01-01 [error] invented\u2028\u202e\0" * 5_000


@pytest.fixture
def production(setting):
    """JSON lines, as production writes them."""
    setting(
        mode="production",
        secret_key="correct horse battery staple of our own, 7",
        smtp_url="smtp://mail.example.org",
        public_url="https://messages.example.org",
        processor="stripe",
        stripe_secret_key="rk_live_1",
        stripe_publishable_key="pk_live_1",
        stripe_webhook_secret="whsec_1",
    )


@pytest.fixture
def lines(capsys):
    """`lines()` is what was written since the last call."""
    logs.configure_logging()
    logs.begin_request()
    capsys.readouterr()  # what was left out of the lines of an earlier test
    return lambda: [line for line in capsys.readouterr().out.splitlines() if line]


log = structlog.get_logger()


def raise_from_deep(depth=50):
    if depth:
        raise_from_deep(depth - 1)
    try:
        json.loads("{")
    except ValueError as error:
        raise RuntimeError(f"it said {NASTY}") from error


def caught():
    try:
        raise_from_deep()
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_whatever_is_logged_is_one_short_line_without_control_characters(request, lines, mode):
    if mode == "production":
        request.getfixturevalue("production")
    log.warning(
        "a browser failed", said=NASTY, also=NASTY, more={NASTY: NASTY}, **{f"field{n}": NASTY for n in range(9)}
    )
    log.error(NASTY, exc_info=caught())
    logging.getLogger("engineio.server").error("bad %s", NASTY, exc_info=caught())
    logging.getLogger("sqlalchemy.pool").warning(NASTY)
    logging.getLogger("_granian").error(NASTY)
    logging.getLogger("reflex.app").error(NASTY)
    written = lines()
    assert len(written) == 6
    assert all(line.isprintable() and len(line.encode()) <= logs.MOST_BYTES for line in written)
    assert not any(line.startswith("2026-01-01 ") for line in written)
    if mode == "production":
        assert all(json.loads(line)["worker"] == os.getpid() for line in written)


def test_half_a_character_can_be_written():
    assert logs._printable("a\ud800b", 100) == "a\\ud800b"


def test_a_line_says_when_how_grave_who_and_under_which_reference(production, lines):
    logs.begin_request(request="ab12", address="203.0.113.9")
    logs.add_facts(account=7)
    log.error("unexpected error", reference="1A2B3C4D")
    (line,) = lines()
    told = json.loads(line)
    assert told.pop("time").endswith("Z")
    assert told == {
        "level": "error",
        "worker": os.getpid(),
        "event": "unexpected error",
        "request": "ab12",
        "account": 7,
        "reference": "1A2B3C4D",
    }


def test_what_a_thread_learns_of_its_request_is_in_the_lines_of_the_others(lines):
    import contextvars

    logs.begin_request(request="ab12")
    thread = threading.Thread(target=contextvars.copy_context().run, args=(lambda: logs.add_facts(account=7),))
    thread.start()
    thread.join()
    log.warning("done")
    assert "account=7" in lines()[0]


def test_an_exception_says_what_it_was_where_and_because_of_what(lines):
    log.error("unexpected error", exc_info=caught())
    (line,) = lines()
    assert "RuntimeError: it said" in line
    assert "test_logs.py" in line
    assert "because of JSONDecodeError" in line


def test_one_address_can_only_write_so_much_and_the_rest_is_counted(lines):
    for _ in range(200):
        logs.begin_request(address="203.0.113.9")
        log.warning("a browser failed")
    logs.begin_request(address="203.0.113.10")
    log.warning("a browser failed")
    written = lines()
    assert len(written) == logs.PER_ADDRESS + 1
    handler_of_ours().next_minute()
    assert lines()[0].count(f"and {200 - logs.PER_ADDRESS} more: a browser failed") == 1


def test_one_kind_of_line_keeps_no_other_out(lines):
    for number in range(500):
        logs.begin_request(address=f"203.0.113.{number}")
        log.warning("a browser failed")
    log.error("job failed")
    written = lines()
    assert len(written) == logs.PER_KIND + 1
    assert "job failed" in written[-1]


def test_all_kinds_together_are_bounded_too(lines):
    for number in range(3_000):
        logging.getLogger(f"library.{number % 100}").error("trouble")
    assert len(lines()) == logs.IN_ALL


def test_what_was_left_out_is_said_when_the_process_ends(lines):
    for _ in range(100):
        log.warning("a browser failed")
    lines()
    logs.configure_logging()
    assert f"and {100 - logs.PER_KIND} more: a browser failed" in lines()[0]


def test_a_job_that_keeps_failing_says_so_once_and_then_how_often_and_when_it_works_again(lines):
    failures = Failures("emails")
    for _ in range(250):
        failures.record_failure(RuntimeError("no database"))
    failures.record_success()
    failures.record_success()
    written = lines()
    assert [f"times={line.split('times=')[1].split()[0]} " for line in written[:-1]] == [
        "times=1 ",
        "times=10 ",
        "times=100 ",
    ]
    assert "job works again" in written[-1]
    assert "failed_before=250" in written[-1]


def handler_of_ours():
    return next(one for one in logging.getLogger().handlers if isinstance(one, logs.Lines))
