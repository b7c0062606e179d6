"""The log: one escaped line for each event, of at most two kilobytes. A rate limit counts further lines instead.

It writes JSON lines in production, and plain ones in the demonstration. The logs of the framework, the server and the
libraries pass through it too. Lines contain account ids, but never the text of messages.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import time
import traceback
from collections import Counter
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict

from rxconnect.config import settings

MOST_BYTES = 2_000
# The most lines in a minute: from one IP address, of one kind (such as one exception), and in all.
PER_ADDRESS, PER_KIND, IN_ALL = 30, 60, 600
_MINUTE = 60.0
_TEXT, _ERROR, _CAUSES, _FRAMES = 500, 1_300, 4, 8
_INSTALLED = re.compile(r".*/(site-packages|python3\.\d+)/")
_OURS = str(Path(__file__).parent.parent) + os.sep
# These loggers install their own handlers.
_THEIRS = ("_granian", "granian.access", "engineio.server", "socketio.server", "reflex")

# The facts about the current request or event. All of its threads and tasks share one mapping, so that a fact that one
# of them adds is in the lines of the others.
_known: ContextVar[dict[str, Any] | None] = ContextVar("known", default=None)
# The facts of the latest events, by event id: an error is logged by a task that has only the id.
_of_events: dict[str, dict[str, Any]] = {}
_MOST_EVENTS = 1_000


def begin_request(**facts: Any) -> None:
    """Start a request: `facts` are in each of its lines. `address` is only for the rate limit, and never logged."""
    _known.set(facts)


def begin_event(event_id: str, **facts: Any) -> None:
    """Like `begin_request`, for an event."""
    begin_request(event_id=event_id, **facts)
    while len(_of_events) >= _MOST_EVENTS:
        del _of_events[next(iter(_of_events))]
    _of_events[event_id] = _known.get() or {}


def resume_event(event_id: str) -> None:
    """Continue this event in another task."""
    _known.set(_of_events.get(event_id, {"event_id": event_id}))


def add_facts(**facts: Any) -> None:
    """Add facts to the lines of the current request or event."""
    if (known := _known.get()) is not None:
        known.update(facts)


def configure_logging() -> None:
    """Set up logging for this process."""
    for name in _THEIRS:
        theirs = logging.getLogger(name)
        theirs.handlers.clear()
        theirs.propagate = True
        theirs.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for name in ("rxconnect", "__main__"):
        logging.getLogger(name).setLevel(logging.INFO)
    for handler in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(Lines())
    logging.captureWarnings(capture=True)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[structlog.stdlib.add_log_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class Lines(logging.StreamHandler):
    """A handler that writes one line for each record to the standard output, within the rate limits."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        self.setFormatter(
            ProcessorFormatter(
                foreign_pre_chain=[structlog.stdlib.add_log_level, _name_of_logger],
                processors=[_render_line],
            )
        )
        self._began = time.monotonic()
        self._written: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._timer: threading.Timer | None = None

    @property
    def stream(self) -> TextIO:
        """The current `sys.stdout`, which tests and commands may replace."""
        return sys.stdout

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        pass

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, or count it. Called under the handler's lock."""
        if time.monotonic() - self._began >= _MINUTE:
            self.next_minute()
        kind = _kind_of_line(record)
        address = (_known.get() or {}).get("address", "")
        bounds = {"": IN_ALL, f"kind {kind}": PER_KIND} | ({f"address {address}": PER_ADDRESS} if address else {})
        if any(self._written[key] >= most for key, most in bounds.items()):
            self._left_out[kind] += 1
            self._schedule_summary()
            return
        self._written.update(bounds.keys())
        super().emit(record)

    def next_minute(self) -> None:
        """Log how many lines were left out, and reset the counters."""
        left_out, self._left_out, self._written = self._left_out, Counter(), Counter()
        self._began = time.monotonic()
        kinds = left_out.most_common(20)
        if others := sum(left_out.values()) - sum(count for _, count in kinds):
            kinds.append(("others", others))
        for kind, count in kinds:
            record = logging.makeLogRecord(
                {
                    "name": __name__,
                    "levelno": logging.WARNING,
                    "levelname": "WARNING",
                    "msg": f"and {count:,} more: {kind}",
                }
            )
            super().emit(record)

    def close(self) -> None:
        """Log how many lines were left out, before the process ends."""
        if self._timer:
            self._timer.cancel()
        self._log_summary()
        super().close()

    def _schedule_summary(self) -> None:
        if self._timer is None or not self._timer.is_alive():
            self._timer = threading.Timer(max(0.0, _MINUTE - (time.monotonic() - self._began)), self._log_summary)
            self._timer.daemon = True
            self._timer.start()

    def _log_summary(self) -> None:
        self.acquire()
        try:
            self.next_minute()
        finally:
            self.release()


def _kind_of_line(record: logging.LogRecord) -> str:
    """The kind of a line, for the rate limit: our event and its exception, or the name and level of another logger."""
    if not isinstance(record.msg, dict):
        return f"{record.name} {record.levelname.lower()}"
    error = record.msg.get("exc_info")
    return f"{record.msg.get('event')}{f' ({type(error).__name__})' if isinstance(error, BaseException) else ''}"


def _name_of_logger(_logger: Any, _method: str, fields: EventDict) -> EventDict:
    fields["logger"] = fields["_record"].name
    return fields


def _render_line(_logger: Any, _method: str, fields: EventDict) -> str:
    """The fields of one event as one line."""
    del fields["_record"], fields["_from_structlog"]
    error = fields.pop("exc_info", None)
    entry = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now := time.time())) + f".{int(now * 1000) % 1000:03}Z",
        "level": fields.pop("level"),
        "worker": os.getpid(),
        "event": _printable(fields.pop("event"), _TEXT),
    }
    entry |= {name: _loggable(value) for name, value in {**(_known.get() or {}), **fields}.items() if name != "address"}
    if error is True or isinstance(error, tuple):
        error = (sys.exc_info() if error is True else error)[1]
    if isinstance(error, BaseException):
        entry["error"] = _printable(_exception_chain(error), _ERROR)
    return _bounded(entry)


def _loggable(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float)) else _printable(value, _TEXT)


def _printable(value: Any, most: int) -> str:
    """`value` as text of at most `most` characters, with control characters escaped."""
    text = value if isinstance(value, str) else str(value)
    cut = text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"
    return cut if cut.isprintable() else "".join(ch if ch.isprintable() else _escaped(ch) for ch in cut)


def _escaped(ch: str) -> str:
    return ch.encode("unicode_escape").decode("ascii")


def _bounded(entry: dict[str, Any]) -> str:
    """The line, with its longest texts halved until it is short enough."""
    while len((line := _formatted(entry)).encode()) > MOST_BYTES:
        longest = max(entry, key=lambda name: len(str(entry[name])))
        text = str(entry[longest])
        entry[longest] = f"{text[: len(text) // 2]}…"
    return line


def _formatted(entry: dict[str, Any]) -> str:
    if not settings().is_demo:
        return json.dumps(entry, ensure_ascii=False)
    first = f"{entry['time']} [{entry['level']}] {entry['event']}"
    rest = (f"{name}={value}" for name, value in entry.items() if name not in ("time", "level", "event"))
    return " ".join([first, *rest])


def _exception_chain(error: BaseException) -> str:
    """The exception and its causes, each with the important frames: our own, and those where it was raised."""
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(parts) < _CAUSES:
        frames = list(traceback.walk_tb(cause.__traceback__))
        places = [(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in frames]
        kept = [place for place in places[:-3] if place[0].startswith(_OURS) and ".venv" not in place[0]] + places[-3:]
        way = " < ".join(f"{_short_path(file)}:{line} {name}" for file, line, name in reversed(kept[-_FRAMES:]))
        parts.append(f"{type(cause).__name__}: {str(cause)[:300]}{f' at {way}' if way else ''}")
        if isinstance(cause, BaseExceptionGroup):
            cause = cause.exceptions[0]
        else:
            cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return " | because of ".join(parts)


def _short_path(file: str) -> str:
    return _INSTALLED.sub("", file).removeprefix(_OURS)
