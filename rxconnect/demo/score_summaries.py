"""The score of letters that a room has judged, as the summary of its session tells it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from rxconnect.demo import judging
from rxconnect.domain.demo import ScoreLine, ScoreSummary
from rxconnect.domain.judging import JudgingScore
from rxconnect.i18n import _, counted


def score_summary(session: Session, session_id: int) -> ScoreSummary | None:
    """The score of a session that has ended, or None if nothing was judged."""
    score = judging.score(session, session_id)
    return ScoreSummary(score.title, score.agreement.meaning, tuple(_lines(score))) if score else None


def _lines(score: JudgingScore) -> Iterator[ScoreLine]:
    yield ScoreLine(_("Letters"), f"{score.letters}")
    yield ScoreLine(_("Judges"), _("{count}; {finished} finished").format(count=score.judges, finished=score.finished))
    if figure := score.agreement.figure:
        bounds = _("{figure}, most likely between {low} and {high}; 1 is always alike, 0 as if everybody guessed")
        told = bounds.format(figure=figure, low=score.agreement.low, high=score.agreement.high)
        yield ScoreLine(_("Agreement (Gwet’s AC1)"), told)
    yield ScoreLine(_("Right, by the rules"), f"{score.agreement_with_key} %")
    misses = _("{count} of {all} decisions about letters that break a rule")
    yield ScoreLine(_("Misses"), misses.format(count=score.misses, all=score.on_rejects))
    needless = _("{count} of {all} decisions about harmless letters")
    yield ScoreLine(_("Rejected needlessly"), needless.format(count=score.needless, all=score.on_approves))
    if score.median_minutes is not None:
        yield ScoreLine(_("Half took at most"), counted("{count} minute", "{count} minutes", score.median_minutes))
    screening = _(
        "would have held {held} of {rejects} letters that break a rule, and {needless} of {harmless} harmless ones"
    )
    yield ScoreLine(
        _("Screening alone"),
        screening.format(
            held=score.screening_held,
            rejects=score.to_reject,
            needless=score.screening_needless,
            harmless=score.to_approve,
        ),
    )
