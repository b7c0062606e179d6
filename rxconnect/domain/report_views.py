"""Reports as people read them: lines of words and figures in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rxconnect.domain import dates
from rxconnect.domain.appeals import AppealStatus
from rxconnect.domain.messages import MessageStatus, Reason
from rxconnect.domain.report_periods import ReportPeriod
from rxconnect.domain.reports import PeriodPart, ReportFigures, StaffCounts, percentile
from rxconnect.domain.review import Outcome
from rxconnect.i18n import N_, _, number_text

# The columns of the letters, each with the statuses that it counts. Every status stands in one of them.
LETTER_COLUMNS: dict[str, frozenset[MessageStatus]] = {
    N_("Waiting"): frozenset(status for status in MessageStatus if status.is_undecided),
    N_("Approved, not yet delivered"): frozenset({MessageStatus.APPROVED}),
    N_("Delivered"): frozenset(status for status in MessageStatus if status.has_arrived),
    N_("Rejected"): frozenset({MessageStatus.REJECTED}),
    N_("Withdrawn"): frozenset({MessageStatus.WITHDRAWN}),
    N_("Expired"): frozenset({MessageStatus.EXPIRED}),
    N_("Not deliverable"): frozenset({MessageStatus.UNDELIVERABLE}),
}


@dataclass(frozen=True, slots=True)
class LettersLine:
    """The letters of a part: how many were sent, and what became of them, in the order of `LETTER_COLUMNS`."""

    name: str
    sent: str
    fates: list[str]


@dataclass(frozen=True, slots=True)
class TimesLine:
    """The times to decision in a part: `within` is the share in the promised time. "–" without a decision."""

    name: str
    decided: str
    median: str
    p95: str
    within: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """A count with its name, and its share of all."""

    name: str
    count: str
    share: str


@dataclass(frozen=True, slots=True)
class StaffLine:
    """`StaffCounts` in words."""

    name: str
    decided: str
    rejected: str
    appeals_decided: str
    appealed: str
    overturned: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as people read it. Of `letters` and `times`, the last line is all parts together."""

    facility_id: int
    facility: str
    period: str
    title: str
    as_of: str
    promised: str
    columns: list[str]
    letters: list[LettersLine]
    times: list[TimesLine]
    reasons: list[CountLine]
    appeals: list[CountLine]
    staff: list[StaffLine]

    @property
    def heading(self) -> str:
        """The title of the whole document."""
        return _("Letters and decisions, {period}").format(period=self.title)


@dataclass(frozen=True, slots=True)
class ReportPrintLine:
    """A PDF that was asked for: `share` is how much of it is done, in percent. `is_failed` if it could not be made."""

    id: int
    title: str
    asked: str
    share: int
    is_ready: bool
    is_failed: bool


def report_view(figures: ReportFigures) -> ReportView:
    """The report in the reader's language."""
    parts = [(_part_name(figures.period, part.begins), part) for part in figures.parts]
    every = [*parts, (_("All"), figures.total)]
    return ReportView(
        facility_id=figures.facility_id,
        facility=figures.facility,
        period=figures.period.text,
        title=figures.period.title,
        as_of=figures.as_of,
        promised=dates.approximate_duration(timedelta(hours=figures.promised_hours)),
        columns=[_(column) for column in LETTER_COLUMNS],
        letters=[_letters_line(name, part) for name, part in every],
        times=[_times_line(name, part) for name, part in every],
        reasons=_count_lines((_reason_label(reason), count) for reason, count in figures.reasons.most_common()),
        appeals=_count_lines((_appeal_label(status), figures.appeals[status]) for status in AppealStatus),
        staff=[_staff_line(one) for one in figures.staff],
    )


def small_print() -> list[str]:
    """What a report leaves out, and then what it counts."""
    return [
        _(
            "Letters with a lawyer (the privileged lane) are not in this report: not in its counts, not in its times, and "
            "not in its shares."
        ),
        _(
            "Letters are counted by the day on which they were sent, with what has become of them until now. A letter of "
            "which only a part was rejected counts by its other parts."
        ),
        _(
            "Times run from the moment when a letter began to wait for staff to the decision. Letters that a facility’s "
            "rules released by themselves have no decision."
        ),
        _(
            "The number of somebody’s decisions says nothing about how good they are. Read it together with the rejections "
            "that an appeal overturned."
        ),
    ]


def _part_name(period: ReportPeriod, begins: date) -> str:
    if period.is_by_month:
        return dates.month_and_year(begins)
    return _("Week of {day}").format(day=dates.day_of_month(begins))


def _letters_line(name: str, part: PeriodPart) -> LettersLine:
    fates = [sum(part.letters[status] for status in statuses) for statuses in LETTER_COLUMNS.values()]
    return LettersLine(name, number_text(part.letters.total()), [number_text(count) for count in fates])


def _times_line(name: str, part: PeriodPart) -> TimesLine:
    within = share(part.decided - part.late, part.decided)
    return TimesLine(name, number_text(part.decided), _span(part.minutes, 50), _span(part.minutes, 95), within)


def _span(minutes: Counter[int], percent: int) -> str:
    found = percentile(minutes, percent)
    return "–" if found is None else dates.approximate_duration(timedelta(minutes=found))


def share(count: int, of: int) -> str:
    """A share in percent with one decimal; "–" of none. Only all are 100 %, and only none are 0 %."""
    if not of:
        return "–"
    tenths = (2_000 * count + of) // (2 * of)
    if 0 < count < of:
        tenths = min(max(tenths, 1), 999)
    return f"{tenths / 10:.1f} %"


def _count_lines(counts: Iterable[tuple[str, int]]) -> list[CountLine]:
    lines = list(counts)
    total = sum(count for _name, count in lines)
    return [CountLine(name, number_text(count), share(count, total)) for name, count in lines]


def _appeal_label(status: AppealStatus) -> str:
    """The outcome as staff read it."""
    return _("Not decided yet") if status is AppealStatus.WAITING else Outcome(status).label


def _reason_label(reason: str) -> str:
    return Reason(reason).label if reason in list(Reason) else reason


def _staff_line(one: StaffCounts) -> StaffLine:
    counts = (one.decided, one.rejected, one.appeals_decided, one.appealed, one.overturned)
    return StaffLine(one.name, *(number_text(count) for count in counts))
