"""Read models of requests and verifications, for the lawyer and for administrators."""

from __future__ import annotations

from datetime import timedelta

from rxconnect.domain import clock, dates, states
from rxconnect.domain.lawyers import LawyerState, LawyerView
from rxconnect.models import Account, Facility, Lawyer

_TONES = {LawyerState.WAITING: "wait", LawyerState.VERIFIED: "good", LawyerState.REFUSED: "bad"}


def state_now(row: Lawyer) -> LawyerState:
    """The state of a row. A verification has ended when its day is over, also before the job has written so."""
    state = LawyerState(row.state)
    is_over = state is LawyerState.VERIFIED and row.ends_at is not None and row.ends_at <= clock.now()
    return LawyerState.ENDED if is_over else state


def version(row: Lawyer) -> str:
    """Which correction of a request this is."""
    return row.asked_at.isoformat()


def view(row: Lawyer, account: Account, facility: Facility) -> LawyerView:
    """A request, or a verification. `until` is its last day at the facility."""
    state = state_now(row)
    # It ends at the midnight after its last day.
    last = row.ends_at - timedelta(minutes=1) if row.ends_at else None
    return LawyerView(
        id=row.id or 0,
        facility=facility.name,
        name=row.name,
        email=account.email,
        bar_number=row.bar_number,
        bar_state=states.name_of(row.bar_state),
        asked=dates.day_and_year(row.asked_at, facility.time_zone),
        state=state,
        state_label=state.label,
        tone=_TONES.get(state, ""),
        until=dates.day_and_year(last, facility.time_zone) if last else "",
        reason=row.reason,
        version=version(row),
    )
