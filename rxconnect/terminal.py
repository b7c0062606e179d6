"""What the operator reads in the terminal: progress, reports, and refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from rxconnect.domain import money
from rxconnect.domain.errors import BadFile, EmailTaken, Invalid, RxConnectError
from rxconnect.domain.imports import ImportReport
from rxconnect.domain.ledger import LedgerReport, Unit

MOST_BAD_ROWS = 20

# Plain lines: what services and files say may hold brackets, and a log has no width.
screen = Console(highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that is moved by calling `progress(done, total)`. Shows nothing when nothing is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=screen)
    task = bar.add_task(title)

    def progress(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield progress
    finally:
        if bar.live.is_started:
            bar.stop()


def print_import(report: ImportReport) -> None:
    """Say what an import did, with the first rows that it left out."""
    screen.print(
        f"{report.total:,} rows: {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.released:,} released, {len(report.bad):,} left out."
    )
    for note in report.notes:
        screen.print(note)
    for row in report.bad[:MOST_BAD_ROWS]:
        screen.print(f"  line {row.line}: {row.reason}")
    if len(report.bad) > MOST_BAD_ROWS:
        screen.print(f"  and {len(report.bad) - MOST_BAD_ROWS:,} more")


def print_ledger(report: LedgerReport) -> None:
    """Say what the ledger holds, by kind of account, and everything that does not add up."""
    screen.print(f"{report.journals:,} journals, {report.postings:,} postings")
    for total in report.totals:
        amount = money.dollars(total.balance) if total.unit == Unit.CENT else money.credits(total.balance)
        screen.print(f"  {total.kind:12}{total.accounts:>8,} accounts {amount:>18}")
    if report.is_sound:
        screen.print("Everything adds up.")
    for difference in report.differences:
        screen.print(difference)


def sentence(error: RxConnectError) -> str:
    """What the operator reads when a service refuses."""
    match error:
        case Invalid():
            return "\n".join(f"{name}: {text}" for name, text in error.fields.items())
        case EmailTaken():
            return "There is already an account with this email address."
        case BadFile():
            return error.reason
    return f"{type(error).__name__}: {error}"
