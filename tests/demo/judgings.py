"""Letters that a test's room judges: a small file, and answers by the letters' numbers."""

from __future__ import annotations

from rxconnect import db
from rxconnect.demo import judge_views, judges
from rxconnect.domain.demo import Seat
from rxconnect.domain.judging import JudgeView


def letter_file(*answers: str) -> str:
    """A file with one letter for each of `answers`: "" approves it, a key of a rule rejects it. Letter 1 is "Number 1"."""
    lines = ['title = "A few letters"', 'about = "Decide them."']
    for key in ("coded", "threat", "contact"):
        lines += ["", "[[rules]]", f'key = "{key}"', f'text = "The rule {key}."']
    for number, reason in enumerate(answers, start=1):
        answer = f'answer = "reject"\nreason = "{reason}"' if reason else 'answer = "approve"'
        lines += ["", "[[letters]]", 'from = "Ada"', 'to = "Bo"', f'subject = "Number {number}"']
        lines += [f'body = "This is the letter {number}."', answer, f'explanation = "Because of {number}."']
    return "\n".join(lines) + "\n"


def judging(seat: Seat) -> JudgeView:
    """The judging as a seat sees it."""
    view = db.read(judge_views.judge_view, seat)
    assert view is not None
    return view


def place_of(seat: Seat, number: int) -> int:
    """Where letter `number` of a small file comes in a judge's own order."""
    return next(one.place for one in judging(seat).places if one.subject == f"Number {number}")


def answer(seat: Seat, number: int, rule: int = 0, *, seconds: int = 30) -> JudgeView:
    """Approve a letter (rule 0), or reject it for a rule."""
    return db.write(judges.decide, seat, judging(seat).status.id, place_of(seat, number), rule, seconds)


def finish(seat: Seat) -> JudgeView:
    return db.write(judges.finish, seat, judging(seat).status.id)
