"""The output of commands for the operator: progress, reports, and errors as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from rxconnect.domain import money, refusals
from rxconnect.domain.comparisons import ComparisonReport
from rxconnect.domain.errors import (
    BadCommand,
    BadFile,
    Busy,
    CardRefused,
    EmailTaken,
    Invalid,
    NotFound,
    RxConnectError,
    Unavailable,
)
from rxconnect.domain.explanations import Heading, Line, Story, Verdict
from rxconnect.domain.imports import ImportReport, RosterPlan, Suspicious
from rxconnect.domain.ledger import LedgerReport, Unit
from rxconnect.domain.text import counted_noun

MOST_LINES = 20

# Plain lines without markup and wrapping, because texts may contain brackets, and a log has no width.
screen = Console(highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback `progress(done, total)` that moves a progress bar. The bar appears at the first call."""
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


def print_columns(file: str, columns: str) -> None:
    """Print which columns of a file were recognised."""
    screen.print(f"{file}: {columns}")


def print_import(report: ImportReport, *, is_done: bool) -> None:
    """Print the result or the plan of an import of facilities, with the first rows that it left out."""
    counts = f"{report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged"
    screen.print(f"{report.total:,} rows: {counts}, {report.bad_rows:,} left out.")
    if not is_done:
        _print_examples(report)
    _print_few(report.notes)
    _print_bad_rows(report)
    if not is_done:
        screen.print("Nothing was changed: this was a dry run.")


def print_rosters(plan: RosterPlan, *, is_done: bool) -> None:
    """Print the result or the plan of a roster import. A plan includes a few examples of each kind of change."""
    counts = (
        f"{plan.new:,} new, {plan.changed:,} changed, {plan.moved:,} moved, {plan.released:,} released, "
        f"{plan.unchanged:,} unchanged"
    )
    screen.print(f"{plan.total:,} rows: {counts}, {plan.bad_rows:,} left out.")
    if not is_done:
        _print_list("The first people, as they are stored:", plan.reading.people)
        _print_examples(plan)
    _print_list(
        f"{counted_noun(plan.reading.doubtful_rows, 'name')} may be parted wrongly, for example:", plan.reading.doubtful
    )
    _print_few(plan.notes)
    if plan.merges:
        screen.print("Known under a new number now:" if is_done else "Would be known under a new number:")
        _print_few([f"  {line}" for line in plan.merges])
    opens = "is open for messages now" if is_done else "would open for messages"
    _print_few([f"{name} {opens}, at {price} a credit." for name, price in plan.opens])
    _print_bad_rows(plan)
    if plan.suspicious and not is_done:
        screen.print("This looks wrong; if it is right, import it with --yes:")
        _print_few(plan.suspicious)
    if not is_done:
        screen.print("Nothing was changed: this was a dry run.")


def roster_report(plan: RosterPlan) -> str:
    """The text of `print_rosters` about an import, for a file or an email."""
    with screen.capture() as printed:
        print_rosters(plan, is_done=True)
    return printed.get().strip()


def _print_examples(report: ImportReport) -> None:
    for kind, lines in report.examples.items():
        _print_list(f"{kind.capitalize()}, for example:", lines)


def _print_bad_rows(report: ImportReport) -> None:
    for row in report.bad[:MOST_LINES]:
        screen.print(f"  {row.place}: {row.reason}")
    if report.bad_rows > MOST_LINES:
        screen.print(f"  and {report.bad_rows - MOST_LINES:,} more")


def _print_list(title: str, lines: Sequence[object]) -> None:
    if lines:
        screen.print(title)
    for line in lines:
        screen.print(f"  {line}")


def _print_few(lines: Sequence[object]) -> None:
    for line in lines[:MOST_LINES]:
        screen.print(str(line))
    if len(lines) > MOST_LINES:
        screen.print(f"and {len(lines) - MOST_LINES:,} more")


def print_table(rows: list[dict[str, Any]], *, when_empty: str) -> None:
    """Print rows with the same keys as a table with a header, or the sentence `when_empty` when there are none."""
    from rich.table import Table

    if not rows:
        screen.print(when_empty)
        return
    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(str, row.values()))
    screen.print(table)


def print_ledger(report: LedgerReport) -> None:
    """Print the ledger's totals by kind of account, and every difference."""
    screen.print(f"{report.journals:,} journals, {report.postings:,} postings")
    for total in report.totals:
        amount = money.dollars(total.balance) if total.unit == Unit.CENT else money.credits(total.balance)
        screen.print(f"  {total.kind:12}{total.accounts:>8,} accounts {amount:>18}")
    if report.is_sound:
        screen.print("Everything adds up.")
    for difference in report.differences:
        screen.print(difference)


def print_story(story: Story) -> Verdict:
    """Print the lines of a story as they are read, and every difference. Returns the verdict at its end."""
    verdict = Verdict([])
    for part in story:
        match part:
            case Heading():
                screen.print(part.text)
            case Line():
                after = f"  [{part.after}]" if part.after else ""
                screen.print(f"  {part.at + '  ' if part.at else ''}{part.text}{after}")
            case Verdict():
                verdict = part
    screen.print("All of it adds up." if verdict.is_sound else "It does not add up:")
    _print_few(verdict.differences)
    return verdict


def print_comparison(report: ComparisonReport) -> None:
    """Print the result of a comparison with the processor's books, and every open difference."""
    looked = f"{counted_noun(report.payments, 'payment')} and {counted_noun(report.refunds, 'earlier refund')} compared"
    screen.print(f"{looked}; {report.resolved:,} differences resolved, {report.open:,} open.")
    for one in report.differences:
        where = f" at {one.facility}" if one.facility else ""
        sides = f"we say {money.dollars(one.our_cents)}, the processor {money.dollars(one.their_cents)}"
        screen.print(f"  {one.about}{where}: {one.kind}; {sides}. {one.kind.explanation}")
    if report.open > len(report.differences):
        screen.print(f"  and {report.open - len(report.differences):,} more")
    if report.is_sound:
        screen.print("Both books agree.")


def sentence(error: RxConnectError) -> str:  # noqa: PLR0911 - one line an error
    """The sentence for the operator when a service raises this error."""
    match error:
        case Invalid():
            told = refusals.sentences_by_field(error).items()
            return "\n".join(text if name == "form" else f"{name}: {text}" for name, text in told)
        case NotFound():
            return f"There is no such {error.what}."
        case CardRefused():
            return "The card processor does not answer. Please try again in a while."
        case Busy():
            return "The database is very busy. Nothing was changed. Please try again in a moment."
        case Unavailable():
            return f"The database does not answer as it should: {error}."
        case EmailTaken():
            return "There is already an account with this email address."
        case Suspicious():
            return f"{error.reason} If it is right, import it with --yes."
        case BadFile() | BadCommand():
            return str(error.reason)
    return f"{type(error).__name__}: {error}"
