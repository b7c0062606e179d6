"""Reports: what became of a facility's letters in a period, and their exports."""

from urllib.parse import urlencode

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.report_periods import ReportPeriod
from rxconnect.domain.report_views import ReportPrintLine, ReportView, report_view
from rxconnect.domain.reports import AskedReport, PeriodChoice
from rxconnect.domain.topics import Subject, Topic
from rxconnect.services.reports import prints, reports
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, staff
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import in_thread


class ReportsState(Screen, rx.State):
    """A facility's report. `head` is that of its audit chain, and `table` and `records` are the addresses of its exports."""

    view: ReportView | None = None
    is_refused: bool = False
    # What is counted, from before it is.
    facility_id: int = 0
    facility: str = ""
    title: str = ""
    facilities: list[tuple[int, str]] = []
    periods: list[PeriodChoice] = []
    # The two dates of the form.
    first: str = ""
    last: str = ""
    head: str = ""
    table: str = ""
    records: str = ""
    # The months whose letters are exported for a public-records request.
    months: str = ""
    prints: list[ReportPrintLine] = []

    @staff
    async def load(self, caller: Caller):
        """Count the period in the address, of the facility in it or of the first one."""
        self.view, self.is_refused = None, False
        wanted = address.id_in_query(self, "facility", "facility"), address.query_value(self, "period")
        try:
            report, self.facilities, self.prints = await caller.write(_asked, *wanted)
        except NotAllowed:
            self.is_refused = self.ready = True
            return
        self._listen(caller.actor, report.facility_id)
        self._show(report)
        self.ready = True
        # Counting a large facility takes seconds: until then the page shows what is being counted.
        yield
        self.view = report_view(await in_thread(reports.figures, report))

    @staff
    async def show_dates(self, caller: Caller, form: dict[str, Text]):
        """Go to the report of the days between two dates."""
        await caller.require_actor()
        period = ReportPeriod.between(form.get("first", ""), form.get("last", ""))
        return rx.redirect(routes.with_query(routes.REPORTS, facility=self.facility_id, period=period.text))

    @staff
    async def make_pdf(self, caller: Caller):
        """Have the PDF of the shown report made in the background."""
        if self.view is None:
            raise NotFound("report")
        await caller.write(prints.ask, self.view.facility_id, self.view.period)
        self.prints = await caller.read(prints.lines, self.view.facility_id)

    @staff
    async def refresh(self, caller: Caller):
        """Show how far the PDFs are. A topic calls this."""
        actor = await caller.require_actor()
        self._listen(actor, self.facility_id)
        self.prints = await caller.read(prints.lines, self.facility_id)

    def _listen(self, actor: Actor, facility_id: int) -> None:
        listen(actor, Topic(Subject.REPORTS, facility_id), ReportsState.refresh)

    def _show(self, report: AskedReport) -> None:
        """Show which report is being counted."""
        period = report.period
        self.facility_id, self.facility, self.title = report.facility_id, report.facility, period.title
        self.head, self.first, self.last = str(report.head), period.first.isoformat(), period.last.isoformat()
        self.periods, self.months = report.choices, report.months
        query = urlencode({"facility": report.facility_id, "period": period.text})
        self.table = routes.with_raw_query(routes.REPORT_CSV, query)
        self.records = routes.with_raw_query(routes.PUBLIC_RECORDS, query)


def _asked(session, actor: Actor, facility_id: int | None, period: str):
    """The report for somebody who opens the page, which is recorded, and what else the page shows."""
    report = reports.ask(session, actor, facility_id, period)
    return report, reports.facilities(session, actor), prints.lines(session, actor, report.facility_id)
